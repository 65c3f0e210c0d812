/** Messages of the outbox through the web API: as a whole and as text, where AT takes PDUs one by one. */

import { decodeMessage } from '../../at/sms/message';
import { failure } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import type { Entry } from '../outbox/entry';
import type { HilinkSession } from './session';

/**
 * Sends `entry` and waits until the stick says what became of it. `handed` is called before the stick gets it: what goes wrong
 * from then on leaves open whether it was sent. True: sent; false: nobody knows. Errors: HILINK_ERROR (not sent, or not to be
 * sent like this), and those of {@link HilinkSession.run}: it was not handed over.
 */
export async function sendByWeb(web: HilinkSession, entry: Entry, report = false): Promise<boolean> {
  const text = entry.done === 0 ? wholeText(entry) : undefined;
  if (text === undefined) throw failure('HILINK_ERROR/sms-form', { stick: entry.place });
  const { outcome } = await web.run((client, signal) => client.sms.send({ to: entry.to, text, report, signal }));
  if (outcome === 'failed') {
    const { network } = (await web.status({ parts: ['network'] }).catch(() => undefined)) ?? {};
    // It may be there a little later, as by AT; what the stick has kept of this try would fill its store.
    if (network?.registered !== false) throw failure('HILINK_ERROR/sms-failed', { stick: entry.place });
    const drop = (client: HilinkClient, signal: AbortSignal) =>
      client.sms.deleteCopy(entry.to, text, { box: 'drafts', signal });
    await web.run(drop).catch(() => undefined);
    throw failure('HILINK_ERROR/sms-no-network', { stick: entry.place });
  }
  // In this one's turn: the next message is told from it by what the stick has kept.
  if (outcome === 'sent') {
    await web.run((client, signal) => client.sms.deleteCopy(entry.to, text, { signal })).catch(() => undefined);
  }
  return outcome === 'sent';
}

/** Undefined for class 0 and for what is no text. */
function wholeText({ pdus }: Entry): string | undefined {
  const decoded = decodeMessage(pdus.map(({ hex }) => hex));
  if (decoded.kind !== 'submit' || decoded.class === 0 || decoded.missing || decoded.data !== undefined)
    return undefined;
  return decoded.text;
}
