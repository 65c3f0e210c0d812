import type { AtChannel, RunOptions } from './channel';
import { type AtReply, expectOk } from './reply';

/** Whatever sends commands: a channel, or one user's share in a session. Errors as {@link AtChannel.run}. */
export type AtRunner = Pick<AtChannel, 'run'>;

/** Sends `command` and insists on OK. Errors: those of {@link AtChannel.run} and {@link expectOk}. */
export async function ask(channel: AtChannel, command: string, options?: RunOptions): Promise<AtReply> {
  return expectOk(await channel.run(command, options), { stick: channel.stick });
}
