import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { systemClock } from '../../src/host/clock';
import { switchByTool } from '../../src/host/switch-tool';
import { loadUsb, openBulk } from '../../src/host/usb-bulk';
import { usbDevice } from '../support/devices';
import { tempFolder } from '../support/temp-folder';
import { FakeDevice, library } from './fake-usb';

const STICK = usbDevice({
  portPath: '1-1.4',
  bus: 3,
  address: 17,
  interfaces: [
    {
      number: 0,
      class: 8,
      subclass: 6,
      protocol: 0x50,
      endpoints: [
        { address: 0x83, type: 'interrupt', maxPacketSize: 64 },
        { address: 0x8f, type: 'bulk', maxPacketSize: 512 },
        { address: 0x0f, type: 'bulk', maxPacketSize: 512 },
        { address: 0x81, type: 'bulk', maxPacketSize: 512 },
      ],
    },
  ],
});

const refused = (code: ErrorCode) => (e: unknown) => {
  assert.ok(isDriverError(e, code), String(e));
  assert.equal(e.stick, '1-1.4');
  assert.ok(e.message.includes('1-1.4') || code === 'NATIVE_MISSING');
  assert.notEqual(e.reason, '');
  return true;
};

describe('a bulk pipe', () => {
  it('detaches, claims, uses the first bulk endpoints of the descriptor, gives back before it closes', async () => {
    const native = new FakeDevice();
    native.answer = Uint8Array.of(0x55, 0x53, 0x42, 0x53);
    const others = [new FakeDevice('003', 16), new FakeDevice('004', 17)];
    const pipe = await openBulk(STICK, 0, library(...others, native));
    await pipe.transferOut(new Uint8Array(31), 3000);
    assert.deepEqual([...(await pipe.transferIn(13, 2000))], [0x55, 0x53, 0x42, 0x53]);
    await pipe.close();
    await pipe.close();
    assert.deepEqual(native.calls, [
      'open',
      'detachKernelDriver 0',
      'claimInterface 0',
      'transferOut 15 31 3000',
      'transferIn 15 13 2000',
      'releaseInterface 0',
      'attachKernelDriver 0',
      'close',
    ]);
    assert.deepEqual(
      others.flatMap((o) => o.calls),
      [],
    );
  });

  it('takes no driver to detach for no error', async () => {
    const native = new FakeDevice();
    native.fail = { detachKernelDriver: 'no kernel driver attached (errno 61)' };
    await (await openBulk(STICK, 0, library(native))).close();
    assert.ok(native.calls.includes('claimInterface 0'));
    assert.ok(!native.calls.includes('attachKernelDriver 0'), 'what had no driver gets none');
  });

  it('recovers by the class request for its interface, then clears both halts, whatever fails of it', async () => {
    const native = new FakeDevice();
    const pipe = await openBulk(STICK, 0, library(native));
    native.fail = { controlTransferOut: 'Stall', clearHalt: 'endpoint not found' };
    await pipe.recover();
    assert.deepEqual(native.calls.slice(-3), ['controlTransferOut class 255 0', 'clearHalt in 15', 'clearHalt out 15']);
    await pipe.close();
  });

  it('is not opened on another product that has the address now', async () => {
    const native = new FakeDevice('003', 17, 0x107e);
    await assert.rejects(openBulk(STICK, 0, library(native)), refused('STICK_GONE'));
    assert.deepEqual(native.calls, []);
  });

  for (const [step, text, code] of [
    ['open', 'permission denied (errno 13)', 'NO_PERMISSION'],
    ['open', 'device disconnected (errno 19)', 'STICK_GONE'],
    ['open', 'something new (errno 71)', 'PROTOCOL'],
    ['detachKernelDriver', 'device disconnected (errno 19)', 'STICK_GONE'],
    ['claimInterface', 'interface is busy (errno 16)', 'PORT_BUSY'],
    ['claimInterface', 'Disconnected', 'STICK_GONE'],
  ] as const) {
    it(`cannot be opened: ${step}: ${text}`, async () => {
      const native = new FakeDevice();
      native.fail = { [step]: text };
      await assert.rejects(openBulk(STICK, 0, library(native)), refused(code));
      assert.equal(native.calls.includes('close'), step !== 'open', 'an open device is closed again');
      const taken = step === 'claimInterface';
      assert.equal(native.calls.includes('attachKernelDriver 0'), taken, 'what was detached is attached again');
    });
  }

  for (const [where, token, number, told] of [
    ['an add-on of Home Assistant without USB access', 'x', 1, /add-on of Home Assistant has no USB access/],
    ['an add-on of Home Assistant by a group', 'x', 13, /not allowed to open the USB device/],
    ['another container', undefined, 1, /not allowed to open the USB device/],
  ] as const) {
    it(`is forbidden in ${where}, and says so`, async () => {
      const native = new FakeDevice();
      native.fail = { open: `not permitted (errno ${number})` };
      const before = process.env['SUPERVISOR_TOKEN'];
      if (token === undefined) delete process.env['SUPERVISOR_TOKEN'];
      else process.env['SUPERVISOR_TOKEN'] = token;
      try {
        await assert.rejects(openBulk(STICK, 0, library(native)), (error: unknown) => {
          refused('NO_PERMISSION')(error);
          assert.match(String(error), told);
          return true;
        });
      } finally {
        if (before === undefined) delete process.env['SUPERVISOR_TOKEN'];
        else process.env['SUPERVISOR_TOKEN'] = before;
      }
    });
  }

  it('is gone when its file is, and its place on the bus too', async () => {
    const native = new FakeDevice();
    native.fail = { open: 'no such file (errno 2)' };
    const listings = [[native], []];
    await assert.rejects(
      openBulk(STICK, 0, async () => ({ getDevices: async () => listings.shift() ?? [] })),
      refused('STICK_GONE'),
    );
  });

  it('says which file is missing when the device is on the bus all the same, as in a container', async () => {
    const native = new FakeDevice();
    native.fail = { open: 'no such file (errno 2)' };
    await assert.rejects(openBulk(STICK, 0, library(native)), (error: unknown) => {
      refused('NO_PERMISSION')(error);
      assert.match(String(error), /\/dev\/bus\/usb\/003\/017/);
      return true;
    });
  });

  for (const [text, code] of [
    ['Disconnected', 'STICK_GONE'],
    ['no device (errno 19)', 'STICK_GONE'],
    ['Cancelled', 'TIMEOUT'],
    ['Stall', 'PROTOCOL'],
    ['Fault', 'PROTOCOL'],
  ] as const) {
    it(`fails in a transfer: ${text}`, async () => {
      const native = new FakeDevice();
      const pipe = await openBulk(STICK, 0, library(native));
      native.fail = {
        transferOut: text,
        transferIn: text,
        releaseInterface: text,
        attachKernelDriver: text,
        close: text,
      };
      await assert.rejects(pipe.transferOut(new Uint8Array(31), 3000), refused(code));
      await assert.rejects(pipe.transferIn(13, 3000), refused(code));
      await pipe.close();
      assert.deepEqual(native.calls.slice(-2), ['attachKernelDriver 0', 'close']);
      assert.ok(native.calls.includes('releaseInterface 0'));
    });
  }

  it('reports a transfer that was cut, and an empty answer as empty', async () => {
    const native = new FakeDevice();
    const pipe = await openBulk(STICK, 0, library(native));
    native.written = 30;
    await assert.rejects(pipe.transferOut(new Uint8Array(31), 3000), refused('PROTOCOL'));
    native.answer = undefined;
    assert.equal((await pipe.transferIn(13, 3000)).length, 0);
    await pipe.close();
  });

  it('is not there when the device has left the bus or come back at another address', async () => {
    await assert.rejects(openBulk(STICK, 0, library()), refused('STICK_GONE'));
    await assert.rejects(openBulk(STICK, 0, library(new FakeDevice('003', 18))), refused('STICK_GONE'));
    const failing = async () => ({ getDevices: () => Promise.reject(new Error('/sys not found (errno 2)')) });
    await assert.rejects(openBulk(STICK, 0, failing), refused('STICK_GONE'));
  });

  it('needs an interface with both endpoints', async () => {
    const oneWay = usbDevice({
      ...STICK,
      interfaces: [
        {
          number: 0,
          class: 8,
          subclass: 6,
          protocol: 0x50,
          endpoints: [{ address: 1, type: 'bulk', maxPacketSize: 512 }],
        },
      ],
    });
    await assert.rejects(openBulk(oneWay, 0, library(new FakeDevice())), refused('BAD_ARGUMENT'));
    await assert.rejects(openBulk(STICK, 1, library(new FakeDevice())), refused('BAD_ARGUMENT'));
  });

  it('says so where the package does not load', async () => {
    const load = () => Promise.reject(new Error("Cannot find package 'usb'"));
    await assert.rejects(openBulk(STICK, 0, load), (e) => {
      assert.ok(isDriverError(e, 'NATIVE_MISSING/usb'));
      return refused('NATIVE_MISSING')(e);
    });
  });

  it('knows the names of the real package', async () => {
    const usb = await loadUsb();
    assert.equal(typeof usb.getDevices, 'function');
  });
});

