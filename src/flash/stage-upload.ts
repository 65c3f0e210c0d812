import { DriverError } from '../errors';
import { type Loader, loaderComponents } from '../firmware/loader';
import { stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { BootRom } from './bootrom';
import type { BootFound, Job, LoaderFound } from './job';

/** Programs that would type into the port during a transfer end the job before it has begun. */
export async function refuseIntruders(job: Job): Promise<void> {
  const [first, ...more] = await job.host.intruders(job.report.stick);
  if (first === undefined) return;
  throw new DriverError(
    'PORT_BUSY',
    `Another program may write into the stick's ports: ${[first, ...more].join(' ')}`,
    {
      stick: job.report.stick,
      hint:
        'Install the udev rule `e3272.rules` of this package (docs/), stop the program (`systemctl stop ModemManager`), or ' +
        'keep it away with `mmcli --inhibit-device` while the job runs, and repeat.',
    },
  );
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

/** Check 3 where a loader runs that this job has not uploaded: nobody knows what it is made of. */
export function warnForeignLoader(job: Job): void {
  const which =
    job.report.wayIn === 'godload'
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
  const rom = new BootRom(port, {
    clock: host.clock,
    stick: stick.path,
    onProgress: job.progress('upload', size, () => ({ text: 'Uploading the loader.' })),
    ...(signal && { signal }),
  });
  // Where the survey has probed already a second probe could spoil the transfer.
  if (!found.probed && !(await rom.probe())) {
    throw new DriverError('TIMEOUT', `The boot ROM of the stick at ${stick.path} does not answer on ${port.path}.`, {
      stick: stick.path,
      hint:
        'It may be in the middle of an earlier upload: unplug the stick, hold the boot pin to ground while you plug it in ' +
        'again, and repeat.',
    });
  }
  await job.same.require(stick);
  await rom.upload(components);
  job.stage('loader', `Waiting for ${stickText(stick)} to come back with the loader.`);
  const back = await job.awaitReturn(stick, TIMEOUTS.bootrom.reenumerate, ['loader']);
  if (back?.kind === 'loader') {
    job.did(`The loader ${loader.name} was uploaded to its memory.`);
    return back;
  }
  throw new DriverError(
    back ? 'WRONG_MODE' : 'TIMEOUT',
    back
      ? `After the upload the stick came back as ${stickText(back.stick)}, which is no loader.`
      : `The loader was uploaded, but the stick did not come back at ${stick.path} as a loader within ${
          TIMEOUTS.bootrom.reenumerate / 1000
        } s.`,
    {
      stick: stick.path,
      hint:
        'Nothing was written to the flash. Plug the stick in again with the boot pin held and repeat; if it happens again, ' +
        'the loader file is for another model or the stick has secure boot.',
    },
  );
}
