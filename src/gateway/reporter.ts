/** What a gateway tells of its stick and of itself: retained, and no more often than anybody needs. */

import type { AtState } from '../device/at/open-at';
import { StatusWatch } from '../device/status-watch';
import type { DriverError } from '../errors';
import type { Clock, Timer } from '../host/host';
import { SOFTWARE_BORN } from '../host/wall-clock';
import { TIMEOUTS } from '../timeouts';
import type { Status, StatusPart } from '../values/status';
import type { Stick } from './courier';
import type { DeviceFacts } from './discovery';
import { leftOf, usesOf } from './guard';
import type { Journal, Times } from './journal';
import type { NetworkTime } from './network-time';
import type { HealthPayload, InfoPayload, StatePayload, StickPayload } from './payloads';
import type { Post } from './post';
import { SCHEMAS } from './schemas';
import type { GatewaySettings } from './settings';
import { COMMAND_KINDS, type Topics } from './topics';

export interface ReporterParts {
  settings: GatewaySettings;
  topics: Topics;
  journal: Journal;
  post: Post;
  times: Times;
  /** The wall clock of the machine. */
  own: () => Date;
  network: NetworkTime;
  clock: Clock;
  software: string;
  nodeRed: string | undefined;
  /** Whether the broker keeps what comes while we are away; null where nobody can tell. */
  persistent: () => boolean | null;
  /** The stick is another one, or has other firmware. */
  identified: () => void;
  failed: (error: unknown) => void;
  refusedToday: () => number;
}

const PARTS: readonly StatusPart[] = ['signal', 'network', 'sim', 'data', 'temperature', 'identity'];

/** Seconds by which two readings of the network's time differ without meaning anything. */
const APART_S = 5;

const isReady = ({ state, web }: AtState): boolean => state === 'ready' || web?.state === 'ready';

/** Why it is not of use: a code of an error, or what it is at; null where all is well. */
function reasonOf(state: AtState): string | null {
  const { sim, network } = state.web?.state === 'ready' ? state.web : state;
  const error: DriverError | undefined = state.error ?? state.web?.error;
  if (!isReady(state)) return error?.code ?? (state.state === 'mode' ? `mode-${state.mode}` : state.state);
  if (sim !== undefined && sim !== 'ready') return `sim-${sim}`;
  if (network !== undefined && network !== 'registered') return `network-${network}`;
  return null;
}

export class Reporter {
  readonly #is: ReporterParts;
  readonly #began: number;
  readonly #offs: (() => void)[] = [];
  #watch: StatusWatch | undefined;
  #stick: AtState = { state: 'connecting' };
  #told: Omit<StickPayload, 'v' | 'since'> | undefined;
  #status: Omit<Status, 'identity'> = {};
  #facts: DeviceFacts = { model: undefined, firmware: undefined, hardware: undefined, manufacturer: undefined };
  #at: Stick['at'] | undefined;
  #time: InfoPayload['time'] | undefined;
  #stateAt = Number.NEGATIVE_INFINITY;
  #state: Timer | undefined;
  #info: Timer | undefined;
  #health: Timer | undefined;
  /** Nothing is told before the name is ours. */
  #active = false;

  constructor(parts: ReporterParts) {
    this.#is = parts;
    this.#began = parts.clock.now();
  }

  get facts(): DeviceFacts {
    return this.#facts;
  }

  /** The name is ours: all is told now, and again and again. */
  start(): void {
    this.#active = true;
    this.#tellStick();
    this.#tellInfo();
    this.#tellState();
    this.#tellHealth();
    this.#tellFirmware();
  }

  /** Follows the stick. */
  follow({ at }: Stick): void {
    const { clock, settings } = this.#is;
    this.#at = at;
    this.#offs.push(this.#is.network.follow(at, () => this.#timeHeard()));
    const onState = (state: AtState) => {
      this.#stick = state;
      this.#tellStick();
    };
    this.#offs.push(at.onState(onState));
    onState(at.state);
    const read = (status: Status) => this.#read(status);
    this.#watch = new StatusWatch(
      at,
      clock,
      { parts: PARTS, everyMs: settings.every, changesOnly: true, urcs: true },
      { read, status: (status) => this.#changed(status), failed: (error) => this.#is.failed(error) },
    );
    this.#offs.push(() => this.#watch?.stop());
  }

  /** Reads all figures now. */
  async rescan(): Promise<void> {
    const status = await this.#watch?.read();
    if (!status) return;
    this.#read(status);
    this.#changed(status);
  }

  /** A figure of the gateway itself has changed. */
  changed(): void {
    this.#soon();
  }

