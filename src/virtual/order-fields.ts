/** The fields of an order, checked one by one before anything happens; the user is told in words what is wrong. */

import { type DriverError, failure } from '../errors';

export type Given = Readonly<Record<string, unknown>>;

export interface Field {
  takes(value: unknown): boolean;
  /** What it may be: `"rssi" of the radio must be <words>`. */
  words: string;
  /** An order without it makes no sense. */
  needed?: true;
}

export type Fields<T> = Readonly<{ [K in keyof Required<T>]: Field }>;

/** The order is wrong, whatever the stick does. */
export const bad = (why: string): DriverError => failure('BAD_ARGUMENT/order', { why });

/** The order is right, but the stick is in no state for it. */
export const notNow = (why: string): DriverError => failure('WRONG_MODE/order', { why });

export const isGiven = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `given` has only these fields, and each is as it must be. Throws BAD_ARGUMENT. */
export function checked<T>(given: Given, what: string, fields: Fields<T>): T {
  const table: Readonly<Record<string, Field>> = fields;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name)) continue;
    const known = Object.keys(table).join(', ');
    throw bad(`${what} has no "${name}"${known === '' ? '' : `, only ${known}`}`);
  }
  for (const [name, { takes, words, needed }] of Object.entries(table)) {
    const wrong = Object.hasOwn(given, name) ? !takes(given[name]) : needed;
    if (wrong) throw bad(`"${name}" of ${what} must be ${words}`);
  }
  return given as T;
}

export const needed = (field: Field): Field => ({ ...field, needed: true });

export const orNull = ({ takes, words }: Field): Field => ({
  takes: (value) => value === null || takes(value),
  words: `${words}, or null`,
});

export const FLAG: Field = { takes: (value) => typeof value === 'boolean', words: 'true or false' };

export const TEXT: Field = { takes: (value) => typeof value === 'string', words: 'a text' };

/** A text that `shape` matches. */
export const text = (shape: RegExp, words: string): Field => ({
  takes: (value) => typeof value === 'string' && shape.test(value),
  words,
});

export const oneOf = (names: readonly string[]): Field => ({
  takes: (value) => typeof value === 'string' && names.includes(value),
  words: `one of ${names.join(', ')}`,
});

const within = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;

/** `of`: the unit, where there is one. */
export const number = (least: number, most: number, of: string): Field => ({
  takes: (value) => within(value, least, most),
  words: `a number of ${of} from ${least} to ${most}`,
});

export const whole = (least: number, most: number, of?: string): Field => ({
  takes: (value) => Number.isInteger(value) && within(value, least, most),
  words: `a whole number ${of === undefined ? '' : `of ${of} `}from ${least} to ${most}`,
});

/** Up to `most`: a number as far as JSON carries it exactly, beyond that a text of its digits. */
export const counter = (most: bigint): Field => ({
  takes: (value) =>
    (Number.isSafeInteger(value) || (typeof value === 'string' && /^\d{1,20}$/.test(value))) &&
    BigInt(value as number | string) >= 0n &&
    BigInt(value as number | string) <= most,
  words: `a whole number from 0 to ${most}, or a text with its decimal digits`,
});
