/** Shared by the tests of firmware and loader files. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DriverError, type ErrorCode } from '../../src/errors';
import type { KnownComponent, KnownLoader, KnownWord } from '../../src/family/profile';
import type { ByteSource } from '../../src/firmware/byte-source';
import { type CheckOptions, checkFirmware, type FirmwareReport } from '../../src/firmware/check';
import type { Firmware } from '../../src/firmware/firmware';
import { headerCrc } from '../../src/firmware/header';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { makeLoader } from '../../src/virtual/make-files';

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

export async function read(file: Uint8Array): Promise<{ source: ByteSource; firmware: Firmware }> {
  const source = strict(await openSource(file));
  return { source, firmware: await readFirmware(source) };
}

/** Bytes in memory, as strict as a file on a disk. */
export const strictSource = (bytes: Buffer): ByteSource =>
  strict({
    name: 'buffer',
    size: bytes.length,
    read: async (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
    close: async () => undefined,
  });

/** A file on a disk takes no length that is wrong; bytes in memory would. */
function strict(source: ByteSource): ByteSource {
  return {
    ...source,
    read(offset, length, into) {
      assert.ok(offset >= 0 && length >= 0 && offset + length <= source.size, `${length} bytes at ${offset}`);
      return source.read(offset, length, into);
    },
  };
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

/** Offsets in a loader of the known shape: component 2 in the file; in it the words that are replaced. */
export const KNOWN_AT = { PROPER: 0x3c0, CALL: 0xdc4, COUNT: 0x1371c } as const;

/** A made-up loader of the known shape, or any other, as one that is known under the name `made.bin`. */
export function knownAs(file: Buffer): KnownLoader {
  const [first, proper] = [0x24, 0x34].map((at) => ({
    size: file.readUInt32LE(at + 4),
    address: file.readUInt32LE(at + 8),
    offset: file.readUInt32LE(at + 12),
  })) as [Omit<KnownComponent, 'sha256'>, Omit<KnownComponent, 'sha256'>];
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const real = proper.size === 1_753_484;
  const count = real ? KNOWN_AT.COUNT : 0x202c;
  const vendor = makeLoader({ erase: 'live', shape: real ? 'real' : 'small' }).subarray(proper.offset);
  const words: KnownWord[] = [
    { place: 'call', offset: KNOWN_AT.CALL, unpatched: '', sent: '0000a0e3', published: 'unpatched' },
    { place: 'count', offset: count, unpatched: '', sent: '0000a0e3', published: 'sent' },
  ];
  for (const word of words) word.unpatched = vendor.toString('hex', word.offset, word.offset + 4);
  const published = Buffer.from(file);
  for (const word of words) published.write(word[word.published], proper.offset + word.offset, 'hex');
  const sent = Buffer.from(file.subarray(proper.offset, proper.offset + proper.size));
  for (const word of words) sent.write(word.sent, word.offset, 'hex');
  const blocks: string[] = [];
  for (let at = 0; at < file.length; at += 4096) blocks.push(sha256(published.subarray(at, at + 4096)).slice(0, 16));
  return {
    name: 'made.bin',
    size: file.length,
    components: [
      { ...first, sha256: sha256(file.subarray(first.offset, first.offset + first.size)) },
      { ...proper, sha256: sha256(sent) },
    ],
    words,
    blocks,
  };
}
