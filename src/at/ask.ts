import type { Member, TypeOf } from '../values/shape';
import type { AtChannel, RunOptions } from './channel';
import { type Entry, questionOf, valueIn } from './commands/entry';
import { type AtReply, expectOk } from './reply';

/** Whatever sends commands: a channel, or one user's share in a session. Errors as {@link AtChannel.run}. */
export type AtRunner = Pick<AtChannel, 'run'> & { readonly stick?: string };

/** Sends `command` and insists on OK. Errors: those of {@link AtChannel.run} and {@link expectOk}. */
export async function ask(at: AtRunner, command: string, options?: RunOptions): Promise<AtReply> {
  const { stick } = at;
  return expectOk(await at.run(command, options), stick === undefined ? {} : { stick });
}

/** Asks for the value of `entry`; undefined where the answer has another shape. Errors as {@link ask}. */
export async function read<S extends Member>(
  at: AtRunner,
  entry: Entry<string, S>,
  options?: RunOptions,
): Promise<TypeOf<S> | undefined> {
  return valueIn(entry, (await ask(at, questionOf(entry), options)).lines);
}
