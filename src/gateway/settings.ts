/** What is set about a gateway, as its core takes it. */

import type { AllowList } from '../at/allow';
import type { Limits } from './guard';
import type { Language } from './words';

export interface Contact {
  /** Behind the @: `[a-z0-9_-]`. */
  key: string;
  /** As people call it. */
  name: string;
  number: string;
}

/** Groups of entities that can be turned off. */
export const ENTITY_GROUPS = [
  'signal',
  'network',
  'sim',
  'data',
  'temperature',
  'sms',
  'events',
  'notify',
  'buttons',
  'firmware',
  'triggers',
] as const;
export type EntityGroup = (typeof ENTITY_GROUPS)[number];

export interface HomeAssistant {
  /** Of the discovery topics; undefined: there is no Home Assistant. */
  prefix: string | undefined;
  /** One message for the device, or one for each entity. */
  form: 'device' | 'single';
  /** Where it tells that it has started. */
  birth: string;
  language: Language;
  groups: readonly EntityGroup[];
  /** What the device is called there. */
  name: string;
}

export interface GatewaySettings {
  gw: string;
  /** Of the node, to know it under another name again. */
  node: string;
  homeAssistant: HomeAssistant;
  contacts: readonly Contact[];
  /** Who gets what names no recipient: a number, or @ and a contact. */
  defaultTo: string | undefined;
  /** Numbers that may get messages, `*` at the end for any digits; none: all but short ones. */
  numbers: readonly string[];
  /** AT commands, and USSD codes, that may be sent. */
  at: AllowList;
  ussd: readonly string[];
  limits: Limits;
  /** ms that a message may wait where its sender does not say so. */
  ttl: number;
  /** Commands that may wait. */
  queue: number;
  maxParts: number;
  /** Topics below which a sender may ask for its answer, besides those of the gateway. */
  replies: readonly string[];
  /** ms between two reads of the figures. */
  every: number;
}
