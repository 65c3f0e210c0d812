/**
 * A virtual E3272: every face that the real one shows, as a device sees it. Bytes in, bytes out, all time from the injected
 * clock, no vendor data. Adapters put it behind a host ({@link import('./host').VirtualHost}) or on TCP sockets.
 */

import { DriverError } from '../errors';
import type { Clock, UsbDevice } from '../host/host';
import { startLoader } from './boot-loader';
import { BootRomFace, type BootRomOptions, type Component } from './bootrom';
import type { EventListener, StickEvent } from './events';
import { type FaultOrder, Faults, type Stage } from './faults';
import { FACTORY, Flash } from './firmware';
import { type Identity, makeIdentity } from './identity';
import { LoaderFace } from './loader';
import type { ModemFace } from './modem/face';
import type { Sim, SimState } from './modem/state';
import { World } from './modem/world';
import { E3272_PARTITIONS, type Partition } from './nand';
import { DEFAULT_TIMING, type StickOptions, type Timing } from './options';
import type { Appearance, Personality } from './personality';
import { type Faces, Presence, type SerialWire } from './presence';
import { decideRewind } from './rewind';
import type { SerialStick } from './serial-face';
import { DEFAULT_SETPORT, parseSetport } from './setport';
import type { Incoming } from './sms/centre';
import { StorageFace } from './storage';
import { Timers } from './timers';
import type { VirtualTty } from './tty';

const PRODUCT = 'E3272';

