/** What it costs to turn a line into a value, against splitting it at its commas: the least that any reader must do. */

import { replyValue, urcValue } from '../src/at/commands/value';
import { median } from './pty';
import type { Row } from './row';

const ROUNDS = 20_000;
const REPEATS = 15;

const URC = '^HCSQ:"LTE",61,51,66,20';
const REPLIES: readonly (readonly [command: string, lines: string[]])[] = [
  ['AT^HCSQ?', [URC]],
  ['AT^SYSINFOEX', ['^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"']],
  ['AT+COPS?', ['+COPS: 0,0,"Operator",7']],
  ['AT+CEREG?', ['+CEREG: 2,1,"1607","14DB5A1",7']],
  [
    'AT^DSFLOWQRY',
    ['^DSFLOWQRY: 0000002D,0000000000019A01,0000000000736A52,0000002D,0000000000019A01,0000000000736A52'],
  ],
];

/** Microseconds per call, and of splitting the same lines. */
function measure(work: () => unknown, lines: readonly string[]): { value: number; floor: number } {
  const values: number[] = [];
  const floors: number[] = [];
  // Counted and looked at, so that nothing is optimised away.
  let seen = 0;
  for (let i = 0; i < REPEATS; i++) {
    let began = performance.now();
    for (let n = 0; n < ROUNDS; n++) for (const line of lines) seen += line.split(',').length;
    floors.push(((performance.now() - began) * 1000) / ROUNDS);
    began = performance.now();
    for (let n = 0; n < ROUNDS; n++) if (work() !== undefined) seen++;
    values.push(((performance.now() - began) * 1000) / ROUNDS);
  }
  if (seen === 0) throw new Error('Nothing was read.');
  return { value: median(values), floor: median(floors) };
}

export async function bench(): Promise<Row[]> {
  const row = (name: string, { value, floor }: { value: number; floor: number }): Row => ({
    name,
    value,
    floor,
    unit: 'us',
    ratio: value / floor,
    aim: 'at most 20 us',
  });
  const rows = REPLIES.map(([command, lines]) =>
    row(
      `value of ${command}`,
      measure(() => replyValue(command, lines), lines),
    ),
  );
  return [
    row(
      'value of the URC ^HCSQ',
      measure(() => urcValue(URC), [URC]),
    ),
    ...rows,
  ];
}
