/**
 * Out of HiLink mode by the web server of the stick itself: the requests that are known for its model and firmware, each once,
 * in the order of hilink/ways.ts. What the stick says proves nothing; only the bus does, where it must come back with serial
 * ports.
 */

import { type DriverError, failure, isDriverError } from '../errors';
import type { HilinkClient } from '../hilink/client';
import { requireOtherLine } from '../hilink/own-line';
import type { Expected } from '../hilink/stick';
import { EARLY, openThere, type ThereOptions } from '../hilink/there';
import { type Try, triesOf, type WayHere, waysOf } from '../hilink/ways';
import { type Host, sleep } from '../host/host';
import { identitiesOf } from '../stick/identities';
import { hashOf } from '../stick/own-name';
import { idText, type Stick } from '../stick/stick';
import { reenumerated, waitForStick } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import type { WebIdentity } from '../values/web';
import { type Tried, triedTexts } from './tried';

export interface LeaveOptions {
  /** Of its web server, where that cannot be found: `http://192.168.8.1`. */
  address?: string | undefined;
  /** Of its web page, which some firmware wants for one of the ways. */
  password?: string | undefined;
  /** Also while the stick is the machine's own line, and where its firmware is known to know no way. */
  force?: boolean | undefined;
  /** It has just come to the bus: its web server is waited for so many milliseconds. */
  patience?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told of each try before it is made. */
  onTry?: ((one: Try) => void) | undefined;
}

export interface Left extends Pick<WebIdentity, 'model' | 'revision'> {
  /** The stick as it is now, with serial ports. */
  stick: Stick;
  tried: Tried[];
}

/**
 * Takes `stick`, which is in HiLink mode and held by the caller, to serial ports, until it is plugged in anew. Errors:
 * COMMAND_REFUSED (the machine's own line), NOT_SWITCHED (no way is known, or none worked, or it came back as something else,
 * or not at all), STICK_NOT_FOUND (another stick answers), STICK_AMBIGUOUS, WRONG_MODE (no bus), those of finding its web
 * server (HILINK_ERROR, LOGIN_REFUSED, LOGIN_LOCKED, TIMEOUT, STICK_GONE), the signal's reason.
 */
export async function leaveHilink(host: Host, stick: Stick, options: LeaveOptions = {}): Promise<Left> {
  const { force = false, signal = new AbortController().signal, onTry } = options;
  if (!host.hasBus) throw failure('WRONG_MODE/leave-without-bus', { stick: stick.path });
  await requireOtherLine(host, stick.device, force);
  let who: WebIdentity = {};
  const client = await openPatiently(host, stick, options, signal, (found) => {
    who = found;
    return expected(host, stick, found);
  });
  try {
    const { model, revision } = who;
    const about = { ...(model !== undefined && { model }), ...(revision !== undefined && { revision }) };
    const ways = waysOf(about);
    const tries = triesOf(ways, { first: client.form === 'none', force });
    if (tries.length === 0) throw noneKnown(stick, about, ways);
    const tried: Tried[] = [];
    for (const one of tries) {
      signal.throwIfAborted();
      onTry?.(one);
      const { said, number } = await client.leave(one, { signal });
      // What refuses stays: the next one is due at once.
      const seen = said === 'no' ? { stick } : await awaitSerial(host, stick, signal);
      const outcome = seen.serial ? 'left' : said === 'no' ? 'refused' : 'nothing';
      tried.push({ ...one, outcome, ...(number !== undefined && { number }) });
      if (seen.serial) return { stick: seen.serial, tried, ...about };
      if (seen.stick !== stick) throw leftAs(stick, seen.stick, tried);
    }
    throw failure('NOT_SWITCHED/no-way-worked', { stick: stick.path, ...told(about), tried: triedTexts(tried) });
  } finally {
    await client.close();
  }
}

/** A stick that has just been switched has its interface and its web server up after a while. */
async function openPatiently(
  host: Host,
  stick: Stick,
  { address, password, patience = 0 }: LeaveOptions,
  signal: AbortSignal,
  recognise: ThereOptions['recognise'],
): Promise<HilinkClient> {
  const end = host.clock.now() + patience;
  for (;;) {
    try {
      return await openThere(host, stick.device, { address, password, signal, recognise });
    } catch (error) {
      if (signal.aborted || !isDriverError(error, ...EARLY) || host.clock.now() >= end) throw error;
    }
    await sleep(host.clock, TIMEOUTS.hilink.again, signal);
  }
}

/** Error: STICK_NOT_FOUND, where another stick answers than the one that has said who it is since it came to the bus. */
function expected(host: Host, stick: Stick, { imei, serial }: WebIdentity): Expected {
  const before = identitiesOf(host).of(stick)?.imei;
  if (before !== undefined && imei !== undefined && hashOf(imei) !== before) {
    throw failure('STICK_NOT_FOUND/other-answers', { stick: stick.path });
  }
  return { imei, serial };
}

interface Seen {
  /** As it is now: the very same object where it has not left the bus; undefined while it is away. */
  stick: Stick | undefined;
  /** The same, where it is back with serial ports. */
  serial?: Stick;
}

async function awaitSerial(host: Host, before: Stick, signal: AbortSignal): Promise<Seen> {
  let stick: Stick | undefined = before;
  const found = await waitForStick(host, before.path, (now) => now?.mode === 'tty' && reenumerated(before, now), {
    timeoutMs: TIMEOUTS.modeswitch.leave,
    signal,
    onLook: (now) => {
      stick = now && !reenumerated(before, now) ? before : now;
    },
  });
  return { stick, ...(found?.stick && { serial: found.stick }) };
}

function leftAs({ path: stick }: Stick, now: Stick | undefined, tried: readonly Tried[]): DriverError {
  const asked = triedTexts(tried);
  if (!now)
    return failure('NOT_SWITCHED/left-for-good', { stick, seconds: TIMEOUTS.modeswitch.leave / 1000, tried: asked });
  return failure('NOT_SWITCHED/left-as-other', { stick, as: idText(now), mode: now.mode, tried: asked });
}

const told = ({
  model = 'a model that it does not tell',
  revision = 'not told',
}: Pick<Left, 'model' | 'revision'>) => ({
  model,
  revision,
});

const noneKnown = (stick: Stick, about: Pick<Left, 'model' | 'revision'>, ways: readonly WayHere[]): DriverError =>
  failure('NOT_SWITCHED/no-way-known', {
    stick: stick.path,
    ...told(about),
    why: ways.find(({ way }) => way === 'cgi')?.why ?? null,
  });
