/** Who a storage device says it is, asked over the claimed pipe: only what calls itself HUAWEI is sent a switch message. */

import { CSW_LENGTH, decodeCsw } from '../codec/cbw';
import { decodeInquiry, INQUIRY_LENGTH, inquiryCbw } from '../codec/inquiry';
import { DriverError, isDriverError } from '../errors';
import type { BulkPipe } from '../host/host';
import { TIMEOUTS } from '../timeouts';

/** One for each try: a late answer to the first is none to the second. */
const TAGS = [0x01514e49, 0x02514e49];

/** Vendor fields are padded with blanks, and some firmware writes them in small letters. */
export const isHuawei = (vendor: string): boolean => vendor.replaceAll('\0', ' ').trim().toUpperCase() === 'HUAWEI';

/**
 * The vendor field of the first unit's INQUIRY. One stall, silence or damaged answer is forgiven, after the transport's
 * reset; a second one proves nothing. Errors: NOT_SWITCHED (no whole answer), STICK_GONE; the signal's reason, between two
 * transfers.
 */
export async function askVendor(pipe: BulkPipe, stick: string, signal?: AbortSignal): Promise<string> {
  let cause: unknown;
  for (const tag of TAGS) {
    if (cause !== undefined) await pipe.recover();
    signal?.throwIfAborted();
    try {
      return await ask(pipe, tag, stick);
    } catch (error) {
      if (!isDriverError(error, 'TIMEOUT', 'PROTOCOL')) throw error;
      cause = error;
    }
  }
  throw new DriverError('NOT_SWITCHED', `The device at ${stick} does not say who made it (SCSI INQUIRY).`, {
    stick,
    hint: 'No switch message was sent. Unplug it, wait five seconds, plug it in again and repeat.',
    cause,
  });
}

async function ask(pipe: BulkPipe, tag: number, stick: string): Promise<string> {
  await pipe.transferOut(inquiryCbw(tag), TIMEOUTS.usb.bulk);
  const said = decodeInquiry(await pipe.transferIn(INQUIRY_LENGTH, TIMEOUTS.usb.bulk));
  // A cut answer may be anything, a status among it: no more is read, the reset clears it away.
  if (!said) throw damaged(stick);
  const csw = decodeCsw(await pipe.transferIn(CSW_LENGTH, TIMEOUTS.usb.bulk));
  if (csw?.tag !== tag || csw.status !== 0) throw damaged(stick);
  return said.vendor;
}

const damaged = (stick: string): DriverError =>
  new DriverError('PROTOCOL', `The answer of the device at ${stick} to SCSI INQUIRY is cut or damaged.`, { stick });
