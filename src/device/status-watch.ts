/** The status of a stick again and again: on a schedule, when a URC hints at a change, and on request. */

import { isDriverError } from '../errors';
import type { Clock, Timer } from '../host/host';
import { either } from '../signals';
import { TIMEOUTS } from '../timeouts';
import type { Status, StatusPart } from '../values/status';
import { type AtHandle, type AtState, byEither, type Urc } from './at/open-at';
import { Queue } from './queue';
import { type StatusOptions, StatusReader } from './status';

export interface StatusWatchOptions extends Pick<StatusOptions, 'parts' | 'personal'> {
  /** Milliseconds from one read to the next, 5 s at least; none: on request and by URC only. */
  everyMs?: number;
  /** Tell only what has changed, see {@link hasChanged}. */
  changesOnly?: boolean;
  /** A signal that changes by less, in dB, has not changed; 3 by default. */
  threshold?: number;
  /** Read soon after a URC about one of the parts, and tell it if it has changed. */
  urcs?: boolean;
}

/** What is told is the listener's own. */
export interface StatusWatchEvents {
  status(status: Status): void;
  /** Every status that was read unasked, also one that says nothing new: for whoever shows the present figures. */
  read?(status: Status): void;
  /** A read that nobody asked for failed; told once for each reason in a row. */
  failed(error: unknown): void;
}

/** Which URCs hint at a change of which part. */
const HINTS: Readonly<Record<StatusPart, readonly string[]>> = {
  signal: ['^HCSQ', '^RSSI'],
  network: ['+CREG', '+CGREG', '+CEREG', '^SRVST', '^MODE'],
  sim: ['^SIMST'],
  data: ['^NDISSTAT', '^NDISEND'],
  temperature: ['^THERM'],
  identity: [],
};

/** The state of the session tells of these; they are no news. */
const EXPECTED = ['BUSY', 'STICK_GONE', 'STICK_NOT_FOUND', 'STICK_AMBIGUOUS', 'WRONG_MODE', 'CANCELLED'] as const;

/** Reads that wait for their turn. */
const MOST_READS = 100;

const DEGREES = 2;
const FIGURES = ['rssi', 'rsrp', 'rsrq', 'sinr', 'rscp', 'ecio'] as const;

/**
 * Whether `now` is worth telling after `before`: a part came or went, a word or a flag changed, a signal figure by
 * `threshold` dB or more, the temperature by 2 degrees or more. Bars follow the figures, and counters of bytes and
 * seconds always change: neither counts.
 */
export function hasChanged(before: Status | undefined, now: Status, threshold: number): boolean {
  if (!before) return true;
  const apart = (a: number | undefined, b: number | undefined, limit: number) =>
    a === undefined || b === undefined ? a !== b : Math.abs(a - b) >= limit;
  const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  return (
    before.signal?.system !== now.signal?.system ||
    FIGURES.some((key) => apart(before.signal?.[key], now.signal?.[key], threshold)) ||
    apart(before.temperature, now.temperature, DEGREES) ||
    before.data?.connection !== now.data?.connection ||
    differ([before.network, before.sim, before.identity], [now.network, now.sim, now.identity])
  );
}

/** By AT, or by the web API of a stick in HiLink mode. */
const isReady = ({ state, web }: AtState): boolean => state === 'ready' || web?.state === 'ready';

export class StatusWatch {
  readonly #handle: AtHandle;
  readonly #clock: Clock;
  readonly #options: StatusWatchOptions;
  readonly #events: StatusWatchEvents;
  readonly #reader: StatusReader;
  readonly #stop = new AbortController();
  readonly #queue = new Queue('reads of the status', MOST_READS);
  readonly #offs: (() => void)[] = [];
  /** Reads go one after the other: the reader keeps book of one. */
  #turn: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #timer: Timer | undefined;
  #hint: Timer | undefined;
  #began = Number.NEGATIVE_INFINITY;
  #last: Status | undefined;
  #state = '';
  #complaint = '';

