/** A process that checks and writes one firmware file and does nothing else; says how much memory that took at most. */

import { readFileSync } from 'node:fs';
import { checkFirmware } from '../src/firmware/check';
import { readFirmware } from '../src/firmware/read-firmware';
import { openImage } from '../src/firmware/reader';
import { openSource } from '../src/firmware/source';
import { writeImage } from '../src/flash/download';
import { systemClock } from '../src/host/clock';
import { openTty } from '../src/host/open-tty';
import { LoaderLink } from '../src/survey/loader-link';

export interface WriteResult {
  /** Highest resident memory before any file was opened, and in the end, MB. */
  before: number;
  after: number;
  /** Bytes as sent. */
  sent: number;
}

/** Not `resourceUsage`, which goes on counting from the process that started this one. */
const peak = (): number => Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024;

async function main(file: string, tty: string): Promise<void> {
  const before = peak();
  const port = await openTty(tty);
  const source = await openSource(file);
  const { images } = await checkFirmware(await readFirmware(source), source, { sha256: true });
  const link = new LoaderLink(port, systemClock, 'bench');
  let sent = 0;
  for (const image of images) {
    const reader = openImage(source, image);
    const { code, partition, size, sha256 = '' } = image;
    await writeImage(link, { code, name: partition, size, sha256 }, reader, { stick: 'bench' });
    await reader.close();
    sent += image.size;
  }
  await source.close();
  await port.close();
  process.send?.({ before, after: peak(), sent } satisfies WriteResult);
}

const [file, tty] = process.argv.slice(2);
if (file === undefined || tty === undefined) throw new Error('A firmware file and a tty are needed.');
main(file, tty).catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
