/**
 * What a command costs a gateway until its acknowledgement may leave: it is judged, and on the disk. Beside it the same bytes put
 * behind a file of the same folder with one sync, and once more on a disk whose sync takes as long as that of a slow card.
 */

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway } from '../src/gateway/gateway';
import { systemClock } from '../src/host/clock';
import { type Disk, thisDisk } from '../src/host/disk';
import { Notes } from '../src/host/notes';
import { settingsOf } from '../test/gateway/gateway-bench';
import type { Row } from './row';

const COMMANDS = 400;
/** So many have been taken before. */
const REMEMBERED = 5_000;
/** ms of a sync on a card that is busy. */
const SLOW_MS = 30;
/** Bytes that the journal gets for a command like these. */
const BYTES = 700;

interface Figures {
  sorted: number[];
  /** Of the disk, for each command. */
  syncs: number;
}

const at = ({ sorted }: Pick<Figures, 'sorted'>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const sort = (times: number[]): number[] => times.sort((a, b) => a - b);

/** The disk of this machine, with a sync that takes `ms` longer; counts them. */
function countingDisk(ms: number): { disk: Disk; syncs: () => number } {
  let syncs = 0;
  const wait = new Int32Array(new SharedArrayBuffer(4));
  const sync: Disk['sync'] = (fd) => {
    const slow = thisDisk.sync(fd);
    return {
      later: slow.later,
      now() {
        syncs++;
        if (ms > 0) Atomics.wait(wait, 0, 0, ms);
        slow.now();
      },
    };
  };
  return { disk: { ...thisDisk, sync }, syncs: () => syncs };
}

/** Takes commands as a broker hands them on; `before`: commands that it remembers. */
async function take(folder: string, slowMs: number, before: number, count: number): Promise<Figures> {
  const { disk, syncs } = countingDisk(slowMs);
  const none = { hour: undefined, day: undefined, number: undefined, reserve: 0 };
  const gateway = (on: Disk): Gateway =>
    new Gateway({
      settings: settingsOf({ limits: none, queue: Number.POSITIVE_INFINITY }),
      store: new Notes([folder], on),
      times: { date: () => new Date(), up: () => performance.now(), machine: 'bench' },
      clock: systemClock,
      way: { publish: async () => false },
      origin: { name: 'bench', version: '0', url: undefined },
      nodeRed: undefined,
      persistent: () => true,
      hears: true,
      hint: () => undefined,
      clockIsRight: () => true,
      onState: () => undefined,
      onRefused: (error) => {
        throw error;
      },
      onError: (error) => {
        throw error;
      },
    });
  const command = (i: number) => ({
    topic: 'e3272/gw1/sms/set',
    payload: Buffer.from(JSON.stringify({ id: `c${i}`, to: '+491713920000', text: `Water in the cellar ${i}` })),
    packet: i % 65_535,
  });
  const filling = gateway(thisDisk);
  for (let i = 0; i < before; i++) filling.take(command(-1 - i));
  await filling.close(false);
  const measured = gateway(disk);
  const times: number[] = [];
  const began = syncs();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    measured.take(command(i));
    times.push(performance.now() - start);
  }
  const figures = { sorted: sort(times), syncs: (syncs() - began) / count };
  await measured.close(true);
  return figures;
}

/** The same bytes, put behind a file with a sync. */
function plainAppends(folder: string, count: number): number[] {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const file = openSync(join(folder, 'plain'), 'a');
    writeSync(file, 'x'.repeat(BYTES));
    fsyncSync(file);
    closeSync(file);
    times.push(performance.now() - start);
  }
  return sort(times);
}

export async function bench(): Promise<Row[]> {
  const root = mkdtempSync(join(process.env['E3272_BENCH_DISK'] ?? tmpdir(), 'e3272-bench-'));
  const folder = (name: string) => join(root, name);
  try {
    const disk = await take(folder('disk'), 0, 0, COMMANDS);
    const plain = { sorted: plainAppends(root, COMMANDS) };
    const full = await take(folder('full'), 0, REMEMBERED, COMMANDS);
    const slow = await take(folder('slow'), SLOW_MS, 0, COMMANDS / 4);
    const row = (name: string, figures: Figures, share: number, floor: number, aim?: string): Row => {
      const value = at(figures, share);
      return { name, value, unit: 'ms', floor, ratio: value / floor, ...(aim !== undefined && { aim }) };
    };
    return [
      row('gateway, command until PUBACK, p50', disk, 0.5, at(plain, 0.5), 'floor: append and fsync of the same bytes'),
      row('gateway, command until PUBACK, p99', disk, 0.99, at(plain, 0.99)),
      row(`the same, ${REMEMBERED} commands remembered, p50`, full, 0.5, at(plain, 0.5)),
      row(`the same, an fsync takes ${SLOW_MS} ms more, p50`, slow, 0.5, SLOW_MS + at(plain, 0.5)),
      { name: 'gateway, fsyncs for a command until PUBACK', value: disk.syncs, unit: '', aim: 'at most one' },
    ];
  } finally {
    rmSync(root, { recursive: true });
  }
}
