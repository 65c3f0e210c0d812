import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { foreignOf, isForeignVendor } from '../family/foreign';
import { TIMEOUTS } from '../timeouts';
import { parseDescriptors } from './descriptors';
import { listIfThere, readIfThere, stamp } from './files';
import { type Clock, HUAWEI, sleep, type UsbDevice, type UsbInterface } from './host';
import { bootId } from './presence';

/** One look at the bus. */
export interface Census {
  devices: UsbDevice[];
  /** Paths of things that are still coming up: the look is out of date as soon as one of them changes. */
  awaited: string[];
}

/** Device directories are named by port path (`1-1.4`), interface directories `1-1.4:1.0`; root hubs are `usb1`. */
const DEVICE_NAME = /^\d+-\d+(?:\.\d+)*$/;

/** A device that is replaced by its next enumeration while it is read is read again, this many times. */
const READS = 3;

/** The USB device behind a tty. */
export interface UsbOwner {
  portPath: string;
  /** USB address: another one after each enumeration. */
  address: number;
  vendorId: number;
  productId: number;
}

interface Strings {
  manufacturer?: string;
  product?: string;
  serial?: string;
}

/**
 * The devices of vendor 12d1 and those of other vendors that are named, from the files of sysfs alone: no native module, no udev, and as any user.
 *
 * Most of those files are answered from memory. The three strings need the kernel's lock of the device, which is
 * taken while drivers are being bound and for as long as a hanging device keeps one of them waiting: they are read
 * once per enumeration, and a look goes on without them when they take too long. The same holds for `authorized` of an
 * interface that has no driver.
 */
export class Sysfs {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #strings = new Map<string, { enumeration: string; strings: Promise<Strings>; done?: Strings }>();
  /** Reads of `authorized` that the kernel has not answered yet, by the interface's directory. */
  readonly #asking = new Map<string, Promise<number | undefined>>();
  #late: (() => void) | undefined;

  constructor(root: string, clock: Clock) {
    this.#root = root;
    this.#clock = clock;
  }

