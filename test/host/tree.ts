import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface FakeInterface {
  /** Class, subclass, protocol as hex: `ff/03/12`. */
  triple: string;
  driver?: string;
  /** `[address, attributes, maxPacketSize]`, of alternate setting 0. */
  endpoints?: [number, number, number][];
  /** Endpoints of alternate setting 1, if there is one. */
  alternate?: [number, number, number][];
  /** What its file `authorized` says; without it there is no such file. */
  authorized?: 0 | 1;
}

export interface FakeDevice {
  vendorId?: number;
  productId: number;
  address: number;
  deviceClass?: number;
  /** Value of the active configuration, of how many. */
  configuration?: [number, number];
  /** Triples of the interfaces of other configurations, by their values. */
  others?: Record<number, string[]>;
  strings?: { manufacturer?: string | Buffer; product?: string | Buffer; serial?: string | Buffer };
  interfaces: FakeInterface[];
}

const BULK = 2;
const INTERRUPT = 3;

/** The composition of a stick in mode 1506 with six interfaces, as its descriptors were recorded. */
export const STICK_1506: FakeDevice = {
  productId: 0x1506,
  address: 7,
  deviceClass: 2,
  strings: { manufacturer: 'HUAWEI\n', product: 'HUAWEI Mobile\n' },
  interfaces: [
    {
      triple: 'ff/03/01',
      driver: 'option',
      endpoints: [
        [0x83, INTERRUPT, 64],
        [0x82, BULK, 512],
        [0x02, BULK, 512],
      ],
    },
    {
      triple: 'ff/03/16',
      driver: 'huawei_cdc_ncm',
      endpoints: [[0x85, INTERRUPT, 16]],
      alternate: [
        [0x85, INTERRUPT, 16],
        [0x84, BULK, 512],
        [0x03, BULK, 512],
      ],
    },
    {
      triple: 'ff/03/03',
      driver: 'option',
      endpoints: [
        [0x86, BULK, 512],
        [0x04, BULK, 512],
      ],
    },
    {
      triple: 'ff/03/02',
      driver: 'option',
      endpoints: [
        [0x87, BULK, 512],
        [0x05, BULK, 512],
      ],
    },
    {
      triple: '08/06/50',
      driver: 'usb-storage',
      endpoints: [
        [0x88, BULK, 512],
        [0x06, BULK, 512],
      ],
    },
    {
      triple: '08/06/50',
      driver: 'usb-storage',
      endpoints: [
        [0x89, BULK, 512],
        [0x07, BULK, 512],
      ],
    },
  ],
};

/** A stick as a CD-ROM; these endpoints were recorded from an E353. */
export const STICK_1F01: FakeDevice = {
  productId: 0x1f01,
  address: 6,
  strings: { manufacturer: 'HUAWEI\n', product: 'HUAWEI HiLink\n' },
  interfaces: [
    {
      triple: '08/06/50',
      driver: 'usb-storage',
      endpoints: [
        [0x8f, BULK, 512],
        [0x0f, BULK, 512],
      ],
    },
  ],
};

const hex = (n: number, width: number): string => `${n.toString(16).padStart(width, '0')}\n`;

