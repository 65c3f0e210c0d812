/**
 * Which status reports are still to come, and whom they are for. On record in the SIM's note, so that a deploy or a restart
 * swallows none. A reference says little: it comes again after 256 messages.
 */

import type { StatusReport } from '../../at/sms/decode';
import type { Host } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { Awaited, SimNote } from './sim-note';

/** What a stick in HiLink mode says of a message: no reference, and not of which part. */
export interface WebReport {
  kind: 'report';
  /** As the network writes it. */
  to: string;
  outcome: 'delivered' | 'failed';
  /** Without a zone. */
  time?: string;
}

/** What the network says of one part. */
export interface DeliveryReport {
  to: string;
  /** Not there in HiLink mode, nor is `status`; `part` counts the reports of a message then. */
  ref?: number;
  /** From 1. */
  part: number;
  parts: number;
  /** `pending`: the service centre goes on trying, another report follows. */
  outcome: 'delivered' | 'pending' | 'failed';
  /** TP-Status, see 3GPP TS 23.040, 9.2.3.15. */
  status?: number;
  /** When it was delivered or given up. */
  time?: string;
}

/** A part that was sent; without an owner its report can only be told in this process. */
export type Sent = Omit<Awaited, 'at' | 'until' | 'owner' | 'ref'> & {
  /** Not there of what went out by the web API. */
  ref?: number;
  owner?: string;
  onReport?: (report: DeliveryReport) => void;
  /** How long the service centre tries, in ms. */
  validity?: number;
};

export type ReportListener = (report: DeliveryReport, tag: unknown) => void;

type Entry = Omit<Awaited, 'owner'> & Pick<Sent, 'owner' | 'onReport'>;

/** Sent parts whose reports are awaited, at most. */
const MOST = 500;

/** In the place of a reference, of what went out by the web API. */
const NO_REFERENCE = -1;

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

  sent({ validity = TIMEOUTS.sms.validity, ref = NO_REFERENCE, ...part }: Sent): void {
    const at = this.#now;
    const record = { ...part, ref, at, until: at + validity + TIMEOUTS.sms.reportLate };
    this.#records = [...this.#current(), record].slice(-MOST);
    if (isPersistent(record)) this.#write();
  }

  /**
   * `told`: it was about a part that was sent here, and its sender has been told. `waits`: the same, but its sender is not
   * there now. Undefined: nobody here awaits it.
   */
  reported(report: StatusReport | WebReport): 'told' | 'waits' | undefined {
    const record = this.#recordOf(report);
    if (!record) return undefined;
    const { ref, to, part, parts, owner, tag } = record;
    const listener = owner === undefined ? record.onReport : this.#listeners.get(owner);
    if (!listener) return 'waits';
    const { outcome, time } = report;
    this.#done(record, outcome);
    const numbers = 'reference' in report ? { ref, status: report.status } : {};
    try {
      listener({ to, ...numbers, part, parts, outcome, ...(time !== undefined && { time }) }, structuredClone(tag));
    } catch {
      // Its own matter.
    }
    return 'told';
  }

  /** Whoever awaited it does not come. */
  giveUp(report: StatusReport | WebReport): void {
    const record = this.#recordOf(report);
    if (record) this.#done(record, report.outcome);
  }

  /** By the web API the parts of a message have one record: it counts their reports. */
  #done(record: Entry, outcome: DeliveryReport['outcome']): void {
    if (outcome === 'pending') return;
    const { ref, part, parts } = record;
    const more = ref === NO_REFERENCE && outcome === 'delivered' && part < parts;
    this.#records = this.#records.flatMap((other) => {
      if (other !== record) return [other];
      return more ? [{ ...record, part: part + 1 }] : [];
    });
    if (isPersistent(record)) this.#write();
  }

  /** The part that `report` is about: by reference and recipient, and of several by the times. */
  #recordOf(report: StatusReport | WebReport): Entry | undefined {
    // The oldest one to that number: its time has no zone, and is of a clock that may be years off.
    if (!('reference' in report)) {
      return this.#current().find((record) => record.ref === NO_REFERENCE && sameNumber(record.to, report.to));
    }
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
