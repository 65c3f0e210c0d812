/** Messages: their store, sending, and what comes unasked. */

import { known } from '../../values/shape';
import { SMS_NEWS, type SmsNews, STORE_FULL, type StoreFull } from '../../values/sms-store';
import { splitFields, unquote } from '../fields';
import { decimal } from '../read';
import { entry, unasked } from './entry';

/** The URC `^SMMEMFULL: "SM"`: no SMS comes in until something is deleted from this store. */
export function parseSmmemfull(value: string): StoreFull | undefined {
  const store = unquote(value).toUpperCase();
  return /^[A-Z]{2}$/.test(store) ? { store } : undefined;
}

/** The URCs `+CMTI: "SM",28` and `+CDSI`. An index of -1 is none: then the list must be read. */
export function parseCmti(value: string): SmsNews | undefined {
  const [name = '', index] = splitFields(value);
  const store = name.toUpperCase();
  return /^[A-Z]{2}$/.test(store) ? known({ store, index: decimal(index, SMS_NEWS.members.index) }) : undefined;
}

const settable = (name: string, about: string) => entry({ name, about, forms: ['read', 'set', 'test'], limit: 10_000 });
const sends = (name: string, about: string) =>
  entry({ name, about, forms: ['set'], limit: 120_000, secret: ['people'] });

export const SMS_COMMANDS = [
  settable('+CMGF', 'Messages as PDU or as text'),
  settable('+CNMI', 'How the stick tells of messages'),
  settable('+CPMS', 'Which store, and how full it is'),
  entry({
    name: '+CMGL',
    about: 'Lists messages and marks them as read',
    forms: ['set', 'test'],
    limit: 60_000,
    secret: ['people'],
    spans: { reply: 4 },
  }),
  entry({
    name: '+CMGR',
    about: 'Reads a message and marks it as read',
    forms: ['set'],
    secret: ['people'],
    spans: { reply: 3 },
  }),
  sends('+CMGS', 'Sends a message'),
  sends('+CMSS', 'Sends a message of the store'),
  sends('+CMGW', 'Writes a message into the store'),
  entry({ name: '+CMGD', about: 'Deletes messages', forms: ['set', 'test'], limit: 120_000 }),
  entry({ name: '+CSCA', about: 'Number of the message centre', forms: ['read', 'set'], secret: ['people'] }),
  entry({ name: '+CMTI', about: 'A message is in the store', urc: true, value: SMS_NEWS, line: parseCmti }),
  entry({ name: '+CDSI', about: 'A report is in the store', urc: true, value: SMS_NEWS, line: parseCmti }),
  entry({ name: '+CMT', about: 'A message', urc: true, secret: ['people'], spans: { urc: 2, text: true } }),
  entry({ name: '+CDS', about: 'A report', urc: true, secret: ['people'], spans: { urc: 1 } }),
  entry({
    name: '+CBM',
    about: 'A broadcast',
    urc: true,
    secret: ['people'],
    spans: { urc: 1, bare: true, text: true },
  }),
  ...unasked('A broadcast is in the store', '+CBMI'),
  entry({ name: '^SMMEMFULL', about: 'The store is full', urc: true, value: STORE_FULL, line: parseSmmemfull }),
] as const;
