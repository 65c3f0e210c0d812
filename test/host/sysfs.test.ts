import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/host/clock';
import { parseDescriptors } from '../../src/host/descriptors';
import type { Clock } from '../../src/host/host';
import { cleanText, Sysfs } from '../../src/host/sysfs';
import { descriptors, FakeMachine, STICK_1F01, STICK_1506 } from './tree';

describe('USB descriptors', () => {
  it('give ids, class and the endpoints of alternate setting 0', () => {
    const found = parseDescriptors(descriptors(STICK_1506));
    assert.equal(found?.vendorId, 0x12d1);
    assert.equal(found?.productId, 0x1506);
    assert.equal(found?.bcdDevice, 0x0102);
    assert.equal(found?.deviceClass, 2);
    assert.deepEqual(found?.endpoints(1, 1), [{ address: 0x85, type: 'interrupt', maxPacketSize: 16 }]);
    assert.deepEqual(
      found?.endpoints(1, 5).map((e) => e.address),
      [0x89, 0x07],
    );
    assert.deepEqual(found?.endpoints(2, 0), []);
  });

  it('cut at any byte, or of garbage, are read as far as they go', () => {
    const whole = descriptors(STICK_1506);
    for (let length = 0; length < whole.length; length++) {
      const found = parseDescriptors(whole.subarray(0, length));
      if (length < 18) assert.equal(found, undefined);
      else assert.ok((found?.endpoints(1, 0).length ?? 9) <= 3);
    }
    assert.equal(parseDescriptors(Buffer.alloc(64)), undefined);
    const endless = Buffer.concat([whole.subarray(0, 18), Buffer.alloc(64)]);
    assert.deepEqual(parseDescriptors(endless)?.endpoints(1, 0), []);
  });
});

