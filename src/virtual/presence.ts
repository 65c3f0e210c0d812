/**
 * The stick on the bus: one enumeration after another, each with its own descriptors, address and ttys, which appear one
 * after another. What is behind the interfaces is made anew each time.
 */

import type { Clock, UsbDevice, UsbInterface } from '../host/host';
import { inConfiguration } from './configurations';
import type { EventListener } from './events';
import type { FaultOrder, Stage } from './faults';
import type { ModemFace } from './modem/modem-face';
import { type Appearance, isSerial, type Personality, personality } from './personality';
import type { Script } from './script';
import type { SerialFace } from './serial-face';
import type { StorageFace } from './storage';
import { Timers } from './timers';
import type { Timing } from './timing';
import { VirtualTty } from './tty';
import type { WebFace } from './web/face';

/** What answers behind the interfaces. */
export interface Faces {
  serial?: SerialFace;
  /** The same as `serial`, where that is a modem. */
  modem?: ModemFace;
  storage: Map<number, StorageFace>;
  /** HiLink firmware. */
  web?: WebFace;
}

/** A bus that carries the serial interfaces as such, instead of ttys in this process: USB/IP. */
export interface SerialWire {
  /** One transfer from the stick; `bytes` is the receiver's. Must not throw. */
  deliver(interfaceNumber: number, bytes: Uint8Array): void;
}

export interface PresenceOptions {
  name: string;
  /** Where it is plugged in. */
  portPath(): string;
  clock: Clock;
  timing: Pick<Timing, 'firstTty' | 'nextTty'>;
  /** Answers arrive in pieces of this many bytes. */
  pieces?: number | undefined;
  /** SETPORT codes of the composition after the switch. */
  after(): readonly string[];
  /** Product id of stick firmware. */
  ttyId(): number;
  /** See {@link import('./options').StickOptions}. */
  bootPorts?: number | undefined;
  mbim?: number | undefined;
  like?: Script | undefined;
  faces(appearance: Appearance, face: Personality): Faces;
  fault(stage: Stage): FaultOrder | undefined;
  pull(order: FaultOrder): void;
  event: EventListener;
  changed(): void;
}

const SLOW_TTY = 10_000;
const LATE = 2_000;

