/** Whole write jobs: eight sticks at once against one, and how long the loop stands still for the rest of Node-RED. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MadeImage, makeFirmware } from '../src/virtual/make-files';
import { answer } from './answer';
import type { JobsResult } from './jobs-process';
import { median } from './pty';
import type { Row } from './row';

const MIB = 1024 * 1024;
const ROUNDS = 3;
const STICKS = 8;
/** A loader that stores at once, and one with NAND of 4 MB/s: 2 MiB in half a second. */
const SPEEDS = [
  { name: 'sticks that store at once', slowAck: 0 },
  { name: 'NAND of 4 MB/s', slowAck: 500 },
] as const;

const SMALL: readonly MadeImage[] = [
  { code: 0x105, size: MIB, compression: 'lzma' },
  { code: 0x107, size: MIB, compression: 'zlib' },
  { code: 0x550103, size: 6 * MIB },
];
/** 60 MB, of which 2.9 MB and 20 MB are packed. */
const LARGE: readonly MadeImage[] = [
  { code: 0x105, size: 2_900_000, compression: 'lzma' },
  { code: 0x550103, size: 20 * MIB, compression: 'zlib' },
  { code: 0xb0000, size: 40 * MIB },
];

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-bench-'));
  try {
    const file = (images: readonly MadeImage[]): string => {
      const path = join(folder, `${images.length}-${images[0]?.size}.bin`);
      writeFileSync(path, makeFirmware({ images }));
      return path;
    };
    const small = file(SMALL);
    const rows: Row[] = [];
    for (const { name, slowAck } of SPEEDS) {
      const [one, eight] = [await rounds(small, 1, slowAck), await rounds(small, STICKS, slowAck)];
      const of = (results: JobsResult[], key: keyof JobsResult) => median(results.map((result) => result[key]));
      rows.push(
        {
          name: `${STICKS} jobs of 8 MB at once, ${name}`,
          value: of(eight, 'ms'),
          unit: 'ms',
          floor: of(one, 'ms'),
          ratio: of(eight, 'ms') / of(one, 'ms'),
          aim: 'floor: one job alone',
        },
        {
          name: '  CPU of our process in it',
          value: of(eight, 'cpu'),
          unit: 'ms',
          floor: of(one, 'cpu'),
          ratio: of(eight, 'cpu') / of(one, 'cpu'),
        },
        {
          name: '  the loop stands still, longest',
          value: Math.max(...eight.map(({ stall }) => stall)),
          unit: 'ms',
          floor: Math.max(...one.map(({ stall }) => stall)),
        },
      );
    }
    const large = await rounds(file(LARGE), 1, 0);
    rows.push({
      name: 'a job of 60 MB: the loop stands still, longest',
      value: Math.max(...large.map(({ stall }) => stall)),
      unit: 'ms',
      aim: 'at most 20',
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The sticks are made once; each round is a process of its own. */
async function rounds(firmware: string, count: number, slowAck: number): Promise<JobsResult[]> {
  const sticks = fork(join(__dirname, 'loader-sticks.js'), [String(count), String(slowAck)]);
  try {
    const ttys = await answer<string[]>(sticks);
    const results: JobsResult[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      results.push(await answer<JobsResult>(fork(join(__dirname, 'jobs-process.js'), [firmware, ...ttys])));
    }
    return results;
  } finally {
    if (sticks.connected) sticks.disconnect();
    if (sticks.exitCode === null) await once(sticks, 'exit');
  }
}