  /** Directory with a link per device and per interface. */
  get folder(): string {
    return join(this.#root, '/sys/bus/usb/devices');
  }

  /**
   * A text that stays the same as long as no device, interface or tty comes or goes. Each enumeration makes new
   * directories (other inodes); a tty that comes up makes one more in the directory of its interface.
   */
  signature(awaited: readonly string[]): string {
    const parts: string[] = [];
    for (const name of list(this.folder)) {
      const [device = name, place] = name.split(':');
      if (!DEVICE_NAME.test(device)) continue;
      parts.push(name);
      if (place === undefined || this.#strings.has(device)) parts.push(stamp(join(this.folder, name)));
    }
    for (const path of awaited) parts.push(stamp(path));
    return parts.join(' ');
  }

  /** Calls `fn` when strings arrive that a look has gone on without. */
  onLateStrings(fn: () => void): void {
    this.#late = fn;
  }

  /** Sorted by port path. A device that vanishes while it is read is left out. */
  async census(): Promise<Census> {
    const names = await listIfThere(this.folder);
    const awaited: string[] = [];
    const found = await Promise.all(
      names.filter((name) => DEVICE_NAME.test(name)).map((name) => this.#readWhole(name, names, awaited)),
    );
    const devices = found.filter((d) => d !== undefined);
    devices.sort((a, b) => a.portPath.localeCompare(b.portPath, 'en', { numeric: true }));
    for (const path of this.#strings.keys()) {
      if (!devices.some((d) => d.portPath === path)) this.#strings.delete(path);
    }
    return { devices, awaited };
  }

  /** Boot, address and the directory that the kernel made for this enumeration: together they never come again. */
  presence(device: Pick<UsbDevice, 'portPath' | 'address'>): string | undefined {
    const boot = bootId(this.#root);
    const folder = join(this.folder, device.portPath);
    return boot === undefined || !existsSync(folder) ? undefined : `${boot} ${device.address} ${statSync(folder).ino}`;
  }

  /** The USB device that a tty belongs to; undefined when it is no USB tty, or nobody can tell. */
  ownerOf(tty: string): UsbOwner | undefined {
    try {
      let folder = realpathSync(join(this.#root, '/sys/class/tty', basename(tty), 'device'));
      // ttyUSB: port, interface, device. ttyACM: interface, device.
      while (!existsSync(join(folder, 'idVendor')) && folder !== dirname(folder)) folder = dirname(folder);
      const id = (file: string) => Number.parseInt(readFileSync(join(folder, file), 'latin1'), 16);
      const address = Number(readFileSync(join(folder, 'devnum'), 'latin1'));
      return { portPath: basename(folder), address, vendorId: id('idVendor'), productId: id('idProduct') };
    } catch {
      return undefined;
    }
  }

  async #readWhole(name: string, names: string[], awaited: string[]): Promise<UsbDevice | undefined> {
    const folder = join(this.folder, name);
    let entries = names;
    for (let read = 0; read < READS; read++) {
      if (!(await this.#isListed(folder))) return undefined;
      const waits: string[] = [];
      const device = await this.#read(name, entries, waits);
      if (!device) return undefined;
      // A re-enumeration between two of the reads would mix the old device with the new one.
      if ((await this.#number(join(folder, 'devnum'), 10)) === device.address) {
        awaited.push(...waits);
        return device;
      }
      entries = await listIfThere(this.folder);
    }
    return undefined;
  }

  async #isListed(folder: string): Promise<boolean> {
    const vendor = await this.#number(join(folder, 'idVendor'), 16);
    if (vendor === HUAWEI || vendor === undefined) return vendor === HUAWEI;
    if (!isForeignVendor(vendor)) return false;
    return foreignOf(vendor, (await this.#number(join(folder, 'idProduct'), 16)) ?? -1) !== undefined;
  }

  async #read(name: string, names: string[], awaited: string[]): Promise<UsbDevice | undefined> {
    const folder = join(this.folder, name);
    const address = await this.#number(join(folder, 'devnum'), 10);
    const bus = await this.#number(join(folder, 'busnum'), 10);
    const bytes = await readIfThere(join(folder, 'descriptors'));
    const about = bytes && parseDescriptors(bytes);
    if (!about || bus === undefined || address === undefined) return undefined;
    const interfaces: UsbInterface[] = [];
    for (const entry of names) {
      const [device, place] = entry.split(':');
      if (device !== name || place === undefined) continue;
      const face = await this.#readInterface(entry, place, about.endpoints, awaited);
      if (face) interfaces.push(face);
    }
    interfaces.sort((a, b) => a.number - b.number);
    // The kernel adds them one after another: half a device would be taken for another one.
    const count = await this.#number(join(folder, 'bNumInterfaces'), 10);
    if (count !== undefined && interfaces.length < count) interfaces.length = 0;
    const { endpoints: _, all, ...shape } = about;
    // By the names of its interfaces: the file that says it needs the kernel's lock of the device.
    const face = names.find((entry) => entry.startsWith(`${name}:`));
    const active = face === undefined ? undefined : Number.parseInt(face.slice(name.length + 1), 10);
    const others = active === undefined ? [] : all.filter(({ value }) => value !== active);
    const barred = active === undefined && (await this.#number(join(folder, 'authorized'), 10)) === 0;
    return {
      portPath: name,
      bus,
      address,
      ...shape,
      ...(active !== undefined && { configuration: active }),
      ...(others.length > 0 && { others }),
      ...(barred && { authorized: false }),
      ...(await this.#stringsOf(name, `${bus}/${address}/${about.productId}`)),
      interfaces,
    };
  }

  /** `place` is `<configuration>.<interface>`: only the active configuration has such directories. */
  async #readInterface(
    entry: string,
    place: string,
    endpointsOf: (configuration: number, interfaceNumber: number) => UsbInterface['endpoints'],
    awaited: string[],
  ): Promise<UsbInterface | undefined> {
    const folder = join(this.folder, entry);
    const [number, cls, subclass, protocol] = await Promise.all(
      ['bInterfaceNumber', 'bInterfaceClass', 'bInterfaceSubClass', 'bInterfaceProtocol'].map((file) =>
        this.#number(join(folder, file), 16),
      ),
    );
    if (number === undefined || cls === undefined || subclass === undefined || protocol === undefined) return undefined;
    const driver = await readlink(join(folder, 'driver')).then(basename, () => undefined);
    const tty = await this.#ttyOf(folder, awaited);
    return {
      number,
      class: cls,
      subclass,
      protocol,
      endpoints: endpointsOf(Number.parseInt(place, 10), number),
      ...(driver !== undefined && { driver }),
      ...(tty !== undefined && { tty }),
      ...(driver === undefined && (await this.#isBarred(folder)) && { authorized: false }),
    };
  }

  /**
   * Whether the system keeps its drivers away from an interface. The kernel holds that file back while a driver looks at the
   * interface, so one read at a time waits for it, and a look goes on without.
   */
  async #isBarred(folder: string): Promise<boolean> {
    const asking =
      this.#asking.get(folder) ??
      this.#number(join(folder, 'authorized'), 10)
        .catch(() => undefined)
        .finally(() => this.#asking.delete(folder));
    this.#asking.set(folder, asking);
    return (await this.#inTime(asking)) === 0;
  }

  /**
   * The tty of an interface: `ttyUSB0/tty/ttyUSB0` (usb-serial drivers) or `tty/ttyACM0` (cdc_acm) in its directory.
   * It counts when its device node is there too, which comes last.
   */
  async #ttyOf(folder: string, awaited: string[]): Promise<string | undefined> {
    for (const entry of await listIfThere(folder)) {
      if (entry !== 'tty' && !/^ttyUSB\d+$/.test(entry)) continue;
      const group = entry === 'tty' ? join(folder, entry) : join(folder, entry, 'tty');
      const [name] = await listIfThere(group);
      if (name === undefined) {
        awaited.push(group);
        continue;
      }
      const node = join(this.#root, '/dev', name);
      if (existsSync(node)) return node;
      awaited.push(node);
    }
    return undefined;
  }

  async #stringsOf(name: string, enumeration: string): Promise<Strings> {
    let known = this.#strings.get(name);
    if (known?.enumeration !== enumeration) {
      const entry = { enumeration, strings: this.#readStrings(join(this.folder, name)) };
      known = entry;
      this.#strings.set(name, known);
      entry.strings.then((done) => Object.assign(entry, { done })).catch(() => undefined);
    }
    if (known.done) return known.done;
    const { strings } = known;
    const got = await this.#inTime(strings);
    if (!got) strings.then(() => this.#late?.()).catch(() => undefined);
    return got ?? {};
  }

  /** What `work` gives, or undefined where it takes so long that a look goes on without it. */
  async #inTime<T>(work: Promise<T>): Promise<T | undefined> {
    const enough = new AbortController();
    const late = sleep(this.#clock, TIMEOUTS.usb.strings, enough.signal).then(
      () => undefined,
      () => undefined,
    );
    const got = await Promise.race([work, late]);
    enough.abort();
    return got;
  }

  async #readStrings(folder: string): Promise<Strings> {
    const strings: Strings = {};
    for (const field of ['manufacturer', 'product', 'serial'] as const) {
      const bytes = await readIfThere(join(folder, field)).catch(() => undefined);
      const text = bytes && cleanText(bytes);
      if (text) strings[field] = text;
    }
    return strings;
  }

  async #number(path: string, radix: number): Promise<number | undefined> {
    const bytes = await readIfThere(path);
    const value = bytes && Number.parseInt(bytes.toString('latin1'), radix);
    return Number.isNaN(value) ? undefined : value;
  }
}

/** Some sticks have strings of garbage: invalid UTF-8, control and format characters are left out. */
export function cleanText(bytes: Buffer): string {
  return bytes
    .toString('utf8')
    .replace(/[\p{C}\uFFFD\u2028\u2029]/gu, '')
    .trim();
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
