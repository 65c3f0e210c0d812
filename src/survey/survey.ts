/**
 * The survey: what answers on this port? Product ids do not tell (running firmware and loader share 1c05 and 1442, and
 * both answer `AT^DLOADVER?` with 2.0), so the port is asked.
 *
 * A loader is: `AT^DLOADVER?` = 2.0, the version request (0C) answered by a whole frame with right CRC, and one plain `AT`
 * silent for 1 s afterwards. Whatever is not all of that, at once, is asked the long way, where plain `AT` has to be silent
 * five times before anything else is asked.
 */

import { curedLike, type DriverError, failure } from '../errors';
import type { Host, TtyPort } from '../host/host';
import { openPatiently } from '../host/patience';
import { obstacleOf } from '../stick/obstacle';
import { obstacleError, portsToAsk, type Stick, type StickTty } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { probeBootRom } from './boot-probe';
import { type Answered, Questions } from './questions';

export type { PortKind } from './questions';

/** Besides: whether its boot ROM has answered already. */
interface Asked extends Answered {
  /** A second probe could spoil a transfer. */
  probed?: true;
}

/** Whether the boot ROM answers on an open port. */
async function probeBoot(port: TtyPort, { clock }: Host, signal?: AbortSignal): Promise<boolean> {
  if (await probeBootRom(port, clock, TIMEOUTS.at.probe, signal)) return true;
  // The A stays in a modem's line buffer; a line under three characters is thrown away unanswered.
  port.write(Uint8Array.of(0x0d)).catch(() => undefined);
  return false;
}

/**
 * Asks one open port. `boot` is only looked for where no bus can tell it. Takes up to 14 s on a port that is silent; the
 * signal ends it at once.
 */
async function surveyPort(port: TtyPort, host: Host, stick: Stick, signal?: AbortSignal): Promise<Asked> {
  if (!host.hasBus && (await probeBoot(port, host, signal))) return { kind: 'boot', probed: true };
  const questions = new Questions(port, host.clock, stick.path, signal);
  // Where the product id rules out a loader, running firmware is best asked with a plain AT.
  const mayBeLoader = !host.hasBus || stick.ambiguous || stick.mode === 'boot';
  return (mayBeLoader ? await questions.short() : undefined) ?? questions.long();
}

export interface Surveyed extends Asked {
  tty: StickTty;
  /** Open; the caller closes it. */
  port: TtyPort;
  /** Path of a port that only takes download frames, where this one answers all the same. */
  stuck?: string;
}

type Ask = (port: TtyPort, tty: StickTty) => Promise<Asked>;

/** Opens one port and asks it; undefined, and closed again, if it is silent. */
async function askPort(host: Host, tty: StickTty, ask: Ask, signal?: AbortSignal): Promise<Surveyed | undefined> {
  signal?.throwIfAborted();
  const port = await openPatiently(host.clock, () => host.openTty(tty.path), signal);
  try {
    const asked = await ask(port, tty);
    signal?.throwIfAborted();
    if (asked.kind !== 'silent') return { ...asked, tty, port };
  } catch (error) {
    await port.close();
    throw signal?.aborted ? signal.reason : error;
  }
  await port.close();
  return undefined;
}

/**
 * Opens the stick's ports in turn and returns the first that answers; undefined if all are silent. One that only answers
 * download frames is returned where no other port answers. Errors: those of {@link Host.openTty}; the signal's reason, and
 * then every port is closed.
 */
export async function surveyStick(host: Host, stick: Stick, signal?: AbortSignal): Promise<Surveyed | undefined> {
  let stuck: Surveyed | undefined;
  try {
    for (const tty of portsToAsk(stick)) {
      const ask: Ask = async (port) => {
        const asked = await surveyPort(port, host, stick, signal);
        // Frames are what a port for diagnosis speaks.
        return asked.kind === 'hdlc' && tty.role === 'diag' ? { kind: 'silent' } : asked;
      };
      const found = await askPort(host, tty, ask, signal);
      if (found && found.kind !== 'hdlc') {
        await stuck?.port.close();
        return { ...found, ...(stuck && { stuck: stuck.tty.path }) };
      }
      if (stuck) await found?.port.close();
      else stuck = found;
    }
  } catch (error) {
    await stuck?.port.close();
    throw error;
  }
  return stuck;
}

/**
 * The port of a stick in its boot ROM. With one port the product id tells; of several each is asked for the boot ROM, and
 * then for a loader, which comes up with the same id on some sticks. Undefined if none answers; errors as
 * {@link surveyStick}.
 */
export async function surveyBoot(host: Host, stick: Stick, signal?: AbortSignal): Promise<Surveyed | undefined> {
  const [first, ...more] = portsToAsk(stick);
  if (!first) return undefined;
  if (more.length === 0) return askPort(host, first, async () => ({ kind: 'boot' }), signal);
  const probe: Ask = async (port) =>
    (await probeBoot(port, host, signal)) ? { kind: 'boot', probed: true } : { kind: 'silent' };
  for (const tty of [first, ...more]) {
    const found = await askPort(host, tty, probe, signal);
    if (found) return found;
  }
  return surveyStick(host, stick, signal);
}

/** The error for a stick whose ports say nothing, with the names of those that were asked, and why others were not. */
export function silentStick(stick: Stick): DriverError {
  const ports = portsToAsk(stick).map((t) => t.path);
  const obstacle = obstacleOf(stick);
  const told = { stick: stick.path, ports };
  if (!obstacle) return failure('TIMEOUT/silent', { ...told, obstacle: null });
  const cause = obstacleError(stick, obstacle);
  return curedLike(failure('TIMEOUT/silent', { ...told, obstacle: obstacle.text }, { cause }), cause);
}

/** The error for a port that only takes download frames, and not the way out of them. */
export const stuckPort = (stick: Stick, path: string): DriverError =>
  failure('WRONG_MODE/stuck-port', { stick: stick.path, path });
