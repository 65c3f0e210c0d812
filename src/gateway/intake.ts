/**
 * Takes commands: each is judged, and on the disk, or refused, when {@link Intake.take} returns. So the broker may be told that
 * it has been taken: nothing of this waits for anything but the disk.
 */

import { judgeAllowed } from '../at/allow';
import { cleanNumber } from '../at/sms/number';
import { readRequest } from '../device/sms/request';
import { asDriverError, type DriverError, failure } from '../errors';
import { TIMEOUTS } from '../timeouts';
import { isCodeListed, judgeNumber, refusalOf, usesOf } from './guard';
import { asked, contentHash, type Incoming, type Named, named, whomOf } from './incoming';
import type { Journal, Times } from './journal';
import type { Command, Mail, Reply, Wish } from './journal-lines';
import { AGREE_MS } from './network-time';
import type { Commands, Receipt, Result, SmsCommand } from './payloads';
import type { GatewaySettings } from './settings';
import { type CommandKind, kindOf, type Topics } from './topics';

export interface IntakeParts {
  settings: GatewaySettings;
  topics: Topics;
  journal: Journal;
  times: Times;
  /** What to do about an error. */
  hint: (error: DriverError) => string | undefined;
  /** Whether the wall clock is right, as far as this machine can tell. */
  clockIsRight: () => boolean;
  /** To be told, now or when the broker is there. */
  post: (mail: Mail) => void;
  /** The same, but lost if it cannot be told now. */
  say: (topic: string, payload: object, reply?: Reply) => void;
  taken: (command: Command) => void;
  refused: (error: DriverError) => void;
}

interface Refused {
  error: DriverError;
  retryAfter?: number | undefined;
}

