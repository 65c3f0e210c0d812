import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The one message that a process of a bench sends. Rejects if it ends without. */
export async function answer<T>(child: ChildProcess): Promise<T> {
  const [result] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [T | number | null];
  if (typeof result !== 'object' || result === null) throw new Error(`A process of the bench ended with ${result}.`);
  return result;
}
