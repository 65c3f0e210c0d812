/** What PDUs are known by in the note. */

import { createHash } from 'node:crypto';
import type { Decoded } from '../../at/sms/decode';
import type { WebMessage } from '../../values/web-sms';

export const KEY_LENGTH = 16;
/** In front of the keys of messages that are told apart by their place alone, see {@link placeKey}. */
const BY_PLACE = '@';

const hash = (text: string, length = KEY_LENGTH): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** Bits of the first octet that the network sets anew for each try: more messages wait (2), it has gone in a circle (3). */
const OF_THE_TRY = 0x0c;

/**
 * A PDU's octets, whatever a decoder makes of them: a better one must not make old messages new. Without the service
 * centre in front and {@link OF_THE_TRY}: both may differ where the network repeats a message.
 */
export function pduKey(hex: string): string {
  const octets = Buffer.from(hex, 'hex');
  const tpdu = octets.subarray(1 + (octets[0] ?? 0));
  const [first] = tpdu;
  if (first === undefined) return hash(hex.toUpperCase());
  tpdu[0] = first & ~OF_THE_TRY;
  return hash(tpdu.toString('hex').toUpperCase());
}

/**
 * What has no valid time cannot be told from the next one with the same octets: an alarm that comes four times is four
 * alarms. Such a one is known by its place as long as it lies there. Parts have their reference.
 */
export function isTimeless(decoded: Decoded): boolean {
  switch (decoded.kind) {
    case 'deliver':
      return decoded.time === undefined && decoded.part === undefined;
    case 'report':
      return decoded.time === undefined && decoded.sent === undefined;
    case 'undecodable':
      return true;
    case 'submit':
      return false;
  }
}

/** `place`: a store with an index, or whatever else is there once. */
export const placeKey = (hex: string, place: string): string => BY_PLACE + hash(`${place} ${hex}`, KEY_LENGTH - 1);

/** By the web API its place is given anew when it is free, and there is no reference: all that it says is what it is known by. */
export const webKey = ({ id, time, from, text }: Pick<WebMessage, 'id' | 'time' | 'from' | 'text'>): string =>
  hash(JSON.stringify(['HiLink', id, time, from, text]));

/** What a message was known by to the other mode of its stick, which shows neither PDUs nor a zone. Without a time it is none. */
export const modeKey = (
  mode: 'AT' | 'HiLink',
  { from, time, text }: { from?: string; time?: string; text?: string },
): string[] => (time === undefined ? [] : [hash(JSON.stringify([mode, from ?? '', time.slice(0, 19), text ?? '']))]);

export const isPlaceKey = (key: string): boolean => key.startsWith(BY_PLACE);

/** What version 0.1 knew a message by: what its decoder made of it. */
export function contentKey(decoded: Decoded, hex: string): string {
  return hash(JSON.stringify(contentOf(decoded, hex)));
}

function contentOf(decoded: Decoded, hex: string): unknown[] {
  switch (decoded.kind) {
    case 'deliver': {
      const { from, time, text, data, part } = decoded;
      return ['deliver', from, time, text, data, part?.reference, part?.total, part?.sequence];
    }
    case 'submit':
      return ['submit', decoded.to, decoded.text];
    case 'report':
      return ['report', decoded.to, decoded.reference, decoded.sent, decoded.time, decoded.status];
    case 'undecodable':
      return ['raw', hex];
  }
}
