/** What goes out by a command line: numbers that are called, codes that are dialled or sent as USSD. For those who judge it. */

import type { CommandLine, CommandPart } from './command';
import { fromSeptets, unpack } from './sms/alphabet';

export interface Outgoing {
  /**
   * Numbers that are called, now or when somebody calls the stick, as digits: without what a stick passes over, and read in
   * every way in which it may read them.
   */
  numbers: readonly string[];
  /** Why nobody here can see which number is called, as part of a sentence. */
  unseen: string | undefined;
  /** Dial strings and USSD texts as they stand, these in every way in which a stick may read them. */
  codes: readonly string[];
}

/** Where a dial string may pause: what follows is sent as tones, and the call is to what stands before (V.250, 6.3.1). */
const PAUSE = /[,WPT!@]/gi;

/**
 * What says how to dial, not whom: `#31#`, `*31#` (the own number shown or not) and others of that shape (22.030, 6.5), and
 * `*67`, `*82` of North America; one or several.
 */
const HOW = /^(?:\*(?:67|82)|[*#]{1,2}\d{2,3}(?:\*[^#]*)?#)+/;

/** Whatever a stick may take for a dial string, in quotes or a name too. */
const DIALLED = /D([^;]*)/g;

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

/** The numbers that a stick may make of a dial string; none of `*99#`, which calls nobody. */
function numbersIn(dialled: string): string[] {
  const pauses = [...dialled.matchAll(PAUSE)].map(({ index }) => dialled.slice(0, index));
  return [dialled, ...pauses].map(numberOf).filter((number) => number !== '');
}

/** The numbers to which the code `text` forwards calls. */
const forwardedTo = (text: string): string[] =>
  [...text.replaceAll(/[^0-9*#+]/g, '').matchAll(FORWARDING)].map(([, number = '']) => number);

export function outgoingOf({ parts, plain }: CommandLine): Outgoing {
  // From behind its D to its end or semicolon.
  const dialled = parts.filter(({ name }) => name === 'D').map(({ args }) => args);
  const ussd = ussdTexts(parts);
  const others = captured(plain, OTHER_DIALLING);
  const forwarded = [...dialled, ...ussd].flatMap(forwardedTo);
  return {
    numbers: [...dialled, ...others, ...forwarded].flatMap(numbersIn),
    unseen: unseenIn(parts, dialled),
    codes: [...captured(plain, DIALLED), ...ussd],
  };
}

/** What the group of `pattern` finds. Nearly always nothing, and looking is cheaper than collecting. */
const captured = (text: string, pattern: RegExp): string[] =>
  text.search(pattern) < 0 ? [] : [...text.matchAll(pattern)].map(([, group = '']) => group);

function unseenIn(parts: readonly CommandPart[], dialled: readonly string[]): string | undefined {
  if (dialled.some((text) => /[>LS]/i.test(text))) {
    return 'it calls a number that is stored in the stick or its SIM, which may be an emergency number';
  }
  if (parts.some(({ name, form }) => name === '+CKPD' && form !== 'test')) {
    return 'it presses keys, which may call an emergency number';
  }
  return undefined;
}

/** The texts that a command line sends as USSD, read in every way in which a stick may read them. */
function ussdTexts(parts: readonly CommandPart[]): string[] {
  return parts
    .filter(({ name, form }) => name === '+CUSD' && form === 'set')
    .map(({ args }) => args.slice(args.indexOf(',') + 1))
    .flatMap((rest) => [/^"([^"]*)"/.exec(rest)?.[1] ?? rest.split(',')[0] ?? '', rest])
    .flatMap((text) => [text, ...unhex(text)]);
}

/**
 * What hex may stand for in a USSD command: octets or packed septets; UCS-2 is octets with zeros between, which whoever looks
 * for digits passes over. The coding scheme behind it does not decide: `^USSDMODE`, `+CSCS` and the firmware do as well.
 */
function unhex(text: string): string[] {
  const hex = text.replaceAll(/[\s"]/g, '');
  if (hex === '' || hex.length % 2 !== 0 || !/^[0-9A-F]+$/i.test(hex)) return [];
  const octets = Buffer.from(hex, 'hex');
  return [octets.toString('latin1'), fromSeptets(unpack(octets, Math.floor((octets.length * 8) / 7)))];
}
