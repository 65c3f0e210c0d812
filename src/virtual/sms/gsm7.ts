/** The alphabets of 3GPP 23.038, with national tables or without, and the packing of septets into octets. */

import { LOCKING, SINGLE, type Table } from './national';

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà';

const ESCAPE = 0x1b;

const EXTENSION: Table = new Map([
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

/** National languages whose tables stand in place of the default ones, by their identifiers. */
export interface Shifts {
  locking?: number;
  single?: number;
}

const basicOf = ({ locking = 0 }: Shifts): Table => LOCKING[locking] ?? DEFAULT;
const extensionOf = ({ single = 0 }: Shifts): Table => SINGLE[single] ?? EXTENSION;

const DEFAULT: Table = new Map([...BASIC].entries());

/** The first code of a character, if there is one. */
function codeOf(table: Table, character: string): number | undefined {
  for (const [code, c] of table) if (c === character) return code;
  return undefined;
}

function septetsOf(character: string, shifts: Shifts): number[] | undefined {
  const basic = codeOf(basicOf(shifts), character);
  if (basic !== undefined && basic !== ESCAPE) return [basic];
  const extended = codeOf(extensionOf(shifts), character);
  return extended === undefined ? undefined : [ESCAPE, extended];
}

/** One list of septets per character (two for the extension table); undefined if a character is in neither table. */
export function gsm7Characters(text: string, shifts: Shifts = {}): (readonly number[])[] | undefined {
  const characters: (readonly number[])[] = [];
  for (const c of text) {
    const septets = septetsOf(c, shifts);
    if (!septets) return undefined;
    characters.push(septets);
  }
  return characters;
}

/** An escape before a septet that the extension table lacks shows as the basic character, as 23.038 wants it. */
export function gsm7Text(septets: readonly number[], shifts: Shifts = {}): string {
  const basic = basicOf(shifts);
  let text = '';
  for (let i = 0; i < septets.length; i++) {
    const septet = septets[i] as number;
    if (septet !== ESCAPE) text += basic.get(septet) ?? ' ';
    else if (++i < septets.length) {
      const next = septets[i] as number;
      // A second escape is a space.
      text += extensionOf(shifts).get(next) ?? (next === ESCAPE ? ' ' : (basic.get(next) ?? ' '));
    }
  }
  return text;
}

/** `fill`: bits left free in front, so that the text after a header begins at a septet border. */
export function pack(septets: readonly number[], fill = 0): Buffer {
  const out = Buffer.alloc(Math.ceil((fill + 7 * septets.length) / 8));
  septets.forEach((septet, n) => {
    const bit = fill + 7 * n;
    const at = bit >> 3;
    const wide = septet << (bit & 7);
    out[at] = (out[at] as number) | (wide & 0xff);
    if (wide > 0xff) out[at + 1] = (out[at + 1] as number) | (wide >> 8);
  });
  return out;
}

/** `count` septets, or as many as `octets` hold. */
export function unpack(octets: Uint8Array, count: number, fill = 0): number[] {
  const most = Math.floor((8 * octets.length - fill) / 7);
  return Array.from({ length: Math.min(count, most) }, (_, n) => {
    const bit = fill + 7 * n;
    const at = bit >> 3;
    return ((((octets[at] as number) | ((octets[at + 1] ?? 0) << 8)) >> (bit & 7)) & 0x7f) as number;
  });
}
