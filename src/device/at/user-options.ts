import type { WebOptions } from '../hilink/web-options';
import type { Space } from './port-choice';

/** What a user of a session asks of it; the first user decides, but for the PIN. */
export interface UserOptions {
  space?: Space;
  /** The SIM's PIN, entered when the SIM wants it. The last user that brings one counts. */
  pin?: string;
  /** An idle stick is asked whether it answers after so many milliseconds; 0 = never. */
  pulseMs?: number;
  /** Present where it can do with the web API of a stick in HiLink mode; else only AT ports are of use to it. */
  web?: WebOptions;
}
