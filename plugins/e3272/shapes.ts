/** What the sidebar's runtime and its part in the browser say to each other. Plain data; nothing that is private. */

import type { StatusKey } from '../../nodes/shared/statuses';

/** Where a stick is on its way from the box to an AT port; `other`: not on it, as fastboot. */
export type Station = 'unplugged' | 'storage' | 'hilink' | 'boot' | 'loader' | 'at' | 'other';

/** What can be asked of a card's stick now. */
export type Order =
  | 'switch'
  | 'restart'
  | 'release'
  | 'take'
  | 'plug'
  | 'boot-pin'
  | 'unplug'
  | 'insert-sim'
  | 'remove-sim'
  | 'sms'
  | 'cancel';

/** One figure of a signal, for the chart: seconds ago, dBm. */
export type Point = readonly [ago: number, dbm: number];

export interface ModemShown {
  bars?: number;
  operator?: string;
  pinTries?: number;
  pukTries?: number;
  /** In the stores of the SIM or the stick. */
  messages?: { used: number; total: number };
  /** Figures with their names and units: `RSRP`, `-97 dBm`. */
  figures: readonly { label: string; text: string }[];
  /** Of the last hour, oldest first: of the figure that is named. */
  chart?: { label: string; points: readonly Point[] };
  /** Seconds since something was told. */
  ago: number;
}

/** An error as the sidebar shows it. */
export interface Failure {
  code: string;
  reason?: string;
  message: string;
  hint?: string;
}

export interface JobShown {
  /** Its stage now or at the end. */
  stage?: string;
  /** Bytes, and what is known of rate (B/s) and seconds left. */
  progress?: { done: number; total: number; rate: number; left?: number; image?: { index: number; count: number } };
  /** What a person is waited for. */
  wait?: 'boot-pin' | 'replug';
  /** The last sentence that it said. */
  text?: string;
  /** Seconds since it said anything. */
  ago: number;
  ended?: { ok: boolean; dryRun: boolean; error?: Failure };
}

export interface Card {
  /** Port path, or name of a virtual stick. */
  stick: string;
  virtual: boolean;
  product: string;
  /** `12d1:1f01`; missing while it is not plugged in. */
  id?: string;
  station: Station;
  status: StatusKey;
  /** Who has it, in words, where that is not a node of this Node-RED: `convert job`. */
  holder?: string;
  /** Why it does not work. */
  error?: Failure;
  /** Its ports are open, or its web API is being asked: what it tells is fresh. */
  used: boolean;
  modem?: ModemShown;
  job?: JobShown;
  orders: readonly Order[];
}

export interface PanelState {
  /** Another one after each change. */
  rev: number;
  cards: readonly Card[];
  /** The bus of this machine cannot be seen. */
  problem?: Failure;
}

/** The topic of the doorbell: that something has changed, and nothing else, for every editor hears it. */
export const DOORBELL = 'e3272/changed';

/** The topic of another doorbell: a job waits for a person's hands, or does so no more. */
export const WAITS = 'e3272/waits';

/** A job that waits for a person. */
export interface Waiting {
  stick: string;
  act: 'boot-pin' | 'replug';
}
