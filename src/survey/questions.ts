/** What a port is asked to find out whether running firmware answers on it, or a loader. */

import { type Clock, sleep, type TtyPort } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { LoaderLink, type TextAnswer } from './loader-link';

/** `hdlc` = a port that only answers download frames: left over by another program, to be plugged in anew. */
export type PortKind = 'tty' | 'loader' | 'boot' | 'hdlc' | 'silent';

/** What a port is, and whether it had to be led out of download framing. */
export interface Answered {
  kind: PortKind;
  wasHdlc?: true;
}

const VERSION_REQUEST = Uint8Array.of(0x0c);
const VERSION_REPLY = 0x0d;
const LOADER_VERSION = '2.0';
/** Behind the first `AT`. Some sticks want a blank before the CR; the loader answers neither form. */
const AT_PROBES = ['AT ', 'AT', 'AT', 'AT'];
/** ESC, and a CR that ends what is too short to be a command. */
const LEAVE_PROMPT = Uint8Array.of(0x1b, 0x0d);
const LEAVE_HDLC = Uint8Array.of(0x01);

/** The answer names the version that loaders have, and running firmware too. */
const saysLoader = (answer: TextAnswer | undefined): boolean => answer?.lines.includes(LOADER_VERSION) ?? false;

/** Questions to one open port. */
export class Questions {
  readonly #port: TtyPort;
  readonly #clock: Clock;
  readonly #link: LoaderLink;
  readonly #signal: AbortSignal | undefined;
  /** `AT^DLOADVER?` was asked once. */
  #asked = false;
  /** What it was answered with. */
  #version: TextAnswer | undefined;

  constructor(port: TtyPort, clock: Clock, stick: string, signal: AbortSignal | undefined) {
    this.#port = port;
    this.#clock = clock;
    this.#signal = signal;
    this.#link = new LoaderLink(port, clock, stick);
    this.#link.signal = signal;
  }

  /**
   * `undefined`: not certain, to be asked the long way. Nothing but a command that running firmware answers is sent before a
   * plain `AT` has been silent: it gets no frame in its line.
   */
  async short(): Promise<Answered | undefined> {
    this.#asked = true;
    this.#version = await this.#link.at('AT^DLOADVER?', TIMEOUTS.at.probe);
    if (!saysLoader(this.#version)) return undefined;
    if (await this.#answers('AT', TIMEOUTS.at.glance)) return { kind: 'tty' };
    if (!(await this.#link.request(VERSION_REQUEST, VERSION_REPLY, TIMEOUTS.at.probe))) return undefined;
    return (await this.#answers('AT', TIMEOUTS.at.probe)) ? undefined : { kind: 'loader' };
  }

  /** Up to 14 s on a port that is silent. */
  async long(): Promise<Answered> {
    if (await this.#answersAt()) return { kind: 'tty' };
    // Twice in all: one answer may get lost.
    for (let attempt = this.#asked ? 1 : 0; attempt < 2; attempt++) {
      this.#version ??= await this.#link.at('AT^DLOADVER?');
    }
    const frames = (await this.#link.request(VERSION_REQUEST, VERSION_REPLY, TIMEOUTS.loader.at, 2)) !== undefined;
    if (saysLoader(this.#version)) return { kind: frames ? 'loader' : 'tty' };
    if (this.#version !== undefined) return { kind: 'tty' };
    if (!frames) {
      // A prompt that somebody has left open takes everything for a text (T24).
      // Not awaited: a port that hangs may take no byte.
      this.#port.write(LEAVE_PROMPT).catch(() => undefined);
      await sleep(this.#clock, TIMEOUTS.at.quiet, this.#signal);
      return { kind: (await this.#answers('AT', TIMEOUTS.at.probe)) ? 'tty' : 'silent' };
    }
    // Running firmware that another program left in download framing: it takes the way out, or has to be plugged in anew.
    await this.#link.request(LEAVE_HDLC, 0x02, TIMEOUTS.loader.at);
    // In either form, and twice: the first command after an enumeration may be lost, and none has come in so far.
    return (await this.#answersAt()) ? { kind: 'tty', wasHdlc: true } : { kind: 'hdlc' };
  }

  async #answersAt(): Promise<boolean> {
    // The first one may be lost.
    if (await this.#answers('AT', TIMEOUTS.at.glance)) return true;
    for (const probe of AT_PROBES) if (await this.#answers(probe, TIMEOUTS.at.probe)) return true;
    return false;
  }

  /** A late answer to `AT^DLOADVER?` is none to `AT`: a loader gives it. */
  async #answers(probe: string, timeoutMs: number): Promise<boolean> {
    const answer = await this.#link.at(probe, timeoutMs);
    if (saysLoader(answer)) this.#version = answer;
    return answer !== undefined && !saysLoader(answer);
  }
}
