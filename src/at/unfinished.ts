/**
 * Lines that are not complete yet: a header whose PDU follows, a URC with a second line, quoted text with line breaks.
 */

import { COMMANDS } from './commands/table';

/** Bounds for quoted text whose closing quote never comes. */
const MAX_QUOTED_LINES = 32;
const MAX_QUOTED_LENGTH = 4096;

type Kind = 'pdu' | 'text' | 'quote';

export class Unfinished {
  readonly prefix: string;
  readonly urc: boolean;
  complete = false;
  readonly #kind: Kind;
  /** Octets that the header announces, and whether the SMSC address stands in front of them uncounted. */
  readonly #octets: number;
  readonly #smsc: boolean;
  readonly #head: string;
  #body = '';
  #lines = 1;

  constructor(kind: Kind, prefix: string, head: string, urc: boolean, octets = 0, smsc = true) {
    this.#kind = kind;
    this.prefix = prefix;
    this.#head = head;
    this.urc = urc;
    this.#octets = octets;
    this.#smsc = smsc;
  }

  /** True if the header is an information line of its own and only the PDU behind it is awaited. */
  get announced(): boolean {
    return this.#kind === 'pdu' && !this.urc;
  }

  /** What there is to hand on: for a reply's PDU the hex alone, else header and body with a line feed between. */
  get text(): string {
    if (this.announced) return this.#body;
    return this.#body === '' ? this.#head : `${this.#head}\n${this.#body}`;
  }

  /** Takes `line` as a further piece; false if it is none. */
  take(line: string, breaks: number): boolean {
    if (this.#kind === 'pdu') return this.#takeHex(line);
    if (this.#kind === 'text') {
      this.#body = line;
      this.complete = true;
      return true;
    }
    // Blank lines inside the quotes are text; the splitter only counted their line feeds.
    this.#body +=
      this.#body === '' ? '\n'.repeat(Math.max(0, breaks - 1)) + line : '\n'.repeat(Math.max(1, breaks)) + line;
    this.complete = isClosed(line) || ++this.#lines >= MAX_QUOTED_LINES || this.#body.length > MAX_QUOTED_LENGTH;
    return true;
  }

  #takeHex(line: string): boolean {
    if (!/^[0-9A-Fa-f]+$/.test(line)) return false;
    this.#body += line;
    const smsc = this.#smsc ? 1 + Number.parseInt(this.#body.slice(0, 2), 16) : 0;
    this.complete = this.#body.length >= 2 * (smsc + this.#octets);
    return true;
  }
}

/** Does `line` begin something of several lines? */
export function opensMore(prefix: string, line: string, urc: boolean): Unfinished | undefined {
  const spans = COMMANDS.get(prefix)?.spans;
  if (spans === 'quote') return isOpenQuote(line) ? new Unfinished('quote', prefix, line, urc) : undefined;
  const fields = urc ? spans?.urc : spans?.reply;
  if (fields === undefined) return undefined;
  const octets = pduLength(line, fields);
  if (octets !== undefined) return new Unfinished('pdu', prefix, line, urc, octets, !spans?.bare);
  // In text mode a status report has everything in its one line.
  return urc && spans?.text ? new Unfinished('text', prefix, line, true) : undefined;
}

/** The length of a PDU header, `+CMGL: 11,0,,159`: the last of exactly `count` fields; undefined in text mode. */
function pduLength(line: string, count: number): number | undefined {
  // A name from the phone book may hold a comma.
  const fields = line
    .slice(line.indexOf(':') + 1)
    .replaceAll(/"[^"]*"/g, '""')
    .split(',');
  if (fields.length !== count) return undefined;
  // Before the name and the length of a stored message stand numbers only; in text mode the status is quoted.
  for (let i = 0; i < count - 2; i++) if (!/^\s*\d+\s*$/.test(fields[i] ?? '')) return undefined;
  const last = (fields[count - 1] ?? '').trim();
  return /^\d{1,3}$/.test(last) ? Number(last) : undefined;
}

/** Behind the last quote stand a bracket and numbers at most. */
function isClosed(line: string): boolean {
  const quote = line.lastIndexOf('"');
  if (quote < 0) return false;
  const rest = line.slice(quote + 1).trimStart();
  const behind = rest.startsWith(')') ? rest.slice(1).trimStart() : rest;
  return behind === '' || behind.startsWith(',');
}

/** An opening quote without its closing one: text behind the last closing quote is numbers at most. */
function isOpenQuote(line: string): boolean {
  if (!line.includes('"')) return false;
  return (line.split('"').length - 1) % 2 === 1 && !isClosedLater(line);
}

/** Quotes inside quoted text make the count odd although the line is complete: `+CUSD: 1,"5" left",15`. */
function isClosedLater(line: string): boolean {
  const first = line.indexOf('"');
  return isClosed(line.slice(first + 1)) && line.lastIndexOf('"') > first;
}
