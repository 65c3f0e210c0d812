/** What is done after each opening of the port and before anybody's commands: a stick forgets its settings. */

import type { AtChannel, AtReply, RunOptions } from '../../at/channel';
import { isDriverError } from '../../errors';
import type { Role } from '../../stick/modes';
import type { AtEvent } from './events';

/** Sends one command; errors as {@link AtChannel.run}. */
export type Run = (command: string, options?: RunOptions) => Promise<AtReply>;

/**
 * Settings that a user needs, sent after each opening (T41: +CMGF, +CNMI, ^USSDMODE and the like are lost when the stick
 * restarts). A refusal is the step's own matter; what it throws is told as an event and stops nothing else.
 */
export type OpenStep = (run: Run) => Promise<void>;

/**
 * The settings that the engine itself relies on. Errors as numbers, because words differ between firmwares; URCs to the
 * port that is read (^PORTSEL: 0 = PCUI, 1 = modem), because a buffer that nobody reads can crash a stick; and the usual
 * URCs on, whatever another program has left.
 */
export function baseSettings(role: Role | undefined): string[] {
  const portsel = role === 'pcui' ? ['AT^PORTSEL=0'] : role === 'modem' ? ['AT^PORTSEL=1'] : [];
  return ['AT+CMEE=1', ...portsel, 'AT^CURC=1'];
}

/**
 * Sends settings that some firmware does not know: a refusal does no harm. An answer can get lost, so one that stays
 * unanswered is sent once more; one that never gets an answer must not keep the port from opening.
 */
export async function sendSettings(run: Run, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    try {
      await run(command);
    } catch (error) {
      if (!isDriverError(error, 'TIMEOUT')) throw error;
      await unlessSilent(run(command));
    }
  }
}

/** `asked`, or undefined where no answer came in time. */
export async function unlessSilent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isDriverError(error, 'TIMEOUT')) return undefined;
    throw error;
  }
}

/** Runs the users' steps, in the order in which they were registered. Rejects only when the channel has ended. */
export async function runSteps(
  channel: AtChannel,
  run: Run,
  steps: Iterable<OpenStep>,
  tell: (event: AtEvent) => void,
): Promise<void> {
  for (const step of steps) {
    try {
      await step(run);
    } catch (error) {
      if (!channel.isOpen) throw error;
      const text = error instanceof Error ? error.message : String(error);
      tell({ event: 'setting', level: 'warn', stick: channel.stick, text: `A setting was not made: ${text}` });
    }
  }
}
