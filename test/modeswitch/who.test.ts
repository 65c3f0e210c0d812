/** Who is switched, and who is left alone: by id, by what the device says of itself, by what is mounted of it. */

import assert from 'node:assert/strict';
import { autoSwitch } from '../../src/device/auto-switch';
import { isDriverError } from '../../src/errors';
import type { BulkPipe, Mount, UsbDevice } from '../../src/host/host';
import { SWITCH_CBWS } from '../../src/modeswitch/messages';
import { switchStick } from '../../src/modeswitch/switch';
import { describeStick, findStick, listSticks, type Stick } from '../../src/stick/stick';
import { watchSticks } from '../../src/stick/watch';
import { TIMEOUTS } from '../../src/timeouts';
import type { FaultOrder } from '../../src/virtual/faults';
import { type Bench, virtualBench } from '../support/bench';
import { cliHint, made } from '../support/errors';

/** What reached the stick, opcode by opcode. */
function opcodes(bench: Bench): string[] {
  const seen: string[] = [];
  bench.stick.onEvent((e) => e.what === 'cbw' && seen.push(e.cdb.slice(0, 2)));
  return seen;
}

/** Every opening of a pipe of the bench, and whether it was given back. */
function claims(bench: Bench): { open: number; opened: number } {
  const count = { open: 0, opened: 0 };
  const { host } = bench;
  const openBulk = host.openBulk.bind(host);
  host.openBulk = async (device, interfaceNumber): Promise<BulkPipe> => {
    const pipe = await openBulk(device, interfaceNumber);
    count.open++;
    count.opened++;
    const close = pipe.close.bind(pipe);
    pipe.close = () => {
      count.open--;
      return close();
    };
    return pipe;
  };
  return count;
}

const wait = ({ clock }: Bench, ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)));

/** A Huawei phone at the place of the stick. */
async function phone(bench: Bench): Promise<Stick> {
  bench.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode: 'phone' });
  bench.stick.plug();
  await wait(bench, 1_000);
  const [stick] = await listSticks(bench.host);
  assert.equal(stick?.productId, 0x107e);
  return stick as Stick;
}

const noModem = (e: unknown): boolean => {
  assert.ok(isDriverError(e, 'WRONG_MODE'), String(e));
  assert.match(e.message, /12d1:107e/);
  assert.match(e.message, /no known modem/);
  assert.match(cliHint(e), /Nothing was changed/);
  return true;
};

describe('a Huawei device that is no stick', () => {
  it('is in no known mode, and never the one that "auto" means', async () => {
    const bench = virtualBench();
    const stick = await phone(bench);
    assert.equal(stick.mode, 'unknown');
    await assert.rejects(
      findStick(bench.host, 'auto'),
      (e) => isDriverError(e, 'STICK_NOT_FOUND') && /12d1:107e.* no known modem/.test(e.message),
    );
  });

  it('named by its port path: the error says that it is no known modem', async () => {
    const bench = virtualBench();
    await phone(bench);
    await assert.rejects(findStick(bench.host, '1-1'), noModem);
  });

  it('is not opened to be switched, whatever mode the caller says that it is in', async () => {
    const bench = virtualBench();
    const stick = await phone(bench);
    const count = claims(bench);
    await assert.rejects(bench.run(switchStick(bench.host, stick)), noModem);
    await assert.rejects(bench.run(switchStick(bench.host, { ...stick, mode: 'storage' })), noModem);
    assert.equal(count.opened, 0);
  });

  it('is left alone by the automatic switch', async () => {
    const bench = virtualBench();
    const count = claims(bench);
    const ends: unknown[] = [];
    const watch = watchSticks(bench.host, (change) =>
      autoSwitch(bench.host, change, { onEnd: (outcome) => ends.push(outcome) }),
    );
    await phone(bench);
    await wait(bench, 30_000);
    watch.stop();
    assert.deepEqual([ends.length, count.opened], [0, 0]);
  });
});

