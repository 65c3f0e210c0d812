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

function inGsm7(text: string, tables: Tables, wide: boolean): Split | undefined {
  const sizes: number[] = [];
  for (const c of text) {
    const septets = septetsOf(c, tables);
    if (!septets) return undefined;
    sizes.push(septets.length);
  }
  const room = (octets: number) => Math.floor((octets * 8) / 7);
  return { alphabet: 'gsm7', tables, parts: cut(text, sizes, room, tables, wide) };
}

const inUcs2 = (text: string, wide: boolean): Split => {
  const sizes = [...text].map((c) => c.length);
  return { alphabet: 'ucs2', tables: {}, parts: cut(text, sizes, (octets) => Math.floor(octets / 2), {}, wide) };
};

/** `sizes`: of each character; `room`: how much fits into so many octets. */
function cut(
  text: string,
  sizes: readonly number[],
  room: (octets: number) => number,
  tables: Tables,
  wide: boolean,
): string[] {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (whole <= room(USER_DATA - encodeHeader(undefined, tables).length)) return [text];
  const part = { reference: wide ? 0x100 : 0, total: 2, sequence: 1 };
  const limit = room(USER_DATA - encodeHeader(part, tables).length);
  const parts: string[] = [];
  let current = '';
  let used = 0;
  [...text].forEach((c, n) => {
    const size = sizes[n] ?? 0;
    if (used + size > limit) {
      parts.push(current);
      current = '';
      used = 0;
    }
    current += c;
    used += size;
  });
  return [...parts, current];
}
