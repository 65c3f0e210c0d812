/**
 * What is around the modem and outlives its firmware: the SIM, the network, what it keeps without power, how its firmware is
 * made; and the firmware that runs now, if any.
 */

import { failure } from '../../errors';
import type { Clock } from '../../host/host';
import type { StickEvent } from '../events';
import type { StickOptions } from '../options';
import { Centre, type Incoming } from '../sms/centre';
import { type LocalTime, PduError } from '../sms/fields';
import { octetsOf } from '../sms/pdu';
import { SmsStore, type StoredStatus, type StoreName } from '../sms/store';
import { Timers } from '../timers';
import type { Timing } from '../timing';
import { isWebQuirk, type WebQuirk } from '../web/quirks';
import { type Call, ring } from './call';
import { changeData, type DataChange } from './data';
import { freshData } from './data-link';
import type { Hang } from './hang';
import { ModemFace, type ModemOptions } from './modem-face';
import { registered } from './network-service';
import { AT_ROLES, type AtRole, hasAtPort } from './port';
import { isQuirk, type Quirk } from './quirks';
import { freshRadio, type Radio } from './radio';
import { accept } from './sms-incoming';
import { freshNv, freshSettings, type ModemParts, type Nv, type Settings, type Sim, type SimState } from './state';
import { freshUssd, speak } from './ussd';
import type { UssdReply } from './ussd-session';

/** What the network calls now when the clock is at 0, by default. */
const EPOCH = Date.UTC(2024, 0, 1);

export interface HardwareWiring {
  clock: Clock;
  options: StickOptions;
  timing: Timing;
  event(event: StickEvent): void;
}

/** What only the stick knows of a firmware that starts. */
export type FirmwareParts = Pick<
  ModemParts,
  | 'firmware'
  | 'version'
  | 'product'
  | 'hardware'
  | 'board'
  | 'portCodes'
  | 'identity'
  | 'godload'
  | 'roles'
  | 'setport'
  | 'storeSetport'
  | 'restart'
>;

export class ModemHardware {
  readonly sim: Sim;
  readonly radio: Radio;
  readonly centre: Centre;
  /** USSD codes that the network knows. */
  readonly codes: Map<string, UssdReply> = freshUssd();
  /** Peculiarities of the firmware, from its next command on. */
  readonly quirks: ReadonlySet<Quirk>;
  readonly #quirks: Set<Quirk>;
  /** The same of its web server. */
  readonly webQuirks: ReadonlySet<WebQuirk>;
  readonly #webQuirks: Set<WebQuirk>;
  readonly #nv: Nv;
  readonly #wiring: HardwareWiring;
  readonly #timers: Timers;
  #simTurn = 0;
  /** In the slot, once it is no longer busy. */
  #inserted: SimState;
  #face: ModemFace | undefined;
  /** A hang that outlives a re-enumeration. */
  #hang: Hang | undefined;

  constructor(wiring: HardwareWiring) {
    const { options, clock } = wiring;
    this.#wiring = wiring;
    this.#timers = new Timers(clock);
    this.#nv = freshNv(options.firmware ?? 'hilink');
    this.centre = new Centre({
      clock,
      now: () => this.now(),
      event: wiring.event,
      deliver: (pdu, store) => this.#face !== undefined && accept(this.#face.context, pdu, store),
    });
    this.radio = { ...freshRadio(), ...options.radio };
    this.#quirks = new Set(options.quirks?.filter(isQuirk));
    this.quirks = this.#quirks;
    this.#webQuirks = new Set(options.quirks?.filter(isWebQuirk));
    this.webQuirks = this.#webQuirks;
    this.#inserted = options.sim?.state ?? 'ready';
    this.sim = {
      state: this.#inserted,
      locked: this.#inserted === 'pin',
      pin: options.sim?.pin ?? '0000',
      puk: options.sim?.puk ?? '12345678',
      pinTries: this.#inserted === 'puk' ? 0 : 3,
      pukTries: 10,
      number: options.sim?.number ?? '+491710000001',
      centre: this.centre.number,
      reference: 0,
      messages: new SmsStore('SM', options.sim?.messages ?? 20),
      contacts: new Map([
        [1, { number: '+491710000002', name: 'Ada' }],
        [2, { number: '22922', name: 'Service' }],
      ]),
    };
  }

