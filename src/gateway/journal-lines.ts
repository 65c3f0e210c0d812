/** The journal of a gateway as it stands on the disk: lines of JSON, each of which says what has happened. No disk here. */

import { isLine, JOURNAL_VERSION } from './journal-check';
import type { Receipt, Result } from './payloads';
import type { CommandKind } from './topics';

/** Where the sender wants its answer too, by MQTT 5. */
export interface Reply {
  topic: string;
  /** Base64. */
  correlation?: string;
}

/** A command that was taken. */
export interface Command {
  kind: CommandKind;
  id: string;
  /** Of what it asks for: the same id with something else is a mistake. */
  hash: string;
  /** The sender gave no id. */
  made?: true;
  /** Wall clock, ms; time since the machine was started, ms; and which start that was, where anybody can tell. */
  at: number;
  up: number;
  machine?: string;
  /** ms that it may wait, from then on. */
  ttl: number;
  /** As the sender has written it. */
  to: string | null;
  parts: number;
  /** A hash of the number, so that it can be counted. */
  whom?: string;
  alarm?: true;
  /** What is to be done; forgotten when it is over. */
  wish?: Wish;
  reply?: Reply;
  /** It is being carried out. */
  begun?: true;
  /** It waits to be carried out, or is being. */
  open: boolean;
  /** Parts that have been delivered. */
  delivered?: number;
  /** What was told of it last. */
  last: Receipt | Result;
}

export interface Wish {
  number?: string;
  text?: string;
  flash?: boolean;
  report?: boolean;
  code?: string;
  command?: string;
  do?: string;
}

/** An event that the broker has to have. */
export interface Mail {
  n: number;
  topic: string;
  payload: object;
  reply?: Reply;
}

export interface Counters {
  sent: number;
  failed: number;
  received: number;
  lastReceivedAt: string | null;
}

/** What was told to Home Assistant: by topic, the components with their platforms. */
export type Published = Record<string, Record<string, string>>;

/** All that the lines say. */
export interface Book {
  instance: string;
  /** Lives of this gateway, the last one at the end. */
  boots: string[];
  /** Of the machine, when it was written last. */
  machine?: string;
  node?: string;
  /** The name was its own when it was written last. */
  owned: boolean;
  counters: Counters;
  published: Published;
  next: number;
  commands: Map<string, Command>;
  mails: Map<number, Mail>;
  /** Ids of messages that came, with the time since the machine was started. */
  seen: Map<string, number>;
}

export type Line =
  | ({ t: 'head'; version: number } & Omit<Book, 'commands' | 'mails' | 'seen'>)
  | { t: 'in'; command: Command; n: number; topic: string }
  | { t: 'cmd'; command: Command }
  | { t: 'begin'; kind: CommandKind; id: string }
  | { t: 'forget'; kind: CommandKind; id: string }
  | { t: 'part'; id: string }
  | { t: 'out'; mail: Mail; kind?: CommandKind; id?: string; over?: true }
  | { t: 'ok'; n: number }
  | { t: 'seen'; id: string; up: number; at?: string }
  | { t: 'own'; yes: boolean }
  | { t: 'disc'; published: Published };

export const keyOf = (kind: CommandKind, id: string): string => `${kind} ${id}`;

export const emptyBook = (instance: string): Book => ({
  instance,
  boots: [],
  owned: false,
  counters: { sent: 0, failed: 0, received: 0, lastReceivedAt: null },
  published: {},
  next: 1,
  commands: new Map(),
  mails: new Map(),
  seen: new Map(),
});

/** Each begins a new line itself: whatever was cut by a power failure in front of it is a line of its own. */
export const written = (line: Line): string => `\n${JSON.stringify(line)}`;

/** Undefined: it is of a later version, or nothing in it can be read. */
export function readBook(text: string): Book | undefined {
  let book: Book | undefined;
  for (const one of text.split('\n')) {
    const line = one === '' ? undefined : parsed(one);
    if (!line) continue;
    if (line.t === 'head') {
      if (line.version > JOURNAL_VERSION) return undefined;
      const { t: _, version: __, ...head } = line;
      book = { ...emptyBook(head.instance), ...head };
    } else if (book) apply(book, line);
  }
  return book;
}

function parsed(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    // A line that is damaged costs what it says, and no more.
    return isLine(line) ? (line as Line) : undefined;
  } catch {
    // Cut when the power went: it was not acknowledged.
    return undefined;
  }
}

/** What a line changes. */
export function apply(book: Book, line: Line): void {
  switch (line.t) {
    case 'in':
    case 'cmd': {
      const { command } = line;
      const key = keyOf(command.kind, command.id);
      // One that was forgotten under the same id is not this one's age.
      book.commands.delete(key);
      book.commands.set(key, command);
      if (line.t === 'in') put(book, mailOf(line));
      return;
    }
    case 'begin': {
      const command = book.commands.get(keyOf(line.kind, line.id));
      if (command) command.begun = true;
      return;
    }
    case 'forget':
      book.commands.delete(keyOf(line.kind, line.id));
      return;
    case 'part': {
      const command = book.commands.get(keyOf('sms', line.id));
      if (command) command.delivered = (command.delivered ?? 0) + 1;
      return;
    }
    case 'out':
      applyOut(book, line);
      return;
    case 'ok':
      book.mails.delete(line.n);
      return;
    case 'seen':
      book.seen.set(line.id, line.up);
      if (line.at === undefined) return;
      book.counters.received++;
      book.counters.lastReceivedAt = line.at;
      return;
    case 'own':
      book.owned = line.yes;
      return;
    case 'disc':
      book.published = line.published;
      return;
  }
}

export const mailOf = ({ command, n, topic }: Extract<Line, { t: 'in' }>): Mail => ({
  n,
  topic,
  payload: command.last,
  ...(command.reply && { reply: command.reply }),
});

function put(book: Book, mail: Mail): void {
  book.mails.set(mail.n, mail);
  book.next = Math.max(book.next, mail.n + 1);
}

const FATES: Readonly<Record<string, 'sent' | 'failed'>> = {
  sent: 'sent',
  failed: 'failed',
  expired: 'failed',
  unknown: 'failed',
};

function applyOut(book: Book, { mail, kind, id, over }: Extract<Line, { t: 'out' }>): void {
  put(book, mail);
  const command = kind === undefined || id === undefined ? undefined : book.commands.get(keyOf(kind, id));
  if (command) {
    if (over && command.open && kind === 'sms') {
      const fate = FATES[(mail.payload as Receipt).event_type];
      if (fate) book.counters[fate]++;
    }
    command.last = mail.payload as Receipt | Result;
    if (over) close(command);
  }
}

/** Nothing of what it was about is kept. */
export function close(command: Command): void {
  command.open = false;
  delete command.wish;
  delete command.begun;
  delete command.reply;
}
