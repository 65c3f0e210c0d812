/** The files of a job: opened and checked as a whole before any port is opened. Checks 1 to 3. */

import { type DriverError, failure } from '../errors';
import { FLASH, MODEL } from '../family/family';
import { isNeverWritten } from '../family/names';
import type { KnownLoader } from '../family/profile';
import type { ByteSource } from '../firmware/byte-source';
import { checkFirmware, type FirmwareReport } from '../firmware/check';
import type { Firmware } from '../firmware/firmware';
import { inspectLoader, type Loader, loaderProblem } from '../firmware/loader';
import { isVxWorksCode, isWebuiCode, isWritableCode } from '../firmware/partitions';
import { otherChip } from '../firmware/policy';
import { readFirmware } from '../firmware/read-firmware';
import { type FileInput, openSource } from '../firmware/source';
import type { Job } from './job';
import type { CheckedFirmware } from './plan';

/** What a firmware file is for in a job: the system, or the web pages that belong to a HiLink system. */
export type Part = 'firmware' | 'webui';

/** Rule: what tools and tests made up never reaches a real stick, without override. */
function refuseSynthetic(job: Job, synthetic: boolean, what: string): void {
  if (!synthetic || !job.host.real) return;
  throw failure('FIRMWARE_SYNTHETIC/file', { what }, { stick: job.place });
}

/** A URL is fetched here: that can be cancelled, and is told where the server says how much will come. */
function open(job: Job, input: FileInput, what: string): Promise<ByteSource> {
  const { signal } = job.options;
  let tell: ((done: number) => void) | undefined;
  const onProgress = (done: number, total: number | undefined) => {
    if (total === undefined) return;
    tell ??= job.account.progress('files', total, () => ({ text: `Fetching the ${what}.` }));
    tell(done);
  };
  return job.host.clock.during(openSource(input, { onProgress, ...(signal && { signal }) }));
}

/**
 * Check 3. The one place that knows both the file and whether the stick is real: a made-up loader stands for a known one
 * where it is not, and is refused where it is. `known`: the loaders that are known.
 */
export async function loadLoader(
  job: Job,
  input: FileInput,
  known: readonly KnownLoader[] = FLASH.loaders,
): Promise<Loader> {
  const source = await open(job, input, 'loader');
  try {
    const { loader } = await job.checks.run('loader', async () => {
      const read = await job.host.clock.during(inspectLoader(source, known));
      refuseSynthetic(job, read.synthetic, 'loader');
      const problem = loaderProblem(read, job.overridden('unsafe-loader'));
      if (problem) throw problem;
      const { product, version, rows } = read.table;
      const table = `Partition table for ${product} ${version}: ${rows.length} rows, as an ${MODEL} has them.`;
      return { loader: read, compared: `sha256 ${read.sha256}. ${read.text} ${table}` };
    });
    const { name, size, sha256, verdict, known: as, text: finding } = loader;
    job.account.fact({
      type: 'loader',
      loader: { name, size, sha256, verdict, ...(as !== undefined && { known: as }), finding },
    });
    if (loader.verdict !== 'known' && !loader.standIn) {
      const text = 'The loader is not a known one and may erase the stick: forced by the caller.';
      job.checks.set('loader', 'warned', text);
      job.warn(`${text} ${loader.text}`);
    }
    return loader;
  } finally {
    await job.host.clock.during(source.close());
  }
}

/**
 * Checks 1 and 2. `before` is written through the same loader before this file: the partition table that it brings counts
 * for this one. The source stays open: the write reads from it. The caller closes it.
 */
export async function loadFirmware(
  job: Job,
  input: FileInput,
  part: Part = 'firmware',
  before?: CheckedFirmware,
): Promise<CheckedFirmware> {
  const source = await open(job, input, part === 'firmware' ? 'firmware' : 'web UI');
  try {
    const firmware = await job.checks
      .run('file', async () => {
        const read = await job.host.clock.during(readFirmware(source));
        return {
          read,
          compared: `${read.name}: ${read.images.length} images in ${read.size} bytes, every header right.`,
        };
      })
      .then(({ read }) => read);
    const onProgress = job.account.progress('files', firmware.size, () => ({ text: `Checking ${firmware.name}.` }));
    const { signal } = job.options;
    const check = await job.host.clock.during(
      checkFirmware(firmware, source, {
        sha256: true,
        collect: true,
        onProgress,
        ...(before && { before: before.check }),
        ...(signal && { signal }),
      }),
    );
    const { name, size, version } = firmware;
    job.account.fact({ type: 'file', part, file: { name, size, sha256: check.sha256 ?? '', version } });
    await judge(job, firmware, check, part);
    const rows = check.images.map((image, i) => ({
      index: (before?.images.length ?? 0) + i,
      code: image.code,
      name: image.partition,
      size: image.size,
      sha256: image.sha256 ?? '',
    }));
    job.account.fact({ type: 'images', images: rows });
    for (const warning of [...firmware.warnings, ...check.warnings]) job.warn(warning);
    const { tableChanges } = check;
    if (tableChanges.length > 0) job.account.fact({ type: 'table-changes', rows: tableChanges });
    const images = check.images.flatMap((image, i) => {
      const row = rows[i];
      return row ? [{ ...row, image, source }] : [];
    });
    return { source, firmware, check, images, tableChanges };
  } catch (error) {
    await job.host.clock.during(source.close());
    throw error;
  }
}

