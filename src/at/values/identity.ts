/** What the stick says of itself: `ATI`, `+CGMI` and its like, `^FHVER`, `^HWVER`, `^VERSION?`. */

import { lineValue, splitFields, unquote } from '../fields';
import { knownOrNothing, valuesOf } from './read';

/** Answer to `ATI`; each field is missing where the stick left it out or empty. */
export interface Identity {
  manufacturer?: string;
  model?: string;
  /** Firmware: `21.436.11.00.372`; may hold brackets. */
  revision?: string;
  /** 15 digits. */
  imei?: string;
  /** `+CGSM`, `+DS` ... */
  gcap?: string[];
}

/** Answer to `AT^FHVER`. */
export interface FirmwareVersion {
  product: string;
  software: string;
  hardware: string;
}

/** The information lines of `ATI`: `Manufacturer: huawei`, `Model: E3272`, ... in any order, any of them absent. */
export function parseIdentity(lines: readonly string[]): Identity {
  const identity: Identity = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const value = line.slice(colon + 1).trim();
    if (value === '') continue;
    switch (line.slice(0, colon).trim().toLowerCase()) {
      case 'manufacturer':
        identity.manufacturer = value;
        break;
      case 'model':
        identity.model = value;
        break;
      case 'revision':
        identity.revision = value;
        break;
      case 'imei':
        if (/^\d{15}$/.test(value)) identity.imei = value;
        break;
      case '+gcap':
        identity.gcap = splitFields(value);
        break;
    }
  }
  return identity;
}

/** `^FHVER:"E1221 11.002.00.00.00,CH1E122XM Ver.A"`: product, blank, software, comma, hardware. */
export function parseFirmwareVersion(lines: readonly string[]): FirmwareVersion | undefined {
  for (const line of lines) {
    const match = /^(\S+)\s+(?!\s)([^,]*),(.*)$/.exec(unquote(lineValue(line, '^FHVER') ?? ''));
    if (!match) continue;
    const [, product = '', software = '', hardware = ''] = match;
    return { product, software: software.trim(), hardware: hardware.trim() };
  }
  return undefined;
}

/** Lines of `AT+CGMI`, `+CGMM`, `+CGMR`: one bare line, or with the prefix and quotes (T5). */
export function parseBare(lines: readonly string[], prefix: string): string | undefined {
  const text = unquote(valuesOf(lines, prefix)[0] ?? lines.find((line) => line.trim() !== '') ?? '');
  return text === '' ? undefined : text;
}

/** Lines of `AT+CGSN`: 15 digits. */
export function parseImei(lines: readonly string[]): string | undefined {
  for (const text of [...valuesOf(lines, '+CGSN'), ...lines]) {
    const digits = unquote(text);
    if (/^\d{15}$/.test(digits)) return digits;
  }
  return undefined;
}

/** `^HWVER:"CH1E3272SM Ver.A"`. */
export const parseHwver = (value: string): string | undefined => unquote(value) || undefined;

/** Answer to `AT^VERSION?`; what the stick leaves empty is left out. */
export interface Versions {
  product?: string;
  /** Firmware. */
  software?: string;
  /** Back end of the dashboard. */
  dashboard?: string;
  hardware?: string;
  /** When the firmware was built, in the stick's words. */
  built?: string;
  /** Every line by its name: `BDT`, `EXTS`, `INTS`, `CFG` ... */
  all: Record<string, string>;
}

/** Lines like `^VERSION:BDT:Jul 4 2011, 21:33:25`: the text may hold commas and colons (T6). */
export function parseVersion(lines: readonly string[]): Versions | undefined {
  const all: Record<string, string> = {};
  for (const value of valuesOf(lines, '^VERSION')) {
    const [, name, text] = /^\s*([A-Z0-9]{2,8})\s*:\s*(.*)$/i.exec(value) ?? [];
    if (name !== undefined && text) all[name.toUpperCase()] = text.trim();
  }
  if (Object.keys(all).length === 0) return undefined;
  const { EXTU, EXTS, EXTD, EXTH, BDT } = all;
  const named = knownOrNothing({ product: EXTU, software: EXTS, dashboard: EXTD, hardware: EXTH, built: BDT });
  return { ...named, all };
}
