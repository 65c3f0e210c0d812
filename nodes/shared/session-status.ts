import type { AtState } from '../../src/session/at-service';
import type { NodeLife } from './node';

/** Shows what an AT session is at; its error is logged, each change once. */
export const sessionStatus = (life: NodeLife): ((state: AtState) => void) =>
  life.guard(({ state, mode, error }: AtState) => {
    if (error) life.fail(error);
    else life.status.show(state === 'mode' ? (mode ?? 'unknown') : (state as Exclude<typeof state, 'mode'>));
  });
