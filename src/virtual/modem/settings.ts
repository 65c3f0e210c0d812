/** Settings of the AT interpreter itself that are one number. */

import { fieldsOf, numberIn } from './arguments';
import type { Handler } from './handler';
import { BAD, type ErrorMode, OK } from './reply';
import type { Settings } from './state';

/** Reads, sets and lists a number out of `values`. */
export function numeric(
  name: string,
  values: readonly number[],
  get: (s: Settings) => number,
  set: (s: Settings, v: number) => void,
): [string, Handler][] {
  return [
    [`${name}?`, (m) => [`${name}: ${get(m.settings)}`]],
    [`${name}=?`, () => [`${name}: (${values.join(',')})`]],
    [
      `${name}=`,
      (m, args) => {
        const fields = fieldsOf(args);
        if (fields.length > 1) return { final: 'TOO MANY PARAMETERS' };
        const value = numberIn(fields[0], 0, 999);
        if (value === undefined || !values.includes(value)) return BAD;
        set(m.settings, value);
        return OK;
      },
    ],
  ];
}

const CALLS = ['+CLIP', '+CRC'] as const;

export const SETTING_COMMANDS: [string, Handler][] = [
  ...numeric(
    '+CMEE',
    [0, 1, 2],
    (s) => s.cmee,
    (s, v) => {
      s.cmee = v as ErrorMode;
    },
  ),
  // Calls are not played: who is told of them, and how, can be set all the same.
  ...CALLS.flatMap((name) =>
    numeric(
      name,
      [0, 1],
      (s) => s.calls[name],
      (s, v) => {
        s.calls[name] = v;
      },
    ),
  ),
];
