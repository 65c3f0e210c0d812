/** A modem to give orders to, and what a refused order looks like. */

import assert from 'node:assert/strict';
import { type ErrorCode, isDriverError } from '../../src/errors';
import type { StickOptions } from '../../src/virtual/options';
import { obey } from '../../src/virtual/orders';
import { type Line, type Rig, rig } from './rig';

export const OK = '\r\nOK\r\n';

/** Runs `body` on a modem with modem port 0 and PCUI 1; gives the PCUI, echo off. */
export function modem(body: (line: Line, r: Rig) => Promise<void>, options: Partial<StickOptions> = {}): Promise<void> {
  const r = rig({ firmware: 'stick', setport: 'FF;10,12', ...options });
  return r.run(async () => {
    r.stick.plug();
    await r.settle('tty', 2);
    const line = r.open(1);
    await line.at('ATE0');
    await body(line, r);
  });
}

export const order = (r: Rig, what: object): void => obey(r.stick, JSON.stringify(what));

export function refused(r: Rig, what: object, message: RegExp, code: ErrorCode = 'BAD_ARGUMENT'): void {
  const label = JSON.stringify(what);
  assert.throws(
    () => order(r, what),
    (error: unknown) => {
      assert.ok(isDriverError(error, code), `${label}: ${String(error)}`);
      assert.match(error.message, message, label);
      return true;
    },
    label,
  );
}

/** Sends a line and lets time pass: whatever has come, final result code or not. */
export async function heard(r: Rig, line: Line, text: string, ms = 1_000): Promise<string> {
  line.send(text);
  await r.pass(ms);
  return line.text();
}
