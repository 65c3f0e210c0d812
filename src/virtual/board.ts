/**
 * What is inside a virtual stick and outlives its enumerations: flash, SETPORT, the loader that was uploaded; what a start
 * makes of it, and what answers behind the interfaces then.
 */

import { saysItErases, startLoader } from './boot-loader';
import { BootRomFace, type BootRomOptions, type Component } from './bootrom';
import { FACTORY, Flash } from './firmware';
import { type Identity, makeIdentity } from './identity';
import { LoaderFace } from './loader';
import type { Model } from './models';
import type { ModemHardware } from './modem/hardware';
import type { ModemFace } from './modem/modem-face';
import { E3272_PARTITIONS, nvBlockIn, type Partition } from './nand';
import type { StickOptions } from './options';
import type { Appearance, Personality } from './personality';
import type { Faces } from './presence';
import { decideRewind } from './rewind';
import type { SerialStick } from './serial-face';
import { parseSetport } from './setport';
import { StorageFace } from './storage';
import type { Timers } from './timers';
import type { Timing } from './timing';
import { WebFace } from './web/face';
import { HILINK_FIRMWARE, personalityOf } from './web/firmware';
import { freshMemory, type WebMemory, type WebSettings } from './web/memory';

const VENDOR = 'HUAWEI';

export interface BoardWiring {
  options: StickOptions;
  model: Model;
  timing: Timing;
  world: ModemHardware;
  /** They stop when the stick leaves the bus. */
  timers: Timers;
  stick: SerialStick;
  /** It has left CD-ROM mode, or is about to: no rewind message has an effect any more. */
  switched(): boolean;
  /** Leaves the bus in `ms` and comes back as `next` says then; undefined = hangs until it is plugged in anew. */
  restart(ms: number, next: () => Appearance | undefined): void;
}