describe('who is sent a switch message', () => {
  it('a device that calls itself HUAWEI, asked once before the message', async () => {
    for (const inquiryVendor of ['HUAWEI', 'Huawei', ' huawei ', 'HUAWEI\0\0']) {
      const bench = virtualBench({ inquiryVendor });
      const seen = opcodes(bench);
      assert.equal((await bench.run(switchStick(bench.host, await bench.plug()))).to.mode, 'hilink', inquiryVendor);
      assert.deepEqual(seen, ['12', '11']);
    }
  });

  for (const inquiryVendor of ['SAMSUNG', 'HUAWEIX', 'HUAWE', '', 'H UAWEI']) {
    it(`not one that calls itself "${inquiryVendor}": nothing is sent, and its driver has it again`, async () => {
      const bench = virtualBench({ inquiryVendor });
      const stick = await bench.plug();
      const seen = opcodes(bench);
      const count = claims(bench);
      await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => {
        assert.ok(isDriverError(e, 'WRONG_MODE'), String(e));
        assert.ok(e.message.includes(`calls itself "${inquiryVendor}"`), e.message);
        return true;
      });
      assert.deepEqual(seen, ['12']);
      assert.deepEqual(count, { open: 0, opened: 1 });
    });
  }

  it("not one that the kernel knows as another vendor's: it is not even opened", async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const count = claims(bench);
    bench.host.vendorSeen = 'Kingston';
    await assert.rejects(
      bench.run(switchStick(bench.host, stick)),
      (e) => isDriverError(e, 'WRONG_MODE') && /calls itself "Kingston"/.test(e.message),
    );
    assert.equal(count.opened, 0);
  });

  const transient: FaultOrder[] = [
    { fault: 'nak', at: 'cbw' },
    { fault: 'silence', at: 'cbw' },
    { fault: 'lost', at: 'csw' },
    { fault: 'garbage', at: 'csw' },
    { fault: 'nak', at: 'csw' },
  ];
  for (const order of transient) {
    it(`${order.fault} at ${order.at}, once: the device is asked again, then switched`, async () => {
      const bench = virtualBench();
      const stick = await bench.plug();
      bench.stick.faults.order(order);
      assert.equal((await bench.run(switchStick(bench.host, stick))).to.mode, 'hilink');
      assert.equal(bench.stick.faults.open, 0);
    });

    it(`${order.fault} at ${order.at}, twice: not proven, not switched, and its driver has it again`, async () => {
      const bench = virtualBench();
      const stick = await bench.plug();
      const seen = opcodes(bench);
      const count = claims(bench);
      bench.stick.faults.order({ ...order, count: 2 });
      await assert.rejects(
        bench.run(switchStick(bench.host, stick)),
        (e) => isDriverError(e, 'NOT_SWITCHED') && /does not say who made it/.test(e.message) && e.stick === '1-1',
      );
      assert.ok(!seen.includes('11'));
      assert.deepEqual(count, { open: 0, opened: 1 });
    });
  }

  /** A pipe whose answers are what `answers` says, one for each time it is read. */
  async function withAnswers(bench: Bench, answers: Uint8Array[]): Promise<string[]> {
    const sent: string[] = [];
    bench.host.openBulk = async () => ({
      transferOut: async (data) => void sent.push(Buffer.from(data.subarray(15, 16)).toString('hex')),
      transferIn: async () => answers.shift() ?? Promise.reject(made('TIMEOUT', 'Silence.')),
      recover: async () => void sent.push('recover'),
      close: async () => void sent.push('close'),
    });
    return sent;
  }
  const IDENTITY = Buffer.from('058002021f000000485541574549202000000000000000000000000000000000322e3331', 'hex');
  /** Of the first question. */
  const PASSED = Buffer.from('55534253494e5101000000000000000000', 'hex').subarray(0, 13);

  it('not on an answer that is cut, nor on the status of another question', async () => {
    for (const answers of [
      [IDENTITY.subarray(0, 16), IDENTITY.subarray(0, 35)],
      [PASSED, PASSED],
      [new Uint8Array(0), new Uint8Array(36)],
      [IDENTITY, Buffer.from(PASSED).fill(9, 4, 8), IDENTITY, PASSED],
      [IDENTITY, PASSED.subarray(0, 12), IDENTITY, new Uint8Array(13)],
    ]) {
      const bench = virtualBench();
      const stick = await bench.plug();
      const sent = await withAnswers(bench, answers);
      await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'NOT_SWITCHED'));
      assert.deepEqual(sent, ['12', 'recover', '12', 'close']);
    }
    const bench = virtualBench();
    const stick = await bench.plug();
    const sent = await withAnswers(bench, [IDENTITY, PASSED]);
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'NOT_SWITCHED'));
    assert.deepEqual(sent, ['12', '11', 'close']);
  });

  it('a device without a mass-storage interface is not written to, though its id says CD-ROM', async () => {
    const bench = virtualBench();
    const { device } = await bench.plug();
    const count = claims(bench);
    const other = { ...device, interfaces: device.interfaces.map((i) => ({ ...i, class: 2 })) };
    await assert.rejects(
      bench.run(switchStick(bench.host, describeStick(other))),
      (e) => isDriverError(e, 'WRONG_MODE') && /no mass-storage interface/.test(e.message),
    );
    assert.equal(count.opened, 0);
  });

  it('cancelled while it is asked: no message is sent, and its driver has it again', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const seen = opcodes(bench);
    const count = claims(bench);
    bench.stick.faults.order({ fault: 'silence', at: 'cbw' });
    const cancel = new AbortController();
    const reason = made('CANCELLED', 'The job was cancelled.');
    bench.clock.after(1_000, () => cancel.abort(reason));
    const began = bench.clock.now();
    await assert.rejects(bench.run(switchStick(bench.host, stick, { signal: cancel.signal })), (e) => e === reason);
    assert.ok(bench.clock.now() - began <= TIMEOUTS.usb.bulk);
    assert.deepEqual(seen, []);
    assert.deepEqual(count, { open: 0, opened: 1 });
  });

  it('cancelled while its answer is on the way: no message is sent', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const seen = opcodes(bench);
    bench.stick.faults.order({ fault: 'late', at: 'cbw', ms: 2_000 });
    const cancel = new AbortController();
    bench.clock.after(1_000, () => cancel.abort(made('CANCELLED', 'The job was cancelled.')));
    await assert.rejects(bench.run(switchStick(bench.host, stick, { signal: cancel.signal })));
    assert.deepEqual(seen, ['12']);
  });

  it('its driver has it back when it is known what has become of it, not before', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const count = claims(bench);
    const left = new Promise<number>((resolve) =>
      bench.stick.onEvent((e) => e.what === 'mode' && e.mode === 'off' && resolve(count.open)),
    );
    await bench.run(switchStick(bench.host, stick));
    assert.equal(await left, 1);
    assert.equal(count.open, 0);
  });
});

