/**
 * Signal: `^HCSQ`, `+CSQ`, `^RSSI`, `+CESQ`. The stick reports steps; a value is the lower end of its step. Steps: Huawei's
 * AT sources, 3GPP 27.007.
 */

import { known, knownOrNothing } from '../../values/shape';
import { SIGNAL, type Signal } from '../../values/signal';
import { splitFields } from '../fields';
import { whole } from '../read';
import { entry, unasked } from './entry';

/** Value of step 0, size of a step, last step. */
type Scale = readonly [from: number, step: number, last: number];

const RSSI: Scale = [-121, 1, 96];
const RSCP: Scale = [-121, 1, 96];
const RSRP: Scale = [-141, 1, 97];
const SINR: Scale = [-20.2, 0.2, 251];
const RSRQ: Scale = [-20, 0.5, 34];
const ECIO: Scale = [-32.5, 0.5, 65];
const CSQ_RSSI: Scale = [-113, 2, 31];
const BER: Scale = [0, 1, 7];
/** RXLEV and EC/NO of `+CESQ` (27.007, from the standard alone). */
const RXLEV: Scale = [-111, 1, 63];
const ECNO: Scale = [-24.5, 0.5, 49];

/** In tenths; a step beyond the scale is the stick's way to say that it does not know (T46). */
function level(text: string | undefined, [from, step, last]: Scale): number | undefined {
  const index = whole(text, 0, last);
  return index === undefined ? undefined : Math.round((from + index * step) * 10) / 10 + 0;
}

/** `"LTE",61,51,66,20` = RSSI, RSRP, SINR, RSRQ; `"WCDMA",rssi,rscp,ecio`; `"GSM",rssi`; `"NOSERVICE"`. */
export function parseHcsq(value: string): Signal | undefined {
  const [name = '', rssi, second, third, fourth] = splitFields(value);
  const system = name.toUpperCase();
  if (!/^[A-Z][A-Z0-9 -]{0,15}$/.test(system)) return undefined;
  const lte = system === 'LTE';
  const wcdma = system === 'WCDMA' || system === 'TD-SCDMA';
  return known({
    system,
    rssi: level(rssi, RSSI),
    rsrp: lte ? level(second, RSRP) : undefined,
    sinr: lte ? level(third, SINR) : undefined,
    rsrq: lte ? level(fourth, RSRQ) : undefined,
    rscp: wcdma ? level(second, RSCP) : undefined,
    ecio: wcdma ? level(third, ECIO) : undefined,
  });
}

/** `+CSQ: 20,99` and the URC `^RSSI: 20`: 0 to 31, 99 = not known. */
export function parseCsq(value: string): Signal | undefined {
  const [rssi, ber] = splitFields(value);
  if (whole(rssi) === undefined) return undefined;
  return known({ rssi: level(rssi, CSQ_RSSI), ber: level(ber, BER) });
}

/** `+CESQ: rxlev,ber,rscp,ecno,rsrq,rsrp`; 99 and 255 = not known. */
export function parseCesq(value: string): Signal | undefined {
  const [rxlev, ber, rscp, ecno, rsrq, rsrp] = splitFields(value);
  if (rsrp === undefined) return undefined;
  return knownOrNothing({
    rssi: level(rxlev, RXLEV),
    ber: level(ber, BER),
    rscp: level(rscp, RSCP),
    ecio: level(ecno, ECNO),
    rsrq: level(rsrq, RSRQ),
    rsrp: level(rsrp, RSRP),
  });
}

export const CSQ = entry({
  name: '+CSQ',
  about: 'Signal strength',
  forms: ['action', 'test'],
  named: { action: 'signal' },
  value: SIGNAL,
  line: parseCsq,
});

export const HCSQ = entry({
  name: '^HCSQ',
  about: 'Signal strength and quality of each radio system',
  forms: ['read', 'test'],
  named: { read: 'quality' },
  urc: true,
  value: SIGNAL,
  line: parseHcsq,
});

export const SIGNAL_COMMANDS = [
  CSQ,
  HCSQ,
  entry({
    name: '+CESQ',
    about: 'Signal strength and quality',
    forms: ['action', 'test'],
    value: SIGNAL,
    line: parseCesq,
  }),
  entry({ name: '^RSSI', about: 'Signal strength has changed by 5 dB', urc: true, value: SIGNAL, line: parseCsq }),
  ...unasked('Signal in another shape', '^RSSILVL ^HRSSILVL ^HDRRSSI ^CRSSI ^CERSSI ^ANLEVEL ^LTERSRP'),
] as const;
