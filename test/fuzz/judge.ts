/**
 * Judges what the readers have accepted, by the description of the formats alone and with code of its own. Throws what is
 * wrong.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { FirmwareReport } from '../../src/firmware/check';
import type { Firmware } from '../../src/firmware/firmware';
import { type Loader, loaderComponents } from '../../src/firmware/loader';
import { startLoader } from '../../src/virtual/boot-loader';
import type { Seed } from './seeds';

const HEADER = 98;
const MAGIC = 0xa55aaa55;
const BLOCK = 0x20000;
/** Bytes that an E3272 has room for, by code. */
const ROOM = new Map([
  [0x100, BLOCK],
  [0x101, BLOCK],
  [0x102, 0x10 * BLOCK],
  [0x103, 0x100 * BLOCK],
  [0x550103, 0x100 * BLOCK],
  [0x104, 3 * BLOCK],
  [0x105, 0x18 * BLOCK],
  [0x107, 0xe0 * BLOCK],
  [0x109, 0x570 * BLOCK],
  [0x113, 0x570 * BLOCK],
  [0xa0000, 500],
  [0x550000, 200],
  [0xb0000, 0x550 * BLOCK],
  [0x560000, 0xe0 * BLOCK],
]);

/** CRC-16/X-25, bit by bit. */
function crc(data: Uint8Array): number {
  let register = 0xffff;
  for (const byte of data) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ 0x8408 : register >>> 1;
  }
  return register ^ 0xffff;
}

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Header, checksums and bytes of each image of a file, as the format says. */
function imagesOf(file: Buffer, start: number): { whole: Buffer; stored: Buffer; code: number }[] {
  const images: { whole: Buffer; stored: Buffer; code: number }[] = [];
  let at = start;
  while (at + HEADER <= file.length && file.readUInt32LE(at) === MAGIC) {
    const header = Buffer.from(file.subarray(at, at + HEADER));
    const headerSum = header.readUInt16LE(92);
    header.writeUInt16LE(0, 92);
    assert.equal(crc(header), headerSum, `header sum at ${at}`);
    const size = header.readUInt32LE(24);
    const block = header.readUInt32LE(94);
    const blocks = Math.ceil(size / block);
    const first = at + HEADER + 2 * blocks;
    assert.equal(header.readUInt32LE(4), HEADER + 2 * blocks, `header size at ${at}`);
    assert.ok(size > 0 && first + size <= file.length, `size at ${at}`);
    const stored = file.subarray(first, first + size);
    for (let i = 0; i < blocks; i++) {
      const sum = file.readUInt16LE(at + HEADER + 2 * i);
      assert.equal(crc(stored.subarray(i * block, (i + 1) * block)), sum, `block ${i} at ${at}`);
    }
    images.push({ whole: file.subarray(at, first + size), stored, code: header.readUInt32LE(20) });
    at = start + Math.ceil((first + size - start) / 4) * 4;
  }
  requireEnd(file, at);
  requireNoneLeftOut(file, start, at);
  return images;
}

/** Nothing behind the last image may be an image. */
function requireEnd(file: Buffer, end: number): void {
  const rest = file.subarray(end);
  if (!file.subarray(0, 2).equals(Buffer.from('MZ'))) {
    assert.ok(rest.every((byte) => byte === rest[0]) && (rest[0] ?? 0) % 255 === 0, 'bytes behind the last image');
    return;
  }
  for (let at = 0; at + HEADER <= rest.length; at++) {
    if (rest.readUInt32LE(at) !== MAGIC) continue;
    const header = Buffer.from(rest.subarray(at, at + HEADER));
    header.writeUInt16LE(0, 92);
    assert.notEqual(crc(header), rest.readUInt16LE(at + 92), 'an image was left out');
  }
}

/**
 * An image of an undamaged file whose header was overwritten must not lie in front of the chain in a program, or behind it,
 * with the filler up to the next multiple of 4.
 */
