/**
 * Carries out what was taken: an SMS goes into the one outbox of the stick, which sends it once and tells its fate, in whatever
 * life; the rest is done one by one, and what was begun and not ended in another life is never done again.
 */

import { createHash } from 'node:crypto';
import type { AllowList } from '../at/allow';
import type { AtHandle } from '../device/at/open-at';
import type { DeliveryReport, Fate, SmsHandle } from '../device/sms/open-sms';
import { asDriverError, type DriverError, failure, isDriverError } from '../errors';
import type { Journal, Times } from './journal';
import type { Command, Mail } from './journal-lines';
import type { Receipt, ReceiptType, Result } from './payloads';
import type { Topics } from './topics';

/** One stick, in the ways a gateway uses it. */
export interface Stick {
  at: AtHandle;
  sms: SmsHandle;
}

export interface CourierParts {
  gw: string;
  topics: Topics;
  journal: Journal;
  times: Times;
  /** AT commands that may be sent. */
  allow: AllowList;
  hint: (error: DriverError) => string | undefined;
  post: (mail: Mail) => void;
  /** Figures have changed. */
  changed: () => void;
  failed: (error: DriverError) => void;
  rescan: () => Promise<unknown>;
}

/** In the outbox, which others use too, ids are those of their gateway. */
const outboxId = (gw: string, id: string): string =>
  `gw-${createHash('sha256').update(`${gw} ${id}`).digest('hex').slice(0, 40)}`;

/** More than a gateway takes; others send through the stick too. */
const MOST_WAITING = 1_000;

const FATES: Readonly<Partial<Record<string, ReceiptType>>> = { MAYBE_SENT: 'unknown', EXPIRED: 'expired' };

export class Courier {
  readonly #is: CourierParts;
  readonly #stick: Stick;
  readonly #owner: string;
  readonly #over = new AbortController();
  /** Not their ids: one that is forgotten may come again. */
  readonly #handed = new WeakSet<Command>();
  #turn: Promise<unknown> = Promise.resolve();
  readonly #offs: (() => void)[] = [];

