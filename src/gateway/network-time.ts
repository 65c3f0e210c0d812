/**
 * The time of the network, as the stick has it: for a machine whose own clock nobody has set, as a Raspberry Pi without
 * internet, and to tell how far that clock is off. The web API of a stick in HiLink mode has no time.
 */

import { read } from '../at/ask';
import { CCLK } from '../at/commands/clock';
import type { AtHandle } from '../device/at/open-at';
import { SOFTWARE_BORN } from '../host/wall-clock';
import type { Times } from './journal';

/** They come when the network has told the time. What they say is asked for: some tell UTC, some local time. */
const TOLD = ['^NWTIME', '^TIME', '^TIMESETRULT'];
/** Clocks that differ by less agree. */
export const AGREE_MS = 60_000;

type Source = Pick<AtHandle, 'state' | 'run' | 'onState' | 'onUrc'>;

export class NetworkTime {
  readonly #up: () => number;
  /** Since 1970, and since the machine was started, when it was told; ms. */
  #heard: { time: number; up: number } | undefined;

  /** `up`: ms since the machine was started. */
  constructor(up: () => number) {
    this.#up = up;
  }

  /** ms since 1970; undefined where no stick has told it. It goes on by the clock of the machine that nobody sets. */
  get now(): number | undefined {
    return this.#heard && this.#heard.time + this.#up() - this.#heard.up;
  }

  /** Whether `date` is right, by the network. */
  agrees(date: Date): boolean {
    return this.now !== undefined && Math.abs(date.getTime() - this.now) < AGREE_MS;
  }

  /** Asks whenever the stick may know more; `heard` after each answer. Returns how to end it. */
  follow(at: Source, heard: () => void): () => void {
    const ask = () => {
      void this.ask(at).then((known) => known && heard());
    };
    let state = '';
    const look = () => {
      const before = state;
      state = at.state.state;
      if (state === 'ready' && before !== state) ask();
    };
    const offs = [at.onState(look), at.onUrc(({ urc }) => TOLD.includes(urc) && ask())];
    look();
    return () => {
      for (const off of offs) off();
    };
  }

  /** Asks once. Whether the stick knows it: without a zone, or from before this software, it was never told. Never rejects. */
  async ask(at: Pick<AtHandle, 'state' | 'run'>): Promise<boolean> {
    if (at.state.state !== 'ready') return false;
    const told = await read(at, CCLK).catch(() => undefined);
    const time = told?.offset === undefined ? Number.NaN : Date.parse(told.iso);
    if (!(time >= SOFTWARE_BORN)) return false;
    this.#heard = { time, up: this.#up() };
    return true;
  }
}

/** `times` whose wall clock is the network's while that of the machine is not set. */
export const withNetwork = (times: Times, network: NetworkTime): Times => ({
  up: () => times.up(),
  get machine() {
    return times.machine;
  },
  date() {
    const own = times.date();
    return own.getTime() >= SOFTWARE_BORN || network.now === undefined ? own : new Date(network.now);
  },
});