function requireNoneLeftOut(file: Buffer, start: number, end: number): void {
  if (!file.subarray(0, 2).equals(Buffer.from('MZ'))) return;
  for (const body of KNOWN_BODIES) {
    const known = Buffer.concat([body, Buffer.alloc(-(HEADER + body.length) & 3)]);
    const behind = file.subarray(end + HEADER, end + HEADER + known.length);
    assert.ok(!behind.equals(known), 'an image without its header was left out behind the others');
    const before = file.subarray(Math.max(0, start - known.length), start);
    assert.ok(!before.equals(known), 'an image without its header was left out in front');
  }
}

const KNOWN_IMAGES = new Set<string>();
/** Checksums and bytes of the images that are not too short to come together by chance. */
const KNOWN_BODIES: Buffer[] = [];
const SHORTEST_BODY = 32;
/** sha256 as sent of images whose bytes in the file have this sha256. */
const KNOWN_SENT = new Map<string, string>();

/** Told by the fuzzer what undamaged files give. */
export function learn({ file }: Seed, firmware: Firmware, report: FirmwareReport): void {
  for (const [i, { whole, stored }] of imagesOf(file, firmware.chainOffset).entries()) {
    KNOWN_IMAGES.add(sha256(whole));
    KNOWN_SENT.set(sha256(stored), report.images[i]?.sha256 ?? '');
    if (whole.length - HEADER >= SHORTEST_BODY) KNOWN_BODIES.push(Buffer.from(whole.subarray(HEADER)));
  }
}

/** Returns how many images are none of those of an undamaged file. */
export function judgeFirmware(file: Buffer, firmware: Firmware, report: FirmwareReport): number {
  const start = firmware.chainOffset;
  assert.ok(start >= 0x5c && (file[start - 0x5c] as number) <= 7, 'file type');
  const images = imagesOf(file, start);
  assert.ok(images.length >= 1 && images.length <= 20, 'number of images');
  assert.equal(report.images.length, images.length, 'images reported');
  assert.deepEqual(report.problems, []);
  let others = 0;
  for (const [i, { whole, stored, code }] of images.entries()) {
    const said = report.images[i];
    assert.ok(said);
    assert.equal(said.code, code);
    assert.ok(said.size > 0 && said.size <= (ROOM.get(code) ?? 0), `room of ${code.toString(16)}`);
    if (i < 2) assert.notEqual(stored.subarray(-4).toString('hex'), 'faafaaff', 'signature');
    const sent = { none: () => stored, zlib: () => inflated(stored), lzma: () => undefined }[said.compression]();
    const sum = sent ? sha256(sent) : KNOWN_SENT.get(sha256(stored));
    if (sum !== undefined) assert.equal(said.sha256, sum, `sha256 of image ${i}`);
    if (sent) assert.equal(said.size, sent.length, `size of image ${i}`);
    if (!KNOWN_IMAGES.has(sha256(whole))) others++;
  }
  return others;
}

function inflated(stored: Buffer): Buffer {
  // `info` gives the engine too, which the types do not know.
  const result = inflateSync(stored, { info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
  assert.equal(result.engine.bytesWritten, stored.length, 'zlib data end early');
  return result.buffer;
}

/** A loader that was accepted must run on the virtual stick and erase nothing; only the reported words may differ. */
export function judgeLoader(file: Buffer, loader: Loader): void {
  for (const [i, component] of loaderComponents(loader).entries()) {
    const at = 0x24 + 16 * i;
    const offset = file.readUInt32LE(at + 12);
    const expected = Buffer.from(file.subarray(offset, offset + file.readUInt32LE(at + 4)));
    if (i === 1) for (const patch of loader.patches) expected.writeUInt32LE(0xe3a00000, patch.offset);
    assert.equal(component.mode, i + 1);
    assert.ok(component.data.equals(expected), `component ${i + 1}`);
    if (i === 0) continue;
    const started = startLoader(component.data);
    assert.equal(started.runs, true, 'runs');
    assert.equal(started.erases, false, 'erases');
  }
}
