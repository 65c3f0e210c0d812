/** Virtual sticks behind the driver's host seam, in this process. */

import { type DriverError, failure } from '../errors';
import type { Broken, Connection, Machine } from '../host/facts';
import type {
  BulkPipe,
  Clock,
  Host,
  Mark,
  Mount,
  NoteEntry,
  Power,
  StickLock,
  TtyPort,
  UsbDevice,
  Watch,
} from '../host/host';
import type { NetworkLink } from '../host/network';
import { oldestOf } from '../host/series';
import { VirtualBulkPipe } from './bulk-pipe';
import type { StickEvent } from './events';
import { virtualConnection, virtualMachine } from './machine';
import type { VirtualStick } from './stick';
import { VirtualTtyPort } from './tty-port';
import { webTransport } from './web/transport';

export interface VirtualHostOptions {
  sticks: readonly VirtualStick[];
  /** The clock of the sticks. */
  clock: Clock;
  /** Told what happens inside the sticks. */
  log?: (event: StickEvent & { stick: string }) => void;
}

export class VirtualHost implements Host {
  readonly kind = 'virtual';
  readonly hasBus = true;
  readonly real = false;
  readonly clock: Clock;
  readonly sticks: readonly VirtualStick[];
  /** What {@link intruders} answers. */
  intruderList: string[] = [];
  /** Whether {@link reauthorize} is possible. */
  reauthorizes = true;
  /** Whether {@link setConfiguration} may be asked for, and whether the stick then obeys. */
  configures: 'yes' | 'in vain' | 'forbidden' = 'yes';
  /** What {@link mounts} answers. */
  mountList: Mount[] = [];
  /** What {@link storageVendor} answers: the kernel has not asked. */
  vendorSeen: string | undefined;
  /** What {@link power} answers. */
  powerState: Power = { autosuspend: 'off', hub: 'none' };
  /** What {@link keepFile} was given, by name: a virtual stick leaves nothing on the disk. */
  readonly files = new Map<string, string>();
  /** What {@link tellAll} was given and has not been taken back, by place; undefined: it cannot be read. */
  readonly marks = new Map<string, string | undefined>();
  /** Whether {@link tellAll} is possible. */
  tells = true;
  /** Whether {@link writeNoteAsync} finds room on the disk. */
  hasRoom = true;
  /** What the machine's network is said to be, by port path, where it is not as a system makes it of the stick. */
  readonly links = new Map<string, NetworkLink[]>();
  /** Port paths of sticks through which the machine's own line goes, its default route. */
  readonly ownLines = new Set<string>();
  /** What {@link machine} answers. */
  machineState: Machine = virtualMachine();
  /** What {@link broken} answers. */
  brokenModules: Broken = {};
  /** What is different about the connection of a stick, by port path. */
  readonly connections = new Map<string, Partial<Connection>>();
  /** What {@link boot} answers. */
  bootName: string | undefined;
  /** What {@link stateProblems} answers. */
  problemList: string[] = [];
  readonly #holders = new Map<string, string>();
  readonly #forbidden = new Set<string>();
  readonly #locks = new Set<string>();
  readonly #claimed = new Set<string>();
  readonly #notes = new Map<string, string>();
  #jobs: (() => void)[] = [];

  constructor(options: VirtualHostOptions) {
    this.sticks = options.sticks;
    this.clock = options.clock;
    const { log } = options;
    if (log) for (const stick of this.sticks) stick.onEvent((event) => log({ ...event, stick: stick.portPath }));
  }

  /** Another program holds the tty `path`: opening says PORT_BUSY and names `holder`, until {@link free}. */
  occupy(path: string, holder: string): void {
    this.#holders.set(path, holder);
  }

  free(path: string): void {
    this.#holders.delete(path);
  }

  /** Opening this tty, or the bulk pipe of the stick at this port path, says NO_PERMISSION, until {@link allow}. */
  forbid(path: string): void {
    this.#forbidden.add(path);
  }

