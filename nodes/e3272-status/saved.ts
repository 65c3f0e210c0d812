import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-status saves. */
export interface SavedStatus {
  stick: string;
  /** Seconds between two readings; empty or 0: only when asked. */
  every: Amount;
  /** The parts that are read. */
  signal: boolean;
  network: boolean;
  sim: boolean;
  data: boolean;
  temperature: boolean;
  identity: boolean;
  /** With what points to a person. */
  personal: boolean;
  /** Sends what differs from the last reading only; a level from this many decibels on. */
  changes: boolean;
  threshold: Amount;
  /** Reads when the stick says something unasked. */
  urcs: boolean;
}

export const STATUS = versions<SavedStatus>({
  stick: '',
  every: 60,
  signal: true,
  network: true,
  sim: true,
  data: false,
  temperature: false,
  identity: false,
  personal: false,
  changes: false,
  threshold: 3,
  urcs: false,
});
