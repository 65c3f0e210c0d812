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

/** The port in the guest: the first and only one of the first virtio console. */
export const RESULT_PORT = '/dev/vport0p1';
