/** What can be set about an AT channel and about a single command. */

import type { Clock } from '../host/host';
import type { AllowList } from './allow';

export interface ChannelOptions {
  clock: Clock;
  /** Port path of the stick, for error messages; the tty's path without it. */
  stick?: string;
  /**
   * A space before the CR. One owner of an E3272 says that it must be there, V.250 ignores it, recorded sessions of
   * other sticks have none. `auto`: whichever the opening `AT` was answered to.
   */
  space?: 'auto' | 'always' | 'never';
  /** How often the opening `AT` is tried, 1 s each: the first ones after enumeration get lost. */
  tries?: number;
}

export interface RunOptions {
  /** Milliseconds from sending to the final result code; by default what the slowest part of the command may take. */
  timeout?: number;
  /** The same for a plain command (identity, settings); those that are known to take longer keep their own time. */
  plain?: number;
  /** Send it although the guard would refuse it. Emergency numbers are not dialled even so. */
  force?: boolean;
  /** Send it only if all of it is on this list; `force` is not honoured then. For commands that come from outside. */
  allow?: AllowList;
  /** Before the command is sent: takes it out of the queue. Later: gives up its reply; the stick may still act on it. */
  signal?: AbortSignal;
  /**
   * Commands that must be right in front of this one, with no other user's command between: what another user may set
   * differently. The first one that is refused is the reply; nothing behind it is sent then.
   */
  before?: readonly string[];
  /** URC prefixes (`+CUSD`) that belong to this command's reply. */
  expect?: readonly string[];
  /**
   * The text to send when the stick prompts for one. Without it a prompt is left by ESC and is a PROTOCOL error.
   * `onSent` is called when it is written: after that, a command without an answer may have been carried out. It must
   * not throw.
   */
  prompt?: { body: string; onSent?: () => void };
}
