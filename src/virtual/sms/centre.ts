/**
 * The service centre of the virtual network: what is for the stick waits here until the stick is registered; what the
 * stick sends is taken apart, told as an event, and answered with a status report or sent back where that is wanted.
 */

import type { Clock } from '../../host/host';
import type { StickEvent } from '../events';
import { Timers } from '../timers';
import { encodeCentre, type LocalTime } from './fields';
import { encodeDeliver, encodeReport, encodeText, type Submit } from './pdu';
import type { StoreName } from './store';

/** A message from somebody to the stick. */
export interface Incoming {
  /** `+49...`, a short number, or a name of up to 11 characters. */
  from: string;
  text: string;
  /** Milliseconds since 1970; now by default. */
  time?: number;
  /** Class 0: to be shown at once. */
  flash?: boolean;
  /** GSM-7 where it does, by default. */
  alphabet?: 'gsm7' | 'ucs2';
  /** The parts that arrive, in this order, counted from 1: those left out are lost, those named twice come twice. */
  order?: number[];
  /** The parts' reference; counted up by default. */
  reference?: number;
  /** The reference has 16 bits instead of 8. */
  wide?: boolean;
  /** The store that it goes into, whatever +CPMS says. */
  store?: StoreName;
  /** The national language whose locking shift table the text is written with, by its identifier: 1 = Turkish. */
  locking?: number;
  /** The same of the single shift table. */
  single?: number;
}

/** How the network treats what the stick sends. */
export interface CentreSettings {
  /** TP-ST of status reports; 0 = delivered. */
  reportStatus: number;
  /** From a message sent to its status report, or to its return; milliseconds. */
  delayMs: number;
  /** All that is sent comes back as received, not only what is for the own number. */
  loopback: boolean;
  /** Refuse what is sent with this CMS number; 0 = take it. */
  refuse: number;
}

export interface CentreWiring {
  clock: Clock;
  now(): LocalTime;
  event(event: StickEvent): void;
  /** Hands a TPDU (hex, the service centre in front) to the stick. False: it cannot be reached now. */
  deliver(pdu: string, store?: StoreName): boolean;
}

/** What waits for the stick. */
interface Waiting {
  pdu: string;
  store: StoreName | undefined;
}

const NUMBER = '+491770610000';

export class Centre {
  /** The number that is written on the SIM as the service centre. */
  readonly number = NUMBER;
  readonly settings: CentreSettings = { reportStatus: 0, delayMs: 1_000, loopback: false, refuse: 0 };
  readonly #wiring: CentreWiring;
  readonly #timers: Timers;
  readonly #waiting: Waiting[] = [];
  #reference = 0;
  /** Texts of the parts that have been sent so far, by number and reference. */
  readonly #unfinished = new Map<string, string[]>();

  constructor(wiring: CentreWiring) {
    this.#wiring = wiring;
    this.#timers = new Timers(wiring.clock);
  }

  /** Messages that the stick has not been reached for. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Throws PduError for a text or a number that no SMS can carry. */
  receive(message: Incoming): void {
    const reference = message.reference ?? ++this.#reference & 0xff;
    const coded = encodeText(message.text, { ...message, reference });
    const now = this.#wiring.now();
    const at = message.time === undefined ? now : { time: message.time, zone: now.zone };
    const parts = coded.data.map((data) => this.#enveloped(encodeDeliver(message.from, at, { ...coded, data })));
    const order = message.order ?? parts.map((_, n) => n + 1);
    const pdus = order.flatMap((n) => parts[n - 1] ?? []);
    this.receivePdus(pdus, message.store);
  }

  /** TPDUs as hex, the service centre in front, as they are. */
  receivePdus(pdus: readonly string[], store?: StoreName): void {
    this.#waiting.push(...pdus.map((pdu) => ({ pdu, store })));
    this.reach();
  }

  /** Hands on what waits, as far as the stick can be reached. */
  reach(): void {
    for (let next = this.#waiting[0]; next && this.#wiring.deliver(next.pdu, next.store); next = this.#waiting[0]) {
      this.#waiting.shift();
    }
  }

  /** What a stick sent whose own number is `own`. `reference`: the number it gave the message. */
  submit(message: Submit, pdu: string, reference: number, own: string): void {
    const { to, part } = message;
    const whole = this.#joined(message);
    this.#wiring.event({
      what: 'sms',
      to,
      text: message.text,
      ...(part && { part }),
      ...(whole !== undefined && { whole }),
      ...(message.class === 0 && { flash: true }),
      dcs: message.dcs,
      report: message.report,
      reference,
      pdu,
    });
    const sent = this.#wiring.now();
    const { delayMs, loopback, reportStatus } = this.settings;
    this.#timers.after(delayMs, () => {
      const discharged = this.#wiring.now();
      if (message.report) {
        this.receivePdus([this.#enveloped(encodeReport({ reference, to, sent, discharged, status: reportStatus }))]);
      }
      if (loopback || to === own) {
        const back = encodeDeliver(loopback ? to : own, sent, {
          dcs: message.dcs,
          header: message.header,
          data: message.raw,
        });
        this.receivePdus([this.#enveloped(back)]);
      }
    });
  }

  /** The whole text, once its last part is there. */
  #joined({ to, text, part }: Submit): string | undefined {
    if (!part) return text;
    const key = `${to} ${part.reference} ${part.total}`;
    const texts = this.#unfinished.get(key) ?? new Array<string>(part.total);
    texts[part.sequence - 1] = text;
    if (Object.keys(texts).length < part.total) {
      this.#unfinished.set(key, texts);
      return undefined;
    }
    this.#unfinished.delete(key);
    return texts.join('');
  }

  #enveloped(tpdu: Uint8Array): string {
    return Buffer.concat([encodeCentre(this.number), tpdu])
      .toString('hex')
      .toUpperCase();
  }
}
