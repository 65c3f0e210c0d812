/**
 * The AT channel of one stick: one command at a time, in the order they were asked for; a reply never reaches another
 * command, a URC never a reply. After a timeout the port is brought back into step before the next command is sent.
 */

import { DriverError } from '../errors';
import type { Clock, TtyPort } from '../host/host';
import { Listeners } from '../listeners';
import { TIMEOUTS } from '../timeouts';
import { EmergencyList } from './emergency';
import { AtLink, type Outcome } from './link';
import { cancelled, closed, noAnswer, notOpened, outOfStep, timedOut, unexpectedPrompt } from './messages';
import type { ChannelOptions, RunOptions } from './options';
import type { AtReply } from './reply';
import type { Urc } from './sorter';
import { type Prepared, prepare, refusedCall, type Step } from './steps';
import { AtSync } from './sync';

export type { ChannelOptions, RunOptions } from './options';
export type { AtReply } from './reply';
export type { Urc } from './sorter';

interface Job {
  readonly request: Prepared;
  /** The step that is sent now, or would be next. */
  step: Step;
  onAbort?: () => void;
  resolve: (reply: AtReply) => void;
  reject: (error: DriverError) => void;
}

/** Takes a job's listener off its signal. */
function release(job: Job): void {
  if (job.onAbort) job.request.signal?.removeEventListener('abort', job.onAbort);
}

export class AtChannel {
  readonly #port: TtyPort;
  readonly #clock: Clock;
  readonly #where: { stick: string; path: string };
  readonly #endings: readonly string[];
  readonly #tries: number;
  readonly #link: AtLink;
  readonly #sync: AtSync;
  readonly #listeners = new Listeners<Urc>();
  readonly #queue: Job[] = [];
  readonly #emergency = new EmergencyList();
  #active: Job | undefined;
  #syncing = false;
  /** The reply to an earlier command is still outstanding. */
  #dirty = false;
  #ending = '';
  #opening: Promise<void> | undefined;
  #opened = false;
  /** Set once the channel is of no use any more: the port vanished or was closed. */
  #end: DriverError | undefined;
  /** Why the opening handshake has to stop, if it has to. */
  #halt: DriverError | undefined;
  readonly #stopping = new AbortController();
  /** Resolves when the channel is of no use any more: the port has vanished, or was closed. Never rejects. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  #closing: Promise<void> | undefined;

  constructor(port: TtyPort, options: ChannelOptions) {
    this.#port = port;
    this.#clock = options.clock;
    this.#where = { stick: options.stick ?? port.path, path: port.path };
    this.#tries = options.tries ?? 8;
    const { space = 'auto' } = options;
    this.#endings = space === 'auto' ? [' ', ''] : [space === 'always' ? ' ' : ''];
    this.#link = new AtLink(
      port,
      options.clock,
      (urc, known) => this.#emit(urc, known),
      (error) => this.#stop(error),
    );
    this.#sync = new AtSync(this.#link, {
      clock: options.clock,
      where: this.#where,
      encode: (command) => this.#encode(command),
      halt: () => this.#end ?? this.#halt,
      stopped: this.#stopping.signal,
    });
  }

  get path(): string {
    return this.#where.path;
  }

  get stick(): string {
    return this.#where.stick;
  }

  /** True between a successful {@link open} and the end of the port. */
  get isOpen(): boolean {
    return this.#opened && !this.#end;
  }

  /** Whether commands end in a space before the CR; decided by {@link open}. */
  get space(): boolean {
    return this.#ending !== '';
  }

