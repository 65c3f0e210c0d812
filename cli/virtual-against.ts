/** Where our virtual stick differs from a recorded one: the list of what it has still to learn. */

import { openAt } from '../src/device/at/open-at';
import { differencesIn } from '../src/virtual/against';
import type { Context } from './context';
import { makeVirtual } from './virtual-context';
import { likeTrace } from './virtual-like';

/** True, also where there are differences: they are the result. */
export async function compareWith({ out, signal }: Pick<Context, 'out' | 'signal'>, path: string): Promise<boolean> {
  const { mode, script, ours } = likeTrace(path);
  const { host, stick } = await makeVirtual(mode, signal, ours);
  const handle = script.questions.length > 0 ? openAt(host, 'auto') : undefined;
  try {
    const differences = await differencesIn(script, {
      stick,
      ask: async (command) => {
        // A refusal is an answer; so is a silence.
        const { final, lines } = (await handle?.run(command, { signal }).catch(() => undefined)) ?? {};
        return final === undefined ? undefined : { final, lines: lines ?? [] };
      },
    });
    for (const difference of differences) out.result(difference);
    if (differences.length === 0) out.say('Nothing of what was recorded is otherwise on the virtual stick.');
    out.object({ type: 'result', ok: true, differences });
    return true;
  } finally {
    await handle?.release();
    stick.unplug();
  }
}
