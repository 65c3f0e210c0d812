/** Those who want to hear of something; what one of them does wrong is its own matter. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Adds a listener, the same one twice if asked to. Returns how to stop it. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T) => listener(value);
    this.#all.add(own);
    return () => {
      this.#all.delete(own);
    };
  }

  /** Tells all who listen now. Neither a throw nor a rejection of one of them reaches the others or the process. */
  tell(value: T): void {
    for (const listener of [...this.#all]) {
      try {
        const result: unknown = listener(value);
        if (result instanceof Promise) result.catch(() => {});
      } catch {
        // See above.
      }
    }
  }
}
