/** HiLink firmware taken to an AT port by software, before the boot pin is asked for: only where that was asked for. */

import { isDriverError } from '../errors';
import { type LeaveOptions, leaveHilink } from '../leave-hilink/leave';
import { throughCdRom } from '../leave-hilink/to-serial';
import { triedTexts } from '../leave-hilink/tried';
import { describeStick, type Stick, stickText } from '../stick/stick';
import type { Found, Job } from './job';

/** Out of its CD-ROM mode, by the message that takes some straight to an AT port, and else the usual one. */
export async function switchToSerial(job: Job, stick: Stick): Promise<Found> {
  const { signal } = job.options;
  await job.same.require(stick);
  job.stage(
    'switch',
    `Switching ${stickText(stick)} out of its CD-ROM mode, to an AT port where its firmware does that.`,
  );
  const { stick: now } = await throughCdRom(job.host, stick, { signal });
  job.did('did.switch', { which: stickText(now) });
  return job.finder.find(now);
}

/**
 * Out of HiLink mode by its web server. Where that does not work, the reason is a warning, and what the stick is then is
 * returned: HiLink as before, most likely. Errors: the signal's reason.
 */
export async function leaveBySoftware(job: Job, stick: Stick, options: LeaveOptions): Promise<Found> {
  const { signal } = job.options;
  await job.same.require(stick);
  job.stage('switch', `Asking ${stickText(stick)} to leave HiLink mode, by the ways that are known for its firmware.`);
  try {
    const { stick: now, tried } = await leaveHilink(job.host, stick, { ...options, signal });
    job.did('did.software', { which: stickText(now), tried: triedTexts(tried) });
    return await job.finder.find(now);
  } catch (error) {
    if (signal?.aborted || !isDriverError(error)) throw error;
    job.warn(`${error.message} It goes on with the boot pin.`);
  }
  const device = (await job.host.scan()).find(({ portPath }) => portPath === stick.path);
  return device ? job.finder.find(describeStick(device)) : { kind: 'hilink', stick };
}
