/** What one request to the channel sends: commands that belong together, checked, each as the exchange that it is. */

import { DriverError } from '../errors';
import { TIMEOUTS } from '../timeouts';
import { checkRequest, refused } from './check';
import type { CommandPart } from './command';
import { judgeCalls, mayCall } from './emergency';
import { dials, timeoutOf } from './limits';
import type { Exchange } from './link';
import type { RunOptions } from './options';

export interface Step {
  command: string;
  exchange: Exchange;
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
  const parts = checkRequest(command, options, stick);
  if (parts instanceof DriverError) return parts;
  const { allow, before = [], expect, force = false, plain, prompt, signal, timeout } = options;
  const steps: Step[] = [];
  for (const text of before) {
    const known = checkRequest(text, { force, ...(allow && { allow }) }, stick);
    if (known instanceof DriverError) return known;
    steps.push({ command: text, exchange: exchangeOf(text, known) });
  }
  const exchange = exchangeOf(command, parts);
  if (exchange.timeoutMs === TIMEOUTS.at.command && plain !== undefined) exchange.timeoutMs = plain;
  if (timeout !== undefined) exchange.timeoutMs = timeout;
  if (expect) exchange.expect = expect.map((prefix) => prefix.toUpperCase());
  if (prompt) exchange.body = prompt.body;
  if (prompt?.onSent) exchange.onBody = prompt.onSent;
  const all: Prepared['steps'] = [...steps, { command, exchange }];
  return { command, steps: all, signal, calls: all.some((step) => mayCall(step.command, step.exchange.parts)) };
}

const exchangeOf = (text: string, parts: readonly CommandPart[]): Exchange => ({
  text,
  parts,
  dials: dials(parts),
  timeoutMs: timeoutOf(parts),
});

/** Why a request is not sent after all: it calls an emergency number, one of `numbers` that the stick has named. */
export function refusedCall({ steps }: Prepared, numbers: ReadonlySet<string>, stick: string): DriverError | undefined {
  for (const { command, exchange } of steps) {
    const reason = judgeCalls(command, exchange.parts, numbers);
    if (reason !== undefined) return refused(command, reason, true, stick);
  }
  return undefined;
}
