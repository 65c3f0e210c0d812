/** One conversion: looks at what the stick is, does the next step, looks again. See convert.ts. */

import type { AtChannel } from '../at/channel';
import { type DriverError, failure } from '../errors';
import { SETPORT } from '../family/family';
import { modeEntry } from '../stick/modes';
import { type Stick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { missingFiles, refusal, withWayBack } from './conversion-errors';
import type { ConvertOptions } from './convert-options';
import type { AtFound, BootFound, Found, Job, LoaderFound } from './job';
import { unfinishedText } from './journal';
import { endJournal, refuseLeftovers } from './leftovers';
import { judgeByWeb, refuseOtherModel, refuseOtherText } from './other-models';
import { fileSteps } from './plan';
import { type Said, said } from './said';
import { saveFirst } from './save';
import { waitForBootPin } from './stage-boot-pin';
import { enterByGodload } from './stage-godload';
import { identifyLoader } from './stage-identify';
import {
  askModem,
  changeSetport,
  hasSetport,
  judgeSetport,
  openChannel,
  proveSetport,
  usualPorts,
} from './stage-setport';
import { leaveBySoftware, switchToSerial } from './stage-software';
import { switchOut } from './stage-switch';
import { checkPort, refuseIntruders, uploadLoader, warnForeignLoader } from './stage-upload';
import { resetIntoFirmware, writeImages } from './stage-write';
import { Records } from './unfinished';
import { judgeVersion, warnOtherVersion } from './version';

/** More turns than the longest way has: a stick that goes round in circles ends with an error. */
const MAX_TURNS = 12;

export class Conversion {
  readonly #job: Job;
  readonly #options: ConvertOptions;
  /** Until the stick has said what it is, where nobody has asked for ports. */
  #setport: string;
  /** HiLink is what the stick is to become. */
  readonly #toHilink: boolean;
  readonly #records: Records;
  #written = false;
  /** Has been switched since it last had a reason to come up as a CD-ROM. */
  #switched = false;
  /** It has HiLink firmware, as was seen, and software is to take it to an AT port; false once that was tried. */
  #software: boolean;
  #fromHilink = false;
  #uploaded = false;
  /** Running firmware has started the stick's own loader. */
  #godload = false;
  #saved = false;
  /** AT^SETPORT has been set, and the stick was restarted with it. */
  #portsSet = false;
  /** Another version runs than was written: told in the end, when the stick has its ports. */
  #mismatch: DriverError | undefined;

  /** With the plan that `job` has. */
  constructor(job: Job, options: ConvertOptions) {
    this.#job = job;
    this.#options = options;
    this.#setport = options.setport ?? SETPORT.serial;
    this.#toHilink = options.webui !== undefined;
    this.#software = options.trySoftware === true;
    this.#records = new Records(job, options.asIs);
  }

  get #hasFirmware(): boolean {
    return this.#job.plan.files.length > 0;
  }

  async run(): Promise<void> {
    const job = this.#job;
    const stick = await job.holding.take('convert job');
    this.#records.begin(stick);
    let found: Found | undefined = await job.finder.find(stick);
    const noted = job.host.readNote(job.place);
    try {
      for (let turn = 0; found; turn++) {
        if (turn === MAX_TURNS) throw refusal(found.stick, 'WRONG_MODE/restless');
        job.checkpoint();
        found = await this.#step(found);
      }
      if (this.#written) await refuseLeftovers(job);
      else job.checks.notNeeded('Nothing had to be written: the stick is what it should become.');
      if (this.#mismatch) throw this.#mismatch;
      if (!this.#options.dryRun) {
        await endJournal(job);
        await this.#records.keep();
      }
    } catch (error) {
      if (this.#written) job.checks.fail('after', error);
      // Its own loader, in which AT^GODLOAD has left it, is no place to stay. A write that has begun is on record.
      const begun = this.#written || job.host.readNote(job.place) !== noted;
      const untouched = this.#godload && !begun;
      throw untouched ? withWayBack(error) : error;
    }
  }

  /** One step; undefined when the job is done (or the dry run has seen all it can see). */
  async #step(found: Found): Promise<Found | undefined> {
    const { dryRun } = this.#options;
    switch (found.kind) {
      case 'storage':
        if (this.#hasFirmware && !this.#written) refuseOtherText(this.#job, found.stick);
        if (this.#written && this.#toHilink && modeEntry(found.stick.productId)?.firmware === 'hilink') {
          return this.#isHilink(found.stick);
        }
        return dryRun ? this.#stopDry(found.stick, 'a CD-ROM') : this.#switch(found.stick);
      case 'hilink':
        if (this.#toHilink && (this.#written || !(await this.#mustWrite(found.stick)))) {
          return this.#isHilink(found.stick);
        }
        if (this.#written) {
          throw refusal(found.stick, 'WRONG_MODE/hilink-written');
        }
        if (!this.#software) this.#requireFiles(found.stick, true);
        await this.#records.judge(found.stick);
        await judgeByWeb(this.#job, found.stick, { address: this.#options.hilink?.address, patience: this.#patience });
        await refuseIntruders(this.#job);
        if (dryRun) return this.#stopDry(found.stick, 'in HiLink mode');
        if (this.#software) return this.#leaveHilink(found.stick);
        return this.#waitForBootPin(found.stick, 'HiLink has no port for AT^GODLOAD. ');
      case 'boot':
        this.#requireFiles(found.stick, true);
        await this.#records.judge(found.stick);
        refuseOtherText(this.#job, found.stick);
        await checkPort(this.#job, found);
        return dryRun ? this.#stopDry(found.stick, 'in its boot ROM') : this.#upload(found);
      case 'loader':
        return this.#write(found);
      case 'tty':
        return this.#fromFirmware(found);
      default:
        throw failure(
          'WRONG_MODE/no-way',
          { which: stickText(found.stick), mode: found.kind },
          { stick: found.stick.path },
        );
    }
  }

  /** Running firmware that answers AT: which stick it is, whether it has to be written, and what comes next. */
  async #fromFirmware(found: AtFound): Promise<Found | undefined> {
    const { stick } = found;
    if (this.#written && this.#toHilink) {
      throw refusal(stick, 'WRONG_MODE/no-hilink');
    }
    const channel = await openChannel(this.#job, found);
    await this.#job.same.ask(stick, channel);
    if (this.#written || (!(await this.#mustWrite(stick)) && !this.#toHilink)) {
      return this.#makePermanent(found, channel);
    }
    this.#requireFiles(stick, this.#options.wayIn === 'boot-pin');
    await refuseIntruders(this.#job);
    await this.#refuseOther(stick, channel);
    if (!this.#options.dryRun) return this.#enterLoader(found, channel);
    await channel.close();
    return this.#stopDry(stick, 'running its firmware');
  }

  #refuseOther(stick: Stick, channel: AtChannel): Promise<void> {
    refuseOtherText(this.#job, stick);
    return refuseOtherModel(this.#job, stick, channel);
  }

  #stopDry(stick: Stick, what: string): Promise<undefined> {
    return this.#job.stopDry(
      stick,
      this.#steps(),
      `The stick is ${what} now: its loader can be asked only once it runs.`,
    );
  }

  /** The end of the way to HiLink, or nothing to do on a stick that is it already. */
  #isHilink(stick: Stick): undefined {
    if (this.#written) {
      const text = `It came back as ${stickText(stick)}: HiLink, which has no AT port: its version was not compared.`;
      this.#job.checks.set('after', 'warned', text);
    } else
      this.#job.warn(
        `The stick at ${stickText(stick)} is HiLink already: nothing was written. Ask for a reflash to write it.`,
      );
    return undefined;
  }

  async #switch(stick: Stick): Promise<Found> {
    const job = this.#job;
    if (this.#switched) {
      throw failure('NOT_SWITCHED/cd-rom-again', { which: stickText(stick) }, { stick: stick.path });
    }
    await job.confirm(stick, this.#change, [said('plan.switch', { stick: stick.path }), ...this.#steps()]);
    this.#switched = true;
    const { message } = this.#options;
    this.#fromHilink ||= this.#software && modeEntry(stick.productId)?.firmware === 'hilink';
    if (this.#fromHilink && this.#software && message === undefined) return switchToSerial(job, stick);
    return switchOut(job, stick, message);
  }

  /** Without files a change of its mode can only lead to another port set-up. */
  get #change(): 'flash' | 'setport' {
    return this.#hasFirmware || this.#job.plan.loader ? 'flash' : 'setport';
  }

  /** For a web server that may only be starting. */
  get #patience(): number {
    return this.#switched ? TIMEOUTS.hilink.start : 0;
  }

  /** Once; where it does not work the boot pin is next. */
  async #leaveHilink(stick: Stick): Promise<Found> {
    const job = this.#job;
    await job.confirm(stick, this.#change, [said('plan.software', { stick: stick.path }), ...this.#steps()]);
    this.#software = false;
    this.#fromHilink = true;
    const found = await leaveBySoftware(job, stick, { ...this.#options.hilink, patience: this.#patience });
    // It may have restarted on its way.
    this.#switched = false;
    return found;
  }

  /**
   * From running firmware into a loader: what it says of itself is saved first, then AT^GODLOAD, and where that is refused
   * the boot pin.
   */
  async #enterLoader(found: AtFound, channel: AtChannel): Promise<Found> {
    const job = this.#job;
    await job.confirm(found.stick, 'flash', this.#steps());
    await this.#saveFirst(found.stick, channel);
    if (this.#options.wayIn === 'boot-pin') {
      await channel.close();
      return this.#waitForBootPin(found.stick, 'The boot pin was asked for. ');
    }
    const entered = await enterByGodload(job, found, channel);
    if ('kind' in entered) {
      this.#godload = true;
      job.account.fact({ type: 'way-in', wayIn: 'godload' });
      return entered;
    }
    this.#requireFiles(entered.stick, true, entered.why);
    return this.#waitForBootPin(entered.stick, `${entered.why} `);
  }

  /** Once; where the file could not be kept the next step tries again. */
  async #saveFirst(stick: Stick, channel: AtChannel): Promise<void> {
    this.#saved ||= await saveFirst(this.#job, stick, channel, this.#options.saveImei ?? false);
  }

  async #waitForBootPin(stick: Stick, reason: string): Promise<Found> {
    const found = await waitForBootPin(this.#job, stick, reason, this.#steps());
    this.#godload = false;
    return found;
  }

  async #upload(found: BootFound): Promise<Found> {
    const { loader } = this.#job.plan;
    if (!loader) throw missingFiles(found.stick, true, !this.#hasFirmware);
    await this.#job.confirm(found.stick, 'flash', this.#steps());
    this.#uploaded = true;
    return uploadLoader(this.#job, found, loader);
  }

  async #write(found: LoaderFound): Promise<Found | undefined> {
    const job = this.#job;
    this.#requireFiles(found.stick, false);
    const earlier = await this.#records.judge(found.stick);
    await checkPort(job, found);
    if (!this.#uploaded) warnForeignLoader(job, this.#godload);
    const loader = await identifyLoader(job, found);
    if (this.#options.dryRun) return this.#stopDry(found.stick, 'a loader');
    await job.confirm(found.stick, 'flash', this.#steps());
    const written = await writeImages(job, found, loader, {
      earlier,
      restarts: true,
      setAside: () => this.#records.setAside(),
    });
    this.#written = true;
    // What was written may begin with a CD-ROM.
    this.#switched = false;
    return resetIntoFirmware(job, written.at, written.wire);
  }

  async #makePermanent(found: AtFound, channel: AtChannel): Promise<Found | undefined> {
    const job = this.#job;
    const modem = await askModem(job, found.stick, channel);
    const { setport } = modem;
    if (this.#options.setport === undefined) this.#setport = usualPorts(modem) ?? this.#setport;
    if (!this.#portsSet) {
      if (this.#written) this.#mismatch = judgeVersion(job, modem);
      else warnOtherVersion(job, modem);
    }
    if (hasSetport(setport, this.#setport)) {
      await channel.close();
      proveSetport(job, found.stick.path, setport, this.#setport);
      if (this.#written && !this.#mismatch) job.checks.set('after', 'passed', `AT^SETPORT? says ${setport}.`);
      return undefined;
    }
    if (this.#portsSet) proveSetport(job, found.stick.path, setport, this.#setport);
    if (this.#options.dryRun) {
      await judgeSetport(channel, this.#setport);
      await channel.close();
      return undefined;
    }
    await job.confirm(found.stick, 'setport', [
      said('plan.otherPorts', { setport: this.#setport, now: String(setport) }),
    ]);
    if (!this.#written) await this.#saveFirst(found.stick, channel);
    // The new composition may begin with a CD-ROM.
    this.#switched = false;
    const back = await changeSetport(job, found, channel, this.#setport, setport);
    this.#portsSet = true;
    return back;
  }

  /**
   * A stick that works is written only on demand, or when an earlier write was not completed; and where it has an AT port for
   * the moment only, by software, and there is a firmware to get rid of HiLink.
   */
  async #mustWrite(stick: Stick): Promise<boolean> {
    const unfinished = await this.#records.judge(stick);
    if (!unfinished) return this.#options.reflash === true || (this.#fromHilink && this.#hasFirmware);
    const needed = failure('BAD_ARGUMENT/nothing-to-write', { stick: stick.path, what: unfinishedText(unfinished) });
    if (!this.#hasFirmware) throw needed;
    this.#job.warn(needed.message);
    return true;
  }

  #steps(): Said[] {
    const last = this.#toHilink ? said('plan.hilink', {}) : said('plan.ports', { setport: this.#setport });
    return [...fileSteps(this.#job.plan), last];
  }

  /** A flash needs the firmware, and the loader unless the stick has one of its own running. */
  #requireFiles(stick: Stick, loaderToo: boolean, why = ''): void {
    const loader = loaderToo && !this.#job.plan.loader;
    if (loader || !this.#hasFirmware) throw missingFiles(stick, loader, !this.#hasFirmware, why);
  }
}
