/**
 * Questions to one tty, of which none changes anything: what is written is the command and its CR, nothing else. No ATE0, no
 * ESC, no frames, as {@link import('../at/channel').AtChannel} and the survey send them.
 */

import type { AtReply } from '../at/channel';
import { parseParts } from '../at/command';
import { AtLink, type Outcome } from '../at/link';
import type { Clock, TtyPort } from '../host/host';

/** `framed`: frames of the download protocol came. */
export type Answer = { kind: 'reply'; reply: AtReply } | { kind: 'silent' | 'garbled' | 'framed' | 'gone' };

export class PortQuestions {
  readonly #clock: Clock;
  readonly #port: TtyPort;
  readonly #link: AtLink;
  /** Bytes that have come since the last question. */
  #heard = 0;

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
          this.#heard += chunk.length;
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
    this.#heard = 0;
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
        return { kind: this.#heard > command.length + 1 ? 'garbled' : 'silent' };
    }
  }

  /** The port is closed with it. Never rejects. */
  close(): Promise<void> {
    return this.#port.close();
  }
}
