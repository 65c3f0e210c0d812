/**
 * One exchange at a time over one tty: writes a line, collects the reply until it ends in one way or another. Knows
 * nothing of queues, guards or retries.
 */

import { HdlcDecoder } from '../codec/hdlc';
import { asDriverError, type DriverError, failure } from '../errors';
import type { Clock, Timer, TtyPort } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { CommandPart } from './command';
import { COMMANDS } from './commands/table';
import type { Final } from './finals';
import { LineSplitter } from './lines';
import { redact } from './redact';
import { type Expectation, LineSorter, type Urc } from './sorter';
import { linePrefix } from './urcs';

/** Bounds for one reply; the longest known one, a full SMS store, has about 100 kB. */
const MAX_REPLY_LINES = 20_000;
const MAX_REPLY_LENGTH = 1_048_576;

/** More is not needed to tell an HDLC frame of the download protocol's short commands. */
const MAX_HDLC = 128;

export interface Exchange extends Expectation {
  timeoutMs: number;
  /** Text to send, with Ctrl-Z behind it, when the stick prompts for one. */
  body?: string;
  /** Called when the body is about to be written: from then on the stick may act on it. */
  onBody?: () => void;
  /** Look for the frames of a port that was left in the binary download protocol. */
  watchHdlc?: boolean;
}

/**
 * How an exchange ended. `prompt`: the stick waits for a text that the exchange has none for. `assumed`: the final result
 * code did not come, and the reply is complete without it.
 */
export type Outcome =
  | { kind: 'final'; final: Final; numeric: boolean; lines: string[]; stale?: string; assumed?: true }
  | { kind: 'timeout' | 'prompt' | 'hdlc' }
  | { kind: 'failed'; error: DriverError };

interface Running {
  exchange: Exchange;
  lines: string[];
  size: number;
  stale?: string;
  fault?: string;
  bodySent: boolean;
  timer?: Timer;
  settle: (outcome: Outcome) => void;
}

const ESCAPE = Buffer.of(0x1b);
/** With a CR behind it: where nothing is to be left, ESC must not stay in front of the next command. */
const UNBLOCK = Buffer.of(0x1b, 0x0d);
const NO_FINAL: Final = { kind: 'ok', text: '' };

export class AtLink {
  readonly #port: TtyPort;
  readonly #clock: Clock;
  readonly #onUrc: (urc: Urc, known: boolean) => void;
  readonly #onGone: (error: DriverError) => void;
  readonly #splitter: LineSplitter;
  readonly #sorter: LineSorter;
  readonly #hdlc: HdlcDecoder;
  #running: Running | undefined;
  #mayPrompt = true;
  #lastByteAt = 0;
  #lastReplyAt = 0;