describe('a volume of the stick that is mounted', () => {
  const CDROM: Mount = { device: '/dev/sr0', mountPoint: '/media/cdrom', writable: false };

  it('read-only is no obstacle', async () => {
    const bench = virtualBench();
    bench.host.mountList = [CDROM];
    assert.equal((await bench.run(switchStick(bench.host, await bench.plug()))).to.mode, 'hilink');
  });

  it('for writing is one: refused at once, before anything is opened, and the error says where', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const count = claims(bench);
    bench.host.mountList = [CDROM, { device: '/dev/sda1', mountPoint: '/media/my card\n', writable: true }];
    const began = bench.clock.now();
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => {
      assert.ok(isDriverError(e, 'PORT_BUSY'), String(e));
      assert.match(e.message, /mounted for writing: \/dev\/sda1 at \/media\/my card\?\.$/);
      assert.ok(!e.message.includes('sr0'));
      return true;
    });
    assert.equal(bench.clock.now(), began);
    assert.equal(count.opened, 0);
  });

  it('while permissions settle is looked for again before each try', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const count = claims(bench);
    bench.host.forbid(stick.path);
    bench.clock.after(1_000, () => {
      bench.host.mountList = [{ device: '/dev/sda1', mountPoint: '/media/card', writable: true }];
      bench.host.allow(stick.path);
    });
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'PORT_BUSY'));
    assert.equal(count.opened, 0);
  });
});

