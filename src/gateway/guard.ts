/** What a gateway lets pass: numbers, codes, commands, and so many parts in so much time. No clock, no disk. */

import type { Command } from './journal-lines';
import type { Receipt } from './payloads';

export interface Limits {
  /** Parts in an hour, in a day, in a day to one number; undefined: as many as anybody likes. */
  hour: number | undefined;
  day: number | undefined;
  number: number | undefined;
  /** Parts beyond each of them for messages with the priority `alarm`. */
  reserve: number;
}

export const LIMITS: Limits = { hour: 30, day: 200, number: 20, reserve: 10 };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Parts that were accepted so long ago, ms. */
export interface Use {
  parts: number;
  whom: string | undefined;
  age: number;
}

/** What counts: all that was accepted, but for what surely was not sent. */
export function usesOf(commands: Iterable<Command>, ageOf: (command: Command) => number): Use[] {
  const uses: Use[] = [];
  for (const command of commands) {
    if (command.kind !== 'sms' || !counts(command)) continue;
    const age = ageOf(command);
    if (age < DAY) uses.push({ parts: command.parts, whom: command.whom, age });
  }
  return uses;
}

/** What is undecided was told to be accepted. */
function counts({ last }: Command): boolean {
  const { event_type, refs = [] } = last as Receipt;
  return event_type !== 'refused' && (refs.length > 0 || (event_type !== 'failed' && event_type !== 'expired'));
}

export interface Refusal {
  limit: number;
  /** `an hour`, `a day`, `a day to one number`. */
  window: string;
  /** Seconds until so many parts are free again; undefined: never. */
  retryAfter: number | undefined;
}

/** Why so many parts more would be too many; undefined where they are not. */
export function refusalOf(
  { hour, day, number, reserve }: Limits,
  uses: readonly Use[],
  { parts, whom, alarm }: { parts: number; whom: string; alarm: boolean },
): Refusal | undefined {
  const windows = [
    { limit: hour, window: 'an hour', ms: HOUR, of: uses },
    { limit: day, window: 'a day', ms: DAY, of: uses },
    { limit: number, window: 'a day to one number', ms: DAY, of: uses.filter((use) => use.whom === whom) },
  ];
  for (const { limit, window, ms, of } of windows) {
    if (limit === undefined) continue;
    const most = limit + (alarm ? reserve : 0);
    const within = of.filter(({ age }) => age < ms).sort((a, b) => b.age - a.age);
    let tooMany = within.reduce((sum, use) => sum + use.parts, parts) - most;
    if (tooMany <= 0) continue;
    let wait = ms;
    for (const use of within) {
      tooMany -= use.parts;
      wait = ms - use.age;
      if (tooMany <= 0) break;
    }
    return { limit: most, window, retryAfter: parts > most ? undefined : Math.ceil(wait / 1000) };
  }
  return undefined;
}

/** Parts that may be sent now without the reserve; null where there is no limit. */
export function leftOf({ hour, day }: Limits, uses: readonly Use[]): number | null {
  const used = (ms: number) => uses.reduce((sum, { age, parts }) => (age < ms ? sum + parts : sum), 0);
  const left = [...(hour === undefined ? [] : [hour - used(HOUR)]), ...(day === undefined ? [] : [day - used(DAY)])];
  return left.length === 0 ? null : Math.max(0, Math.min(...left));
}

/** Shorter ones are often dear. */
const SHORT = 7;

/** Whether `number` is on a list of numbers and beginnings (`+49*`). */
export const isListed = (number: string, list: readonly string[]): boolean =>
  list.some((one) => (one.endsWith('*') ? number.startsWith(one.slice(0, -1)) : number === one));

/** `refused`: not on the list; `short`: a short number that nobody has listed; undefined: it may get messages. */
export function judgeNumber(number: string, list: readonly string[]): 'refused' | 'short' | undefined {
  if (list.length > 0 && !isListed(number, list)) return 'refused';
  const digits = number.replace(/\D/g, '').length;
  return digits < SHORT && !list.includes(number) ? 'short' : undefined;
}

/** Whether a USSD code is on a list of codes, where `?` stands for any digit and a `*` at the very end, behind a blank, for anything. */
export const isCodeListed = (code: string, list: readonly string[]): boolean =>
  list.some((pattern) => {
    const open = pattern.endsWith(' *');
    const start = (open ? pattern.slice(0, -2) : pattern).replace(/[.*+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '\\d');
    return new RegExp(`^${start}${open ? '' : '$'}`).test(code);
  });
