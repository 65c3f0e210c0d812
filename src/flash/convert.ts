/**
 * The convert job: from whatever the stick is now to an AT port that stays.
 *
 * What happens next depends on what the stick is: CD-ROM -> switch; HiLink -> a person must hold the boot pin; boot ROM
 * -> upload the loader; loader -> write the firmware; AT answers -> set SETPORT; anything else is refused. The same call
 * takes up from wherever an earlier one ended.
 */

import { parseComposition } from '../at/setport';
import { DriverError } from '../errors';
import type { Loader } from '../firmware/loader';
import type { Host } from '../host/host';
import type { SwitchMessage } from '../modeswitch/messages';
import { switchStick } from '../modeswitch/switch';
import { type Stick, stickText } from '../stick/stick';
import { waitForStick } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import type { JobReport } from './events';
import { type CheckedFirmware, type FileInput, fileSteps, loadFirmware, loadLoader } from './files';
import { type AtFound, type BootFound, type Found, Job, type JobOptions, type LoaderFound } from './job';
import { askModem, changeSetport, hasSetport, judgeSetport, proveSetport } from './stage-setport';
import { refuseIntruders, uploadLoader } from './stage-upload';
import { identifyLoader, resetIntoFirmware, writeImages } from './stage-write';
import { readUnfinished, unfinishedText } from './unfinished';

export const DEFAULT_SETPORT = 'FF;10,12';

export interface ConvertOptions extends JobOptions {
  loader?: FileInput;
  firmware?: FileInput;
  /** Target of AT^SETPORT, default {@link DEFAULT_SETPORT}; `FF;10,12,16` keeps the network interface too. */
  setport?: string;
  /** Write the firmware although AT answers already. */
  reflash?: boolean;
  /** The loader is used although it is not proven safe. On the command line only, as a typed phrase. */
  allowUnsafeLoader?: boolean;
  message?: SwitchMessage;
  /**
   * Take a stick that answers AT as it is, although an earlier write at this port path was not completed (another stick
   * may be plugged in there now). Else it has to be written again.
   */
  asIs?: boolean;
}

/** More turns than the longest way has: a stick that goes round in circles ends with an error. */
const MAX_TURNS = 12;

/** Runs the whole conversion. Never rejects: the report says how it ended. */
export function convert(host: Host, options: ConvertOptions): Promise<JobReport> {
  return new Job(host, options).run(async (job) => {
    let file: CheckedFirmware | undefined;
    if (options.setport !== undefined && !parseComposition(options.setport)) {
      throw new DriverError('BAD_ARGUMENT', `"${options.setport}" is no value for AT^SETPORT.`, {
        hint: "It has the form before;after with codes of the stick's own list, like FF;10,12.",
      });
    }
    if (options.loader !== undefined || options.firmware !== undefined) job.stage('files', 'Checking the files.');
    const loader =
      options.loader === undefined
        ? undefined
        : await loadLoader(job, options.loader, options.allowUnsafeLoader ?? false);
    try {
      if (options.firmware !== undefined) file = await loadFirmware(job, options.firmware, loader);
      await new Conversion(job, options, loader, file).run();
    } finally {
      if (file) await job.host.clock.during(file.source.close());
    }
  });
}

class Conversion {
  readonly #job: Job;
  readonly #options: ConvertOptions;
  readonly #loader: Loader | undefined;
  readonly #file: CheckedFirmware | undefined;
  readonly #setport: string;
  #written = false;
  #switched = false;

  constructor(job: Job, options: ConvertOptions, loader: Loader | undefined, file: CheckedFirmware | undefined) {
    this.#job = job;
    this.#options = options;
    this.#loader = loader;
    this.#file = file;
    this.#setport = options.setport ?? DEFAULT_SETPORT;
  }

  async run(): Promise<void> {
    const job = this.#job;
    let found: Found | undefined = await job.find(await job.take('convert job'));
    for (let turn = 0; found; turn++) {
      if (turn === MAX_TURNS) throw this.#refuse(found.stick, 'keeps changing its mode without getting any further');
      job.checkpoint();
      found = await this.#step(found);
    }
  }

  /** One step; undefined when the job is done (or the dry run has seen all it can see). */
  async #step(found: Found): Promise<Found | undefined> {
    const { dryRun, reflash } = this.#options;
    switch (found.kind) {
      case 'storage':
        return dryRun ? undefined : this.#switch(found.stick);
      case 'hilink':
        if (this.#written)
          throw this.#refuse(found.stick, 'runs HiLink firmware after the write: that file gives no AT port');
        await this.#beReady(found.stick);
        return dryRun ? undefined : this.#waitForBootPin(found.stick);
      case 'boot':
        await this.#beReady(found.stick);
        return dryRun ? undefined : this.#upload(found);
      case 'loader':
        return this.#write(found);
      case 'at':
        if ((reflash || this.#isHalfWritten(found.stick)) && !this.#written) {
          await this.#beReady(found.stick);
          return dryRun ? undefined : this.#waitForBootPin(found.stick);
        }
        return this.#makePermanent(found);
      default:
        throw this.#refuse(found.stick, `is in ${found.kind} mode`);
    }
  }

  async #switch(stick: Stick): Promise<Found> {
    const job = this.#job;
    if (this.#switched && !this.#written) {
      throw new DriverError(
        'NOT_SWITCHED',
        `The stick at ${stickText(stick)} has become a CD-ROM again after the switch.`,
        {
          stick: stick.path,
          hint: 'Another program may be switching it too. Unplug it, wait five seconds, plug it in again and repeat.',
        },
      );
    }
    this.#switched = !this.#written;
    job.stage('switch', `Switching ${stickText(stick)} out of its CD-ROM mode.`);
    const { message, signal } = this.#options;
    const result = await switchStick(job.host, stick, { ...(message && { message }), ...(signal && { signal }) });
    return job.find(result.stick);
  }

