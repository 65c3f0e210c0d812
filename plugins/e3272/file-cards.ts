/** A file as its card in the assistant shows it: what it is, whether it is whole, and all that is wrong with it together. */

import { createHash } from 'node:crypto';
import { errorData } from '../../nodes/shared/failure';
import { MODEL } from '../../src/family/family';
import type { ByteSource } from '../../src/firmware/byte-source';
import { checkFirmware } from '../../src/firmware/check';
import { beginsAsLoader, inspectLoader, loaderProblem } from '../../src/firmware/loader';
import { readFirmware } from '../../src/firmware/read-firmware';
import { type FileInput, openSource } from '../../src/firmware/source';
import { failureOf } from './job-book';
import type { FileCard } from './shapes';

/** Never rejects: what cannot be read is a card too. `made`: a made-up file, for a virtual stick. */
export async function fileCard(name: string, input: FileInput, made: boolean): Promise<FileCard> {
  let size: number | undefined;
  try {
    const source = await openSource(input);
    ({ size } = source);
    try {
      const card = (await beginsAsLoader(source)) ? await loaderCard(source, made) : await firmwareCard(source);
      return { name, size, ...card };
    } finally {
      await source.close();
    }
  } catch (error) {
    const problems = [failureOf(await errorData(error))];
    return { name, ...(size !== undefined && { size }), kind: 'other', problems, notes: [] };
  }
}

type Card = Omit<FileCard, 'name' | 'size'>;

async function loaderCard(source: ByteSource, made: boolean): Promise<Card> {
  const loader = await inspectLoader(source);
  const problem = loaderProblem(loader);
  const standsIn = loader.standIn && !made;
  return {
    kind: 'loader',
    known: loader.verdict === 'known' || loader.standIn === true,
    ...(loader.sha256 !== undefined && { sha256: loader.sha256 }),
    notes: [loader.text, ...(standsIn ? ['It is a made-up loader: only a virtual stick takes it.'] : [])],
    problems: problem ? [failureOf(await errorData(problem))] : [],
  };
}

async function firmwareCard(source: ByteSource): Promise<Card> {
  const firmware = await readFirmware(source);
  const report = await checkFirmware(firmware, source, { sha256: true, collect: true });
  const versions = [...new Set(firmware.images.map(({ version }) => version).filter(Boolean))];
  const problems = await Promise.all(report.problems.map(async (problem) => failureOf(await errorData(problem))));
  return {
    kind: 'firmware',
    ...(report.sha256 !== undefined && { sha256: report.sha256 }),
    ...(versions.length > 0 && { version: versions.join(', ') }),
    images: firmware.images.length,
    ...(problems.length === 0 && { fits: MODEL }),
    notes: [...firmware.warnings, ...report.warnings, ...report.tableChanges],
    problems,
  };
}

const STEP = 1024 * 1024;

/** The sum that is on the card of a file, of what is there now; undefined where it cannot be read. */
export async function sha256Of(input: FileInput): Promise<string | undefined> {
  const source = await openSource(input).catch(() => undefined);
  if (!source) return undefined;
  const hash = createHash('sha256');
  try {
    for (let at = 0; at < source.size; at += STEP) {
      hash.update(await source.read(at, Math.min(STEP, source.size - at)));
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  } finally {
    await source.close();
  }
}
