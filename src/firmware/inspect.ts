/** The work of a check: reads a whole file once or twice. Runs in this thread or in a worker. */

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DriverError } from '../errors';
import type { ByteSource } from './byte-source';
import { Digester } from './digests';
import type { FirmwareImage } from './firmware';
import { bringsTable, TableCourse } from './firmware-table';
import { type FoundTable, TableScanner } from './partition-table';
import type { Tables } from './partitions';
import { sentPieces } from './sent';
import { STEP } from './stored';

export interface InspectOptions {
  /** Also hash the file and each image as sent. */
  sha256: boolean;
  /** Go on with the next image after a fault. */
  collect: boolean;
  /** The partition tables that count before the first image. */
  tables: Tables;
  /** The firmware is a made-up one, and so are its tables. */
  synthetic: boolean;
}

/** What was found out about one image. */
export interface Finding {
  /** Bytes as sent. */
  size: number;
  /** Of the bytes as sent, in hex. */
  sha256?: string;
  /** Of the bytes in the file, see `FirmwareImage`. */
  digests: Uint32Array;
  /** Bytes that the image may have, by the tables that count where it is written. */
  room: number;
  /** Partition tables in it, as far as it is a boot image. */
  found?: FoundTable[];
}

export interface Findings {
  /** Of the file, in hex. */
  sha256?: string;
  /** In the file's order: the finding, or what is wrong with the image. */
  images: (Finding | DriverError)[];
}

/** `onProgress` gets the bytes that were read so far, of {@link inspectionLength}. */
export async function inspect(
  source: ByteSource,
  images: readonly FirmwareImage[],
  options: InspectOptions,
  onProgress: (done: number) => void,
  buffers: readonly Buffer[] = [Buffer.allocUnsafe(STEP), Buffer.allocUnsafe(STEP)],
): Promise<Findings> {
  let done = 0;
  const onRead = (bytes: number) => {
    done += bytes;
    onProgress(done);
  };
  const findings: Findings = { images: [] };
  if (options.sha256) findings.sha256 = await hashSource(source, buffers, onRead);
  const course = new TableCourse(options.tables, options.synthetic);
  for (const image of images) {
    try {
      const measured = { ...image, room: course.room(image.code) };
      const finding = await inspectImage(source, measured, options, buffers, onRead);
      if (finding.found) course.take(image, source.name, finding.found);
      findings.images.push(finding);
    } catch (error) {
      if (!options.collect || !(error instanceof DriverError) || error.code === 'CANCELLED') throw error;
      findings.images.push(error);
    }
  }
  return findings;
}

/** Bytes that {@link inspect} reads, checksums apart. */
export function inspectionLength(size: number, images: readonly FirmwareImage[], options: InspectOptions): number {
  return images.reduce((sum, image) => sum + image.storedSize, options.sha256 ? size : 0);
}

async function inspectImage(
  source: ByteSource,
  image: FirmwareImage,
  options: InspectOptions,
  buffers: readonly Buffer[],
  onRead: (bytes: number) => void,
): Promise<Finding> {
  const hash = options.sha256 ? createHash('sha256') : undefined;
  const digester = new Digester(image.storedSize);
  const scanner = bringsTable(image.code) ? new TableScanner() : undefined;
  const onStored = (piece: Buffer) => {
    digester.add(piece);
    onRead(piece.length);
  };
  let size = 0;
  for await (const piece of sentPieces(source, image, { buffers, onStored })) {
    size += piece.length;
    hash?.update(piece);
    scanner?.push(piece);
    // Bytes that are in memory already come without one.
    await nextTurn();
  }
  return {
    size,
    digests: digester.digests,
    room: image.room,
    ...(hash && { sha256: hash.digest('hex') }),
    ...(scanner && { found: scanner.end() }),
  };
}

/** The next piece is read while one is hashed. */
async function hashSource(
  source: ByteSource,
  buffers: readonly Buffer[],
  onRead: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const fetch = (at: number) => {
    const piece = source.read(at, Math.min(STEP, source.size - at), buffers[(at / STEP) % buffers.length]);
    piece.catch(() => undefined);
    return piece;
  };
  let next = fetch(0);
  for (let at = 0; at < source.size; at += STEP) {
    const piece = await next;
    if (at + STEP < source.size) next = fetch(at + STEP);
    hash.update(piece);
    onRead(piece.length);
  }
  return hash.digest('hex');
}
