/**
 * Emergency numbers are never dialled, in no form and by nobody's leave: a flow that rings them by mistake takes help away
 * from somebody. A message to them is no call and passes, and so does USSD, which makes none.
 */

import type { CommandPart } from './command';
import { lineValue } from './fields';
import { ussdTexts } from './ussd-text';

/** Known everywhere, with and without a SIM (3GPP TS 22.101, 10.1.1), whatever country the stick is in. */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(['112', '911', '999', '000', '08', '110', '118', '119']);

const NONE: ReadonlySet<string> = new Set();

/** Where a dial string may pause: what follows is sent as tones, and the call is to what stands before (V.250, 6.3.1). */
const PAUSE = /[,WPT!@]/gi;

/**
 * What says how to dial, not whom: `#31#`, `*31#` (the own number shown or not) and others of that shape (22.030, 6.5), and
 * `*67`, `*82` of North America; one or several.
 */
const HOW = /^(?:\*(?:67|82)|[*#]{1,2}\d{2,3}(?:\*[^#]*)?#)+/;

/** Commands beside ATD that call a number, or let the network do so: CDMA's dialling, deflection of a call, forwarding. */
const OTHER_DIALLING = /(?:[+^]CDV=?|\+CTFR1?=|\+CHLD="?4\*|\+CCFC="?\d*"?,"?\d*"?,)([^;,]*)/g;

/** Forwarding as a code, dialled or sent as USSD: `**21*112#`, `*61*112*11*20#` (22.030, annex B). */
const FORWARDING = /\*(?:21|6[127]|00[24])\*\+?(\d+)/g;

/** The digits to dial, without what a stick passes over: blanks, `-`, quotes, letters, the `+`. */
const numberOf = (dialled: string): string =>
  dialled
    .replaceAll(/[^0-9*#]/g, '')
    .replace(HOW, '')
    .replaceAll(/^[*#]+|[*#]+$/g, '');

/** The emergency number that the dial string `dialled` calls, if it does. `own`: numbers that the stick has named. */
function emergencyIn(dialled: string, own: ReadonlySet<string>): string | undefined {
  const pauses = [...dialled.matchAll(PAUSE)].map(({ index }) => dialled.slice(0, index));
  return [dialled, ...pauses].map(numberOf).find((number) => EMERGENCY_NUMBERS.has(number) || own.has(number));
}

/** The dial strings of a command line, each from behind its D to its end or semicolon. */
const dialStrings = (parts: readonly CommandPart[]): string[] =>
  parts.filter(({ name }) => name === 'D').map(({ args }) => args);

/** The numbers to which the code `text` forwards calls. */
const forwardedTo = (text: string): string[] =>
  [...text.replaceAll(/[^0-9*#+]/g, '').matchAll(FORWARDING)].map(([, number = '']) => number);

/** What a command line calls, by ATD or otherwise, now or when somebody calls the stick. `parts` were found in `command`. */
function calls(command: string, parts: readonly CommandPart[]): string[] {
  const dialled = dialStrings(parts);
  const others = command.replaceAll(/\s/g, '').toUpperCase().matchAll(OTHER_DIALLING);
  return [
    ...dialled,
    ...[...others].map(([, number = '']) => number),
    ...[...dialled, ...ussdTexts(parts)].flatMap(forwardedTo),
  ];
}

/** Whether a command line calls a number at all, so that it is worth asking the stick for its own: `ATD*99#` does not. */
export const mayCall = (command: string, parts: readonly CommandPart[]): boolean =>
  calls(command, parts).some((dialled) => numberOf(dialled) !== '');

/**
 * Why a command line must not be sent, as part of a sentence: it calls an emergency number, or one that nobody can see here.
 * `own`: numbers that the stick has named.
 */
export function judgeCalls(
  command: string,
  parts: readonly CommandPart[],
  own: ReadonlySet<string> = NONE,
): string | undefined {
  for (const dialled of calls(command, parts)) {
    const number = emergencyIn(dialled, own);
    if (number !== undefined) return `it leads calls to ${number}, an emergency number`;
  }
  if (dialStrings(parts).some((dialled) => /[>LS]/i.test(dialled))) {
    return 'it calls a number that is stored in the stick or its SIM, which may be an emergency number';
  }
  if (parts.some(({ name, form }) => name === '+CKPD' && form !== 'test')) {
    return 'it presses keys, which may call an emergency number';
  }
  return undefined;
}

/** Firmware that does not know the question refuses it. */
const QUESTION = 'AT^ECCLIST?';
/** A SIM has room for five, a network sends some more: what goes on without end is no such list. */
const MOST = 100;

/** What one stick calls emergency numbers, beside the well-known ones: its SIM, its network and its firmware know more. */
export class EmergencyList {
  readonly #numbers = new Set<string>();
  #asking: Promise<void> | undefined;
  #asked = false;

  get numbers(): ReadonlySet<string> {
    return this.#numbers;
  }

  /** Whether the stick has had its chance to name them. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Asks once, however many wait for it. Never rejects: without an answer it stays at the well-known numbers. */
  ask(run: (question: string) => Promise<{ lines: readonly string[] }>): Promise<void> {
    this.#asking ??= run(QUESTION)
      .then(({ lines }) => {
        for (const line of lines) this.hear(line);
      })
      .catch(() => undefined)
      .then(() => {
        this.#asked = true;
      });
    return this.#asking;
  }

  /**
   * Takes the numbers of a `^ECCLIST` line, a reply's or a URC; any other line is passed over. Nothing tells its fields, so
   * every number of two to six digits counts (a SIM stores no longer ones), and where some are quoted only those.
   */
  hear(line: string): void {
    const value = lineValue(line, '^ECCLIST') ?? '';
    const quoted = [...value.matchAll(/"(\d{2,6})"/g)].map(([, number = '']) => number);
    const all = quoted.length > 0 ? quoted : [...value.matchAll(/(?<!\d)\d{2,6}(?!\d)/g)].map(([number]) => number);
    for (const number of all) if (this.#numbers.size < MOST) this.#numbers.add(number);
  }
}
