/**
 * The national language tables of 3GPP TS 23.038, annex A. A locking shift table stands for the default alphabet, a
 * single shift table for its extension table; a header says which (3GPP TS 23.040, 9.2.3.24.15 and .16). In two places
 * the printed standard has a letter twice, and another one not at all (Kannada 0x24, Tamil single shift 0x24): here as in
 * phones, where the missing one stands there.
 */

/** National language identifiers (TS 23.038, 6.2.1.2.4). */
export const LANGUAGES = {
  turkish: 1,
  spanish: 2,
  portuguese: 3,
  bengali: 4,
  gujarati: 5,
  hindi: 6,
  kannada: 7,
  malayalam: 8,
  oriya: 9,
  punjabi: 10,
  tamil: 11,
  telugu: 12,
  urdu: 13,
} as const;

/** 128 characters by code; undefined where a table has none. ESC stands as itself. */
export type LockingTable = readonly (string | undefined)[];
export type SingleTable = ReadonlyMap<number, string>;

/** The locking shift table of a language; undefined where there is none (Spanish) or the language is unknown. */
export const lockingTable = (language: number): LockingTable | undefined => LOCKING.get(language);
/** The single shift table of a language; undefined for an unknown one. */
export const singleTable = (language: number): SingleTable | undefined => SINGLE.get(language);

const LATIN = {
  turkish:
    '@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bŞşßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    'İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§çabcdefghijklmnopqrstuvwxyzäöñüà',
  portuguese:
    '@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\u001bÂâÊÉ !"#º%&\'()*+,-./0123456789:;<=>?' +
    'ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§~abcdefghijklmnopqrstuvwxyzãõ`üà',
};

/** What all tables of Indian languages have in common; `X` is a letter of the language's own. */
const INDIAN = `XXXXXXXXXX\nXX\r${'X'.repeat(13)}\u001bXXXX !XXXXXX)(XX,X.X0123456789:;XXX?${'X'.repeat(32)}`;
const SMALL = [...'abcdefghijklmnopqrstuvwxyz'];

/** The own letters in the order of the codes, as offsets in a block of Unicode, which is of 128 for each script. */
const LETTERS = [range(0x01, 0x03), range(0x05, 0x39), range(0x3c, 0x4d)].flat();

interface Script {
  /** Where its block begins. */
  block: number;
  /** Offsets of letters that the script lacks. */
  lacks: readonly number[];
  /** Offsets of what stands at 0x60, and behind the letter z. */
  more: readonly number[];
}

const SCRIPTS: readonly (Script & { language: number })[] = [
  {
    language: LANGUAGES.bengali,
    block: 0x980,
    lacks: [0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x33, 0x34, 0x35, 0x45, 0x46, 0x49, 0x4a],
    more: [0x4e, 0x57, 0x5c, 0x5d, 0x70, 0x71],
  },
  {
    language: LANGUAGES.gujarati,
    block: 0xa80,
    lacks: [0x0e, 0x12, 0x29, 0x31, 0x34, 0x46, 0x4a],
    more: [0x50, 0x60, 0x61, 0x62, 0x63, 0x71],
  },
  { language: LANGUAGES.hindi, block: 0x900, lacks: [], more: [0x50, 0x72, 0x7b, 0x7c, 0x7e, 0x7f] },
  {
    language: LANGUAGES.kannada,
    block: 0xc80,
    lacks: [0x01, 0x0d, 0x11, 0x29, 0x34, 0x45, 0x49],
    more: [0x55, 0x56, 0x60, 0x61, 0x62, 0x63],
  },
  {
    language: LANGUAGES.malayalam,
    block: 0xd00,
    lacks: [0x01, 0x0d, 0x11, 0x29, 0x3c, 0x45, 0x49],
    more: [0x57, 0x60, 0x61, 0x62, 0x63, 0x79],
  },
  {
    language: LANGUAGES.oriya,
    block: 0xb00,
    lacks: [0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x34, 0x45, 0x46, 0x49, 0x4a],
    more: [0x56, 0x57, 0x60, 0x61, 0x62, 0x63],
  },
  {
    language: LANGUAGES.punjabi,
    block: 0xa00,
    lacks: [0x0b, 0x0c, 0x0d, 0x0e, 0x11, 0x12, 0x29, 0x31, 0x34, 0x37, 0x3d, 0x43, 0x44, 0x45, 0x46, 0x49, 0x4a],
    more: [0x51, 0x70, 0x71, 0x72, 0x73, 0x74],
  },
  {
    language: LANGUAGES.tamil,
    block: 0xb80,
    lacks: [
      ...[0x01, 0x0b, 0x0c, 0x0d, 0x11, 0x16, 0x17, 0x18, 0x1b, 0x1d, 0x20, 0x21, 0x22, 0x25, 0x26, 0x27, 0x2b, 0x2c],
      ...[0x2d, 0x3c, 0x3d, 0x43, 0x44, 0x45, 0x49],
    ],
    more: [0x50, 0x57, 0x70, 0x71, 0x72, 0x79],
  },
  {
    language: LANGUAGES.telugu,
    block: 0xc00,
    lacks: [0x0d, 0x11, 0x29, 0x34, 0x3c, 0x45, 0x49],
    more: [0x55, 0x56, 0x60, 0x61, 0x62, 0x63],
  },
];