  /** Waits for the boot ROM at the same port path; a plug without the pin is told and waited out. */
  async #waitForBootPin(stick: Stick): Promise<Found> {
    const job = this.#job;
    await job.closePort();
    if (!job.host.hasBus) {
      throw new DriverError(
        'WRONG_MODE',
        `The modem on ${stick.path} runs its firmware; to be written it must be in its boot ROM.`,
        {
          stick: stick.path,
          hint: 'Plug it in with the boot pin held and repeat with the tty that it has then, or without --tty.',
        },
      );
    }
    await job.confirm(stick, 'flash', this.#steps());
    const ask = (why: string) =>
      job.emit({
        type: 'wait',
        act: 'boot-pin',
        stick: stick.path,
        text: `${why}Unplug the stick, hold its boot pin to ground and plug it in again at the same place (${stick.path}).`,
      });
    job.stage('boot-pin', `The stick at ${stickText(stick)} must be started in its boot ROM.`);
    ask('');
    let address: number | undefined = stick.device.address;
    const { signal } = this.#options;
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
    if (back?.stick) return job.find(back.stick);
    throw new DriverError('TIMEOUT', `Nobody plugged the stick in at ${stick.path} with the boot pin held.`, {
      stick: stick.path,
      hint: 'The pin is beside the microSD holder. Repeat the job when you are ready.',
    });
  }

  async #upload(found: BootFound): Promise<Found> {
    if (!this.#loader) throw this.#missing(found.stick);
    await this.#job.confirm(found.stick, 'flash', this.#steps());
    return uploadLoader(this.#job, found, this.#loader);
  }

  async #write(found: LoaderFound): Promise<Found | undefined> {
    const job = this.#job;
    const file = this.#file;
    if (!file) throw this.#missing(found.stick);
    await refuseIntruders(job);
    const link = await identifyLoader(job, found);
    if (this.#options.dryRun) return undefined;
    await job.confirm(found.stick, 'flash', this.#steps());
    const written = await writeImages(job, found, link, file);
    this.#written = true;
    return resetIntoFirmware(job, written.at, written.wire);
  }

  async #makePermanent(found: AtFound): Promise<Found | undefined> {
    const job = this.#job;
    const { channel, setport } = await askModem(job, found);
    if (this.#written) this.#compareVersion();
    if (hasSetport(setport, this.#setport)) {
      await channel.close();
      proveSetport(job, found.stick.path, setport, this.#setport);
      return undefined;
    }
    if (job.report.setport?.changed) proveSetport(job, found.stick.path, setport, this.#setport);
    if (this.#options.dryRun) {
      await judgeSetport(channel, this.#setport);
      await channel.close();
      return undefined;
    }
    // A composition that begins with a CD-ROM has to be switched once more.
    this.#switched = false;
    await job.confirm(found.stick, 'setport', [
      `AT^SETPORT is set to ${this.#setport} (now ${setport}) and the stick restarts.`,
    ]);
    return changeSetport(job, found, channel, this.#setport, setport);
  }

  /** Acknowledgements say that bytes were taken; what runs now says whether they were the right ones. */
  #compareVersion(): void {
    const { firmware, modem } = this.#job.report;
    if (!firmware?.version || !modem?.revision || modem.revision.includes(firmware.version)) return;
    this.#job.warn(
      `The stick runs version ${modem.revision}, although ${firmware.name} says it holds ${firmware.version}.`,
    );
  }

  #isHalfWritten(stick: Stick): boolean {
    if (this.#options.asIs) this.#job.host.writeNote(stick.path, undefined);
    const unfinished = readUnfinished(this.#job);
    if (!unfinished) return false;
    const text = `The stick at ${stick.path} answers AT, but ${unfinishedText(unfinished)}: it has to be written again.`;
    if (this.#loader && this.#file) this.#job.warn(text);
    else {
      throw new DriverError('BAD_ARGUMENT', text, {
        stick: stick.path,
        hint: 'Name both files (--loader and --firmware). If another stick is plugged in there now, say so with --as-is.',
      });
    }
    return true;
  }

  #steps(): string[] {
    return [...fileSteps(this.#job.report), `AT^SETPORT is set to ${this.#setport} and the stick restarts.`];
  }

  /** What a flash needs besides the stick: both files, and nobody else on its ports. */
  async #beReady(stick: Stick): Promise<void> {
    if (!this.#loader || !this.#file) throw this.#missing(stick);
    await refuseIntruders(this.#job);
  }

  #missing(stick: Stick): DriverError {
    const missing = [...(this.#loader ? [] : ['a loader']), ...(this.#file ? [] : ['a firmware'])].join(' and ');
    return new DriverError(
      'BAD_ARGUMENT',
      `The stick at ${stickText(stick)} must be reflashed, and ${missing} file is missing.`,
      {
        stick: stick.path,
        hint: "Name both files (--loader and --firmware). They are Huawei's and must be brought along.",
      },
    );
  }

  #refuse(stick: Stick, why: string): DriverError {
    return new DriverError('WRONG_MODE', `The stick at ${stickText(stick)} ${why}.`, {
      stick: stick.path,
      hint: 'Nothing more was done. Unplug it, wait five seconds and plug it in again, with the boot pin held if it has to be reflashed.',
    });
  }
}
