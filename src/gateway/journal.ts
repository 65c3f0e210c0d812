/**
 * What a gateway must not forget: the commands that it has taken with what was told of them, events that the broker has not
 * confirmed, counters, and its own identity. A note in the state folder, to which lines are added; see journal-lines.ts.
 */

import { randomBytes } from 'node:crypto';
import { failure } from '../errors';
import { SOFTWARE_BORN } from '../host/wall-clock';
import { JOURNAL_VERSION } from './journal-check';
import {
  apply,
  type Book,
  type Command,
  emptyBook,
  keyOf,
  type Line,
  type Mail,
  type Published,
  type Reply,
  readBook,
  written,
} from './journal-lines';
import type { Receipt, Result } from './payloads';
import type { CommandKind } from './topics';

/** Where notes are kept: {@link import('../host/notes').Notes}. */
export interface JournalStore {
  read(key: string): string | undefined;
  write(key: string, text: string | undefined): boolean;
  append(key: string, text: string): boolean;
  list(): { key: string; text: string | undefined }[];
  problems(): string[];
}

/** Time as a gateway keeps it. */
export interface Times {
  /** Wall clock: it may be wrong, and may be set. */
  date(): Date;
  /** ms since the machine was started. */
  up(): number;
  /** Another text after each start of the machine; undefined where nobody can tell. */
  machine: string | undefined;
}

const DAY = 86_400_000;
/** Commands that are remembered, finished ones. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 7 * DAY;
/** The outbox of the stick must have forgotten an id before: it counts from the end of a message, which may wait a day. */
const FORGOTTEN_MS = REMEMBERED_MS + DAY;
/** Lives that are remembered. */
const BOOTS = 50;
/** Lines, and letters, that are added before the note is written anew. */
const LINES = 2_000;
const LETTERS = 400_000;
/** Letters of events that wait for the broker. */
const MAIL_LETTERS = 1_000_000;

/** A sender that is refused again and again must push nothing out by which limits and repetitions are known. */
function worthOf({ kind, last }: Command): number {
  if ('event_type' in last && last.event_type === 'refused') return 0;
  return kind === 'sms' ? 2 : 1;
}

export const journalKey = (gw: string): string => `gateway-${gw}`;

export class Journal {
  readonly boot = randomBytes(8).toString('hex');
  readonly #store: JournalStore;
  readonly #key: string;
  readonly #times: Times;
  readonly #book: Book;
  #lines = 0;
  #letters = 0;
  /** Whether the last line could be put on the disk. */
  #failing = false;
  #writes = 0;
  #slowest = 0;
  /** The next life may have begun: what comes late is added to what it has written. */
  #ended = false;

