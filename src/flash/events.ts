import type { DriverError } from '../errors';
import type { Verdict } from '../firmware/loader';
import type { Mode } from '../stick/modes';
import type { CheckReport } from './checks';
import type { Override } from './overrides';
import type { Said } from './said';

/** The stages of a job, in the order in which a convert job can pass them. */
export type Stage =
  | 'files'
  | 'switch'
  | 'save'
  | 'godload'
  | 'boot-pin'
  | 'upload'
  | 'loader'
  | 'identify'
  | 'write'
  | 'reset'
  | 'at'
  | 'setport';

/** What a person is asked to do. */
export type Act = 'boot-pin' | 'replug';

/** What a running job tells. Every event carries a sentence for people. */
export type JobEvent =
  | { type: 'stage'; stage: Stage; text: string }
  | {
      type: 'progress';
      stage: 'files' | 'upload' | 'write';
      /** Bytes done and to do in this stage. */
      done: number;
      total: number;
      /** Bytes per second since the stage began. */
      rate: number;
      /** Seconds until this stage ends, at that rate; undefined before there is a rate. */
      left?: number;
      /** Index, count and partition name of the image that is being written. */
      image?: { index: number; count: number; name: string };
      text: string;
    }
  | { type: 'check'; check: CheckReport; text: string }
  /** `left`: seconds until the job gives up. */
  | { type: 'wait'; act: Act; stick: string; left?: number; text: string }
  | { type: 'warn'; text: string };

export interface FileReport {
  /** Path, or `buffer`. */
  name: string;
  size: number;
  sha256: string;
  version: string;
}

export interface ImageReport {
  index: number;
  code: number;
  /** Partition name. */
  name: string;
  /** Bytes as sent, decompressed. */
  size: number;
  sha256: string;
  /** True when every block and the END were acknowledged. */
  complete: boolean;
  /** True when an earlier run of the same job wrote it through the loader that is still running. */
  earlier?: true;
}

/** What the running firmware says of itself. */
export interface ModemReport {
  manufacturer?: string;
  model?: string;
  revision?: string;
  hardware?: string;
  /** `AT^SETPORT?`. */
  setport?: string;
  /** Final result code of the last plain `AT`. */
  at?: string;
}

/** What the loader says of itself before anything is written. */
export interface LoaderReport {
  /** Product name of `AT^DLOADINFO?`. */
  product: string;
  /** Answer to the identify command (45). */
  identity: string;
  softwareVersion: string;
}

/** The end of a job: always returned, never thrown, so that a failure tells as much as a success. */
export interface JobReport {
  ok: boolean;
  dryRun: boolean;
  /** Port path, or the tty path where there is no bus. */
  stick: string;
  /** Mode now; undefined while it is off the bus. */
  mode?: Mode;
  productId?: number;
  ttys: string[];
  /** Whether the bus proved the stages, or only the stick's acknowledgements (one tty, no bus). */
  provenBy: 'bus' | 'acknowledgements';
  stages: { stage: Stage; ms: number }[];
  /** `finding`: the verdict with its reasons, in sentences. */
  loader?: { name: string; size: number; sha256: string; verdict: Verdict; known?: string; finding: string };
  firmware?: FileReport;
  /** Written behind the firmware, for HiLink. */
  webui?: FileReport;
  images: ImageReport[];
  device?: LoaderReport;
  modem?: ModemReport;
  setport?: { before?: string; now?: string; changed: boolean };
  warnings: string[];
  /** The checks before and after writing, in their order; empty where nothing is to be flashed. */
  checks: CheckReport[];
  /** Checks that the caller has switched off. */
  overrides: Override[];
  /** What was to be done, as it was asked for: one sentence each. */
  plan?: string[];
  /** What was really done to the stick, in its order. */
  did: string[];
  /** The sentences of `plan` and `did` with what they were made of, for other languages. */
  said?: { plan?: Said[]; did?: Said[] };
  /** Rows of the partition table that the firmware changes: old and new place of each. */
  tableChanges?: string[];
  /** What told that it is the same stick all along: its stay on the bus, the IMEI before and after. */
  compared: ('presence' | 'imei')[];
  /** How the stick was brought to take firmware. */
  wayIn?: 'godload' | 'boot-pin';
  /** File with what the firmware said of itself before it was replaced. */
  saved?: string;
  /** File with all events of the job, without personal data. */
  log?: string;
  error?: DriverError;
}

/** A report in which nothing has happened yet. */
export const blankReport = (stick: string, provenBy: JobReport['provenBy'], dryRun = false): JobReport => ({
  ok: false,
  dryRun,
  stick,
  ttys: [],
  provenBy,
  stages: [],
  images: [],
  warnings: [],
  checks: [],
  overrides: [],
  did: [],
  compared: [],
});
