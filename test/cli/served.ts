import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastOf, until } from '../support/waits';
import { start } from './e3272';

/** A base whose next ports are free as well, as far as a look can tell. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A virtual stick in a process of its own, and a real tty of one of its ports, made anew whenever it drops. */
export class Served {
  readonly link: string;
  readonly #child: ReturnType<typeof start>;
  readonly #folder: string;
  readonly #lasting: boolean;
  #socat: ChildProcess | undefined;
  #over = false;

  private constructor(folder: string, child: ReturnType<typeof start>, lasting: boolean) {
    this.#lasting = lasting;
    this.#folder = folder;
    this.link = join(folder, 'tty');
    this.#child = child;
  }

  /** With `lasting` the tty stays when a program closes it, as that of a real stick does. */
  static async open(mode: string, tty: number, lasting = false): Promise<Served> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'e3272-tty-'));
    const child = start('--json', 'virtual', '--mode', mode, '--tcp', String(port), '--log', join(folder, 'log'));
    await child.firstWords();
    const served = new Served(folder, child, lasting);
    served.#connect(port + tty);
    await served.#when(`a tty at ${served.link}`, () => existsSync(served.link));
    return served;
  }

  /** Resolves when the stick has noticed something of this kind, `times` times. */
  async noticed(what: string, times = 1): Promise<void> {
    await this.#when(`the stick to notice ${what}, ${times} times`, () => {
      return this.#log().split(`"what":"${what}"`).length > times;
    });
  }

  /** What it has noticed so far, of one kind. */
  events(what: string): Record<string, unknown>[] {
    const lines = this.#log().split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((event) => event['what'] === what);
  }

  order(order: object): void {
    this.#child.child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#socat?.kill('SIGKILL');
    this.#child.child.kill('SIGTERM');
    await this.#child.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #connect(port: number): void {
    if (this.#over) return;
    const target = `tcp:127.0.0.1:${port},nodelay,retry=100,interval=0.1`;
    this.#socat = spawn('socat', [`pty,link=${this.link},raw,echo=0${this.#lasting ? ',ignoreeof' : ''}`, target], {
      stdio: 'ignore',
    });
    this.#socat.once('exit', () => this.#connect(port));
  }

  #log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  /** Looks at each change in the folder. */
  #when(what: string, look: () => boolean): Promise<true> {
    return until({
      what,
      look,
      listen: (wake) => {
        const watcher = watch(this.#folder, wake);
        return () => watcher.close();
      },
      came: () => lastOf(this.#log().split('\n').filter(Boolean), 'entries in its log'),
    });
  }
}
