interface Wish<There> {
  on: (there: There) => () => void;
  off: () => void;
}

/** What one user wants until further notice of whichever stick is meant: it is set up at each, and taken off again. */
export class Wishes<There> {
  readonly #wishes = new Set<Wish<There>>();

  /** Another stick is meant. Returns how to take everything off again there. */
  enter(there: There): () => void {
    for (const wish of this.#wishes) wish.off = wish.on(there);
    return () => {
      for (const wish of this.#wishes) wish.off();
    };
  }

  /** One more, set up at once at `there`. Returns how to end it. */
  add(on: Wish<There>['on'], there: There): () => void {
    const wish: Wish<There> = { on, off: on(there) };
    this.#wishes.add(wish);
    return () => {
      this.#wishes.delete(wish);
      wish.off();
    };
  }

  /** The user has left. */
  end(): void {
    for (const wish of this.#wishes) wish.off();
    this.#wishes.clear();
  }
}
