/**
 * Which status reports are still to come, and whom they are for. On record in the SIM's note, so that a deploy or a restart
 * swallows none. A reference says little: it comes again after 256 messages.
 */

import type { StatusReport } from '../../at/sms/decode';
import type { Host } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { Awaited, SimNote } from './sim-note';

/** What the network says of one part. */
export interface DeliveryReport {
  to: string;
  ref: number;
  /** From 1. */
  part: number;
  parts: number;
  /** `pending`: the service centre goes on trying, another report follows. */
  outcome: 'delivered' | 'pending' | 'failed';
  /** TP-Status, see 3GPP TS 23.040, 9.2.3.15. */
  status: number;
  /** When it was delivered or given up. */
  time?: string;
}

/** A part that was sent; without an owner its report can only be told in this process. */
export type Sent = Omit<Awaited, 'at' | 'until' | 'owner'> & {
  owner?: string;
  onReport?: (report: DeliveryReport) => void;
  /** How long the service centre tries, in ms. */
  validity?: number;
};

export type ReportListener = (report: DeliveryReport, tag: unknown) => void;

type Entry = Omit<Awaited, 'owner'> & Pick<Sent, 'owner' | 'onReport'>;

/** Sent parts whose reports are awaited, at most. */
const MOST = 500;

const isPersistent = (record: Entry): record is Awaited => record.owner !== undefined;

export class Reports {
  readonly #host: Host;
  readonly #listeners = new Map<string, ReportListener>();
  #note: SimNote | undefined;
  #records: readonly Entry[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  /** The SIM is known now, or it is another one. */
  open(note: SimNote): void {
    const other = this.#note !== undefined && this.#note.name !== note.name;
    // Those of another SIM stay in its own note.
    const mine = other ? [] : this.#records;
    const noted = note.content.reports.filter((old) => !mine.some((one) => isSame(one, old)));
    this.#note = note;
    this.#records = [...noted, ...mine];
    if (mine.some(isPersistent)) this.#write();
  }

  /** Tells `listener` of the reports for `owner`, also of parts that were sent in another life. Returns how to end it. */
  listen(owner: string, listener: ReportListener): () => void {
    this.#listeners.set(owner, listener);
    return () => {
      if (this.#listeners.get(owner) === listener) this.#listeners.delete(owner);
    };
  }

  get awaited(): boolean {
    return this.#current().length > 0;
  }

  sent({ validity = TIMEOUTS.sms.validity, ...part }: Sent): void {
    const at = this.#now;
    const record = { ...part, at, until: at + validity + TIMEOUTS.sms.reportLate };
    this.#records = [...this.#current(), record].slice(-MOST);
    if (isPersistent(record)) this.#write();
  }

  /**
   * `told`: it was about a part that was sent here, and its sender has been told. `waits`: the same, but its sender is not
   * there now. Undefined: nobody here awaits it.
   */
  reported(report: StatusReport): 'told' | 'waits' | undefined {
    const record = this.#recordOf(report);
    if (!record) return undefined;
    const { ref, to, part, parts, owner, tag } = record;
    const listener = owner === undefined ? record.onReport : this.#listeners.get(owner);
    if (!listener) return 'waits';
    const { outcome, status, time } = report;
    if (outcome !== 'pending') this.#drop(record);
    try {
      listener({ to, ref, part, parts, outcome, status, ...(time !== undefined && { time }) }, structuredClone(tag));
    } catch {
      // Its own matter.
    }
    return 'told';
  }

  /** Whoever awaited it does not come. */
  giveUp(report: StatusReport): void {
    const record = this.#recordOf(report);
    if (record && report.outcome !== 'pending') this.#drop(record);
  }

  /** The part that `report` is about: by reference and recipient, and of several by the times. */
  #recordOf(report: StatusReport): Entry | undefined {
    const { reference, to, sent, time } = report;
    const about = this.#current().filter((record) => record.ref === reference && sameNumber(record.to, to));
    const [accepted, discharged] = [Date.parse(sent ?? ''), Date.parse(time ?? '')];
    const transit = discharged - accepted;
    if (Number.isNaN(transit)) return about.at(-1);
    // Both by one clock each: ours and the network's may differ by years.
    const late = (record: Entry) => this.#now - record.at - transit;
    const { clocksDiffer, prompt } = TIMEOUTS.sms;
    // What took longer than it is since we sent a part is about an earlier one.
    const possible = about.filter((record) => late(record) >= -clocksDiffer);
    const soon = possible.filter((record) => late(record) <= prompt);
    const off = soon.length > 0 ? late : (record: Entry) => record.at - accepted;
    return nearest(soon.length > 0 ? soon : possible, off);
  }

  #current(): readonly Entry[] {
    return this.#records.filter(({ until }) => until > this.#now);
  }

  #drop(record: Entry): void {
    this.#records = this.#records.filter((other) => other !== record);
    if (isPersistent(record)) this.#write();
  }

  #write(): void {
    const reports = this.#current()
      .filter(isPersistent)
      .map(({ ref, to, part, parts, at, until, owner, tag }) => ({ ref, to, part, parts, at, until, owner, tag }));
    this.#note?.change({ reports });
  }

  get #now(): number {
    return this.#host.clock.date().getTime();
  }
}

const isSame = (one: Entry, other: Entry): boolean =>
  one.at === other.at && one.ref === other.ref && one.to === other.to && one.part === other.part;

/** The last one that is nearest. */
function nearest(records: readonly Entry[], off: (record: Entry) => number): Entry | undefined {
  let best: Entry | undefined;
  for (const record of records) {
    if (!best || Math.abs(off(record)) <= Math.abs(off(best))) best = record;
  }
  return best;
}

/** The network writes numbers its own way, with country code or without; some reports carry none that can be read. */
function sameNumber(dialled: string, told: string): boolean {
  const [one = '', other = ''] = [dialled, told].map((number) => number.replace(/\D/g, '').replace(/^0+/, ''));
  if (other === '') return true;
  return one.length < other.length ? one !== '' && other.endsWith(one) : one.endsWith(other);
}
