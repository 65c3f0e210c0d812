/** What a gateway publishes and takes, version 1. The schemas of the package say the same to others (schemas/mqtt/v1). */

import type { Status } from '../values/status';

/** Of the payloads: another one would not be understood by readers of this one. */
export const VERSION = 1;

/** Retained: what the stick is at. */
export interface StickPayload {
  v: 1;
  ready: boolean;
  mode: string;
  /** Why it is not ready: a code of an error, or the state of its session. */
  reason: string | null;
  since: string;
}

/** Of messages, since the gateway began to count. */
export interface SmsCounters {
  sent: number;
  failed: number;
  received: number;
}

/** Retained: the figures of `e3272-status`, and those of the gateway. */
export interface StatePayload extends Omit<Status, 'identity'> {
  v: 1;
  at: string;
  sms: SmsCounters & { queued: number; limit_left: number | null; last_received_at: string | null };
}

/** Retained: who the gateway is. */
export interface InfoPayload {
  v: 1;
  gw: string;
  instance: string;
  boot: string;
  at: string;
  software: string;
  node_red: string | null;
  model: string | null;
  firmware: string | null;
  schemas: Record<string, string>;
  accepts: string[];
  session: { persistent: boolean | null };
  /**
   * Whose clock the times are: that of the machine, of the network where the machine's was never set, or one that was never
   * set. `offset_s`: what the network's time is ahead of the machine's, seconds; null where no stick has told it.
   */
  time: { source: 'system' | 'network' | 'unset'; offset_s: number | null };
}

/** Retained, for those who watch over gateways. */
export interface HealthPayload {
  v: 1;
  at: string;
  ok: boolean;
  uptime_s: number;
  stick: string;
  queued: number;
  /** Events that the broker has not confirmed. */
  unconfirmed: number;
  journal: { entries: number; writes: number; slowest_ms: number; failing: boolean };
  refused_today: number;
}

export type ReceiptType = 'accepted' | 'sent' | 'delivered' | 'failed' | 'expired' | 'refused' | 'unknown';

/** What becomes of a message. The first of the fates is the only one; `delivered`, or `failed`, may follow on `sent`. */
export interface Receipt {
  v: 1;
  event_type: ReceiptType;
  id: string;
  /** As the sender has written it: a contact stays its name. */
  to: string | null;
  parts?: number;
  refs?: number[];
  /** Of the error. */
  code?: string;
  text?: string;
  hint?: string;
  /** After so many seconds a message like this is taken again. */
  retry_after?: number;
  /** A part was sent again after the network had not answered in time. */
  maybe_twice?: true;
  /** The sender gave none: nothing is promised about repetitions. */
  id_made?: true;
  at: string;
  duplicate?: true;
}

/** An error as it is told outside. */
export interface ToldError {
  code: string;
  text: string;
  hint?: string;
}

/** The outcome of a USSD code, an AT command, or an order. */
export interface Result {
  v: 1;
  id: string;
  ok: boolean;
  id_made?: true;
  at: string;
  duplicate?: true;
  error?: ToldError;
  retry_after?: number;
  [more: string]: unknown;
}

/** Never retained. */
export interface ReceivedPayload {
  v: 1;
  event_type: 'received';
  id: string;
  from: string;
  text: string;
  time: string | null;
  received_at: string;
  parts: number;
  class: 0 | null;
}

export interface SmsCommand {
  v?: 1;
  id?: string;
  to?: string;
  text: string;
  ttl?: number;
  sent_at?: string;
  flash?: boolean;
  report?: boolean;
  priority?: 'normal' | 'alarm';
}

export interface UssdCommand {
  v?: 1;
  id?: string;
  code: string;
}

export interface AtCommand {
  v?: 1;
  id?: string;
  command: string;
}

export const ORDERS = ['restart', 'rescan', 'radio_on', 'radio_off'] as const;

export interface OrderCommand {
  v?: 1;
  id?: string;
  do: (typeof ORDERS)[number];
}

export interface Commands {
  sms: SmsCommand;
  ussd: UssdCommand;
  at: AtCommand;
  command: OrderCommand;
}
