/** USSD: codes like *100# and the answers and menus of the network (3GPP TS 27.007, 7.15). */

import { failure } from '../errors';
import { lineValue } from './fields';
import { isSimCode } from './guard';
import { fromSeptets, pack, toSeptets, unpack } from './sms/alphabet';

/** How a stick wants USSD texts: `plain`, or `hex` of packed septets or UCS-2, as most of this family by default. */
export type UssdForm = 'plain' | 'hex';

/** A `+CUSD` line. */
export interface UssdAnswer {
  /** 0 = done, 1 = an answer is awaited, 2 = ended by the network, 3 = other client, 4 = not supported, 5 = timeout. */
  status: number;
  /** Undefined where the line has none. */
  text?: string;
}

/** Data coding scheme 15: GSM-7, no language. */
const GSM7 = 15;
const UCS2 = 72;
const CR = 0x0d;
const MAX_SEPTETS = 182;
const MAX_UNITS = 80;

/** What `AT^USSDMODE?` says: 0 = plain text, 1 = hex; undefined for another answer. */
export function parseUssdMode(lines: readonly string[]): UssdForm | undefined {
  for (const line of lines) {
    const value = lineValue(line, '^USSDMODE');
    if (value !== undefined) return /^[01]$/.test(value) ? (value === '0' ? 'plain' : 'hex') : undefined;
  }
  return undefined;
}

/**
 * The command that sends `text`, a code or the answer to a menu. Errors, without the text: BAD_ARGUMENT, COMMAND_REFUSED
 * (a code that changes the PIN or takes the password of call barring).
 */
export function ussdCommand(text: string, form: UssdForm): string {
  // Nothing for the network, and a wrong one uses up a try.
  if (isSimCode(text)) throw failure('COMMAND_REFUSED/sim-code', {});
  const septets = toSeptets(text);
  const fits = septets ? septets.length <= MAX_SEPTETS : text.length <= MAX_UNITS;
  if (text === '') throw failure('BAD_ARGUMENT/ussd-empty', {});
  if (!fits) throw failure('BAD_ARGUMENT/ussd-length', {});
  if (form === 'plain') {
    if (!/^[ !#-~]+$/.test(text)) throw failure('BAD_ARGUMENT/ussd-characters', {});
    return `AT+CUSD=1,"${text}",${GSM7}`;
  }
  if (!septets) {
    return `AT+CUSD=1,"${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}",${UCS2}`;
  }
  // Seven spare bits would read as an eighth character @.
  if (septets.length % 8 === 7) septets.push(CR);
  return `AT+CUSD=1,"${pack(septets).toString('hex').toUpperCase()}",${GSM7}`;
}

/** `+CUSD: 0,"...",15` read; undefined for another line. The quotes may span lines, and may be missing. */
export function parseUssd(line: string, form: UssdForm | undefined): UssdAnswer | undefined {
  const value = lineValue(line, '+CUSD');
  const match = value === undefined ? null : /^(\d)\s*(?:,([\s\S]*))?$/.exec(value);
  if (!match) return undefined;
  const status = Number(match[1]);
  const rest = match[2]?.trim() ?? '';
  if (rest === '') return { status };
  const comma = rest.lastIndexOf(',');
  const last = rest.slice(comma + 1).trim();
  const coded = comma >= 0 && /^\d{1,3}$/.test(last);
  const data = unquoted(coded ? rest.slice(0, comma).trimEnd() : rest);
  return { status, text: decodeText(data, coded ? Number(last) : GSM7, form) };
}

/** Blanks within the quotes are text; either quote may be missing. */
function unquoted(data: string): string {
  const text = data.startsWith('"') ? data.slice(1) : data;
  return text.endsWith('"') ? text.slice(0, -1) : text;
}

function decodeText(data: string, dcs: number, form: UssdForm | undefined): string {
  const hex = data.replaceAll(/\s/g, '');
  const isHex = hex !== '' && hex.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(hex);
  // The digits of a plain answer look like hex too: then the stick's own mode decides, if it told it.
  if (isUcs2(dcs) && isHex && hex.length % 4 === 0) return Buffer.from(hex, 'hex').swap16().toString('utf16le');
  if (!isHex || form === 'plain') return data;
  const octets = Buffer.from(hex, 'hex');
  if (is8bit(dcs)) return octets.toString('latin1');
  const septets = unpack(octets, Math.floor((octets.length * 8) / 7));
  // Padding: seven spare bits read as an eighth character, CR or @.
  if (septets.length % 8 === 0 && (septets.at(-1) === CR || septets.at(-1) === 0)) septets.pop();
  return fromSeptets(septets);
}

/** Groups of the cell broadcast coding scheme (3GPP TS 23.038, 5). */
const isUcs2 = (dcs: number): boolean => dcs === 0x11 || ((dcs & 0xc0) === 0x40 && (dcs & 0x0c) === 0x08);
const is8bit = (dcs: number): boolean =>
  ((dcs & 0xc0) === 0x40 && (dcs & 0x0c) === 0x04) || ((dcs & 0xf0) === 0xf0 && (dcs & 0x04) !== 0);