  allow(path: string): void {
    this.#forbidden.delete(path);
  }

  scan(): Promise<UsbDevice[]> {
    return Promise.resolve(this.#devices());
  }

  watch(listener: (devices: UsbDevice[]) => void): Watch {
    let stopped = false;
    let due = false;
    const notify = () => {
      if (due) return;
      due = true;
      this.#later(() => {
        due = false;
        if (!stopped) listener(this.#devices());
      });
    };
    const stops = this.sticks.map((stick) => stick.onChange(notify));
    notify();
    return {
      stop: () => {
        stopped = true;
        for (const stop of stops) stop();
      },
    };
  }

  async openTty(path: string): Promise<TtyPort> {
    const found = this.sticks
      .flatMap((stick) => stick.ttys.map((tty) => ({ stick, tty })))
      .find((f) => f.tty.path === path);
    if (!found) {
      throw failure('STICK_GONE/no-port', { path }, { stick: path });
    }
    const { stick, tty } = found;
    this.#permit(path, stick);
    const holder = this.#holders.get(path) ?? (tty.isOpen ? 'this process' : undefined);
    if (holder !== undefined) throw failure('PORT_BUSY/port', { path, holders: [holder] }, { stick: stick.portPath });
    return new VirtualTtyPort(tty, stick.portPath, (job) => this.#later(job));
  }

  async openBulk(device: UsbDevice, interfaceNumber: number): Promise<BulkPipe> {
    const stick = this.sticks.find((s) => s.device?.portPath === device.portPath);
    if (stick?.device?.address !== device.address) throw gone(device.portPath);
    this.#permit(stick.portPath, stick);
    const face = stick.storage(interfaceNumber);
    if (!face) {
      throw failure('BAD_ARGUMENT/no-storage', { stick: device.portPath, interface: interfaceNumber });
    }
    const key = `${device.portPath}:${device.address}.${interfaceNumber}`;
    if (this.#claimed.has(key)) {
      const params = { stick: device.portPath, interface: interfaceNumber, holder: 'this process' };
      throw failure('PORT_BUSY/virtual-interface', params);
    }
    this.#claimed.add(key);
    const released = () => this.#claimed.delete(key);
    return new VirtualBulkPipe({ stick, face, released, later: (job) => this.#later(job) });
  }

  async setConfiguration(device: UsbDevice, value: number): Promise<void> {
    const stick = this.sticks.find((s) => s.device?.portPath === device.portPath);
    if (stick?.device?.address !== device.address) throw gone(device.portPath);
    if (this.configures === 'forbidden') {
      throw failure('NO_PERMISSION/configuration', { stick: device.portPath });
    }
    if (this.configures === 'yes') stick.configure(value);
  }

  storageVendor(): Promise<string | undefined> {
    return Promise.resolve(this.vendorSeen);
  }

  mounts(): Promise<Mount[]> {
    return Promise.resolve([...this.mountList]);
  }

  /** The stick has given the machine an address, and its web server is spoken to without a network. */
  async network({ portPath }: UsbDevice): Promise<NetworkLink[]> {
    const links = this.links.get(portPath);
    const stick = this.sticks.find((s) => s.portPath === portPath);
    const address = stick?.web?.address;
    if (links || address === undefined) return links ?? [];
    const own = { address: address.replace(/\d+$/, '100'), prefix: 24 };
    const link: NetworkLink = { name: 'eth1', addresses: [own], gateways: [address], rivals: [] };
    if (this.ownLines.has(portPath)) link.ownLine = true;
    return [{ ...link, transport: webTransport(() => stick?.web, address) }];
  }

  machine(): Promise<Machine> {
    return Promise.resolve(this.machineState);
  }

  broken(): Promise<Broken> {
    return Promise.resolve(this.brokenModules);
  }

  async connection(device: UsbDevice): Promise<Connection> {
    const forbidden = (path: string) => this.#forbidden.has(path);
    const plain = virtualConnection(device, forbidden, (path) => this.#holders.get(path));
    return { ...plain, ...this.connections.get(device.portPath) };
  }

  async lock(portPath: string): Promise<StickLock> {
    if (this.#locks.has(portPath)) {
      throw failure('BUSY/program', { stick: portPath, holder: `this process (${process.pid})` });
    }
    this.#locks.add(portPath);
    let held = true;
    return {
      release: () => {
        if (held) this.#locks.delete(portPath);
        held = false;
      },
    };
  }

  /** The system's USB authorisation; refused when {@link reauthorizes} is false, as without the rights to it. */
  async reauthorize(portPath: string): Promise<boolean> {
    const stick = this.sticks.find((s) => s.device?.portPath === portPath);
    if (!this.reauthorizes || !stick?.device) return false;
    stick.reenumerate();
    return true;
  }

  readNote(key: string): string | undefined {
    return this.#notes.get(key);
  }

  /** '' = one that cannot be read. */
  writeNote(key: string, text: string | undefined): void {
    if (text === undefined) this.#notes.delete(key);
    else this.#notes.set(key, text);
  }

  async writeNoteAsync(key: string, text: string | undefined): Promise<boolean> {
    if (this.hasRoom) this.writeNote(key, text);
    return this.hasRoom;
  }

  boot(): string | undefined {
    return this.bootName;
  }

  uptime(): number {
    return this.clock.now();
  }

  listNotes(): NoteEntry[] {
    return [...this.#notes].map(([key, text]) => ({ key, text: text || undefined }));
  }

  keepFile(name: string, text: string, series?: string): string {
    this.files.set(name, (this.files.get(name) ?? '') + text);
    const names = [...this.files.keys()];
    if (series !== undefined) for (const old of oldestOf(names, series, name)) this.files.delete(old);
    return `virtual:${name}`;
  }

  stateProblems(): string[] {
    return [...this.problemList];
  }

  async tellAll(place: string, text: string | undefined): Promise<boolean> {
    if (!this.tells) return false;
    if (text === undefined) this.marks.delete(place);
    else this.marks.set(place, text);
    return true;
  }

  toldToAll(): Mark[] {
    return [...this.marks].map(([place, text]) => ({ place, text }));
  }

  presence(device: UsbDevice): string {
    const stick = this.sticks.find((s) => s.device?.portPath === device.portPath);
    return `${stick?.name} ${device.portPath} ${device.address} ${stick?.enumerations}`;
  }

  place(device: UsbDevice): string {
    return device.portPath;
  }

  power(_portPath: string, change: boolean): Promise<Power> {
    if (change && this.powerState.autosuspend === 'allowed')
      this.powerState = { ...this.powerState, autosuspend: 'off' };
    return Promise.resolve(this.powerState);
  }

  stayAwake(): Promise<(() => void) | undefined> {
    return Promise.resolve(() => undefined);
  }

  intruders(): Promise<string[]> {
    return Promise.resolve([...this.intruderList]);
  }

  #devices(): UsbDevice[] {
    const found = this.sticks.flatMap((stick) => (stick.device ? [stick.device] : []));
    return structuredClone(found).sort((a, b) => a.portPath.localeCompare(b.portPath, 'en', { numeric: true }));
  }

  #permit(path: string, stick: VirtualStick): void {
    if (!this.#forbidden.has(path)) return;
    if (path === stick.portPath) throw failure('NO_PERMISSION/usb', { stick: path });
    throw failure('NO_PERMISSION/port', { path }, { stick: stick.portPath });
  }

  /** All jobs of one turn of the event loop in one go: bytes never arrive within the call that caused them. */
  #later(job: () => void): void {
    if (this.#jobs.push(job) > 1) return;
    void this.clock.during(
      new Promise<void>((resolve) => {
        setImmediate(() => {
          const jobs = this.#jobs;
          this.#jobs = [];
          resolve();
          for (const next of jobs) next();
        });
      }),
    );
  }
}

const gone = (stick: string): DriverError => failure('STICK_GONE/left', { stick });
