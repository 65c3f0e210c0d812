/** The user data of a PDU as text, and the texts of several as one. */

import { fromSeptets, unpack } from './alphabet';
import { type Coding, codingOf } from './coding';
import { type Header, headerOf } from './header';
import type { UserData } from './layout';

export interface Content extends Coding {
  header: Header;
  /** Behind the header: septets of a GSM 7-bit alphabet, else octets. */
  units: number[];
}

/** Error: compressed text. */
export function contentOf({ dcs, length, octets, headed }: UserData): Content {
  const coding = codingOf(dcs);
  const header = headed ? headerOf(octets) : { size: 0, tables: {} };
  const rest = octets.subarray(header.size);
  if (coding.alphabet !== 'gsm7') return { ...coding, header, units: [...rest] };
  // The text begins at a septet border, counted from the beginning of the header.
  const before = Math.ceil((header.size * 8) / 7);
  return { ...coding, header, units: unpack(rest, length - before, before * 7 - header.size * 8) };
}

/** Octets of a message that is no text, as hex; undefined for a text. */
export function dataOf({ alphabet, units }: Content): string | undefined {
  return alphabet === '8bit' ? Buffer.from(units).toString('hex').toUpperCase() : undefined;
}

/**
 * The text of parts that follow each other; undefined for one that has not come. A character may begin in one part and
 * end in the next: an ESC with its letter, the halves of a UTF-16 pair, the octets of a UCS-2 character.
 */
export function textOf(parts: readonly (Content | undefined)[]): string {
  const runs: Content[][] = [];
  let last: Content | undefined;
  for (const part of parts) {
    if (part && last && goesOn(last, part)) runs.at(-1)?.push(part);
    else if (part) runs.push([part]);
    last = part;
  }
  return runs.map(textOfRun).join('');
}

const goesOn = (one: Content, other: Content): boolean =>
  one.alphabet === other.alphabet &&
  one.header.tables.locking === other.header.tables.locking &&
  one.header.tables.single === other.header.tables.single;

/** Of parts in one alphabet. */
function textOfRun(run: readonly Content[]): string {
  const [first] = run;
  if (!first || first.alphabet === '8bit') return '';
  const units = run.flatMap((part) => part.units);
  if (first.alphabet === 'gsm7') return fromSeptets(units, first.header.tables);
  // An odd octet that no other one completes is too much.
  return (units.length % 2 === 0 ? [units] : run.map((part) => part.units)).map(ucs2).join('');
}

const ucs2 = (octets: number[]): string =>
  Buffer.from(octets.slice(0, octets.length & ~1))
    .swap16()
    .toString('utf16le');
