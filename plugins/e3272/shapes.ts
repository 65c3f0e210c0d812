/** What the sidebar's runtime and its part in the browser say to each other. Plain data; nothing that is private. */

import type { Failure } from '../../nodes/shared/failure-shape';
import type { StatusKey } from '../../nodes/shared/statuses';
import type { Params } from '../../src/errors/catalogue';
import type { CheckId } from '../../src/flash/rules';
import type { Said } from '../../src/flash/said';
import type { Mode } from '../../src/stick/modes';

export type { Failure } from '../../nodes/shared/failure-shape';

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
  | 'cancel'
  /** Opens its port or its web API for those who look, and leaves it. */
  | 'look'
  | 'unlook';

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

export interface JobShown {
  /** Its stage now or at the end. */
  stage?: string;
  /** Bytes, and what is known of rate (B/s) and seconds left. */
  progress?: { done: number; total: number; rate: number; left?: number; image?: { index: number; count: number } };
  /** What a person is waited for. */
  wait?: 'boot-pin' | 'replug';
  /** Seconds until it gives up to wait. */
  waitLeft?: number;
  /** Somebody has asked it to stop: it ends at its next safe point. */
  cancelling?: true;
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
  /** A firmware write to it was begun and not completed: what is missing, as far as that is known. */
  unfinished?: readonly string[];
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

/** A line of the console. `refused`: the stick said ERROR; `error`: it never got there, or did not answer. */
export interface ConsoleLine {
  /** Counts from 1. */
  no: number;
  /** Milliseconds since 1970, by the clock of the machine. */
  at: number;
  kind: 'command' | 'line' | 'value' | 'ok' | 'refused' | 'error' | 'urc';
  text: string;
  /** Of an error: what `text` says in English. */
  failure?: Failure;
  /** What it says, as JSON. */
  value?: string;
  /** How long the answer took. */
  ms?: number;
}

/** What can be typed on. */
export interface Offered {
  command: string;
  about: string;
}

/** A file in the folder for files. */
export interface StoredFile {
  name: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** What a file is, and all that is wrong with it. */
export interface FileCard {
  name: string;
  /** Bytes; missing where it cannot be opened. */
  size?: number;
  kind: 'firmware' | 'loader' | 'other';
  sha256?: string;
  version?: string;
  /** Of a loader: one whose bytes are known. */
  known?: boolean;
  /** Of firmware. */
  images?: number;
  /** The model that it fits, where nothing is wrong. */
  fits?: string;
  /** Sentences. */
  notes: readonly string[];
  problems: readonly Failure[];
}

/** One line of the raw log. */
export interface JobLine {
  /** Counts from 1 within a job. */
  no: number;
  /** Seconds since the job began to be watched. */
  at: number;
  text: string;
  kind: 'stage' | 'progress' | 'check' | 'wait' | 'warn' | 'end';
}

/** One of the nine checks of a conversion. */
export interface CheckShown {
  number: number;
  id: CheckId;
  result: 'passed' | 'warned' | 'failed' | 'not possible yet';
  rule: string;
  compared: string;
}

/** The end of a job, as far as it is shown. */
export interface ReportShown {
  ok: boolean;
  dryRun: boolean;
  /** What it was seen in last. */
  mode?: Mode;
  ttys: readonly string[];
  setport?: { before?: string; now?: string };
  modem?: { revision?: string };
  saved?: string;
  log?: string;
  /** Sentences, with what they were made of. */
  plan: readonly Said[];
  did: readonly Said[];
  warnings: readonly string[];
  error?: Failure;
}

export interface JobLog {
  lines: readonly JobLine[];
  checks: readonly CheckShown[];
  /** At the end. */
  report?: ReportShown;
}

/** What the doctor found, what matters first. */
export interface Health {
  findings: readonly {
    id: string;
    level: 'error' | 'warn' | 'ok';
    stick?: string;
    /** What the sentence was made of. */
    params: Params;
    text: string;
    /** What to do; lines of their own are to be copied. */
    cure?: string;
    /** The cure is that of an add-on of Home Assistant: the usual one is wrong there. */
    addon?: true;
  }[];
  /** Whether the editor wants a password, or somebody else guards it. */
  guarded: boolean;
}
