/** Tables of what the virtual modem answers: a state, then commands and answers in order. */

import assert from 'node:assert/strict';
import type { StickOptions } from '../../src/virtual/options';
import { type Line, type Rig, rig } from './rig';

/** Command without `AT`, and its answer: lines that are not empty, final result code too, with ` | ` between. */
export type Row = readonly [command: string, answer: string];

const FINAL = /(^|[\r\n])(OK|ERROR|NO CARRIER|TOO MANY PARAMETERS|\+CM[ES] ERROR: .*|COMMAND NOT SUPPORT)\r\n$/;

/** An answer on one line. */
export const flat = (text: string): string =>
  text
    .split(/[\r\n]+/)
    .filter((line) => line !== '')
    .join(' | ');

/** Sends one command and gives its answer as a {@link Row} has it. */
export async function answerOf(line: Line, command: string): Promise<string> {
  line.send(`AT${command}\r`);
  return flat(await line.until((text) => FINAL.test(text)));
}

/** Runs `body` on the PCUI of a modem without echo and with numeric errors. */
export function onModem(
  options: Partial<StickOptions>,
  body: (line: Line, r: Rig) => Promise<void>,
): () => Promise<void> {
  return () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12', ...options });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('tty', 2);
      const line = r.open(1);
      await line.at('AT+CMEE=1');
      await line.at('ATE0');
      await body(line, r);
    });
  };
}

/** The body of a test: sends the commands one after the other and compares the answers. */
export const answers = (options: Partial<StickOptions>, rows: readonly Row[]): (() => Promise<void>) =>
  onModem(options, (line) => compare(line, rows));

export async function compare(line: Line, rows: readonly Row[]): Promise<void> {
  for (const [command, answer] of rows) assert.equal(await answerOf(line, command), answer, `AT${command}`);
}