describe('sticks in sysfs', () => {
  let machine: FakeMachine;
  let sysfs: Sysfs;
  beforeEach(() => {
    machine = new FakeMachine();
    sysfs = new Sysfs(machine.root, systemClock);
  });
  afterEach(() => machine.remove());

  it('shows the six interfaces of a 1506 with drivers, endpoints and ttys', async () => {
    machine.plug('1-1.4', STICK_1506);
    machine.addTty('1-1.4:1.0', 'ttyUSB0');
    machine.addTty('1-1.4:1.2', 'ttyUSB1');
    machine.addTty('1-1.4:1.3', 'ttyUSB2');
    const { devices, awaited } = await sysfs.census();
    assert.equal(devices.length, 1);
    const [stick] = devices;
    assert.deepEqual(
      { ...stick, interfaces: undefined },
      {
        portPath: '1-1.4',
        bus: 1,
        address: 7,
        vendorId: 0x12d1,
        productId: 0x1506,
        bcdDevice: 0x0102,
        deviceClass: 2,
        configurations: 1,
        configuration: 1,
        manufacturer: 'HUAWEI',
        product: 'HUAWEI Mobile',
        interfaces: undefined,
      },
    );
    const dev = (name: string) => join(machine.root, 'dev', name);
    assert.deepEqual(
      stick?.interfaces.map((i) => [i.number, i.class, i.subclass, i.protocol, i.driver, i.tty]),
      [
        [0, 0xff, 3, 0x01, 'option', dev('ttyUSB0')],
        [1, 0xff, 3, 0x16, 'huawei_cdc_ncm', undefined],
        [2, 0xff, 3, 0x03, 'option', dev('ttyUSB1')],
        [3, 0xff, 3, 0x02, 'option', dev('ttyUSB2')],
        [4, 8, 6, 0x50, 'usb-storage', undefined],
        [5, 8, 6, 0x50, 'usb-storage', undefined],
      ],
    );
    assert.deepEqual(stick?.interfaces[0]?.endpoints, [
      { address: 0x83, type: 'interrupt', maxPacketSize: 64 },
      { address: 0x82, type: 'bulk', maxPacketSize: 512 },
      { address: 0x02, type: 'bulk', maxPacketSize: 512 },
    ]);
    assert.deepEqual(awaited, []);
  });

  it('leaves out hubs and other vendors, and sorts ports as numbers', async () => {
    machine.plug('1-1.10', STICK_1F01);
    machine.plug('1-1.9', STICK_1506);
    machine.plug('1-1', { vendorId: 0x05e3, productId: 0x0608, address: 2, interfaces: [{ triple: '09/00/00' }] });
    const { devices } = await sysfs.census();
    assert.deepEqual(
      devices.map((d) => d.portPath),
      ['1-1.9', '1-1.10'],
    );
  });

  it('takes the endpoints of the active configuration of two', async () => {
    machine.plug('1-2', { ...STICK_1F01, productId: 0x1f1c, configuration: [2, 2] });
    const [stick] = (await sysfs.census()).devices;
    assert.equal(stick?.configurations, 2);
    assert.deepEqual(
      stick?.interfaces[0]?.endpoints.map((e) => e.address),
      [0x8f, 0x0f],
    );
  });

  it('tells the active configuration, and what the others hold', async () => {
    machine.plug('1-2', {
      productId: 0x1506,
      address: 5,
      configuration: [2, 3],
      interfaces: [{ triple: '02/0e/00', driver: 'cdc_mbim' }, { triple: '0a/00/02' }],
      others: { 1: ['ff/03/10', 'ff/03/12', '08/06/50'] },
    });
    const [stick] = (await sysfs.census()).devices;
    assert.deepEqual([stick?.configurations, stick?.configuration], [3, 2]);
    const shape = (number: number, cls: number, subclass: number, protocol: number) => ({
      number,
      class: cls,
      subclass,
      protocol,
    });
    assert.deepEqual(stick?.others, [
      { value: 1, interfaces: [shape(0, 0xff, 3, 0x10), shape(1, 0xff, 3, 0x12), shape(2, 8, 6, 0x50)] },
      { value: 3, interfaces: [] },
    ]);
  });

  it('tells a device that the system has not authorised, and an interface', async () => {
    machine.plug('1-2', { ...STICK_1F01, interfaces: [] });
    writeFileSync(join(machine.folder('1-2'), 'authorized'), '0\n');
    machine.plug('1-3', {
      ...STICK_1F01,
      interfaces: [
        { triple: 'ff/03/12', authorized: 0 },
        { triple: 'ff/03/10', authorized: 1 },
        { triple: 'ff/03/13', driver: 'option', authorized: 0 },
      ],
    });
    const [barred, some] = (await sysfs.census()).devices;
    assert.deepEqual([barred?.authorized, barred?.configuration, barred?.interfaces], [false, undefined, []]);
    assert.equal(some?.authorized, undefined);
    // What has a driver is not asked: the kernel may keep the answer back.
    assert.deepEqual(
      some?.interfaces.map((i) => i.authorized),
      [false, undefined, undefined],
    );
  });

  it('finds a ttyACM, and a tty only when its device node is there', async () => {
    machine.plug('1-2', { ...STICK_1506, productId: 0x1442, interfaces: [{ triple: '02/02/ff', driver: 'cdc_acm' }] });
    machine.addTty('1-2:1.0', 'ttyACM3', { node: false });
    const node = join(machine.root, 'dev/ttyACM3');
    const before = await sysfs.census();
    assert.equal(before.devices[0]?.interfaces[0]?.tty, undefined);
    assert.deepEqual(before.awaited, [node]);
    machine.addNode('ttyACM3');
    const after = await sysfs.census();
    assert.equal(after.devices[0]?.interfaces[0]?.tty, node);
    assert.deepEqual(after.awaited, []);
  });

  it('lists a stick whose interfaces are not there yet', async () => {
    machine.plug('1-2', { ...STICK_1F01, interfaces: [] });
    assert.deepEqual((await sysfs.census()).devices[0]?.interfaces, []);
  });

  it('shows interfaces when all of them are there: half a stick would be taken for another one', async () => {
    machine.plug('1-2', STICK_1506);
    const all = STICK_1506.interfaces.length;
    writeFileSync(join(machine.folder('1-2'), 'bNumInterfaces'), `${String(all + 1).padStart(2)}\n`);
    assert.deepEqual((await sysfs.census()).devices[0]?.interfaces, []);
    writeFileSync(join(machine.folder('1-2'), 'bNumInterfaces'), `${String(all).padStart(2)}\n`);
    assert.equal((await sysfs.census()).devices[0]?.interfaces.length, all);
  });

  it('leaves out a stick that vanishes while it is read, at every file', async () => {
    for (const missing of ['devnum', 'busnum', 'descriptors', 'idVendor']) {
      machine.plug('1-2', STICK_1506);
      machine.plug('1-3', STICK_1F01);
      rmSync(join(machine.folder('1-2'), missing));
      assert.deepEqual(
        (await sysfs.census()).devices.map((d) => d.portPath),
        ['1-3'],
        missing,
      );
      machine.unplug('1-2');
      machine.unplug('1-3');
    }
    // A link to nowhere is what the folder of devices shows in the last moment.
    machine.plug('1-2', STICK_1506);
    rmSync(machine.folder('1-2'), { recursive: true });
    assert.deepEqual((await sysfs.census()).devices, []);
  });

  it('reads a stick again that is replaced while it is read: never half of one and half of the other', async () => {
    machine.plug('1-2', STICK_1F01);
    // The read waits here, with the ids and descriptors of the first stick in its hands.
    const pipe = join(machine.folder('1-2'), 'bNumInterfaces');
    execFileSync('mkfifo', [pipe]);
    const census = sysfs.census();
    const reader = await open(pipe, 'w');
    machine.unplug('1-2');
    machine.plug('1-2', { ...STICK_1506, address: 9 });
    await reader.write(' 1\n');
    await reader.close();
    const [stick] = (await census).devices;
    assert.deepEqual([stick?.productId, stick?.address, stick?.interfaces.length], [0x1506, 9, 6]);
  });

  it('leaves out an interface that vanishes while it is read', async () => {
    machine.plug('1-2', STICK_1506);
    rmSync(machine.folder('1-2:1.3'), { recursive: true });
    assert.deepEqual(
      (await sysfs.census()).devices[0]?.interfaces.map((i) => i.number),
      [0, 1, 2, 4, 5],
    );
  });

  it('cleans the strings of a stick that sends garbage', async () => {
    const garbage = Buffer.from([0xff, 0xfe, 0x48, 0x07, 0x55, 0x1b, 0x41, 0xc3, 0x0a]);
    machine.plug('1-2', {
      ...STICK_1F01,
      strings: { manufacturer: garbage, product: '\u0000\u202e \n', serial: 'é€' },
    });
    const [stick] = (await sysfs.census()).devices;
    assert.equal(stick?.manufacturer, 'HUA');
    assert.equal(stick?.product, undefined);
    assert.equal(stick?.serial, 'é€');
    assert.equal(cleanText(Buffer.alloc(0)), '');
  });

  it('goes on without strings that the kernel keeps back, and tells when they come', async () => {
    // A pipe that nobody writes to blocks its reader, as the kernel's lock of a device does.
    const instant: Clock = { ...systemClock, after: (_, fn) => systemClock.after(0, fn) };
    const blocked = new Sysfs(machine.root, instant);
    machine.plug('1-2', { ...STICK_1F01, strings: {} });
    const pipe = join(machine.folder('1-2'), 'product');
    execFileSync('mkfifo', [pipe]);
    const late = new Promise<void>((resolve) => blocked.onLateStrings(resolve));
    const [stick] = (await blocked.census()).devices;
    assert.equal(stick?.productId, 0x1f01);
    assert.equal(stick?.product, undefined);
    await writeFile(pipe, 'HUAWEI HiLink\n');
    await late;
    assert.equal((await blocked.census()).devices[0]?.product, 'HUAWEI HiLink');
  });

  it('reads nothing where there is no USB at all', async () => {
    rmSync(join(machine.root, 'sys'), { recursive: true });
    assert.deepEqual(await sysfs.census(), { devices: [], awaited: [] });
    assert.equal(sysfs.signature([]), '');
  });

  it('knows whose a tty is', () => {
    machine.plug('1-1.4', STICK_1506);
    machine.addTty('1-1.4:1.0', 'ttyUSB0');
    machine.plug('1-3', { vendorId: 0x0403, productId: 0x6001, address: 3, interfaces: [{ triple: 'ff/ff/ff' }] });
    machine.addTty('1-3:1.0', 'ttyACM0');
    mkdirSync(join(machine.root, 'sys/class/tty/ttyS0/device'), { recursive: true });
    assert.deepEqual(sysfs.ownerOf('/dev/ttyUSB0'), {
      portPath: '1-1.4',
      address: STICK_1506.address,
      vendorId: 0x12d1,
      productId: 0x1506,
    });
    assert.deepEqual(sysfs.ownerOf('/dev/ttyACM0'), {
      portPath: '1-3',
      address: 3,
      vendorId: 0x0403,
      productId: 0x6001,
    });
    assert.equal(sysfs.ownerOf('/dev/ttyS0'), undefined);
    assert.equal(sysfs.ownerOf('/dev/pts/4'), undefined);
  });

  it('has a signature that changes with everything that counts, and with nothing else', async () => {
    machine.plug('1-2', STICK_1506);
    await sysfs.census();
    const seen = new Set<string>();
    const changes = (what: string, change: () => void, expected = true) => {
      const before = sysfs.signature([]);
      seen.add(before);
      change();
      const after = sysfs.signature([]);
      assert.equal(after !== before, expected, what);
    };
    changes('nothing', () => undefined, false);
    changes('a tty', () => machine.addTty('1-2:1.0', 'ttyUSB0'));
    changes('another tty', () => machine.addTty('1-2:1.2', 'ttyUSB1'));
    changes('a stick', () => machine.plug('1-3', STICK_1F01));
    changes('no stick', () => machine.unplug('1-3'));
    changes('the same stick, enumerated again', () => {
      machine.unplug('1-2');
      machine.plug('1-2', STICK_1506);
    });
    changes('a file outside', () => writeFileSync(join(machine.root, 'dev/null0'), ''), false);
  });
});
