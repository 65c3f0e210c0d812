import type { Node, NodeStatus } from 'node-red';
import type { Host } from '../../src/host/host';

type Look = Pick<NodeStatus, 'fill' | 'shape'>;

const look = (fill: NonNullable<NodeStatus['fill']>, shape: NonNullable<NodeStatus['shape']>): Look => ({
  fill,
  shape,
});

/** Dot: something is there. Ring: it is missing or on its way. */
const LOOKS = {
  absent: look('grey', 'ring'),
  storage: look('grey', 'dot'),
  hilink: look('grey', 'dot'),
  tty: look('green', 'dot'),
  boot: look('yellow', 'dot'),
  loader: look('yellow', 'dot'),
  fastboot: look('grey', 'dot'),
  unknown: look('grey', 'dot'),
  busy: look('yellow', 'dot'),
  connecting: look('yellow', 'ring'),
  released: look('blue', 'ring'),
  recovering: look('red', 'ring'),
  ready: look('green', 'dot'),
  error: look('red', 'ring'),
  switching: look('yellow', 'ring'),
  waiting: look('blue', 'dot'),
  done: look('green', 'dot'),
  checked: look('grey', 'dot'),
  failed: look('red', 'dot'),
  cancelled: look('grey', 'dot'),
  noconfig: look('red', 'ring'),
  noserver: look('red', 'ring'),
  plugged: look('green', 'dot'),
  unplugged: look('grey', 'ring'),
  sending: look('yellow', 'dot'),
  full: look('red', 'dot'),
  files: look('yellow', 'dot'),
  save: look('yellow', 'dot'),
  godload: look('yellow', 'dot'),
  upload: look('yellow', 'dot'),
  starting: look('yellow', 'ring'),
  identify: look('yellow', 'dot'),
  write: look('yellow', 'dot'),
  reset: look('yellow', 'ring'),
  at: look('yellow', 'ring'),
  setport: look('yellow', 'dot'),
} as const;

export type StatusKey = keyof typeof LOOKS;

/** Where no stick is seen: whether that is because nobody can see the bus itself. */
export const awayStatus = (host: Host): StatusKey => (host.unreachable?.() ? 'noserver' : 'absent');

/** Each status goes to every open editor. */
const MIN_PROGRESS_MS = 250;

/** The status of one node: texts are keys of its own locale, which the editor translates. */
export class StatusLine {
  readonly #node: Node;
  readonly #closed: AbortSignal;
  #shown = '';
  #progressAt = Number.NEGATIVE_INFINITY;

  /** After `closed` nothing is shown any more: a new node with the same id has its own status then. */
  constructor(node: Node, closed: AbortSignal) {
    this.#node = node;
    this.#closed = closed;
  }

  show(key: StatusKey): void {
    if (this.#closed.aborted || this.#shown === key) return;
    this.#shown = key;
    this.#node.status({ ...LOOKS[key], text: `status.${key}` });
  }

  /** A text of its own instead of a key: what the stick says needs no translation. */
  say(key: StatusKey, text: string): void {
    if (this.#closed.aborted || this.#shown === text) return;
    this.#shown = text;
    this.#node.status({ ...LOOKS[key], text });
  }

  /** `writing 42 %`, at most four times a second, and the last one in any case. */
  progress(doing: string, done: number, total: number): void {
    const text = `${doing} ${total > 0 ? Math.floor((done / total) * 100) : 0} %`;
    const now = performance.now();
    const early = done < total && now - this.#progressAt < MIN_PROGRESS_MS;
    if (this.#closed.aborted || this.#shown === text || early) return;
    this.#progressAt = now;
    this.#shown = text;
    this.#node.status({ ...LOOKS.busy, text });
  }
}
