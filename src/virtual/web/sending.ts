/** Messages from the host: one text to some numbers at a time, part by part, and what became of it. */

import { registered } from '../modem/network-service';
import type { ModemContext } from '../modem/state';
import { encodeCentre } from '../sms/fields';
import { type Coded, decodePdu, encodeSubmit, encodeText, type Submit } from '../sms/pdu';

export interface SendStatus {
  waiting: string[];
  sent: string[];
  failed: string[];
  total: number;
}

/** One part for one number: as hex, the service centre in front, and taken apart. */
interface Outgoing {
  pdu: string;
  message: Submit;
}

/** First octet: SUBMIT with a relative validity; and that it wants a report. */
const FIRST = 0x11;
const REPORT = 0x20;
/** A day. */
const VALIDITY = 0xa7;

function outgoing(to: string, coded: Coded, report: boolean): Outgoing[] {
  return coded.data.map((data) => {
    const tpdu = encodeSubmit(to, FIRST | (report ? REPORT : 0), 0, VALIDITY, { ...coded, data: [data] });
    const pdu = Buffer.concat([encodeCentre(''), tpdu])
      .toString('hex')
      .toUpperCase();
    return { pdu, message: decodePdu(pdu, 'to network') as Submit };
  });
}

export class Sending {
  readonly #m: ModemContext;
  #status: SendStatus = { waiting: [], sent: [], failed: [], total: 0 };
  /** Counted up with each job, so that one that was given up goes no further. */
  #turn = 0;
  #reference = 0;

  constructor(m: ModemContext) {
    this.#m = m;
  }

  get status(): SendStatus {
    return this.#status;
  }

  get busy(): boolean {
    return this.#status.waiting.length > 0;
  }

  /** Throws PduError for a text or a number that no SMS can carry. Call it only while nothing is on its way. */
  begin(phones: readonly string[], text: string, report: boolean): void {
    const jobs = phones.map((to) => ({ to, parts: this.#partsFor(to, text, report) }));
    this.#status = { waiting: [...phones], sent: [], failed: [], total: phones.length };
    this.#next(++this.#turn, jobs);
  }

  /** As it would be sent, but kept as a draft. Throws PduError. False: there is no room. */
  draft(to: string, text: string): boolean {
    return this.#keep(this.#partsFor(to, text, false), 2);
  }

  #partsFor(to: string, text: string, report: boolean): Outgoing[] {
    this.#reference = (this.#reference + 1) & 0xff;
    return outgoing(to, encodeText(text, { reference: this.#reference }), report);
  }

  /** What is still on its way stays here. */
  cancel(): void {
    this.#turn++;
    const { waiting, failed } = this.#status;
    failed.push(...waiting.splice(0));
  }

  #next(turn: number, jobs: { to: string; parts: Outgoing[] }[]): void {
    const m = this.#m;
    const [job, ...others] = jobs;
    if (!job) return;
    m.after(m.times.sms * job.parts.length, () => {
      if (turn !== this.#turn) return;
      const gone = this.#send(job.parts);
      this.#keep(job.parts, gone ? 3 : 2);
      this.#status.waiting.shift();
      (gone ? this.#status.sent : this.#status.failed).push(job.to);
      this.#next(turn, others);
    });
  }

  #send(parts: readonly Outgoing[]): boolean {
    const m = this.#m;
    if (m.sim.centre === '' || !registered(m) || m.centre.settings.refuse > 0) return false;
    for (const { message, pdu } of parts) {
      const { reference } = m.sim;
      m.sim.reference = (reference + 1) & 0xff;
      m.centre.submit(message, pdu, reference, m.sim.number);
    }
    return true;
  }

  /** A message that does not fit into the store is not kept, not even a part of it. */
  #keep(parts: readonly Outgoing[], status: 2 | 3): boolean {
    const store = this.#m.nv.messages;
    if (store.size - store.used < parts.length) return false;
    for (const { pdu } of parts) store.add(status, pdu, this.#m.now().time);
    return true;
  }
}
