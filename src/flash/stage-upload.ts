import { failure } from '../errors';
import { type Loader, loaderComponents } from '../firmware/loader';
import { stickText } from '../stick/stick';
import { probeBootRom } from '../survey/boot-probe';
import { TIMEOUTS } from '../timeouts';
import { BootRom } from './bootrom';
import type { BootFound, Job, LoaderFound } from './job';

/** Programs that would type into the port during a transfer end the job before it has begun. */
export async function refuseIntruders(job: Job): Promise<void> {
  const [first, ...more] = await job.host.intruders(job.place);
  if (first === undefined) return;
  throw failure('PORT_BUSY/intruders', { programs: [first, ...more].join(' ') }, { stick: job.place });
}

/** Check 4: the port is what it should be, opened for this job alone, and no other program would write into it. */
export async function checkPort(job: Job, { kind, stick, tty, probed }: BootFound | LoaderFound): Promise<void> {
  await job.checks.run('port', async () => {
    await refuseIntruders(job);
    const place = job.host.hasBus ? `${tty.path}, interface ${tty.interface} of ${stickText(stick)}` : tty.path;
    // Where the product id tells, the boot ROM is asked right before the upload: a second probe could spoil the transfer.
    const what =
      kind === 'loader'
        ? 'answers as a loader'
        : probed
          ? 'answers as a boot ROM'
          : 'a boot ROM by its product id, asked before the first packet';
    return `${place}: ${what}, opened for this job alone, no other program may write into it.`;
  });
}

/**
 * Check 3 where a loader runs that this job has not uploaded: nobody knows what it is made of. `own`: it is the stick's own,
 * which this job has started.
 */
export function warnForeignLoader(job: Job, own: boolean): void {
  const which = own
    ? "Not uploaded: the stick's own loader was started by AT^GODLOAD"
    : 'A loader runs already and is used';
  job.checks.set('loader', 'warned', `${which}: nobody can tell what it is made of.`);
}

/** Uploads the loader through the boot ROM and proves it by the stick's return as a loader. */
export async function uploadLoader(job: Job, found: BootFound, loader: Loader): Promise<LoaderFound> {
  const { host } = job;
  const { stick, port } = found;
  job.stage('upload', `Uploading the loader to the boot ROM of ${stickText(stick)}.`);
  await checkPort(job, found);
  await job.power.secure(stick.path);
  const components = loaderComponents(loader);
  const size = components.reduce((sum, c) => sum + c.data.length, 0);
  const { signal } = job.options;
  const onProgress = job.account.progress('upload', size, () => ({ text: 'Uploading the loader.' }));
  // Where the survey has probed already a second probe could spoil the transfer.
  if (!found.probed && !(await probeBootRom(port, host.clock, TIMEOUTS.bootrom.answer, signal))) {
    throw failure('TIMEOUT/boot-rom-silent', { stick: stick.path, port: port.path });
  }
  await job.same.require(stick);
  const rom = new BootRom(port, { clock: host.clock, stick: stick.path, onProgress, ...(signal && { signal }) });
  await rom.upload(components);
  job.stage('loader', `Waiting for ${stickText(stick)} to come back with the loader.`);
  const back = await job.finder.awaitReturn(stick, TIMEOUTS.bootrom.reenumerate, ['loader']);
  if (back?.kind === 'loader') {
    job.did('did.upload', { name: loader.name });
    return back;
  }
  throw back
    ? failure('WRONG_MODE/after-upload', { which: stickText(back.stick) }, { stick: stick.path })
    : failure('TIMEOUT/after-upload', { stick: stick.path, seconds: TIMEOUTS.bootrom.reenumerate / 1000 });
}
