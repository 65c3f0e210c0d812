import type { SwitchMessage } from '../modeswitch/messages';
import { switchStick } from '../modeswitch/switch';
import { type Stick, stickText } from '../stick/stick';
import type { Found, Job } from './job';

/** Switches the stick out of its CD-ROM mode, which was confirmed before. Returns what came back. */
export async function switchOut(job: Job, stick: Stick, message: SwitchMessage | undefined): Promise<Found> {
  const { signal } = job.options;
  await job.same.require(stick);
  job.stage('switch', `Switching ${stickText(stick)} out of its CD-ROM mode.`);
  const result = await switchStick(job.host, stick, { ...(message && { message }), ...(signal && { signal }) });
  job.did('did.switch', { which: stickText(result.stick) });
  return job.finder.find(result.stick);
}
