/** The data connection as it stands, and what it is made with. */

/** Counters since power-up: seconds and bytes. */
export interface Counters {
  seconds: bigint;
  sent: bigint;
  received: bigint;
}

export interface DataLink {
  state: 'down' | 'connecting' | 'up';
  /** Milliseconds since 1970 at which it came up. */
  since: number;
  /** Bytes a second while it is up. */
  sendRate: number;
  receiveRate: number;
  /** Of connections that have ended, and of the last one. */
  total: Counters;
  last: Counters;
}

export const NONE: Readonly<Counters> = { seconds: 0n, sent: 0n, received: 0n };

export const freshData = (): DataLink => ({
  state: 'down',
  since: 0,
  sendRate: 1_000,
  receiveRate: 10_000,
  total: { ...NONE },
  last: { ...NONE },
});

/** A context of +CGDCONT. */
export interface Context {
  type: string;
  apn: string;
}
