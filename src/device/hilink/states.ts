import type { DriverError } from '../../errors';
import { type Clock, sleep } from '../../host/host';
import { Listeners } from '../../listeners';
import { either } from '../../signals';
import type { WebValues } from '../../values/web';
import type { NetworkCondition, Outlook, SimCondition } from '../at/outlook';

/**
 * What the web API of a stick in HiLink mode is at. `connecting`: its address is being found and asked. `ready`: it answers.
 * `error`: why it does not; tried again by itself, but for a password that was refused.
 */
export interface WebState extends Pick<Outlook, 'sim' | 'network'> {
  state: 'connecting' | 'ready' | 'error';
  /** Where it answers. */
  url?: string;
  error?: DriverError;
}

const same = (a: WebState | undefined, b: WebState | undefined): boolean =>
  a?.state === b?.state &&
  a?.url === b?.url &&
  a?.sim === b?.sim &&
  a?.network === b?.network &&
  a?.error?.code === b?.error?.code &&
  a?.error?.message === b?.error?.message;

/** The present state, undefined while the stick is in no HiLink mode, and those who want to know of changes. */
export class WebStates {
  #now: WebState | undefined;
  readonly #listeners = new Listeners<WebState | undefined>();

  get now(): WebState | undefined {
    return this.#now;
  }

  /** Tells the listeners, unless nothing has changed. */
  set(next: WebState | undefined): void {
    if (same(this.#now, next)) return;
    this.#now = next;
    this.#listeners.tell(next);
  }

  on(listener: (state: WebState | undefined) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** While `connecting`: resolves when that is over, or after `ms`; rejects with the signal's reason. */
  async settled(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
    const over = new AbortController();
    const both = either(over.signal, signal);
    const off = this.on(() => {
      if (this.#now?.state !== 'connecting') over.abort();
    });
    try {
      if (this.#now?.state === 'connecting') await sleep(clock, ms, both.signal);
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      off();
      both.off();
    }
  }
}

const SIM: Readonly<Record<string, SimCondition>> = {
  READY: 'ready',
  'SIM PIN': 'pin',
  'SIM PUK': 'puk',
  'NOT INSERTED': 'absent',
  FAILURE: 'failed',
};

/** What stands between the stick and a network, in the words of the AT side. */
export function webOutlook({ sim, network }: Pick<WebValues, 'sim' | 'network'>): Pick<Outlook, 'sim' | 'network'> {
  const card = SIM[sim?.state ?? ''];
  const found = network && networkCondition(network);
  return { ...(card && { sim: card }), ...(found && { network: found }) };
}

function networkCondition(network: NonNullable<WebValues['network']>): NetworkCondition | undefined {
  const { registered, registration, service = '' } = network;
  if (registered === undefined) return undefined;
  if (registered) return 'registered';
  if (registration === 'denied' || service.startsWith('restricted')) return 'denied';
  return registration === 'searching' ? 'searching' : 'none';
}
