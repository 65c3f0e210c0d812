/**
 * What all readers of values share. A reader never throws and never gives NaN: what it cannot read, or what the stick
 * marks as not known (255, 99, 65535, an empty field), is left out of the value.
 */

import { countOf, type Range } from '../values/shape';
import { lineValue } from './fields';

/** A whole decimal number from `min` to `max`; undefined for everything else, so also for an empty or missing field. */
export function whole(text: string | undefined, min = 0, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined || !/^[+-]?\d{1,16}$/.test(text)) return undefined;
  // Not -0, which JSON would lose.
  const value = Number(text) + 0;
  return value >= min && value <= max ? value : undefined;
}

/** What a reader has to know of the number that a text becomes. */
interface Ranged {
  readonly range: Range;
}

/** The same within the range of a value. */
export const decimal = (text: string | undefined, { range: [least, most] }: Ranged): number | undefined =>
  whole(text, least, most);

/** Up to 16 hex digits, with or without `0x`; undefined for everything else. */
export function hex(text: string | undefined): bigint | undefined {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}

/** The same as a number within the range of a value. */
export function hexadecimal(text: string | undefined, { range: [least, most] }: Ranged): number | undefined {
  const value = Number(hex(text) ?? Number.NaN);
  return value >= least && value <= most ? value : undefined;
}

/** The same as a counter. */
export function hexCount(text: string | undefined): number | string | undefined {
  const value = hex(text);
  return value === undefined ? undefined : countOf(value);
}

/** The option with the number `text`, counted from `first`. */
export function option<O extends string>(text: string | undefined, options: readonly O[], first = 0): O | undefined {
  return options[(whole(text, first) ?? -1) - first];
}

/** What stands behind `prefix` in those of `lines` that have it. */
export const valuesOf = (lines: readonly string[], prefix: string): string[] =>
  lines.flatMap((line) => lineValue(line, prefix) ?? []);

/** What `read` makes of the first of `lines` with `prefix` that it can read. */
export function firstLine<T>(
  prefix: string,
  read: (value: string) => T | undefined,
): (lines: readonly string[]) => T | undefined {
  return (lines) => {
    for (const value of valuesOf(lines, prefix)) {
      const found = read(value);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** A nested list as the test forms of commands give it: `("00","03"),((80,"B8")),(0-2)`. */
export type Nested = string | Nested[];

const MAX_DEPTH = 6;
const MAX_ITEMS = 2_000;

/** Items at the top of `text`: brackets make lists, quotes keep commas and brackets; a missing end does no harm. */
export function nested(text: string): Nested[] {
  const top: Nested[] = [];
  const open: Nested[][] = [top];
  let item = '';
  let quoted = false;
  let filled = false;
  let count = 0;
  const end = () => {
    // Behind a closing bracket there is nothing of its own.
    if (!filled && count++ < MAX_ITEMS) open.at(-1)?.push(item.trim());
    item = '';
    filled = false;
  };
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (quoted) item += c;
    else if (c === ',') end();
    else if (c === '(' && item.trim() === '' && open.length < MAX_DEPTH && count++ < MAX_ITEMS) {
      const list: Nested[] = [];
      open.at(-1)?.push(list);
      open.push(list);
      item = '';
    } else if (c === ')' && open.length > 1) {
      const list = open.at(-1);
      if (item.trim() !== '' || (list && list.length > 0)) end();
      open.pop();
      item = '';
      filled = true;
    } else item += c;
  }
  end();
  return top;
}

/** The numbers of `(0-3)`, `(0,1,2)` or `(0-1,4)`, as in a test form; at most 256 of them. */
export function numbersOf(item: Nested | undefined): number[] {
  const numbers: number[] = [];
  for (const text of Array.isArray(item) ? item : [item ?? '']) {
    const range = typeof text === 'string' ? /^(\d{1,4})(?:\s*-\s*(\d{1,4}))?$/.exec(text.trim()) : null;
    if (!range) continue;
    const from = Number(range[1]);
    const to = Number(range[2] ?? range[1]);
    for (let n = from; n <= to && numbers.length < 256; n++) numbers.push(n);
  }
  return numbers;
}
