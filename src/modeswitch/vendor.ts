/** Who a storage device says it is, asked over the claimed pipe: only what calls itself HUAWEI is sent a switch message. */

import { CSW_LENGTH, decodeCsw } from '../codec/cbw';
import { INQUIRY_LENGTH, inquiryCbw, inquiryVendor } from '../codec/inquiry';
import { type DriverError, failure, isDriverError } from '../errors';
import type { BulkPipe } from '../host/host';
import { type Stick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';

/** One for each try: a late answer to the first is none to the second. */
const TAGS = [0x01514e49, 0x02514e49];

/** Some firmware writes it in small letters. */
export const isHuawei = (vendor: string): boolean => vendor.trim().toUpperCase() === 'HUAWEI';

/**
 * The vendor field of the first unit's INQUIRY. One stall, silence or damaged answer is forgiven, after the transport's
 * reset; a second one proves nothing. Errors: NOT_SWITCHED (no whole answer), STICK_GONE; the signal's reason, between two
 * transfers.
 */
export async function askVendor(pipe: BulkPipe, stick: Stick, signal?: AbortSignal): Promise<string> {
  let cause: unknown;
  for (const tag of TAGS) {
    if (cause !== undefined) await pipe.recover();
    signal?.throwIfAborted();
    try {
      return await ask(pipe, tag);
    } catch (error) {
      if (!isDriverError(error, 'TIMEOUT', 'PROTOCOL')) throw error;
      cause = error;
    }
  }
  throw failure('NOT_SWITCHED/vendor', { which: stickText(stick) }, { stick: stick.path, cause });
}

async function ask(pipe: BulkPipe, tag: number): Promise<string> {
  await pipe.transferOut(inquiryCbw(tag), TIMEOUTS.usb.bulk);
  const vendor = inquiryVendor(await pipe.transferIn(INQUIRY_LENGTH, TIMEOUTS.usb.bulk));
  // A cut answer may be anything, a status among it: no more is read, the reset clears it away.
  if (vendor === undefined) throw damaged();
  const csw = decodeCsw(await pipe.transferIn(CSW_LENGTH, TIMEOUTS.usb.bulk));
  if (csw?.tag !== tag || csw.status !== 0) throw damaged();
  return vendor;
}

const damaged = (): DriverError => failure('PROTOCOL/inquiry', {});
