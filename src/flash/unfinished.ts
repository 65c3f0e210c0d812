/**
 * Writes that were begun and not completed, at any place, and which of them may be about the stick at hand. A stick can be
 * plugged in elsewhere, and most conversions begin where nobody can ask for an IMEI: so a record without one concerns
 * every stick, unless that stick is known to be another one.
 */

import { failure } from '../errors';
import type { Host } from '../host/host';
import { isWritten } from '../stick/hold';
import { type Stick, stickText } from '../stick/stick';
import type { Job } from './job';
import {
  dropJournal,
  type Found,
  type Journal,
  journalAt,
  noteJournal,
  parseJournal,
  readJournal,
  unfinishedText,
} from './journal';
import type { ImeiHash } from './same-stick';

interface Unfinished {
  /** Where the stick was. */
  place: string;
  /** What the record is kept under: the place, or `<place>~2` and so on once it was set aside. */
  key: string;
  /** Undefined where it is damaged or was written by a newer version: anything may be missing. */
  journal: Journal | undefined;
  newer?: number;
}

interface Known extends Unfinished {
  journal: Journal;
}

const isKnown = (record: Unfinished): record is Known => record.journal !== undefined;

/** Port paths, names of virtual sticks, paths of ttys (as names of files): the other notes have names of their own. */
const isPlace = (key: string): boolean => /^\d+-\d|^virtual-|[\\/]|^_/.test(key);

/** A virtual stick of another process is never plugged in elsewhere: its name is its place. */
const isFixed = (place: string): boolean => place.startsWith('virtual-') && place.includes('@');

const unfinished = (key: string, found: Found): Unfinished => ({
  place: key.replace(/~\d+$/, ''),
  key,
  journal: undefined,
  ...found,
});

/** All that are on record, by this user or told by others. */
function recordsOf(host: Host): Unfinished[] {
  const own = host
    .listNotes()
    .filter(({ key }) => isPlace(key))
    .map(({ key, text }) => unfinished(key, parseJournal(text)));
  // What this user has told is no second record. What another one has told of the same place may be about another stick.
  const told = host
    .toldToAll()
    .map(({ place, text }) => unfinished(place, parseJournal(text)))
    .filter((record) => !own.some((mine) => mine.key === record.key && saysTheSame(mine, record)));
  return [...own, ...told].filter(({ journal }) => journal?.whole !== true);
}

const saysTheSame = ({ journal: a }: Unfinished, { journal: b }: Unfinished): boolean =>
  JSON.stringify([a?.firmware, a?.complete, a?.missing]) === JSON.stringify([b?.firmware, b?.complete, b?.missing]);

/** What may be about one stick. */
interface Concern {
  /** It is about this stick: the same place, or the same IMEI wherever it was. */
  certain: Known[];
  /** Nobody can tell. */
  possible: Unfinished[];
  /** It is about another one. */
  others: Known[];
}

async function concernOf(job: Job, stick: Stick): Promise<Concern> {
  const { host, same } = job;
  const devices = await host.scan();
  const stays = ({ place, journal }: Unfinished): boolean => {
    const device = devices.find((d) => d.portPath === place);
    return device !== undefined && journal?.presence !== undefined && host.presence(device) === journal.presence;
  };
  const concern: Concern = { certain: [], possible: [], others: [] };
  for (const record of recordsOf(host)) {
    const here = record.place === stick.path;
    if (!here && (isFixed(record.place) || isFixed(stick.path))) continue;
    const kinship = isKnown(record) ? compare(record.journal, same.imei) : 'unknown';
    if (isKnown(record) && kinship === 'other') concern.others.push(record);
    else if (isKnown(record) && (kinship === 'same' || here)) concern.certain.push(record);
    // A stick that is being written elsewhere, or has not left its place since, is another one.
    else if (here || !(stays(record) || isWritten(host, record.key))) concern.possible.push(record);
  }
  return concern;
}

function compare(journal: Journal, imei: ImeiHash | undefined): 'same' | 'other' | 'unknown' {
  if (imei === undefined) return 'unknown';
  if (journal.others?.includes(imei)) return 'other';
  if (journal.identity === undefined) return 'unknown';
  return journal.identity === imei ? 'same' : 'other';
}

/** How a person says that this stick is as it should be: `true` or its place; another place: what is on record there is over. */
export type AsIs = boolean | string;

export class Records {
  readonly #job: Job;
  readonly #asIs: AsIs;
  /** Keys of records that are over when this job has ended well. */
  readonly #over = new Set<string>();
  /** The same, unless the stick has told by then that they are about another one. */
  readonly #presumed = new Map<string, Journal>();
  /** Keys of records that are not about this stick, as a person has said. */
  readonly #others = new Set<string>();
  /** Records of this place that must outlive the write of this stick. */
  #aside: Known[] = [];

  constructor(job: Job, asIs: AsIs = false) {
    this.#job = job;
    this.#asIs = asIs;
  }

