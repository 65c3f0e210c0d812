/**
 * Writes that were begun and not completed, at any place, and which of them may be about the stick at hand. A stick can be
 * plugged in elsewhere, and most conversions begin where nobody can ask for an IMEI: so a record without one concerns
 * every stick, unless that stick is known to be another one.
 */

import { DriverError } from '../errors';
import type { Host } from '../host/host';
import { heldFor } from '../stick/hold';
import { type Stick, stickText } from '../stick/stick';
import type { Job } from './job';
import {
  dropJournal,
  type Found,
  type Journal,
  noteJournal,
  parseJournal,
  readJournal,
  unfinishedText,
} from './journal';
import type { ImeiHash } from './same-stick';

interface Unfinished {
  place: string;
  /** Undefined where it is damaged or was written by a newer version: anything may be missing. */
  journal: Journal | undefined;
  newer?: number;
}

/** Port paths, names of virtual sticks, paths of ttys (as names of files): the other notes have names of their own. */
const isPlace = (key: string): boolean => /^\d+-\d|^virtual-|[\\/]|^_/.test(key);

/** A virtual stick of another process is never plugged in elsewhere: its name is its place. */
const isFixed = (place: string): boolean => place.startsWith('virtual-') && place.includes('@');

const unfinished = (place: string, found: Found): Unfinished =>
  'newer' in found ? { place, journal: undefined, newer: found.newer } : { place, journal: found.journal };

/** All that are on record, by this user or told by others. */
function recordsOf(host: Host): Unfinished[] {
  const own = host.listNotes().filter(({ key }) => isPlace(key));
  const keys = new Set(own.map(({ key }) => key));
  const told = host.toldToAll().filter(({ place }) => !keys.has(place));
  return [...own.map(({ key, text }) => ({ place: key, text })), ...told.map(({ place, text }) => ({ place, text }))]
    .map(({ place, text }) => unfinished(place, parseJournal(text)))
    .filter(({ journal }) => journal?.whole !== true);
}

/** What may be about one stick. */
interface Concern {
  /** It is about this stick: the same place, or the same IMEI wherever it was. */
  certain: Unfinished[];
  /** Nobody can tell. */
  possible: Unfinished[];
}

async function concernOf(job: Job, stick: Stick): Promise<Concern> {
  const { host, same } = job;
  const devices = await host.scan();
  const stays = ({ place, journal }: Unfinished): boolean => {
    const device = devices.find((d) => d.portPath === place);
    return device !== undefined && journal?.presence !== undefined && host.presence(device) === journal.presence;
  };
  const concern: Concern = { certain: [], possible: [] };
  for (const record of recordsOf(host)) {
    const here = record.place === stick.path;
    if (!here && (isFixed(record.place) || isFixed(stick.path))) continue;
    const kinship = compare(record, same.imei);
    if (kinship === 'other') continue;
    if (kinship === 'same' || (here && record.journal)) concern.certain.push(record);
    // A stick that is being written elsewhere, or has not left its place since, is another one.
    else if (here || !(stays(record) || heldFor(host, record.place) !== undefined)) concern.possible.push(record);
  }
  return concern;
}

function compare({ journal }: Unfinished, imei: ImeiHash | undefined): 'same' | 'other' | 'unknown' {
  if (!journal || imei === undefined) return 'unknown';
  if (journal.others?.includes(imei)) return 'other';
  if (journal.identity === undefined) return 'unknown';
  return journal.identity === imei ? 'same' : 'other';
}

/** How a person says that this stick is as it should be: `true` or its place; another place: what is on record there is over. */
export type AsIs = boolean | string;

export class Records {
  readonly #job: Job;
  readonly #asIs: AsIs;
  /** Places whose record is over when this job has ended well. */
  readonly #over = new Set<string>();
  /** Places whose record is not about this stick, as a person has said. */
  readonly #others = new Set<string>();

  constructor(job: Job, asIs: AsIs = false) {
    this.#job = job;
    this.#asIs = asIs;
  }

  /**
   * What this stick lacks for certain, as one journal; undefined where nothing does. Errors: BAD_ARGUMENT (`asIs` names a
   * place that is neither this stick's nor on record), NOT_CONFIRMED where nobody can tell and no person has answered.
   */
  async judge(stick: Stick): Promise<Journal | undefined> {
    const { certain, possible } = await concernOf(this.#job, stick);
    if (this.#isTaken(stick)) {
      for (const { place } of certain) this.#over.add(place);
      for (const { place } of possible) (place === stick.path ? this.#over : this.#others).add(place);
      return undefined;
    }
    for (const record of possible) await this.#settle(stick, record);
    for (const { place } of certain) if (place !== stick.path) this.#over.add(place);
    const [first, ...more] = certain.flatMap(({ journal }) => (journal ? [journal] : []));
    return first && { ...first, missing: [...new Set([first, ...more].flatMap(({ missing }) => missing))] };
  }

  /** A person has said in advance that this stick is as it should be, or that another place is done with. */
  #isTaken(stick: Stick): boolean {
    const asIs = this.#asIs;
    if (typeof asIs !== 'string') return asIs;
    if (asIs === stick.path) return true;
    if (this.#over.has(asIs) || recordsOf(this.#job.host).some(({ place }) => place === asIs)) {
      this.#over.add(asIs);
      return false;
    }
    throw new DriverError(
      'BAD_ARGUMENT',
      `A stick at ${asIs} was to be taken as it is, but this job is about the one at ${stickText(stick)}.`,
      { stick: stick.path, hint: `Name ${stick.path} if that one is meant.` },
    );
  }

  /** Nobody can tell whether `record` is about this stick: a person must. */
  async #settle(stick: Stick, { place, journal, newer }: Unfinished): Promise<void> {
    if (this.#over.has(place) || this.#others.has(place)) return;
    const { options } = this.#job;
    const what =
      newer === undefined
        ? unfinishedText(journal)
        : `version ${newer} of such notes was written, which is not known here`;
    const text = `At ${place} ${what}, and nothing tells that the stick at ${stickText(stick)} is another one.`;
    if (options.dryRun) {
      this.#job.warn(`${text} Without somebody who knows better the real run ends here.`);
      this.#others.add(place);
    } else if (await options.confirm?.({ stick: stick.path, change: 'as-is', steps: [text] })) {
      (place === stick.path ? this.#over : this.#others).add(place);
    } else {
      throw new DriverError('NOT_CONFIRMED', text, {
        stick: stick.path,
        hint:
          `If it is another one, or whole all the same, say so: --as-is ${stick.path}, in a flow msg.asIs = "${stick.path}".` +
          (place === stick.path ? '' : ` If the stick that was at ${place} is gone for good: the same with ${place}.`),
      });
    }
  }

  /**
   * When the job has ended well: what is over is removed, and what a person has said is kept, so that nobody is asked
   * again. A record that is about another stick stays for that one, a damaged one in a form that can be read.
   * Error: FILE_NOT_WRITTEN.
   */
  async keep(): Promise<void> {
    const { host, same } = this.#job;
    for (const place of this.#over) await dropJournal(this.#job, place);
    for (const place of this.#others) {
      const found = readJournal(host, place);
      if (!found || 'newer' in found || same.imei === undefined) continue;
      const journal = found.journal ?? UNKNOWN;
      await noteJournal(this.#job, place, { ...journal, others: [...(journal.others ?? []), same.imei] });
    }
  }
}

const UNKNOWN: Journal = { firmware: 'a firmware', complete: [], missing: ['anything'], files: [], images: {} };
