/**
 * One signal for two reasons to stop. `AbortSignal.any` would do, but Node.js 20 keeps some bytes for each call as long as
 * the older signal lives, and that of a node lives for months.
 */
export interface Either {
  /** Aborted as soon as one of the two is, with its reason. */
  readonly signal: AbortSignal;
  /** Takes the listeners off both. To be called when the work is over. */
  off(): void;
}

export function either(a: AbortSignal, b: AbortSignal | undefined): Either {
  if (!b) return { signal: a, off: () => undefined };
  const both = new AbortController();
  const fromA = () => both.abort(a.reason);
  const fromB = () => both.abort(b.reason);
  if (a.aborted) fromA();
  else if (b.aborted) fromB();
  a.addEventListener('abort', fromA, { once: true });
  b.addEventListener('abort', fromB, { once: true });
  return {
    signal: both.signal,
    off: () => {
      a.removeEventListener('abort', fromA);
      b.removeEventListener('abort', fromB);
    },
  };
}
