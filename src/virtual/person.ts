/** Somebody who does what a job asks a person to do, so that a demo runs by itself. */

import type { VirtualStick } from './stick';

/** `boot-pin`: pull the stick out and plug it in with the boot pin held to ground. */
export type PersonAction = 'plug' | 'unplug' | 'replug' | 'boot-pin';

export interface PersonOptions {
  /** Time to find the stick, and between pulling out and plugging in; 1000 ms by default. */
  pauseMs?: number;
  /** Stops the person between two moves. */
  signal?: AbortSignal;
}

/** Resolves when the last move is made; what it leads to shows on the bus. */
export async function act(stick: VirtualStick, what: PersonAction, options: PersonOptions = {}): Promise<void> {
  const { pauseMs = 1_000, signal } = options;
  const pause = () => wait(stick, pauseMs, signal);
  await pause();
  if (what !== 'plug' && !signal?.aborted) {
    stick.unplug();
    await pause();
  }
  if (what !== 'unplug' && !signal?.aborted) stick.plug({ bootPin: what === 'boot-pin' });
}

/** Resolves after `ms`, or as soon as `signal` is aborted. */
function wait(stick: VirtualStick, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = stick.clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
