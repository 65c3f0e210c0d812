/** +CSCS: how text stands on the AT line. A line is a string of bytes (latin1). */

import { gsm7Characters, gsm7Text } from '../sms/gsm7';

export const CHARSETS = ['IRA', 'GSM', 'UCS2'] as const;
export type Charset = (typeof CHARSETS)[number];

export const ucs2Hex = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();

/** Undefined for what is no UCS-2 as hex. */
export function ucs2Text(hex: string): string | undefined {
  if (!/^([0-9a-f]{4})*$/i.test(hex)) return undefined;
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}

export function toLine(text: string, charset: Charset): string {
  if (charset === 'UCS2') return ucs2Hex(text);
  if (charset === 'GSM') {
    const septets = [...text].flatMap((c) => gsm7Characters(c)?.[0] ?? [0x3f]);
    return String.fromCharCode(...septets);
  }
  return [...text].map((c) => (c <= '\xff' ? c : '?')).join('');
}

/** Undefined for bytes that mean nothing in `charset`. */
export function fromLine(line: string, charset: Charset): string | undefined {
  if (charset === 'UCS2') return ucs2Text(line);
  if (charset === 'GSM') return gsm7Text([...line].map((c) => c.charCodeAt(0) & 0x7f));
  return line;
}

/** A number or name in quotes; a number stays as it is, as on Huawei sticks, unless all is UCS-2. */
export const quoted = (text: string, charset: Charset): string => `"${toLine(text, charset)}"`;
