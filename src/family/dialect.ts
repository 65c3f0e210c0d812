/** How the AT of a model differs from what is usual, as far as the driver has to know before it asks. */

export interface Dialect {
  /** Commands that are never answered and leave the port dead until the stick restarts, by name. */
  hangs: readonly string[];
  /** Takes USSD as plain text, after AT^USSDMODE=0, and refuses it before (CME 304); else it is asked for its form. */
  plainUssd: boolean;
}

/** Of a stick whose model nobody knows, or of which nothing else is known. */
export const NEUTRAL: Dialect = { hangs: [], plainUssd: false };
