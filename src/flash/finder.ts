/**
 * What a job's stick is, and its return after each restart: seen on the bus, or, where there is no bus, by the port that
 * answers again.
 */

import { isDriverError } from '../errors';
import { type Host, sleep, type TtyPort } from '../host/host';
import type { Mode } from '../stick/modes';
import { lastingObstacle } from '../stick/obstacle';
import { describeStick, obstacleError, type Stick } from '../stick/stick';
import { reenumerated, waitForStick, waitForTtys } from '../stick/watch';
import { type PortKind, silentStick, stuckPort, surveyBoot, surveyStick } from '../survey/survey';
import { TIMEOUTS } from '../timeouts';
import type { Account } from './account';
import type { Found } from './job-types';
import type { SameStick } from './same-stick';

export class Finder {
  readonly #host: Host;
  readonly #account: Account;
  readonly #same: SameStick;
  readonly #signal: () => AbortSignal | undefined;
  #open: TtyPort | undefined;
  /** What the last survey found, for sticks whose product id does not tell. */
  #last: { address: number; mode: Mode } | undefined;

  /** `signal`: what ends a wait, or nothing while the stick must be left alone. */
  constructor(host: Host, account: Account, same: SameStick, signal: () => AbortSignal | undefined) {
    this.#host = host;
    this.#account = account;
    this.#same = same;
    this.#signal = signal;
  }

  /** What the stick is, asking its ports where the bus does not tell. An open port belongs to the job afterwards. */
  async find(stick: Stick): Promise<Found> {
    const found = await this.#ports(stick);
    this.#same.look(found.stick);
    return found;
  }

  async #ports(stick: Stick): Promise<Found> {
    const signal = this.#signal();
    await this.closePort();
    if (this.#host.hasBus && stick.mode !== 'tty' && stick.mode !== 'loader' && stick.mode !== 'boot') {
      const obstacle = lastingObstacle(stick);
      if (obstacle) throw obstacleError(stick, obstacle);
      return { kind: stick.mode, stick };
    }
    const ready = this.#host.hasBus ? await waitForTtys(this.#host, stick, signal) : stick;
    const survey = ready.mode === 'boot' ? surveyBoot : surveyStick;
    const surveyed = await survey(this.#host, ready, signal);
    if (!surveyed) throw silentStick(ready);
    this.#keep(surveyed.port);
    const { kind, tty, port, wasHdlc, probed, stuck } = surveyed;
    if (wasHdlc) {
      this.#account.warn(
        `The port ${tty.path} of the stick at ${ready.path} was left in download framing by another program; it was brought back to AT.`,
      );
    }
    if (stuck !== undefined) {
      this.#account.warn(`${stuckPort(ready, stuck).message} The job goes on by ${tty.path}.`);
    }
    const answered = kind === 'tty' || kind === 'loader' || kind === 'boot' ? kind : undefined;
    this.#last = { address: ready.device.address, mode: answered ?? ready.mode };
    if (answered) {
      return { kind: answered, stick: ready, tty, port, ...(probed && { probed }) };
    }
    throw stuckPort(ready, tty.path);
  }

  /**
   * Waits until the stick has come back after `before` and is one of `kinds`; asks its ports for that.
   * Without a bus the port is asked again and again. Undefined after `timeoutMs`.
   */
  async awaitReturn(
    before: Stick,
    timeoutMs: number,
    kinds: readonly (PortKind | Mode)[],
  ): Promise<Found | { kind: 'other'; stick: Stick } | undefined> {
    const signal = this.#signal();
    await this.closePort();
    if (!this.#host.hasBus) return this.#awaitAnswer(before, timeoutMs, kinds);
    const back = await waitForStick(
      this.#host,
      before.path,
      (now) => now !== undefined && now.mode !== 'unknown' && reenumerated(before, now),
      { timeoutMs, ...(signal && { signal }) },
    );
    if (!back?.stick) return undefined;
    const found = await this.#findPatiently(back.stick);
    return kinds.includes(found.kind) ? found : { kind: 'other', stick: found.stick };
  }

  /** New firmware has its ports up some seconds before it answers on them. */
  async #findPatiently(stick: Stick): Promise<Found> {
    const end = this.#host.clock.now() + TIMEOUTS.at.ready;
    for (;;) {
      try {
        return await this.find(stick);
      } catch (error) {
        if (!isDriverError(error, 'TIMEOUT') || this.#host.clock.now() >= end) throw error;
      }
    }
  }

  /**
   * Without a bus the port is asked again and again. A stick goes on answering for seconds before it restarts: what it
   * was before counts only after it has been away (port gone or made anew, or silent).
   */
  async #awaitAnswer(
    before: Stick,
    timeoutMs: number,
    kinds: readonly (PortKind | Mode)[],
  ): Promise<Found | undefined> {
    const { clock } = this.#host;
    const end = clock.now() + timeoutMs;
    const present = this.#last?.mode;
    for (let away = false; ; ) {
      await sleep(clock, TIMEOUTS.loader.reopenPause, this.#signal());
      try {
        const [device] = await this.#host.scan();
        if (device?.address !== before.device.address) away = true;
        const found = device && (await this.find(describeStick(device)));
        if (found && kinds.includes(found.kind) && (away || found.kind !== present)) return found;
      } catch {
        if (this.#signal()?.aborted) throw this.#signal()?.reason;
        // Not back yet: the port is missing, silent or just being made.
        away = true;
      }
      await this.closePort();
      if (clock.now() >= end) return undefined;
    }
  }

  async closePort(): Promise<void> {
    const port = this.#open;
    this.#open = undefined;
    await port?.close();
  }

  #keep(port: TtyPort): TtyPort {
    this.#open = port;
    return port;
  }

  /** What the stick at `place` is at the end, whatever happened. */
  async lookOnce(place: string): Promise<void> {
    try {
      const device = (await this.#host.scan()).find((d) => d.portPath === place);
      if (!device) return;
      const stick = describeStick(device);
      this.#account.fact({
        type: 'now',
        mode: this.#last?.address === device.address ? this.#last.mode : stick.mode,
        ...(this.#host.hasBus && { productId: stick.productId }),
        ttys: stick.ttys.map((t) => t.path),
      });
    } catch {
      // The report is as complete as the machine allows.
    }
  }
}
