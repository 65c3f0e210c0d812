/** A USB loader file (usbloader*.bin, usblsafe*.bin): what is in it, what is known of it, and whether it may be sent. */

import { type DriverError, failure } from '../errors';
import { FLASH } from '../family/family';
import type { KnownLoader } from '../family/profile';
import type { ByteSource } from './byte-source';
import { findDanger } from './danger';
import { type ErasePatch, type EraseState, findErase } from './erase';
import { KIND_LENGTH } from './kinds';
import { type Components, copyText, knownLoader, knownState, type LoaderComponent, sha256 } from './known';
import { isSynthetic, readComponents, readTable, refuseOtherKind, requireTable } from './loader-file';
import type { PartitionTable } from './partition-table';

/** The known ones have 1.7 MB; they are loaded into RAM as a whole. */
const MAX_LENGTH = 4 * 1024 * 1024;
/** So many reasons are named. */
const MAX_REASONS = 6;
const UNKNOWN =
  'it is none of the loaders that are known, and no reading of its machine code proves that it erases nothing';

/**
 * - `known`: both components are those of a known loader, with the words replaced that always are.
 * - `erases`: as it would be sent, something leads to its erase function, which erases.
 * - `unknown`: all else. No reading of machine code proves that a loader erases nothing.
 */
export type Verdict = 'known' | 'erases' | 'unknown';

export interface Loader extends EraseState {
  /** Path, or `buffer`. */
  name: string;
  /** Bytes of the file. */
  size: number;
  sha256: string;
  verdict: Verdict;
  /** The verdict with its reasons, in sentences. */
  text: string;
  /** Name of the known loader that it is. */
  known?: string;
  /**
   * Made up, and no way to its erase function is seen but those that its maker puts in and that are taken out on the way:
   * stands for a known loader where the stick is not real.
   */
  standIn: boolean;
  components: Components;
  table: PartitionTable;
  /** Made up by this package's own tools: for virtual sticks only. */
  synthetic: boolean;
  /** The file as it is. */
  data: Buffer<ArrayBuffer>;
}

/** A component as the boot ROM gets it. */
export interface ComponentToSend {
  mode: 1 | 2;
  /** Load address. */
  address: number;
  data: Buffer<ArrayBuffer>;
}

export interface LoaderOptions {
  /** Take an `unknown` loader. Only when a person has insisted. */
  allowUnsafe?: boolean;
  /** The loaders that are known, in place of the built-in list. @internal */
  known?: readonly KnownLoader[];
}

/** The first word of a loader file. */
const LOADER_MAGIC = 0x0002_0000;

/** Whether it begins as a loader file does; everything else is taken for firmware. Errors: those of the source. */
export const beginsAsLoader = async (source: ByteSource): Promise<boolean> =>
  source.size >= 4 && (await source.read(0, 4)).readUInt32LE(0) === LOADER_MAGIC;

/**
 * Reads a loader file as a whole and refuses what may not be sent. A made-up one passes: whoever sends it must see to it
 * that no real stick gets it. Errors: those of {@link inspectLoader} and {@link loaderProblem}.
 */
export async function readLoader(source: ByteSource, options: LoaderOptions = {}): Promise<Loader> {
  const loader = await inspectLoader(source, options.known);
  const problem = loaderProblem(loader, options.allowUnsafe);
  if (problem) throw problem;
  return loader;
}

/**
 * Why the loader may not be sent: LOADER_UNSAFE where it erases, and where it is neither known nor a stand-in unless
 * `allowUnsafe`.
 */
export function loaderProblem({ name, verdict, text, standIn }: Loader, allowUnsafe = false): DriverError | undefined {
  if (verdict === 'known' || standIn || (verdict === 'unknown' && allowUnsafe)) return undefined;
  return failure(verdict === 'erases' ? 'LOADER_UNSAFE/erases' : 'LOADER_UNSAFE/unknown', { name, finding: text });
}

