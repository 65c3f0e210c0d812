/** Runs mutants of small files through the readers and judges whatever they accept. */

import { isDriverError } from '../../src/errors';
import { checkFirmware } from '../../src/firmware/check';
import { readLoader } from '../../src/firmware/loader';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { random } from '../support/random';
import { judgeFirmware, judgeLoader, learn } from './judge';
import { mutate } from './mutate';
import { SEEDS, type Seed } from './seeds';

export interface FuzzResult {
  mutants: number;
  /** By error code. */
  refused: Record<string, number>;
  /** Accepted, every image as in an undamaged file. */
  same: number;
  /** Accepted with another image after its checksums were made right: a file of its own, and a sound one. */
  other: number;
  /** Accepted with another image although nobody made its checksums right: CRC-16 has no more than 65536 values. */
  collisions: number;
  /** Highest resident memory of the process, MB. */
  megabytes: number;
}

type Verdict = { accepted: 'same' | 'other' } | { refused: string };

/** One mutant: `number` and `seed` always make the same one. Throws when the reader crashes or accepts what is wrong. */
export function mutantOf(number: number, seed: number): { from: Seed; file: Buffer; plain: boolean } {
  const next = random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const from = SEEDS[next(SEEDS.length)] as Seed;
  return { from, ...mutate(from, next) };
}

export async function tryFile(kind: Seed['kind'], file: Buffer): Promise<Verdict> {
  try {
    const source = await openSource(file);
    if (kind === 'loader') {
      judgeLoader(file, await readLoader(source));
      return { accepted: 'same' };
    }
    const firmware = await readFirmware(source);
    const report = await checkFirmware(firmware, source, { sha256: true });
    return { accepted: judgeFirmware(file, firmware, report) === 0 ? 'same' : 'other' };
  } catch (error) {
    if (isDriverError(error)) return { refused: error.code };
    throw error;
  }
}

/** Reads the undamaged files, so that the judge knows them. */
export async function prepare(): Promise<void> {
  for (const seed of SEEDS) {
    if (seed.kind === 'loader' || (seed.file[0] as number) === 9) continue;
    const source = await openSource(seed.file);
    const firmware = await readFirmware(source);
    learn(seed, firmware, await checkFirmware(firmware, source, { sha256: true }));
  }
}

export async function fuzz(
  count: number,
  seed: number,
  onProgress: (result: FuzzResult) => void = () => {},
): Promise<FuzzResult> {
  await prepare();
  const result: FuzzResult = { mutants: 0, refused: {}, same: 0, other: 0, collisions: 0, megabytes: 0 };
  for (let number = 0; number < count; number++) {
    const { from, file, plain } = mutantOf(number, seed);
    const verdict = await tryFile(from.kind, file).catch((error: unknown) => {
      throw new Error(`Mutant ${number} of seed ${seed}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    });
    if ('refused' in verdict) result.refused[verdict.refused] = (result.refused[verdict.refused] ?? 0) + 1;
    else if (verdict.accepted === 'same') result.same++;
    else if (plain) result.collisions++;
    else result.other++;
    result.mutants++;
    if (number % 1000 === 999) {
      result.megabytes = process.resourceUsage().maxRSS / 1024;
      onProgress(result);
    }
  }
  result.megabytes = process.resourceUsage().maxRSS / 1024;
  return result;
}
