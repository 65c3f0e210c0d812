import { failure } from '../errors';
import { BOOT_PIN } from '../family/family';
import { type Stick, stickText } from '../stick/stick';
import { waitForStick } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import type { Found, Job } from './job';
import type { Said } from './said';

/**
 * Waits for the boot ROM at the same port path; a plug without the pin is told and waited out. `reason` says why this way
 * is taken, `steps` what follows it. Errors: WRONG_MODE (no bus), NOT_CONFIRMED, TIMEOUT.
 */
export async function waitForBootPin(job: Job, stick: Stick, reason: string, steps: readonly Said[]): Promise<Found> {
  await job.finder.closePort();
  if (!job.host.hasBus) {
    throw failure('WRONG_MODE/needs-boot', { stick: stick.path, why: reason });
  }
  await job.confirm(stick, 'flash', steps);
  const until = job.host.clock.now() + TIMEOUTS.person.act;
  const ask = (why: string) =>
    job.account.event({
      type: 'wait',
      act: 'boot-pin',
      stick: stick.path,
      left: Math.max(0, Math.round((until - job.host.clock.now()) / 1_000)),
      text: `${why}Unplug the stick, hold its boot pin to ground and plug it in again at the same place (${stick.path}).`,
    });
  job.stage('boot-pin', `${reason}The stick at ${stickText(stick)} must be started in its boot ROM.`);
  ask('');
  let address: number | undefined = stick.device.address;
  const { signal } = job.options;
  const back = await waitForStick(job.host, stick.path, (now) => now?.mode === 'boot', {
    timeoutMs: TIMEOUTS.person.act,
    ...(signal && { signal }),
    onLook: (now) => {
      if (now && now.device.address !== address && now.mode !== 'boot') {
        ask(`The stick came up as ${stickText(now)}, not in its boot ROM: the pin was not held. `);
      }
      address = now?.device.address;
    },
  });
  job.account.fact({ type: 'way-in', wayIn: 'boot-pin' });
  job.same.replugged();
  if (back?.stick) return job.finder.find(back.stick);
  throw failure('TIMEOUT/boot-pin', { stick: stick.path, pin: BOOT_PIN.place });
}
