/**
 * The one seam between the driver and a machine: which USB devices and ttys exist, a bulk pipe, a tty, the clock.
 * Implementations: `local` (this machine), `tty` (one given tty, no bus), `virtual` (virtual sticks in this process, or one
 * in another process).
 */

import type { DriverError } from '../errors';
import type { Broken, Connection, Machine } from './facts';
import type { NetworkLink } from './network';

/** USB vendor id of Huawei; of other vendors hosts list what is taken for one of its sticks only. */
export const HUAWEI = 0x12d1;

/** A timer that has been started; cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
}

/** Time as the driver sees it. Real in production, virtual in tests. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls `fn` once after `ms` milliseconds. */
  after(ms: number, fn: () => void): Timer;
  /** Wall clock: for people and for names of files, never to measure with. */
  date(): Date;
  /** Marks real work (file reads, worker threads): a virtual clock stands still until `work` has settled. */
  during<T>(work: Promise<T>): Promise<T>;
}

export interface UsbEndpoint {
  /** bEndpointAddress: bit 7 set = IN. */
  address: number;
  type: 'control' | 'isochronous' | 'bulk' | 'interrupt';
  maxPacketSize: number;
}

/** What an interface is for, by its descriptor: bInterfaceClass, bInterfaceSubClass, bInterfaceProtocol. */
export interface UsbFunction {
  number: number;
  class: number;
  subclass: number;
  protocol: number;
}

/** A configuration of a device that is not the active one. */
export interface UsbConfiguration {
  /** bConfigurationValue. */
  value: number;
  interfaces: UsbFunction[];
}

/** One interface of the active configuration, alternate setting 0. */
export interface UsbInterface extends UsbFunction {
  endpoints: UsbEndpoint[];
  /** Kernel driver bound to it, if any (`option`, `usb-storage`). */
  driver?: string;
  /** Device node of its tty, if the driver made one (`/dev/ttyUSB0`). Never store it: it moves. */
  tty?: string;
  /** Present where the system keeps drivers away from it (USBGuard and the like). */
  authorized?: false;
}

/** One USB device, as it is now. After a re-enumeration the same stick is another `UsbDevice` at the same `portPath`. */
export interface UsbDevice {
  /** Bus and port path, `1-1.4`: the identity of a stick. */
  portPath: string;
  bus: number;
  /** USB address: another one after each enumeration. */
  address: number;
  vendorId: number;
  productId: number;
  bcdDevice: number;
  deviceClass: number;
  /** How many it has, bNumConfigurations. */
  configurations: number;
  /** bConfigurationValue of the active one; absent while there is none, and where no bus tells it. */
  configuration?: number;
  /** What the others hold; absent where there are none. */
  others?: UsbConfiguration[];
  /** Present where the system has not authorised it (USBGuard and the like): then no configuration is active. */
  authorized?: false;
  manufacturer?: string;
  product?: string;
  serial?: string;
  interfaces: UsbInterface[];
}

/** An open tty, raw, held exclusively. */
export interface TtyPort {
  readonly path: string;
  readonly isOpen: boolean;
  /** Hands all of `data` to the tty; rejects with STICK_GONE when the port has vanished. */
  write(data: Uint8Array): Promise<void>;
  /**
   * Sets the one receiver; replaces the former one. Reading starts with the first call.
   * `chunk` is valid during the call only. `onGone` is called once, when the port vanishes (not after `close`).
   */
  receive(onData: (chunk: Uint8Array) => void, onGone: (error: DriverError) => void): void;
  /** Closes at once, also in the middle of a write. Never rejects. */
  close(): Promise<void>;
}

/** A claimed mass-storage interface with its first bulk OUT and first bulk IN endpoint. */
export interface BulkPipe {
  /** Rejects with TIMEOUT, PROTOCOL (stall) or STICK_GONE. */
  transferOut(data: Uint8Array, timeoutMs: number): Promise<void>;
  transferIn(length: number, timeoutMs: number): Promise<Uint8Array>;
  /**
   * Reset recovery of the bulk-only transport (5.3.4): its class request, then both endpoints' halts cleared. Whatever was
   * under way is forgotten on both sides. Never rejects.
   */
  recover(): Promise<void>;
  /**
   * Releases the interface, gives it back to the kernel driver that it was taken from if it is still there, and closes the
   * device. Never rejects.
   */
  close(): Promise<void>;
}