/** Folders and files as Linux shows them in /sys, /proc, /dev and /etc, under a root of their own. */
export class FakeMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'e3272-machine-'));

  constructor() {
    for (const folder of ['sys/bus/usb/devices', 'sys/class/tty', 'dev', 'proc', 'run/lock']) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    // What else is on a bus: a root hub and its interface.
    for (const name of ['usb1', '1-0:1.0']) this.#link(name, join('sys/devices/pci0/usb1', name));
  }

  /** Where a device's or an interface's own folder is. */
  folder(name: string): string {
    const [device = name] = name.split(':');
    return join(this.root, 'sys/devices/pci0/usb1', device, name === device ? '' : name);
  }

  file(path: string, content: string | Buffer): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  plug(portPath: string, device: FakeDevice): void {
    const { vendorId = 0x12d1, productId, address, strings = {}, interfaces } = device;
    const folder = this.folder(portPath);
    const [configuration, configurations] = device.configuration ?? [1, 1];
    mkdirSync(folder, { recursive: true });
    const write = (file: string, content: string | Buffer) => writeFileSync(join(folder, file), content);
    write('idVendor', hex(vendorId, 4));
    write('idProduct', hex(productId, 4));
    write('busnum', `${Number.parseInt(portPath, 10)}\n`);
    write('devnum', `${address}\n`);
    write('descriptors', descriptors(device, configurations, configuration));
    for (const [name, text] of Object.entries(strings)) write(name, text);
    this.#link(portPath, `sys/devices/pci0/usb1/${portPath}`);
    for (const [number, face] of interfaces.entries()) {
      this.#interface(`${portPath}:${configuration}.${number}`, number, face);
    }
  }

  #interface(name: string, number: number, { triple, driver, authorized }: FakeInterface): void {
    const [device = name] = name.split(':');
    const folder = this.folder(name);
    mkdirSync(folder, { recursive: true });
    const [cls, subclass, protocol] = triple.split('/');
    writeFileSync(join(folder, 'bInterfaceNumber'), hex(number, 2));
    writeFileSync(join(folder, 'bInterfaceClass'), `${cls}\n`);
    writeFileSync(join(folder, 'bInterfaceSubClass'), `${subclass}\n`);
    writeFileSync(join(folder, 'bInterfaceProtocol'), `${protocol}\n`);
    if (authorized !== undefined) writeFileSync(join(folder, 'authorized'), `${authorized}\n`);
    if (driver !== undefined) symlinkSync(`../../../../../bus/usb/drivers/${driver}`, join(folder, 'driver'));
    this.#link(name, `sys/devices/pci0/usb1/${device}/${name}`);
  }

  #link(name: string, target: string): void {
    mkdirSync(join(this.root, target), { recursive: true });
    symlinkSync(join('../../../..', target), join(this.root, 'sys/bus/usb/devices', name));
  }

  /** The tty of an interface comes up: ttyUSBn below a port of its own, ttyACMn directly. */
  addTty(interfaceName: string, tty: string, { node = true } = {}): void {
    const port = join(this.folder(interfaceName), tty.startsWith('ttyUSB') ? tty : '');
    const folder = join(port, 'tty', tty);
    mkdirSync(folder, { recursive: true });
    symlinkSync(port, join(folder, 'device'));
    symlinkSync(folder, join(this.root, 'sys/class/tty', tty));
    if (node) this.addNode(tty);
  }

  addNode(tty: string): void {
    writeFileSync(join(this.root, 'dev', tty), '');
  }

  /** A unit behind a mass-storage interface, as the kernel's storage driver has found it; its folder. */
  addUnit(interfaceName: string, lun: number, vendor: string): string {
    const folder = join(this.folder(interfaceName), `host2/target2:0:0/2:0:0:${lun}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'vendor'), `${vendor.padEnd(8)}\n`);
    return folder;
  }

  /** A block device: `parent` is its folder (that of a unit, or of the disk that it is a part of); its folder. */
  addBlock(name: string, number: string, parent: string, below: readonly string[] = []): string {
    const inUnit = parent.includes('/target') && !parent.includes('/block/');
    const folder = join(parent, inUnit ? 'block' : '', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'dev'), `${number}\n`);
    const links = join(this.root, 'sys/class/block');
    mkdirSync(links, { recursive: true });
    symlinkSync(folder, join(links, name));
    for (const other of below) {
      mkdirSync(join(folder, 'slaves'), { recursive: true });
      symlinkSync(join(links, other), join(folder, 'slaves', other));
    }
    return folder;
  }

  unplug(portPath: string): void {
    const links = join(this.root, 'sys/bus/usb/devices');
    const folder = this.folder(portPath);
    for (const name of [portPath, ...Array.from({ length: 8 }, (_, i) => `${portPath}:1.${i}`)]) {
      rmSync(join(links, name), { force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  }

  /** A program in /proc with its open files. */
  run(pid: number, comm: string, open: string[] = []): void {
    this.file(`proc/${pid}/comm`, `${comm}\n`);
    mkdirSync(join(this.root, 'proc', String(pid), 'fd'));
    for (const [fd, path] of open.entries()) {
      symlinkSync(path, join(this.root, 'proc', String(pid), 'fd', String(fd)));
    }
  }

  remove(): void {
    if (basename(this.root).startsWith('e3272-machine-')) rmSync(this.root, { recursive: true, force: true });
  }
}

/** Device descriptor and all configurations, byte by byte as in USB 2.0, 9.6. */
export function descriptors(device: FakeDevice, configurations = 1, active = 1): Buffer {
  const { vendorId = 0x12d1, productId, deviceClass = 0 } = device;
  const head = Buffer.from([18, 1, 0x00, 0x02, deviceClass, 0, 0, 64, 0, 0, 0, 0, 0x02, 0x01, 1, 2, 0, configurations]);
  head.writeUInt16LE(vendorId, 8);
  head.writeUInt16LE(productId, 10);
  const parts: Uint8Array[] = [head];
  for (let value = 1; value <= configurations; value++) {
    const others = (device.others?.[value] ?? []).map((triple) => ({ triple }));
    const faces = (value === active ? device.interfaces : others).flatMap(faceBytes);
    const length = 9 + faces.reduce((sum, f) => sum + f.length, 0);
    parts.push(
      Buffer.from([9, 2, length & 0xff, length >> 8, device.interfaces.length, value, 0, 0x80, 250]),
      ...faces,
    );
  }
  return Buffer.concat(parts);
}

function faceBytes({ triple, endpoints = [], alternate }: FakeInterface, number: number): Buffer[] {
  const codes = triple.split('/').map((code) => Number.parseInt(code, 16));
  const setting = (alt: number, list: [number, number, number][]) => [
    Buffer.from([9, 4, number, alt, list.length, ...codes, 0]),
    // Class-specific descriptors stand in between on real sticks.
    Buffer.from([5, 0x24, 0x00, 0x10, 0x01]),
    ...list.map(([address, attributes, size]) => Buffer.from([7, 5, address, attributes, size & 0xff, size >> 8, 0])),
  ];
  return [...setting(0, endpoints), ...(alternate ? setting(1, alternate) : [])];
}
