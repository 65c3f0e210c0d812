/** The status of one node: what its stick is at, and what the node itself is doing with it or has done, which goes before. */

import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { type CountedKey, STATUS, type StatusKey, wordKey } from './words';

export type { StatusKey } from './words';

/** Each status goes to every open editor. */
const MIN_PROGRESS_MS = 250;

/**
 * How long a status stands before that of the stick: `news` until there is any of the stick, and only while that works; `over`
 * until the node says so; `ever` until the next deploy.
 */
export type Until = 'news' | 'over' | 'ever';

/** Says why the stick does not work, which is the reason of much else. */
export const isUrgent = (status: Pick<NodeStatus, 'fill'> | undefined): boolean =>
  status?.fill === 'yellow' || status?.fill === 'red';

export class StatusLine {
  readonly #node: Node;
  readonly #closed: AbortSignal;
  #stick: NodeStatus | undefined;
  #own: { status: NodeStatus; until: Until } | undefined;
  #shown = '';
  #progressAt = Number.NEGATIVE_INFINITY;

  /** After `closed` nothing is shown any more: a new node with the same id has its own status then. */
  constructor(node: Node, closed: AbortSignal) {
    this.#node = node;
    this.#closed = closed;
  }

  /** What the stick is at: `text`, for what it says itself, needs no translation. `over`: the node is at nothing itself. */
  stick(key: StatusKey, { text = wordKey(key), over = false } = {}): void {
    this.#stick = { ...STATUS[key], text };
    if (this.#own?.until === 'news' || (over && this.#own?.until === 'over')) this.#own = undefined;
    this.#render();
  }

  /** What the node itself is at. */
  show(key: StatusKey, until: Until = 'over'): void {
    this.#set({ ...STATUS[key], text: wordKey(key) }, until);
  }

  /** `writing 42 %`, at most four times a second, and the last one in any case; in the language of the server. */
  progress(key: CountedKey, done: number, total: number, translate: NodeAPI['_']): void {
    const { fill, shape } = STATUS[key];
    const percent = total > 0 ? Math.floor((done / total) * 100) : 0;
    const now = performance.now();
    if (done < total && now - this.#progressAt < MIN_PROGRESS_MS) return;
    this.#progressAt = now;
    this.#set({ fill, shape, text: translate(wordKey(key), { percent }) }, 'over');
  }

  /** The node is at nothing itself. */
  over(): void {
    if (this.#own?.until === 'over') this.#own = undefined;
    this.#render();
  }

  #set(status: NodeStatus, until: Until): void {
    if (this.#own?.until === 'ever') return;
    this.#own = { status, until };
    this.#render();
  }

  #render(): void {
    const { until, status: own } = this.#own ?? {};
    const status = own && !(until === 'news' && isUrgent(this.#stick)) ? own : this.#stick;
    const print = JSON.stringify(status);
    if (!status || this.#closed.aborted || this.#shown === print) return;
    this.#shown = print;
    this.#node.status(status);
  }
}