describe('the tool of the system', () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder('tool');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function install(script: string): void {
    writeFileSync(join(folder, 'usb_modeswitch'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'usb_modeswitch'), 0o755);
  }
  const options = () => ({ clock: systemClock, path: folder });

  it('is called with the ids, the place on the bus and the option of the message', async () => {
    install(`echo "$@" >> ${join(folder, 'calls')}`);
    for (const message of ['new', 'alt', 'eject', 'project'] as const) {
      assert.equal(await switchByTool(STICK, message, options()), true);
    }
    assert.equal(
      readFileSync(join(folder, 'calls'), 'utf8'),
      ['-J', '-X', '-K', '-M 55534243123456780000000000000011060000000000000000000000000000']
        .map((option) => `-v 12d1 -p 1f01 -b 3 -g 17 ${option}\n`)
        .join(''),
    );
  });

  it('proves nothing by its exit code', async () => {
    install('exit 1');
    assert.equal(await switchByTool(STICK, 'new', options()), true);
  });

  it('may not be there', async () => {
    assert.equal(await switchByTool(STICK, 'new', options()), false);
  });

  it('is ended when it hangs', async () => {
    install('exec /bin/sleep 600');
    const clock = { ...systemClock, after: (_: number, fn: () => void) => systemClock.after(50, fn) };
    assert.equal(await switchByTool(STICK, 'new', { ...options(), clock }), true);
  });
});
