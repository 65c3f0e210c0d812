/** SCSI INQUIRY: who a logical unit says it is. Standard data of SPC-2, 7.3, in a bulk-only CBW. */

import { encodeCbw } from './cbw';

const INQUIRY = 0x12;
/** All that this command has to give by the standard, and what a kernel asks for first. */
export const INQUIRY_LENGTH = 36;
const TO_HOST = 0x80;
/** The T10 vendor, padded with blanks. */
const VENDOR = { from: 8, to: 16 };

/** The CBW that asks the first unit. */
export function inquiryCbw(tag: number): Uint8Array {
  const cdb = new Uint8Array(16);
  cdb[0] = INQUIRY;
  cdb[4] = INQUIRY_LENGTH;
  return encodeCbw({ tag, dataLength: INQUIRY_LENGTH, flags: TO_HOST, lun: 0, cbLength: 6, cdb });
}

/**
 * The vendor in an answer, without its padding; what is no ASCII is a blank. Undefined if `data` is cut, or the unit says
 * that it is not there (peripheral qualifier other than 0).
 */
export function inquiryVendor(data: Uint8Array): string | undefined {
  const [type = 0xff] = data;
  if (data.length !== INQUIRY_LENGTH || type >> 5 !== 0) return undefined;
  const bytes = Buffer.from(data.subarray(VENDOR.from, VENDOR.to));
  return bytes
    .toString('latin1')
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim();
}
