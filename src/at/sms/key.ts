/** What a stored PDU is known by, so that it is handed over once. */

import { createHash } from 'node:crypto';
import { fieldsOf, octetsOf } from './layout';

/**
 * Bits of the first octet that the service centre sets anew for each try to deliver: more messages wait (2), the message
 * has gone in a circle (3).
 */
const OF_THE_TRY = 0x0c;

/**
 * The key of a PDU, given as hex: 16 hex digits, of its octets alone, so that it stays the same whatever later versions
 * read in them. Not among them: the service centre and {@link OF_THE_TRY}, for a repeated message may come by another
 * centre, and say "no more to come" where the first one said "more". Messages with equal octets are one, because their
 * stamp has the same second in it. Where the stamp is no time it does not tell them apart: then `place` does, the words
 * for where the PDU is stored (`SM 3`), and four of them are four. Such a key is to be forgotten as soon as its place is
 * empty, for the next one may come there.
 */
export function pduKey(hex: string, place = ''): string {
  const { octets, timed } = tell(hex);
  const hash = createHash('sha256').update(octets);
  if (!timed) hash.update(` ${place}`);
  return hash.digest('hex').slice(0, 16);
}

/** False where nothing in the PDU tells one message from the next like it, see {@link pduKey}. */
export const isTimed = (hex: string): boolean => tell(hex).timed;

function tell(hex: string): { octets: Uint8Array; timed: boolean } {
  try {
    const pdu = octetsOf(hex);
    const fields = fieldsOf(pdu);
    const octets = pdu.subarray(1 + pdu.readUInt8(0));
    if (fields.kind === 'submit') return { octets, timed: false };
    octets.writeUInt8(octets.readUInt8(0) & ~OF_THE_TRY, 0);
    return { octets, timed: fields.time !== undefined || (fields.kind === 'report' && fields.sent !== undefined) };
  } catch {
    return { octets: Buffer.from(hex.toUpperCase()), timed: false };
  }
}
