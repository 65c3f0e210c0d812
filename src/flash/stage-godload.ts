/** The way in that needs no boot pin: running firmware that restarts into its own loader at `AT^GODLOAD`. */

import type { AtChannel } from '../at/channel';
import { isDriverError } from '../errors';
import { type Stick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { AtFound, Job, LoaderFound } from './job';

/** Why the stick did not take the way, as a sentence, and what it is now. */
export interface NotTaken {
  why: string;
  stick: Stick;
}

/**
 * Sends `AT^GODLOAD` and waits for the loader (12d1:1442). Firmware that does not allow it refuses, and goes on running.
 * The channel is closed afterwards. Errors: those of the channel, save those that a restart looks like.
 */
export async function enterByGodload(job: Job, found: AtFound, channel: AtChannel): Promise<LoaderFound | NotTaken> {
  job.stage(
    'godload',
    `Asking ${stickText(found.stick)} with AT^GODLOAD to restart into its loader, without the boot pin.`,
  );
  job.checkpoint();
  await job.same.require(found.stick);
  let final = '';
  try {
    const reply = await channel.run('AT^GODLOAD', { force: true });
    if (!reply.ok) final = reply.final;
  } catch (error) {
    // The restart may have been faster than the answer: its return tells.
    if (!isDriverError(error, 'TIMEOUT', 'STICK_GONE')) throw error;
  } finally {
    await channel.close();
  }
  if (final) return { why: `Its firmware refuses AT^GODLOAD (${final}).`, stick: found.stick };
  const back = await job.shielded(() => job.finder.awaitReturn(found.stick, TIMEOUTS.at.reset, ['loader']));
  if (back?.kind === 'loader') {
    job.did('did.godload', {});
    return back;
  }
  if (!back) return { why: 'It did not restart after AT^GODLOAD.', stick: found.stick };
  return { why: `After AT^GODLOAD it came back as ${stickText(back.stick)}, which is no loader.`, stick: back.stick };
}
