/**
 * The SIM's PIN: asked for first, entered once, never tried again after it was refused. Three wrong ones lock the SIM, so
 * nothing here ever uses up the last try, and a PUK is never sent. The PIN itself reaches no log and no error.
 */

import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { type Entry, questionOf, valueIn } from '../at/commands/entry';
import { CPIN, enterPin, ICCID, PIN_COUNTS } from '../at/commands/sim';
import { type Host, sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { Member, TypeOf } from '../values/shape';
import type { AtEvent } from './at-events';
import { type Run, unlessSilent } from './at-setup';

export interface PinSetup {
  host: Host;
  /** Port path of the stick. */
  stick: string;
  /** Undefined: the SIM is only waited for. */
  pin: string | undefined;
  tell: (event: AtEvent) => void;
  signal: AbortSignal;
}

/** SIM busy, as `+CME ERROR: 14` (T21); incorrect password. */
const BUSY = 14;
const INCORRECT = 16;
const LENGTH = 32;
/** So many refused PINs are remembered. */
const MAX_REFUSED = 32;
/** In front of the stick's place, where the SIM's ICCID can't be read. */
const PLACE = 'stick ';

const isPlace = (sim: string): boolean => sim.startsWith(PLACE);

/** The refused PINs of all SIMs: a SIM moves from stick to stick. */
export const PIN_NOTE = 'pin';

/** A PIN that was tried, as salted hash. `tries`: left before, while it is not known whether it was refused. */
interface Tried {
  /** Hash of the ICCID; where that can't be read, the stick's place has to do. */
  sim: string;
  salt: string;
  hash: string;
  tries?: number;
}

/**
 * Waits while the SIM starts, and enters the PIN where it wants one. What can't be done is told as an event, no error.
 * Errors: those of the channel; the signal's reason.
 */
export async function openSim(run: Run, setup: PinSetup): Promise<void> {
  const state = await simState(run, setup);
  const { host, stick, pin } = setup;
  if (state === 'READY') {
    // Unlocked by somebody: whatever was refused before is forgotten, of this SIM and no other.
    const sim = remembered(host).length > 0 ? await simName(run, stick) : undefined;
    if (sim !== undefined && !isPlace(sim)) forget(host, sim);
    return;
  }
  const warn = (text: string) => setup.tell({ event: 'pin', level: 'warn', stick, text });
  if (state === 'SIM PUK') {
    warn(`The SIM in the stick at ${stick} wants its PUK, which is never sent by itself. Unlock it in a phone.`);
  } else if (state === 'SIM PIN') {
    if (pin === undefined || pin === '')
      warn(`The SIM in the stick at ${stick} wants its PIN, and none is configured.`);
    else if (!/^\d{4,8}$/.test(pin)) {
      warn(`The PIN configured for the stick at ${stick} is no number of 4 to 8 digits: it was not sent.`);
    } else await enter(run, setup, pin, warn);
  }
}

/** `READY`, `SIM PIN`, `SIM PUK` ...; undefined where the stick tells none, for example without a SIM. */
async function simState(run: Run, { host, signal }: PinSetup): Promise<string | undefined> {
  const until = host.clock.now() + TIMEOUTS.sim.busy;
  for (;;) {
    const reply = await unlessSilent(run(questionOf(CPIN), { timeout: TIMEOUTS.at.command }));
    if (!reply) return undefined;
    const { ok, lines, number } = reply;
    if (ok) return valueIn(CPIN, lines)?.state;
    if (number !== BUSY || host.clock.now() >= until) return undefined;
    await sleep(host.clock, TIMEOUTS.sim.busyPause, signal);
  }
}

async function enter(run: Run, setup: PinSetup, pin: string, warn: (text: string) => void): Promise<void> {
  const { host, stick, tell, signal } = setup;
  const sim = await simName(run, stick);
  const tries = await triesLeft(run);
  if (tries === undefined) {
    return warn(`The stick at ${stick} does not tell how many tries its SIM has left: the PIN was not sent.`);
  }
  if (tries <= 1) {
    return warn(
      `The SIM in the stick at ${stick} has ${tries} tries left: the PIN was not sent. Unlock it in a phone.`,
    );
  }
  const old = await find(
    host,
    // A SIM that can't be told from others may have been tried anywhere.
    remembered(host).filter((tried) => tried.sim === sim || (isPlace(sim) && isPlace(tried.sim))),
    pin,
  );
  // Whoever lost the answer knows by the tries whether it was refused.
  if (old && (old.tries === undefined || old.tries !== tries)) {
    return warn(`The PIN configured for the stick at ${stick} was refused before. It is not tried again: correct it.`);
  }
  const trying: Tried = { sim, ...(await hashed(host, pin)), tries };
  // Before it is sent: a machine that dies now must not try again blindly.
  remember(host, trying, old);
  const { ok, number } = await send(run, setup, pin);
  if (ok) {
    forget(host, sim);
    tell({ event: 'pin', level: 'info', stick, text: `The PIN of the SIM in the stick at ${stick} was accepted.` });
    // Some firmware restarts when it is asked earlier (T26).
    await sleep(host.clock, TIMEOUTS.sim.afterPin, signal);
    return;
  }
  const why = number === undefined ? '' : ` (error ${number})`;
  const left = number === INCORRECT ? undefined : await triesLeft(run);
  if (left === tries) {
    // Not even looked at. The note stays as it is: with these tries it may be sent again.
    return warn(`The SIM in the stick at ${stick} did not take the PIN${why}. It is tried again at the next opening.`);
  }
  remember(host, { sim, salt: trying.salt, hash: trying.hash }, trying);
  warn(`The PIN of the SIM in the stick at ${stick} was refused${why}. It is not tried again until it is changed.`);
}

/** A SIM that is busy has not looked at it: it is sent again. */
async function send(run: Run, { host, signal }: PinSetup, pin: string): Promise<{ ok: boolean; number?: number }> {
  const until = host.clock.now() + TIMEOUTS.sim.busy;
  for (;;) {
    const reply = await run(enterPin(pin), { force: true });
    if (reply.ok || reply.number !== BUSY || host.clock.now() >= until) return reply;
    await sleep(host.clock, TIMEOUTS.sim.busyPause, signal);
  }
}

/** Tries of the PIN, if it is wanted now. Some firmware does not tell them. */
async function triesLeft(run: Run): Promise<number | undefined> {
  const { state, tries } = (await quickly(run, PIN_COUNTS)) ?? {};
  return state === 'SIM PIN' ? tries : undefined;
}

async function quickly<S extends Member>(run: Run, entry: Entry<string, S>): Promise<TypeOf<S> | undefined> {
  const reply = await unlessSilent(run(questionOf(entry), { timeout: TIMEOUTS.at.command }));
  return reply?.ok ? valueIn(entry, reply.lines) : undefined;
}

async function simName(run: Run, stick: string): Promise<string> {
  const iccid = await quickly(run, ICCID);
  if (iccid === undefined) return `${PLACE}${stick}`;
  return createHash('sha256').update(iccid).digest('hex').slice(0, 16);
}

/** What was written, also where the host can't keep notes: a PIN is never tried twice by one process. */
const written = new WeakMap<Host, readonly Tried[]>();

function remembered(host: Host): readonly Tried[] {
  const noted = readTried(host.readNote(PIN_NOTE));
  const own = written.get(host) ?? [];
  return [...noted, ...own.filter(({ salt }) => !noted.some((tried) => tried.salt === salt))];
}

function keep(host: Host, list: readonly Tried[]): void {
  written.set(host, list);
  host.writeNote(PIN_NOTE, list.length > 0 ? JSON.stringify(list) : undefined);
}

/** Notes `tried`, in the place of `old`. */
function remember(host: Host, tried: Tried, old: Tried | undefined): void {
  const rest = remembered(host).filter(({ salt }) => salt !== old?.salt && salt !== tried.salt);
  keep(host, [...rest, tried].slice(-MAX_REFUSED));
}

function forget(host: Host, sim: string): void {
  const all = remembered(host);
  const rest = all.filter((tried) => tried.sim !== sim);
  if (rest.length < all.length) keep(host, rest);
}

/** Four digits are soon guessed: a slow hash makes that dear, and the note is for its owner's eyes only. */
function derive(host: Host, pin: string, salt: string): Promise<Buffer> {
  const work = new Promise<Buffer>((resolve, reject) => {
    scrypt(pin, Buffer.from(salt, 'hex'), LENGTH, (error, key) => (error ? reject(error) : resolve(key)));
  });
  return host.clock.during(work);
}

async function hashed(host: Host, pin: string): Promise<{ salt: string; hash: string }> {
  const salt = randomBytes(16).toString('hex');
  return { salt, hash: (await derive(host, pin, salt)).toString('hex') };
}

async function find(host: Host, known: readonly Tried[], pin: string): Promise<Tried | undefined> {
  for (const tried of known) {
    const hash = Buffer.from(tried.hash, 'hex');
    if (hash.length === LENGTH && timingSafeEqual(hash, await derive(host, pin, tried.salt))) return tried;
  }
  return undefined;
}

/** What is no note of ours counts as none. */
function readTried(text: string | undefined): Tried[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isTried) : [];
  } catch {
    return [];
  }
}

function isTried(value: unknown): value is Tried {
  const { sim, salt, hash, tries } = (value ?? {}) as Record<string, unknown>;
  if (typeof sim !== 'string') return false;
  return typeof salt === 'string' && typeof hash === 'string' && (tries === undefined || typeof tries === 'number');
}
