/** How long a command may take, and how it may end. */

import { TIMEOUTS } from '../timeouts';
import type { CommandPart } from './command';
import { COMMANDS } from './commands/table';

/** How long to wait for the final result code, in milliseconds. */
export function timeoutOf(parts: readonly CommandPart[]): number {
  let longest: number = TIMEOUTS.at.command;
  for (const { name, form } of parts) {
    const { limit = 0, testLimit = 0 } = COMMANDS.get(name) ?? {};
    // A question is answered from memory, whatever setting would take.
    longest = Math.max(longest, form === 'read' ? 0 : form === 'test' ? testLimit : limit);
  }
  return longest;
}

/** True if `NO CARRIER`, `BUSY` and the like can be this command's final result code. */
export const dials = (parts: readonly CommandPart[]): boolean => parts.some(({ name }) => COMMANDS.get(name)?.dials);
