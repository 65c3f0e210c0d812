/**
 * Which systems in which order, which bands, roaming, service domain: `^SYSCFGEX`, read, test form and set, by name; and
 * `^SYSCFG?` of older firmware. The setting persists in the stick (T41).
 */

import { failure } from '../../errors';
import {
  ANY_BAND,
  ANY_LTE_BAND,
  BAND_NAMES,
  bandMask,
  bandNames,
  lteBandMask,
  lteBandNames,
  SAME_BAND,
} from '../../values/bands';
import {
  type BandOffer,
  type Domain,
  OLD_SELECTION,
  type OldSystemSelection,
  SELECTED_DOMAIN,
  SYSTEM_OFFER,
  SYSTEM_SELECTION,
  type SystemOffer,
  type SystemSelection,
} from '../../values/selection';
import { known } from '../../values/shape';
import { splitFields } from '../fields';
import { decimal, hex, type Nested, nested, numbersOf, option, valuesOf, whole } from '../read';
import { entry } from './entry';

/** What to change; all else stays as it is. */
export interface SystemWish {
  order?: readonly string[];
  bands?: readonly string[];
  lteBands?: readonly string[];
  roaming?: boolean;
  domain?: Domain;
}

const SYSTEMS: Readonly<Record<string, string>> = {
  '00': 'auto',
  '01': 'GSM',
  '02': 'WCDMA',
  '03': 'LTE',
  '99': 'unchanged',
};
/** `030201` as `['LTE', 'WCDMA', 'GSM']`; a pair without a name stays as it is. */
export function orderNames(code: string): string[] | undefined {
  if (!/^([0-9A-F]{2}){1,8}$/i.test(code)) return undefined;
  return (code.match(/../g) ?? []).map((pair) => SYSTEMS[pair] ?? pair);
}

/** The code of these systems in this order; undefined where one has none, or stands there twice. */
export function orderCode(names: readonly string[]): string | undefined {
  const pairs = names.map((given) => {
    const name = given.trim().toUpperCase();
    return Object.keys(SYSTEMS).find((pair) => SYSTEMS[pair]?.toUpperCase() === name && name !== 'UNCHANGED');
  });
  const several = pairs.length > 1;
  if (pairs.length === 0 || new Set(pairs).size !== pairs.length || (several && pairs.includes('00'))) return undefined;
  return pairs.some((pair) => pair === undefined) ? undefined : pairs.join('');
}

/** `"00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF` = order, bands, roaming, domain, LTE bands. */
export function parseSyscfgex(value: string): SystemSelection | undefined {
  const [code = '', band, roam, domain, lteBand] = splitFields(value);
  const order = orderNames(code);
  const mask = hex(band);
  if (!order || mask === undefined) return undefined;
  const lte = hex(lteBand);
  return known({
    order,
    bands: bandNames(mask),
    lteBands: lte === undefined ? undefined : lteBandNames(lte),
    roam: decimal(roam, SYSTEM_SELECTION.members.roam),
    domain: option(domain, SELECTED_DOMAIN.options),
  });
}

const OLD_MODES: Readonly<Record<number, NonNullable<OldSystemSelection['mode']>>> = {
  2: 'auto',
  13: 'GSM',
  14: 'WCDMA',
  16: 'unchanged',
};

/** `14,2,400380,1,2` = mode, order, bands, roaming, domain. */
export function parseSyscfg(value: string): OldSystemSelection | undefined {
  const [mode, , band, roam, domain] = splitFields(value);
  const mask = hex(band);
  if (mask === undefined) return undefined;
  return known({
    mode: OLD_MODES[whole(mode) ?? -1],
    bands: bandNames(mask),
    roam: decimal(roam, SYSTEM_SELECTION.members.roam),
    domain: option(domain, SELECTED_DOMAIN.options),
  });
}

/** The test form, which may be cut into several lines. */
export function parseSyscfgexTest(lines: readonly string[]): SystemOffer | undefined {
  const [first] = valuesOf(lines, '^SYSCFGEX');
  if (first === undefined) return undefined;
  const at = lines.findIndex((line) => valuesOf([line], '^SYSCFGEX').length > 0);
  const text = [first, ...lines.slice(at + 1).map((line) => valuesOf([line], '^SYSCFGEX')[0] ?? line)].join('');
  const [orders, bands, roam, domain, lteBands] = nested(text);
  if (!Array.isArray(orders)) return undefined;
  return {
    orders: orders
      .flatMap((code) => (typeof code === 'string' ? [orderNames(code) ?? []] : []))
      .filter((o) => o.length > 0),
    bands: offers(bands, bandNames),
    lteBands: offers(lteBands, lteBandNames),
    roam: numbersOf(roam),
    domain: numbersOf(domain),
  };
}

