import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type DriverError, failure } from '../errors';
import { systemClock } from './clock';
import { readConnection } from './connection';
import { type Clock, type Host, HUAWEI, type LockOptions, type StickLock, type UsbDevice } from './host';
import { findIntruders } from './intruders';
import { lockStick } from './lock';
import { findBroken, readMachine } from './machine';
import { Marks } from './marks';
import { Notes } from './notes';
import { loadBinding, type OpenTtyOptions, openTty } from './open-tty';
import { inhibitSleep, readPower } from './power';
import { bootId, machineUptime } from './presence';
import { stateMembers } from './state';
import { Sysfs, type UsbOwner } from './sysfs';
import { Watcher } from './watcher';

export interface TtyHostOptions {
  /** Folder that stands for `/`: its sys, proc, run and etc are read. */
  root?: string;
  clock?: Clock;
  /** Loads the native module for ttys. @internal */
  loadSerial?: OpenTtyOptions['load'];
  /** Where what lasts is kept: the first is written, all are read. See {@link stateFolders}. */
  stateFolders?: readonly string[];
}

/**
 * One tty and no bus. While the tty at `path` exists there is one device at the port path `path`, of product id 0,
 * with another address each time the tty is made anew. Its first use refuses, with BAD_ARGUMENT, what is no character
 * device and a tty that belongs to a USB device of another vendor; a tty that was never there is STICK_NOT_FOUND.
 */
export function createTtyHost(path: string, options: TtyHostOptions = {}): Host {
  const { root = '', clock = systemClock, loadSerial } = options;
  const sysfs = new Sysfs(root, clock);
  let address = 0;
  let identity: string | undefined;

  const look = (): UsbDevice[] => {
    const found = identify(path);
    if (found === undefined) return [];
    if (found !== identity) {
      identity = found;
      address++;
    }
    const owner = sysfs.ownerOf(realPath(path));
    if (owner && owner.vendorId !== HUAWEI) throw foreign(path, owner);
    return [pseudoDevice(path, address)];
  };
  const watcher = new Watcher(
    {
      // An unusable path shows at scan and open; who only watches sees nothing there.
      signature: () => {
        try {
          return identify(path) ?? '-';
        } catch {
          return 'unusable';
        }
      },
      census: async () => ({ devices: look(), awaited: [] }),
    },
    clock,
  );
  const noBus = (): Promise<never> => Promise.reject(busless(path));

  /** Where the stick behind the path sits now. */
  const placeNow = (): string | undefined =>
    isNamedRight(root, path) ? sysfs.ownerOf(realPath(path))?.portPath : undefined;
  /** What a job on the bus would lock and note: the port path, also after the tty has gone. */
  let onBus: string | undefined;
  let held: StickLock | undefined;
  const stickKey = (): string => {
    // What is held stays the stick that is meant: its path may pass to another one.
    if (!held || onBus === undefined) onBus = sysfs.ownerOf(realPath(path))?.portPath ?? onBus;
    return onBus ?? realPath(path);
  };
  const lock = async (_path: string, lockOptions?: LockOptions): Promise<StickLock> => {
    const taken = await lockStick(stickKey(), { root, ...lockOptions });
    held = taken;
    return {
      release() {
        if (held === taken) held = undefined;
        taken.release();
      },
    };
  };
  return {
    kind: 'tty',
    hasBus: false,
    real: true,
    clock,
    scan: async () => look(),
    watch: (listener, watchOptions) => watcher.watch(listener, watchOptions),
    openTty: async (wanted) => {
      if (wanted !== path) throw failure('BAD_ARGUMENT/other-port', { path, wanted }, { stick: path });
      const [present] = look();
      if (!present && identity === undefined) throw missing(path);
      return openTty(path, { root, ...(loadSerial && { load: loadSerial }) });
    },
    openBulk: noBus,
    storageVendor: () => Promise.resolve(undefined),
    mounts: () => Promise.resolve([]),
    machine: () => readMachine({ root, env: process.env }),
    // Of a tty it takes no USB.
    broken: () => findBroken({ serialport: loadSerial ?? loadBinding, usb: async () => undefined }),
    connection: (device) => readConnection(root, { ...device, portPath: stickKey() }),
    lock,
    ...stateMembers(new Notes(options.stateFolders), new Marks(root), { ours: path, theirs: stickKey }),
    boot: () => bootId(root),
    uptime: machineUptime,
    place: placeNow,
    presence: () => {
      const now = identify(path);
      if (now === undefined) return undefined;
      const owner = sysfs.ownerOf(realPath(path));
      if (owner) return isNamedRight(root, path) ? sysfs.presence(owner) : undefined;
      // A node in a container, or one made by hand, outlives its stick and says nothing of it; a pty goes with its other end.
      const boot = bootId(root);
      return boot !== undefined && isPty(path) ? `${boot} ${now} ${madeAt(path)}` : undefined;
    },
    power: (_, change) => readPower(root, stickKey(), change),
    stayAwake: (why) => inhibitSleep(clock, why),
    intruders: () => findIntruders(root, stickKey()),
  };
}

