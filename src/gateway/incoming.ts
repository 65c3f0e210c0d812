/** A command as it comes over MQTT, and what it asks for. */

import { createHash, randomUUID } from 'node:crypto';
import { failure } from '../errors';
import type { Commands } from './payloads';
import { readCommand } from './schemas';
import type { CommandKind } from './topics';

/** A message of MQTT, from a broker or through a wire. */
export interface Incoming {
  topic: string;
  payload: unknown;
  retain?: boolean;
  /** Of the packet: the same one comes again where its acknowledgement was lost. */
  packet?: number;
  responseTopic?: string;
  correlationData?: Uint8Array;
  /** Seconds that are left of it. */
  expiry?: number;
}

/** Longest command, bytes. */
const MOST = 16_384;
const ID = /^[A-Za-z0-9._:-]{1,64}$/;

const hashOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** The text of a payload as a broker or a wire gives it: bytes, text, or an object that was parsed already. */
export function textOfPayload(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload).toString('utf8');
  return payload === undefined || payload === null ? '' : String(JSON.stringify(payload));
}

/** What is known of a command before it is judged. */
export interface Named {
  id: string;
  made: boolean;
  value: unknown;
  text: string;
}

/** The id that the sender has given it, else one that is made: the same packet gets the same one within a minute. */
export function named(message: Incoming, now: Date): Named {
  const text = textOfPayload(message.payload);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const given = isObject(value) ? value['id'] : undefined;
  if (typeof given === 'string' && ID.test(given)) return { id: given, made: false, value, text };
  const { topic, packet } = message;
  const minute = Math.floor(now.getTime() / 60_000);
  const id = packet === undefined ? randomUUID() : hashOf(topic, text, packet, minute).slice(0, 24);
  return { id: `made-${id}`, made: true, value, text };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a command asks for, by the schema. A plain text is the text of an SMS where the gateway has a recipient of its own. Error:
 * BAD_ARGUMENT.
 */
export function asked<K extends CommandKind>(kind: K, { topic }: Incoming, { value, text }: Named, plain: boolean) {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST) throw failure('BAD_ARGUMENT/command-length', { bytes, most: MOST });
  if (isObject(value)) return readCommand(kind, value);
  if (kind !== 'sms' || !plain) throw failure('BAD_ARGUMENT/command-json', { topic });
  return readCommand('sms', { text }) as Commands[K];
}

/** What tells two commands apart, whatever their ids are. */
export function contentHash(kind: CommandKind, command: Commands[CommandKind]): string {
  const { v: _, id: __, ttl: ___, sent_at: ____, ...content } = command as Commands['sms'];
  return hashOf(
    kind,
    Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Of a number, the last ones: what is written before them is another way to the same telephone. */
const DISTINCT = 9;

/** So that a number can be counted without being kept: +49 170..., 0049 170... and 0170... are the same. */
export const whomOf = (number: string): string =>
  hashOf('number', number.replace(/[^0-9]/g, '').slice(-DISTINCT)).slice(0, 16);
