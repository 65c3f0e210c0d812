import { type Amount, versions } from '../shared/versions';

/** What the dialog of e3272-gateway saves; the contacts are credentials. */
export interface SavedGateway {
  stick: string;
  /** An mqtt-broker of Node-RED; empty: what is published comes out, and what comes is wired in. */
  broker: string;
  /** What the gateway is called in topics: a to z, digits and _. */
  gw: string;
  /** What its device is called in Home Assistant; empty for that name. */
  title: string;
  /** Of Home Assistant's discovery; empty: it is told nothing. */
  prefix: string;
  /** Where Home Assistant tells that it has started. */
  birth: string;
  discovery: 'device' | 'single';
  /** Of the names that Home Assistant shows. */
  language: 'en' | 'de' | 'es' | 'fr' | 'ru' | 'zh';
  /** The recipient of what names none: a number, or @ and a contact. */
  to: string;
  /** Who may get messages beside the contacts, separated by commas; empty for anybody. */
  allowed: string;
  /** Codes and commands that may be sent, one a line; empty for none. */
  ussd: string;
  at: string;
  /** Parts in an hour, in a day, in a day to one number, and beyond these for alarms; empty for no limit. */
  hour: Amount;
  day: Amount;
  number: Amount;
  reserve: Amount;
  /** Parts that a message may have. */
  parts: Amount;
  /** Seconds that a message may wait where its sender says nothing. */
  ttl: Amount;
  /** Where answers may be asked for, besides the topics of the gateway: beginnings of topics. */
  replies: string;
  /** Seconds between two reads of the figures. */
  every: Amount;
  /** The entities that Home Assistant gets. */
  signal: boolean;
  network: boolean;
  sim: boolean;
  data: boolean;
  temperature: boolean;
  sms: boolean;
  events: boolean;
  notify: boolean;
  buttons: boolean;
  firmware: boolean;
  triggers: boolean;
}

export const GATEWAY = versions<SavedGateway>({
  stick: '',
  broker: '',
  gw: '',
  title: '',
  prefix: 'homeassistant',
  birth: 'homeassistant/status',
  discovery: 'device',
  language: 'en',
  to: '',
  allowed: '',
  ussd: '',
  at: '',
  hour: 30,
  day: 200,
  number: 20,
  reserve: 10,
  parts: 10,
  ttl: 900,
  replies: '',
  every: 30,
  signal: true,
  network: true,
  sim: true,
  data: true,
  temperature: true,
  sms: true,
  events: true,
  notify: true,
  buttons: true,
  firmware: true,
  triggers: true,
});
