/** SCSI INQUIRY: who a logical unit says it is. Standard data of SPC-2, 7.3, in a bulk-only CBW. */

import { encodeCbw } from './cbw';

const INQUIRY = 0x12;
/** All that this command has to give by the standard, and what a kernel asks for first. */
export const INQUIRY_LENGTH = 36;
const TO_HOST = 0x80;

export interface Inquiry {
  /** 0 disk (card reader), 5 CD-ROM. */
  deviceType: number;
  /** T10 vendor, 8 characters at most; padding is left out. */
  vendor: string;
  product: string;
  revision: string;
}

/** The CBW that asks the first unit. */
export function inquiryCbw(tag: number): Uint8Array {
  const cdb = new Uint8Array(16);
  cdb[0] = INQUIRY;
  cdb[4] = INQUIRY_LENGTH;
  return encodeCbw({ tag, dataLength: INQUIRY_LENGTH, flags: TO_HOST, lun: 0, cbLength: 6, cdb });
}

/** Undefined if `data` is cut, or the unit says that it is not there (peripheral qualifier other than 0). */
export function decodeInquiry(data: Uint8Array): Inquiry | undefined {
  const [type = 0xff] = data;
  if (data.length !== INQUIRY_LENGTH || type >> 5 !== 0) return undefined;
  const text = (from: number, to: number): string =>
    Buffer.from(data.subarray(from, to))
      .toString('latin1')
      .replace(/[^\x21-\x7e]+/g, ' ')
      .trim();
  return { deviceType: type & 0x1f, vendor: text(8, 16), product: text(16, 32), revision: text(32, 36) };
}
