/**
 * A virtual E3272: every face that the real one shows, as a device sees it. Bytes in, bytes out, all time from the injected
 * clock, no vendor data. Adapters put it behind a host ({@link import('./host').VirtualHost}) or on TCP sockets.
 */

import { failure } from '../errors';
import type { Clock, UsbDevice } from '../host/host';
import { Board } from './board';
import type { EventListener, StickEvent } from './events';
import { type FaultOrder, Faults, type Stage } from './faults';
import { modelNamed } from './models';
import { ModemHardware } from './modem/hardware';
import type { Sim, SimState } from './modem/state';
import type { StickOptions } from './options';
import type { Appearance, Personality } from './personality';
import { Presence, type SerialWire } from './presence';
import { parseSetport } from './setport';
import type { Incoming } from './sms/centre';
import type { StoreName } from './sms/store';
import type { StorageFace } from './storage';
import { Timers } from './timers';
import { DEFAULT_TIMING, type Timing } from './timing';
import type { VirtualTty } from './tty';
import type { WebFace } from './web/face';
import type { WebSettings } from './web/memory';

export class VirtualStick {
  readonly name: string;
  readonly clock: Clock;
  readonly faults = new Faults();
  /** SIM, network, and what they do to the modem. @internal */
  readonly world: ModemHardware;
  readonly #timing: Timing;
  readonly #timers: Timers;
  readonly #presence: Presence;
  readonly #board: Board;
  readonly #changeListeners = new Set<() => void>();
  readonly #eventListeners = new Set<EventListener>();
  #portPath: string;
  #plugged = false;
  #leaving = false;