  /** Begins a life of the gateway. Errors: FILE_UNREADABLE, FILE_NOT_WRITTEN. */
  constructor(store: JournalStore, gw: string, node: string, times: Times) {
    this.#store = store;
    this.#key = journalKey(gw);
    this.#times = times;
    const text = store.read(this.#key);
    const book = text === undefined ? emptyBook(randomBytes(8).toString('hex')) : readBook(text);
    if (!book) throw failure('FILE_UNREADABLE/gateway-journal', { note: this.#key });
    this.#book = book;
    this.#rebase();
    book.boots = [...book.boots, this.boot].slice(-BOOTS);
    book.node = node;
    if (times.machine === undefined) delete book.machine;
    else book.machine = times.machine;
    if (!this.#compact()) this.#failed();
  }

  get instance(): string {
    return this.#book.instance;
  }

  /** Whether `boot` is a life of this gateway. */
  knows(boot: string): boolean {
    return this.#book.boots.includes(boot);
  }

  get owned(): boolean {
    return this.#book.owned;
  }

  get counters() {
    return this.#book.counters;
  }

  get published(): Published {
    return this.#book.published;
  }

  get mails(): Iterable<Mail> {
    return this.#book.mails.values();
  }

  get waitingMails(): number {
    return this.#book.mails.size;
  }

  get health() {
    return {
      entries: this.#book.commands.size,
      writes: this.#writes,
      slowest_ms: Math.round(this.#slowest),
      failing: this.#failing,
    };
  }

  /** Undefined also for one that is over, and need not be remembered any more. */
  command(kind: CommandKind, id: string): Command | undefined {
    const command = this.#book.commands.get(keyOf(kind, id));
    return command && !this.#isForgotten(command) ? command : undefined;
  }

  get commands(): Iterable<Command> {
    return this.#book.commands.values();
  }

  /** Those that wait to be carried out, or are being, the oldest first. */
  get open(): Command[] {
    return [...this.#book.commands.values()].filter(({ open }) => open);
  }

  /** ms since it was taken, whatever the wall clock has done since. */
  ageOf({ up }: Pick<Command, 'up'>): number {
    return Math.max(0, this.#times.up() - up);
  }

  /** Takes a command with what is told of it first, on the disk when this returns. Error: FILE_NOT_WRITTEN: it is not taken. */
  take(command: Command, topic: string): Mail {
    const line: Line = { t: 'in', command, n: this.#book.next, topic };
    if (!this.#add(line)) {
      this.#book.commands.delete(keyOf(command.kind, command.id));
      this.#book.mails.delete(line.n);
      this.#failed();
    }
    return this.#book.mails.get(line.n) as Mail;
  }

  /** It is about to be carried out. Error: FILE_NOT_WRITTEN: then it must not be. */
  begin({ kind, id }: Command): void {
    if (!this.#add({ t: 'begin', kind, id })) this.#failed();
  }

  forget({ kind, id }: Command): void {
    this.#add({ t: 'forget', kind, id });
  }

  partDelivered(id: string): void {
    this.#add({ t: 'part', id });
  }

  /** Something to be told of a command; with `over` it is the end of it. */
  tell(command: Command, topic: string, payload: Receipt | Result, over: boolean): Mail {
    const { kind, id, reply } = command;
    return this.#post(topic, payload, reply, { kind, id, ...(over && { over }) });
  }

  /** Something else to be told. */
  post(topic: string, payload: object, reply?: Reply): Mail {
    return this.#post(topic, payload, reply, {});
  }

  #post(topic: string, payload: object, reply: Reply | undefined, more: object): Mail {
    const mail: Mail = { n: this.#book.next, topic, payload, ...(reply && { reply }) };
    this.#add({ t: 'out', mail, ...more });
    return mail;
  }

  /** The broker has it. Where this is lost, it gets it once more. */
  confirmed(n: number): void {
    this.#book.mails.delete(n);
    this.#late.push({ t: 'ok', n });
    if (this.#late.length >= 100) this.#flush();
  }

  readonly #late: Line[] = [];

  /**
   * A message that came, on the disk when this returns. `known`: it came before. `full`: too much waits for the broker, or
   * it cannot be put on the disk.
   */
  received(id: string, topic: string, payload: { received_at: string }): Mail | 'known' | 'full' {
    if (this.#book.seen.has(id)) return 'known';
    if (this.#mailLetters() > MAIL_LETTERS) return 'full';
    const mail: Mail = { n: this.#book.next, topic, payload };
    const { counters } = this.#book;
    if (this.#add({ t: 'seen', id, up: this.#times.up(), at: payload.received_at }, { t: 'out', mail })) return mail;
    this.#book.seen.delete(id);
    this.#book.mails.delete(mail.n);
    counters.received--;
    return 'full';
  }

  own(yes: boolean): void {
    if (this.#book.owned !== yes) this.#add({ t: 'own', yes });
  }

  publishedNow(published: Published): void {
    if (JSON.stringify(published) !== JSON.stringify(this.#book.published)) this.#add({ t: 'disc', published });
  }

  /** What is not urgent is put on the disk too; with `remove` nothing is left. */
  close(remove = false): void {
    if (remove) this.#store.write(this.#key, undefined);
    else this.#compact();
    this.#ended = true;
  }

  #failed(): never {
    throw failure('FILE_NOT_WRITTEN/gateway-journal', { problems: this.#store.problems() });
  }

  #flush(): void {
    this.#add();
  }

  /** One write for all of them. */
  #add(...lines: Line[]): boolean {
    for (const line of lines) apply(this.#book, line);
    if (!this.#ended && (this.#failing || this.#lines > LINES || this.#letters > LETTERS)) return this.#compact();
    const all = [...this.#late.splice(0), ...lines];
    const text = all.map(written).join('');
    if (text === '') return true;
    // Taken away by the end of the gateway, or by its next life under another name: these lines alone would be no journal.
    if (this.#ended && this.#store.read(this.#key) === undefined) return false;
    this.#lines += all.length;
    this.#letters += text.length;
    return this.#timed(() => this.#store.append(this.#key, text));
  }

  /** Writes all of it anew, without what is too old or too much. */
  #compact(): boolean {
    this.#late.length = 0;
    this.#thin();
    const { commands, mails, seen, ...head } = this.#book;
    const lines: Line[] = [
      { t: 'head', version: JOURNAL_VERSION, ...head },
      ...[...commands.values()].map((command): Line => ({ t: 'cmd', command })),
      ...[...mails.values()].map((mail): Line => ({ t: 'out', mail })),
      ...[...seen].map(([id, up]): Line => ({ t: 'seen', id, up })),
    ];
    this.#lines = 0;
    this.#letters = 0;
    return this.#timed(() => this.#store.write(this.#key, lines.map(written).join('')));
  }

  #timed(write: () => boolean): boolean {
    const began = performance.now();
    let done = false;
    try {
      done = write();
    } catch {
      // Told by the caller.
    }
    this.#writes++;
    this.#slowest = Math.max(this.#slowest, performance.now() - began);
    this.#failing = !done;
    return done;
  }

  #thin(): void {
    const { commands, mails, seen } = this.#book;
    const over = [...commands].filter(([, { open }]) => !open).sort(([, a], [, b]) => worthOf(a) - worthOf(b));
    const tooMany = over.length - REMEMBERED;
    over.forEach(([key, command], i) => {
      if (i < tooMany || this.#isForgotten(command)) commands.delete(key);
    });
    for (const [id, up] of seen) if (this.ageOf({ up }) > REMEMBERED_MS) seen.delete(id);
    // Of messages that came nothing is dropped; what became of a command can be asked for again.
    let letters = this.#mailLetters();
    for (const [n, mail] of mails) {
      if (letters <= 2 * MAIL_LETTERS) break;
      if (mail.topic.endsWith('/received')) continue;
      letters -= JSON.stringify(mail.payload).length;
      mails.delete(n);
    }
  }

  #isForgotten(command: Command): boolean {
    return !command.open && this.ageOf(command) >= FORGOTTEN_MS;
  }

  #mailLetters(): number {
    let letters = 0;
    for (const { payload } of this.#book.mails.values()) letters += JSON.stringify(payload).length;
    return letters;
  }

  /** Times since the start of the machine are made those of this start: what age a clock that was wrong gives is not believed. */
  #rebase(): void {
    const { commands, seen, machine } = this.#book;
    if (machine !== undefined && machine === this.#times.machine) return;
    const up = this.#times.up();
    const told = this.#times.date().getTime();
    // A clock that is not set yet: it is later than the last command at any rate.
    const now = told >= SOFTWARE_BORN ? told : Math.max(0, ...[...commands.values()].map(({ at }) => at));
    for (const command of commands.values()) {
      const isBelieved = command.at >= SOFTWARE_BORN && now >= command.at;
      command.up = up - (isBelieved ? now - command.at : 0);
    }
    for (const id of seen.keys()) seen.set(id, up);
  }
}