/** A file system, or a swap area, on a volume of a stick: the medium in its CD-ROM, the card in its reader. */
export interface Mount {
  /** Block device that holds it, `/dev/sda1`; where something lies on top of the volume (dm, md), that. */
  device: string;
  /** `swap` for a swap area. */
  mountPoint: string;
  /** By the superblock: a read-only bind of a writable file system is writable. */
  writable: boolean;
}

export interface Watch {
  stop(): void;
}

export interface WatchOptions {
  /** While somebody waits for this stick: look more often. */
  eager?: boolean;
}

/** What may cut a stick off in the middle of a write. */
export interface Power {
  /** `allowed`: the kernel may put the stick to sleep while nobody talks to it. */
  autosuspend: 'off' | 'allowed' | 'unknown';
  /** The hubs between machine and stick: `none`, all with a supply of their own, or one that lives on the bus. */
  hub: 'none' | 'powered' | 'unpowered' | 'unknown';
  /** An add-on of Home Assistant: an update restarts it at any time, and it may not switch a port of the bus off and on. */
  addon?: true;
}

/** A note that outlives the process. */
export interface NoteEntry {
  key: string;
  /** Undefined where it is there but cannot be read. */
  text: string | undefined;
}

/** What was told to all users about the stick at `place`. */
export interface Mark {
  place: string;
  /** Undefined where it is there but cannot be read. */
  text: string | undefined;
}

export interface LockOptions {
  /** The holder is not named to others: nothing is written. */
  unnamed?: true;
}

/** Held by one process for one stick. */
export interface StickLock {
  /** The next one can have it at once. Twice is harmless. */
  release(): void;
}

export interface Host {
  readonly kind: 'local' | 'tty' | 'virtual';
  /** False where no USB bus can be seen: there only acknowledgements prove anything. */
  readonly hasBus: boolean;
  /** False for virtual sticks: only those may get made-up files (design rule 8). */
  readonly real: boolean;
  readonly clock: Clock;

  /**
   * Devices of vendor {@link HUAWEI} that are plugged in now, and those of family/foreign.ts, which are named and nothing else;
   * sorted by port path.
   */
  scan(): Promise<UsbDevice[]>;
  /** Calls `listener` with the full list at once and after each change. The listener must not throw. */
  watch(listener: (devices: UsbDevice[]) => void, options?: WatchOptions): Watch;
  /**
   * Why nothing can be seen of the bus: it is in another process, which is not there. Undefined while it can. A watch is
   * told of each change. Absent where the bus is always there.
   */
  unreachable?(): DriverError | undefined;

  /** Opens raw and exclusively. Errors: PORT_BUSY (names the holder), NO_PERMISSION, STICK_GONE, NATIVE_MISSING. */
  openTty(path: string): Promise<TtyPort>;
  /** Opens the device, detaches the kernel driver, claims. Errors: NO_PERMISSION, PORT_BUSY, STICK_GONE, NATIVE_MISSING. */
  openBulk(device: UsbDevice, interfaceNumber: number): Promise<BulkPipe>;
  /** Where `openBulk` said NATIVE_MISSING: lets the system's own tool switch; false if there is none. */
  switchByTool?(device: UsbDevice, message: 'new' | 'alt' | 'eject' | 'project'): Promise<boolean>;
  /**
   * Asks for another configuration of `device`: the kernel takes its interfaces away and makes those of that one. Only the
   * bus shows whether it did. Absent where nothing can. Errors: NO_PERMISSION, PORT_BUSY, STICK_GONE, PROTOCOL.
   */
  setConfiguration?(device: UsbDevice, value: number): Promise<void>;
  /** After a tool that has left interfaces without a driver: the kernel looks for one again. Never rejects. */
  rebind?(device: UsbDevice): Promise<void>;
  /**
   * Who the first unit behind a mass-storage interface says it is (vendor field of its INQUIRY), as the kernel has been
   * told; undefined while it has not asked, and where nobody can see what it knows. Asks the stick nothing.
   */
  storageVendor(device: UsbDevice, interfaceNumber: number): Promise<string | undefined>;
  /** What is mounted of all volumes of the stick at `portPath`, in any of its modes. */
  mounts(portPath: string): Promise<Mount[]>;

