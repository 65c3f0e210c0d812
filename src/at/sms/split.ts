/**
 * How a text is written in an SMS: the alphabet that needs the fewest parts, and where the parts begin.
 *
 * A phone that does not know a national table shows other characters: behind a single shift its nearest relatives (`s` for
 * `ş`), with a locking shift any. So these tables are for texts that the default alphabet can't hold, and only where they
 * save a part: with the same number of parts UCS-2, which every phone reads, is better.
 */

import { septetsOf, type Tables } from './alphabet';
import { encodeHeader } from './header';
import { LANGUAGES, lockingTable } from './national';

export type Alphabet = 'gsm7' | 'ucs2';

export interface Split {
  alphabet: Alphabet;
  /** Of `gsm7`: which national tables it takes. */
  tables: Tables;
  parts: string[];
}

/** Octets of text, header included, in one PDU. */
const USER_DATA = 140;
/** Parts of one message at most: their number has one octet. */
export const MAX_PARTS = 255;

/** National alphabets, by how much a phone without the table would still show: the best first. */
const NATIONAL: readonly Tables[] = [
  ...Object.values(LANGUAGES).map((single) => ({ single })),
  ...Object.values(LANGUAGES).map((locking) => ({ locking })),
  ...Object.values(LANGUAGES).map((language) => ({ locking: language, single: language })),
].filter(({ locking }: Tables) => locking === undefined || lockingTable(locking));

/**
 * `text` in as few parts as can be: never cut inside a character that takes two septets, or two UTF-16 units. `wide`: the
 * parts' reference is above 255 and takes one octet more of each. Without `national` no table but the default one is taken,
 * for a recipient that is known not to have them.
 */
export function splitText(text: string, wide = false, national = true): Split {
  const usual = inGsm7(text, {}, wide);
  if (usual) return usual;
  let best = inUcs2(text, wide);
  if (!national) return best;
  for (const tables of NATIONAL) {
    const split = inGsm7(text, tables, wide);
    if (split && split.parts.length < best.parts.length) best = split;
  }
  return best;
}

/** A character and how much of a part it takes. */
type Sized = readonly [character: string, size: number];

function inGsm7(text: string, tables: Tables, wide: boolean): Split | undefined {
  const characters: Sized[] = [];
  for (const c of text) {
    const septets = septetsOf(c, tables);
    if (!septets) return undefined;
    characters.push([c, septets.length]);
  }
  const room = (header: Buffer) => Math.floor(((USER_DATA - header.length) * 8) / 7);
  return { alphabet: 'gsm7', tables, parts: cut(characters, room, tables, wide) };
}

function inUcs2(text: string, wide: boolean): Split {
  const characters = [...text].map((c): Sized => [c, c.length]);
  const room = (header: Buffer) => Math.floor((USER_DATA - header.length) / 2);
  return { alphabet: 'ucs2', tables: {}, parts: cut(characters, room, {}, wide) };
}

/** `room`: how much fits behind a header. */
function cut(characters: readonly Sized[], room: (header: Buffer) => number, tables: Tables, wide: boolean): string[] {
  const whole = packed(characters, room(encodeHeader(undefined, tables)));
  if (whole.length === 1) return whole;
  const any = { reference: wide ? 0xffff : 0, total: MAX_PARTS, sequence: 1 };
  return packed(characters, room(encodeHeader(any, tables)));
}

/** As few texts as hold `limit` each. */
function packed(characters: readonly Sized[], limit: number): string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const [c, size] of characters) {
    if (used + size > limit) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += c;
    used += size;
  }
  return [...parts, part];
}
