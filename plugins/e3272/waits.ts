/** Which jobs wait for a person's hands: every editor shows it, wherever its user is. */

import type { NodeAPI } from 'node-red';
import { type JobView, listJobs, onJob } from '../../src/jobs/registry';
import { WAITS, type Waiting } from './shapes';

export interface Waits {
  now(): Waiting[];
  stop(): void;
}

export function waitsOf(RED: NodeAPI): Waits {
  const waiting = new Map<string, Waiting>();
  const offs = new Map<JobView, () => void>();
  let rev = 0;
  const set = (stick: string, act: Waiting['act'] | undefined) => {
    if (waiting.get(stick)?.act === act) return;
    if (act) waiting.set(stick, { stick, act });
    else waiting.delete(stick);
    // What the doorbell says goes to everybody: nothing but that there is news.
    RED.comms.publish(WAITS, { rev: ++rev }, false);
  };
  const watch = (job: JobView) => {
    const { stick } = job;
    let over = false;
    const stop = job.watch({
      onEvent: (event) => {
        if (event.type === 'wait') set(stick, event.act);
        else if (event.type === 'stage') set(stick, undefined);
      },
      onEnd: () => {
        over = true;
        set(stick, undefined);
        offs.delete(job);
      },
    });
    if (!over) offs.set(job, stop);
  };
  const off = onJob(watch);
  for (const job of listJobs()) watch(job);
  return {
    now: () => [...waiting.values()],
    stop() {
      off();
      for (const stop of offs.values()) stop();
    },
  };
}
