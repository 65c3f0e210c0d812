/** Checks of what is typed in. A field may also hold `${NAME}`: Node-RED puts the environment's value there. */

import type { Speaker, Verdict } from './definition';

type Check<K extends string> = (this: Speaker<K>, value: unknown, options?: object) => Verdict;

export const isEmpty = (value: unknown): boolean => value === '' || value === undefined || value === null;

const isFromEnvironment = (value: unknown): boolean => /^\$\{[^}]+\}$/.test(String(value));

/** `fits` decides, and `key` is what is told where it does not. */
export const check = <K extends string>(key: K, fits: (value: string) => boolean): Check<K> =>
  function (value, options) {
    const text = isEmpty(value) ? '' : String(value);
    if (isFromEnvironment(text) || fits(text)) return true;
    // Without options the editor asks for a boolean only: a text would count as yes.
    return options ? this._(key) : false;
  };

interface Range {
  /** More than that. */
  above?: number;
  min?: number;
  max?: number;
  whole?: true;
}

/** A number, or nothing at all. */
export const amount = <K extends string>(key: K, range: Range): Check<K> =>
  check(key, (value) => value === '' || isIn(value, range));

/** A number. */
export const amountNeeded = <K extends string>(key: K, range: Range): Check<K> =>
  check(key, (value) => value !== '' && isIn(value, range));

function isIn(value: string, { above = Number.NEGATIVE_INFINITY, min = above, max = Number.MAX_VALUE, whole }: Range) {
  const number = Number(value);
  return number > above && number >= min && number <= max && (!whole || Number.isInteger(number));
}
