import type { DriverError } from '../../errors';
import type { WebValues } from '../../values/web';
import type { NetworkCondition, Outlook, SimCondition } from '../at/outlook';
import { States } from '../states';

/**
 * What the web API of a stick in HiLink mode is at. `connecting`: its address is being found and asked. `ready`: it answers.
 * `error`: why it does not; tried again by itself, but for a password that was refused.
 */
export interface WebState extends WebOutlook {
  state: 'connecting' | 'ready' | 'error';
  /** Where it answers. */
  url?: string;
  error?: DriverError;
}

/** Undefined while the stick is in no HiLink mode. */
export class WebStates extends States<WebState | undefined> {
  constructor() {
    super(undefined);
  }
}

const SIM: Readonly<Record<string, SimCondition>> = {
  READY: 'ready',
  'SIM PIN': 'pin',
  'SIM PUK': 'puk',
  'NOT INSERTED': 'absent',
  FAILURE: 'failed',
};

export type WebOutlook = Pick<Outlook, 'sim' | 'network'>;

/** What stands between the stick and a network, in the words of the AT side. */
export function webOutlook({ sim, network }: Pick<WebValues, 'sim' | 'network'>): WebOutlook {
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
