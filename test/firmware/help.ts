/** Shared by the tests of firmware and loader files. */

import assert from 'node:assert/strict';
import { DriverError, type ErrorCode } from '../../src/errors';
import { type CheckOptions, checkFirmware, type FirmwareReport } from '../../src/firmware/check';
import { type Firmware, type ReadOptions, readFirmware } from '../../src/firmware/firmware';
import { headerCrc } from '../../src/firmware/header';
import { type ByteSource, openSource } from '../../src/firmware/source';

/** The smallest firmware of the format's description: one image 0x101 of 16 bytes, block size 4096. */
export function smallest(): Buffer {
  const prefix = Buffer.alloc(0x5c);
  prefix[0] = 1;
  const chain = `
    55aa5aa5 64000000 01000000 53594e5448312e30 01010000 10000000
    323030302e30312e3031000000000000 30303a30303a30300000000000000000
    3a453332373253594e54483a32312e3030302e30302e30302e30300000000000
    bd7b 00100000 e913
    000102030405060708090a0b0c0d0e0f`;
  return Buffer.concat([prefix, Buffer.from(chain.replace(/\s/g, ''), 'hex')]);
}

/** Changes bytes of the header at `at` (a copy) and makes its CRC right again. */
export function patchHeader(file: Buffer, patch: (header: Buffer) => void, at = 0x5c): Buffer {
  const copy = Buffer.from(file);
  const header = copy.subarray(at, at + 98);
  patch(header);
  header.writeUInt16LE(headerCrc(header), 92);
  return copy;
}

/** Rejects with a DriverError of this code, whose message and hint are sentences. */
export async function refused(work: Promise<unknown>, code: ErrorCode, text?: RegExp): Promise<DriverError> {
  const error = await work.then(
    () => assert.fail(`not refused with ${code}`),
    (e: unknown) => e,
  );
  assert.ok(error instanceof DriverError, `no DriverError: ${error}`);
  assert.equal(error.code, code, error.message);
  if (text) assert.match(error.message, text);
  assert.match(error.message, /\.$/);
  return error;
}

export async function read(
  file: Uint8Array,
  options?: ReadOptions,
): Promise<{ source: ByteSource; firmware: Firmware }> {
  const source = await openSource(file);
  return { source, firmware: await readFirmware(source, options) };
}

export async function check(file: Uint8Array, options?: CheckOptions): Promise<FirmwareReport> {
  const { source, firmware } = await read(file);
  return checkFirmware(firmware, source, options);
}

/** A small generator of numbers that is the same in each run (xorshift). */
export function random(seed: number): (below: number) => number {
  let x = seed | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}
