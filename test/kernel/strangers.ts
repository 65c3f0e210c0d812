/** Programs that others wrote, as hosts of the virtual stick: how they are run, and the rows of the table about them. */

import { execFile } from 'node:child_process';
import { tell } from './guest';
import { PATIENCE_MS } from './told';

export interface Said {
  /** Exit code; undefined = ended by us. */
  code: number | undefined;
  /** stdout and stderr in one. */
  text: string;
}

/** Runs a program to its end, which does not come by itself when it hangs; what it says counts, not how it ends. */
export function run(program: string, args: readonly string[], ms = PATIENCE_MS): Promise<Said> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: ms, maxBuffer: 16e6 }, (error, stdout, stderr) => {
      if (error && typeof error.code === 'string') reject(error);
      else resolve({ code: error ? asNumber(error.code) : 0, text: `${stdout}${stderr}` });
    });
  });
}

const asNumber = (code: unknown): number | undefined => (typeof code === 'number' ? code : undefined);

/** Debian's version of a package. */
export async function version(debianPackage: string): Promise<string> {
  return /^Version: (.*)$/m.exec((await run('dpkg-query', ['-s', debianPackage])).text)?.[1] ?? 'unknown';
}

/** A row of the table. */
export async function row(stranger: string, debianPackage: string, asked: string, result: string): Promise<void> {
  tell({ type: 'stranger', stranger, version: await version(debianPackage), asked, result });
}