/** Problems of the file itself; all others are about what a stick may get. */
const DAMAGE = ['FIRMWARE_CRC', 'FIRMWARE_TRUNCATED', 'FIRMWARE_INVALID'];

/** Checks 1 and 2 on what was found. All problems stand in the report; the first one is thrown, damage before the rest. */
async function judge(job: Job, firmware: Firmware, check: FirmwareReport, part: Part): Promise<void> {
  const { problems, tableProblems } = check;
  const damage = problems.filter((p) => DAMAGE.includes(p.code) && !tableProblems.includes(p));
  await job.checks.run('file', () => {
    refuse(job, 'file', damage);
    return `Every block right, sha256 ${check.sha256}.`;
  });
  await job.checks.run('fit', () => {
    refuseSynthetic(job, firmware.synthetic, 'firmware');
    const unfit = problems.filter((p) => !damage.includes(p) && !isExcused(job, firmware, p));
    const order = wrongOrder(firmware, part);
    refuse(job, 'fit', [...unfit, ...(order ? [order] : [])]);
    const rooms = check.images.map((image) => `${image.partition} ${image.size} of ${image.room}`).join(', ');
    const signed = firmware.signed ? 'signed, which was allowed' : 'unsigned';
    return `${firmware.name}: bytes of partition by ${tablesText(check)}: ${rooms}; ${signed}; version ${firmware.version || 'not named'}.`;
  });
  if (problems.some((p) => isExcused(job, firmware, p))) {
    job.checks.set('fit', 'warned', `Overridden: ${problems.map((p) => p.message).join(' ')}`);
  }
  if (check.tableChanges.length > 0) job.checks.set('fit', 'warned', 'It divides the flash memory anew.');
}

/** By which partition tables the images were measured, and which were found. */
function tablesText({ tables, tablesFound }: FirmwareReport): string {
  const known = tables.every((table) => table === 'known');
  const measure = `the known table of the ${MODEL}${known ? '' : ' and those that the firmware brings'}`;
  return `${measure} (partition tables in it: ${tablesFound || 'none'}${tablesFound ? ', held against the known one' : ''})`;
}

/** Throws the first of `problems`; the others are told in the check. */
function refuse(job: Job, id: 'file' | 'fit', [first, ...more]: readonly DriverError[]): void {
  if (!first) return;
  for (const problem of more) job.checks.fail(id, problem);
  throw first;
}

/**
 * Signatures may be overridden, which the headers tell, and the name of a device of which nothing is known; codes, the chip
 * and a model that is known to be another one never, wherever in the file they stand, and nothing that was found in the
 * images themselves.
 */
function isExcused(job: Job, firmware: Firmware, problem: DriverError): boolean {
  if (!firmware.problems.includes(problem)) return false;
  if (!firmware.images.every((image) => isWritableCode(image.code))) return false;
  const texts = firmware.images.flatMap(({ platform, version }) => [platform, version]);
  if (texts.some((text) => otherChip(text) !== undefined || isNeverWritten(text))) return false;
  if (problem.code === 'FIRMWARE_WRONG_DEVICE') return job.overridden('other-device');
  return problem.code === 'FIRMWARE_UNSUPPORTED' && firmware.signed && job.overridden('signed-firmware');
}

/** HiLink takes two files: the system first, its web pages second. */
function wrongOrder({ images, name }: Firmware, part: Part): DriverError | undefined {
  const system = images.some((image) => isVxWorksCode(image.code));
  const pages = images.some((image) => isWebuiCode(image.code));
  if (part === 'firmware') {
    if (system || !pages) return undefined;
    return failure('BAD_ARGUMENT/only-webui', { name });
  }
  if (!pages && !system) return failure('BAD_ARGUMENT/no-webui', { name });
  return system ? failure('BAD_ARGUMENT/no-mere-webui', { name }) : undefined;
}
