/** What stands in a USB loader file: two components, and a partition table in the second. */

import { DriverError } from '../errors';
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

export function invalid(name: string, reason: string, todo = ''): DriverError {
  return new DriverError('LOADER_INVALID', `${name} is no usable USB loader: ${reason}.`, {
    hint: `${todo} Give the USB loader file for the ${MODEL}, such as ${FLASH.loaders[0].name}.`.trimStart(),
  });
}

const startsRight = (bytes: Buffer): boolean => bytes.subarray(0, MAGIC.length).equals(MAGIC);

/** Before its length is judged: what it is says more. `head`: {@link import('./kinds').KIND_LENGTH} bytes, or all of a shorter file. */
export function refuseOtherKind(head: Buffer, name: string): void {
  if (startsRight(head)) return;
  if (head.subarray(PREFIX_LENGTH).subarray(0, 4).equals(FIRMWARE_MAGIC)) throw invalid(name, 'it is a firmware file');
  const kind = whatIsIt(head, name);
  if (kind) throw invalid(name, `it is ${kind.what}`, kind.todo);
}

/** By the product text of its partition table. */
export const isSynthetic = (product: string): boolean => product.startsWith(SYNTHETIC_PRODUCT);

/** The partition table of a loader that is known: no more than read. Error: LOADER_INVALID. */
export function readTable(name: string, proper: Buffer): PartitionTable {
  const table = findTables(proper).find((each): each is PartitionTable => !('reason' in each));
  if (!table) throw invalid(name, NO_TABLE);
  return table;
}

/**
 * The partition table of another loader. It must be the known one in all rows, and so must be every other one in there:
 * name, start, length, type and flags; load size and address, entry and count are not known of all rows and are not
 * compared. Error: LOADER_INVALID, with `remark` on the file as a whole.
 */
export function requireTable(name: string, proper: Buffer, remark: string | undefined): PartitionTable {
  const fail = (reason: string) => invalid(name, remark === undefined ? reason : `${reason}; ${remark}`);
  const found = findTables(proper);
  if (tooManyTables(found)) throw fail('it has more partition tables than anybody needs');
  const tables = found.map((table) => {
    const other = otherProduct(table.product);
    if (other !== undefined) throw fail(other);
    if ('reason' in table) throw fail(table.reason);
    const difference = firstDifference(table.rows, FLASH.table);
    if (difference !== undefined) throw fail(`its partition table is not that of an ${MODEL}: ${difference}`);
    return table;
  });
  const table = tables.find(isSeen);
  if (!table) throw fail(NO_TABLE);
  return table;
}

const NO_TABLE = 'it has no partition table: it is for another chip, or damaged';

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
  if (data.length < MIN_LENGTH) throw invalid(name, `it has only ${data.length} bytes`);
  if (!startsRight(data)) throw invalid(name, 'it does not begin like one');
  const [a, b] = [readComponent(data, 0), readComponent(data, 1)];
  const reason = componentFault(data, a, 1) ?? componentFault(data, b, 2) ?? listFault(data, a, b);
  if (reason === undefined) return [a, b];
  // Other chips have other lists: then that says more.
  const other = findTables(data)
    .map(({ product }) => otherProduct(product))
    .find((each) => each !== undefined);
  throw invalid(name, other === undefined ? reason : `${reason}; ${other}`);
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

function componentFault(data: Buffer, component: LoaderComponent, wanted: 1 | 2): string | undefined {
  const { mode, size, address, offset } = component;
  const which = `component ${wanted}`;
  if (mode !== wanted) return `${which} has mode ${mode} instead of ${wanted}`;
  if (address % 4 !== 0) return `${which} loads at an odd address`;
  if (size === 0) return `${which} is empty`;
  if (offset < MIN_LENGTH) return `${which} lies in the file's header`;
  if (offset + size > data.length) return `${which} ends behind the end of the file; the file was cut`;
  return undefined;
}

function listFault(data: Buffer, a: LoaderComponent, b: LoaderComponent): string | undefined {
  if (data.readUInt32LE(DESCRIPTORS + 2 * DESCRIPTOR_LENGTH) !== 0) return 'it has more than two components';
  if (a.offset < b.offset + b.size && b.offset < a.offset + a.size) return 'its components overlap';
  return undefined;
}