  /** Throws BAD_ARGUMENT for options that no stick can have. */
  constructor(given: StickOptions) {
    const model = modelNamed(given.model);
    const options = { ...given, quirks: [...model.quirks, ...(given.quirks ?? [])] };
    const { setport = model.setport } = options;
    const read = (text: string) => parseSetport(text, model.codes);
    if (!read(setport)) throw failure('BAD_ARGUMENT/setport', { setport });
    if (options.pieces !== undefined && !(options.pieces >= 1)) throw failure('BAD_ARGUMENT/pieces', {});
    this.name = options.name ?? 'virtual-1';
    this.#portPath = options.portPath ?? '1-1';
    this.clock = options.clock;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#timers = new Timers(options.clock);
    this.world = new ModemHardware({
      clock: options.clock,
      options,
      timing: this.#timing,
      event: (event) => this.#event(event),
    });
    this.#presence = new Presence({
      name: this.name,
      portPath: () => this.#portPath,
      clock: options.clock,
      timing: this.#timing,
      pieces: options.pieces,
      bootPorts: options.bootPorts,
      mbim: options.mbim,
      like: options.like,
      after: () => read(this.#board.setport)?.after ?? [],
      ttyId: () => (read(this.#board.setport)?.before.length === 0 ? model.directId : undefined) ?? 0x1506,
      faces: (appearance, face) => this.#board.faces(appearance, face),
      fault: (stage) => this.#fault(stage),
      pull: (order) => this.#pull(order),
      event: (event) => this.#event(event),
      changed: () => {
        for (const listener of [...this.#changeListeners]) listener();
      },
    });
    this.#board = new Board({
      options,
      model,
      timing: this.#timing,
      world: this.world,
      timers: this.#presence.timers,
      stick: {
        clock: options.clock,
        fault: (stage, path) => this.#fault(stage, path),
        pull: (order) => this.#pull(order),
        send: (interfaceNumber, bytes) => this.#presence.send(interfaceNumber, bytes),
        event: (event) => this.#event(event),
      },
      switched: () => this.#leaving || !this.appearance?.startsWith('cdrom-'),
      restart: (ms, next) => this.#restart(ms, next),
    });
  }

  /** Where it is, or was last, plugged in. */
  get portPath(): string {
    return this.#portPath;
  }

  /** As the bus shows it now; undefined while it is off the bus. */
  get device(): UsbDevice | undefined {
    return this.#presence.device;
  }

  /** How often it has come onto the bus. */
  get enumerations(): number {
    return this.#presence.enumerations;
  }

  get appearance(): Appearance | undefined {
    return this.#presence.appearance;
  }

  /** @internal */
  get ttys(): readonly VirtualTty[] {
    return this.#presence.ttys;
  }

  /** Bytes in the NAND, by image code on the wire. */
  get flash(): ReadonlyMap<number, Uint8Array> {
    return this.#board.flash.images;
  }

  /** True once a loader has erased the NAND, or an image was written over NV: IMEI and calibration are lost. */
  get nvErased(): boolean {
    return this.#board.nvErased;
  }

  /** The SETPORT that the next start obeys. */
  get setport(): string {
    return this.#board.setport;
  }

  /** The face behind a mass-storage interface. @internal */
  storage(interfaceNumber: number): StorageFace | undefined {
    return this.#presence.faces.storage.get(interfaceNumber);
  }

  /** The web server of HiLink firmware; undefined in all other modes. @internal */
  get web(): WebFace | undefined {
    return this.#presence.faces.web;
  }

  /** A host has its address by DHCP. @internal */
  leased(address: string): void {
    this.#event({ what: 'lease', address });
  }

  /** Tells the web interface to want a login or none, or another user and password. */
  changeWeb(settings: Partial<WebSettings>): void {
    this.#board.changeWeb(settings);
  }

  /** From now on things take so long; what has begun goes on as it was. */
  changeTiming(timing: Partial<Timing>): void {
    Object.assign(this.#timing, timing);
  }

  /** The descriptors in full; undefined while it is off the bus. @internal */
  get personality(): Personality | undefined {
    return this.#presence.personality;
  }

  /** From now on a bus takes the serial interfaces as such (USB/IP), and there are no {@link ttys} any more. @internal */
  connectWire(wire: SerialWire): void {
    this.#presence.wire = wire;
  }

  /** One OUT transfer to a serial interface; the stick keeps `data`. @internal */
  serialOut(interfaceNumber: number, data: Uint8Array): void {
    this.#presence.faces.serial?.receive(interfaceNumber, data);
  }

  /** Whether somebody reads a serial interface. @internal */
  serialOpened(interfaceNumber: number, open: boolean): void {
    this.#presence.faces.modem?.opened(interfaceNumber, open);
  }

  /** Called after each change of {@link device}. Returns how to stop it. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onEvent(listener: EventListener): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /**
   * Plugs it in, after pulling it out if it was in; `at` is another place than before. With the boot pin held to ground it
   * comes up in its boot ROM.
   */
  plug(options: { bootPin?: boolean; at?: string } = {}): void {
    this.unplug();
    this.#portPath = options.at ?? this.#portPath;
    this.#plugged = true;
    this.#board.powerOn();
    this.#presence.appear(options.bootPin ? 'bootrom' : this.#board.firmwareAppearance(), this.#timing.plug);
  }

  unplug(): void {
    this.#timers.clear();
    this.#plugged = false;
    this.#leaving = false;
    this.#leave(true);
  }

  /** Leaves the bus and comes back as it was, its firmware started anew: what a USB re-authorisation leads to. */
  reenumerate(): void {
    const appearance = this.appearance;
    if (appearance) this.#restart(0, () => appearance);
  }

  /** The host sets this configuration, where there is one of that number. @internal */
  configure(value: number): void {
    this.#presence.configure(value);
  }

  #leave(powerless: boolean): void {
    this.#presence.leave();
    this.world.stop(powerless);
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** @internal */
  get sim(): Sim {
    return this.world.sim;
  }

  insertSim(state: Exclude<SimState, 'absent' | 'busy'> = 'ready'): void {
    this.world.insertSim(state);
  }

  removeSim(): void {
    this.world.removeSim();
  }

  /** Makes the firmware say a URC now, as far as somebody has its port open. */
  urc(line: string): void {
    this.#presence.faces.modem?.urc(line);
  }

  /** Somebody sends an SMS to the stick; cut into parts where it is long. Throws BAD_ARGUMENT where no SMS can carry it. */
  receiveSms(message: Incoming): void {
    this.world.receiveSms(message);
  }

  /** See {@link ModemHardware.receivePdu}. */
  receivePdu(hex: string, store?: StoreName): void {
    this.world.receivePdu(hex, store);
  }

  #event(event: StickEvent): void {
    for (const listener of [...this.#eventListeners]) listener(event);
  }

  #fault(stage: Stage, path?: string): FaultOrder | undefined {
    const order = this.faults.take(stage, path);
    if (order) this.#event({ what: 'fault', fault: order.fault, at: stage });
    return order;
  }

  #pull(order: FaultOrder): void {
    this.unplug();
    if (order.ms !== undefined) this.#timers.after(order.ms, () => this.plug());
  }

  /** Leaves the bus in `ms` and comes back as `next` says then; undefined = hangs until it is plugged in anew. */
  #restart(ms: number, next: () => Appearance | undefined): void {
    if (this.#leaving || !this.#plugged) return;
    this.#leaving = true;
    this.#timers.after(ms, () => {
      this.#leaving = false;
      this.#leave(false);
      const appearance = next();
      if (appearance) this.#presence.appear(appearance, this.#timing.offBus);
    });
  }
}
