/**
 * Times by the wall clock, in what outlives a process. That clock may be set by hours or by years while the machine runs, and
 * what had a minute left has a minute left all the same: such times are moved with it. Over a start of the machine there is
 * nothing but the wall clock.
 */

import type { Host } from './host';

/** A run of the machine, where that is known, and when it began by the wall clock as it was then, ms. */
export interface Run {
  boot?: string;
  began?: number;
}

/** What of a host is asked. */
type Machine = Pick<Host, 'clock' | 'boot' | 'uptime'>;

/** Before this the clock was not set: this software did not exist. */
export const SOFTWARE_BORN = Date.UTC(2026, 0, 1);

/** Clocks drift, and are read one after the other. */
const SET_MS = 1_000;

/** The present one, to be kept with times. Empty where nobody can tell. */
export function runOf(host: Machine): Run {
  const [boot, uptime] = [host.boot?.(), host.uptime?.()];
  if (boot === undefined) return {};
  return { boot, ...(uptime !== undefined && { began: beganOf(host, uptime) }) };
}

const beganOf = ({ clock }: Machine, uptime: number): number => Math.round(clock.date().getTime() - uptime);

/** How far the wall clock was set between two moments of one run of the machine, ms; 0 where nobody can tell. */
export function clockSet(then: Run, now: Run): number {
  if (then.boot === undefined || then.boot !== now.boot) return 0;
  return setBetween(then.began, now.began);
}

function setBetween(then: number | undefined, now: number | undefined): number {
  if (then === undefined || now === undefined) return 0;
  return Math.abs(now - then) < SET_MS ? 0 : now - then;
}

/**
 * How far a time of before the last start of the machine is moved, ms: an age that no clock without a battery could give is
 * not believed, and is none.
 */
export const disbelief = (then: number, now: number): number => (then >= SOFTWARE_BORN && then <= now ? 0 : now - then);

/** The wall clock, watched for being set while this process runs. */
export class WallClock {
  readonly #host: Machine;
  readonly #move: (ms: number) => void;
  /** When the clock that nobody sets stood at 0, by this one as it was when it was looked at last. */
  #began: number;

  /** `move`: the clock was set by so many ms since it was looked at last. */
  constructor(host: Machine, move: (ms: number) => void) {
    this.#host = host;
    this.#move = move;
    this.#began = this.#now();
  }

  /** ms, after what is kept by it has been moved. */
  now(): number {
    const began = this.#now();
    const set = setBetween(this.#began, began);
    if (set !== 0) {
      this.#began = began;
      this.#move(set);
    }
    return this.#host.clock.date().getTime();
  }

  #now(): number {
    return beganOf(this.#host, this.#host.uptime?.() ?? this.#host.clock.now());
  }
}
