/**
 * Names of radio bands and the bit masks that Huawei's sticks take for them. Masks have up to 64 bits, so they are BigInt
 * here; outside they go by name, since no number in JSON holds 64 bits. No bit gets lost: one without a name becomes
 * `0x8000`.
 */

/** GSM and WCDMA. What holds several bits comes before its parts. */
const BANDS: readonly (readonly [name: string, mask: bigint])[] = [
  ['GSM1800', 0x80n],
  ['GSM900', 0x300n],
  ['EGSM900', 0x100n],
  ['PGSM900', 0x200n],
  ['GSM850', 0x80000n],
  ['GSM1900', 0x200000n],
  ['W2100', 0x400000n],
  ['W1900', 0x800000n],
  ['W1700', 0x2000000n],
  ['W850', 0x4000000n],
  ['W900', 0x2000000000000n],
];

const ANY = 'any';
/** As a GSM and WCDMA mask: all bands, and leave it as it is. */
export const ANY_BAND = 0x3fffffffn;
export const SAME_BAND = 0x40000000n;
/** As an LTE mask. */
export const ANY_LTE_BAND = 0x7fffffffffffffffn;

const hexName = (mask: bigint): string => `0x${mask.toString(16).toUpperCase()}`;

/** `0x400380` as `['GSM1800', 'GSM900', 'W2100']`; `['any']` for all. */
export function bandNames(mask: bigint): string[] {
  if (mask === ANY_BAND) return [ANY];
  const names: string[] = [];
  let rest = mask;
  for (const [name, bits] of BANDS) {
    if ((rest & bits) !== bits) continue;
    names.push(name);
    rest &= ~bits;
  }
  return rest === 0n ? names : [...names, hexName(rest)];
}

/** `0x800C5` as `['B1', 'B3', 'B7', 'B8', 'B20']`: bit n - 1 is band n. `['any']` for all. */
export function lteBandNames(mask: bigint): string[] {
  if (mask === ANY_LTE_BAND) return [ANY];
  const names: string[] = [];
  for (let band = 1; band <= 64; band++) if ((mask >> BigInt(band - 1)) & 1n) names.push(`B${band}`);
  return names;
}

/** The mask of `names`, in any case and order; undefined if one of them is no band, or `any` is not alone. */
export function bandMask(names: readonly string[]): bigint | undefined {
  return maskOf(names, ANY_BAND, (name) => BANDS.find(([known]) => known === name)?.[1]);
}

export function lteBandMask(names: readonly string[]): bigint | undefined {
  return maskOf(names, ANY_LTE_BAND, (name) => {
    const band = Number(/^B([1-9]\d?)$/.exec(name)?.[1]);
    return band >= 1 && band <= 64 ? 1n << BigInt(band - 1) : undefined;
  });
}

function maskOf(names: readonly string[], any: bigint, bitsOf: (name: string) => bigint | undefined) {
  let mask = 0n;
  for (const given of names) {
    const name = given.trim().toUpperCase();
    if (name === ANY.toUpperCase()) return names.length === 1 ? any : undefined;
    const bits = /^0X[0-9A-F]{1,16}$/.test(name) ? BigInt(name) : bitsOf(name);
    if (bits === undefined) return undefined;
    mask |= bits;
  }
  return mask;
}

/** Names that {@link bandMask} takes, for error messages. */
export const BAND_NAMES: readonly string[] = [ANY, ...BANDS.map(([name]) => name)];
