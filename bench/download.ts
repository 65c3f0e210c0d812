/** The download loop over a pty, against a plain stop-and-wait loop with ready-made frames on the same pty. */

import { createHash } from 'node:crypto';
import { encodeFrame } from '../src/codec/hdlc';
import { BLOCK, writeImage } from '../src/flash/download';
import { systemClock } from '../src/host/clock';
import type { TtyPort } from '../src/host/host';
import { LoaderLink } from '../src/survey/loader-link';
import { median, stopAndWait, time, withDevice } from './pty';
import type { Row } from './row';

const BLOCKS = 4096;
const ROUNDS = 5;

function image(): Buffer {
  const bytes = Buffer.alloc(BLOCKS * BLOCK);
  for (let i = 0, x = 1; i < bytes.length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    bytes[i] = x >>> 16;
  }
  return bytes;
}

function frames(bytes: Buffer): Uint8Array[] {
  return Array.from({ length: BLOCKS }, (_, i) => {
    const head = Buffer.alloc(7);
    head[0] = 0x42;
    head.writeUInt32BE(i + 1, 1);
    head.writeUInt16BE(BLOCK, 5);
    return encodeFrame(Buffer.concat([head, bytes.subarray(i * BLOCK, (i + 1) * BLOCK)]));
  });
}

export async function bench(): Promise<Row[]> {
  const bytes = image();
  const ready = frames(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const ours: number[] = [];
  const floor: number[] = [];
  await withDevice('loader', async (port: TtyPort) => {
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(await time(() => stopAndWait(port, ready, 5)));
      const link = new LoaderLink(port, systemClock, 'bench');
      let end = 0;
      const source = {
        next(size: number) {
          end += size;
          return bytes.subarray(end - size, end);
        },
      };
      ours.push(
        await time(() =>
          writeImage(link, { code: 0x103, name: 'bench', size: bytes.length, sha256 }, source, { stick: 'bench' }),
        ),
      );
    }
  });
  const perBlock = (ms: number[]) => (median(ms) * 1000) / BLOCKS;
  const value = perBlock(ours);
  const plain = perBlock(floor);
  return [
    {
      name: 'download, time per 4096-byte block',
      value,
      unit: 'us',
      floor: plain,
      ratio: value / plain,
      aim: 'at most 1.1 x',
    },
    { name: 'download, rate', value: BLOCK / value, unit: 'MB/s', floor: BLOCK / plain },
  ];
}
