/** A whole Node-RED in a process of its own, from the outside. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inWords, lastOf, Seen, until } from '../support/waits';
import { installPackage } from './installed';
import type { FlowNode, Message, Sent } from './runtime';

export interface Injected {
  id: string;
  msg: object;
}

/** A deploy, the wall clock that is set so many ms off, or the end as the service manager brings it. */
export type Ordered = { deploy: 'full' | 'nodes' | 'flows'; flow: FlowNode[] } | { clock: number } | { stop: true };

export type Said = 'ready' | { id: string; port: number; msg: object } | { id: string; status: string };

/** Config nodes have no place. */
const CONFIGS = ['e3272-stick', 'mqtt-broker'];
const placed = (flow: FlowNode[]) => flow.map((node) => (CONFIGS.includes(node.type) ? node : { x: 0, y: 0, ...node }));

export class RedProcess {
  readonly #child: ChildProcess;
  readonly #said = new Seen<{ word: Said }>();

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (word: Said) => this.#said.add({ word }));
  }

  /**
   * Starts it with `flow` in its user folder; resolves when the flow runs. `machine`: folder that stands for the machine; `place`:
   * of the served stick that the flow names, or of several, separated by commas; `clock`: ms that the wall clock is wrong by.
   */
  static start(userDir: string, machine: string, place: string, flow: FlowNode[], clock = 0): Promise<RedProcess> {
    const words = [userDir, machine, place, String(clock)];
    return RedProcess.#start(userDir, flow, (script) => fork(script, words, { stdio: 'inherit' }));
  }

  /** The same with the sticks of this machine, which are virtual ones on its bus; `start` runs a command, with a channel. */
  static startOnBus(
    userDir: string,
    flow: FlowNode[],
    start: (command: readonly string[]) => ChildProcess,
  ): Promise<RedProcess> {
    return RedProcess.#start(userDir, flow, (script) => start([process.execPath, script, userDir]));
  }

  static async #start(userDir: string, flow: FlowNode[], start: (script: string) => ChildProcess): Promise<RedProcess> {
    installPackage(userDir);
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(placed(flow)));
    const red = new RedProcess(start(join(__dirname, 'red-child.js')));
    await red.#said.find('Node-RED to run', ({ word }) => word === 'ready');
    return red;
  }

  /** The last status of a node. */
  #statusOf(id: string): string | undefined {
    const last = this.#said.all.findLast(({ word }) => word !== 'ready' && 'status' in word && word.id === id);
    return (last?.word as { status: string } | undefined)?.status;
  }

  inject(id: string, msg: object): void {
    this.#child.send({ id, msg } satisfies Injected);
  }

  /** The first message out of a node that is wanted; waits for it. */
  async output(id: string, port: number, wanted: (msg: Message) => boolean = () => true): Promise<Message> {
    const isIt = (word: Said): word is Sent =>
      word !== 'ready' && 'msg' in word && word.id === id && word.port === port && wanted(word.msg as Message);
    const what = `a message out of port ${port} of node ${id}, ${inWords(wanted)}`;
    return ((await this.#said.find(what, ({ word }) => isIt(word))).word as Sent).msg;
  }

  /** All that came out of a node so far. */
  outputs(id: string, port: number): Message[] {
    return this.#said.all.flatMap(({ word }) =>
      word !== 'ready' && 'msg' in word && word.id === id && word.port === port ? [word.msg as Message] : [],
    );
  }

  /** Waits until a node shows this. */
  async shows(id: string, status: string): Promise<void> {
    await until({
      what: `the status ${status} of node ${id}`,
      look: () => this.#statusOf(id) === status,
      listen: this.#said.listen,
      came: () => lastOf(this.#said.all, 'words'),
    });
  }

  /** Sets its wall clock, so many ms off that of this machine. */
  setClock(offset: number): void {
    this.#child.send({ clock: offset } satisfies Ordered);
  }

  /** Deploys `flow`, and resolves when it runs. */
  async deploy(flow: FlowNode[], deploy: 'full' | 'nodes' | 'flows' = 'full'): Promise<void> {
    const after = this.#said.all.length;
    this.#child.send({ deploy, flow: placed(flow) } satisfies Ordered);
    await this.#said.find('the flows to run again', ({ word }) => word === 'ready', { after });
  }

  /** A planned stop; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#child.send({ stop: true } satisfies Ordered);
    await once(this.#child, 'exit');
  }

  /** SIGKILL; resolves when it is gone. Twice is harmless. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
