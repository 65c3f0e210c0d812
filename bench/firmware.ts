/** Firmware files: the check of 60 MB, with and without sha256, against plain reading and summing; LZMA. */

import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { crcX25 } from '../src/codec/crc';
import { checkFirmware } from '../src/firmware/check';
import { readFirmware } from '../src/firmware/firmware';
import { LzmaDecoder } from '../src/firmware/lzma';
import { openSource } from '../src/firmware/source';
import { makeFirmware } from '../src/virtual/make-files';
import { compressLzma } from '../src/virtual/make-lzma';
import { noise, text } from '../src/virtual/make-noise';
import type { Row } from './row';

const MIB = 1024 * 1024;
const BLOCK = 4096;
const RUNS = 5;
/** 62 MB, none of it compressed. */
const IMAGES = [
  { code: 0x101, size: 100_000 },
  { code: 0x104, size: 380_000 },
  { code: 0x105, size: 3_000_000 },
  { code: 0x550103, size: 31 * MIB },
  { code: 0x107, size: 25 * MIB },
];

/** MB/s of the best of some runs, after one to warm up. */
async function rate(bytes: number, work: () => Promise<void> | void): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= RUNS; i++) {
    const start = performance.now();
    await work();
    if (i > 0) best = Math.min(best, performance.now() - start);
  }
  return bytes / best / 1000;
}

/** The floor: read the file in pieces with one buffer, and do nothing else with it but `use`. */
function readWith(path: string, use: (piece: Buffer) => void): void {
  const buffer = Buffer.allocUnsafe(MIB);
  const fd = openSync(path, 'r');
  for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) use(buffer.subarray(0, n));
  closeSync(fd);
}

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-bench-'));
  try {
    const path = join(folder, 'firmware.bin');
    const file = makeFirmware({ images: IMAGES });
    writeFileSync(path, file);
    return [await plainCheck(path, file.length), await hashedCheck(path, file.length), await lzma()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function plainCheck(path: string, size: number): Promise<Row> {
  let sum = 0;
  const floor = await rate(size, () =>
    readWith(path, (piece) => {
      for (let at = 0; at < piece.length; at += BLOCK) sum ^= crcX25(piece, at, Math.min(at + BLOCK, piece.length));
    }),
  );
  if (sum > 0xffff) throw new Error('unreachable: a CRC has 16 bits');
  const value = await rate(size, () => check(path, false));
  return row('firmware check, 62 MB, header and block CRCs', value, floor, 'at least 600 MB/s');
}

async function hashedCheck(path: string, size: number): Promise<Row> {
  const floor = await rate(size, () => {
    for (let i = 0; i < 2; i++) {
      const hash = createHash('sha256');
      readWith(path, (piece) => hash.update(piece));
      hash.digest();
    }
  });
  const value = await rate(size, () => check(path, true));
  return row(
    'firmware check with sha256 of the file and of each image',
    value,
    floor,
    'floor: two sha256 without any checksum',
  );
}

async function check(path: string, sha256: boolean): Promise<void> {
  const source = await openSource(path);
  try {
    await checkFirmware(await readFirmware(source), source, { sha256 });
  } finally {
    await source.close();
  }
}

async function lzma(): Promise<Row> {
  const size = 8 * MIB;
  const packed = compressLzma(mixed(size));
  const value = await rate(size, () => {
    const decoder = new LzmaDecoder({ limit: size, what: 'bench' });
    decoder.push(packed);
    decoder.end();
    while (decoder.read(128 * 1024).length > 0);
  });
  return { name: 'LZMA, MB/s of output', value, unit: 'MB/s', aim: 'about 19 MB/s' };
}

/** Runs of repeats and runs of fresh bytes; xz-like ratio of program code, some 3 to 1. */
function mixed(size: number): Buffer {
  const bytes = text(size, 3);
  const fresh = noise(size, 5);
  for (let i = 0; i < size; i++) if (i % 48 < 16) bytes[i] = (fresh[i] as number) & 0x3f;
  return bytes;
}

function row(name: string, value: number, floor: number, aim: string): Row {
  return { name, value, unit: 'MB/s', floor, ratio: floor / value, aim };
}
