/** From what a stick is at to its one word: see `statuses.ts`. */

import type { NetworkCondition, SimCondition } from '../../src/device/at/outlook';
import type { AtState } from '../../src/device/at/states';
import { isDriverError } from '../../src/errors';
import type { CountedKey, StatusKey } from './statuses';

export { type CountedKey, type Look, STATUS, type StatusKey } from './statuses';

/** All words that nodes, dialogs and sidebar share. */
const NAMESPACE = '@e3272/node-red/e3272';

export const wordKey = (key: StatusKey | CountedKey): string => `${NAMESPACE}:status.${key}`;

/** The stick does what it is for, as far as it tells: where a node may say more of it. */
export const works = (key: StatusKey): boolean => key === 'ready' || key === 'answers' || key === 'hilinkReady';

/** In the order in which one stands in the way of the other: a SIM that wants its PIN has no network. */
const SIM: Readonly<Record<SimCondition, StatusKey | undefined>> = {
  ready: undefined,
  absent: 'simAbsent',
  busy: 'simBusy',
  pin: 'simPin',
  'pin-refused': 'pinRefused',
  puk: 'simPuk',
  failed: 'simFailed',
};

const NETWORK: Readonly<Record<NetworkCondition, StatusKey | undefined>> = {
  registered: undefined,
  searching: 'searching',
  denied: 'denied',
  none: 'noNetwork',
};

const ERRORS: Readonly<Record<string, StatusKey>> = { NOT_SWITCHED: 'notSwitched', STICK_AMBIGUOUS: 'ambiguous' };

/** Why the web API of a stick does not answer: a code, or a code with its reason. */
const WEB_ERRORS: Readonly<Record<string, StatusKey>> = {
  STICK_AMBIGUOUS: 'ambiguous',
  LOGIN_REFUSED: 'loginRefused',
  LOGIN_LOCKED: 'loginLocked',
  'HILINK_ERROR/login-needed': 'loginWanted',
  'HILINK_ERROR/no-interface': 'noAddress',
  'HILINK_ERROR/no-lan-address': 'noAddress',
  'HILINK_ERROR/lan-taken': 'noAddress',
  'HILINK_ERROR/no-web': 'noAddress',
};

function webStatus({ state, error, sim, network }: NonNullable<AtState['web']>): StatusKey {
  if (state === 'connecting') return 'connecting';
  if (state === 'ready') return outlookStatus(sim, network) ?? 'hilinkReady';
  return WEB_ERRORS[`${error?.code}/${error?.reason}`] ?? WEB_ERRORS[error?.code ?? ''] ?? 'error';
}

/** What is in the way of a network. */
const outlookStatus = (sim: AtState['sim'] | undefined, network: AtState['network'] | undefined) =>
  (sim && SIM[sim]) ?? (network && NETWORK[network]);

/** Why a switch did not come off. */
export const switchFailure = (error: unknown): StatusKey =>
  isDriverError(error, 'NOT_SWITCHED') ? 'notSwitched' : 'failed';

/** What a node shows of a stick that is at this. */
export function statusOf({
  state,
  mode,
  error,
  sim,
  network,
  silent,
  elsewhere,
  notSwitched,
  web,
}: AtState): StatusKey {
  switch (state) {
    case 'absent':
      if (error) return 'noserver';
      return elsewhere ? 'elsewhere' : 'absent';
    case 'mode':
      if (web) return webStatus(web);
      return notSwitched ? 'notSwitched' : (mode ?? 'unknown');
    case 'error':
      return ERRORS[error?.code ?? ''] ?? 'error';
    case 'connecting':
      return sim === 'busy' ? 'simBusy' : 'connecting';
    case 'ready': {
      if (silent) return 'silent';
      return outlookStatus(sim, network) ?? (sim && network ? 'ready' : 'answers');
    }
    default:
      return state;
  }
}
