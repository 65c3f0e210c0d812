/**
 * The survey: what answers on this port? Product ids do not tell (running firmware and loader share 1c05 and 1442, and
 * both answer `AT^DLOADVER?` with 2.0), so the port is asked.
 *
 * A loader is: `AT^DLOADVER?` = 2.0, the version request (0C) answered by a whole frame with right CRC, and one plain `AT`
 * silent for 1 s afterwards. Whatever is not all of that, at once, is asked the long way, where plain `AT` has to be silent
 * five times before anything else is asked.
 */

import { DriverError } from '../errors';
import { type Clock, type Host, sleep, type TtyPort } from '../host/host';
import { openPatiently } from '../host/patience';
import type { Role } from '../stick/modes';
import type { Stick, StickTty } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { BootRom } from './bootrom';
import { LoaderLink, type TextAnswer } from './loader-link';

/** `hdlc` = a port that only answers download frames: left over by another program, to be plugged in anew. */
export type PortKind = 'at' | 'loader' | 'boot' | 'hdlc' | 'silent';

const VERSION_REQUEST = Uint8Array.of(0x0c);
const VERSION_REPLY = 0x0d;
const LOADER_VERSION = '2.0';
/** Some sticks want a blank before the CR; the loader answers neither form. The first one may be lost: it gets a glance. */
const AT_PROBES = ['AT ', 'AT', 'AT', 'AT'];
/** ESC, and a CR that ends what is too short to be a command. */
const LEAVE_PROMPT = Uint8Array.of(0x1b, 0x0d);
const LEAVE_HDLC = Uint8Array.of(0x01);

/** What one port is, and whether it had to be led out of download framing. */
interface Asked {
  kind: PortKind;
  wasHdlc?: true;
}

/** The answer names the version that loaders have, and running firmware too. */
const saysLoader = (answer: TextAnswer | undefined): boolean => answer?.lines.includes(LOADER_VERSION) ?? false;

/** Questions to one open port. */
class Questions {
  readonly #port: TtyPort;
  readonly #clock: Clock;
  readonly #link: LoaderLink;
  readonly #signal: AbortSignal | undefined;
  /** What `AT^DLOADVER?` was answered with. */
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
  async short(): Promise<Asked | undefined> {
    this.#version = await this.#link.at('AT^DLOADVER?', TIMEOUTS.at.probe);
    if (!saysLoader(this.#version)) return undefined;
    if (await this.#answers('AT', TIMEOUTS.at.glance)) return { kind: 'at' };
    if (!(await this.#link.request(VERSION_REQUEST, VERSION_REPLY, TIMEOUTS.at.probe))) return undefined;
    return (await this.#answers('AT', TIMEOUTS.at.probe)) ? undefined : { kind: 'loader' };
  }

  /** Up to 14 s on a port that is silent. */
  async long(): Promise<Asked> {
    if (await this.#answersAt()) return { kind: 'at' };
    // Twice: one answer may get lost.
    for (let attempt = 0; attempt < 2; attempt++) this.#version ??= await this.#link.at('AT^DLOADVER?');
    const frames = (await this.#link.request(VERSION_REQUEST, VERSION_REPLY, TIMEOUTS.loader.at, 2)) !== undefined;
    if (saysLoader(this.#version)) return { kind: frames ? 'loader' : 'at' };
    if (this.#version !== undefined) return { kind: 'at' };
    if (!frames) {
      // A prompt that somebody has left open takes everything for a text (T24).
      // Not awaited: a port that hangs may take no byte.
      this.#port.write(LEAVE_PROMPT).catch(() => undefined);
      await sleep(this.#clock, TIMEOUTS.at.quiet, this.#signal);
      return { kind: (await this.#answers('AT', TIMEOUTS.at.probe)) ? 'at' : 'silent' };
    }
    // Running firmware that another program left in download framing: it takes the way out, or has to be plugged in anew.
    await this.#link.request(LEAVE_HDLC, 0x02, TIMEOUTS.loader.at);
    // In either form, and twice: the first command after an enumeration may be lost, and none has come in so far.
    return (await this.#answersAt()) ? { kind: 'at', wasHdlc: true } : { kind: 'hdlc' };
  }

  async #answersAt(): Promise<boolean> {
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

/**
 * Asks one open port. `boot` is only looked for where no bus can tell it. The signal ends it at once.
 */
async function surveyPort(port: TtyPort, host: Host, stick: Stick, signal?: AbortSignal): Promise<Asked> {
  const { clock } = host;
  if (!host.hasBus) {
    const rom = new BootRom(port, { clock, stick: stick.path, ...(signal && { signal }) });
    if (await rom.probe(TIMEOUTS.at.probe)) return { kind: 'boot' };
    // The A stays in a modem's line buffer; a line under three characters is thrown away unanswered.
    port.write(Uint8Array.of(0x0d)).catch(() => undefined);
  }
  const questions = new Questions(port, clock, stick.path, signal);
  // Where the product id rules out a loader, running firmware is best asked with a plain AT.
  const mayBeLoader = !host.hasBus || stick.ambiguous;
  return (mayBeLoader ? await questions.short() : undefined) ?? questions.long();
}

/** Ports to ask, best first. Never a diag port: it does not answer AT. */
const RANK: Readonly<Record<Role, number>> = { boot: 0, download: 0, pcui: 1, unknown: 2, modem: 3, diag: -1 };

const askable = (stick: Stick): StickTty[] =>
  stick.ttys.filter((t) => RANK[t.role] >= 0).sort((a, b) => RANK[a.role] - RANK[b.role] || a.interface - b.interface);

export interface Surveyed extends Asked {
  tty: StickTty;
  /** Open; the caller closes it. */
  port: TtyPort;
}

/**
 * Opens the stick's ports in turn and returns the first that is not silent; undefined if all are.
 * Errors: those of {@link Host.openTty}; the signal's reason, and then every port is closed.
 */
export async function surveyStick(host: Host, stick: Stick, signal?: AbortSignal): Promise<Surveyed | undefined> {
  for (const tty of askable(stick)) {
    signal?.throwIfAborted();
    const port = await openPatiently(host.clock, () => host.openTty(tty.path), signal);
    let asked: Asked = { kind: 'silent' };
    try {
      asked = await surveyPort(port, host, stick, signal);
      signal?.throwIfAborted();
    } catch (error) {
      await port.close();
      throw signal?.aborted ? signal.reason : error;
    }
    if (asked.kind !== 'silent') return { ...asked, tty, port };
    await port.close();
  }
  return undefined;
}

/** The error for a stick whose ports say nothing. */
export function silentStick(stick: Stick): DriverError {
  const ports = stick.ttys.map((t) => t.path).join(', ');
  return new DriverError('TIMEOUT', `No port of the stick at ${stick.path} answers (${ports || 'no ttys'}).`, {
    stick: stick.path,
    hint:
      'Close other programs that use the ports (ModemManager, minicom), unplug the stick, wait five seconds, plug it in ' +
      'again and repeat.',
  });
}

/** The error for a port that only takes download frames, and not the way out of them. */
export function stuckPort(stick: Stick, path: string): DriverError {
  return new DriverError('WRONG_MODE', `The port ${path} of the stick at ${stick.path} is stuck in download framing.`, {
    stick: stick.path,
    hint: 'Another program left it so. Unplug the stick, wait five seconds, plug it in again and repeat.',
  });
}
