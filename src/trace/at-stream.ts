/**
 * What goes over a tty, both ways, as records: bytes are put together to lines before anything is judged, however reads and
 * writes cut them. A port may speak AT now and frames of a loader later.
 */

import type { Header } from '../at/commands/entry';
import { COMMANDS } from '../at/commands/table';
import type { AtRecord, BinaryRecord, Left, Said, Who } from '../record/format';
import { isOwnLine, type Redacted, type Running, redactCommand, redactMessage, redactReply } from './at-line';
import { Frames, isBinary } from './frames';
import { redactPdu, redactText } from './pdu';
import type { Pseudonyms } from './pseudonyms';

/** Characters of a line that nobody ends, and of a text at a prompt. */
const MOST_LINE = 8192;
/** Entries of a record: what a stick says unasked for hours is several. */
const MOST_ENTRIES = 64;
/** What could not be read may hold a code all the same: then its length would tell that of the code. */
const CODES = /[+^]\s*\w*(?:PIN|PUK|PWD|CLCK|LOCK|AUTH)/i;
const CTRL_Z = '\u001a';
const ESC = '\u001b';
/** What ends what is sent at a prompt, and what ends a command or takes it back. */
const ENDS_OF_BODY = [CTRL_Z, ESC];
const ENDS = [...ENDS_OF_BODY, '\r', '\n'];

export interface StreamOptions {
  names: Pseudonyms;
  /** What each record begins with: place of the stick, tty, interface. */
  about: Pick<AtRecord, 'stick' | 'interface'> & { port: string };
  emit(record: AtRecord | BinaryRecord): void;
}

/** Lines that follow a header: one PDU, or a text up to a line of the stick's own. */
interface Follows {
  pdu: boolean;
  bare: boolean;
}

