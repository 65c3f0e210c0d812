/** What the guest tells the host, one JSON object to a line. */

export type Told =
  | { type: 'begin'; title: string }
  | { type: 'test'; title: string; ms: number; error?: string }
  /** A figure to show: no test depends on it. */
  | { type: 'figure'; text: string }
  /** A row of the table of programs by others. */
  | { type: 'stranger'; stranger: string; version: string; asked: string; result: string }
  /** The runner is through; without this line it was not. */
  | { type: 'end' };

/**
 * Limits only end what hangs: emulated, beside other guests on a busy machine, anything can take ten times as long. A program
 * that is waited for ends before its test, and that before the guest.
 */
export const PATIENCE_MS = 240_000;
export const TEST_MS = 360_000;

/** The port in the guest: the first and only one of the first virtio console. */
export const RESULT_PORT = '/dev/vport0p1';
