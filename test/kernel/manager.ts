/** ModemManager in the guest. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './strangers';
import { PATIENCE_MS } from './told';

/** One look must not outlive the patience that many have together. */
const ANSWER_MS = 60_000;

export class Manager {
  readonly #child: ChildProcess;
  #log = '';

  /** `--debug`: only so it passes AT commands on. */
  constructor() {
    this.#child = spawn('ModemManager', ['--debug'], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Lines of its log that are worse than information. */
  get warnings(): string[] {
    return this.#log.split('\n').filter((line) => /<(warn|error)>/.test(line));
  }

  /** Lines of its log about something, for the report of a failure. */
  about(what: RegExp): string {
    return this.#log
      .split('\n')
      .filter((line) => what.test(line))
      .join('\n');
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** Asks `mmcli` until `wanted` is content with its answer. */
export async function mmcli(args: string[], wanted: (text: string) => boolean): Promise<string> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { text } = await run('mmcli', args, ANSWER_MS);
    if (wanted(text)) return text;
    assert.ok(performance.now() < end, `mmcli ${args.join(' ')} still says:\n${text}`);
    await pause(500);
  }
}
