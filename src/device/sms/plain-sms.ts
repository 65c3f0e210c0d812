/**
 * SMS on an open AT port, without note or outbox: what lies in the stores, sent and deleted on the spot. For whoever holds the
 * port for one command; what goes on for longer uses `open-sms.ts`.
 */

import { randomInt } from 'node:crypto';
import { type AtRunner, ask } from '../../at/ask';
import { cleanNumber } from '../../at/sms/number';
import { type Ask, PDU_MODE } from '../../at/sms/store';
import { encodeSubmit } from '../../at/sms/submit';
import { asDriverError, type DriverError, failure } from '../../errors';
import type { Host } from '../../host/host';
import { known } from '../../values/shape';
import { assemble, type Piece } from './assemble';
import { isMessage, Pieces, type SeenMessage } from './pieces';
import { isRefusal, isUnsure } from './refusals';
import { type Place, Stores } from './stores';

/** A message in the stores; what is not known of it is not there. */
export interface PlainMessage {
  /** Where its parts lie: `SM:3`, `ME:0,1,4`. Given anew when the places are free. */
  id: string;
  from?: string;
  text?: string;
  /** With its zone, `2024-02-29T23:59:59+01:00`. */
  time?: string;
  /** False where a part of it had not been read before this list, which marks all as read. */
  read: boolean;
}

export interface PlainResult {
  /** As it was dialled. */
  to: string;
  parts: number;
  /** `unknown`: a part was with the stick, which does not say what became of it. */
  outcome: 'sent' | 'failed' | 'unknown';
  /** What the stick has refused a part with; those before it are sent. */
  error?: DriverError;
}

export class PlainSms {
  readonly #ask: Ask;
  readonly #host: Host;
  readonly #stores: Stores;
  #open = false;

  constructor(host: Host, at: AtRunner) {
    this.#host = host;
    this.#ask = (command, options) => ask(at, command, options);
    this.#stores = new Stores(host, this.#ask, () => undefined);
  }

  /** Received messages of all stores, oldest first, without reports. Errors: those of the commands. */
  async list(signal: AbortSignal): Promise<PlainMessage[]> {
    await this.#opened();
    const { found, stores } = await this.#stores.read(signal);
    await this.#stores.back();
    const { seen } = new Pieces(this.#host.clock).read(found, stores, [], () => undefined);
    return assemble(seen.filter(isMessage)).map(({ pieces, message: { from, text, time } }) => ({
      id: idOf(pieces),
      ...(from !== '' && { from }),
      ...(text !== '' && { text }),
      ...(time !== undefined && { time }),
      read: pieces.every(({ status }) => status !== 0),
    }));
  }

  /**
   * Deletes the messages with these ids; resolves with those that are gone. Errors: BAD_ARGUMENT (no such form), CMS_ERROR
   * and the like, when the rest has been deleted.
   */
  async delete(ids: readonly string[]): Promise<string[]> {
    const places = ids.map(placesOf);
    await this.#opened();
    const gone: string[] = [];
    let refusal: unknown;
    for (const [index, id] of ids.entries()) {
      const refused = await this.#stores.delete(places[index] ?? []);
      if (refused) refusal ??= refused;
      else gone.push(id);
    }
    await this.#stores.back();
    if (refusal) throw refusal;
    return gone;
  }

  /** Marks as read, which reading does. The same errors. */
  async markRead(ids: readonly string[]): Promise<void> {
    const places = ids.map(placesOf);
    await this.#opened();
    for (const [index, id] of ids.entries()) {
      for (const place of places[index] ?? []) {
        if ((await this.#stores.at(place)) === undefined) throw failure('BAD_ARGUMENT/no-such-message', { id });
      }
    }
    await this.#stores.back();
  }

  /**
   * Sends `text` part by part, each once. Errors before the first part was with the stick: BAD_ARGUMENT, and those of the port.
   */
  async send(to: unknown, text: string): Promise<PlainResult> {
    const number = cleanNumber(to, "The recipient's number");
    if (text === '') throw failure('BAD_ARGUMENT/text-empty', {});
    const pdus = encodeSubmit({ to: number, text, reference: randomInt(256) });
    const result = (outcome: PlainResult['outcome'], error?: DriverError): PlainResult =>
      known({ to: number, parts: pdus.length, outcome, error });
    for (const [index, { hex, length }] of pdus.entries()) {
      let onItsWay = false;
      const onSent = () => {
        onItsWay = true;
      };
      try {
        await this.#ask(`AT+CMGS=${length}`, { before: [PDU_MODE], prompt: { body: hex, onSent } });
      } catch (thrown) {
        const error = asDriverError(thrown, 'PROTOCOL/sending', {});
        if (isUnsure(error) || (onItsWay && !isRefusal(error))) return result('unknown', error);
        if (index > 0 || isRefusal(error)) return result('failed', error);
        throw error;
      }
    }
    return result('sent');
  }

  async #opened(): Promise<void> {
    if (!this.#open) await this.#stores.open();
    this.#open = true;
  }
}

function idOf(pieces: readonly (Piece & SeenMessage)[]): string {
  const store = pieces[0]?.store ?? '';
  const here = pieces.filter((piece) => piece.store === store).map(({ index }) => index);
  const others = pieces.filter((piece) => piece.store !== store);
  const first = `${store}:${here.join(',')}`;
  return others.length === 0 ? first : `${first}+${idOf(others)}`;
}

/** Error: BAD_ARGUMENT. */
function placesOf(id: string): Place[] {
  return id.split('+').flatMap((one) => {
    const [, store, list = ''] = /^([A-Z]{2}):(\d{1,5}(?:,\d{1,5})*)$/.exec(one) ?? [];
    if (store === undefined) throw failure('BAD_ARGUMENT/message-id', { id: JSON.stringify(id) });
    return list.split(',').map((index) => ({ store, index: Number(index) }));
  });
}
