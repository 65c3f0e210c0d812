/**
 * A command line taken apart, for three purposes: the guard judges its parts, the reply knows its prefixes, and the
 * timeout fits the slowest part. Not a full V.250 parser: names of extended commands are found wherever they stand
 * outside quotes, because V.250 lets them follow a basic command without a separator (`ATE0^GODLOAD`).
 */

export interface CommandPart {
  /** In capitals, with its sigil: `+CREG`, `^SETPORT`; a basic command is its letter: `E`, `&F`, `S3`. */
  name: string;
  /** `X`, `X=...`, `X?`, `X=?`. */
  form: 'action' | 'set' | 'read' | 'test';
  /**
   * What follows `=` up to the next `;`, without blanks, letters in capitals outside quotes. Of `D` the dial string: all that
   * stands behind it.
   */
  args: string;
}

/** Stands for a quoted character where only the shape of a command counts. */
const QUOTED = '\u0001';

const BLANKS = /\s+/g;

interface Shape {
  /** See {@link CommandLine.plain}. */
  plain: string;
  /** Capitals, no blanks, quoted characters as {@link QUOTED}. */
  outside: string;
  /** Same length, quoted characters as they are. */
  text: string;
}

function shapeOf(command: string): Shape {
  const plain = command.replaceAll(BLANKS, '').toUpperCase();
  if (!command.includes('"')) return { plain, outside: plain, text: plain };
  // With an odd number of quotes nobody knows what the stick takes for quoted: then nothing is.
  const honourQuotes = (command.split('"').length - 1) % 2 === 0;
  let outside = '';
  let text = '';
  let quoted = false;
  for (const c of command) {
    if (c === '"' && honourQuotes) quoted = !quoted;
    else if (quoted) {
      outside += QUOTED;
      text += c.length === 1 ? c : '?';
      continue;
    } else if (/\s/.test(c)) continue;
    const capital = c.length === 1 ? c.toUpperCase() : '?';
    outside += capital.length === 1 ? capital : '?';
    text += capital.length === 1 ? capital : '?';
  }
  return { plain, outside, text };
}

/** A line taken apart once, for all who judge, send or read it. */
export interface CommandLine {
  /** The whole line without blanks, in capitals, with its quotes and what stands in them. */
  plain: string;
  /** Every command: `ATE0;+CREG?` gives `E` and `+CREG` (read). */
  parts: CommandPart[];
  /** Whether there is nothing else between the semicolons. Worked out when it is asked for: most lines have no need. */
  isWhole(): boolean;
}

export const parseParts = (command: string): CommandPart[] => parseLine(command).parts;

export function parseLine(command: string): CommandLine {
  const { plain, outside, text } = shapeOf(command);
  const parts: CommandPart[] = [];
  const segments: [string, CommandPart[]][] = [];
  let from = outside.startsWith('AT') ? 2 : 0;
  while (from <= outside.length) {
    const semicolon = outside.indexOf(';', from);
    const end = semicolon < 0 ? outside.length : semicolon;
    const segment = text.slice(from, end);
    const found = parseSegment(outside.slice(from, end), segment);
    segments.push([segment, found]);
    parts.push(...found);
    from = end + 1;
  }
  return { plain, parts, isWhole: () => segments.every(([segment, found]) => isWholeSegment(segment, found)) };
}

/** Whether the commands that were found in a segment are all of it. A dial string is judged as a whole. */
function isWholeSegment(segment: string, parts: readonly CommandPart[]): boolean {
  const dials = parts.at(-1)?.name === 'D';
  const text = parts.map((part) => (part.name === 'D' ? 'D' : textOf(part))).join('');
  return dials ? segment.startsWith(text) : segment === text;
}

const MARKS = { action: '', set: '=', read: '?', test: '=?' } as const;

/** A part as it is written in a line. A basic command has its number right behind it. */
function textOf({ name, form, args }: CommandPart): string {
  if (/^S\d/.test(name)) return form === 'action' ? name : `${name}${MARKS[form]}${form === 'set' ? args : ''}`;
  if (form === 'set') return `${name}=${args}`;
  return form === 'action' ? `${name}${args}` : `${name}${args}${MARKS[form]}`;
}

const BASIC = /(&?[A-Z])(\d*)(=\??|\?)?/g;
const EXTENDED = /[+^*%$#][A-Z][A-Z0-9]*/g;

function parseSegment(outside: string, text: string): CommandPart[] {
  const parts: CommandPart[] = [];
  const firstExtended = outside.search(EXTENDED);
  const basics = firstExtended < 0 ? outside : outside.slice(0, firstExtended);
  // Most lines have one kind of command only: the search for the other one is spared.
  for (const match of basics === '' ? [] : basics.matchAll(BASIC)) {
    const letter = match[1] ?? '';
    // The rest of a dial string is digits and modifiers, no commands.
    if (letter === 'D') {
      parts.push({ name: letter, form: 'action', args: text.slice(match.index + 1) });
      break;
    }
    const name = letter === 'S' ? `S${Number(match[2] ?? 0)}` : letter;
    const at = match.index + match[0].length;
    parts.push({ name, form: formOf(match[3] ?? ''), args: match[3] === '=' ? text.slice(at) : (match[2] ?? '') });
  }
  for (const match of firstExtended < 0 ? [] : outside.matchAll(EXTENDED)) {
    const at = match.index + match[0].length;
    const mark = outside.startsWith('=?', at) ? '=?' : /[=?]/.test(outside.charAt(at)) ? outside.charAt(at) : '';
    // A question ends there: nobody knows what a stick makes of `X?=1234`.
    const asks = mark.endsWith('?') && outside.length === at + mark.length;
    const form = mark === '' || asks ? formOf(mark) : 'set';
    parts.push({ name: match[0], form, args: form === 'set' ? text.slice(at + 1) : '' });
  }
  return parts;
}

function formOf(mark: string): CommandPart['form'] {
  if (mark === '=?') return 'test';
  if (mark === '=') return 'set';
  return mark === '?' ? 'read' : 'action';
}
