/** A USB loader file (usbloader*.bin, usblsafe*.bin): its components, its partition table, and whether it erases. */

import { webcrypto } from 'node:crypto';
import { DriverError } from '../errors';
import { type ErasePatch, type EraseState, eraseState } from './erase';
import { MAGIC as FIRMWARE_MAGIC, PREFIX_LENGTH } from './header';
import { knownLoader } from './known';
import { findPartitionTable, type PartitionTable } from './partition-table';
import type { ByteSource } from './source';

const MAGIC = 0x00020000;
const DESCRIPTORS = 0x24;
const DESCRIPTOR_LENGTH = 16;
/** Magic, two descriptors and the empty one that ends the list. */
const MIN_LENGTH = DESCRIPTORS + 3 * DESCRIPTOR_LENGTH;
/** The known ones have 1.7 MB; they are loaded into RAM as a whole. */
const MAX_LENGTH = 4 * 1024 * 1024;
/** Product text of loaders for the E3272's chip (Hi6920, V7R1). */
const PRODUCT = 'H6920';
/** Product text of loaders that were made up by this package's own tools (design: never for a real stick). */
const SYNTHETIC_PRODUCT = 'H6920-VIRTUAL';

export interface LoaderComponent {
  /** 1 run directly (sets up the RAM), 2 start through a restart of the application core (the loader proper). */
  mode: 1 | 2;
  /** Load address. */
  address: number;
  /** Offset in the file, and bytes. */
  offset: number;
  size: number;
}

export interface Loader {
  /** Path, or `buffer`. */
  name: string;
  /** Bytes of the file. */
  size: number;
  sha256: string;
  /** Name of a loader that is known by its sha256, or by that of the components it sends. */
  known?: string;
  components: [LoaderComponent, LoaderComponent];
  table: PartitionTable;
  erase: EraseState;
  /** Made up by this package's own tools: for virtual sticks only. */
  synthetic: boolean;
  /** The file as it is. */
  data: Buffer<ArrayBuffer>;
}

/** A component as the boot ROM gets it. */
export interface ComponentToSend {
  mode: 1 | 2;
  address: number;
  data: Buffer<ArrayBuffer>;
}

export interface LoaderOptions {
  /** Do not throw LOADER_UNSAFE. Only for showing the finding, or when a person has insisted. */
  allowUnsafe?: boolean;
}

/**
 * Reads and checks a loader file as a whole. Errors: LOADER_INVALID with the reason; LOADER_UNSAFE if it is not proven
 * that the loader leaves IMEI, serial number and calibration alone; those of the source.
 */
export async function readLoader(source: ByteSource, options: LoaderOptions = {}): Promise<Loader> {
  if (source.parts) throw invalid(source.name, 'it is a folder of firmware images');
  if (source.size > MAX_LENGTH) {
    throw invalid(source.name, `it has ${source.size} bytes, more than any loader`);
  }
  // A copy: the caller may change the buffer later.
  const data = Buffer.from(await source.read(0, source.size));
  const components = readComponents(data, source.name);
  const [, proper] = components;
  const image = data.subarray(proper.offset, proper.offset + proper.size);
  const table = findPartitionTable(image);
  if (typeof table === 'string') throw invalid(source.name, table);
  if (!table.product.startsWith(PRODUCT)) {
    throw invalid(source.name, `it is for "${table.product}", not for the E3272 (${PRODUCT}...)`);
  }
  const loader: Loader = {
    name: source.name,
    size: data.length,
    sha256: await sha256(data),
    components,
    table,
    erase: eraseState(image),
    synthetic: table.product.startsWith(SYNTHETIC_PRODUCT),
    data,
  };
  // As every tool sends them, with no more than the call taken out.
  const [first, second] = withPatches(
    loader,
    loader.erase.patches.filter(({ place }) => place === 'call'),
  );
  const known = knownLoader(loader.sha256, [await sha256(first.data), await sha256(second.data)]);
  if (known !== undefined) loader.known = known;
  if (!loader.erase.safe && !options.allowUnsafe) {
    throw new DriverError(
      'LOADER_UNSAFE',
      `The loader ${source.name} may erase IMEI, serial number and calibration of the stick: ${loader.erase.text}.`,
      { hint: 'Use a loader that is known to be safe, such as usblsafe-327x.bin.' },
    );
  }
  return loader;
}

/** In a thread of Node's own, so that the loop stays free. */
const sha256 = async (data: Uint8Array<ArrayBuffer>): Promise<string> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', data)).toString('hex');

/** The bytes to upload: copies, with what erases taken out. */
export function loaderComponents(loader: Loader): [ComponentToSend, ComponentToSend] {
  return withPatches(loader, loader.erase.patches);
}

function withPatches(loader: Loader, patches: readonly ErasePatch[]): [ComponentToSend, ComponentToSend] {
  const [raminit, proper] = loader.components.map(({ mode, address, offset, size }) => ({
    mode,
    address,
    data: Buffer.from(loader.data.subarray(offset, offset + size)),
  })) as [ComponentToSend, ComponentToSend];
  for (const { to, offset } of patches) to.copy(proper.data, offset);
  return [raminit, proper];
}

function invalid(name: string, reason: string): DriverError {
  return new DriverError('LOADER_INVALID', `${name} is no usable USB loader: ${reason}.`, {
    hint: 'Give the USB loader file for the E3272, such as usblsafe-327x.bin.',
  });
}

function readComponents(data: Buffer, name: string): [LoaderComponent, LoaderComponent] {
  if (data.length < MIN_LENGTH) throw invalid(name, `it has only ${data.length} bytes`);
  if (data.readUInt32LE(0) !== MAGIC) {
    const firmware = data.subarray(PREFIX_LENGTH).subarray(0, 4).equals(FIRMWARE_MAGIC);
    throw invalid(name, firmware ? 'it is a firmware file' : 'it does not begin like one');
  }
  const components = [readComponent(data, 0, 1, name), readComponent(data, 1, 2, name)] as const;
  const third = DESCRIPTORS + 2 * DESCRIPTOR_LENGTH;
  if (data.readUInt32LE(third) !== 0) throw invalid(name, 'it has more than two components');
  const [a, b] = components;
  if (a.offset < b.offset + b.size && b.offset < a.offset + a.size) throw invalid(name, 'its components overlap');
  return [a, b];
}

function readComponent(data: Buffer, index: number, mode: 1 | 2, name: string): LoaderComponent {
  const at = DESCRIPTORS + index * DESCRIPTOR_LENGTH;
  const found = data.readUInt32LE(at);
  const component = {
    mode,
    size: data.readUInt32LE(at + 4),
    address: data.readUInt32LE(at + 8),
    offset: data.readUInt32LE(at + 12),
  };
  const which = `component ${index + 1}`;
  if (found !== mode) throw invalid(name, `${which} has mode ${found} instead of ${mode}`);
  if (component.size === 0) throw invalid(name, `${which} is empty`);
  if (component.offset < MIN_LENGTH) throw invalid(name, `${which} lies in the file's header`);
  if (component.offset + component.size > data.length) {
    throw invalid(name, `${which} ends behind the end of the file; the file was cut`);
  }
  return component;
}
