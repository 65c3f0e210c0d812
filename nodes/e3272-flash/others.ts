/** Jobs of the node's stick that somebody else has begun: another node, an earlier one, the sidebar. */

import type { NodeAPI } from 'node-red';
import { isDriverError } from '../../src/errors';
import { cancelJob, type JobView, listJobs, onJob, ownJob } from '../../src/jobs/registry';
import type { StickConfig } from '../shared/config';
import { isVirtual } from '../shared/hosts';
import { loadDriver } from '../shared/lazy';
import type { NodeLife } from '../shared/node';
import type { StickStatus } from '../shared/stick-status';
import { endStatus, showEvent } from './show';

/**
 * Where the stick is that a node means, as jobs name it; undefined where `auto` means none, or several. One that is off the
 * bus has a job that restarts it: it is meant where no other one has a job.
 */
async function placeOf({ which, host }: Pick<StickConfig, 'which' | 'host'>): Promise<string | undefined> {
  const { findStick, parseOwnName } = await loadDriver();
  if (which !== 'auto' && !parseOwnName(which)) return which;
  try {
    return (await findStick(await host(), which)).path;
  } catch (error) {
    if (which !== 'auto' || !isDriverError(error, 'STICK_NOT_FOUND')) return undefined;
    const [only, ...more] = listJobs().filter((job) => !job.report && !isVirtual(job.stick));
    return more.length === 0 ? only?.stick : undefined;
  }
}

/** Cancels the job of the stick that the node means, whoever has begun it. Nothing where there is none. */
export async function cancelThere(config: StickConfig): Promise<void> {
  const place = await placeOf(config);
  if (place !== undefined) cancelJob(place);
}

/** Shows the jobs of the node's stick in its status, those under way and those that begin, while it has none of its own. */
export function watchOthers(
  life: NodeLife,
  config: StickConfig,
  { id, status, translate }: { id: string; status: StickStatus; translate: NodeAPI['_'] },
): void {
  const free = () => ownJob(id) === undefined;
  const watch = async (job: JobView) => {
    if ((await placeOf(config)) !== job.stick || life.signal.aborted) return;
    // The end may be told within watch().
    let callOff = () => {};
    const stop = job.watch({
      onEvent: life.guard((event) => {
        if (free()) showEvent(life.status, event, translate);
      }),
      onEnd: (report) => {
        if (free()) status.result(endStatus(report));
        callOff();
      },
    });
    callOff = life.onClose(stop);
  };
  const begin = (job: JobView) => void watch(job).catch((error: unknown) => life.fail(error));
  life.onClose(onJob(begin));
  for (const job of listJobs()) if (!job.report) begin(job);
}