  /** What time it is for the network. */
  now(): LocalTime {
    const { epoch = EPOCH, zone = 4 } = this.#wiring.options;
    return { time: epoch + this.#wiring.clock.now(), zone };
  }

  /** AT ports of the firmware that runs now; none while no such firmware runs. */
  get ports(): readonly AtRole[] {
    const roles = this.#face?.context.roles ?? [];
    return AT_ROLES.filter((role) => roles.includes(role));
  }

  /** Whether a firmware runs that has a radio. */
  get running(): boolean {
    return this.#face !== undefined;
  }

  /** Whether the network has the stick. */
  get reachable(): boolean {
    return this.#face !== undefined && registered(this.#face.context);
  }

  /** The firmware starts. `timers` stop when it stops. */
  start(
    parts: FirmwareParts,
    options: Omit<ModemOptions, 'parts' | 'hang'>,
    stick: ConstructorParameters<typeof ModemFace>[0],
    timers: Timers,
  ): ModemFace {
    const { timing, event } = this.#wiring;
    const settings = freshSettings(parts.firmware);
    if (this.quirks.has('urcs-to-modem')) settings.portsel = 1;
    if (!hasAtPort(parts.roles)) keepMessages(settings);
    const { sim, radio, centre, codes, quirks } = this;
    const face = new ModemFace(stick, {
      ...options,
      hang: this.#hang,
      parts: {
        ...parts,
        sim,
        nv: this.#nv,
        radio,
        centre,
        codes,
        quirks,
        settings,
        data: freshData(),
        times: timing,
        now: () => this.now(),
        event,
      },
    });
    this.#face = face;
    this.#simStarts(timers);
    // Once it is registered, the network has what has been waiting for it.
    timers.after(timing.firstTty, () => centre.reach());
    return face;
  }

  /** With its power the SIM has lost that it was unlocked, not the tries that were used up. */
  #simStarts(timers: Timers): void {
    const { sim } = this;
    if (this.#inserted === 'busy' || this.#inserted === 'absent') return;
    const settled = sim.pinTries === 0 ? 'puk' : sim.locked ? 'pin' : 'ready';
    if (this.#wiring.timing.simBusy === 0) sim.state = settled;
    else this.#simIsBusy(timers, settled);
  }

  /** For a while; what a start or a slot has begun before counts no more. */
  #simIsBusy(timers: Timers, then: SimState): void {
    const turn = ++this.#simTurn;
    this.sim.state = 'busy';
    timers.after(this.#wiring.timing.simBusy, () => {
      if (turn === this.#simTurn) this.#simIs(then);
    });
  }

  /** The firmware has stopped. `powerless`: the stick has lost its power too. */
  stop(powerless: boolean): void {
    const hang = this.#face?.hanging ?? this.#hang;
    this.#hang = !powerless && hang && !hang.yieldsTo('reauthorize') ? hang : undefined;
    if (powerless || this.#face) this.#timers.clear();
    this.#face = undefined;
  }

  insertSim(state: Exclude<SimState, 'absent' | 'busy'>): void {
    this.#inserted = state;
    this.sim.locked = state === 'pin';
    if (state === 'puk') this.sim.pinTries = 0;
    else if (this.sim.pinTries === 0) this.sim.pinTries = 3;
    if (this.#wiring.timing.simBusy === 0) this.#simIs(state);
    else this.#simIsBusy(this.#timers, state);
  }

  removeSim(): void {
    this.#simTurn++;
    this.#inserted = 'absent';
    this.#simIs('absent');
  }

  #simIs(state: SimState): void {
    const change = () => {
      this.sim.state = state;
      this.#face?.context.urc(`^SIMST:${{ absent: 255, ready: 1 }[state as string] ?? 0}`);
    };
    if (this.#face) this.#face.context.change(change);
    else change();
  }

  /** Network or signal change; the firmware says what it has of it. */
  changeRadio(radio: Partial<Radio>): void {
    const change = () => {
      Object.assign(this.radio, radio);
    };
    if (this.#face) this.#face.context.change(change);
    else change();
  }

  /** Counters, rates and the end of the data connection. */
  changeData(change: DataChange): void {
    if (this.#face) changeData(this.#face.context, change);
  }

  /** The network speaks by itself. */
  speak(reply: UssdReply): void {
    if (this.#face) speak(this.#face.context, reply);
  }

  /** Somebody calls; a stick that is not in the network hears nothing of it. */
  call(call: Call): void {
    if (this.#face && registered(this.#face.context)) ring(this.#face.context, call);
  }

  /** The command processor stops. */
  hang(hang: Hang): void {
    this.#face?.hang(hang);
  }

  leaveInHdlc(role: AtRole): void {
    this.#face?.leaveInHdlc(role);
  }

  changeQuirk(name: Quirk | WebQuirk, on: boolean): void {
    const set: Set<Quirk | WebQuirk> = isQuirk(name) ? this.#quirks : this.#webQuirks;
    if (on) set.add(name);
    else set.delete(name);
    this.#face?.quirksChanged();
  }

  /** Somebody sends an SMS to the stick; cut into parts where it is long. Throws BAD_ARGUMENT where no SMS can carry it. */
  receiveSms(message: Incoming): void {
    checked(() => this.centre.receive(message));
  }

  /**
   * A DELIVER or STATUS REPORT as hex, the service centre in front, reaches the stick as it is; `store` as in
   * {@link Incoming}. Throws BAD_ARGUMENT.
   */
  receivePdu(hex: string, store?: StoreName): void {
    checked(() => octetsOf(hex));
    this.centre.receivePdus([hex.toUpperCase()], store);
  }

  /** Messages on the SIM, or in the stick. */
  store(name: StoreName): SmsStore {
    return name === 'SM' ? this.sim.messages : this.#nv.messages;
  }

  /** A PDU lies in a store, as if it had been there for long: nothing announces it. Throws BAD_ARGUMENT. */
  storePdu(name: StoreName, hex: string, status: StoredStatus): void {
    checked(() => octetsOf(hex));
    if (this.store(name).add(status, hex.toUpperCase()) !== undefined) return;
    throw failure('BAD_ARGUMENT/store-full', { store: name });
  }
}

/** HiLink firmware keeps messages and reports in the stick: nobody could take them on an AT port. */
function keepMessages({ sms }: Settings): void {
  sms.stores = ['ME', 'ME', 'ME'];
  sms.cnmi = [2, 1, 0, 2, 0];
}

function checked(fn: () => unknown): void {
  try {
    fn();
  } catch (error) {
    if (!(error instanceof PduError)) throw error;
    throw failure('BAD_ARGUMENT/impossible-sms', { text: error.message }, { cause: error });
  }
}