export class AtStream {
  readonly #options: StreamOptions;
  readonly #frames: Frames;
  readonly #running: Partial<Running> = {};
  readonly #pending: Record<Who, { text: string; t: number }> = { host: { text: '', t: 0 }, stick: { text: '', t: 0 } };
  #raw: Said[] = [];
  #prompted = false;
  #follows: Follows | undefined;
  /** What the stick has said of a reply whose quotes are still open. */
  #open: string | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    const { stick, port } = options.about;
    this.#frames = new Frames((raw) =>
      options.emit({ kind: 'binary', ...(stick !== undefined && { stick }), port, raw }),
    );
  }

  host(data: Uint8Array, t: number): void {
    if (!this.#prompted && isBinary(data, this.#frames.active)) {
      this.#leavePending('host');
      this.#emit();
      this.#frames.host(data, t);
      return;
    }
    this.#frames.end();
    this.#add('host', data, t);
    for (;;) {
      const { text } = this.#pending.host;
      const end = firstOf(text, this.#prompted ? ENDS_OF_BODY : ENDS);
      if (end < 0) break;
      this.#take('host', end + 1, (line) => this.#said(line));
    }
    this.#tooLong('host');
  }

  stick(data: Uint8Array, t: number): void {
    if (this.#frames.active && this.#pending.stick.text === '' && this.#frames.stick(data, t)) return;
    this.#add('stick', data, t);
    for (;;) {
      const { text } = this.#pending.stick;
      const end = text.indexOf('\n');
      if (end < 0) break;
      this.#take('stick', end + 1, (line) => this.#heard(line));
    }
    if (/^\r*> $/.test(this.#pending.stick.text)) {
      this.#prompted = true;
      this.#take('stick', this.#pending.stick.text.length, (line) => this.#push('stick', line));
    }
    this.#tooLong('stick');
  }

  /** Nothing more comes: what is no whole line is left out. */
  end(): void {
    for (const who of ['host', 'stick'] as const) this.#leavePending(who);
    this.#closeQuote();
    this.#frames.end();
    this.#emit();
  }

  /** Hands on what is complete. */
  flush(): void {
    this.#frames.flush();
    if (this.#open === undefined) this.#emit();
  }

  #add(who: Who, data: Uint8Array, t: number): void {
    const pending = this.#pending[who];
    if (pending.text === '') pending.t = t;
    pending.text += Buffer.from(data).toString('latin1');
  }

  #take(who: Who, length: number, work: (line: string) => void): void {
    const pending = this.#pending[who];
    const line = pending.text.slice(0, length);
    pending.text = pending.text.slice(length);
    this.#t = pending.t;
    work(decoded(line));
  }

  #t = 0;

  #tooLong(who: Who): void {
    if (this.#pending[who].text.length > MOST_LINE) this.#leavePending(who);
  }

  #leavePending(who: Who): void {
    const { length } = this.#pending[who].text;
    if (length > 0) this.#take(who, length, () => this.#leave(who, { bytes: length, why: 'unread' }));
  }

  /** A command, or what is sent at a prompt, with the character that ends it. */
  #said(line: string): void {
    const [text, end] = [line.slice(0, -1), line.slice(-1)];
    if (this.#prompted) {
      this.#prompted = false;
      const { names } = this.#options;
      const body = text === '' ? text : (redactPdu(names, text) ?? redactBody(names, text));
      this.#push('host', body + end);
      return;
    }
    if (text.trim() === '') {
      this.#push('host', line);
      return;
    }
    this.#closeQuote();
    this.#emit();
    this.#follows = undefined;
    this.#judged('host', text, '', ENDS_OF_BODY.includes(end) ? { left: 'unread' } : this.#command(text), end);
  }

  #command(text: string): Redacted {
    this.#running.name = '';
    return redactCommand(this.#options.names, text, this.#running);
  }

  /** One line of the stick up to its LF; an echo in front ends with CR alone. */
  #heard(line: string): void {
    if (this.#open !== undefined) {
      this.#open += line;
      if (isOdd(this.#open) && this.#open.length < MOST_LINE) return;
      this.#closeQuote();
      return;
    }
    for (const [piece] of line.matchAll(/[\r\n]*[^\r\n]*(?:\r+\n?|\n|$)/g)) {
      if (piece === '') continue;
      const [, before = '', text = '', after = ''] = /^([\r\n]*)([^\r\n]*)([\r\n]*)$/.exec(piece) ?? [];
      if (text === '') this.#push('stick', piece);
      else this.#reply(before, text, after);
    }
  }

  #reply(before: string, text: string, after: string): void {
    if (this.#quoteOpens(text)) {
      this.#open = before + text + after;
      return;
    }
    this.#judged('stick', text, before, this.#redactReply(text), after);
  }

  #redactReply(text: string): Redacted {
    const { names } = this.#options;
    const follows = this.#follows;
    if (follows && !isOwnLine(text)) {
      if (follows.pdu) this.#follows = undefined;
      return redactMessage(names, text, follows);
    }
    this.#follows = followers(text);
    if (/^\s*AT/i.test(text)) return redactCommand(names, text, {});
    return redactReply(names, text, this.#running);
  }

  /** Quoted data of some replies may hold line breaks. */
  #quoteOpens(text: string): boolean {
    const [, name = ''] = /^([+^][A-Z]\w*)\s?:/i.exec(text) ?? [];
    return isOdd(text) && COMMANDS.get(name.toUpperCase())?.spans === 'quote';
  }

  #closeQuote(): void {
    const line = this.#open;
    if (line === undefined) return;
    this.#open = undefined;
    const [, before = '', text = '', after = ''] = /^([\r\n]*)([\s\S]*?)([\r\n]*)$/.exec(line) ?? [];
    this.#judged('stick', text, before, redactReply(this.#options.names, text, this.#running), after);
  }

  #judged(who: Who, original: string, before: string, { text, left }: Redacted, after: string): void {
    if (text !== undefined) {
      this.#push(who, before + text + after);
      return;
    }
    if (before !== '') this.#push(who, before);
    this.#leave(who, left === 'code' || CODES.test(original) ? { why: 'code' } : { bytes: original.length, why: left });
    if (after !== '') this.#push(who, after);
  }

  #leave(who: Who, left: Left): void {
    this.#raw.push([who, '', { t: this.#t, left }]);
  }

  #push(who: Who, text: string): void {
    const last = this.#raw.at(-1);
    // What came in one piece stays in one.
    if (last && last[0] === who && last[2]?.t === this.#t && !last[2].left) {
      this.#raw[this.#raw.length - 1] = [who, last[1] + text, last[2]];
    } else this.#raw.push([who, text, { t: this.#t }]);
    if (this.#raw.length >= MOST_ENTRIES) this.#emit();
  }

  #emit(): void {
    const raw = this.#raw;
    if (raw.length === 0) return;
    this.#raw = [];
    this.#options.emit({ kind: 'at', ...this.#options.about, raw });
  }
}

/** Where the first of `ends` stands; -1 where none does. */
const firstOf = (text: string, ends: readonly string[]): number => [...text].findIndex((c) => ends.includes(c));

/** As UTF-8 where it is; else U+FFFD for each octet that is no ASCII, as in the recorded sessions of others. */
function decoded(line: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, 'latin1'));
  } catch {
    return line.replaceAll(/[\x80-\xff]/g, '\ufffd');
  }
}

/** Text mode: what is sent may have several lines. */
const redactBody = (names: Pseudonyms, text: string): string =>
  text.replaceAll(/[^\r\n]+/g, (line) => redactText(names, line));

const isOdd = (text: string): boolean => text.split('"').length % 2 === 0;

/** What comes behind the header `line`, if it is one. */
function followers(line: string): Follows | undefined {
  const [, name = '', value = ''] = /^\s*([+^][A-Z]\w*)\s?:\s*([\s\S]*)$/i.exec(line) ?? [];
  const spans: Header | string | undefined = COMMANDS.get(name.toUpperCase())?.spans;
  if (typeof spans !== 'object') return undefined;
  // In text mode there is the number in quotes; a PDU has its length at the end of two fields or four.
  const pdu = /^\s*\d+\s*$/.test(value) || (/,\s*\d+\s*$/.test(value) && !/"(?:REC|STO) |"[+\d]/.test(value));
  return { pdu, bare: spans.bare === true };
}
