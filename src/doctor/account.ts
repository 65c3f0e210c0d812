/** What has been found so far, and the time that is left. */

import type { ParamsOf } from '../errors';
import type { Clock, Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { byWeight, type Finding, type FindingId, type Findings, finding, type Level } from './findings';

/** {@link TIMEOUTS.doctor}, longer on a machine that is slow itself. */
export type Limits = Readonly<Record<keyof typeof TIMEOUTS.doctor, number>>;

export const limitsOf = (patience: number): Limits =>
  Object.fromEntries(Object.entries(TIMEOUTS.doctor).map(([name, ms]) => [name, ms * patience])) as Limits;

export class Account {
  readonly limits: Limits;
  readonly #found: Finding[] = [];
  readonly #tell: (finding: Finding) => void;

  constructor(tell: (finding: Finding) => void, limits: Limits = TIMEOUTS.doctor) {
    this.#tell = tell;
    this.limits = limits;
  }

  add<K extends FindingId>(id: K, level: Level, params: ParamsOf<Findings[K]>): void {
    const found = finding(id, level, params);
    this.#found.push(found);
    this.#tell(found);
  }

  /** True if this was found, of the stick at `stick` where one is named. */
  has(id: FindingId, stick?: string): boolean {
    return this.#found.some((found) => found.id === id && (stick === undefined || found.stick === stick));
  }

  /** What matters first; without what follows from something else that was found. */
  sorted(): Finding[] {
    return this.#found.filter((each) => !this.#isConsequence(each)).sort(byWeight);
  }

  #isConsequence({ id, level, stick }: Finding): boolean {
    if (level === 'ok') return false;
    return this.#found.some(
      (cause) =>
        cause.level === 'error' &&
        (cause.stick === undefined || cause.stick === stick) &&
        CONSEQUENCES[cause.id]?.includes(id),
    );
  }
}

const NETWORK: readonly FindingId[] = ['network-denied', 'network-searching', 'network-none'];

/** What is not worth a word of its own where its cause was found. */
const CONSEQUENCES: Readonly<Partial<Record<FindingId, readonly FindingId[]>>> = {
  'modem-manager': ['port-busy', 'rule-missing', 'rule-late', 'rule-half'],
  'native-serial': ['port-fault'],
  'over-current': ['left', 'silent'],
  'radio-off': NETWORK,
  'sim-absent': NETWORK,
  'sim-failed': NETWORK,
  'sim-pin': NETWORK,
  'sim-puk': NETWORK,
  'web-no-address': ['lan-taken'],
};

/**
 * Does `work` for `ms` at most; false where it was not done by then, or `signal` was aborted. Its signal is aborted then: it
 * must close what it has open, which is awaited. Its errors are thrown.
 */
export async function within(
  clock: Clock,
  { ms, grace }: { ms: number; grace: number },
  work: (signal: AbortSignal) => Promise<unknown>,
  signal?: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const timers: Timer[] = [];
  const stop = () => over.abort();
  timers.push(clock.after(ms, stop));
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  // What hangs in spite of the signal (a file of a dead mount) is left behind.
  const left = new Promise<false>((resolve) => {
    const leave = () => timers.push(clock.after(grace, () => resolve(false)));
    if (over.signal.aborted) leave();
    else over.signal.addEventListener('abort', leave, { once: true });
  });
  const working = work(over.signal).then(() => !over.signal.aborted);
  try {
    return await Promise.race([working, left]);
  } finally {
    working.catch(() => undefined);
    for (const timer of timers) timer.cancel();
    signal?.removeEventListener('abort', stop);
  }
}