export class Presence {
  readonly #options: PresenceOptions;
  readonly #timers: Timers;
  #address = 0;
  #enumerations = 0;
  #device: UsbDevice | undefined;
  #appearance: Appearance | undefined;
  #personality: Personality | undefined;
  #wire: SerialWire | undefined;
  #faces: Faces = { storage: new Map() };
  #ttys: VirtualTty[] = [];
  /** Vanished, but a program still holds them. */
  #stale: VirtualTty[] = [];

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
  }

  get device(): UsbDevice | undefined {
    return this.#device;
  }

  /** How often it has come onto the bus: addresses are given out again. */
  get enumerations(): number {
    return this.#enumerations;
  }

  get appearance(): Appearance | undefined {
    return this.#appearance;
  }

  /** What {@link device} does not say of its descriptors. */
  get personality(): Personality | undefined {
    return this.#personality;
  }

  /** From now on the serial interfaces go to `wire`, and there are no ttys. */
  set wire(wire: SerialWire) {
    this.#wire = wire;
    const device = this.#device;
    if (!device) return;
    this.#dropTtys();
    this.#device = { ...device, interfaces: device.interfaces.map(({ tty: _, ...bare }) => bare) };
    this.#options.changed();
  }

  get ttys(): readonly VirtualTty[] {
    return this.#ttys;
  }

  get faces(): Faces {
    return this.#faces;
  }

  /** Timers that stop when the stick leaves the bus. */
  get timers(): Timers {
    return this.#timers;
  }

  send(interfaceNumber: number, bytes: Uint8Array): void {
    const to = this.#wire
      ? (chunk: Uint8Array) => this.#wire?.deliver(interfaceNumber, Uint8Array.from(chunk))
      : (chunk: Uint8Array) => tty?.deliver(chunk);
    const tty = this.#ttys.find((t) => t.interfaceNumber === interfaceNumber);
    const size = this.#options.pieces ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) to(bytes.subarray(at, at + size));
  }

  /** Off the bus at once. */
  leave(): void {
    this.#timers.clear();
    this.#dropFaces();
    this.#faces = { storage: new Map() };
    const there = this.#device !== undefined;
    this.#device = undefined;
    this.#appearance = undefined;
    this.#personality = undefined;
    this.#dropTtys();
    if (!there) return;
    this.#options.event({ what: 'mode', mode: 'off' });
    this.#options.changed();
  }

  #dropFaces(): void {
    this.#faces.serial?.dispose();
    this.#faces.web?.dispose();
  }

  #dropTtys(): void {
    const ttys = this.#ttys;
    this.#ttys = [];
    this.#stale = [...this.#stale, ...ttys].filter((tty) => tty.isOpen);
    for (const tty of ttys) {
      this.#options.event({ what: 'tty', tty: tty.number, interface: tty.interfaceNumber, present: false });
      tty.vanish();
    }
  }

  /** On the bus as `wanted` in `ms`, unless a fault sees to something else. */
  appear(wanted: Appearance, ms: number): void {
    const order = this.#options.fault('enumerate');
    if (order?.fault === 'noreturn') return;
    const appearance = order?.fault === 'othermode' ? (order.mode ?? 'fastboot') : wanted;
    const delay = order?.fault === 'late' ? (order.ms ?? LATE) : 0;
    this.#timers.after(ms + delay, () => {
      this.#enumerate(appearance, order);
      if (order?.fault === 'unplug') this.#options.pull(order);
    });
  }

  #enumerate(appearance: Appearance, order: FaultOrder | undefined): void {
    this.#address = (this.#address % 127) + 1;
    this.#enumerations++;
    this.#appearance = appearance;
    const device = this.#show(appearance, this.#options.mbim, order);
    this.#options.event({
      what: 'mode',
      mode: appearance,
      pid: device.productId.toString(16).padStart(4, '0'),
      address: this.#address,
    });
    this.#options.changed();
    this.#startTtys(device, order);
  }

  /**
   * The host sets another configuration: the interfaces and what is behind them are made anew, the address stays. Nothing
   * happens where there is none of that number, or it is the active one.
   */
  configure(value: number): void {
    const appearance = this.#appearance;
    if (!appearance || !this.#device?.others?.some((other) => other.value === value)) return;
    this.#timers.clear();
    this.#dropFaces();
    this.#dropTtys();
    const device = this.#show(appearance, value, undefined);
    this.#options.changed();
    this.#startTtys(device, undefined);
  }

  /** What the bus shows from now on; `active` is the configuration that is set, where there are several. */
  #show(appearance: Appearance, active: number | undefined, order: FaultOrder | undefined): UsbDevice {
    const { ttyId, after, bootPorts, mbim, like } = this.#options;
    const own = inConfiguration(personality(appearance, after(), bootPorts, ttyId()), appearance, mbim, active);
    const face = like ? { ...own, device: like.device(own.device) } : own;
    const portPath = this.#options.portPath();
    const device = {
      ...face.device,
      interfaces: order?.fault === 'nodriver' ? withoutDrivers(face) : face.device.interfaces,
      portPath,
      bus: Number.parseInt(portPath, 10) || 1,
      address: this.#address,
    };
    this.#personality = face;
    this.#device = device;
    this.#faces = this.#options.faces(appearance, face);
    return device;
  }

  #startTtys({ interfaces }: UsbDevice, order: FaultOrder | undefined): void {
    if (order?.fault === 'nodriver') return;
    const roles = this.#personality?.roles ?? [];
    const serial = interfaces.filter((i) => isSerial(roles[i.number] ?? 'other'));
    const first = order?.fault === 'slowtty' ? (order.ms ?? SLOW_TTY) : this.#options.timing.firstTty;
    serial.forEach((i, n) => {
      this.#timers.after(first + n * this.#options.timing.nextTty, () => this.#addTty(i.number));
    });
  }

  #addTty(interfaceNumber: number): void {
    const device = this.#device;
    if (!device || this.#wire) return;
    this.#stale = this.#stale.filter((tty) => tty.isOpen);
    const taken = new Set([...this.#stale, ...this.#ttys].map((tty) => tty.number));
    let number = 0;
    while (taken.has(number)) number++;
    const path = `/virtual/${this.#options.name}/ttyUSB${number}`;
    const tty = new VirtualTty(number, path, interfaceNumber, {
      write: (n, data) => this.#faces.serial?.receive(n, data),
      opened: (n, open) => this.#faces.modem?.opened(n, open),
    });
    this.#ttys.push(tty);
    this.#device = {
      ...device,
      interfaces: device.interfaces.map((i) => (i.number === interfaceNumber ? { ...i, tty: path } : i)),
    };
    this.#options.event({ what: 'tty', tty: number, interface: interfaceNumber, present: true });
    this.#options.changed();
  }
}

const withoutDrivers = ({ device, roles }: Personality): UsbInterface[] =>
  device.interfaces.map((i) => {
    if (!isSerial(roles[i.number] ?? 'other')) return i;
    const { driver: _, ...bare } = i;
    return bare;
  });