export class VirtualStick {
  readonly name: string;
  readonly portPath: string;
  readonly clock: Clock;
  readonly faults = new Faults();
  /** SIM, network, and what they do to the modem. */
  readonly world: World;
  readonly #options: StickOptions;
  readonly #timing: Timing;
  readonly #timers: Timers;
  readonly #presence: Presence;
  readonly #flash: Flash;
  readonly #identity: Identity;
  readonly #changeListeners = new Set<() => void>();
  readonly #eventListeners = new Set<EventListener>();
  #plugged = false;
  #leaving = false;
  #nvErased = false;
  #setport: string;
  #loader: { partitions: readonly Partition[]; table: string; fresh: boolean } = {
    partitions: E3272_PARTITIONS,
    table: '',
    fresh: true,
  };

  /** Throws BAD_ARGUMENT for options that no stick can have. */
  constructor(options: StickOptions) {
    if (!parseSetport(options.setport ?? DEFAULT_SETPORT)) {
      throw new DriverError('BAD_ARGUMENT', `A virtual stick can't have the SETPORT "${options.setport}".`);
    }
    if (options.pieces !== undefined && !(options.pieces >= 1)) {
      throw new DriverError('BAD_ARGUMENT', 'The pieces of a virtual stick have at least one byte.');
    }
    this.#options = options;
    this.name = options.name ?? 'virtual-1';
    this.portPath = options.portPath ?? '1-1';
    this.clock = options.clock;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#timers = new Timers(options.clock);
    this.#flash = new Flash(FACTORY[options.firmware ?? 'hilink']);
    this.#identity = makeIdentity(options.seed ?? 1);
    this.#setport = options.setport ?? DEFAULT_SETPORT;
    this.world = new World({
      clock: options.clock,
      options,
      timing: this.#timing,
      event: (event) => this.#event(event),
    });
    this.#presence = new Presence({
      name: this.name,
      portPath: this.portPath,
      clock: options.clock,
      firstTtyMs: this.#timing.firstTty,
      nextTtyMs: this.#timing.nextTty,
      pieces: options.pieces,
      after: () => parseSetport(this.#setport)?.after ?? [],
      faces: (appearance, face) => this.#faces(appearance, face),
      fault: (stage) => this.#fault(stage),
      pull: (order) => this.#pull(order),
      event: (event) => this.#event(event),
      changed: () => {
        for (const listener of [...this.#changeListeners]) listener();
      },
    });
  }

  /** As the bus shows it now; undefined while it is off the bus. */
  get device(): UsbDevice | undefined {
    return this.#presence.device;
  }

  get appearance(): Appearance | undefined {
    return this.#presence.appearance;
  }

  get ttys(): readonly VirtualTty[] {
    return this.#presence.ttys;
  }

  /** Bytes in the NAND, by image code on the wire. */
  get flash(): ReadonlyMap<number, Uint8Array> {
    return this.#flash.images;
  }

  /** True once a loader has really erased the NAND: IMEI and calibration are lost. */
  get nvErased(): boolean {
    return this.#nvErased;
  }

  /** The SETPORT that the next start obeys. */
  get setport(): string {
    return this.#setport;
  }

  /** The face behind a mass-storage interface. */
  storage(interfaceNumber: number): StorageFace | undefined {
    return this.#presence.faces.storage.get(interfaceNumber);
  }

  /** The descriptors in full; undefined while it is off the bus. */
  get personality(): Personality | undefined {
    return this.#presence.personality;
  }

  /** From now on a bus takes the serial interfaces as such (USB/IP), and there are no {@link ttys} any more. */
  connectWire(wire: SerialWire): void {
    this.#presence.wire = wire;
  }

  /** One OUT transfer to a serial interface; the stick keeps `data`. */
  serialOut(interfaceNumber: number, data: Uint8Array): void {
    this.#presence.faces.serial?.receive(interfaceNumber, data);
  }

  /** Whether somebody reads a serial interface. */
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

  /** Plugs it in, after pulling it out if it was in. With the boot pin held to ground it comes up in its boot ROM. */
  plug(options: { bootPin?: boolean } = {}): void {
    this.unplug();
    this.#plugged = true;
    this.#loader = { partitions: E3272_PARTITIONS, table: '', fresh: true };
    this.#presence.appear(options.bootPin ? 'bootrom' : this.#firmwareAppearance(), this.#timing.plug);
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

  #leave(powerless: boolean): void {
    this.#presence.leave();
    this.world.stop(powerless);
  }

  get plugged(): boolean {
    return this.#plugged;
  }

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

  /** A DELIVER or STATUS REPORT as hex, the service centre in front, reaches the stick as it is. Throws BAD_ARGUMENT. */
  receivePdu(hex: string): void {
    this.world.receivePdu(hex);
  }

  #event(event: StickEvent): void {
    for (const listener of [...this.#eventListeners]) listener(event);
  }

  #fault(stage: Stage): FaultOrder | undefined {
    const order = this.faults.take(stage);
    if (order) this.#event({ what: 'fault', fault: order.fault, at: stage });
    return order;
  }

  #pull(order: FaultOrder): void {
    this.unplug();
    if (order.ms !== undefined) this.#timers.after(order.ms, () => this.plug());
  }

  /** What power-on leads to. */
  #firmwareAppearance(): Appearance {
    switch (this.#flash.firmware?.kind) {
      case undefined:
        return 'bootrom';
      case 'hilink':
        return 'cdrom-hilink';
      case 'stick':
        return parseSetport(this.#setport)?.before.length ? (this.#options.cdrom ?? 'cdrom-stick') : 'modem';
    }
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

  #serialStick(): SerialStick {
    return {
      clock: this.clock,
      fault: (stage) => this.#fault(stage),
      pull: (order) => this.#pull(order),
      send: (interfaceNumber, bytes) => this.#presence.send(interfaceNumber, bytes),
      event: (event) => this.#event(event),
    };
  }

  #faces(appearance: Appearance, face: Personality): Faces {
    const storage = new Map<number, StorageFace>();
    const slots = face.roles.flatMap((role, number) => (role === 'storage' ? [number] : []));
    slots.forEach((number, n) => {
      // One interface serves both units, two serve one each.
      storage.set(number, this.#storageFace(slots.length > 1 ? [n === 0 ? 'cdrom' : 'sd'] : ['cdrom', 'sd']));
    });
    if (appearance === 'bootrom') {
      const options: BootRomOptions = {
        acceptRepeats: this.#options.acceptsRepeats ?? false,
        start: (component) => this.#startLoader(component),
      };
      return { storage, serial: new BootRomFace(this.#serialStick(), options) };
    }
    if (face.roles.includes('download')) return { storage, serial: this.#loaderFace(face.roles.indexOf('download')) };
    if (!face.roles.includes('pcui') && !face.roles.includes('modem')) return { storage };
    const modem = this.#modemFace(face);
    return { storage, serial: modem, modem };
  }

  #storageFace(units: ('cdrom' | 'sd')[]): StorageFace {
    const seen = (cdb: Uint8Array, effect?: string) =>
      this.#event({ what: 'cbw', cdb: Buffer.from(cdb).toString('hex'), ...(effect === undefined ? {} : { effect }) });
    return new StorageFace(
      {
        timers: this.#presence.timers,
        fault: (stage) => this.#fault(stage),
        pull: (order) => this.#pull(order),
        rewind: (cdb) => this.#rewind(cdb),
        seen,
      },
      units,
    );
  }

  #rewind(cdb: Uint8Array): string {
    const firmware = this.#flash.firmware?.kind ?? 'stick';
    const switched = this.#leaving || !this.appearance?.startsWith('cdrom-');
    const target = decideRewind(cdb, { firmware, switched, sdReader: this.#options.sdReader ?? false });
    if (!target) return 'nothing';
    this.#restart(this.#timing.switch, () => target);
    return target;
  }

  #startLoader(component: Component): void {
    const loader = startLoader(component.bytes);
    if (loader.runs && loader.erases) {
      this.#flash.erase();
      this.#nvErased = true;
      this.#event({ what: 'erased' });
    }
    this.#loader = { partitions: loader.partitions, table: loader.table, fresh: true };
    this.#restart(this.#timing.jump, () => (loader.runs ? 'loader' : undefined));
  }

  #loaderFace(interfaceNumber: number): LoaderFace {
    return new LoaderFace(this.#serialStick(), interfaceNumber, {
      product: this.#options.product ?? PRODUCT,
      swver: this.#flash.firmware?.version ?? '',
      isover: '',
      ...this.#loader,
      slowAckMs: this.#timing.slowAck,
      written: (code, bytes, size) => this.#flash.write(code, bytes, size),
      reset: (table) => {
        this.#event({ what: 'reset', by: table ? 'restart' : 'loader' });
        this.#restart(this.#timing.loaderReset, () => {
          if (!table) return this.#firmwareAppearance();
          this.#loader = { partitions: table.partitions, table: table.raw, fresh: false };
          return 'loader';
        });
      },
    });
  }

  #modemFace(face: Personality): ModemFace {
    const { firmware = FACTORY.stick } = this.#flash;
    const running = this.#setport;
    const identity = this.#nvErased ? { ...this.#identity, imei: '0'.repeat(15) } : this.#identity;
    const parts = {
      firmware: firmware.kind,
      version: firmware.version,
      product: this.#options.product ?? PRODUCT,
      identity,
      godload: this.#options.godload ?? firmware.kind === 'stick',
      roles: face.roles,
      setport: running,
      storeSetport: (value: string) => {
        this.#setport = value;
        this.#event({ what: 'setport', value });
      },
      restart: (into: 'firmware' | 'loader') => {
        this.#event({ what: 'reset', by: 'at' });
        this.#restart(this.#timing.atReset, () => (into === 'loader' ? 'loader-godload' : this.#firmwareAppearance()));
      },
    };
    const options = {
      commandMs: this.#timing.command,
      urcEveryMs: this.#timing.urcEvery,
      losesFirst: this.#options.losesFirstAt ?? true,
    };
    return this.world.start(parts, options, this.#serialStick(), this.#presence.timers);
  }
}
