/**
 * Waits of tests. One that does not come to its end fails a moment before mocha ends the test without a word, and says what
 * it waited for and what came instead.
 */

export interface Wait<T> {
  /** `status.ready of node at`. */
  what: string;
  /** What is waited for; undefined or false: not there yet. */
  look: () => T | undefined | false;
  /** Has `wake` called whenever {@link look} may find something new; returns how to stop that. */
  listen: (wake: () => void) => () => void;
  /** What came instead, for the failure. */
  came: () => string;
}

/** The part of the time of a test, or of a hook, that a wait may take. */
const SHARE = 0.95;

let hookMs = 0;
let deadline: number | undefined;

// What is at work outside of mocha, such as a bench, waits without an end.
if ('beforeEach' in globalThis) {
  before(function () {
    hookMs = this.timeout();
  });
  beforeEach(function () {
    const ms = this.currentTest?.timeout() ?? 0;
    deadline = ms > 0 ? performance.now() + ms * SHARE : undefined;
  });
  afterEach(() => {
    deadline = undefined;
  });
}

/** Resolves with what `look` finds, now or after a `wake`. */
export function until<T>({ what, look, listen, came }: Wait<T>): Promise<T> {
  const ms = deadline === undefined ? hookMs * SHARE : Math.max(deadline - performance.now(), 0);
  // Its stack shows who waits.
  const caller = new Error();
  const found = new Promise<T>((resolve, reject) => {
    let stop: (() => void) | undefined;
    let over = false;
    const end = (settle: () => void): void => {
      over = true;
      clearTimeout(timer);
      stop?.();
      settle();
    };
    const wake = (): void => {
      if (over) return;
      try {
        const value = look();
        if (value !== undefined && value !== false) end(() => resolve(value));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const timer = ms > 0 ? setTimeout(() => end(() => reject(tooLong(caller, what, ms, came))), ms).unref() : undefined;
    stop = listen(wake);
    wake();
    if (over) stop();
  });
  // Two waits may race, and a test may end before a wait: nobody hears of the one that lost.
  found.catch(() => undefined);
  return found;
}

function tooLong(caller: Error, what: string, ms: number, came: () => string): Error {
  let instead: string;
  try {
    instead = came();
  } catch (error) {
    instead = String(error);
  }
  const error = new Error(`Waited ${Math.round(ms)} ms for ${what}. What came instead:\n${instead}`);
  const frames = caller.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  error.stack = [String(error), ...frames].join('\n');
  return error;
}

const SHOWN = 8;
const LONGEST = 200;

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text);

/** As text, whatever it is: messages of Node-RED go round in circles. */
function shown(item: unknown): string {
  if (typeof item === 'string') return cut(item);
  try {
    return cut(JSON.stringify(item));
  } catch {
    return cut(String(item));
  }
}

/** The last of `items`, a line each: for {@link Wait.came}. */
export function lastOf(items: readonly unknown[], name = 'things'): string {
  const last = items.slice(-SHOWN).map((item) => `  ${shown(item)}`);
  return [`${items.length} ${name}${last.length < items.length ? `, the last ${last.length}` : ''}`, ...last].join(
    '\n',
  );
}

/** What a test is looking for, in the words of its code: `(msg) => msg.payload === 17`. */
export const inWords = (wanted: unknown): string => cut(String(wanted).replaceAll(/\s+/g, ' '));

/** Things in the order in which they came, and waits for one of them. */
export class Seen<T extends object> {
  readonly all: T[] = [];
  readonly #wakes = new Set<() => void>();

  add(item: T): void {
    this.all.push(item);
    for (const wake of [...this.#wakes]) wake();
  }

  /** For other waits that this may end, see {@link Wait.listen}. */
  readonly listen = (wake: () => void): (() => void) => {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  };

  /** The first that `wanted` accepts, from `after` on; waits for it. `came`: more than these to show where none comes. */
  find(
    what: string,
    wanted: (item: T) => boolean,
    { after = 0, came = () => lastOf(this.all) }: { after?: number; came?: () => string } = {},
  ): Promise<T> {
    return until({ what, look: () => this.all.slice(after).find(wanted), listen: this.listen, came });
  }
}
