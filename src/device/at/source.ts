import type { AtReply, RunOptions, Urc } from '../../at/channel';
import type { AtEvent } from './events';
import type { OpenStep } from './opening-steps';
import type { AtStates } from './states';
import type { UserOptions } from './user-options';

/** The AT port of a stick, for many users. */
export interface AtSource {
  readonly states: Pick<AtStates, 'now' | 'on' | 'settled'>;
  /**
   * From now on whoever is in the socket is asked who it is (see stick/identities.ts), before anything else is sent there.
   * Returns how to end that.
   */
  identify(): () => void;
  /** One more user. Returns how to leave: it resolves after the last one when port and stick are free. */
  join(options: UserOptions): () => Promise<void>;
  run(command: string, options?: RunOptions): Promise<AtReply>;
  onUrc(listener: (urc: Urc) => void): () => void;
  onEvent(listener: (event: AtEvent) => void): () => void;
  afterOpen(step: OpenStep): () => void;
  releasePort(ms?: number): Promise<void>;
  takePort(): void;
}
