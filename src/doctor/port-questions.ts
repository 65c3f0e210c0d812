/**
 * Questions to one tty, of which none changes anything: what is written is the command and its CR, nothing else. No ATE0, no
 * ESC, no frames, as {@link import('../at/channel').AtChannel} and the survey send them.
 */

import type { AtReply } from '../at/channel';
import { parseParts } from '../at/command';
import { AtLink, type Outcome } from '../at/link';
import { type Clock, sleep, type TtyPort } from '../host/host';
import { TIMEOUTS } from '../timeouts';

/** `framed`: frames of the download protocol came. */
export type Answer = { kind: 'reply'; reply: AtReply } | { kind: 'silent' | 'garbled' | 'framed' | 'gone' };

/** More need not be kept to tell junk from an echo. */
const MOST_HEARD = 4_096;
/** Bytes within each of some looks; URCs of a stick that starts come in a group, and are over then. */
const BABBLE = 16;
const LOOKS = 3;

/** Anything but the echo and URCs. */
const isJunk = (heard: string, sent: string): boolean =>
  heard
    .split(/[\r\n]+/)
    .some((line) => line.trim() !== '' && line.trim() !== sent.trim() && !/^[+^][A-Z]+:/i.test(line.trim()));

export class PortQuestions {
  readonly #clock: Clock;
  readonly #port: TtyPort;
  readonly #link: AtLink;
  /** What has come since the last question, its beginning. */
  #heard = '';
  /** Bytes that have come since the port was opened. */
  #bytes = 0;

  constructor(port: TtyPort, clock: Clock) {
    this.#clock = clock;
    const counted: TtyPort = {
      path: port.path,
      get isOpen() {
        return port.isOpen;
      },
      write: (data) => port.write(data),
      close: () => port.close(),
      receive: (onData, onGone) =>
        port.receive((chunk) => {
          this.#bytes += chunk.length;
          if (this.#heard.length < MOST_HEARD) this.#heard += Buffer.from(chunk).toString('latin1');
          onData(chunk);
        }, onGone),
    };
    this.#port = port;
    this.#link = new AtLink(
      counted,
      clock,
      () => undefined,
      (error) => this.#link.fail(error),
    );
    this.#link.listen();
  }

  /** `ending`: behind the command, in front of the CR. Never rejects. */
  async ask(command: string, ms: number, ending = ''): Promise<Answer> {
    if (!this.#port.isOpen) return { kind: 'gone' };
    this.#heard = '';
    const started = this.#clock.now();
    const exchange = {
      text: command,
      parts: parseParts(command),
      dials: false,
      numeric: command === 'AT',
      watchHdlc: true,
      timeoutMs: ms,
    };
    const outcome = await new Promise<Outcome>((settle) => {
      this.#link.exchange(exchange, Buffer.from(`${command}${ending}\r`, 'latin1'), settle);
    });
    switch (outcome.kind) {
      case 'final': {
        const { final, lines } = outcome;
        const took = Math.round(this.#clock.now() - started);
        const number = final.number !== undefined && { number: final.number };
        return {
          kind: 'reply',
          reply: { command, ok: final.kind === 'ok', final: final.text, lines, ms: took, ...number },
        };
      }
      case 'failed':
        return { kind: 'gone' };
      case 'hdlc':
        return { kind: 'framed' };
      default:
        return { kind: isJunk(this.#heard, `${command}${ending}`) ? 'garbled' : 'silent' };
    }
  }

  /** Whether bytes come and come although nobody asks; a few times `glanceMs` where they do. */
  async babbles(glanceMs: number): Promise<boolean> {
    // The longer the look, the more a stick may say unasked.
    const most = BABBLE * Math.max(1, glanceMs / TIMEOUTS.doctor.glance);
    for (let look = 0; look < LOOKS; look++) {
      const before = this.#bytes;
      await sleep(this.#clock, glanceMs);
      if (this.#bytes - before < most) return false;
    }
    return true;
  }

  /** The port is closed with it. Never rejects. */
  close(): Promise<void> {
    return this.#port.close();
  }
}
