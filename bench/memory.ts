/** Peak memory of a whole process that checks a file of 200 MB and writes it over a pty. */

import { fork } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MadeImage, makeFirmware } from '../src/virtual/make-files';
import { answer } from './answer';
import { withTty } from './pty';
import type { Row } from './row';
import type { WriteResult } from './write-process';

const MIB = 1024 * 1024;
/** 208 MB; one image is nearly as large as its partition, one is decompressed while it is sent. */
const IMAGES: readonly MadeImage[] = [
  { code: 0x105, size: 2_900_000, compression: 'lzma' },
  { code: 0x550103, size: 30 * MIB },
  { code: 0xb0000, size: 168 * MIB },
];

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-bench-'));
  try {
    const file = join(folder, 'firmware.bin');
    writeFileSync(file, makeFirmware({ images: IMAGES }).subarray(0, 0x5c));
    for (const image of IMAGES) appendFileSync(file, makeFirmware({ images: [image] }).subarray(0x5c));
    const { before, after } = await withTty('loader', (tty) =>
      answer<WriteResult>(fork(join(__dirname, 'write-process.js'), [file, tty])),
    );
    return [
      {
        name: 'memory, peak: check and write 208 MB',
        value: after,
        unit: 'MB',
        floor: before,
        ratio: after / before,
        aim: 'below 120 MB; floor: Node.js and the modules',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
