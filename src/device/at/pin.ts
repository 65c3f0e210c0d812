/**
 * The SIM's PIN: asked for first, entered once, never tried again after it was refused. Three wrong ones lock the SIM, so
 * nothing here ever uses up the last try, and a PUK is never sent. The PIN itself reaches no log and no error.
 */

import { createHash } from 'node:crypto';
import { type Entry, questionOf, valueIn } from '../../at/commands/entry';
import { CPIN, enterPin, ICCID, PIN_COUNTS } from '../../at/commands/sim';
import { type Host, sleep } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import { known, type Member, type TypeOf } from '../../values/shape';
import { hashed } from '../slow-hash';
import type { AtEvent } from './events';
import { type Run, unlessSilent } from './opening-steps';
import { find, forget, noteState, remember, remembered, type Tried } from './pin-note';

export { PIN_NOTE } from './pin-note';

/** The SIM, by whatever it can be reached. Errors of all: those of the way there. */
export interface SimDoor {
  /** `READY`, `SIM PIN`, `SIM PUK` ...; undefined where nobody tells, for example without a SIM. */
  state(): Promise<string | undefined>;
  /** Tries of the PIN, if it is wanted now and the stick tells them. */
  tries(): Promise<number | undefined>;
  /** A hash of the ICCID; undefined where that cannot be read. */
  name(): Promise<string | undefined>;
  /** Enters it once. `wrong`: the SIM has said that it is the wrong one; else a number of the stick may say why. */
  enter(pin: string): Promise<{ ok: boolean; wrong?: boolean; number?: number }>;
}

export interface PinSetup {
  host: Host;
  /** Port path of the stick. */
  stick: string;
  /** Undefined: the SIM is only waited for. */
  pin: string | undefined;
  tell: (event: AtEvent) => void;
  /** Called when the PIN is refused, or was before and is not tried again. */
  refused: () => void;
  signal: AbortSignal;
}

/** SIM busy, as `+CME ERROR: 14` (T21); incorrect password. */
const BUSY = 14;
const INCORRECT = 16;
/** A SIM that has these left has not refused one since it took the right one. */
const ALL_TRIES = 3;
/** In front of the stick's place, where the SIM's ICCID can't be read. */
const PLACE = 'stick ';

const isPlace = (sim: string): boolean => sim.startsWith(PLACE);

/** The same as {@link unlockSim} by AT commands. Errors: those of the channel; the signal's reason. */
export const openSim = (run: Run, setup: PinSetup): Promise<void> =>
  unlockSim(
    {
      state: () => simState(run, setup),
      tries: () => triesLeft(run),
      name: () => simName(run),
      enter: (pin) => send(run, setup, pin),
    },
    setup,
  );

/** Waits while the SIM starts, and enters the PIN where it wants one. What can't be done is told as an event, no error. */
export async function unlockSim(door: SimDoor, setup: PinSetup): Promise<void> {
  const state = await door.state();
  const { host, stick, pin } = setup;
  if (state === 'READY') {
    // Unlocked by somebody: whatever was refused before is forgotten, of this SIM and no other.
    const sim = remembered(host).length > 0 ? await door.name() : undefined;
    if (sim !== undefined) forget(host, sim);
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
    } else await enter(door, setup, pin, warn);
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

async function enter(door: SimDoor, setup: PinSetup, pin: string, warn: (text: string) => void): Promise<void> {
  const { host, stick, tell, signal } = setup;
  const sim = (await door.name()) ?? `${PLACE}${stick}`;
  const tries = await door.tries();
  if (tries === undefined) {
    return warn(`The stick at ${stick} does not tell how many tries its SIM has left: the PIN was not sent.`);
  }
  if (tries <= 1) {
    return warn(
      `The SIM in the stick at ${stick} has ${tries} tries left: the PIN was not sent. Unlock it in a phone.`,
    );
  }
  const note = noteState(host);
  if (note !== 'whole' && tries < ALL_TRIES) {
    const why = note === 'newer' ? 'is of a newer version of this software' : 'is damaged';
    return warn(
      `The note about refused PINs (pin.json) ${why}, and the SIM in the stick at ${stick} has ${tries} tries left: the ` +
        'PIN was not sent. Unlock it in a phone.',
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
    setup.refused();
    return warn(`The PIN configured for the stick at ${stick} was refused before. It is not tried again: correct it.`);
  }
  const trying: Tried = { sim, ...(await hashed(host, pin)), tries };
  // Before it is sent: a machine that dies now must not try again blindly.
  remember(host, trying, old);
  const { ok, wrong, number } = await door.enter(pin);
  if (ok) {
    forget(host, sim);
    tell({ event: 'pin', level: 'info', stick, text: `The PIN of the SIM in the stick at ${stick} was accepted.` });
    // Some firmware restarts when it is asked earlier (T26).
    await sleep(host.clock, TIMEOUTS.sim.afterPin, signal);
    return;
  }
  const why = number === undefined ? '' : ` (error ${number})`;
  const left = wrong ? undefined : await door.tries();
  if (left === tries) {
    // Not even looked at. The note stays as it is: with these tries it may be sent again.
    return warn(`The SIM in the stick at ${stick} did not take the PIN${why}. It is tried again at the next opening.`);
  }
  remember(host, { sim, salt: trying.salt, hash: trying.hash }, trying);
  setup.refused();
  warn(`The PIN of the SIM in the stick at ${stick} was refused${why}. It is not tried again until it is changed.`);
}

/** A SIM that is busy has not looked at it: it is sent again. */
async function send(run: Run, { host, signal }: PinSetup, pin: string): ReturnType<SimDoor['enter']> {
  const until = host.clock.now() + TIMEOUTS.sim.busy;
  for (;;) {
    const reply = await run(enterPin(pin), { force: true });
    const { ok, number } = reply;
    if (ok || number !== BUSY || host.clock.now() >= until) return known({ ok, number, wrong: number === INCORRECT });
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

async function simName(run: Run): Promise<string | undefined> {
  const iccid = await quickly(run, ICCID);
  return iccid === undefined ? undefined : nameOfSim(iccid);
}

/** What tells a SIM from others in the note. */
export const nameOfSim = (iccid: string): string => createHash('sha256').update(iccid).digest('hex').slice(0, 16);