/** Urdu is written from right to left and in no order of Unicode: code points by code. */
const URDU = [
  ...[0x627, 0x622, 0x628, 0x67b, 0x680, 0x67e, 0x6a6, 0x62a, 0x6c2, 0x67f, 0x679, 0x67d, 0x67a, 0x67c, 0x62b, 0x62c],
  ...[0x681, 0x684, 0x683, 0x685, 0x686, 0x687, 0x62d, 0x62e, 0x62f, 0x68c, 0x688, 0x689, 0x68a, 0x68f, 0x68d, 0x630],
  ...[0x631, 0x691, 0x693, 0x699, 0x632, 0x696, 0x698, 0x69a, 0x633, 0x634, 0x635, 0x636, 0x637, 0x638, 0x639, 0x641],
  ...[0x642, 0x6a9, 0x6aa, 0x6ab, 0x6af, 0x6b3, 0x6b1, 0x644, 0x645, 0x646, 0x6ba, 0x6bb, 0x6bc, 0x648, 0x6c4, 0x6d5],
  ...[0x6c1, 0x6be, 0x621, 0x6cc, 0x6d0, 0x6d2, 0x64d, 0x650, 0x64f, 0x657],
];
const URDU_MORE = [0x654, 0x655, 0x651, 0x653, 0x656, 0x670];

function indian(letters: readonly (string | undefined)[], more: readonly string[]): LockingTable {
  const [first, ...last] = more;
  const own = [...letters];
  const common = [...INDIAN].map((c) => (c === 'X' ? own.shift() : c));
  return [...common, first, ...SMALL, ...last];
}

const LOCKING: ReadonlyMap<number, LockingTable> = new Map<number, LockingTable>([
  [LANGUAGES.turkish, [...LATIN.turkish]],
  [LANGUAGES.portuguese, [...LATIN.portuguese]],
  ...SCRIPTS.map(({ language, block, lacks, more }): [number, LockingTable] => {
    const at = (offset: number) => String.fromCharCode(block + offset);
    return [
      language,
      indian(
        LETTERS.map((offset) => (lacks.includes(offset) ? undefined : at(offset))),
        more.map(at),
      ),
    ];
  }),
  [LANGUAGES.urdu, indian(characters(URDU), characters(URDU_MORE))],
]);

/** In each single shift table, as in the default extension table. */
const EVERYWHERE: readonly [number, string][] = [
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
];

