/**
 * The wire to a running loader: exact AT strings, and HDLC frames with one answer each.
 *
 * An ACK carries no block number. After a silence the ACK may be late or lost, or the request was: the cure is a ping
 * (3A), whose answer proves that everything sent before has been answered or dropped; then the same frame is sent again
 * and exactly one ACK belongs to it. The loader acknowledges a repeated block without storing it again.
 */

import { encodeFrame, HdlcDecoder } from '../codec/hdlc';
import { type DriverError, failure } from '../errors';
import type { Clock, Timer, TtyPort } from '../host/host';
import { TIMEOUTS } from '../timeouts';

/** Outcome of one exchange: 0 = ACK, positive = NAK number, or one of the two below. */
export type Verdict = number;
export const ACK: Verdict = 0;
const SILENCE: Verdict = -1;
/** An answer came, but damaged. */
const DAMAGED: Verdict = -2;
/** The frame that was waited for came (see {@link LoaderLink.request}). */
const FRAME: Verdict = -3;

const CMD_ACK = 0x02;
const CMD_NAK = 0x03;
const CMD_PING = 0x3a;

const PING = encodeFrame(Uint8Array.of(CMD_PING));
/** How often one frame is sent again after a silence or a damaged answer. */
const MAX_REPEATS = 3;
/** How often a ping is sent before the loader counts as dead. */
const MAX_PINGS = 3;
/** Of a text answer the latest lines are kept, and of a line its beginning: a port may talk without end. */
const MAX_LINES = 64;
const MAX_LINE = 512;
const FINAL = /^(OK|ERROR|COMMAND NOT SUPPORT|\+CME ERROR.*)$/;

export interface TextAnswer {
  ok: boolean;
  /** Without the final result code; text that came unasked can stand among them. */
  lines: string[];
}

/** A text answer as it comes in. */
class TextReader {
  #lines: string[] = [];
  #line = '';

  /** The answer, as soon as its final result code has been ended. */
  push(chunk: string): TextAnswer | undefined {
    const [first = '', ...others] = chunk.split(/[\r\n]/);
    this.#add(first);
    for (const next of others) {
      const line = this.#line;
      if (FINAL.test(line)) return { ok: line === 'OK', lines: this.#lines };
      if (line !== '' && this.#lines.push(line) > MAX_LINES) this.#lines.shift();
      this.#line = '';
      this.#add(next);
    }
    return undefined;
  }

  #add(text: string): void {
    this.#line = (this.#line + text).slice(0, MAX_LINE);
  }
}

export class LoaderLink {
  readonly #port: TtyPort;
  readonly #clock: Clock;
  readonly #stick: string;
  readonly #decoder: HdlcDecoder;
  #text: ((chunk: string) => void) | undefined;
  #expected = CMD_ACK;
  #reply: Uint8Array = new Uint8Array(0);
  #settle: ((verdict: Verdict) => void) | undefined;
  #fail: ((error: DriverError) => void) | undefined;
  #timer: Timer | undefined;
  #damaged = false;
  #gone: DriverError | undefined;
  /** Frames that had to be sent again. */
  repeats = 0;
  /** Ends each wait at once, with its reason; to be taken off before anything is written that must not stay half done. */
  signal: AbortSignal | undefined;

