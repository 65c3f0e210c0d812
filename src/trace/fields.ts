/** The fields of a command or a reply line: what each is, and what stands in a trace instead of it. */

import { redactText } from './pdu';
import type { Pseudonyms } from './pseudonyms';

/**
 * What a field is. `plain`: numbers, words and marks that say nothing of anybody; `people`: a number or name unless it is
 * plainly neither; `number`, `text`, `code` (passwords and names of users): always; `kept`: whatever it is, as names of operators are.
 */
export type Kind =
  | 'plain'
  | 'people'
  | 'number'
  | 'text'
  | 'imei'
  | 'imeiTail'
  | 'imsi'
  | 'iccid'
  | 'serial'
  | 'code'
  | 'cell'
  | 'ipHex'
  | 'kept';

interface Field {
  /** With blanks and quotes around it. */
  before: string;
  value: string;
  after: string;
}

/** `kinds` by position; the last one is that of all that follow. Undefined where a field is none of its kind. */
export function redactFields(names: Pseudonyms, text: string, kinds: readonly Kind[]): string | undefined {
  const made: string[] = [];
  for (const [at, field] of split(text).entries()) {
    const quoted = field.before.includes('"');
    const kind = kinds[Math.min(at, kinds.length - 1)] ?? 'plain';
    const value = field.value === '' ? '' : redactValue(names, field.value, kind, quoted);
    if (value === undefined) return undefined;
    made.push(`${field.before}${value}${field.after}`);
  }
  return made.join(',');
}

/** At commas outside quotes. */
function split(text: string): Field[] {
  const fields: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      fields.push(text.slice(from, at));
      from = at + 1;
    }
  }
  fields.push(text.slice(from));
  return fields.map((field) => {
    const [, before = '', value = '', after = ''] = /^(\s*"?)([\s\S]*?)("?\s*)$/.exec(field) ?? [];
    return { before, value, after };
  });
}

/** Words of a stick's own in lines about people: states of messages, stores, dates, kinds of calls. */
const STATES = /^(?:REC UNREAD|REC READ|STO UNSENT|STO SENT|ALL|SM|ME|MT|BM|SR|VOICE|ASYNC|SYNC|FAX|REL(?: ASYNC)?)$/;
const DATE = /^\d\d\/\d\d\/\d\d,\d\d:\d\d:\d\d(?:[+-]\d\d)?$/;
/** Nothing that could be a number of anybody: no seven digits in a row. */
const PLAIN = /^(?!.*\d{7})[\w .:/()+*#&=^@%<>|;,"-]{0,64}$/s;
/** Masks of bands, counters and the like are hex of up to 16 digits. */
const MASK = /^(?:0x)?[0-9A-F]{1,16}$/i;

function redactValue(names: Pseudonyms, value: string, kind: Kind, quoted: boolean): string | undefined {
  switch (kind) {
    case 'plain':
      if (isAddress(value)) return names.ip(value);
      return PLAIN.test(value) && !looksPersonal(value) ? value : undefined;
    case 'kept':
      return MASK.test(value) || value.length <= 64 ? names.vouch(value) : undefined;
    case 'people':
      if (STATES.test(value) || DATE.test(value) || (!quoted && /^\d{1,3}$/.test(value))) return value;
      return redactText(names, value);
    case 'number':
    case 'text':
      return redactText(names, value);
    case 'imei':
      return /^\d{14,17}$/.test(value) ? names.imei(value) : undefined;
    case 'imeiTail':
      return /^\d{8}$/.test(value) ? names.imeiTail(value) : names.code(value);
    case 'imsi':
      return /^\d{14,15}$/.test(value) ? names.imsi(value) : undefined;
    case 'iccid':
      return redactIccid(names, value);
    case 'serial':
      return /^[\w-]{1,40}$/.test(value) ? names.code(value) : undefined;
    case 'code':
      return names.code(value);
    case 'cell':
      return /^[0-9A-F]{2,9}$/i.test(value) ? names.hex(value) : PLAIN.test(value) ? value : undefined;
    case 'ipHex':
      // A mask, and what is not there, are the same everywhere.
      if (/^(?:FF|00)*(?:[8CEF][0CE8])?(?:FF|00)*$/i.test(value)) return value;
      return /^[0-9A-F]{8}$/i.test(value) ? names.hex(value) : PLAIN.test(value) ? value : undefined;
  }
}

/** An address, with its mask behind it or not, of 4 octets or 16; a version of firmware has five parts. */
function isAddress(value: string): boolean {
  const parts = value.split('.');
  return [4, 8, 16, 32].includes(parts.length) && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

/** What has the form of a MAC address or of long hex. */
const looksPersonal = (value: string): boolean =>
  /[0-9A-F]{2}(?:[:-][0-9A-F]{2}){5}/i.test(value) || /(?=[0-9A-F]*\d)[0-9A-F]{12,}/i.test(value);

/** As people read it, or with its halves swapped, as the SIM has it. */
export function redactIccid(names: Pseudonyms, value: string): string | undefined {
  if (/^89\d{16,18}F?$/i.test(value)) return names.iccid(value);
  const swapped = swap(value);
  if (!/^98[0-9F]{17,18}$/i.test(value) || !/^89\d{16,18}F?$/i.test(swapped)) return undefined;
  return names.vouch(swap(names.iccid(swapped)));
}

const swap = (digits: string): string => digits.replaceAll(/(.)(.)/g, '$2$1');