/** What the default alphabet has and the locking tables of Indian languages lack. */
const INDIAN_SINGLE: readonly [number, string][] = [
  ...row(0x00, '@£$¥¿"¤%&\''),
  ...row(0x0b, '*+'),
  ...row(0x0e, '-/<=>¡'),
  ...row(0x15, '¡_#*'),
  ...row(0x41, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
];

/** Codes of an Indian single shift table that are the language's own, in order. */
const OWN = [0x19, 0x1a, ...range(0x1c, 0x27), ...range(0x2a, 0x2e), ...range(0x30, 0x3b), 0x3f];
const DANDAS = [0x964, 0x965];

/** What stands at these codes, from the first on. */
const SINGLES: readonly [number, readonly (number | undefined)[]][] = [
  [LANGUAGES.bengali, [...range(0x9e6, 0x9ef), ...range(0x9df, 0x9e3), ...range(0x9f2, 0x9fa)]],
  [LANGUAGES.gujarati, [...DANDAS, ...range(0xae6, 0xaef)]],
  [LANGUAGES.hindi, [...DANDAS, ...range(0x966, 0x96f), ...range(0x951, 0x954), ...range(0x958, 0x963), 0x970, 0x971]],
  [LANGUAGES.kannada, [...DANDAS, ...range(0xce6, 0xcef), 0xcde, 0xcf1, 0xcf2]],
  [LANGUAGES.malayalam, [...DANDAS, ...range(0xd66, 0xd75), ...range(0xd7a, 0xd7f)]],
  [LANGUAGES.oriya, [...DANDAS, ...range(0xb66, 0xb6f), 0xb5c, 0xb5d, 0xb5f, 0xb70, 0xb71]],
  [LANGUAGES.punjabi, [...DANDAS, ...range(0xa66, 0xa6f), ...range(0xa59, 0xa5c), 0xa5e, 0xa75]],
  [LANGUAGES.tamil, [...DANDAS, ...range(0xbe6, 0xbef), ...range(0xbf3, 0xbf8), 0xbfa]],
  [LANGUAGES.telugu, [undefined, undefined, ...range(0xc66, 0xc6f), 0xc58, 0xc59, ...range(0xc78, 0xc7f)]],
  [
    LANGUAGES.urdu,
    [
      ...[0x600, 0x601, ...range(0x6f0, 0x6f9), ...range(0x60c, 0x614), 0x61b, 0x61f, 0x640, 0x652, 0x658],
      ...[0x66b, 0x66c, 0x672, 0x673, 0x6cd, 0x6d4],
    ],
  ],
];

const SINGLE: ReadonlyMap<number, SingleTable> = new Map<number, SingleTable>([
  [
    LANGUAGES.turkish,
    single([
      [0x47, 'Ğ'],
      [0x49, 'İ'],
      [0x53, 'Ş'],
      [0x63, 'ç'],
      [0x67, 'ğ'],
      [0x69, 'ı'],
      [0x73, 'ş'],
    ]),
  ],
  [
    LANGUAGES.spanish,
    single([
      [0x09, 'ç'],
      [0x41, 'Á'],
      [0x49, 'Í'],
      [0x4f, 'Ó'],
      [0x55, 'Ú'],
      [0x61, 'á'],
      [0x69, 'í'],
      [0x6f, 'ó'],
      [0x75, 'ú'],
    ]),
  ],
  [
    LANGUAGES.portuguese,
    single([
      [0x05, 'ê'],
      [0x09, 'ç'],
      ...row(0x0b, 'Ôô'),
      ...row(0x0e, 'Áá'),
      ...row(0x12, 'ΦΓ^ΩΠΨΣΘ'),
      [0x1f, 'Ê'],
      [0x41, 'À'],
      [0x49, 'Í'],
      [0x4f, 'Ó'],
      [0x55, 'Ú'],
      ...row(0x5b, 'ÃÕ'),
      [0x61, 'Â'],
      [0x69, 'í'],
      [0x6f, 'ó'],
      [0x75, 'ú'],
      ...row(0x7b, 'ãõ'),
      [0x7f, 'â'],
    ]),
  ],
  ...SINGLES.map(([language, own]): [number, SingleTable] => [
    language,
    single([
      ...INDIAN_SINGLE,
      ...own.flatMap((code, n): [number, string][] =>
        code === undefined ? [] : [[OWN[n] ?? 0, String.fromCharCode(code)]],
      ),
    ]),
  ]),
]);

function single(own: readonly (readonly [number, string])[]): SingleTable {
  return new Map([...EVERYWHERE, ...own]);
}

function row(from: number, text: string): [number, string][] {
  return [...text].map((c, n) => [from + n, c]);
}

function characters(codes: readonly number[]): string[] {
  return codes.map((code) => String.fromCharCode(code));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}
