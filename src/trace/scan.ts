/**
 * The last look at a record before it is written: does it still hold what is private? Searched as it is and as all that its
 * hex and base64 may say, for what has been replaced in this trace, and for runs of digits that nobody here has made.
 */

import type { Pseudonyms } from './pseudonyms';

/** Digits in a row of which nobody knows what they are: a number, an IMEI, an IMSI. */
const RUN = /\d{7,}/g;
/** Of both records so much is looked at together. */
const BORDER = 400;

/** Whether `text`, all the strings of a record, looks private. */
export function looksPrivate(names: Pseudonyms, strings: readonly string[]): boolean {
  const views = viewsOf(strings);
  for (const original of names.originals) if (views.includes(original)) return true;
  return strings.some((text) => hasStrangeRun(names, text));
}

/** Whether something private goes over the border of two records that follow each other. */
export function bordersPrivate(names: Pseudonyms, before: readonly string[], after: readonly string[]): boolean {
  const joined = before.join('').slice(-BORDER) + after.join('').slice(0, BORDER);
  const views = viewsOf([joined, joined.replaceAll(/[\r\n\s]/g, '')]);
  for (const original of names.originals) if (views.includes(original)) return true;
  return false;
}

/** What was said in a record, without the words around it. */
export const contentOf = (record: object): string[] =>
  'raw' in record && Array.isArray(record.raw)
    ? record.raw.map((entry: unknown) => (Array.isArray(entry) ? String(entry[1]) : ''))
    : stringsIn(record);

/** All strings of a record, but hashes, which say nothing. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'sha256' ? [] : stringsIn(inner)));
}

/** A word with such a run, or one that says such a run when it is decoded, which was neither made here nor is known. */
function hasStrangeRun(names: Pseudonyms, text: string): boolean {
  for (const [word] of text.matchAll(/[0-9A-Za-z]{7,}/g)) {
    if (names.isVouched(word)) continue;
    if ([...word.matchAll(RUN)].some(([run]) => !names.isVouched(run))) return true;
    if (/^[0-9A-F]{14,}$/i.test(word) && decodings(word).some((said) => /\d{10,}/.test(said))) return true;
  }
  return false;
}

function viewsOf(strings: readonly string[]): string {
  const texts = strings.flatMap((text) => {
    const squeezed = text.replaceAll(/(?<=\d)[\s./()-](?=\d)/g, '');
    const words = text.match(/[0-9A-F]{8,}/gi) ?? [];
    const coded = text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
    return [text, squeezed, ...words.flatMap(decodings), ...coded.flatMap(base64)];
  });
  return texts.join('\0').toLowerCase();
}

/** What hex may say: text of eight, seven and sixteen bits, digits with their halves swapped, each from every place on. */
function decodings(hex: string): string[] {
  return [hex, hex.slice(1)].flatMap((from) => {
    const octets = Buffer.from(from.slice(0, from.length - (from.length % 2)), 'hex');
    return [
      octets.toString('latin1'),
      octets.toString('utf8'),
      wide(octets),
      wide(octets.subarray(1)),
      Buffer.from(octets.map((octet) => ((octet & 15) << 4) | (octet >> 4))).toString('hex'),
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((bit) => septets(octets, bit)),
    ];
  });
}

const base64 = (text: string): string[] =>
  [0, 1, 2, 3].flatMap((from) => {
    const octets = Buffer.from(text.slice(from), 'base64');
    return [octets.toString('latin1'), octets.toString('utf8'), wide(octets), wide(octets.subarray(1))];
  });

const wide = (octets: Buffer): string =>
  Buffer.from(octets.subarray(0, octets.length - (octets.length % 2)))
    .swap16()
    .toString('utf16le');

function septets(octets: Buffer, from: number): string {
  const codes: number[] = [];
  for (let bit = from; bit + 7 <= octets.length * 8; bit += 7) {
    const at = bit >> 3;
    codes.push((((octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8)) >> (bit & 7)) & 0x7f);
  }
  return String.fromCharCode(...codes);
}
