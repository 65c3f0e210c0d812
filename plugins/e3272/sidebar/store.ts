/** What the runtime says of the sticks, for all parts of the page that show it; asked for only while one of them is seen. */

import { type Card, DOORBELL, type PanelState } from '../shapes';
import { get, mayRead, Refused } from './api';

/** A part that is seen asks so often, and besides when the doorbell rings. */
const EVERY_MS = 10_000;

export interface Viewer {
  /** Whether anybody sees it now. */
  readonly seen: () => boolean;
  show(state: PanelState): void;
  lost(error: unknown): void;
}

export interface Store {
  /** The last that was heard. */
  readonly cards: readonly Card[];
  /** Returns how to leave. */
  join(viewer: Viewer): () => void;
  /** Asks now, if anybody looks. Resolves when what came has been shown. */
  refresh(): Promise<void>;
}

export function makeStore(): Store {
  const viewers = new Set<Viewer>();
  let cards: readonly Card[] = [];
  let asking: Promise<void> | undefined;
  let again = false;

  const isSeen = () => !document.hidden && [...viewers].some((viewer) => viewer.seen());

  async function ask(): Promise<void> {
    do {
      again = false;
      try {
        if (!mayRead()) throw new Refused(401, undefined);
        const state = await get<PanelState>('panel');
        cards = state.cards;
        for (const viewer of viewers) viewer.show(state);
      } catch (error) {
        for (const viewer of viewers) viewer.lost(error);
      }
    } while (again);
  }

  function refresh(): Promise<void> {
    if (!isSeen()) return Promise.resolve();
    if (asking) again = true;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  document.addEventListener('visibilitychange', () => void refresh());
  setInterval(() => void refresh(), EVERY_MS);
  RED.comms.subscribe(DOORBELL, () => void refresh());
  return {
    get cards() {
      return cards;
    },
    refresh,
    join(viewer) {
      viewers.add(viewer);
      return () => {
        viewers.delete(viewer);
      };
    },
  };
}
