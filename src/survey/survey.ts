/**
 * The survey: what answers on this port? Product ids do not tell (running firmware and loader share 1c05 and 1442, and
 * both answer `AT^DLOADVER?` with 2.0), so the port is asked.
 *
 * A loader is: plain `AT` silent three times, `AT^DLOADVER?` = 2.0, and the version request (0C) answered.
 */

import { DriverError } from '../errors';
import { type Host, sleep, type TtyPort } from '../host/host';
import { openPatiently } from '../host/patience';
import type { Role } from '../stick/modes';
import type { Stick, StickTty } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { probeBootRom } from './boot-probe';
import { LoaderLink, type TextAnswer } from './loader-link';

/** `hdlc` = a port that only answers download frames: left over by another program, to be plugged in anew. */
export type PortKind = 'at' | 'loader' | 'boot' | 'hdlc' | 'silent';

const VERSION_REQUEST = Uint8Array.of(0x0c);
const VERSION_REPLY = 0x0d;
/** Some sticks want a blank before the CR; the loader answers neither form. */
const AT_PROBES = ['AT', 'AT ', 'AT', 'AT'];
/** ESC, and a CR that ends what is too short to be a command. */
const LEAVE_PROMPT = Uint8Array.of(0x1b, 0x0d);
const LEAVE_HDLC = Uint8Array.of(0x01);

/** What one port is, and whether it had to be led out of download framing. */
interface Asked {
  kind: PortKind;
  wasHdlc?: true;
}

/**
 * Asks one open port. `boot` is only looked for where no bus can tell it. Takes up to 12 s on a port that is silent; the
 * signal ends it at once.
 */
async function surveyPort(port: TtyPort, host: Host, stick: string, signal?: AbortSignal): Promise<Asked> {
  const { clock } = host;
  if (!host.hasBus) {
    if (await probeBootRom(port, clock, TIMEOUTS.at.probe, signal)) return { kind: 'boot' };
    // The A stays in a modem's line buffer; a line under three characters is thrown away unanswered.
    port.write(Uint8Array.of(0x0d)).catch(() => undefined);
  }
  const link = new LoaderLink(port, clock, stick);
  link.signal = signal;
  const answersAt = async () => {
    for (const probe of AT_PROBES) if ((await link.at(probe, TIMEOUTS.at.probe)) !== undefined) return true;
    return false;
  };
  if (await answersAt()) return { kind: 'at' };
  let version: TextAnswer | undefined;
  // Twice: one answer may get lost.
  for (let attempt = 0; attempt < 2 && version === undefined; attempt++) version = await link.at('AT^DLOADVER?');
  const frames = (await link.request(VERSION_REQUEST, VERSION_REPLY, TIMEOUTS.loader.at, 2)) !== undefined;
  if (version?.lines.includes('2.0')) return { kind: frames ? 'loader' : 'at' };
  if (version !== undefined) return { kind: 'at' };
  if (!frames) {
    // A prompt that somebody has left open takes everything for a text (T24).
    // Not awaited: a port that hangs may take no byte.
    port.write(LEAVE_PROMPT).catch(() => undefined);
    await sleep(clock, TIMEOUTS.at.quiet, signal);
    return { kind: (await link.at('AT', TIMEOUTS.at.probe)) === undefined ? 'silent' : 'at' };
  }
  // Running firmware that another program left in download framing: it takes the way out, or has to be plugged in anew.
  await link.request(LEAVE_HDLC, 0x02, TIMEOUTS.loader.at);
  // In either form, and twice: the first command after an enumeration may be lost, and none has come in so far.
  return (await answersAt()) ? { kind: 'at', wasHdlc: true } : { kind: 'hdlc' };
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
      asked = await surveyPort(port, host, stick.path, signal);
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
