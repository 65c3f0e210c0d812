/**
 * The one wrapper around everything that Node-RED calls in a node. Node-RED catches only what a handler throws at once:
 * a rejection would end the whole process, and a close handler that never calls back delays every deploy.
 */

import { setMaxListeners } from 'node:events';
import type { Node, NodeMessage, NodeMessageInFlow } from 'node-red';
import { nodeError } from './failure';
import { StatusLine, type Until } from './status';

export type Send = (msg: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;
export type InputHandler = (msg: NodeMessageInFlow, send: Send) => void | Promise<void>;

export class NodeLife {
  readonly status: StatusLine;
  readonly #node: Node;
  readonly #closing = new AbortController();
  readonly #closers = new Set<(removed: boolean) => unknown>();
  #removed = false;

  constructor(node: Node) {
    this.#node = node;
    // Each command under way listens to it; many at once are no leak.
    setMaxListeners(0, this.signal);
    this.status = new StatusLine(node, this.signal);
    node.on('close', (removed: boolean, done: () => void) => {
      this.#removed = removed;
      void this.#close().then(done);
    });
  }

  /** Aborted when the node is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Handles messages: `done` is called once, with the error if there was one. Once closed, the node is silent. */
  input(handler: InputHandler): void {
    this.#node.on('input', (msg, send, done) => {
      if (this.signal.aborted) return;
      const alive: Send = (out) => {
        if (!this.signal.aborted) send(out);
      };
      void this.#run(() => handler(msg, alive)).then((outcome) =>
        this.#last(async () => {
          const error = 'error' in outcome ? await nodeError(outcome.error) : undefined;
          if (!this.signal.aborted) done(error);
        }),
      );
    });
  }

  /** Runs `work` at once. A failure is logged, shown to the end, and still rejects for those who await it. */
  start<T>(work: () => Promise<T>): Promise<T> {
    const started = work();
    started.catch((error: unknown) => this.fail(error, 'ever'));
    return started;
  }

  /** Wraps a callback of the driver: what it throws is logged, not thrown into the driver. */
  guard<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (this.signal.aborted) return;
      try {
        callback(...args);
      } catch (error) {
        this.fail(error);
      }
    };
  }

  /** Something that no message asked for went wrong: it is logged, and shown for as long as `until` says. */
  fail(error: unknown, until: Until = 'news'): void {
    if (this.signal.aborted) return;
    this.status.show('error', until);
    this.log(error);
  }

  /** It works, but not as it might. */
  warn(error: unknown): void {
    if (this.signal.aborted) return;
    void this.#last(async () => this.#node.warn((await nodeError(error)).message));
  }

  log(error: unknown): void {
    if (this.signal.aborted) return;
    void this.#last(async () => this.#node.error(await nodeError(error)));
  }

  /** What a message of an earlier life asked for went wrong: Catch nodes get `msg`, which stands for it. */
  failFor(msg: NodeMessage, error: unknown): void {
    void this.#last(async () => {
      const failure = await nodeError(error);
      if (!this.signal.aborted) this.#node.error(failure, msg);
    });
  }

  /**
   * Calls `fn` when the node is closed and waits for it; at once if that has happened. `removed`: it does not come back, as
   * after a deploy or a restart. Returns how to call it off.
   */
  onClose(fn: (removed: boolean) => unknown): () => void {
    if (this.signal.aborted) void this.#run(() => fn(this.#removed));
    else this.#closers.add(fn);
    return () => {
      this.#closers.delete(fn);
    };
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const outcomes = await Promise.all([...this.#closers].map((fn) => this.#run(() => fn(this.#removed))));
    for (const outcome of outcomes) {
      if ('error' in outcome) await this.#last(async () => this.#node.warn((await nodeError(outcome.error)).message));
    }
  }

  /** The last thing that can be done: if even telling fails (somebody's log handler throws), nothing is left to do. */
  async #last(tell: () => Promise<void>): Promise<void> {
    await this.#run(tell);
  }

  async #run(work: () => unknown): Promise<{ error: unknown } | Record<never, never>> {
    try {
      await work();
      return {};
    } catch (error) {
      return { error };
    }
  }
}
