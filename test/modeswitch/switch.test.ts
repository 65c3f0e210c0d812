import assert from 'node:assert/strict';
import { failure, isDriverError } from '../../src/errors';
import type { UsbDevice } from '../../src/host/host';
import { switchStick } from '../../src/modeswitch/switch';
import { TIMEOUTS } from '../../src/timeouts';
import { virtualBench } from '../support/bench';
import { cliHint, made } from '../support/errors';

describe('mode switch', () => {
  it('new makes HiLink of a HiLink CD-ROM, proven by the bus', async () => {
    const bench = virtualBench();
    const before = await bench.plug();
    assert.equal(before.productId, 0x1f01);
    const result = await bench.run(switchStick(bench.host, before));
    assert.equal(result.by, 'message');
    assert.equal(result.switched, true);
    assert.equal(result.asExpected, true);
    assert.deepEqual(result.to, { mode: 'hilink', productId: 0x14db });
    assert.equal(result.stick.path, before.path);
    assert.ok(result.ms > 500 && result.ms < 5_000, `${result.ms} ms`);
  });

  it('new makes serial ports of a stick-firmware CD-ROM, alt the gateway ports', async () => {
    for (const [message, pid] of [
      ['new', 0x1506],
      ['alt', 0x155e],
    ] as const) {
      const bench = virtualBench({ firmware: 'stick' });
      const result = await bench.run(switchStick(bench.host, await bench.plug(), { message }));
      assert.deepEqual(result.to, { mode: 'tty', productId: pid });
      assert.equal(result.asExpected, true);
    }
  });

  it('of a stick that has switched already is a result, not an error, and sends nothing', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
    const cbws: string[] = [];
    bench.stick.onEvent((e) => e.what === 'cbw' && cbws.push(e.cdb));
    const result = await bench.run(switchStick(bench.host, await bench.plug()));
    assert.equal(result.by, 'already');
    assert.equal(result.switched, false);
    assert.deepEqual(cbws, []);
  });

  it('by somebody else in the meantime is a result too', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    // The system's udev rule is faster: it holds the interface and sends its own message.
    const theirs = await bench.run(bench.host.openBulk(stick.device, 0));
    const { SWITCH_CBWS } = await import('../../src/modeswitch/messages.js');
    const ours = switchStick(bench.host, stick);
    bench.clock.after(1_000, () => {
      void theirs.transferOut(SWITCH_CBWS.new[0] ?? new Uint8Array(), 1_000);
    });
    const result = await bench.run(ours);
    assert.equal(result.by, 'other');
    assert.equal(result.to.mode, 'hilink');
  });

  it('by the system around an add-on is one, also where that takes a while; else the add-on is told that it may not', async () => {
    const { SWITCH_CBWS } = await import('../../src/modeswitch/messages.js');
    for (const system of [true, false]) {
      const bench = virtualBench();
      const stick = await bench.plug();
      const theirs = await bench.run(bench.host.openBulk(stick.device, 0));
      bench.host.openBulk = () => Promise.reject(failure('NO_PERMISSION/addon', { stick: stick.path }));
      const ours = switchStick(bench.host, stick);
      if (system) {
        bench.clock.after(TIMEOUTS.usb.openRetry + 4_000, () => {
          void theirs.transferOut(SWITCH_CBWS.new[0] ?? new Uint8Array(), 1_000);
        });
        const { by, to } = await bench.run(ours);
        assert.deepEqual([by, to.mode], ['other', 'hilink']);
      } else await assert.rejects(bench.run(ours), { code: 'NO_PERMISSION', reason: 'addon' });
    }
  });

  it('waits for the interfaces of a stick that was seen before the kernel had set its configuration', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const early = { ...stick, device: { ...stick.device, interfaces: [] } };
    const result = await bench.run(switchStick(bench.host, early));
    assert.equal(result.switched, true);
    assert.equal(result.to.mode, 'hilink');
  });

  it('of a stick that the system has not authorised says so, when a service has had its time', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const { configuration: _, ...device } = stick.device;
    const barred: UsbDevice = { ...device, interfaces: [], authorized: false };
    bench.host.watch = (listener) => {
      const timer = bench.clock.after(0, () => listener([barred]));
      return { stop: () => timer.cancel() };
    };
    await assert.rejects(bench.run(switchStick(bench.host, { ...stick, device: barred })), (e) => {
      assert.ok(isDriverError(e, 'NO_PERMISSION'));
      assert.match(e.message, /not authorised/);
      return true;
    });
  });

  it('eject alone does not switch: NOT_SWITCHED, although every CSW says passed', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    const began = bench.clock.now();
    await assert.rejects(
      bench.run(switchStick(bench.host, stick, { message: 'eject', timeoutMs: 5_000 })),
      (e) => isDriverError(e, 'NOT_SWITCHED') && /passed/.test(e.message) && cliHint(e) !== '',
    );
    assert.ok(bench.clock.now() - began < 10_000);
  });

  it('a lost CSW, a junk CSW and a refusing CSW do not matter when the stick comes back', async () => {
    for (const fault of ['lost', 'garbage', 'nak', 'late'] as const) {
      const bench = virtualBench();
      const stick = await bench.plug();
      // The first one is that of INQUIRY.
      bench.stick.faults.order({ fault, at: 'csw', nth: 2 });
      const result = await bench.run(switchStick(bench.host, stick));
      assert.equal(result.to.mode, 'hilink', fault);
      assert.equal(bench.stick.faults.open, 0, `${fault} has struck`);
    }
  });

  const failures = [
    [{ fault: 'silence', at: 'cbw', nth: 2 }, 'did not change its mode'],
    [{ fault: 'noreturn', at: 'enumerate' }, 'did not come back'],
    [{ fault: 'othermode', at: 'enumerate', mode: 'cdrom-hilink' }, 'came back as 12d1:1f01'],
    [{ fault: 'unplug', at: 'cbw', nth: 2 }, 'did not come back'],
  ] as const;
  for (const [order, text] of failures) {
    it(`${order.fault} at ${order.at}: NOT_SWITCHED in time, and it says "${text}"`, async () => {
      const bench = virtualBench();
      const stick = await bench.plug();
      bench.stick.faults.order(order);
      const began = bench.clock.now();
      await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => {
        assert.ok(isDriverError(e, 'NOT_SWITCHED'), String(e));
        assert.match(e.message, new RegExp(text));
        assert.equal(e.stick, '1-1');
        return true;
      });
      const limit = TIMEOUTS.modeswitch.reenumerate + TIMEOUTS.usb.openRetry + TIMEOUTS.usb.bulk;
      assert.ok(bench.clock.now() - began <= limit + 1_000);
    });
  }

  it('comes back in any known mode: the result says that it is not the expected one', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    bench.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode: 'tty' });
    const result = await bench.run(switchStick(bench.host, stick));
    assert.equal(result.to.mode, 'tty');
    assert.equal(result.asExpected, false);
  });

  it('tries for some seconds while the device is busy or not permitted yet, then says why', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    bench.host.forbid(stick.path);
    bench.clock.after(2_000, () => bench.host.allow(stick.path));
    assert.equal((await bench.run(switchStick(bench.host, stick))).to.mode, 'hilink');

    const other = virtualBench();
    const forbidden = await other.plug();
    other.host.forbid(forbidden.path);
    await assert.rejects(other.run(switchStick(other.host, forbidden)), (e) => isDriverError(e, 'NO_PERMISSION'));
  });

  it('can be cancelled, and leaves nothing claimed and no timer set', async () => {
    const bench = virtualBench();
    const stick = await bench.plug();
    bench.stick.faults.order({ fault: 'silence', at: 'cbw', nth: 2 });
    const cancel = new AbortController();
    const reason = made('CANCELLED', 'The job was cancelled.');
    // In the middle of the wait for the CSW.
    bench.clock.after(1_000, () => cancel.abort(reason));
    await assert.rejects(bench.run(switchStick(bench.host, stick, { signal: cancel.signal })), (e) => e === reason);
    await bench.run(bench.host.openBulk(stick.device, 0).then((pipe) => pipe.close()));
    bench.stick.unplug();
    assert.equal(bench.clock.pending, 0);
  });

  it('refuses a stick that is no CD-ROM and no modem', async () => {
    const bench = virtualBench();
    const stick = await bench.plug({ bootPin: true });
    await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => isDriverError(e, 'WRONG_MODE'));
  });
});
