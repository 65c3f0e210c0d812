/** What the SMS commands set, all of it lost at a restart. */

import type { StoreName } from '../sms/store';

export interface SmsSettings {
  /** +CMGF: text instead of PDU. */
  text: boolean;
  /** +CPMS: reading and deleting, writing and sending, receiving. */
  stores: [StoreName, StoreName, StoreName];
  /** +CNMI: mode, mt, bm, ds, bfr. */
  cnmi: [number, number, number, number, number];
  /** +CSMS: 1 = what is delivered directly must be acknowledged. */
  service: 0 | 1;
  /** +CSMP: first octet, validity, protocol, coding: for text mode. */
  csmp: [number, number, number, number];
  /** +CSDH: all fields in text mode. */
  details: boolean;
  /** +CSCS. */
  charset: 'IRA' | 'GSM' | 'UCS2';
  /** Indications that wait for a +CNMI with mode 1 or 2. */
  held: string[];
  /** When the last message was stored, milliseconds since 1970. */
  storedAt: number;
  /** A +CMT or +CDS that waits for its +CNMA. */
  unacknowledged: string | undefined;
  /** Nothing that is stored is announced until the next +CNMI=. */
  muted: boolean;
}

export const freshSms = (): SmsSettings => ({
  text: false,
  stores: ['SM', 'SM', 'SM'],
  cnmi: [0, 0, 0, 0, 0],
  service: 0,
  csmp: [17, 167, 0, 0],
  details: false,
  charset: 'IRA',
  held: [],
  storedAt: 0,
  unacknowledged: undefined,
  muted: false,
});
