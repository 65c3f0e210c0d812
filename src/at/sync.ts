/**
 * What brings a port and its commands into step: bare `AT`, silence, and a question whose answer can be no other one's.
 * Sends while no command is under way.
 */

import type { DriverError } from '../errors';
import { type Clock, sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { parseParts } from './command';
import type { AtLink, Outcome } from './link';
import { inHdlc } from './messages';

type Reply = Outcome & { kind: 'final' };

/** Answered at once, without a SIM, by a line that no other reply has: also a late one is known by it. */
const PING = 'AT+CMEE?';
const PONG = '+CMEE';
const NOTHING = new Uint8Array(0);

export interface SyncOptions {
  clock: Clock;
  where: { stick: string; path: string };
  /** A command as it is sent. */
  encode: (command: string) => Uint8Array;
  /** Why nothing may be sent any more. */
  halt: () => DriverError | undefined;
  /** Ends a wait for silence. */
  stopped: AbortSignal;
}

export class AtSync {
  readonly #link: AtLink;
  readonly #options: SyncOptions;

  constructor(link: AtLink, options: SyncOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** The opening `AT`, tried in one form after another, which `form` sets; false when none is answered. */
  async handshake(tries: number, form: (attempt: number) => void): Promise<boolean> {
    for (let i = 0; i < tries; i++) {
      form(i);
      if (!(await this.probe(TIMEOUTS.at.probe))) continue;
      // The OK may have been a late one to an earlier try: only a second answer proves this form.
      if (!(await this.exchange('ATE0', TIMEOUTS.at.probe))) continue;
      // What earlier tries or a former user of the port left unanswered comes now, or is nobody's.
      await this.quiet();
      if (i === 0 || (await this.catchUp())) return true;
    }
    return false;
  }

  /** Silence, then one `AT` with an `OK`. */
  async confirm(): Promise<boolean> {
    await this.quiet();
    return this.probe(TIMEOUTS.at.probe);
  }

  /**
   * Waits until all that was sent is answered, on a stick that is slow just now: an `OK` names no command, so after a
   * silence it may be that of an earlier try, and the next command would get the one behind it. Answers come in the order
   * of the commands, and that to `AT+CMEE?` can be nothing else's. A stick that has none for it is in step when it is
   * silent for as long as a command may take. False when nothing was answered at all.
   */
  async catchUp(): Promise<boolean> {
    const until = this.#options.clock.now() + TIMEOUTS.at.resync;
    let outcome = await this.exchange(PING, TIMEOUTS.at.command);
    if (!outcome) return false;
    while (outcome?.final.kind === 'ok' && !outcome.lines.some((line) => line.startsWith(PONG))) {
      if (this.#options.clock.now() >= until) return false;
      outcome = await this.#exchange(PING, NOTHING, TIMEOUTS.at.command);
    }
    return true;
  }

  /** Waits until no piece of a reply has come for a while; URCs do not count. */
  async quiet(): Promise<void> {
    const until = this.#options.clock.now() + TIMEOUTS.at.resync;
    while (this.#link.quietFor < TIMEOUTS.at.quiet && this.#options.clock.now() < until) {
      await sleep(this.#options.clock, TIMEOUTS.at.quiet - this.#link.quietFor, this.#options.stopped);
    }
  }

  /** One `AT`; true if it was answered by OK. Leaves a prompt, and turns words on where the stick answers in digits. */
  async probe(timeoutMs: number): Promise<boolean> {
    const outcome = await this.exchange('AT', timeoutMs);
    if (outcome?.final.kind !== 'ok') return false;
    if (outcome.numeric) await this.exchange('ATV1', timeoutMs);
    return true;
  }

  /** Sends `text`; its reply, or undefined where none has come. */
  exchange(text: string, timeoutMs: number): Promise<Reply | undefined> {
    return this.#exchange(text, this.#options.encode(text), timeoutMs);
  }

  /** Without `bytes` only the next reply is awaited. */
  async #exchange(text: string, bytes: Uint8Array, timeoutMs: number): Promise<Reply | undefined> {
    const halt = this.#options.halt();
    if (halt) throw halt;
    const exchange = { text, parts: parseParts(text), dials: false, numeric: true, watchHdlc: true, timeoutMs };
    const outcome = await new Promise<Outcome>((settle) => {
      this.#link.exchange(exchange, bytes, settle);
    });
    if (outcome.kind === 'final') return outcome;
    if (outcome.kind === 'failed') throw outcome.error;
    if (outcome.kind === 'hdlc') throw inHdlc(this.#options.where);
    if (outcome.kind === 'prompt') this.#link.escape();
    return undefined;
  }
}
