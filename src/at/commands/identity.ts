/** What the stick says of itself: `ATI`, `+CGMI` and its like, `^FHVER`, `^HWVER`, `^VERSION?`. */

import {
  FIRMWARE_VERSION,
  type FirmwareVersion,
  HARDWARE,
  IDENTITY,
  type Identity,
  IMEI,
  MANUFACTURER_TEXT,
  MODEL_TEXT,
  REVISION_TEXT,
  VERSIONS,
  type Versions,
} from '../../values/identity';
import { knownOrNothing } from '../../values/shape';
import { lineValue, splitFields, unquote } from '../fields';
import { valuesOf } from '../read';
import { entry } from './entry';

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

export const ATI = entry({
  name: 'I',
  about: 'Maker, model, firmware, IMEI',
  forms: ['action'],
  named: { action: 'identity' },
  value: IDENTITY,
  reply: parseIdentity,
});

export const FHVER = entry({
  name: '^FHVER',
  about: 'Product, firmware and hardware version',
  forms: ['action'],
  named: { action: 'firmware' },
  value: FIRMWARE_VERSION,
  reply: parseFirmwareVersion,
});

export const VERSION = entry({
  name: '^VERSION',
  about: 'All versions',
  forms: ['read'],
  named: { read: 'version' },
  value: VERSIONS,
  reply: parseVersion,
});

export const CGSN = entry({ name: '+CGSN', about: 'IMEI', forms: ['action'], value: IMEI, reply: parseImei });

export const HWVER = entry({
  name: '^HWVER',
  about: 'Hardware version',
  forms: ['action'],
  value: HARDWARE,
  line: parseHwver,
});

export const IDENTITY_COMMANDS = [
  ATI,
  entry({
    name: '+CGMI',
    about: 'Maker',
    forms: ['action'],
    value: MANUFACTURER_TEXT,
    reply: (lines) => parseBare(lines, '+CGMI'),
  }),
  entry({
    name: '+CGMM',
    about: 'Model',
    forms: ['action'],
    value: MODEL_TEXT,
    reply: (lines) => parseBare(lines, '+CGMM'),
  }),
  entry({
    name: '+CGMR',
    about: 'Firmware',
    forms: ['action'],
    value: REVISION_TEXT,
    reply: (lines) => parseBare(lines, '+CGMR'),
  }),
  CGSN,
  FHVER,
  HWVER,
  VERSION,
  entry({
    name: '^PHYNUM',
    about: 'Numbers in the NV: IMEI, MAC addresses',
    forms: ['read'],
    guard: 'it writes the IMEI',
    secret: ['arguments', 'identity'],
  }),
  entry({ name: '^SN', about: 'Serial number', forms: ['read'], secret: ['identity'] }),
] as const;
