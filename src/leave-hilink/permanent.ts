/**
 * The ports of a mode that lasts until the stick is plugged in anew, made permanent: by AT^SETPORT alone, with an AT port of
 * the stick's own list. Never by ^U2DIAG, which can lock newer sticks out.
 */

import { AtChannel } from '../at/channel';
import { formatComposition, getSetport, setportOptions, setSetport } from '../at/setport';
import { reset } from '../at/stick-commands';
import { failure } from '../errors';
import { type Host, sleep } from '../host/host';
import { type Stick, stickText } from '../stick/stick';
import { reenumerated, waitForStick, waitForTtys } from '../stick/watch';
import { silentStick, stuckPort, surveyStick } from '../survey/survey';
import { TIMEOUTS } from '../timeouts';
import type { PortCode } from '../values/ports';

export interface Permanent {
  /** As it is now. */
  stick: Stick;
  /** `AT^SETPORT?` before, and after the restart. */
  setport: { before: string; now: string };
}

/**
 * Sets the ports of `stick`, which has an AT port and is held by the caller, restarts it, and reads them back. Errors:
 * COMMAND_REFUSED (its list names no AT port), AT_ERROR (it knows no ^SETPORT), TIMEOUT and WRONG_MODE (it came back without
 * AT port, or not at all), PROTOCOL (it says something else afterwards), those of its ports, the signal's reason.
 */
export async function makePermanent(host: Host, stick: Stick, signal?: AbortSignal): Promise<Permanent> {
  const { before, wanted } = await withChannel(host, stick, signal, async (channel) => {
    const value = portsOf(await setportOptions(channel));
    if (value === undefined) throw failure('COMMAND_REFUSED/no-pcui', { stick: stick.path });
    const old = formatComposition(await setSetport(channel, value));
    if (old !== value) await reset(channel);
    return { before: old, wanted: value };
  });
  if (before === wanted) return { stick, setport: { before, now: before } };
  const back = await waitForStick(host, stick.path, (now) => now !== undefined && reenumerated(stick, now), {
    timeoutMs: TIMEOUTS.at.reset,
  });
  if (!back?.stick) {
    throw failure('TIMEOUT/after-setport', { stick: stick.path, seconds: TIMEOUTS.at.reset / 1000, before });
  }
  const { stick: again } = back;
  if (again.mode !== 'tty') {
    throw failure('WRONG_MODE/after-setport', { which: stickText(again), before }, { stick: stick.path });
  }
  const now = await withChannel(host, again, signal, async (channel) => formatComposition(await getSetport(channel)));
  if (now !== wanted) throw failure('PROTOCOL/setport', { stick: stick.path, wanted, now });
  return { stick: again, setport: { before, now } };
}

/** `FF;10,12`: no CD-ROM, and a modem port and an AT port of the stick's own list; undefined where that names no AT port. */
function portsOf(codes: readonly PortCode[]): string | undefined {
  const first = (name: RegExp) => codes.filter((code) => name.test(code.name)).sort(newestFirst)[0]?.code;
  const pcui = first(/PCUI/i);
  const modem = first(/MODEM/i);
  return pcui === undefined ? undefined : `FF;${modem === undefined ? '' : `${modem},`}${pcui}`;
}

/** Of "3G PCUI" and "4G PCUI" the latter: a stick that knows both has it by default. */
const newestFirst = (a: PortCode, b: PortCode): number => Number(/4G/i.test(b.name)) - Number(/4G/i.test(a.name));

/** The port that answers AT; firmware that has just started has it up some seconds before it answers. */
async function withChannel<T>(
  host: Host,
  stick: Stick,
  signal: AbortSignal | undefined,
  work: (channel: AtChannel) => Promise<T>,
): Promise<T> {
  const ready = await waitForTtys(host, stick, signal);
  const end = host.clock.now() + TIMEOUTS.at.ready;
  let found = await surveyStick(host, ready, signal);
  while (!found && host.clock.now() < end) {
    await sleep(host.clock, TIMEOUTS.hilink.again, signal);
    found = await surveyStick(host, ready, signal);
  }
  if (!found) throw silentStick(ready);
  const { kind, port, tty } = found;
  const channel = new AtChannel(port, { clock: host.clock, stick: stick.path });
  try {
    if (kind === 'hdlc') throw stuckPort(ready, tty.path);
    if (kind !== 'tty') throw failure('WRONG_MODE/no-at-port', { stick: stick.path, mode: kind });
    await channel.open(signal);
    return await work(channel);
  } finally {
    await channel.close();
  }
}
