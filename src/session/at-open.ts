import type { AtChannel, AtReply, RunOptions } from '../at/channel';
import { isDriverError } from '../errors';
import type { Host } from '../host/host';
import type { Role } from '../stick/modes';
import type { AtEvent } from './at-events';
import { openSim } from './at-pin';
import { baseSettings, type OpenStep, runSteps, sendSettings } from './at-setup';

export interface SetUp {
  host: Host;
  /** Role of the port that was opened. */
  role: Role | undefined;
  pin: string | undefined;
  steps: Iterable<OpenStep>;
  tell: (event: AtEvent) => void;
  signal: AbortSignal;
}

/**
 * Makes a port that has just been opened ready for commands: the engine's settings, the SIM, the users' steps. Errors: those
 * of a channel that has ended, TIMEOUT when not even AT is answered, the signal's reason.
 */
export async function setUp(channel: AtChannel, { host, role, pin, steps, tell, signal }: SetUp): Promise<void> {
  let silent = false;
  const run = async (command: string, options?: RunOptions): Promise<AtReply> => {
    try {
      return await channel.run(command, options);
    } catch (error) {
      silent ||= isDriverError(error, 'TIMEOUT');
      throw error;
    }
  };
  await sendSettings(run, baseSettings(role));
  await openSim(run, { host, stick: channel.stick, pin, tell, signal });
  await runSteps(channel, run, steps, tell);
  // A command without an answer may be unknown to the firmware; AT is not.
  if (silent) await channel.run('AT');
}
