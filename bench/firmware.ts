/** Firmware files: the check of 60 MB, with and without sha256, against plain reading and summing; LZMA. */

import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { crcX25 } from '../src/codec/crc';
import { checkFirmware } from '../src/firmware/check';
import { LzmaDecoder } from '../src/firmware/lzma';
import { readFirmware } from '../src/firmware/read-firmware';
import { openImage } from '../src/firmware/reader';
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
async function rate(bytes: number, work: () => Promise<void> | void, runs = RUNS): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= runs; i++) {
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
    const program = join(folder, 'firmware.exe');
    const whole = Buffer.concat([makeFirmware({ images: IMAGES, exe: 2 * MIB }), noise(MIB, 3)]);
    writeFileSync(program, whole);
    return [
      await plainCheck(path, file.length, '62 MB, header and block CRCs'),
      await plainCheck(program, whole.length, 'inside 3 MB of a program'),
      await hashedCheck(path, file.length),
      ...(await lzma()),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function plainCheck(path: string, size: number, what: string): Promise<Row> {
  let sum = 0;
  const floor = await rate(size, () =>
    readWith(path, (piece) => {
      for (let at = 0; at < piece.length; at += BLOCK) sum ^= crcX25(piece, at, Math.min(at + BLOCK, piece.length));
    }),
  );
  if (sum > 0xffff) throw new Error('unreachable: a CRC has 16 bits');
  const value = await rate(size, () => check(path, false));
  return row(`firmware check, ${what}`, value, floor, 'at least 600 MB/s');
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
  return row('firmware check with sha256 of file and images', value, floor, 'floor: two sha256 without any checksum');
}

async function check(path: string, sha256: boolean): Promise<void> {
  const source = await openSource(path);
  try {
    await checkFirmware(await readFirmware(source), source, { sha256 });
  } finally {
    await source.close();
  }
}

/** An image of 30 MiB: decompressed at once and by itself, and handed out block by block as a write takes it. */
async function lzma(): Promise<Row[]> {
  const size = 30 * MIB;
  const packed = compressLzma(mixed(size));
  const floor = await rate(
    size,
    () => {
      const decoder = new LzmaDecoder({ limit: size, what: 'bench' });
      decoder.push(packed);
      decoder.end();
      while (decoder.read(128 * 1024).length > 0);
    },
    2,
  );
  const source = await openSource(makeFirmware({ images: [{ code: 0x550103, data: packed }] }));
  const [image] = (await readFirmware(source)).images;
  if (!image) throw new Error('unreachable: one image was made');
  const idle = standstill();
  await sleep(2000);
  const still = idle();
  const busy = standstill();
  const value = await rate(
    size,
    async () => {
      const reader = openImage(source, image);
      for (let block = await reader.next(BLOCK); block.length > 0; block = await reader.next(BLOCK));
      await reader.close();
    },
    2,
  );
  const worst = busy();
  return [
    row('LZMA, 30 MiB handed out block by block', value, floor, 'floor: the decoder alone; about 19 MB/s'),
    {
      name: 'LZMA, longest standstill of the loop',
      value: worst,
      unit: 'ms',
      floor: still,
      ratio: worst / still,
      aim: 'at most 20 ms; floor: an idle loop',
    },
  ];
}

/** Beats every millisecond; what it is late by, in ms, is how long the loop stood still. */
function standstill(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  return () => {
    delay.disable();
    return delay.max / 1e6;
  };
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