/** What stays the same as long as it is the same tty; undefined while there is none. Error: BAD_ARGUMENT. */
function identify(path: string): string | undefined {
  const node = statSync(path, { throwIfNoEntry: false });
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (!node || !link) return undefined;
  if (!node.isCharacterDevice()) {
    const what = node.isFile() ? 'a file' : 'something else';
    throw failure('BAD_ARGUMENT/no-device-node', { path, what }, { stick: path });
  }
  // Times of a tty change as it is used; its time of birth does not, but not every file system knows one.
  return [
    realPath(path),
    node.ino,
    node.rdev,
    node.birthtimeMs,
    link.ino,
    link.isSymbolicLink() ? link.mtimeMs : '',
  ].join();
}

/** Major numbers of the kernel's UNIX 98 ptys. */
const PTY_MAJORS = { first: 136, last: 143 };

function deviceNumber(path: string): { major: number; minor: number } {
  const rdev = statSync(path, { throwIfNoEntry: false })?.rdev ?? 0;
  return { major: (rdev >> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >> 12) & 0xfff00) };
}

function isPty(path: string): boolean {
  const { major } = deviceNumber(path);
  return major >= PTY_MAJORS.first && major <= PTY_MAJORS.last;
}

/**
 * When the kernel made the node of a pty, in ns, or changed its owner or mode. Numbers of ptys are given out again, and
 * their nodes with all that belongs to them (`ino`, `rdev`); nobody can set this time, and use does not change it.
 */
const madeAt = (path: string): bigint | undefined => statSync(path, { bigint: true, throwIfNoEntry: false })?.ctimeNs;

/** False if the kernel's tty of this name is another one: a container may give a node any name. */
function isNamedRight(root: string, path: string): boolean {
  try {
    const { major, minor } = deviceNumber(path);
    return (
      readFileSync(join(root, '/sys/class/tty', basename(realPath(path)), 'dev'), 'latin1').trim() ===
      `${major}:${minor}`
    );
  } catch {
    return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const pseudoDevice = (path: string, address: number): UsbDevice => ({
  portPath: path,
  bus: 0,
  address,
  vendorId: HUAWEI,
  productId: 0,
  bcdDevice: 0,
  deviceClass: 0,
  configurations: 1,
  interfaces: [{ number: 0, class: 0xff, subclass: 0xff, protocol: 0xff, endpoints: [], tty: path }],
});

const missing = (path: string): DriverError => failure('STICK_NOT_FOUND/port', { path }, { stick: path });

const hex = (id: number): string => id.toString(16).padStart(4, '0');

const foreign = (path: string, { portPath: at, vendorId, productId }: UsbOwner): DriverError =>
  failure('BAD_ARGUMENT/foreign-port', { path, id: `${hex(vendorId)}:${hex(productId)}`, at }, { stick: path });

const busless = (path: string): DriverError => failure('BAD_ARGUMENT/no-bus', { path }, { stick: path });