function offers(item: Nested | undefined, namesOf: (mask: bigint) => string[]): BandOffer[] {
  if (!Array.isArray(item)) return [];
  return item.flatMap((pair) => {
    const [digits, name] = Array.isArray(pair) ? pair : [];
    const mask = typeof digits === 'string' ? hex(digits) : undefined;
    return mask === undefined ? [] : [{ bands: namesOf(mask), name: typeof name === 'string' ? name : '' }];
  });
}

/**
 * The command that changes `now` as wished. Everything is sent as it is now where nothing is wished for: the codes for
 * "unchanged" mean something else on sticks with four roaming values. Error BAD_ARGUMENT: no such name, or the stick does
 * not offer it.
 */
export function syscfgexCommand(now: SystemSelection, wish: SystemWish, offer?: SystemOffer): string {
  const order = orderCode(wish.order ?? now.order);
  if (order === undefined) throw failure('BAD_ARGUMENT/systems', { order: JSON.stringify(wish.order ?? now.order) });
  const offered = new Set(offer?.orders.flat());
  const missing = (wish.order ?? []).find((name) => offered.size > 0 && ![...offered].some((o) => same(o, name)));
  if (missing !== undefined) {
    throw failure('BAD_ARGUMENT/system-missing', { system: missing, offered: [...offered] });
  }
  const band = bandMask(wish.bands ?? now.bands);
  if (band === undefined || band === 0n || band === SAME_BAND) {
    throw failure('BAD_ARGUMENT/bands', { bands: JSON.stringify(wish.bands ?? now.bands), known: BAND_NAMES });
  }
  const lte = lteBandMask(wish.lteBands ?? now.lteBands ?? []);
  if (lte === undefined || (wish.lteBands && lte === 0n)) {
    throw failure('BAD_ARGUMENT/lte-bands', { bands: JSON.stringify(wish.lteBands ?? now.lteBands) });
  }
  if (wish.bands) within(band, ANY_BAND, offer?.bands, bandMask, bandNames);
  if (wish.lteBands) within(lte, ANY_LTE_BAND, offer?.lteBands, lteBandMask, lteBandNames);
  const roam = wish.roaming === undefined ? now.roam : roamCode(wish.roaming, offer);
  const domain = SELECTED_DOMAIN.options.indexOf(wish.domain ?? now.domain ?? 'CS+PS');
  if (domain < 0) {
    const { options } = SELECTED_DOMAIN;
    throw failure('BAD_ARGUMENT/service-domain', { domain: JSON.stringify(wish.domain), known: options });
  }
  const lteText = lte === 0n ? '' : upper(lte);
  return `AT^SYSCFGEX="${order}",${upper(band)},${roam ?? 1},${domain},${lteText},,`;
}

const same = (a: string, b: string): boolean => a.toUpperCase() === b.trim().toUpperCase();
const upper = (mask: bigint): string => mask.toString(16).toUpperCase();

/** With four values the numbers mean something else: 0 home and abroad, 1 home only. */
const roamCode = (roaming: boolean, offer: SystemOffer | undefined): number =>
  (offer?.roam.includes(3) ?? false) === roaming ? 0 : 1;

/** Refuses bands that are in none of the stick's sets, if it names any but "all". */
function within(
  mask: bigint,
  any: bigint,
  offer: readonly BandOffer[] | undefined,
  maskOf: (names: readonly string[]) => bigint | undefined,
  namesOf: (mask: bigint) => string[],
): void {
  let all = 0n;
  for (const { bands } of offer ?? []) if (!bands.includes('any')) all |= maskOf(bands) ?? 0n;
  if (mask === any || all === 0n || (mask & ~all) === 0n) return;
  throw failure('BAD_ARGUMENT/bands-missing', { bands: namesOf(mask & ~all), offered: namesOf(all) });
}

export const SYSCFGEX = entry({
  name: '^SYSCFGEX',
  about: 'Which systems, bands and services the stick may use',
  forms: ['read', 'set', 'test'],
  limit: 150_000,
  value: SYSTEM_SELECTION,
  line: parseSyscfgex,
  testValue: SYSTEM_OFFER,
  test: parseSyscfgexTest,
});

export const SELECTION_COMMANDS = [
  SYSCFGEX,
  entry({
    name: '^SYSCFG',
    about: 'The same of firmware without LTE',
    forms: ['read', 'set', 'test'],
    limit: 150_000,
    value: OLD_SELECTION,
    line: parseSyscfg,
  }),
] as const;
