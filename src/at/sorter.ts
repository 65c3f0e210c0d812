/**
 * From lines to meaning: echo, information line, final result code or URC. Knows the running command, not the port.
 * Everything that spans several lines is put together here: two-line URCs, quoted text with line breaks, and the hex of
 * a PDU into whose middle the stick has put a URC with its own line ends.
 */

import type { CommandPart } from './command';
import { type Final, isNumericOk, parseFinal, splitGlued } from './finals';
import { opensMore, type Unfinished } from './unfinished';
import { answersItsSetForm, hasUrcShape, isUrcPrefix, linePrefix } from './urcs';

export interface Urc {
  /** Prefix in capitals without the colon: `^RSSI`, `+CMTI`, `RING`. Empty for none. */
  urc: string;
  /** The line as it came; further lines of the same URC follow after `\n`. */
  line: string;
}

/** What the sorter has to know of a running command. */
export interface Expectation {
  /** As sent, without the line end: the echo. */
  text: string;
  parts: readonly CommandPart[];
  /** Further prefixes, in capitals, that belong to the reply although they are known as URCs. */
  expect?: readonly string[];
  dials: boolean;
  /** A bare `AT`: the digit of a stick in `ATV0` counts as its final. */
  numeric?: boolean;
}

export interface SorterSink {
  info(line: string): void;
  /** The echo was seen: what came before it belongs to something else. */
  echo(): void;
  final(final: Final, numeric: boolean): void;
  /** `known` is false for a line that only looks like a URC, outside any command or in the middle of a PDU. */
  urc(urc: Urc, known: boolean): void;
  /** A late reply to a command that had timed out was cut out; its prefix. */
  stale(prefix: string): void;
  /** A line outside any command that is no URC was dropped: the rest of a late reply. */
  stray(): void;
}

/** Headers within headers whose rest is awaited: a stick has one PDU under way, and a URC or two in the middle of it. */
const MOST_OPEN = 8;

export class LineSorter {
  readonly #sink: SorterSink;
  #command: Expectation | undefined;
  /** Prefixes shared by URCs and the reply, with the number of reply lines still to come. */
  #claims = new Map<string, number>();
  #echoSeen = false;
  /** First part of an echo that a URC has cut in two, until its rest proves it. */
  #echoHead = '';
  #open: Unfinished[] = [];
  /** Prefixes that only a late reply to a command that timed out can still have. */
  #late = new Set<string>();
  #skipFinal = false;

  constructor(sink: SorterSink) {
    this.#sink = sink;
  }

  /** True while the next line belongs to an unfinished one: `> ` is no prompt then. */
  get unfinished(): boolean {
    return this.#open.length > 0;
  }

  begin(command: Expectation): void {
    this.#command = command;
    this.#echoSeen = false;
    this.#echoHead = '';
    this.#skipFinal = false;
    this.#claims.clear();
    for (const { name, form } of command.parts) {
      if (!isUrcPrefix(name) || (form === 'set' && !answersItsSetForm(name))) continue;
      this.#claims.set(name, (this.#claims.get(name) ?? 0) + 1);
    }
    for (const prefix of command.expect ?? []) this.#claims.set(prefix, Number.POSITIVE_INFINITY);
  }

  end(): void {
    this.#command = undefined;
    this.#echoHead = '';
  }

  /** The running command timed out: lines with its prefixes may still come, and are nobody's reply then. */
  abandon(): void {
    for (const { name } of this.#command?.parts ?? []) {
      if (/^[+^]/.test(name) && !isUrcPrefix(name)) this.#late.add(name);
    }
    this.end();
  }

  /** Nothing late can come any more. */
  settled(): void {
    this.#late.clear();
  }

