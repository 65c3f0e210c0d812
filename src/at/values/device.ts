/** The stick itself: temperature, radio, ports; and what it says of its SMS store unasked. */

import { splitFields, unquote } from '../fields';
import { known, knownOrNothing, whole } from './read';

/** Degrees Celsius. */
export interface Temperature {
  /** Power amplifiers. */
  gsmPa?: number;
  wcdmaPa?: number;
  ltePa?: number;
  sim?: number;
  battery?: number;
}

const celsius = (text: string | undefined, tenths: boolean): number | undefined => {
  const value = whole(text, -1_000, 2_000);
  if (value === undefined) return undefined;
  return tenths || Math.abs(value) > 125 ? value / 10 : value;
};

/**
 * `431,431,65535,35,65535` = three power amplifiers in tenths, then SIM and battery, which look like whole degrees in the
 * recorded answers; 65535 = not known; some firmware sends fewer.
 */
export function parseChiptemp(value: string): Temperature | undefined {
  const [gsm, wcdma, lte, sim, battery] = splitFields(value);
  return knownOrNothing({
    gsmPa: celsius(gsm, true),
    wcdmaPa: celsius(wcdma, true),
    ltePa: celsius(lte, true),
    sim: celsius(sim, false),
    battery: celsius(battery, false),
  });
}

/** One figure for a chart: the hottest amplifier, else the SIM. */
export function hottest({ gsmPa, wcdmaPa, ltePa, sim }: Temperature): number | undefined {
  const amplifiers = [gsmPa, wcdmaPa, ltePa].filter((value) => value !== undefined);
  return amplifiers.length > 0 ? Math.max(...amplifiers) : sim;
}

/** `+CFUN: 1`. */
export function parseCfun(value: string): { fun: number; radio: boolean } | undefined {
  const fun = whole(splitFields(value)[0], 0, 255);
  return fun === undefined ? undefined : { fun, radio: fun === 1 };
}

/** `^RFSWITCH:1,1` = radio allowed by software and by the switch of the case. */
export function parseRfswitch(value: string): { software: boolean; hardware: boolean } | undefined {
  const [software, hardware] = splitFields(value).map((field) => whole(field, 0, 1));
  return software === undefined || hardware === undefined
    ? undefined
    : { software: software === 1, hardware: hardware === 1 };
}

export interface PortMode {
  vendor?: string;
  /** In the order of the USB interfaces; the numbers of some firmware begin at 1. */
  ports: { name: string; role: PortModeRole; number: number }[];
}

export type PortModeRole = 'pcui' | 'modem' | 'diag' | 'gps' | 'network' | 'storage' | 'shell' | 'other';

const ROLES: readonly (readonly [RegExp, PortModeRole])[] = [
  [/^pcui$/, 'pcui'],
  [/^(mdm|(3g_|4g_)?modem)$/, 'modem'],
  [/diag$/, 'diag'],
  [/^(4g_)?gps/, 'gps'],
  [/^(ndis|rndis|ncm|ecm)$/, 'network'],
  [/^(cdrom|sd|mass.*)$/, 'storage'],
  [/shell$/, 'shell'],
];

/** `TYPE: WCDMA: huawei,PCUI:0,MDM:1,`: what is no `name:number` belongs to the vendor's name, commas and all. */
export function parseGetportmode(value: string): PortMode | undefined {
  const body = /^\s*TYPE\s*:\s*\w+\s*:(.*)$/i.exec(value)?.[1];
  if (body === undefined) return undefined;
  const ports: PortMode['ports'] = [];
  const words: string[] = [];
  for (const item of body.split(',')) {
    const [, name, number] = /^\s*(\w{1,24})\s*:\s*(\d{1,3})\s*$/.exec(item) ?? [];
    if (name !== undefined) {
      const role = ROLES.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1] ?? 'other';
      ports.push({ name, role, number: Number(number) });
    } else if (ports.length === 0) words.push(item);
  }
  while (words.at(-1)?.trim() === '') words.pop();
  const vendor = words.join(',').trim();
  return known({ vendor: vendor === '' ? undefined : vendor, ports });
}

/** The URC `^SMMEMFULL: "SM"`: no SMS comes in until something is deleted from this store. */
export function parseSmmemfull(value: string): { store: string } | undefined {
  const store = unquote(value).toUpperCase();
  return /^[A-Z]{2}$/.test(store) ? { store } : undefined;
}

/** The URCs `+CMTI: "SM",28` and `+CDSI`. An index of -1 is none: then the list must be read. */
export function parseCmti(value: string): { store: string; index?: number } | undefined {
  const [name = '', index] = splitFields(value);
  const store = name.toUpperCase();
  return /^[A-Z]{2}$/.test(store) ? known({ store, index: whole(index, 0, 65_535) }) : undefined;
}