  constructor(port: TtyPort, clock: Clock, stick: string) {
    this.#port = port;
    this.#clock = clock;
    this.#stick = stick;
    this.#decoder = new HdlcDecoder({
      onFrame: (body) => this.#onFrame(body),
      onFault: () => this.#onFault(),
    });
    port.receive(
      (chunk) => {
        if (this.#text) this.#text(Buffer.from(chunk).toString('latin1'));
        else this.#decoder.push(chunk);
      },
      (error) => {
        this.#gone = error;
        this.#fail?.(error);
      },
    );
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  /**
   * Sends an AT string (without its CR) and returns the answer; undefined after a silence. The loader knows eleven
   * strings and answers nothing else. An error ends the answer too: running firmware says it.
   */
  async at(command: string, timeoutMs: number = TIMEOUTS.loader.at): Promise<TextAnswer | undefined> {
    const reader = new TextReader();
    try {
      return await this.#waiting<TextAnswer | undefined>(timeoutMs, undefined, (resolve) => {
        this.#text = (chunk) => {
          const answer = reader.push(chunk);
          if (answer) resolve(answer);
        };
        this.#write(Buffer.from(`${command}\r`, 'latin1'));
      });
    } finally {
      this.#text = undefined;
      this.#decoder.reset();
    }
  }

  /**
   * Sends a command whose answer is a frame that begins with `reply`; returns its body, or undefined after `tries`
   * silences. These commands only read: they may be repeated freely.
   */
  async request(
    body: Uint8Array,
    reply: number,
    timeoutMs: number = TIMEOUTS.loader.command,
    tries = 1,
  ): Promise<Uint8Array | undefined> {
    const frame = encodeFrame(body);
    for (let attempt = 0; attempt < tries; attempt++) {
      // The version answer has no leading flag: junk from before must not stand in front of it.
      this.#decoder.reset();
      if ((await this.#exchange(frame, timeoutMs, reply)) === FRAME) return this.#reply;
    }
    return undefined;
  }

  /** Waits until the loader has worked off everything sent so far. Error: TIMEOUT when it stays silent. */
  async ping(): Promise<void> {
    for (let attempt = 0; attempt < MAX_PINGS; attempt++) {
      if ((await this.#exchange(PING, TIMEOUTS.loader.slowBlock, CMD_PING)) === FRAME) return;
    }
    throw failure('TIMEOUT/loader-silent', { stick: this.#stick });
  }

  /**
   * Sends one encoded frame until its own ACK or NAK has come, with the ping between repeats.
   * Returns {@link ACK} or the NAK number. Errors: TIMEOUT, STICK_GONE.
   */
  async send(frame: Uint8Array, timeoutMs: number, what: string): Promise<Verdict> {
    let verdict = await this.#exchange(frame, timeoutMs, CMD_ACK);
    for (let repeat = 0; verdict < 0; repeat++) {
      if (repeat === MAX_REPEATS) {
        throw failure('TIMEOUT/loader-repeats', { stick: this.#stick, what, times: repeat + 1 });
      }
      await this.ping();
      this.repeats++;
      verdict = await this.#exchange(frame, timeoutMs, CMD_ACK);
    }
    return verdict;
  }

  #exchange(frame: Uint8Array, timeoutMs: number, expected: number): Promise<Verdict> {
    this.#expected = expected;
    this.#damaged = false;
    return this.#waiting(timeoutMs, SILENCE, (resolve) => {
      this.#settle = resolve;
      this.#write(frame);
    });
  }

  /** Runs `begin`, then waits for its resolve, the end of the port, or `timeoutMs` (gives `onTimeout`). */
  #waiting<T>(timeoutMs: number, onTimeout: T, begin: (resolve: (value: T) => void) => void): Promise<T> {
    const { signal } = this;
    if (this.#gone) return Promise.reject(this.#gone);
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      const finish = () => {
        this.#timer?.cancel();
        this.#timer = undefined;
        this.#settle = undefined;
        this.#fail = undefined;
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        finish();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timer = this.#clock.after(timeoutMs, () => {
        finish();
        resolve(onTimeout);
      });
      this.#fail = (error) => {
        finish();
        reject(error);
      };
      begin((value) => {
        finish();
        resolve(value);
      });
    });
  }

  #write(data: Uint8Array): void {
    this.#port.write(data).catch((error) => this.#fail?.(error));
  }

  #onFrame(body: Uint8Array): void {
    const command = body[0];
    if (this.#expected !== CMD_ACK) {
      if (command !== this.#expected) return;
      this.#reply = Uint8Array.from(body);
      this.#settle?.(FRAME);
    } else if (command === CMD_ACK && body.length === 1) this.#settle?.(ACK);
    else if (command === CMD_NAK && body.length === 3) this.#settle?.(body[2] || 0xff);
    // Anything else is the late answer to an earlier question.
  }

  /** Noise before an answer looks like a damaged frame: the answer itself may be right behind it. */
  #onFault(): void {
    const settle = this.#settle;
    if (this.#damaged || !settle) return;
    this.#damaged = true;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(TIMEOUTS.loader.afterDamage, () => settle(DAMAGED));
  }
}