  constructor(
    port: TtyPort,
    clock: Clock,
    onUrc: (urc: Urc, known: boolean) => void,
    onGone: (error: DriverError) => void,
  ) {
    this.#port = port;
    this.#clock = clock;
    this.#onUrc = onUrc;
    this.#onGone = onGone;
    this.#splitter = new LineSplitter({
      line: (text, breaks) => this.#line(text, breaks),
      prompt: () => this.#prompt(),
      overflow: () => this.#overflow(),
    });
    this.#sorter = new LineSorter({
      info: (line) => this.#info(line),
      echo: () => this.#echo(),
      final: (final, numeric) => this.#final(final, numeric),
      urc: (urc, known) => {
        if (!known) this.#lastReplyAt = this.#lastByteAt;
        this.#onUrc(urc, known);
      },
      stray: () => {
        this.#lastReplyAt = this.#lastByteAt;
      },
      stale: (prefix) => {
        if (this.#running) this.#running.stale = prefix;
      },
    });
    this.#hdlc = new HdlcDecoder({ onFrame: () => this.#settle({ kind: 'hdlc' }) }, MAX_HDLC);
  }

  /** Starts to read. */
  listen(): void {
    this.#port.receive(
      (chunk) => this.#data(chunk),
      (error) => this.#onGone(error),
    );
  }

  /** Since when no reply to a former command is awaited; undefined where one is, or none ever was. */
  #settledAt: number | undefined;

  /** Milliseconds since the last line that was not a URC. */
  get quietFor(): number {
    return this.#clock.now() - this.#lastReplyAt;
  }

  /**
   * Writes `bytes`, if there are any, and calls `settle` once at the end of the reply. There must be no other exchange
   * running.
   */
  exchange(exchange: Exchange, bytes: Uint8Array, settle: (outcome: Outcome) => void): void {
    if (this.#clock.now() - this.#lastByteAt > TIMEOUTS.at.stalled) {
      this.#splitter.reset();
      this.#sorter.flush();
    }
    if (this.#settledAt !== undefined && this.#clock.now() - this.#settledAt > TIMEOUTS.at.late) {
      this.#sorter.settled();
      this.#settledAt = undefined;
    }
    this.#sorter.begin(exchange);
    this.#hdlc.reset();
    this.#mayPrompt = !exchange.parts.some(listsTexts);
    this.#splitter.prompts = this.#mayPrompt && !this.#sorter.unfinished;
    const running: Running = { exchange, lines: [], size: 0, bodySent: false, settle };
    this.#running = running;
    this.#write(bytes);
    // After the write: the stick works while the timer is set.
    if (this.#running !== running) return;
    running.timer = this.#clock.after(exchange.timeoutMs, () => {
      this.#settledAt = undefined;
      this.#sorter.abandon();
      this.#settle({ kind: 'timeout' });
    });
  }

  /** Ends the running exchange, if any, from outside; the stick may go on with the command. */
  fail(error: DriverError): void {
    this.#settledAt = undefined;
    this.#sorter.abandon();
    this.#settle({ kind: 'failed', error });
  }

  /** Port and commands are in step again; for a while a late reply may come all the same. */
  settled(): void {
    this.#settledAt = this.#clock.now();
  }

  /** Leaves a text prompt, whoever has left it open. */
  escape(): void {
    this.#write(ESCAPE);
  }

  /** The same for a prompt that was never seen: it may stand there since before the port was opened. */
  unblock(): void {
    this.#write(UNBLOCK);
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#port.write(bytes).catch((cause: unknown) => {
      this.fail(asDriverError(cause, 'STICK_GONE/write', { path: this.#port.path }));
    });
  }

  #data(chunk: Uint8Array): void {
    this.#lastByteAt = this.#clock.now();
    this.#splitter.push(chunk);
    if (this.#running?.exchange.watchHdlc) this.#hdlc.push(chunk);
  }

  #line(text: string, breaks: number): void {
    this.#sorter.line(text, breaks);
    this.#splitter.prompts = this.#mayPrompt && !this.#sorter.unfinished;
  }

  #info(line: string): void {
    this.#lastReplyAt = this.#lastByteAt;
    const running = this.#running;
    if (!running || running.fault) return;
    running.size += line.length;
    if (running.lines.length === MAX_REPLY_LINES || running.size > MAX_REPLY_LENGTH) {
      running.fault = `a reply of more than ${MAX_REPLY_LINES} lines or ${MAX_REPLY_LENGTH} characters`;
      running.lines.length = 0;
    } else running.lines.push(line);
    if (mayBeAll(line, running.exchange)) this.#awaitMissingOk(running);
  }

  /** Some older firmware ends such a reply without its OK (T18). */
  #awaitMissingOk(running: Running): void {
    running.timer?.cancel();
    running.timer = this.#clock.after(TIMEOUTS.at.missingOk, () => {
      this.#sorter.abandon();
      this.#settle({ kind: 'final', final: NO_FINAL, numeric: false, lines: running.lines, assumed: true });
    });
  }

  #echo(): void {
    this.#lastReplyAt = this.#lastByteAt;
    // What came before the echo was no answer to this command.
    if (this.#running) this.#running.lines.length = 0;
  }

  #final(final: Final, numeric: boolean): void {
    this.#lastReplyAt = this.#lastByteAt;
    const running = this.#running;
    if (!running) return;
    this.#sorter.end();
    if (running.fault) {
      const params = { path: this.#port.path, command: redact(running.exchange.text), why: running.fault };
      this.#settle({ kind: 'failed', error: failure('PROTOCOL/reply', params) });
      return;
    }
    const outcome: Outcome = { kind: 'final', final, numeric, lines: running.lines };
    if (running.stale !== undefined) outcome.stale = running.stale;
    this.#settle(outcome);
  }

  #prompt(): void {
    this.#lastReplyAt = this.#lastByteAt;
    const running = this.#running;
    if (!running) return;
    const { body } = running.exchange;
    if (body === undefined) {
      this.#sorter.abandon();
      this.#settle({ kind: 'prompt' });
      return;
    }
    // In text mode each CR of the body prompts again.
    if (running.bodySent) return;
    running.bodySent = true;
    running.exchange.onBody?.();
    this.#write(Buffer.from(`${body}\u001a`, 'latin1'));
  }

  #overflow(): void {
    if (this.#running) this.#running.fault = 'a line that does not end';
  }

  #settle(outcome: Outcome): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.timer?.cancel();
    running.settle(outcome);
  }
}

/** Whether `line` is the whole reply where the OK may be missing. */
function mayBeAll(line: string, { parts }: Exchange): boolean {
  const [part] = parts;
  if (!part || parts.length > 1 || part.form !== 'read' || !COMMANDS.get(part.name)?.mayLackOk) return false;
  return linePrefix(line) === part.name;
}

/** Replies that hold texts of other people: a line that begins with `> ` is no prompt there. */
function listsTexts({ name }: CommandPart): boolean {
  const spans = COMMANDS.get(name)?.spans;
  return typeof spans === 'object' && spans.reply !== undefined;
}
