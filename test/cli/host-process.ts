/** `e3272 virtual --host` in a process of its own, with its log. */

import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../support/served';
import { inWords, lastOf, until } from '../support/waits';
import { start } from './e3272';

interface Stage {
  host: number;
  sticks: string[];
  web?: string[];
}

export class HostProcess {
  readonly port: number;
  /** Of the sticks, for other programs. */
  readonly names: string[];
  /** Addresses of their web servers, where there are any. */
  readonly web: string[];
  readonly #child: ReturnType<typeof start>;
  readonly #folder: string;

  private constructor(folder: string, child: ReturnType<typeof start>, served: Stage) {
    this.#folder = folder;
    this.#child = child;
    this.port = served.host;
    this.names = served.sticks;
    this.web = served.web ?? [];
  }

  /** `port`: of one that ran before. `more`: options. */
  static async start(mode: string, sticks = 1, port = 0, more: readonly string[] = []): Promise<HostProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'e3272-host-'));
    const own = ['--mode', mode, '--host', String(port), '--sticks', String(sticks), '--log', join(folder, 'log')];
    const options = [...own, ...more];
    const child = start('--json', 'virtual', ...options);
    return new HostProcess(folder, child, JSON.parse(await child.firstWords()));
  }

  order(order: object): void {
    this.#child.child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  /** What is in the log now. */
  get log(): Entry[] {
    // The last line may be on its way.
    const lines = readFileSync(join(this.#folder, 'log'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Entry);
  }

  /** The first entry from `after` on that is wanted; waits for it. */
  logged(wanted: (entry: Entry) => boolean, after = 0): Promise<Entry> {
    return until({
      what: `an entry in the log of e3272 virtual --host, ${inWords(wanted)}`,
      look: () => this.log.slice(after).find(wanted),
      listen: (wake) => {
        const watcher = watch(join(this.#folder, 'log'), wake);
        return () => watcher.close();
      },
      came: () => lastOf(this.log, 'entries'),
    });
  }

  get place(): string {
    return this.names[0] ?? '';
  }

  /** Twice is harmless. */
  async close(): Promise<void> {
    this.#child.child.kill('SIGTERM');
    await this.#child.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