  /** Begins at once. Of `handle` everything else stays with its owner. */
  constructor(handle: AtHandle, clock: Clock, options: StatusWatchOptions, events: StatusWatchEvents) {
    this.#handle = handle;
    this.#clock = clock;
    this.#options = options;
    this.#events = events;
    this.#reader = new StatusReader(handle);
    this.#offs.push(handle.onState((state) => this.#onState(state)));
    if (options.urcs) this.#offs.push(handle.onUrc((urc) => this.#onUrc(urc)));
    this.#onState(handle.state);
  }

  /** The status now, for somebody who asks for it. Errors: QUEUE_FULL, and those of {@link StatusReader.read}. */
  async read(signal?: AbortSignal): Promise<Status> {
    const status = await this.#read(signal);
    this.#last = status;
    return structuredClone(status);
  }

  /** What runs now is given up; nothing is told any more. */
  stop(): void {
    this.#stop.abort();
    this.#timer?.cancel();
    this.#hint?.cancel();
    for (const off of this.#offs) off();
  }

  #onState(now: AtState): void {
    // What a ready stick tells of SIM and network is no occasion.
    const key = `${now.state} ${now.stick} ${now.web?.state}`;
    if (key === this.#state) return;
    this.#state = key;
    if (isReady(now)) {
      this.#tick();
      return;
    }
    this.#reader.forget();
    this.#timer?.cancel();
    this.#hint?.cancel();
    this.#hint = undefined;
  }

  #onUrc({ urc }: Urc): void {
    if (this.#hint || !this.#options.parts.some((part) => HINTS[part].includes(urc))) return;
    const { soonest, afterUrc } = TIMEOUTS.status;
    const wait = Math.max(afterUrc, this.#began + soonest - this.#clock.now());
    this.#hint = this.#clock.after(wait, () => {
      this.#hint = undefined;
      if (isReady(this.#handle.state)) this.#own(true);
    });
  }

  /** One read of the schedule, and the next one in its time. */
  #tick(): void {
    this.#timer?.cancel();
    const { everyMs, changesOnly = false } = this.#options;
    if (everyMs === undefined) return;
    this.#timer = this.#clock.after(Math.max(everyMs, TIMEOUTS.status.soonest), () => this.#tick());
    this.#own(changesOnly);
  }

  /** A read that nobody asked for; left out while another one runs. */
  #own(changesOnly: boolean): void {
    if (this.#pending > 0) return;
    void this.#read().then(
      (status) => {
        if (this.#stop.signal.aborted) return;
        this.#complaint = '';
        this.#events.read?.(structuredClone(status));
        if (changesOnly && !hasChanged(this.#last, status, this.#options.threshold ?? 3)) return;
        this.#last = status;
        this.#events.status(structuredClone(status));
      },
      (error: unknown) => {
        if (this.#stop.signal.aborted || isDriverError(error, ...EXPECTED)) return;
        const complaint = error instanceof Error ? error.message : String(error);
        if (complaint === this.#complaint) return;
        this.#complaint = complaint;
        this.#events.failed(error);
      },
    );
  }

  #read(signal?: AbortSignal): Promise<Status> {
    return this.#queue.take(() => this.#inTurn(signal));
  }

  #inTurn(signal?: AbortSignal): Promise<Status> {
    this.#pending++;
    const both = either(this.#stop.signal, signal);
    const { parts, personal } = this.#options;
    const reading = this.#turn.then(() => {
      this.#began = this.#clock.now();
      const options = { parts, personal, signal: both.signal };
      return byEither(
        this.#handle,
        () => this.#reader.read(options),
        () => this.#handle.webStatus(options),
      );
    });
    reading.catch(() => undefined).finally(both.off);
    this.#turn = reading.catch(() => undefined).then(() => this.#pending--);
    return reading;
  }
}
