/** A message that came, as it is told. */

import { createHash } from 'node:crypto';
import type { SmsMessage } from '../device/sms/assemble';
import { failure } from '../errors';
import type { Journal } from './journal';
import type { ReceivedPayload } from './payloads';
import type { Topics } from './topics';

/** The same message has the same id, however often the stick hands it over: readers know it again. */
function idOf({ from, text, time, parts, data, raw }: SmsMessage): string {
  return createHash('sha256')
    .update(JSON.stringify([from, text, time, parts, data, raw]))
    .digest('hex')
    .slice(0, 24);
}

/** Puts a message on record. Error: FILE_NOT_WRITTEN: there is no room for it. */
export function received(journal: Journal, topics: Topics, message: SmsMessage, now: Date): void {
  const payload: ReceivedPayload & Partial<Pick<SmsMessage, 'missing' | 'data' | 'existing'>> = {
    v: 1,
    event_type: 'received',
    id: idOf(message),
    from: message.from,
    text: message.text,
    time: message.time ?? null,
    received_at: now.toISOString(),
    parts: message.parts,
    class: message.flash ? 0 : null,
    ...(message.existing && { existing: message.existing }),
    ...(message.missing && { missing: message.missing }),
    ...(message.data !== undefined && { data: message.data }),
  };
  if (journal.received(payload.id, topics.received, payload) === 'full') {
    throw failure('FILE_NOT_WRITTEN/gateway-journal', { problems: [] });
  }
}
