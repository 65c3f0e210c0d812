/** A USSD conversation: what the network says, and where an answer leads. */

/** What the network says, and what it makes of an answer. */
export interface UssdReply {
  text: string;
  /** m of +CUSD; by default 1 where an answer is awaited, else 0. */
  status?: number;
  /** 72 for UCS-2, 15 for GSM-7; what the text needs, by default. */
  dcs?: number;
  /** Milliseconds until it comes; the timing's by default. */
  ms?: number;
  /** By what the user answers; '*' = anything else. */
  next?: Readonly<Record<string, UssdReply>>;
}

/** A conversation of the running firmware. */
export interface UssdSession {
  /** Where an answer would lead; undefined while the network is to speak. */
  next: UssdReply['next'] | undefined;
  /** Counted up with each turn, so that what is late finds nobody. */
  turn: number;
  open: boolean;
  /** The host has spoken, and the network has not. */
  asked: boolean;
  /** What the network said last, since the host spoke. */
  said: UssdReply | undefined;
}

export const freshSession = (): UssdSession => ({
  next: undefined,
  turn: 0,
  open: false,
  asked: false,
  said: undefined,
});
