/**
 * Every status that a node or a card of the sidebar can show: its colour and shape here, its word in the one catalogue
 * (plugins/e3272/locales), which the editor translates. Green means that it works, and was seen to; yellow that it may by itself
 * or that a job is on; red that somebody must act. Dot: something is there. Ring: it is missing or on its way.
 */

import type { NodeStatus } from 'node-red';

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
