/** DELIVER PDUs field by field, packed by the virtual stick's code, not by the one that is tested. */

import { pack } from '../../../src/virtual/sms/gsm7';

export interface Made {
  /** First octet: 04 = a DELIVER, 44 = with a header. */
  first?: string;
  /** Length, type, digits. */
  address?: string;
  coding?: string;
  time?: string;
  /** Length octet and what follows. */
  data: string;
}

export const TIME = '52503221004380';
export const NUMBER = '0C91947110325476';

/** The PDU as hex, without a service centre. */
export const deliver = ({ first = '04', address = NUMBER, coding = '00', time = TIME, data }: Made): string =>
  `00${first}${address}00${coding}${time}${data}`;

const octet = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();

/** User data of a GSM 7-bit text behind `header` (hex, its length octet included). */
export function septets(text: readonly number[], header = ''): string {
  const octets = header.length / 2;
  const before = Math.ceil((octets * 8) / 7);
  const packed = pack(text, before * 7 - octets * 8).toString('hex');
  return `${octet(before + text.length)}${header}${packed.toUpperCase()}`;
}

/** User data of octets behind `header`. */
export const octets = (hex: string, header = ''): string => `${octet((header.length + hex.length) / 2)}${header}${hex}`;