  /** Begins with what other lives have left. */
  constructor(parts: CourierParts, stick: Stick) {
    this.#is = parts;
    this.#stick = stick;
    this.#owner = `gateway ${parts.gw}`;
    const machine = parts.times.machine;
    // What is over is told within this call, in whichever life it came to its end.
    this.#offs.push(
      stick.sms.fates(this.#owner, (fate, tag) => this.#fate(idOf(tag), fate)),
      stick.sms.reports(this.#owner, (report, tag) => this.#report(idOf(tag), report)),
    );
    for (const command of parts.journal.open) {
      if (command.kind !== 'sms' && command.begun) this.#end(command, failure('MAYBE_SENT/gateway', {}));
      else if (command.machine !== machine) this.#end(command, failure('EXPIRED/gateway-restart', {}));
      else this.hand(command);
    }
  }

  /** Nothing more is begun; what is in the outbox of the stick stays there. */
  stop(): void {
    this.#over.abort();
    for (const off of this.#offs) off();
  }

  /** Everything that waits is called off. */
  callOff(): void {
    this.#stick.sms.callOff(this.#owner);
  }

  hand(command: Command): void {
    if (this.#over.signal.aborted || !command.open || this.#handed.has(command)) return;
    this.#handed.add(command);
    if (command.kind === 'sms') void this.#send(command);
    else this.#turn = this.#turn.then(() => this.#carryOut(command));
  }

  async #send(command: Command): Promise<void> {
    const { gw, journal } = this.#is;
    const { number = '', text = '', flash, report } = command.wish ?? {};
    const tag = { id: command.id };
    const ttl = command.ttl - journal.ageOf(command);
    if (ttl <= 0) return this.#end(command, failure('EXPIRED/gateway', {}));
    try {
      const sent = await this.#stick.sms.send({
        id: outboxId(gw, command.id),
        to: number,
        text,
        ttl,
        // How many may wait was judged when it was taken.
        limit: MOST_WAITING,
        from: { owner: this.#owner, tag },
        ...(flash && { flash }),
        ...(report && { report: { owner: this.#owner, tag } }),
      });
      this.#fate(command.id, sent);
    } catch (error) {
      // Our share was given back: its fate is told in the next life.
      if (this.#over.signal.aborted || isDriverError(error, 'CANCELLED/sms-share')) return;
      this.#end(command, asDriverError(error, 'PROTOCOL/sending', {}));
    }
  }

  #fate(id: string, { error, refs, maybeTwice, parts }: Pick<Fate, 'error' | 'refs' | 'maybeTwice' | 'parts'>): void {
    const command = this.#is.journal.command('sms', id);
    if (!command?.open) return;
    if (error) this.#end(command, error, refs);
    else this.#tell(command, { event_type: 'sent', parts, refs, ...(maybeTwice && { maybe_twice: maybeTwice }) }, true);
  }

  #report(id: string, { outcome, status, parts }: DeliveryReport): void {
    const { journal } = this.#is;
    const command = journal.command('sms', id);
    if (!command || outcome === 'pending') return;
    const { refs = [] } = command.last as Receipt;
    if (outcome === 'failed') {
      const error = failure('CMS_ERROR/not-delivered', { status: status ?? null });
      this.#tell(command, { event_type: 'failed', parts, refs, ...this.#told(error) }, false);
      return;
    }
    journal.partDelivered(id);
    if ((command.delivered ?? 0) < parts) return;
    this.#tell(command, { event_type: 'delivered', parts, refs }, false);
  }

  /** One order after the other. Never rejects. */
  async #carryOut(command: Command): Promise<void> {
    const { journal } = this.#is;
    if (this.#over.signal.aborted) return;
    try {
      if (journal.ageOf(command) >= command.ttl) throw failure('EXPIRED/gateway', {});
      journal.begin(command);
      const more = await this.#do(command);
      this.#result(command, { ok: true, ...more });
    } catch (error) {
      // What was begun stays begun: in the next life it is unknown.
      if (!this.#over.signal.aborted) this.#end(command, asDriverError(error, 'PROTOCOL/sending', {}));
    }
  }

  async #do({ wish = {} }: Command): Promise<object> {
    const { at, sms } = this.#stick;
    const { signal } = this.#over;
    if (wish.code !== undefined) {
      const { text, menu } = await sms.ussd(wish.code, { signal });
      return { text, menu };
    }
    if (wish.command !== undefined) {
      const { ok, final, lines } = await at.run(wish.command, { allow: this.#is.allow, signal });
      return { ok, final, lines };
    }
    switch (wish.do) {
      case 'restart':
        // What goes out through the stick is refused there: nobody can say more over the network.
        if (at.state.web) await at.act({ action: 'reboot' }, signal);
        else await at.run('AT^RESET', { force: true, signal });
        return {};
      case 'radio_on':
      case 'radio_off': {
        // It has a switch for data, and a choice of networks.
        if (at.state.web) throw failure('COMMAND_REFUSED/gateway-radio', {});
        const { ok, final } = await at.run(`AT+CFUN=${wish.do === 'radio_on' ? 1 : 0}`, { force: true, signal });
        return { ok, final };
      }
      default:
        await this.#is.rescan();
        return {};
    }
  }

  #end(command: Command, error: DriverError, refs: number[] = []): void {
    if (command.kind === 'sms') {
      const event_type = FATES[error.code] ?? 'failed';
      this.#tell(command, { event_type, ...(refs.length > 0 && { refs }), ...this.#told(error) }, true);
    } else this.#result(command, { ok: false, error: this.#told(error) });
    this.#is.failed(error);
  }

  #tell(command: Command, more: Partial<Receipt> & Pick<Receipt, 'event_type'>, over: boolean): void {
    const { id, to, parts, made } = command;
    const at = this.#is.times.date().toISOString();
    this.#say(command, { v: 1, id, to, parts, ...(made && { id_made: made }), at, ...more }, over);
  }

  #result(command: Command, more: Partial<Result> & Pick<Result, 'ok'>): void {
    const { id, made } = command;
    const at = this.#is.times.date().toISOString();
    this.#say(command, { v: 1, id, ...(made && { id_made: made }), at, ...more }, true);
  }

  #say(command: Command, payload: Receipt | Result, over: boolean): void {
    const { journal, topics, post, changed } = this.#is;
    post(journal.tell(command, topics.outcome(command.kind), payload, over));
    changed();
  }

  #told(error: DriverError): { code: string; text: string; hint?: string } {
    const hint = this.#is.hint(error);
    return { code: error.code, text: error.message, ...(hint !== undefined && { hint }) };
  }
}

const idOf = (tag: unknown): string => (typeof tag === 'object' && tag !== null && 'id' in tag ? String(tag.id) : '');