  /**
   * Takes the stick off the bus and lets it come back, by the system's USB authorisation, without its power going away;
   * false where that is not allowed or not possible. Absent where there is no bus.
   */
  reauthorize?(portPath: string): Promise<boolean>;

  /** The network interfaces that the system has made of `device`. Absent where it can make none. */
  network?(device: UsbDevice): Promise<NetworkLink[]>;

  /**
   * What of the machine decides whether sticks can be used. Nothing is changed and nothing written. Absent where the sticks
   * hang on no machine that could be looked at.
   */
  machine?(): Promise<Machine>;
  /** Native modules that do not load. */
  broken?(): Promise<Broken>;
  /** The same of one stick: its device nodes, who has them open, its power. */
  connection?(device: UsbDevice): Promise<Connection>;

  /** Takes the lock of a stick for this process. Errors: BUSY, names who holds it where that is known; NO_PERMISSION. */
  lock(portPath: string, options?: LockOptions): Promise<StickLock>;
  /**
   * A short text kept across processes and restarts of the machine, readable by its owner alone. `key` is the port path of
   * a stick (what was begun there and not ended) or another name. `undefined` = none, or removes it; '' = there is one that
   * cannot be read: it may say anything. Best effort: a machine without a place for it keeps none. Error: FILE_NOT_WRITTEN
   * where one cannot be removed.
   */
  readNote(key: string): string | undefined;
  writeNote(key: string, text: string | undefined): void;
  /**
   * The same without stopping the event loop while the disk works: on the disk, or gone from it, when it resolves, also
   * after a power cut. False where no folder took it: it lasts as long as this object, and the note before stays on the disk.
   */
  writeNoteAsync(key: string, text: string | undefined): Promise<boolean>;
  /** Every note of every folder, whatever its key is for; of each key the newest. */
  listNotes(): NoteEntry[];
  /**
   * Keeps `text` in a file `name` of the first state folder, 0600, behind what is in it; its path, if there is a place. Of
   * the files whose names begin with `series`, and go on with their time, the newest 20 stay.
   */
  keepFile(name: string, text: string, series?: string): string | undefined;
  /** Another text after each start of the machine; undefined, or absent, where nobody can tell. */
  boot?(): string | undefined;
  /** ms since the machine was started, whatever is done to its clock; undefined, or absent, where nobody can tell. */
  uptime?(): number | undefined;
  /** Sentences about folders for state that are left alone, because others may write there or nobody can look into them. */
  stateProblems(): string[];
  /**
   * Tells all users of the machine something about the stick at `place`, or takes that back: on the disk when it resolves.
   * False where it cannot. For all to read: no personal data.
   */
  tellAll(place: string, text: string | undefined): Promise<boolean>;
  /** What was told to all users, by whomever. */
  toldToAll(): Mark[];
  /**
   * A text that stays the same, also for other processes, as long as `device` has not left the bus, and never comes again;
   * undefined where nobody can tell.
   */
  presence(device: UsbDevice): string | undefined;
  /**
   * The USB port path at which `device` is now. Of a given tty it is looked up anew each time: a path may pass to another
   * stick. Undefined where a tty has no USB device behind it, or nobody can tell.
   */
  place(device: UsbDevice): string | undefined;
  /** With `change` autosuspend is turned off where that is allowed; each enumeration turns it on again. Never rejects. */
  power(portPath: string, change: boolean): Promise<Power>;
  /** Keeps the machine from going to sleep; returns how to end that, undefined where nothing can do it. Never rejects. */
  stayAwake(why: string): Promise<(() => void) | undefined>;
  /** Programs that would write into the ports of the stick (ModemManager that nothing keeps away from it), in words. */
  intruders(portPath: string): Promise<string[]>;
}

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