describe("the system's own tool, where the native module is missing", () => {
  const missing = made('NATIVE_MISSING', 'The package usb cannot be loaded.');

  /** Without the module; the tool sends the message, or does nothing when `works` is false. */
  function toolBench(installed = true, works = true) {
    const bench = virtualBench();
    const calls: string[] = [];
    const openBulk = bench.host.openBulk.bind(bench.host);
    bench.host.openBulk = () => Promise.reject(missing);
    const host = Object.assign(bench.host, {
      switchByTool: async (device: UsbDevice, message: string) => {
        calls.push(`${device.portPath} ${message}`);
        if (!works || !installed) return installed;
        const pipe = await openBulk(device, 0);
        await pipe.transferOut(SWITCH_CBWS.new[0] ?? new Uint8Array(), 1_000);
        await pipe.close();
        return true;
      },
      rebind: async ({ portPath, address }: UsbDevice) => void calls.push(`rebind ${portPath} ${address}`),
    });
    return { ...bench, host, calls };
  }

  it("switches what the kernel knows as Huawei's", async () => {
    const bench = toolBench();
    const stick = await bench.plug();
    bench.host.vendorSeen = 'HUAWEI';
    const result = await bench.run(switchStick(bench.host, stick));
    assert.equal(result.by, 'tool');
    assert.equal(bench.calls[0], '1-1 new');
  });

  it('is waited for until the kernel has asked, a second after the device has come', async () => {
    const bench = toolBench();
    const stick = await bench.plug();
    bench.clock.after(1_000, () => {
      bench.host.vendorSeen = 'HUAWEI';
    });
    assert.equal((await bench.run(switchStick(bench.host, stick))).by, 'tool');
  });

  it("is not let loose where the kernel does not say, and not on what it knows as another vendor's", async () => {
    const bench = toolBench();
    const stick = await bench.plug();
    await assert.rejects(
      bench.run(switchStick(bench.host, stick)),
      (e) => isDriverError(e, 'NATIVE_MISSING') && /does not say who made the device/.test(e.message),
    );
    bench.clock.after(1_000, () => {
      bench.host.vendorSeen = 'Kingston';
    });
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'WRONG_MODE'));
    assert.deepEqual(bench.calls, []);
  });

  it('is not let loose on what is mounted for writing meanwhile', async () => {
    const bench = toolBench();
    const stick = await bench.plug();
    bench.clock.after(1_000, () => {
      bench.host.vendorSeen = 'HUAWEI';
      bench.host.mountList = [{ device: '/dev/sda1', mountPoint: '/media/card', writable: true }];
    });
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'PORT_BUSY'));
    assert.deepEqual(bench.calls, []);
  });

  it('may not be there: the error stays NATIVE_MISSING', async () => {
    const bench = toolBench(false);
    const stick = await bench.plug();
    bench.host.vendorSeen = 'HUAWEI';
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => e === missing);
  });

  it('has not switched it: the kernel looks for its driver again', async () => {
    const bench = toolBench(true, false);
    const stick = await bench.plug();
    bench.host.vendorSeen = 'HUAWEI';
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'NOT_SWITCHED'));
    assert.deepEqual(bench.calls, ['1-1 new', `rebind 1-1 ${stick.device.address}`]);
  });
});