  stop(): void {
    this.#active = false;
    for (const off of this.#offs) off();
    for (const timer of [this.#state, this.#info, this.#health]) timer?.cancel();
  }

  /** The newest figures; whether they are told at once is another matter. */
  #read({ identity, ...status }: Status): void {
    this.#status = status;
    const { model, revision: firmware, hardware, manufacturer } = identity ?? {};
    if (model === undefined && firmware === undefined) return;
    const facts: DeviceFacts = { model, firmware, hardware, manufacturer };
    const isNew = JSON.stringify(facts) !== JSON.stringify(this.#facts);
    this.#facts = facts;
    if (!isNew) return;
    this.#tellFirmware();
    this.#is.identified();
    this.#tellInfo();
  }

  #changed(status: Status): void {
    this.#read(status);
    this.#soon();
  }

  /** At most every ten seconds. */
  #soon(): void {
    if (!this.#active) return;
    const wait = this.#stateAt + TIMEOUTS.gateway.soonest - this.#is.clock.now();
    this.#state?.cancel();
    if (wait <= 0) this.#tellState();
    else this.#state = this.#is.clock.after(wait, () => this.#tellState());
  }

  #tellStick(): void {
    if (!this.#active) return;
    const { post, topics } = this.#is;
    const { state, mode } = this.#stick;
    const ready = isReady(this.#stick);
    const now = { ready, mode: state === 'absent' ? 'absent' : (mode ?? 'unknown'), reason: reasonOf(this.#stick) };
    if (JSON.stringify(now) === JSON.stringify(this.#told)) return;
    this.#told = now;
    post.keep(topics.stick, { v: 1, ...now, since: this.#now } satisfies StickPayload);
    this.#tellHealth();
  }

  #tellState(): void {
    if (!this.#active) return;
    const { clock, post, topics, journal, settings } = this.#is;
    this.#state?.cancel();
    this.#state = clock.after(TIMEOUTS.gateway.state, () => this.#tellState());
    this.#stateAt = clock.now();
    const { lastReceivedAt, ...counters } = journal.counters;
    const uses = usesOf(journal.commands, (command) => journal.ageOf(command));
    const sms = {
      ...counters,
      queued: journal.open.length,
      limit_left: leftOf(settings.limits, uses),
      last_received_at: lastReceivedAt,
    };
    // What a stick that is away said last is not how it is.
    const status = isReady(this.#stick) ? this.#status : {};
    post.keep(topics.state, { v: 1, at: this.#now, ...status, sms } satisfies StatePayload);
  }

  #tellInfo(): void {
    if (!this.#active) return;
    const { clock, post, topics, settings, journal, software, nodeRed, persistent, network } = this.#is;
    this.#info?.cancel();
    this.#info = clock.after(TIMEOUTS.gateway.info, () => {
      this.#tellInfo();
      if (this.#at) void network.ask(this.#at).then((known) => known && this.#timeHeard());
    });
    const { model, firmware } = this.#facts;
    this.#time = this.#timeNow;
    post.keep(topics.info, {
      v: 1,
      gw: settings.gw,
      instance: journal.instance,
      boot: journal.boot,
      at: this.#now,
      software,
      node_red: nodeRed ?? null,
      model: model ?? null,
      firmware: firmware ?? null,
      schemas: Object.fromEntries(SCHEMAS.map((name) => [name, `v1/${name}.json`])),
      accepts: COMMAND_KINDS.filter((kind) => this.#accepts(kind)),
      session: { persistent: persistent() },
      time: this.#time,
    } satisfies InfoPayload);
  }

  get #timeNow(): InfoPayload['time'] {
    const { own, network } = this.#is;
    const system = own().getTime();
    const offset_s = network.now === undefined ? null : Math.round((network.now - system) / 1000);
    if (system >= SOFTWARE_BORN) return { source: 'system', offset_s };
    return { source: offset_s === null ? 'unset' : 'network', offset_s };
  }

  /** Told at once where it says something else than before. */
  #timeHeard(): void {
    const { source, offset_s } = this.#timeNow;
    const apart = Math.abs((this.#time?.offset_s ?? Number.POSITIVE_INFINITY) - (offset_s ?? 0));
    if (this.#time?.source !== source || apart > APART_S) this.#tellInfo();
  }

  #accepts(kind: (typeof COMMAND_KINDS)[number]): boolean {
    const { at, ussd } = this.#is.settings;
    if (kind === 'at') return at.length > 0;
    return kind === 'ussd' ? ussd.length > 0 : true;
  }

  #tellFirmware(): void {
    const { firmware } = this.#facts;
    if (!this.#active || firmware === undefined) return;
    // Nobody can tell which the latest is: what is installed counts as that.
    this.#is.post.keep(this.#is.topics.firmware, { installed_version: firmware, latest_version: firmware });
  }

  #tellHealth(): void {
    if (!this.#active) return;
    const { clock, post, topics, journal, refusedToday } = this.#is;
    this.#health?.cancel();
    this.#health = clock.after(TIMEOUTS.gateway.health, () => this.#tellHealth());
    const { health } = journal;
    post.keep(topics.health, {
      v: 1,
      at: this.#now,
      ok: !health.failing && reasonOf(this.#stick) === null,
      uptime_s: Math.round((clock.now() - this.#began) / 1000),
      stick: reasonOf(this.#stick) ?? 'ready',
      queued: journal.open.length,
      unconfirmed: journal.waitingMails,
      journal: health,
      refused_today: refusedToday(),
    } satisfies HealthPayload);
  }

  get #now(): string {
    return this.#is.times.date().toISOString();
  }
}
