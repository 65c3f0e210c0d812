import type { AtChannel, AtReply, RunOptions } from '../../at/channel';
import { lineValue } from '../../at/fields';
import { failure, isDriverError } from '../../errors';
import type { Host } from '../../host/host';
import type { Role } from '../../stick/modes';
import type { AtEvent } from './events';
import { baseSettings, type OpenStep, type Run, runSteps, sendSettings, unlessSilent } from './opening-steps';
import { askService, type OutlookOfStick } from './outlook';
import { openSim } from './pin';
import { RADIO_ON } from './recovery-steps';

const RADIO_TRIES = 3;

export interface SetUp {
  host: Host;
  /** Role of the port that was opened. */
  role: Role | undefined;
  /** Of those who use the stick when the SIM is asked. */
  pin: () => string | undefined;
  /** A step to bring the stick back has switched the radio off, and it is not known whether it is on again. */
  radioOff: boolean;
  /** Before anything of anybody's reaches the stick: who it is. */
  identify: (run: Run) => Promise<void>;
  steps: Iterable<OpenStep>;
  tell: (event: AtEvent) => void;
  /** What the answers tell of SIM and network. */
  outlook: OutlookOfStick;
  signal: AbortSignal;
}

/**
 * Makes a port that has just been opened ready for commands: the engine's settings, the SIM, the users' steps. Errors: those
 * of a channel that has ended, TIMEOUT when not even AT is answered, the signal's reason.
 */
export async function setUp(channel: AtChannel, setup: SetUp): Promise<void> {
  const { host, role, pin, radioOff, identify, steps, tell, outlook, signal } = setup;
  let silent = false;
  const run = async (command: string, options?: RunOptions): Promise<AtReply> => {
    try {
      const reply = await channel.run(command, options);
      outlook.answered(reply);
      return reply;
    } catch (error) {
      silent ||= isDriverError(error, 'TIMEOUT');
      throw error;
    }
  };
  await sendSettings(run, baseSettings(role));
  await identify(run);
  if (radioOff) await radioOn(run, channel.stick);
  const refused = () => outlook.pinRefused();
  await openSim(run, { host, stick: channel.stick, pin: pin(), tell, refused, signal });
  await askService(run);
  await runSteps(channel, run, steps, tell);
  // A command without an answer may be unknown to the firmware; AT is not.
  if (silent) await channel.run('AT');
}

/** A command may be lost once more: what counts is what the stick says of itself. */
async function radioOn(run: Run, stick: string): Promise<void> {
  for (let i = 0; i < RADIO_TRIES; i++) {
    const state = await unlessSilent(run('AT+CFUN?'));
    if (state?.lines.some((line) => lineValue(line, '+CFUN')?.startsWith('1'))) return;
    const done = await unlessSilent(run(RADIO_ON));
    // Firmware that does not tell is believed when it says OK.
    if (!state?.ok && done?.ok) return;
  }
  throw failure('TIMEOUT/radio', { stick });
}
