import type { AtReply } from '../at/channel';
import type { AtSource } from './at/source';
import { AtStates, unavailable } from './at/states';

const nothing = () => undefined;

/** What stands for a stick while a name means none: it only says why. */
export class Nowhere implements AtSource {
  readonly states = new AtStates();
  readonly #which: string;

  constructor(which: string) {
    this.#which = which;
  }

  identify(): () => void {
    return nothing;
  }

  join(): () => Promise<void> {
    return () => Promise.resolve();
  }

  async run(): Promise<AtReply> {
    throw unavailable(this.states.now, this.#which);
  }

  onUrc(): () => void {
    return nothing;
  }

  onEvent(): () => void {
    return nothing;
  }

  afterOpen(): () => void {
    return nothing;
  }

  async releasePort(): Promise<void> {
    throw unavailable(this.states.now, this.#which);
  }

  takePort(): void {}
}