/**
 * Reads a loader file as a whole and says what it is, also of one that may not be sent. Errors: LOADER_INVALID with the
 * reason, those of the source.
 */
export async function inspectLoader(
  source: ByteSource,
  loaders: readonly KnownLoader[] = FLASH.loaders,
): Promise<Loader> {
  if (source.parts) throw failure('LOADER_INVALID/folder', { name: source.name });
  refuseOtherKind(await source.read(0, Math.min(source.size, KIND_LENGTH)), source.name);
  if (source.size > MAX_LENGTH) {
    throw failure('LOADER_INVALID/too-long', { name: source.name, bytes: source.size });
  }
  // A copy: the caller may change the buffer later.
  const data = Buffer.from(await source.read(0, source.size));
  const components = readComponents(data, source.name);
  const proper = bytesOf(data, components[1]);
  const base = { name: source.name, size: data.length, sha256: await sha256(data), components, data };
  const known = await knownLoader(data, components, loaders);
  if (known) {
    const table = readTable(source.name, proper);
    return { ...base, table, synthetic: isSynthetic(table.product), ...asKnown(known, proper) };
  }
  const copy = copyText(data, components, loaders);
  const table = requireTable(source.name, proper, copy);
  const synthetic = isSynthetic(table.product);
  return { ...base, table, synthetic, ...judge(base, synthetic, copy) };
}

const bytesOf = (file: Buffer<ArrayBuffer>, { offset, size }: LoaderComponent): Buffer<ArrayBuffer> =>
  file.subarray(offset, offset + size);

type Judgement = EraseState & Pick<Loader, 'verdict' | 'text' | 'known' | 'standIn'>;

function asKnown(known: KnownLoader, proper: Buffer): Judgement {
  const words = known.words.map(({ offset }) => `0x${offset.toString(16)}`).join(' and ');
  const text = `It is ${known.name}, by the sha256 of both components; what would erase, at ${words} of component 2, is sent as mov r0, #0.`;
  return { ...knownState(known, proper), verdict: 'known', known: known.name, text, standIn: false };
}

/** `copy`: of which known loader it is a copy, in words. One that is made up is none, although it may have the shape. */
function judge(
  { data, components }: Pick<Loader, 'data' | 'components'>,
  synthetic: boolean,
  copy: string | undefined,
): Judgement {
  const { targets, doubts: open, ...state } = findErase(bytesOf(data, components[1]));
  const [first, second] = withPatches(data, components, state.patches);
  const { erases, doubts } = findDanger(first, second, targets);
  doubts.unshift(...open);
  const verdict = erases.length > 0 ? 'erases' : 'unknown';
  const standIn = synthetic && erases.length === 0 && doubts.length === 0;
  const none = synthetic || copy === undefined ? UNKNOWN : copy;
  const reasons = standIn
    ? ['it is made up, and stands for a known loader on a virtual stick only']
    : erases.length > 0
      ? [...erases, none]
      : [none, ...doubts];
  return { ...state, verdict, standIn, text: sentences(reasons) };
}

function sentences(reasons: readonly string[]): string {
  const all = [...new Set(reasons)];
  const more = all.length > MAX_REASONS ? ['there are more reasons of these kinds'] : [];
  return [...all.slice(0, MAX_REASONS), ...more]
    .map((reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`)
    .join(' ');
}

/** The bytes to upload: copies, with what erases taken out. */
export function loaderComponents({ data, components, patches }: Loader): [ComponentToSend, ComponentToSend] {
  return withPatches(data, components, patches);
}

function withPatches(
  file: Buffer<ArrayBuffer>,
  components: Components,
  patches: readonly ErasePatch[],
): [ComponentToSend, ComponentToSend] {
  const [first, proper] = components.map((component) => ({
    mode: component.mode,
    address: component.address,
    data: Buffer.from(bytesOf(file, component)),
  })) as [ComponentToSend, ComponentToSend];
  for (const { to, offset } of patches) to.copy(proper.data, offset);
  return [first, proper];
}
