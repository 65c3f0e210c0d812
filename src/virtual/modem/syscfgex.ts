/**
 * ^SYSCFGEX: which systems in which order, which bands, roaming, domain. Kept without power. The lists are those of a stick
 * of the E3276's age; the rules are those of Huawei's AT sources.
 */

import { fieldsOf, numberIn } from './arguments';
import type { Handler } from './handler';
import type { System } from './radio';
import { BAD, type Reply } from './reply';
import { ANY_BAND, ANY_LTE, type Syscfgex } from './selection';

export const ORDERS = ['00', '03', '02', '01'];
export const BANDS = 0x2000004e80380n;
export const BAND_NAMES = 'GSM850/GSM900/GSM1800/GSM1900/WCDMA850/WCDMA900/WCDMA1900/WCDMA2100';
export const LTE_BANDS = 0x800c5n;
export const LTE_NAMES = 'LTE2100/LTE1800/LTE2600/LTE900/LTE800';

const CODES: Readonly<Record<System, string>> = { GSM: '01', WCDMA: '02', LTE: '03', NOSERVICE: '' };

const codesOf = (order: string): string[] => order.match(/../g) ?? [];

/** Whether the order has `system` in it. */
export const allows = ({ order }: Syscfgex, system: System): boolean =>
  order === '00' || codesOf(order).includes(CODES[system]);

export const hex = (value: bigint): string => value.toString(16).toUpperCase();

function validOrder(order: string): boolean {
  if (['00', '99'].includes(order)) return true;
  const codes = codesOf(order);
  const known = codes.every((code) => ['01', '02', '03'].includes(code)) && codes.join('') === order;
  return known && codes.length > 0 && new Set(codes).size === codes.length;
}

/** `unchanged` in the field leaves `old`; undefined where the stick has none of these bands. */
function mask(field: string, unchanged: bigint, any: bigint, supported: bigint, old: bigint): bigint | undefined {
  if (field === '') return old;
  if (!/^[0-9A-F]{1,16}$/i.test(field)) return undefined;
  const value = BigInt(`0x${field}`);
  if (value === unchanged) return old;
  return value === any || (value !== 0n && (value & ~supported) === 0n) ? value : undefined;
}

const UNCHANGED = 0x40000000n;

/** A change of mode takes its time, milliseconds. */
const TAKES = 1_000;

/** What `=` asks for; undefined = refused. */
function wanted(args: string, old: Syscfgex): Syscfgex | undefined {
  const fields = fieldsOf(args);
  const [order = '', bandText = '', roamText, domainText, lteText = ''] = fields;
  const band = mask(bandText, UNCHANGED, ANY_BAND, BANDS, old.band);
  const lteBand = mask(lteText, UNCHANGED, ANY_LTE, LTE_BANDS, old.lteBand);
  const roam = numberIn(roamText, 0, 3, 2);
  const domain = numberIn(domainText, 0, 4, 4);
  if (fields.length < 5 || fields.length > 7 || !validOrder(order)) return undefined;
  if (band === undefined || lteBand === undefined || roam === undefined || domain === undefined) return undefined;
  const next = {
    order: order === '99' ? old.order : order,
    band,
    roam: roam === 2 ? old.roam : roam,
    domain: domain === 4 ? old.domain : domain,
    lteBand,
  };
  // Circuit switched only, or any domain, goes badly with LTE.
  const withLte = order !== '99' && codesOf(order).includes('03');
  return withLte && [0, 3].includes(domain) ? undefined : next;
}

export const setSyscfgex: Handler = (m, args): Reply => {
  if (fieldsOf(args).length > 7) return { final: 'TOO MANY PARAMETERS' };
  const next = wanted(args, m.nv.syscfgex);
  if (!next) return BAD;
  return { lines: [], ms: TAKES, after: () => m.change(() => Object.assign(m.nv.syscfgex, next)) };
};

/** Modes of ^SYSCFG for the orders that have one. */
const OLD_MODES: Readonly<Record<string, number>> = { '01': 13, '02': 14 };
const AUTOMATIC = 2;

export const SYSCFGEX_COMMANDS: [string, Handler][] = [
  [
    '^SYSCFGEX?',
    (m) => {
      const { order, band, roam, domain, lteBand } = m.nv.syscfgex;
      return [`^SYSCFGEX:"${order}",${hex(band)},${roam},${domain},${hex(lteBand)}`];
    },
  ],
  [
    '^SYSCFGEX=?',
    () => [
      `^SYSCFGEX: (${[...ORDERS, '99'].map((o) => `"${o}"`).join(',')}),((${hex(BANDS).toLowerCase()},"${BAND_NAMES}"),(3fffffff,"All Bands")),(0-3),(0-4),((${hex(LTE_BANDS).toLowerCase()},"${LTE_NAMES}"),(7fffffffffffffff,"All bands"))`,
    ],
  ],
  ['^SYSCFGEX=', setSyscfgex],
  // The older form, which knows no LTE: mode, order, band, roaming, domain.
  [
    '^SYSCFG?',
    (m) => {
      const { order, band, roam, domain } = m.nv.syscfgex;
      return [`^SYSCFG:${OLD_MODES[order] ?? AUTOMATIC},0,${hex(band)},${roam},${domain}`];
    },
  ],
];
