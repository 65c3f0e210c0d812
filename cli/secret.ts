/** A password from the environment or a person; never from the command line, where other users of the machine see it. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { cliFailure } from './messages';

/** Undefined where nobody can be asked. What is typed is not shown. Error: CANCELLED. */
export async function askSecret(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    // At Ctrl-D it closes, and the question stays open for ever.
    const closed = new Promise<never>((_, reject) => terminal.once('close', () => reject(new Error('closed'))));
    return await Promise.race([terminal.question('', { signal }), closed]);
  } catch (error) {
    throw cliFailure('CANCELLED/unanswered', {}, { cause: error });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
