/** A whole Node-RED in a process of its own, from the outside. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackage } from './installed';
import type { FlowNode, Message, Sent } from './runtime';

export interface Injected {
  id: string;
  msg: object;
}

export type Said = 'ready' | { id: string; port: number; msg: object } | { id: string; status: string };

export class RedProcess {
  readonly #child: ChildProcess;
  readonly #sent: Sent[] = [];
  /** The last status of each node, by its id. */
  readonly #statuses = new Map<string, string>();
  #ready = false;
  #wake: (() => void)[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (word: Said) => {
      this.#take(word);
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  /** Starts it with `flow` in its user folder; resolves when the flow runs. `machine`: folder that stands for the machine. */
  static async start(userDir: string, machine: string, place: string, flow: FlowNode[]): Promise<RedProcess> {
    installPackage(userDir);
    const placed = flow.map((node) => (node.type === 'e3272-stick' ? node : { x: 0, y: 0, ...node }));
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(placed));
    const child = fork(join(__dirname, 'red-child.js'), [userDir, machine, place], { stdio: 'inherit' });
    const red = new RedProcess(child);
    await red.#until(() => red.#ready);
    return red;
  }

  #take(word: Said): void {
    if (word === 'ready') this.#ready = true;
    else if ('status' in word) this.#statuses.set(word.id, word.status);
    else this.#sent.push(word as Sent);
  }

  async #until<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look();
      if (found) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  inject(id: string, msg: object): void {
    this.#child.send({ id, msg } satisfies Injected);
  }

  /** The first message out of a node that is wanted; waits for it. */
  async output(id: string, port: number, wanted: (msg: Message) => boolean = () => true): Promise<Message> {
    const found = await this.#until(() => this.#sent.find((s) => s.id === id && s.port === port && wanted(s.msg)));
    return found.msg;
  }

  /** All that came out of a node so far. */
  outputs(id: string, port: number): Message[] {
    return this.#sent.filter((sent) => sent.id === id && sent.port === port).map(({ msg }) => msg);
  }

  /** Waits until a node shows this. */
  async shows(id: string, status: string): Promise<void> {
    await this.#until(() => this.#statuses.get(id) === status);
  }

  /** SIGKILL; resolves when it is gone. Twice is harmless. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
