/** What one request to the channel sends: commands that belong together, each as the exchange that it is. */

import { DriverError } from '../errors';
import { checkRequest } from './check';
import { dials, timeoutOf } from './limits';
import type { Exchange } from './link';
import type { RunOptions } from './options';

export interface Step {
  command: string;
  exchange: Exchange;
}

/**
 * The commands of `options.before` in their order, and `command` as the last one. `emergency`: numbers that the stick has
 * named. Errors as {@link checkRequest}, returned.
 */
export function stepsOf(
  command: string,
  options: RunOptions,
  stick: string,
  emergency: ReadonlySet<string>,
): [...Step[], Step] | DriverError {
  const parts = checkRequest(command, { ...options, emergency }, stick);
  if (parts instanceof DriverError) return parts;
  const { allow, force } = options;
  const common = { emergency, ...(allow && { allow }), ...(force !== undefined && { force }) };
  const steps: Step[] = [];
  for (const text of options.before ?? []) {
    const known = checkRequest(text, common, stick);
    if (known instanceof DriverError) return known;
    const exchange = { text, parts: known, dials: dials(known), timeoutMs: timeoutOf(known) };
    steps.push({ command: text, exchange });
  }
  const exchange: Exchange = {
    text: command,
    parts,
    dials: dials(parts),
    timeoutMs: options.timeout ?? timeoutOf(parts),
    ...(options.expect && { expect: options.expect.map((prefix) => prefix.toUpperCase()) }),
    ...(options.prompt && { body: options.prompt.body }),
    ...(options.prompt?.onSent && { onBody: options.prompt.onSent }),
  };
  return [...steps, { command, exchange }];
}
