/** A message reaches the running firmware: stored or handed on at once, and told, as +CNMI says. */

import { decodePdu, type Pdu } from '../sms/pdu';
import type { StoreName } from '../sms/store';
import { registered } from './network-service';
import { directLines } from './sms-lines';
import type { ModemContext } from './state';

/** +CNMA has to come within this, milliseconds (3GPP 27.005: the network's timer, 12 to 20 s). */
const ACKNOWLEDGE = 15_000;
/** So many indications are kept for later with +CNMI mode 0. */
const HELD = 20;

/**
 * False: the stick cannot be reached now. `pdu` as hex, the service centre in front. `into`: the store for it, whatever
 * +CPMS says.
 */
export function accept(m: ModemContext, pdu: string, into: StoreName = m.settings.sms.stores[2]): boolean {
  const { sms } = m.settings;
  if (!registered(m) || sms.unacknowledged !== undefined) return false;
  let message: Pdu | undefined;
  try {
    message = decodePdu(pdu, 'to host');
  } catch {
    // Made by hand, and not well: stored as it is.
  }
  const [, mt, , ds] = sms.cnmi;
  if (message?.kind === 'report') {
    if (ds === 1) direct(m, '+CDS', pdu);
    else if (ds === 2) store(m, pdu, into, '+CDSI');
    return true;
  }
  const cls = message?.kind === 'deliver' ? message.class : undefined;
  if ((mt === 2 && cls !== 2) || (mt === 3 && cls === 3)) direct(m, '+CMT', pdu);
  else store(m, pdu, into, mt === 0 ? undefined : '+CMTI');
  return true;
}

function store(m: ModemContext, pdu: string, into: StoreName, name: '+CMTI' | '+CDSI' | undefined): void {
  const place = storeNamed(m, into);
  const index = place.add(0, pdu);
  if (index === undefined) {
    m.event({ what: 'sms-lost', store: place.name, pdu });
    return;
  }
  m.settings.sms.storedAt = m.now().time;
  if (name && !m.settings.sms.muted)
    indicate(m, `${name}: "${place.name}",${m.quirks.has('cmti-no-index') ? -1 : index}`);
  if (place.used === place.size) m.urc(`^SMMEMFULL: "${place.name}"`);
}

export const storeNamed = (m: ModemContext, name: StoreName) => (name === 'SM' ? m.sim.messages : m.nv.messages);

function direct(m: ModemContext, name: '+CMT' | '+CDS', pdu: string): void {
  const { sms } = m.settings;
  indicate(m, directLines(name, pdu, sms));
  if (sms.service === 0) return;
  sms.unacknowledged = pdu;
  m.after(ACKNOWLEDGE, () => {
    if (sms.unacknowledged !== pdu) return;
    // Nobody there: no more direct delivery, and the network tries again.
    sms.unacknowledged = undefined;
    sms.cnmi[1] = 0;
    sms.cnmi[3] = 0;
    m.centre.receivePdus([pdu]);
  });
}

function indicate(m: ModemContext, line: string): void {
  const { cnmi, held } = m.settings.sms;
  if (cnmi[0] !== 0) m.urc(line);
  else if (held.length < HELD) held.push(line);
}
