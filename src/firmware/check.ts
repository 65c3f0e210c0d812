/** Checks a whole firmware file before anything is sent: every checksum, every decompression, every size. */

import { asDriverError, DriverError } from '../errors';
import { MODEL } from '../family/family';
import type { ByteSource } from './byte-source';
import { inspectInWorker } from './check-worker';
import type { Firmware, FirmwareImage } from './firmware';
import { TableCourse } from './firmware-table';
import { type Findings, type InspectOptions, inspect, inspectionLength } from './inspect';
import { isRoomUnknown, KNOWN_ONLY, type Tables } from './partitions';

/** An image that was checked: its size as sent is known, and a change of its bytes is noticed. */
export interface CheckedImage extends FirmwareImage {
  size: number;
  digests: Uint32Array;
  /** Of the bytes as sent, in hex; with `sha256: true`. */
  sha256?: string;
}

export interface FirmwareReport {
  /** Of the file, in hex; with `sha256: true`. */
  sha256?: string;
  /** In the file's order. With `collect` without the images that have a problem. */
  images: CheckedImage[];
  /** Always empty without `collect`. */
  problems: DriverError[];
  /** Those of `problems` that are about a partition table in it. */
  tableProblems: DriverError[];
  /** What the images tell besides, in sentences. */
  warnings: string[];
  /** Partition tables that were found in the images. */
  tablesFound: number;
  /** How the stick's NAND would be divided otherwise than now: a sentence for each partition. Empty = not at all. */
  tableChanges: string[];
  /** The partition tables that count behind the last image. */
  tables: Tables;
}

export interface CheckOptions {
  sha256?: boolean;
  /** Report all problems instead of throwing the first one. Nothing may be written when there are any. */
  collect?: boolean;
  /** What was found in a firmware that is written before this one: the tables that it brings count for this one. */
  before?: FirmwareReport;
  signal?: AbortSignal;
  /** Bytes that were checked, of the file's size; the last call says all of them. */
  onProgress?: (done: number) => void;
}

/**
 * More hashing and LZMA than this (in ms, estimated) goes to a worker thread, so that Node's loop stays free. Checksums
 * alone do not: they take 1 ms for 1 MiB, with a turn of the loop after each, and are done before a worker has started.
 */
const INLINE_MS = 20;

/**
 * `source` must be the one that `firmware` was read from; it stays open. Memory: about 4 MiB and one LZMA dictionary,
 * whatever the size of the file. Real work: put it under the clock's `during`.
 *
 * Errors: the first of `firmware.problems`; FIRMWARE_CRC, FIRMWARE_TRUNCATED, FIRMWARE_INVALID (a compressed image
 * that does not decompress exactly; a damaged partition table), FIRMWARE_TOO_LARGE, FIRMWARE_WRONG_DEVICE (a partition
 * table for another stick), CANCELLED, those of the source.
 */
export async function checkFirmware(
  firmware: Firmware,
  source: ByteSource,
  options: CheckOptions = {},
): Promise<FirmwareReport> {
  const { signal, onProgress } = options;
  const collect = options.collect ?? false;
  const tables = options.before?.tables ?? KNOWN_ONLY;
  const what: InspectOptions = { sha256: options.sha256 ?? false, collect, tables, synthetic: firmware.synthetic };
  const [first] = firmware.problems;
  if (first && !collect) throw first;
  requireGoing(signal);
  const length = inspectionLength(firmware.size, firmware.images, what);
  const progress = (done: number) => {
    requireGoing(signal);
    onProgress?.(Math.floor((done / length) * firmware.size));
  };
  const findings =
    estimate(firmware, what) > INLINE_MS
      ? await inspectInWorker(source, firmware.images, what, progress, signal)
      : await inspect(source, firmware.images, what, progress);
  onProgress?.(firmware.size);
  const result = report(firmware, findings, new TableCourse(tables, firmware.synthetic));
  const [problem] = result.problems;
  if (problem && !collect) throw problem;
  return result;
}

function report(firmware: Firmware, findings: Findings, course: TableCourse): FirmwareReport {
  const images: CheckedImage[] = [];
  const problems = [...firmware.problems];
  const tableProblems: DriverError[] = [];
  const warnings = new Set<string>();
  const tableChanges = new Set<string>();
  let tablesFound = 0;
  firmware.images.forEach((image, i) => {
    const finding = findings.images[i];
    if (isRoomUnknown(image.code, course.tables)) warnings.add(noRoom(image));
    if (!finding) return;
    if (finding instanceof DriverError) {
      // What the headers tell already is told once.
      if (!problems.some(({ message }) => message === finding.message)) problems.push(finding);
      return;
    }
    const { found, ...rest } = finding;
    images.push({ ...image, ...rest });
    if (!found) return;
    tablesFound += found.length;
    const { problem, changes, warning } = course.take(image, firmware.name, found);
    if (problem) tableProblems.push(problem);
    for (const change of changes) tableChanges.add(change);
    if (warning !== undefined) warnings.add(warning);
  });
  return {
    images,
    problems: [...problems, ...tableProblems],
    tableProblems,
    warnings: [...warnings],
    tablesFound,
    tableChanges: [...tableChanges],
    tables: course.tables,
    ...(findings.sha256 !== undefined && { sha256: findings.sha256 }),
  };
}

const noRoom = ({ partition }: FirmwareImage): string =>
  `The known partition table of the ${MODEL} has no room for ${partition}; a stick with the same table will refuse it.`;

function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw asDriverError(signal.reason, 'CANCELLED/check', {});
}

/** Milliseconds of hashing and LZMA, from what was measured: 1 GB/s, and 0.02 GB/s of output. */
function estimate(firmware: Firmware, options: InspectOptions): number {
  let ms = options.sha256 ? firmware.size / 1_000_000 : 0;
  for (const image of firmware.images) {
    const output = image.size ?? 4 * image.storedSize;
    if (image.compression === 'lzma') ms += output / 20_000;
    if (options.sha256) ms += output / 1_000_000;
  }
  return ms;
}