  /**
   * Finds out how the stick wants its commands and turns the echo off where that works. Errors: TIMEOUT (no answer),
   * WRONG_MODE (the port speaks the binary download protocol), STICK_GONE, CANCELLED. May be called again after an
   * error; while it runs, a further call waits for the same outcome.
   */
  open(signal?: AbortSignal): Promise<void> {
    this.#opening ??= this.#open(signal).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(signal: AbortSignal | undefined): Promise<void> {
    if (this.#end) throw this.#end;
    this.#syncing = true;
    const onAbort = () => {
      this.#halt = cancelled('The opening AT', this.#where, signal?.reason);
      this.#link.fail(this.#halt);
    };
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.#link.listen();
      const form = (i: number) => (this.#ending = this.#endings[i % this.#endings.length] ?? '');
      if (!(await this.#sync.handshake(this.#tries, form))) throw noAnswer(this.#where, this.#tries);
      const halt = this.#end ?? this.#halt;
      if (halt) throw halt;
      this.#opened = true;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#halt = undefined;
      this.#syncing = false;
    }
  }

  /** Sends one command. Errors: see the codes in {@link prepare} and {@link expectOk}; a refusal is no error here. */
  run(command: string, options: RunOptions = {}): Promise<AtReply> {
    const request = prepare(command, options, this.stick);
    return request instanceof DriverError ? Promise.reject(request) : this.send(request);
  }

  /** The same for what is prepared; in front of the first call the stick is asked for its own emergency numbers. @internal */
  send(request: Prepared): Promise<AtReply> {
    if (this.#end) return Promise.reject(this.#end);
    if (!this.#opened) return Promise.reject(notOpened(this.#where));
    const { command, steps, signal, calls } = request;
    if (signal?.aborted) return Promise.reject(cancelled(command, this.#where, signal.reason));
    if (calls) {
      if (!this.#emergency.asked) {
        return this.#emergency.ask((question) => this.run(question)).then(() => this.send(request));
      }
      const error = refusedCall(request, this.#emergency.numbers, this.stick);
      if (error) return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const job: Job = { request, step: steps[0], resolve, reject };
      if (signal) {
        job.onAbort = () => this.#abort(job);
        signal.addEventListener('abort', job.onAbort, { once: true });
      }
      this.#queue.push(job);
      this.#next();
    });
  }

  /** Calls `listener` for each URC until the returned function is called. What it throws is dropped. */
  onUrc(listener: (urc: Urc) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Rejects what is pending and closes the port. Never rejects. */
  async close(): Promise<void> {
    this.#stop(closed(this.#where));
    await this.#closing;
  }

  #next(): void {
    if (this.#active || this.#syncing) return;
    if (this.#queue.length > 0 && this.#dirty) {
      void this.#resync();
      return;
    }
    const job = this.#queue.shift();
    if (!job) return;
    this.#active = job;
    this.#send(job, 0);
  }

  #send(job: Job, index: number): void {
    const { steps, signal } = job.request;
    const step = steps[index] ?? job.step;
    job.step = step;
    const error = this.#end ?? (signal?.aborted ? cancelled(step.command, this.#where, signal.reason) : undefined);
    if (error) {
      this.#finish(job, { kind: 'failed', error }, 0);
      return;
    }
    const started = this.#clock.now();
    this.#link.exchange(step.exchange, this.#encode(step.command), (outcome) => {
      const done = outcome.kind === 'final' && outcome.final.kind === 'ok';
      const more = index + 1 < steps.length;
      // Where the OK was only assumed nobody knows whether the setting was made.
      if (done && more && outcome.assumed) this.#finish(job, { kind: 'timeout' }, 0);
      // Not at once: the rest of the chunk that held the final result code is none of the next command's business.
      else if (done && more) queueMicrotask(() => this.#send(job, index + 1));
      else this.#finish(job, outcome, this.#clock.now() - started);
    });
  }

  #finish(job: Job, outcome: Outcome, ms: number): void {
    this.#active = undefined;
    release(job);
    this.#conclude(job, outcome, ms);
    if (this.#queue.length > 0) queueMicrotask(() => this.#next());
  }

  #conclude(job: Job, outcome: Outcome, ms: number): void {
    const { command, exchange } = job.step;
    if (outcome.kind === 'final') {
      const { final, lines, stale, assumed } = outcome;
      if (assumed) this.#dirty = true;
      const reply: AtReply = { command, ok: final.kind === 'ok', final: final.text, lines, ms };
      if (final.number !== undefined) reply.number = final.number;
      if (stale !== undefined) reply.stalePrefix = stale;
      job.resolve(reply);
      return;
    }
    this.#dirty = true;
    if (outcome.kind === 'failed') job.reject(outcome.error);
    else if (outcome.kind === 'prompt') {
      this.#link.escape();
      job.reject(unexpectedPrompt(command, this.#where));
    } else job.reject(timedOut(command, this.#where, exchange.timeoutMs));
  }

  #abort(job: Job): void {
    const error = cancelled(job.step.command, this.#where, job.request.signal?.reason);
    if (this.#active === job) {
      this.#link.fail(error);
      return;
    }
    const at = this.#queue.indexOf(job);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    job.reject(error);
  }

  /** Brings port and commands into step again, or tells all who wait that it can't be done now. */
  async #resync(): Promise<void> {
    this.#syncing = true;
    const until = this.#clock.now() + TIMEOUTS.at.resync;
    let error: DriverError | undefined;
    try {
      while (this.#dirty && !this.#end) {
        // One OK may still be the late one; a second one, after silence, is the answer to our AT.
        if ((await this.#sync.confirm()) && (await this.#sync.confirm()) && (await this.#sync.catchUp())) {
          this.#dirty = false;
          this.#link.settled();
        } else if (this.#clock.now() >= until) throw outOfStep(this.#where);
        else this.#link.unblock();
      }
    } catch (thrown) {
      error = thrown instanceof DriverError ? thrown : outOfStep(this.#where, thrown);
    }
    this.#syncing = false;
    if (error) this.#rejectQueue(error);
    this.#next();
  }

  #encode(command: string): Uint8Array {
    return Buffer.from(`${command}${this.#ending}\r`, 'latin1');
  }

  #emit(urc: Urc, known: boolean): void {
    this.#emergency.hear(urc.line);
    // While a late reply may still come, a line of unknown kind is more likely a piece of it than a URC.
    if (!known && (this.#dirty || this.#syncing)) return;
    this.#listeners.tell(urc);
  }

  #rejectQueue(error: DriverError): void {
    for (const job of this.#queue.splice(0)) {
      release(job);
      job.reject(error);
    }
  }

  #stop(error: DriverError): void {
    if (this.#end) return;
    this.#end = error;
    this.#rejectQueue(error);
    this.#link.fail(error);
    this.#stopping.abort(error);
    // Also when the stick is gone: a tty that is kept open makes it come back under another name.
    this.#closing = this.#port.close();
  }
}
