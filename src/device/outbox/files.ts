/** The notes of the outbox, written as often as needed and no more. */

import type { Host } from '../../host/host';
import { clockSet, disbelief, type Run, runOf } from '../../host/wall-clock';
import { type Entry, moveTimes } from './entry';
import { formNote, isOutbox, parseNote, restartedSince } from './outbox-note';

interface File {
  /** What is written next begins when this has ended; many changes make one write. */
  last: Promise<unknown>;
  next?: Promise<boolean>;
  /** What this process has read or written last, and what it has tried to write. */
  text: string | undefined;
  tried: string | undefined;
  newer: boolean;
}

/** What was on the disk. */
export interface Found {
  entry: Entry;
  /** It is in the note of a place: that of its SIM may say something older. */
  loose: boolean;
  /** The machine has been started since. */
  restarted: boolean;
}

export class OutboxFiles {
  readonly #host: Host;
  readonly #files = new Map<string, File>();
  #run: Run = {};
  readonly #entriesOf: (name: string) => readonly Entry[];

  /** `entriesOf`: what is to be in the note `name` now. */
  constructor(host: Host, entriesOf: (name: string) => readonly Entry[]) {
    this.#host = host;
    this.#entriesOf = entriesOf;
  }

  /** Resolves when everything as it is now is on the disk; false where it cannot be. Never rejects. */
  save(name: string): Promise<boolean> {
    const file = this.#file(name);
    file.next ??= file.last.then(() => {
      delete file.next;
      const written = this.#write(file, name);
      file.last = written;
      return written;
    });
    return file.next;
  }

  /** What others have written since the last time, as it stands; nothing where nothing is new. */
  async news(name: string): Promise<Found[]> {
    const file = this.#file(name);
    await (file.next ?? file.last);
    const text = this.#host.readNote(name);
    if (text === file.text || text === file.tried) return [];
    Object.assign(file, { text, tried: text, newer: parseNote(text).state === 'newer' });
    return this.#read(name, text);
  }

  /** What is in the notes of SIMs and places that nobody has read here, or written. */
  others(): Found[] {
    const others = this.#host
      .listNotes()
      .filter(({ key }) => isOutbox(key) && this.#files.get(key)?.tried === undefined);
    return others.flatMap(({ key, text }) => this.#read(key, text));
  }

  #read(name: string, text: string | undefined): Found[] {
    const note = parseNote(text);
    const run = runOf(this.#host);
    const restarted = restartedSince(note, run.boot);
    const now = this.#host.clock.date().getTime();
    for (const entry of note.entries) {
      moveTimes(entry, restarted ? disbelief(entry.ended ?? entry.at, now) : clockSet(note, run));
    }
    return note.entries.map((entry) => ({ entry, loose: entry.sim !== name, restarted }));
  }

  /** It was made by a later version, and is left as it is. */
  isNewer(name: string): boolean {
    return this.#file(name).newer;
  }

  #file(name: string): File {
    const file = this.#files.get(name) ?? { last: Promise.resolve(), text: undefined, tried: undefined, newer: false };
    this.#files.set(name, file);
    return file;
  }

  async #write(file: File, name: string): Promise<boolean> {
    if (file.newer) return false;
    const entries = this.#entriesOf(name);
    const run = runOf(this.#host);
    // Not another text each time.
    if (clockSet(this.#run, run) !== 0 || this.#run.boot !== run.boot) this.#run = run;
    const text = formNote(entries, this.#run);
    if (text === file.text && text === file.tried) return true;
    file.tried = text;
    const written = await this.#host.clock.during(this.#host.writeNoteAsync(name, text)).catch(() => false);
    if (written) file.text = text;
    return written;
  }
}
