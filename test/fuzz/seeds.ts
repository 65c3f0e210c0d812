/** The files that the fuzzer starts from: small, made up, one for each form that the readers know. */

import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';

export interface Seed {
  kind: 'firmware' | 'loader';
  file: Buffer;
  /** Header offsets of a firmware's images, in the file's order. */
  headers: number[];
  /** Places worth more damage than others: `[offset, length]`. */
  hot: [number, number][];
}

const HEADER = 98;
const MAGIC = Buffer.from('55aa5aa5', 'hex');
const PROPER = 0x3c0;

function firmware(file: Buffer): Seed {
  const headers: number[] = [];
  let at = file.indexOf(MAGIC);
  // Past the constants in a program's "code", which have no lengths that fit.
  while (file.readUInt32LE(at + 4) > 0x1000) at = file.indexOf(MAGIC, at + 1);
  const start = at;
  while (at + HEADER <= file.length && file.subarray(at, at + 4).equals(MAGIC)) {
    headers.push(at);
    const end = at + file.readUInt32LE(at + 4) + file.readUInt32LE(at + 24);
    at = start + Math.ceil((end - start) / 4) * 4;
  }
  const hot = headers.map((h): [number, number] => [h, file.readUInt32LE(h + 4) + 16]);
  return { kind: 'firmware', file, headers, hot: [[start - 0x5c, 4], ...hot] };
}

function loader(file: Buffer): Seed {
  const call = file.indexOf(Buffer.from('0c005ee10000000a', 'hex'));
  const count = file.indexOf(Buffer.from('0c009de504109de5', 'hex'));
  const table = file.indexOf('pTableHead');
  const hot: [number, number][] = [
    [0, 0x54],
    [call - 16, 40],
    [count - 40, 140],
    [table, 0x400],
  ];
  return { kind: 'loader', file, headers: [], hot };
}

const SIZE = PROPER + 0x4600;

export const SEEDS: readonly Seed[] = [
  firmware(makeFirmware({ images: [{ code: 0x101, size: 300, blockSize: 64 }] })),
  firmware(
    makeFirmware({
      images: [
        { code: 0x100, size: 97 },
        { code: 0x104, size: 900, compression: 'zlib' },
        { code: 0x550103, size: 700, compression: 'lzma' },
      ],
    }),
  ),
  firmware(
    makeFirmware({
      exe: 701,
      images: [
        { code: 0x102, size: 120, blockSize: 50 },
        { code: 0x107, size: 800, compression: 'lzma-marker' },
        { code: 0xa0000, size: 40 },
      ],
    }),
  ),
  firmware(
    Buffer.concat([makeFirmware({ exe: 260, images: [{ code: 0x105, size: 500 }, { code: 0xb0000 }] }), noise(200, 9)]),
  ),
  firmware(makeFirmware({ images: Array.from({ length: 20 }, (_, i) => ({ code: 0x103, size: 10 + i })) })),
  firmware(
    makeFirmware({
      dloadId: 9,
      images: [{ code: 0x103, data: Buffer.concat([noise(120, 4), Buffer.from('4000000000000000faafaaff', 'hex')]) }],
    }),
  ),
  loader(makeLoader({ erase: 'safe', size: SIZE })),
  loader(makeLoader({ erase: 'live', size: SIZE })),
  loader(makeLoader({ erase: 'patched', size: SIZE })),
];
