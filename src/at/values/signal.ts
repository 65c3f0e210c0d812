/**
 * How strong and how good the signal is: `^HCSQ`, `+CSQ`, `^RSSI`, `+CESQ`. The stick reports steps; a value here is the
 * lower end of its step, in dBm or dB. Steps: Huawei's AT sources, 3GPP 27.007.
 */

import { splitFields } from '../fields';
import { known, knownOrNothing, whole } from './read';

export interface Signal {
  /** In the stick's words: `LTE`, `WCDMA`, `GSM`, `NOSERVICE`. Absent where the command does not tell (`+CSQ`). */
  system?: string;
  /** Received power of the whole channel, dBm. */
  rssi?: number;
  /** LTE: power of the reference signal, dBm. */
  rsrp?: number;
  /** LTE: quality of the reference signal, dB. */
  rsrq?: number;
  /** LTE: signal to noise and interference, dB. */
  sinr?: number;
  /** WCDMA: power of the pilot channel, dBm. */
  rscp?: number;
  /** WCDMA: pilot against everything received, dB. */
  ecio?: number;
  /** Bit errors as RXQUAL 0 (best) to 7. */
  ber?: number;
}

/** Value of step 0, size of a step, last step. */
type Scale = readonly [from: number, step: number, last: number];

const RSSI: Scale = [-121, 1, 96];
const RSCP: Scale = [-121, 1, 96];
const RSRP: Scale = [-141, 1, 97];
const SINR: Scale = [-20.2, 0.2, 251];
const RSRQ: Scale = [-20, 0.5, 34];
const ECIO: Scale = [-32.5, 0.5, 65];
const CSQ: Scale = [-113, 2, 31];
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
  const signal: Signal = { system, rssi: level(rssi, RSSI) };
  if (system === 'LTE') {
    signal.rsrp = level(second, RSRP);
    signal.sinr = level(third, SINR);
    signal.rsrq = level(fourth, RSRQ);
  } else if (system === 'WCDMA' || system === 'TD-SCDMA') {
    signal.rscp = level(second, RSCP);
    signal.ecio = level(third, ECIO);
  }
  return known(signal);
}

/** `+CSQ: 20,99` and the URC `^RSSI: 20`: 0 to 31, 99 = not known. */
export function parseCsq(value: string): Signal | undefined {
  const [rssi, ber] = splitFields(value);
  if (whole(rssi) === undefined) return undefined;
  return known({ rssi: level(rssi, CSQ), ber: level(ber, BER) });
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

/** From here on 1, 2, 3, 4 and 5 bars, dBm. Nobody's standard: what phones show, within a few dB. */
const BARS = {
  rsrp: [-120, -112, -104, -96, -88],
  rscp: [-114, -106, -98, -90, -82],
  rssi: [-109, -101, -93, -85, -77],
} as const;

/** 0 to 5 bars by the best figure there is; undefined where none is known. */
export function barsOf(signal: Signal): number | undefined {
  if (signal.system === 'NOSERVICE') return 0;
  for (const key of ['rsrp', 'rscp', 'rssi'] as const) {
    const value = signal[key];
    if (value !== undefined) return BARS[key].filter((limit) => value >= limit).length;
  }
  return undefined;
}
