/** What one request to the channel sends: commands that belong together, checked, each as the exchange that it is. */

import { DriverError } from '../errors';
import { TIMEOUTS } from '../timeouts';
import { type Checked, checkRequest, refused } from './check';
import { judgeCalls } from './emergency';
import { dials, timeoutOf } from './limits';
import type { Exchange } from './link';
import type { RunOptions } from './options';
import type { Outgoing } from './outgoing';

export interface Step {
  command: string;
  exchange: Exchange;
  outgoing: Outgoing;
}

/** A request that may be sent, but for calls to emergency numbers that only the stick knows. */
export interface Prepared {
  /** What was asked for. */
  command: string;
  /** In this order, none of another request between; the last one is the command. */
  steps: [...Step[], Step];
  signal: AbortSignal | undefined;
  /** Whether a number is called: see {@link refusedCall}. */
  calls: boolean;
}

/** Parses and judges the commands of `options.before` and `command`. Errors as {@link checkRequest}, returned. */
export function prepare(command: string, options: RunOptions, stick: string): Prepared | DriverError {
  const checked = checkRequest(command, options, stick);
  if (checked instanceof DriverError) return checked;
  const { allow, before = [], expect, force = false, plain, prompt, signal, timeout } = options;
  const earlier: Step[] = [];
  for (const text of before) {
    const known = checkRequest(text, { force, ...(allow && { allow }) }, stick);
    if (known instanceof DriverError) return known;
    earlier.push(stepOf(text, known));
  }
  const step = stepOf(command, checked);
  const { exchange } = step;
  if (exchange.timeoutMs === TIMEOUTS.at.command && plain !== undefined) exchange.timeoutMs = plain;
  if (timeout !== undefined) exchange.timeoutMs = timeout;
  if (expect) exchange.expect = expect.map((prefix) => prefix.toUpperCase());
  if (prompt) exchange.body = prompt.body;
  if (prompt?.onSent) exchange.onBody = prompt.onSent;
  const steps: Prepared['steps'] = [...earlier, step];
  return { command, steps, signal, calls: steps.some(({ outgoing }) => outgoing.numbers.length > 0) };
}

const stepOf = (command: string, { line: { parts }, outgoing }: Checked): Step => ({
  command,
  exchange: { text: command, parts, dials: dials(parts), timeoutMs: timeoutOf(parts) },
  outgoing,
});

/** Why a request is not sent after all: it calls an emergency number, one of `numbers` that the stick has named. */
export function refusedCall({ steps }: Prepared, numbers: ReadonlySet<string>, stick: string): DriverError | undefined {
  for (const { command, outgoing } of steps) {
    const reason = judgeCalls(outgoing, numbers);
    if (reason !== undefined) return refused(command, reason, true, stick);
  }
  return undefined;
}
