/** Characters for characters: what stands in for a text is of the same length in every coding that a wire uses. */

/** A source of numbers from 0 up to `below`. */
export type Draw = (below: number) => number;

/** Letters of one script, each of which takes as many octets as the others in UTF-8, and a septet where one of them does. */
const SCRIPTS: readonly (readonly [from: number, to: number])[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0x410, 0x42f],
  [0x430, 0x44f],
  [0x3b1, 0x3c1],
  [0x5d0, 0x5ea],
  [0x627, 0x63a],
  [0x905, 0x939],
  [0xe01, 0xe2e],
  [0x4e00, 0x9fa5],
  [0x3041, 0x3096],
  [0x30a1, 0x30f6],
  [0xac00, 0xd7a3],
  [0xc0, 0xd6],
  [0xe0, 0xf6],
  [0x1f600, 0x1f64f],
];
/** For those of no script above, by their octets in UTF-8. */
const OTHERS: readonly (readonly [below: number, from: number, to: number])[] = [
  [0x800, 0x100, 0x17e],
  [0x10000, 0x4e00, 0x9fa5],
  [0x110000, 0x1f600, 0x1f64f],
];

export function replacedCharacters(text: string, draw: Draw): string {
  let made = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const script =
      SCRIPTS.find(([from, to]) => code >= from && code <= to) ??
      (code < 0x80 || isSign(character) ? undefined : OTHERS.find(([below]) => code < below)?.slice(1));
    const [from, to] = script ?? [];
    made += from === undefined || to === undefined ? character : String.fromCodePoint(from + draw(to - from + 1));
  }
  return made;
}

/** Punctuation, and halves of pairs, which are no characters. */
const isSign = (character: string): boolean => /^[\p{P}\p{Z}\p{Cc}\p{Cs}\p{Sc}\ufffd]$/u.test(character);

const ESC = 0x1b;
/** Codes of the default alphabet that are letters of no ASCII: Greek and accented ones. */
const ACCENTED = [0x04, 0x05, 0x06, 0x07, 0x08, 0x1c, 0x1d, 0x1e, 0x5b, 0x5c, 0x5d, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f];
const GREEK = [0x10, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a];

export function replacedSeptets(septets: readonly number[], draw: Draw, strange: boolean): number[] {
  let escaped = false;
  return septets.map((code) => {
    const behindEscape = escaped;
    escaped = code === ESC && !escaped;
    if (code === ESC || code === 0x0a || code === 0x0d || code === 0x20) return code;
    if (strange) return code < 0x20 ? 0x10 + draw(8) : 0x21 + draw(0x5e);
    // What stands behind ESC is a sign; in a national table a letter may be there.
    if (behindEscape && !/[A-Za-z]/.test(String.fromCharCode(code))) return code;
    if (code >= 0x30 && code <= 0x39) return 0x30 + draw(10);
    if (code >= 0x41 && code <= 0x5a) return 0x41 + draw(26);
    if (code >= 0x61 && code <= 0x7a) return 0x61 + draw(26);
    const group = [ACCENTED, GREEK].find((codes) => codes.includes(code));
    return group?.[draw(group.length)] ?? code;
  });
}
