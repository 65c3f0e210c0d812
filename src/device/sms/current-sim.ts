/** Which SIM is in the stick now, and whether the stick has been told to announce what comes for it. */

import type { Names } from './sim-name';

export class CurrentSim {
  readonly #names: Names;
  #sim: string | undefined;
  /** Counts the occasions on which it may have become another one. */
  #times = 0;
  #announced: Promise<void> = Promise.resolve();
  #announce: () => void = () => undefined;

  constructor(names: Names) {
    this.#names = names;
  }

  /** Resolves when the stick has been told to announce what comes, or could not be told, or is gone. */
  get announced(): Promise<void> {
    return this.#announced;
  }

  /** What tells it from others; `place` where it does not tell. Errors as those of {@link Names.sim}. */
  async name(place: string): Promise<string> {
    for (;;) {
      const time = this.#times;
      const sim = this.#sim ?? (await this.#names.sim(place));
      if (time !== this.#times) continue;
      this.#sim = sim;
      return sim;
    }
  }

  /** It may be another one now. */
  forget(): void {
    this.#sim = undefined;
    this.#times++;
  }

  /** The stick has to be told anew. */
  silent(): void {
    // Whoever waits for the one before waits for this one.
    const before = this.#announce;
    this.#announced = new Promise((resolve) => {
      this.#announce = () => {
        before();
        resolve();
      };
    });
  }

  /** See {@link announced}. */
  told(): void {
    this.#announce();
    this.#announce = () => undefined;
  }
}
