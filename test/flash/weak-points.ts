import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import { upload, write } from '../../src/flash/upload-and-write';
import { imageData, type MadeImage } from '../../src/virtual/make-files';
import type { StickOptions } from '../../src/virtual/options';
import { cliHint, nodeHint } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

/** A row of docs/weak-points.md, and the proof of what it says. */
export interface WeakPoint {
  /** What goes wrong with the tools of today. */
  weak: string;
  /** What this package does. */
  ours: string;
  prove: () => Promise<void>;
}

export const images: MadeImage[] = [
  { code: 0x100, size: 2_048 },
  { code: 0x550103, size: 20_480 },
  { code: 0x107, size: 9_000, compression: 'lzma' },
];
export const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };

export function assertStored(run: Journey, expected: readonly MadeImage[] = images): void {
  for (const image of expected) {
    assert.ok(imageData(image).equals(run.stick.flash.get(image.code) ?? Buffer.alloc(0)), image.code.toString(16));
  }
}

/** A stick whose loader runs already. */
export async function inLoader(options: Omit<Partial<StickOptions>, 'clock'> = {}): Promise<Journey> {
  const run = journey(files, options);
  await run.plug({ bootPin: true });
  const report = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
  assert.equal(report.error, undefined);
  return run;
}

export const writing = (run: Journey, more: object = {}): Promise<JobReport> =>
  run.run(write(run.host, { which: '1-1', firmware: files.firmware, confirm: () => true, ...more }));

/** The code with which a file is refused; nothing may have reached the stick. */
export async function refusal(firmware: Uint8Array | string, more: object = {}): Promise<string | undefined> {
  const run = journey(files);
  await run.plug({ bootPin: true });
  const seen: string[] = [];
  run.stick.onEvent((event) => event.what !== 'tty' && event.what !== 'mode' && seen.push(event.what));
  const report = await run.convert({ firmware, ...more });
  assert.deepEqual(seen, []);
  assert.ok(cliHint(report.error) && nodeHint(report.error), 'it says what to do');
  return report.error?.code;
}