  /** Before anything is asked of `stick`: what was said in advance must be about it. Error: BAD_ARGUMENT, see {@link judge}. */
  begin(stick: Stick): void {
    this.#isTaken(stick);
  }

  /**
   * What this stick lacks for certain, as one journal; undefined where nothing does. Errors: BAD_ARGUMENT (`asIs` names a
   * place that is neither this stick's nor on record), NOT_CONFIRMED where nobody can tell and no person has answered.
   */
  async judge(stick: Stick): Promise<Journal | undefined> {
    this.#recall(stick);
    const { certain, possible, others } = await concernOf(this.#job, stick);
    const taken = this.#isTaken(stick);
    // The same place alone does not prove that it is the same stick.
    const doubtful = certain.filter(({ journal }) => journal.identity ?? journal.others);
    const presumed = this.#job.same.identity === undefined && !taken ? doubtful : [];
    this.#aside = [...others, ...presumed].filter(({ key }) => key === stick.path);
    if (taken) {
      for (const { key } of certain) this.#over.add(key);
      for (const { key, place } of possible) (place === stick.path ? this.#over : this.#others).add(key);
      return undefined;
    }
    for (const record of possible) await this.#settle(stick, record);
    // That of its own place is replaced and ended by the write itself.
    for (const { key, journal } of certain) if (key !== stick.path) this.#presumed.set(key, journal);
    const [first, ...more] = certain.map(({ journal }) => journal);
    return first && { ...first, missing: [...new Set([first, ...more].flatMap(({ missing }) => missing))] };
  }

  /** The same stay on the bus: what it told then it would tell now. */
  #recall(stick: Stick): void {
    const { host, same } = this.#job;
    const journal = journalAt(host, stick.path);
    if (journal?.identity === undefined || journal.presence === undefined) return;
    if (journal.presence === host.presence(stick.device)) same.recall(journal.identity);
  }

  /**
   * Before the record of this place is replaced by that of a write: what is, or may be, about another stick is kept under
   * a key of its own, once. Error: FILE_NOT_WRITTEN.
   */
  async setAside(): Promise<void> {
    const { host } = this.#job;
    for (const { place, journal } of this.#aside.splice(0)) {
      let number = 2;
      while (host.readNote(`${place}~${number}`) !== undefined) number++;
      await noteJournal(this.#job, `${place}~${number}`, journal);
      this.#presumed.set(`${place}~${number}`, journal);
    }
  }

  /** A person has said in advance that this stick is as it should be, or that another place is done with. */
  #isTaken(stick: Stick): boolean {
    const asIs = this.#asIs;
    if (typeof asIs !== 'string') return asIs;
    if (asIs === stick.path) return true;
    const named = recordsOf(this.#job.host).filter(({ place }) => place === asIs);
    for (const { key } of named) this.#over.add(key);
    if (named.length > 0) return false;
    throw failure('BAD_ARGUMENT/as-is-elsewhere', { place: asIs, which: stickText(stick), stick: stick.path });
  }

  /** Nobody can tell whether `record` is about this stick: a person must. */
  async #settle(stick: Stick, { place, key, journal, newer }: Unfinished): Promise<void> {
    if (this.#over.has(key) || this.#others.has(key)) return;
    const { options } = this.#job;
    const what =
      newer === undefined
        ? unfinishedText(journal)
        : `version ${newer} of such notes was written, which is not known here`;
    const unsettled = failure('NOT_CONFIRMED/as-is', { stick: stick.path, place, what, which: stickText(stick) });
    const text = unsettled.message;
    if (options.dryRun) {
      this.#job.warn(`${text} Without somebody who knows better the real run ends here.`);
      this.#others.add(key);
    } else if (await options.confirm?.({ stick: stick.path, change: 'as-is', steps: [text] })) {
      (place === stick.path ? this.#over : this.#others).add(key);
    } else {
      throw unsettled;
    }
  }

  /**
   * When the job has ended well: what is over is removed, and what a person has said is kept, so that nobody is asked
   * again. A record that is about another stick stays for that one, a damaged one in a form that can be read.
   * Error: FILE_NOT_WRITTEN.
   */
  async keep(): Promise<void> {
    const { host, same } = this.#job;
    const presumed = [...this.#presumed].filter(([, journal]) => compare(journal, same.imei) !== 'other');
    for (const key of [...this.#over, ...presumed.map(([name]) => name)]) await dropJournal(this.#job, key);
    for (const key of this.#others) {
      const found = readJournal(host, key);
      if (!found || 'newer' in found || same.imei === undefined) continue;
      const journal = found.journal ?? UNKNOWN;
      await noteJournal(this.#job, key, { ...journal, others: [...(journal.others ?? []), same.imei] });
    }
  }
}

const UNKNOWN: Journal = { firmware: 'a firmware', complete: [], missing: ['anything'], files: [], images: {} };
