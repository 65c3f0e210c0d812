/** How +CMGL, +CMGR, +CMT and +CDS show a message: as a PDU, or in the words of text mode. */

import { decodePdu, type Pdu, type StatusReport } from '../sms/pdu';
import type { Stored, StoredStatus } from '../sms/store';
import { toLine, ucs2Hex } from './charset';
import type { SmsSettings } from './sms-settings';

export const STATUS_WORDS = ['REC UNREAD', 'REC READ', 'STO UNSENT', 'STO SENT'] as const;

const directionOf = (status: StoredStatus) => (status >= 2 ? 'to network' : 'to host');

/** Octets without the service centre; of a PDU that is none, all but the first. */
export const lengthOf = (pdu: string): number => Math.max(0, pdu.length / 2 - 1 - Number.parseInt(pdu.slice(0, 2), 16));

/** The PDU taken apart; undefined for one that is none. */
function opened(stored: Pick<Stored, 'status' | 'pdu'>): Pdu | undefined {
  try {
    return decodePdu(stored.pdu, directionOf(stored.status));
  } catch {
    return undefined;
  }
}

const typeOf = (number: string): number => (number.startsWith('+') ? 145 : /^[0-9*#]/.test(number) ? 129 : 208);

function body(message: Exclude<Pdu, StatusReport>, settings: SmsSettings): string {
  if (message.alphabet === 'data') return message.text;
  if (message.alphabet === 'ucs2') return ucs2Hex(message.text);
  return toLine(message.text, settings.charset).replaceAll('\n', '\r\n');
}

/** What stands behind the index and status, and the lines that follow. */
function words(message: Pdu, settings: SmsSettings): [head: string, ...rest: string[]] {
  if (message.kind === 'report') {
    const { reference, to, time, discharge, status } = message;
    return [`6,${reference},"${toLine(to, settings.charset)}",${typeOf(to)},"${time}","${discharge}",${status}`];
  }
  const other = message.kind === 'deliver' ? message.from : message.to;
  const time = message.kind === 'deliver' ? `"${message.time}"` : '';
  const first = (message.kind === 'deliver' ? 4 : 17) | (message.header ? 64 : 0);
  const { pid, dcs, centre, raw } = message;
  const details = settings.details
    ? `,${typeOf(other)},${first},${pid},${dcs},"${centre}",${typeOf(centre)},${raw[0] ?? 0}`
    : '';
  return [`"${toLine(other, settings.charset)}",,${time}${details}`, body(message, settings)];
}

/** The lines of one message in +CMGL (with `index`) or +CMGR. */
export function storedLines(stored: Stored, settings: SmsSettings, index?: number): string[] {
  const prefix = index === undefined ? '+CMGR: ' : `+CMGL: ${index},`;
  if (!settings.text) return [`${prefix}${stored.status},,${lengthOf(stored.pdu)}`, stored.pdu];
  const message = opened(stored);
  if (!message) return [`${prefix}"${STATUS_WORDS[stored.status]}","",,`, ''];
  const [head, ...rest] = words(message, settings);
  return [`${prefix}"${STATUS_WORDS[stored.status]}",${head}`, ...rest];
}

/** The two-line URC of a message that is not stored. */
export function directLines(name: '+CMT' | '+CDS', pdu: string, settings: SmsSettings): string {
  const message = settings.text ? opened({ status: 0, pdu }) : undefined;
  if (!message) return `${name}: ${name === '+CMT' ? ',' : ''}${lengthOf(pdu)}\r\n${pdu}`;
  return `${name}: ${words(message, settings).join('\r\n')}`;
}
