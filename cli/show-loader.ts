/** What is in a loader file, in lines for people. */

import { FLASH } from '../src/family/family';
import type { ErasePlace } from '../src/firmware/erase';
import type { Loader } from '../src/firmware/loader';

export const hex = (value: number): string => `0x${value.toString(16)}`;

const PLACES: Readonly<Record<ErasePlace, string>> = {
  call: 'call of the erase function',
  count: 'block count of the erase function',
};

const bytes = (word: Buffer): string => (word.toString('hex').toUpperCase().match(/../g) ?? []).join(' ');

export function loaderLines(loader: Loader): string[] {
  const { table, found, patches, components } = loader;
  const [, proper] = components;
  const where = (offset: number) => `file offset ${hex(proper.offset + offset)}`;
  return [
    `Loader     ${loader.name}, ${loader.size} bytes`,
    `sha256     ${loader.sha256}${loader.known ? ` (known: ${loader.known})` : ''}`,
    `Product    ${table.product}, ${table.version}`,
    `Verdict    ${loader.verdict}${loader.standIn ? ', made up' : ''}`,
    `           ${loader.text}`,
    ...found.map(({ place, offset, now, original }) => {
      const before = original ? `where ${bytes(original)} belongs` : 'what stood there before is not known';
      return `Was patched  ${PLACES[place]}, ${where(offset)}: ${bytes(now)}, ${before}`;
    }),
    ...patches.map(
      ({ place, offset, from, to }) =>
        `Is patched   ${PLACES[place]}, ${where(offset)}: ${bytes(from)} is sent as ${bytes(to)}`,
    ),
    ...components.map(
      ({ mode, size, offset, address }, i) =>
        `Component  ${i + 1}: mode ${mode}, ${size} bytes at file offset ${hex(offset)}, loads at ${hex(address)}`,
    ),
    `Partitions ${'name'.padEnd(16)}  block  blocks       bytes   type  flags  (blocks of ${FLASH.nand.block} bytes)`,
    ...table.rows.map(({ name, start, length, type, flags }) => {
      const block = (value: number) => hex(value / FLASH.nand.block);
      const cells = [block(start).padStart(6), block(length).padStart(6), String(length).padStart(11)];
      return `           ${name.padEnd(16)} ${cells.join(' ')} ${hex(type).padStart(6)} ${hex(flags).padStart(6)}`;
    }),
  ];
}