export class Board {
  readonly flash: Flash;
  readonly #wiring: BoardWiring;
  readonly #identity: Identity;
  #nvErased = false;
  #setport: string;
  /** HiLink firmware was told its ports by AT, in a mode that had one: what else is set is for stick firmware. */
  #keepsPorts = false;
  /** What the web interface has been told, and what it keeps once it has run. */
  #webSettings: Partial<WebSettings>;
  #web: WebMemory | undefined;
  #webStarts = 0;
  #loader: { partitions: readonly Partition[]; table: string; fresh: boolean } = {
    partitions: E3272_PARTITIONS,
    table: '',
    fresh: true,
  };

  constructor(wiring: BoardWiring) {
    const { options, model } = wiring;
    this.#wiring = wiring;
    const { firmware = 'hilink', hilink } = options;
    const version = firmware === 'hilink' && hilink ? HILINK_FIRMWARE[hilink].version : model.versions[firmware];
    this.flash = new Flash({ kind: firmware, version });
    this.#identity = makeIdentity(options.seed ?? 1);
    this.#setport = options.setport ?? model.setport;
    this.#webSettings = options.web ?? {};
  }

  get nvErased(): boolean {
    return this.#nvErased;
  }

  get setport(): string {
    return this.#setport;
  }

  /** A loader that was in memory is gone. */
  powerOn(): void {
    this.#loader = { partitions: E3272_PARTITIONS, table: '', fresh: true };
  }

  /** What a start leads to. */
  firmwareAppearance(): Appearance {
    const { options, model } = this.#wiring;
    switch (this.flash.firmware?.kind) {
      case undefined:
        return 'bootrom';
      case 'hilink':
        return this.#keepsPorts && parseSetport(this.#setport)?.before.length === 0 ? 'tty' : 'cdrom-hilink';
      case 'stick':
        return parseSetport(this.#setport, model.codes)?.before.length ? (options.cdrom ?? model.cdrom) : 'tty';
    }
  }

  /** Made anew at each enumeration. */
  faces(appearance: Appearance, face: Personality): Faces {
    const storage = new Map<number, StorageFace>();
    const slots = face.roles.flatMap((role, number) => (role === 'storage' ? [number] : []));
    slots.forEach((number, n) => {
      // One interface serves both units, two serve one each.
      storage.set(number, this.#storageFace(slots.length > 1 ? [n === 0 ? 'cdrom' : 'sd'] : ['cdrom', 'sd']));
    });
    if (appearance === 'bootrom') {
      const options: BootRomOptions = {
        port: face.roles.indexOf('boot'),
        acceptRepeats: this.#wiring.options.acceptsRepeats ?? false,
        run: ({ bytes }) => {
          if (saysItErases(bytes)) this.#erase();
        },
        start: (component) => this.#startLoader(component),
      };
      return { storage, serial: new BootRomFace(this.#wiring.stick, options) };
    }
    if (face.roles.includes('download')) return { storage, serial: this.#loaderFace(face.roles.indexOf('download')) };
    if (appearance.startsWith('hilink')) return { storage, ...this.#hilink(face) };
    if (!face.roles.includes('pcui') && !face.roles.includes('modem')) return { storage };
    const modem = this.#modemFace(face);
    return { storage, serial: modem, modem };
  }

  #storageFace(units: ('cdrom' | 'sd')[]): StorageFace {
    const { stick, timers, options } = this.#wiring;
    const seen = (cdb: Uint8Array, effect?: string) =>
      stick.event({ what: 'cbw', cdb: Buffer.from(cdb).toString('hex'), ...(effect === undefined ? {} : { effect }) });
    const { fault, pull } = stick;
    const vendor = options.inquiryVendor ?? VENDOR;
    return new StorageFace({ timers, fault, pull, vendor, rewind: (cdb) => this.#rewind(cdb), seen }, units);
  }

  #rewind(cdb: Uint8Array): string {
    const { options, timing, restart, switched } = this.#wiring;
    const { kind: firmware, version } = this.flash.firmware ?? FACTORY.stick;
    const { project } = personalityOf(version);
    const target = decideRewind(cdb, { firmware, switched: switched(), sdReader: options.sdReader ?? false, project });
    if (!target) return 'nothing';
    restart(timing.switch, () => target);
    return target;
  }

  #startLoader(component: Component): void {
    const { timing, restart } = this.#wiring;
    const loader = startLoader(component.bytes);
    if (loader.runs && loader.erases) this.#erase();
    this.#loader = { partitions: loader.partitions, table: loader.table, fresh: true };
    restart(timing.jump, () => (loader.runs ? 'loader' : undefined));
  }

  #erase(): void {
    this.flash.erase();
    this.#nvErased = true;
    this.#wiring.stick.event({ what: 'erased' });
  }

  /** An image lies where the loader's table has it, also where that is something else on this stick. */
  #write(code: number, bytes: Uint8Array, size: number, start: number | undefined): void {
    const { stick } = this.#wiring;
    if (this.flash.write(code, bytes, size, start)) stick.event({ what: 'bootload', code });
    const block = start === undefined ? undefined : nvBlockIn(start, bytes.length);
    if (block === undefined || this.#nvErased) return;
    this.#nvErased = true;
    stick.event({ what: 'nv', code, block });
  }

  #loaderFace(interfaceNumber: number): LoaderFace {
    const { options, model, stick, timing, restart } = this.#wiring;
    const { product = model.product, identity = `HUAWEI ${product}` } = options;
    return new LoaderFace(stick, interfaceNumber, {
      product,
      identity,
      swver: this.flash.firmware?.version ?? '',
      isover: '',
      ...this.#loader,
      slowAckMs: timing.slowAck,
      written: (code, bytes, size, start) => this.#write(code, bytes, size, start),
      reset: (table) => {
        stick.event({ what: 'reset', by: table ? 'restart' : 'loader' });
        restart(timing.loaderReset, () => {
          if (!table) return this.firmwareAppearance();
          this.#loader = { partitions: table.partitions, table: table.raw, fresh: false };
          return 'loader';
        });
      },
    });
  }

  /** The web interface has been told something, whether it runs or not. */
  changeWeb(settings: Partial<WebSettings>): void {
    this.#webSettings = { ...this.#webSettings, ...settings };
    Object.assign(this.#web ?? {}, settings);
  }

  /** A modem without AT ports, and a web server. */
  #hilink(face: Personality): Pick<Faces, 'serial' | 'modem' | 'web'> {
    const { stick, timing, restart, world, options } = this.#wiring;
    const modem = this.#modemFace(face);
    const personality = personalityOf(modem.context.version);
    this.#web ??= freshMemory(personality, this.#webSettings);
    const web = new WebFace({
      clock: stick.clock,
      timing,
      m: modem.context,
      personality,
      memory: this.#web,
      quirks: world.webQuirks,
      seed: `${this.#identity.serial} ${++this.#webStarts}`,
      ...(options.like && { script: options.like }),
      fault: (path) => stick.fault('web', path),
      pull: (order) => stick.pull(order),
      leave: (how, ms) => {
        if (how === 'restart') stick.event({ what: 'reset', by: 'web' });
        const next = { off: undefined, project: 'upgrade', debug: 'debug' } as const;
        restart(ms, () => (how === 'restart' ? this.firmwareAppearance() : next[how]));
      },
      event: (event) => stick.event(event),
    });
    return { serial: modem, modem, web };
  }

  #modemFace(face: Personality): ModemFace {
    const { options, model, stick, timing, restart, timers, world } = this.#wiring;
    const { firmware = FACTORY.stick } = this.flash;
    const parts = {
      firmware: firmware.kind,
      version: firmware.version,
      product: options.product ?? model.product,
      hardware: model.hardware,
      board: model.board,
      portCodes: model.codes,
      identity: this.#nvErased ? { ...this.#identity, imei: '0'.repeat(15) } : this.#identity,
      godload: options.godload ?? firmware.kind === 'stick',
      roles: face.roles,
      setport: this.#setport,
      storeSetport: (value: string) => {
        this.#setport = value;
        this.#keepsPorts = firmware.kind === 'hilink';
        stick.event({ what: 'setport', value });
      },
      restart: (into: 'firmware' | 'loader') => {
        stick.event({ what: 'reset', by: 'at' });
        restart(timing.atReset, () => (into === 'loader' ? 'loader-godload' : this.firmwareAppearance()));
      },
    };
    const modem = {
      commandMs: timing.command,
      urcEveryMs: timing.urcEvery,
      losesFirst: options.losesFirstAt ?? true,
      ...(options.like && { script: options.like }),
    };
    return world.start(parts, modem, stick, timers);
  }
}
