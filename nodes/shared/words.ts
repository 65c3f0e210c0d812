/**
 * Every status that a node can show: its colour and shape here, its word in the one catalogue (plugins/e3272/locales), which
 * the editor translates. Green means that it works, and was seen to; yellow that it may by itself or that a job is on; red that
 * somebody must act. Dot: something is there. Ring: it is missing or on its way.
 */

import type { NodeStatus } from 'node-red';
import type { NetworkCondition, SimCondition } from '../../src/device/at/outlook';
import type { AtState } from '../../src/device/at/states';
import { isDriverError } from '../../src/errors';

export interface Look {
  readonly fill: NonNullable<NodeStatus['fill']>;
  readonly shape: NonNullable<NodeStatus['shape']>;
  /** What is put into its word. The editor cannot do that: such a word comes in the language of the server. */
  readonly params?: readonly 'percent'[];
}

const look = (fill: Look['fill'], shape: Look['shape']): Look => ({ fill, shape });
const percent: Look & { readonly params: readonly 'percent'[] } = { ...look('yellow', 'dot'), params: ['percent'] };

export const STATUS = {
  noconfig: look('red', 'ring'),
  absent: look('grey', 'ring'),
  elsewhere: look('yellow', 'ring'),
  ambiguous: look('red', 'ring'),
  noserver: look('red', 'ring'),
  plugged: look('green', 'dot'),
  unplugged: look('grey', 'ring'),
  storage: look('grey', 'dot'),
  hilink: look('grey', 'dot'),
  // By its web API.
  hilinkReady: look('green', 'dot'),
  noAddress: look('red', 'ring'),
  loginWanted: look('red', 'dot'),
  loginRefused: look('red', 'dot'),
  loginLocked: look('yellow', 'ring'),
  noAt: look('grey', 'dot'),
  // Nobody has asked whether it answers.
  tty: look('blue', 'dot'),
  boot: look('yellow', 'dot'),
  loader: look('yellow', 'dot'),
  fastboot: look('grey', 'dot'),
  unknown: look('grey', 'dot'),
  connecting: look('yellow', 'ring'),
  ready: look('green', 'dot'),
  // It does not tell of SIM or network.
  answers: look('blue', 'dot'),
  silent: look('yellow', 'ring'),
  recovering: look('red', 'ring'),
  released: look('blue', 'ring'),
  error: look('red', 'ring'),
  simAbsent: look('red', 'ring'),
  simBusy: look('yellow', 'ring'),
  simPin: look('yellow', 'dot'),
  pinRefused: look('red', 'dot'),
  simPuk: look('red', 'dot'),
  simFailed: look('red', 'dot'),
  searching: look('yellow', 'ring'),
  denied: look('red', 'dot'),
  noNetwork: look('red', 'ring'),
  full: look('red', 'dot'),
  sending: look('yellow', 'dot'),
  noBroker: look('yellow', 'ring'),
  nameTaken: look('red', 'dot'),
  brokerDrops: look('red', 'ring'),
  brokerSettings: look('yellow', 'dot'),
  switching: look('yellow', 'ring'),
  notSwitched: look('red', 'dot'),
  busy: look('yellow', 'dot'),
  waiting: look('yellow', 'dot'),
  files: look('yellow', 'dot'),
  filesDone: percent,
  save: look('yellow', 'dot'),
  godload: look('yellow', 'dot'),
  upload: look('yellow', 'dot'),
  uploadDone: percent,
  starting: look('yellow', 'ring'),
  identify: look('yellow', 'dot'),
  write: look('yellow', 'dot'),
  writeDone: percent,
  reset: look('yellow', 'ring'),
  at: look('yellow', 'ring'),
  setport: look('yellow', 'dot'),
  done: look('green', 'dot'),
  checked: look('grey', 'dot'),
  failed: look('red', 'dot'),
  cancelled: look('grey', 'dot'),
} as const satisfies Readonly<Record<string, Look>>;

type Key = keyof typeof STATUS;

/** Those whose word takes {@link Look.params}. */
export type CountedKey = { [K in Key]: (typeof STATUS)[K] extends { params: unknown } ? K : never }[Key];
export type StatusKey = Exclude<Key, CountedKey>;

/** All words that nodes, dialogs and sidebar share. */
const NAMESPACE = '@e3272/node-red/e3272';

export const wordKey = (key: Key): string => `${NAMESPACE}:status.${key}`;

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