  /** Gives up waiting for the rest of an unfinished line and hands on what there is. */
  flush(): void {
    while (this.#open.length > 0) this.#flushOne();
  }

  line(text: string, breaks: number): void {
    const prefix = linePrefix(text);
    if (prefix !== '' && isUrcPrefix(prefix) && !this.#claim(prefix, text)) {
      const glued = this.#cutEcho(text);
      if (glued !== undefined) {
        this.line(glued, breaks);
        this.#echo();
        return;
      }
      // A known URC never is the rest of something: it is cut out, and the halves around it are joined.
      if (this.#open.at(-1)?.prefix === prefix) this.#flushOne();
      this.#urc(prefix, text);
      return;
    }
    let top = this.#open.at(-1);
    while (top) {
      if (top.take(text, breaks)) {
        if (top.complete) this.#flushOne();
        return;
      }
      if (this.#cutsIn(prefix, text)) return;
      this.#flushOne();
      top = this.#open.at(-1);
    }
    if (this.#command) this.#reply(this.#command, prefix, text);
    else this.#idle(prefix, text);
  }

  /**
   * In the middle of a PDU (all else takes any line) a line with a prefix that nobody has asked for is a URC too, although
   * nobody knows it, and so is the end of a call: it is cut out, and the hex goes on behind it.
   */
  #cutsIn(prefix: string, text: string): boolean {
    const final = parseFinal(text);
    const call = final?.kind === 'call' && !this.#command?.dials;
    const { parts = [], expect = [] } = this.#command ?? {};
    const asked = parts.some(({ name }) => name === prefix) || expect.includes(prefix) || this.#late.has(prefix);
    // Names with a `_` in them, or very long ones, are no prefix that a command could have.
    if (!call && (final || asked || !/^[+^*%$]/.test(text))) return false;
    this.#sink.urc({ urc: call ? final.text : prefix, line: text }, call);
    return true;
  }

  #claim(prefix: string, text: string): boolean {
    const left = this.#claims.get(prefix);
    if (!left || hasUrcShape(prefix, text)) return false;
    this.#claims.set(prefix, left - 1);
    return true;
  }

  #urc(prefix: string, text: string): void {
    const more = opensMore(prefix, text, true);
    if (more) this.#await(more);
    else this.#sink.urc({ urc: prefix, line: text }, true);
  }

  #idle(prefix: string, text: string): void {
    const final = parseFinal(text);
    if (final?.kind === 'call') this.#sink.urc({ urc: final.text, line: text }, true);
    else if (!final && prefix !== '' && !this.#late.has(prefix)) this.#sink.urc({ urc: prefix, line: text }, false);
    else this.#sink.stray();
  }

  #reply(command: Expectation, prefix: string, text: string): void {
    if (this.#takesEcho(command.text, text)) return;
    const glued = splitGlued(text);
    const final = parseFinal(text);
    if (glued) this.#glued(command, glued.error, glued.rest);
    else if (final) this.#final(command, final, false);
    else if (command.numeric && isNumericOk(text)) this.#final(command, { kind: 'ok', text }, true);
    else if (prefix !== '' && this.#late.has(prefix) && !command.parts.some((part) => part.name === prefix)) {
      this.#skipFinal = true;
      this.#sink.stale(prefix);
    } else this.#info(prefix, text);
  }

  #info(prefix: string, text: string): void {
    const more = opensMore(prefix, text, false);
    if (!more || more.announced) this.#sink.info(text);
    if (more) this.#await(more);
  }

  #await(more: Unfinished): void {
    if (this.#open.length === MOST_OPEN) this.flush();
    this.#open.push(more);
  }

  #final(command: Expectation, final: Final, numeric: boolean): void {
    if (final.kind === 'call' && !command.dials) this.#sink.urc({ urc: final.text, line: final.text }, true);
    else if (this.#skipFinal) {
      // The final result code of the late reply; the running command's own is still to come.
      this.#skipFinal = false;
      this.#late.clear();
    } else this.#sink.final(final, numeric);
  }

  /** `+CME ERROR: 25+CNUM: ...`: with the command's own prefix behind it the error is about that one line, not final. */
  #glued(command: Expectation, error: string, rest: string): void {
    const prefix = linePrefix(rest);
    const final = parseFinal(error);
    if (final && !command.parts.some((part) => part.name === prefix)) this.#final(command, final, false);
    this.line(rest, 1);
  }

  #takesEcho(command: string, text: string): boolean {
    if (this.#echoSeen) return false;
    const line = text.trimEnd();
    if (line === command || (this.#echoHead !== '' && this.#echoHead + line === command)) {
      this.#echoHead = '';
      return this.#echo();
    }
    this.#releaseEchoHead();
    if (command.startsWith(line)) {
      this.#echoHead = line;
      return true;
    }
    return false;
  }

  /** `^RSSI:19AT+CSQ`: a URC that lost its line end to the echo behind it. Returns the URC. */
  #cutEcho(text: string): string | undefined {
    const echo = this.#command?.text ?? '';
    if (this.#echoSeen || echo.length < 4 || !text.trimEnd().endsWith(echo)) return undefined;
    return text.slice(0, text.lastIndexOf(echo));
  }

  #echo(): true {
    this.#echoSeen = true;
    this.#sink.echo();
    return true;
  }

  /** It was an information line after all: `A` is one in the reply to AT+CLAC. */
  #releaseEchoHead(): void {
    if (this.#echoHead === '') return;
    const text = this.#echoHead;
    this.#echoHead = '';
    this.#sink.info(text);
  }

  #flushOne(): void {
    const done = this.#open.pop();
    if (!done) return;
    if (done.urc) this.#sink.urc({ urc: done.prefix, line: done.text }, true);
    else if (this.#command && done.text !== '') this.#sink.info(done.text);
  }
}
