/** The selection of systems and bands, changed. */

import { failure } from '../errors';
import type { SystemSelection } from '../values/selection';
import { type AtRunner, read } from './ask';
import { parseSyscfgexTest, SYSCFGEX, type SystemWish, syscfgexCommand } from './commands/selection';
import type { RunOptions } from './options';
import { expectOk } from './reply';

/**
 * Reads what is set and what the stick offers, checks the wish against it and sets it; takes up to 144 s. Returns what was
 * set before. Errors: BAD_ARGUMENT before anything is changed, PROTOCOL (an answer without the values), those of
 * `run` and {@link expectOk}.
 */
export async function setSystemSelection(
  at: AtRunner,
  wish: SystemWish,
  options: RunOptions = {},
): Promise<SystemSelection> {
  const now = await read(at, SYSCFGEX, options);
  if (!now) throw failure('PROTOCOL/no-selection', {});
  // Without the list the stick itself is the judge.
  const test = await at.run('AT^SYSCFGEX=?', options);
  const offer = test.ok ? parseSyscfgexTest(test.lines) : undefined;
  expectOk(await at.run(syscfgexCommand(now, wish, offer), options));
  return now;
}
