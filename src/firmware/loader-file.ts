/** What stands in a USB loader file: two components, and a partition table in the second. */

import { type DriverError, failure } from '../errors';
import { CHIP, FLASH, MODEL } from '../family/family';
import { MAGIC as FIRMWARE_MAGIC, PREFIX_LENGTH } from './header';
import { whatIsIt } from './kinds';
import type { Components, LoaderComponent } from './known';
import { findTables, isSeen, type PartitionTable, tooManyTables } from './partition-table';
import { firstDifference, SYNTHETIC_PRODUCT } from './table-difference';

const MAGIC = Buffer.from([0, 0, 2, 0]);
const DESCRIPTORS = 0x24;
const DESCRIPTOR_LENGTH = 16;
/** Magic, two descriptors and the empty one that ends the list. */
const MIN_LENGTH = DESCRIPTORS + 3 * DESCRIPTOR_LENGTH;

const startsRight = (bytes: Buffer): boolean => bytes.subarray(0, MAGIC.length).equals(MAGIC);

/** Before its length is judged: what it is says more. `head`: {@link import('./kinds').KIND_LENGTH} bytes, or all of a shorter file. */
export function refuseOtherKind(head: Buffer, name: string): void {
  if (startsRight(head)) return;
  if (head.subarray(PREFIX_LENGTH).subarray(0, 4).equals(FIRMWARE_MAGIC)) {
    throw failure('LOADER_INVALID/firmware', { name });
  }
  const kind = whatIsIt(head, name);
  if (kind) throw failure('LOADER_INVALID/other-file', { name, what: kind.what, kind: kind.group });
}

/** By the product text of its partition table. */
export const isSynthetic = (product: string): boolean => product.startsWith(SYNTHETIC_PRODUCT);

/** The partition table of a loader that is known: no more than read. Error: LOADER_INVALID. */
export function readTable(name: string, proper: Buffer): PartitionTable {
  const table = findTables(proper).find((each): each is PartitionTable => !('reason' in each));
  if (!table) throw failure('LOADER_INVALID/no-table', { name, remark: '' });
  return table;
}

/**
 * The partition table of another loader. It must be the known one in all rows, and so must be every other one in there:
 * name, start, length, type and flags; load size and address, entry and count are not known of all rows and are not
 * compared. Error: LOADER_INVALID, with `remark` on the file as a whole.
 */
export function requireTable(name: string, proper: Buffer, remark = ''): PartitionTable {
  const found = findTables(proper);
  if (tooManyTables(found)) throw failure('LOADER_INVALID/too-many-tables', { name, remark });
  const tables = found.map((table) => {
    const product = otherProduct(table.product);
    if (product !== undefined) throw failure('LOADER_INVALID/other-product', { name, product, remark });
    if ('reason' in table) throw failure('LOADER_INVALID/table', { name, fault: table.reason, remark });
    const difference = firstDifference(table.rows, FLASH.table);
    if (difference !== undefined) {
      throw failure('LOADER_INVALID/other-table', { name, model: MODEL, difference, remark });
    }
    return table;
  });
  const table = tables.find(isSeen);
  if (!table) throw failure('LOADER_INVALID/no-table', { name, remark });
  return table;
}

/** Whose loader it is, in words, if it is none for a stick that may be written. */
function otherProduct(product: string): string | undefined {
  if (product === FLASH.product || isSynthetic(product)) return undefined;
  if (product === '') return 'its partition table does not say for which product it is';
  if (product.startsWith(CHIP.product)) {
    return `it is for "${product}", another product with the chip of the ${MODEL}, whose flash memory is divided otherwise`;
  }
  return `it is for "${product}", a product with another chip than the ${MODEL}`;
}

/** The two descriptors, in the order in which the components are sent. Error: LOADER_INVALID. */
export function readComponents(data: Buffer, name: string): Components {
  if (data.length < MIN_LENGTH) throw failure('LOADER_INVALID/too-short', { name, bytes: data.length });
  if (!startsRight(data)) throw failure('LOADER_INVALID/start', { name });
  const [a, b] = [readComponent(data, 0), readComponent(data, 1)];
  const fault = componentFault(data, a, 1) ?? componentFault(data, b, 2) ?? listFault(data, a, b);
  if (fault === undefined) return [a, b];
  // Other chips have other lists: then that says more.
  const remark =
    findTables(data)
      .map(({ product }) => otherProduct(product))
      .find((each) => each !== undefined) ?? '';
  throw fault(name, remark);
}

function readComponent(data: Buffer, index: number): LoaderComponent {
  const at = DESCRIPTORS + index * DESCRIPTOR_LENGTH;
  return {
    mode: data.readUInt32LE(at) as 1 | 2,
    size: data.readUInt32LE(at + 4),
    address: data.readUInt32LE(at + 8),
    offset: data.readUInt32LE(at + 12),
  };
}

/** Makes the error, with what else is known of the file. */
type Fault = (name: string, remark: string) => DriverError;

function componentFault(data: Buffer, part: LoaderComponent, component: 1 | 2): Fault | undefined {
  const { mode, size, address, offset } = part;
  const is =
    (fault: string): Fault =>
    (name, remark) =>
      failure('LOADER_INVALID/component', { name, component, fault, remark });
  if (mode !== component) return is(`has mode ${mode} instead of ${component}`);
  if (address % 4 !== 0) return is('loads at an odd address');
  if (size === 0) return is('is empty');
  if (offset < MIN_LENGTH) return is("lies in the file's header");
  if (offset + size <= data.length) return undefined;
  return (name, remark) => failure('LOADER_INVALID/cut', { name, component, remark });
}

function listFault(data: Buffer, a: LoaderComponent, b: LoaderComponent): Fault | undefined {
  if (data.readUInt32LE(DESCRIPTORS + 2 * DESCRIPTOR_LENGTH) !== 0) {
    return (name, remark) => failure('LOADER_INVALID/too-many-components', { name, remark });
  }
  if (a.offset >= b.offset + b.size || b.offset >= a.offset + a.size) return undefined;
  return (name, remark) => failure('LOADER_INVALID/overlap', { name, remark });
}
