import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export const MAIN = join(__dirname, '../../cli/main.js');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The JSON objects on stdout, when --json was given. */
  objects: Record<string, unknown>[];
  /** The last of them. */
  result: Record<string, unknown>;
}

/** Runs the command line in a process of its own, with no terminal and nothing on stdin. */
export async function e3272(...args: string[]): Promise<Ran> {
  return start(...args).ended;
}

export const start = (...args: string[]) => startWith({}, ...args);

/** With more in its environment. */
export function startWith(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
  const ended = (async (): Promise<Ran> => {
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    const lines = args.includes('--json') ? stdout.split('\n').filter(Boolean) : [];
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return { code, stdout, stderr, objects, result: objects.at(-1) ?? {} };
  })();
  /** What it says first. Rejects if it ends without a word on stdout. */
  const firstWords = async (): Promise<string> => {
    const silent = ended.then(({ code, stderr }): never => {
      throw new Error(`e3272 ${args.join(' ')} ended with ${code}: ${stderr}`);
    });
    const [words] = (await Promise.race([once(child.stdout, 'data'), silent])) as [Buffer];
    return words.toString();
  };
  return { child, ended, firstWords };
}
