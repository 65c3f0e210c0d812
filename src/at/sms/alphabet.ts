/**
 * The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038, 6.2.1), and septets packed into octets. Serves
 * SMS and USSD.
 */

/** The character of each code; ESC, which opens the extension table, stands as itself. */
const BASIC = [
  ...('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
    ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmnopqrstuvwxyzäöñüà'),
];

const ESC = 0x1b;

/** Codes behind ESC. 0x0a is a page break. */
const EXTENSION: ReadonlyMap<number, string> = new Map([
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

const CODES: ReadonlyMap<string, readonly number[]> = new Map([
  ...BASIC.map((c, code): [string, number[]] => [c, [code]]).filter(([, [code]]) => code !== ESC),
  ...[...EXTENSION].map(([code, c]): [string, number[]] => [c, [ESC, code]]),
]);

/** The septets of one character, two for those of the extension table; undefined where the alphabet has none. */
export const septetsOf = (character: string): readonly number[] | undefined => CODES.get(character);

/** The septets of `text`; undefined if one of its characters is not in the alphabet. */
export function toSeptets(text: string): number[] | undefined {
  const septets: number[] = [];
  for (const c of text) {
    const codes = CODES.get(c);
    if (!codes) return undefined;
    septets.push(...codes);
  }
  return septets;
}

/**
 * The text of `septets`. A code that the extension table does not know is shown as in the basic table, as the standard
 * says; an ESC at the end is a space.
 */
export function fromSeptets(septets: readonly number[]): string {
  let text = '';
  let escaped = false;
  for (const code of septets) {
    if (code === ESC) {
      // Two of them announce a further table, which nobody has defined: a space.
      if (escaped) text += ' ';
      escaped = !escaped;
      continue;
    }
    text += (escaped ? EXTENSION.get(code) : undefined) ?? BASIC[code] ?? '';
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