export class Intake {
  readonly #is: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#is = parts;
  }

  take(message: Incoming): void {
    const { topics, times, journal } = this.#is;
    const kind = kindOf(topics, message.topic);
    if (!kind) return;
    const name = named(message, times.date());
    // Somebody empties the topic.
    if (name.text === '') return;
    const reply = this.#replyOf(message);
    try {
      if (message.retain) throw failure('COMMAND_REFUSED/retained', { topic: message.topic });
      const command = asked(kind, message, name, this.#is.settings.defaultTo !== undefined);
      const hash = contentHash(kind, command);
      const known = journal.command(kind, name.id);
      if (known && known.hash !== hash) throw failure('ID_REUSED/other-message', { id: name.id });
      if (known) this.#again(known, reply);
      else this.#judge(kind, name, hash, command, message, reply);
    } catch (thrown) {
      // Not on record: the same id may come with a command that is in order.
      const error = asDriverError(thrown, 'PROTOCOL/sending', {});
      const { value } = name;
      const to = typeof value === 'object' && value !== null && 'to' in value ? value.to : null;
      const payload = this.refusal(kind, name, typeof to === 'string' ? to.slice(0, 64) : null, error);
      if (message.retain || error.code === 'FILE_NOT_WRITTEN') this.#is.say(topics.outcome(kind), payload, reply);
      else this.#is.post(journal.post(topics.outcome(kind), payload, reply));
      this.#is.refused(error);
    }
  }

  /** What was told of it last, once more. */
  #again(known: Command, reply: Reply | undefined): void {
    const payload = { ...known.last, at: this.#is.times.date().toISOString(), duplicate: true as const };
    this.#is.say(this.#is.topics.outcome(known.kind), payload, reply);
  }

  /** Puts it on record, accepted or refused. Error: FILE_NOT_WRITTEN. */
  #judge(
    kind: CommandKind,
    name: Named,
    hash: string,
    asks: Commands[CommandKind],
    message: Incoming,
    reply: Reply | undefined,
  ): void {
    const { times, journal, settings, topics } = this.#is;
    const at = times.date();
    const sms = kind === 'sms' ? (asks as SmsCommand) : undefined;
    const command: Command = {
      kind,
      id: name.id,
      hash,
      ...(name.made && { made: true }),
      at: at.getTime(),
      up: times.up(),
      ...(times.machine !== undefined && { machine: times.machine }),
      ttl: this.#ttlOf(sms, message, at),
      to: sms ? (sms.to ?? settings.defaultTo ?? null) : null,
      parts: 0,
      ...(sms?.priority === 'alarm' && { alarm: true }),
      ...(reply && { reply }),
      open: true,
      last: this.#accepted(kind, name, at),
    };
    let refused: Refused | undefined;
    try {
      const waiting = journal.open.length;
      if (waiting >= settings.queue) throw failure('QUEUE_FULL/gateway', { waiting, most: settings.queue });
      const { wish, ...more } = sms ? this.#sms(sms, command) : { wish: this.#other(kind, asks) };
      Object.assign(command, { wish, ...more });
      if ('event_type' in command.last) Object.assign(command.last, { to: command.to, parts: command.parts });
      refused = this.#tooMany(command);
    } catch (thrown) {
      refused = { error: asDriverError(thrown, 'PROTOCOL/sending', {}) };
    }
    if (refused) {
      command.open = false;
      delete command.wish;
      command.last = {
        ...this.refusal(kind, name, command.to, refused.error),
        ...(refused.retryAfter !== undefined && { retry_after: refused.retryAfter }),
      };
    }
    const mail = journal.take(command, topics.outcome(kind));
    // That an order was taken needs no word: its outcome is told.
    if (refused || kind === 'sms') this.#is.post(mail);
    else journal.confirmed(mail.n);
    if (refused) this.#is.refused(refused.error);
    else this.#is.taken(command);
  }

  #accepted(kind: CommandKind, { id, made }: Named, at: Date): Receipt | Result {
    const common = { v: 1 as const, id, ...(made && { id_made: true as const }), at: at.toISOString() };
    return kind === 'sms' ? { ...common, event_type: 'accepted', to: null } : { ...common, ok: true };
  }

  refusal(
    kind: CommandKind,
    { id, made }: Pick<Named, 'id' | 'made'>,
    to: string | null,
    error: DriverError,
  ): Receipt | Result {
    const hint = this.#is.hint(error);
    const at = this.#is.times.date().toISOString();
    const told = { code: error.code, text: error.message, ...(hint !== undefined && { hint }) };
    const common = { v: 1 as const, id, ...(made && { id_made: true as const }), at };
    return kind === 'sms' ? { ...common, event_type: 'refused', to, ...told } : { ...common, ok: false, error: told };
  }

  /** What there is to say of a command that was taken under another name, and that the stick may have got. */
  unknown({ kind, id, made, to }: Command): Receipt | Result {
    const error = failure('MAYBE_SENT/gateway', {});
    const payload = this.refusal(kind, { id, made: made === true }, to, error);
    return 'event_type' in payload ? { ...(payload as Receipt), event_type: 'unknown' } : payload;
  }

  /** Errors: BAD_ARGUMENT, COMMAND_REFUSED. */
  #sms({ text, flash, report }: SmsCommand, { to }: Command): { wish: Wish; parts: number; whom: string } {
    const { settings } = this.#is;
    if (to === null) throw failure('BAD_ARGUMENT/command-recipient', {});
    const name = to.startsWith('@') ? to.slice(1).trim().toLowerCase() : undefined;
    const contact = name === undefined ? undefined : settings.contacts.find(({ key }) => key === name);
    if (to.startsWith('@') && !contact) throw failure('BAD_ARGUMENT/contact', {});
    const number = cleanNumber(contact?.number ?? to, "The recipient's number");
    // Whom the owner of the gateway has named may get messages.
    const verdict = contact ? undefined : judgeNumber(number, settings.numbers);
    if (verdict === 'refused') throw failure('COMMAND_REFUSED/gateway-number', {});
    if (verdict === 'short') throw failure('COMMAND_REFUSED/gateway-short-number', {});
    const request = { to: number, text, flash: flash === true, maxParts: settings.maxParts };
    const { entry } = readRequest(request, { place: '', reference: 0, at: 0 });
    const wish: Wish = { number, text, ...(flash && { flash }), ...(report && { report }) };
    return { wish, parts: entry.parts, whom: whomOf(number) };
  }

  /** Error: COMMAND_REFUSED. */
  #other(kind: CommandKind, asks: Commands[CommandKind]): Wish {
    const { at, ussd } = this.#is.settings;
    if ('do' in asks) return { do: asks.do };
    if (('code' in asks ? ussd : at).length === 0) throw failure('COMMAND_REFUSED/gateway-off', { kind });
    if ('code' in asks && isCodeListed(asks.code, ussd)) return { code: asks.code };
    if ('command' in asks && judgeAllowed(asks.command, at) === undefined) return { command: asks.command };
    throw failure('COMMAND_REFUSED/gateway-not-listed', { kind });
  }

  #tooMany({ kind, parts, whom = '', alarm }: Command): Refused | undefined {
    const { journal, settings } = this.#is;
    if (kind !== 'sms') return undefined;
    const uses = usesOf(journal.commands, (command) => journal.ageOf(command));
    const refusal = refusalOf(settings.limits, uses, { parts, whom, alarm: alarm === true });
    if (!refusal) return undefined;
    const { limit, window, retryAfter } = refusal;
    return { error: failure('RATE_LIMIT/sms', { limit, window }), retryAfter };
  }

  /**
   * How long it may wait from now on: what MQTT says is left of it needs no clock; what its sender says counts from when it was
   * sent only where both clocks are right.
   */
  #ttlOf(sms: SmsCommand | undefined, { expiry }: Incoming, now: Date): number {
    const whole = sms ? (sms.ttl === undefined ? this.#is.settings.ttl : sms.ttl * 1000) : TIMEOUTS.gateway.order;
    const left = expiry === undefined ? whole : Math.min(whole, expiry * 1000);
    const age = now.getTime() - Date.parse(sms?.sent_at ?? '');
    if (!(age > 0) || age < AGREE_MS || !this.#is.clockIsRight()) return left;
    return Math.max(0, Math.min(left, whole - age));
  }

  /** Only where whoever may send commands may have something published. */
  #replyOf({ responseTopic: topic, correlationData }: Incoming): Reply | undefined {
    const { topics, settings } = this.#is;
    if (topic === undefined || /[+#\0]/.test(topic) || kindOf(topics, topic)) return undefined;
    if (![`${topics.root}/`, ...settings.replies].some((start) => topic.startsWith(start))) return undefined;
    // What others rely on is not to be written over.
    if ([topics.availability, topics.stick, topics.state, topics.info, topics.firmware, topics.health].includes(topic))
      return undefined;
    const correlation = correlationData && Buffer.from(correlationData).toString('base64');
    return { topic, ...(correlation !== undefined && { correlation }) };
  }
}
