/**
 * The GSM 7-bit alphabets (3GPP TS 23.038, 6.2.1): the default one with its extension table, and those with a national
 * table in place of either; and septets packed into octets. Serves SMS and USSD.
 */

import { type LockingTable, lockingTable, type SingleTable, singleTable } from './national';

/** National languages of an alphabet, by {@link LANGUAGES}; without one the default table stands. */
export interface Tables {
  /** Of the table in place of the default alphabet. */
  locking?: number;
  /** Of the table in place of the extension table. */
  single?: number;
}

/** The default alphabet. ESC, which opens the extension table, stands as itself. */
const BASIC: LockingTable = [
  ...('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
    ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmnopqrstuvwxyzäöñüà'),
];

const ESC = 0x1b;

/** Codes behind ESC. 0x0a is a page break. */
const EXTENSION: SingleTable = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

interface Alphabet {
  basic: LockingTable;
  extension: SingleTable;
  /** The septets of each character. */
  codes: ReadonlyMap<string, readonly number[]>;
}

const alphabets = new Map<string, Alphabet>();

/** A language that nobody knows, or that has no such table, means the default one, as the standard wants. */
function alphabetOf({ locking = 0, single = 0 }: Tables = {}): Alphabet {
  const own = { basic: lockingTable(locking), extension: singleTable(single) };
  const key = `${own.basic ? locking : 0} ${own.extension ? single : 0}`;
  const made = alphabets.get(key);
  if (made) return made;
  const { basic = BASIC, extension = EXTENSION } = own;
  const codes = new Map<string, readonly number[]>();
  const add = (character: string, septets: readonly number[]) => {
    // Some characters stand at two codes: the first one is sent.
    if (!codes.has(character)) codes.set(character, septets);
  };
  basic.forEach((character, code) => {
    if (character !== undefined && code !== ESC) add(character, [code]);
  });
  for (const [code, character] of extension) add(character, [ESC, code]);
  const alphabet = { basic, extension, codes };
  alphabets.set(key, alphabet);
  return alphabet;
}

/** The septets of one character, two for those of the extension table; undefined where the alphabet has none. */
export const septetsOf = (character: string, tables?: Tables): readonly number[] | undefined =>
  alphabetOf(tables).codes.get(character);

/** The septets of `text`; undefined if one of its characters is not in the alphabet. */
export function toSeptets(text: string, tables?: Tables): number[] | undefined {
  const { codes } = alphabetOf(tables);
  const septets: number[] = [];
  for (const c of text) {
    const own = codes.get(c);
    if (!own) return undefined;
    septets.push(...own);
  }
  return septets;
}

/**
 * The text of `septets`. A code that the extension table does not know is shown as in the basic table, as the standard
 * says; one that the basic table does not know and an ESC at the end are spaces.
 */
export function fromSeptets(septets: readonly number[], tables?: Tables): string {
  const { basic, extension } = alphabetOf(tables);
  let text = '';
  let escaped = false;
  for (const code of septets) {
    if (code === ESC) {
      // Two of them announce a further table, which nobody has defined: a space.
      if (escaped) text += ' ';
      escaped = !escaped;
      continue;
    }
    text += (escaped ? extension.get(code) : undefined) ?? basic[code] ?? ' ';
    escaped = false;
  }
  return escaped ? `${text} ` : text;
}

/** Packs septets, the first one in the lowest bits, behind `fill` bits of 0. */
export function pack(septets: readonly number[], fill = 0): Buffer {
  const packed = Buffer.alloc(Math.ceil((fill + septets.length * 7) / 8));
  let bit = fill;
  for (const septet of septets) {
    const at = bit >> 3;
    const shift = bit & 7;
    packed[at] = (packed[at] ?? 0) | ((septet << shift) & 0xff);
    if (shift > 1) packed[at + 1] = septet >> (8 - shift);
    bit += 7;
  }
  return packed;
}

/** The `count` septets behind `fill` bits, as many as there are at most. */
export function unpack(packed: Uint8Array, count: number, fill = 0): number[] {
  const septets: number[] = [];
  for (let i = 0, bit = fill; i < count && bit + 7 <= packed.length * 8; i++, bit += 7) {
    const at = bit >> 3;
    const pair = (packed[at] ?? 0) | ((packed[at + 1] ?? 0) << 8);
    septets.push((pair >> (bit & 7)) & 0x7f);
  }
  return septets;
}
