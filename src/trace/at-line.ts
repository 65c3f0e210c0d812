/**
 * One line of AT, a command or what the stick says: what is private in it replaced. Closed: what is in none of the forms that
 * are known is left out.
 */

import { COMMANDS } from '../at/commands/table';
import { parseFinal } from '../at/finals';
import { ruleOf } from './at-rules';
import { type Kind, redactFields, redactIccid } from './fields';
import { redactPdu, redactText, redactUssd } from './pdu';
import type { Pseudonyms } from './pseudonyms';

/** A line as it is recorded; `left` where it is not: `unread`, or `code` for what is not even counted. */
export type Redacted = { text: string; left?: undefined } | { text?: undefined; left: 'unread' | 'code' };

const UNREAD: Redacted = { left: 'unread' };
const CODE: Redacted = { left: 'code' };
const orUnread = (text: string | undefined): Redacted => (text === undefined ? UNREAD : { text });

/** What the lines of an answer depend on. */
export interface Running {
  /** `+CGSN`, of the last part of the command that runs. */
  name: string;
  /** What stands behind its `=`. */
  args: string;
}

const EXTENDED = /^([A-Z0-9&=?]*?)([+^$*%][A-Z]\w*)(\s*=\s*\?|\s*\?|\s*=)?([\s\S]*)$/i;
const BASIC = /^(?:&?[A-Z]\d{0,3}|S\d{1,3}(?:=\d{1,3}|\?))+$/i;
const DIAL = /^(D[TP]?)([\d*#+,\sABC]+)([;GI]*)$/i;
/** Data calls: they say nothing. */
const DATA_CALL = /^\*99(?:\*{1,3}\d{0,2})*#$/;

/** `AT+CSQ`, also as its echo. `running` is set to what its answer belongs to. */
export function redactCommand(names: Pseudonyms, line: string, running: Partial<Running>): Redacted {
  const [, head = '', rest] = /^(\s*AT)([\s\S]*)$/i.exec(line) ?? [];
  if (rest === undefined) return UNREAD;
  const parts = rest.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const made: string[] = [];
  for (const part of parts) {
    const redacted = redactPart(names, part, running);
    if (redacted.text === undefined) return redacted;
    made.push(redacted.text);
  }
  return { text: head + made.join(';') };
}

function redactPart(names: Pseudonyms, part: string, running: Partial<Running>): Redacted {
  const bare = part.trim();
  const dial = DIAL.exec(bare);
  if (dial) {
    const [, how = '', number = '', end = ''] = dial;
    Object.assign(running, { name: 'D', args: '' });
    return { text: `${how}${DATA_CALL.test(number) ? number : names.number(number)}${end}` };
  }
  if (bare === '' || BASIC.test(bare)) {
    Object.assign(running, { name: bare.slice(0, 1).toUpperCase(), args: '' });
    return { text: part };
  }
  const [, basic = '', named = '', form = '', args = ''] = EXTENDED.exec(part) ?? [];
  if (named === '') return UNREAD;
  const name = named.toUpperCase();
  Object.assign(running, { name, args: form.trim() === '=' ? args : '' });
  const rule = ruleOf(name);
  if (form.trim() !== '=') return args.trim() === '' ? { text: part } : UNREAD;
  if (rule?.never || (!rule && !COMMANDS.has(name) && args !== '')) return rule?.never ? CODE : UNREAD;
  const before = `${basic}${named}${form}`;
  const value =
    name === '+CUSD' ? redactUssdFields(names, args) : redactFields(names, args, setKinds(name, args, rule?.set));
  return orUnread(value === undefined ? undefined : before + value);
}

function setKinds(name: string, args: string, kinds: readonly Kind[] = ['plain']): readonly Kind[] {
  // In PDU mode it is a length, of any number of digits.
  return name === '+CMGS' || name === '+CMGW' ? (/^\s*\d{1,3}\s*(?:,|$)/.test(args) ? ['plain'] : kinds) : kinds;
}

const PREFIXED = /^\s*([+^$*%][A-Z]\w*)(\s?:\s*)([\s\S]*)$/i;
const ERRORS = /^\+CM[ES] ERROR:\s*(?:\d{1,5}|[A-Za-z][A-Za-z0-9 ()',/+-]{0,60})$/;
/** Digits of ATV0, and words that only come unasked. */
const WORDS = /^(?:\d{1,3}|RING|>)$/;
const FINALS = /^(?!CONNECT)[A-Z ]+$|^CONNECT(?: \d{1,9})?$/;

/** Words that end an answer, and nothing behind them that could be somebody's. */
export const isFinal = (line: string): boolean => {
  const text = line.trimEnd();
  return parseFinal(text) !== undefined && (text.startsWith('+') ? ERRORS.test(text) : FINALS.test(text));
};

/** Whether `line` can stand behind a text of several lines: it is the stick's own. */
export const isOwnLine = (line: string): boolean =>
  line.startsWith('+CM') && line.includes('ERROR')
    ? parseFinal(line.trimEnd())?.number !== undefined
    : isFinal(line) || ruleOf((PREFIXED.exec(line)?.[1] ?? '').toUpperCase())?.line !== undefined;

/** A line of the stick, without its line ends, that is no echo. */
export function redactReply(names: Pseudonyms, line: string, running: Partial<Running>): Redacted {
  if (isFinal(line)) return { text: names.vouch(line) };
  const glued = /^(ERROR|\+CM[ES] ERROR: ?\d{1,5})([+^][A-Z][\s\S]*)$/i.exec(line);
  if (glued) {
    const [, error = '', rest = ''] = glued;
    const redacted = redactReply(names, rest, running);
    return redacted.text === undefined ? redacted : { text: error + redacted.text };
  }
  const prefixed = PREFIXED.exec(line);
  if (prefixed) return redactPrefixed(names, line, prefixed, running);
  return redactBare(names, line, running);
}

function redactPrefixed(names: Pseudonyms, line: string, match: RegExpExecArray, running: Partial<Running>): Redacted {
  const [, named = '', colon = '', value = ''] = match;
  const name = named.toUpperCase();
  const head = line.slice(0, line.length - value.length - colon.length) + colon;
  const rule = ruleOf(name);
  if (name === '+CUSD') return orUnread(prefix(head, redactUssdFields(names, value)));
  if (name === '+CRSM') return orUnread(prefix(head, redactCrsm(names, value, running)));
  if (!rule?.line) return UNREAD;
  // The test form tells ranges and lists, in brackets.
  if (/^[\s(]/.test(value) && value.includes('(') && rule.line[0] !== 'kept') {
    return orUnread(prefix(head, redactFields(names, value, ['plain'])));
  }
  return orUnread(prefix(head, redactFields(names, value, rule.line)));
}

const prefix = (head: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : head + value;

/** `0,"text",15`: the quotes may hold commas and line ends, and may be missing. */
function redactUssdFields(names: Pseudonyms, value: string): string | undefined {
  const [, head = '', data = '', tail = ''] = /^(\s*\d{1,2}\s*)(?:,([\s\S]*?))?(,\s*\d{1,3}\s*)?$/.exec(value) ?? [];
  if (head === '') return undefined;
  if (!value.slice(head.length).startsWith(',')) return head;
  const [, open = '', text = '', close = ''] = /^(\s*"?)([\s\S]*?)("?\s*)$/.exec(data) ?? [];
  const dcs = Number(/\d+/.exec(tail)?.[0] ?? 15);
  return `${head},${open}${text === '' ? '' : redactUssd(names, text, dcs)}${close}${tail}`;
}

/** The file of the ICCID, as AT+CRSM=176 names it. */
const ICCID_FILE = /^\s*17[68]\s*,\s*12258\b/;

function redactCrsm(names: Pseudonyms, value: string, { name, args = '' }: Partial<Running>): string | undefined {
  const [, status = '', data = '', end = ''] =
    /^(\s*\d{1,3},\s*\d{1,3}(?:,\s*"?)?)([0-9A-F]*)("?\s*)$/i.exec(value) ?? [];
  if (status === '') return undefined;
  if (data === '') return value;
  if (name !== '+CRSM' || !ICCID_FILE.test(args)) return undefined;
  return prefix(
    status,
    prefix(redactIccid(names, data) ?? '', redactIccid(names, data) === undefined ? undefined : end),
  );
}

/** Lines without a prefix: what they are is known by what was asked. */
function redactBare(names: Pseudonyms, line: string, { name = '', args = '' }: Partial<Running>): Redacted {
  const bare = line.trim();
  if (bare === '' || WORDS.test(bare)) return { text: line };
  const value = (made: string | undefined) => orUnread(made === undefined ? undefined : line.replace(bare, () => made));
  switch (name) {
    case '+CGSN':
    case '+GSN':
    case '+CIMI':
      return value(redactFields(names, bare, ruleOf(name)?.line ?? []));
    case 'I': {
      const [, imei = '', digits = ''] = /^(IMEI:\s*)(\d{14,17})$/i.exec(bare) ?? [];
      if (digits !== '') return value(imei + names.imei(digits));
      return value(redactFields(names, bare, ['plain']));
    }
    case '+CMGS':
    case '+CMGW':
      // The echo of what was sent at the prompt.
      return value(redactPdu(names, bare));
    default: {
      const entry = COMMANDS.get(name);
      const known = entry ? !entry.secret : /^(?:\+?(?:CGM[IMR]|GM[IMR]|CLAC|GCAP)|\^DLOAD(?:INFO|VER))$/.test(name);
      return known && args.length < 200 ? value(redactFields(names, bare, ['plain'])) : UNREAD;
    }
  }
}

/** Behind the header of a message: a PDU, or in text mode the text; `length` as the header tells it. */
export function redactMessage(names: Pseudonyms, line: string, options: { bare?: boolean; pdu: boolean }): Redacted {
  const bare = line.trim();
  if (bare === '') return { text: line };
  const pdu = redactPdu(names, bare, options);
  // Hex that would be a PDU where a text is awaited: one of both is wrong, and nobody knows which.
  const made = options.pdu ? pdu : pdu === undefined ? redactText(names, bare) : undefined;
  return orUnread(made === undefined ? undefined : line.replace(bare, () => made));
}
