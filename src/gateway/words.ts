/** What the entities are called in Home Assistant, which translates no names of MQTT. */

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const EN = {
  rssi: 'Signal',
  rsrp: 'Signal LTE (RSRP)',
  rsrq: 'Quality LTE (RSRQ)',
  sinr: 'Noise LTE (SINR)',
  operator: 'Operator',
  registration: 'Registration',
  system: 'Radio system',
  registered: 'Network',
  roaming: 'Roaming',
  sim: 'SIM',
  temperature: 'Temperature',
  data_sent: 'Data sent',
  data_received: 'Data received',
  sms_sent: 'SMS sent',
  sms_failed: 'SMS not sent',
  sms_received: 'SMS received',
  sms_queued: 'SMS waiting',
  sms_left: 'SMS left of the limit',
  sms_last: 'Last SMS',
  stick: 'Stick',
  mode: 'Mode',
  problem: 'Problem',
  sms: 'SMS',
  receipt: 'Outcome of an SMS',
  notify: 'Default recipient',
  restart: 'Restart',
  rescan: 'Read again',
  firmware: 'Firmware',
} as const;

export type EntityId = keyof typeof EN;

const DE: Readonly<Record<EntityId, string>> = {
  rssi: 'Signal',
  rsrp: 'Signal LTE (RSRP)',
  rsrq: 'Qualität LTE (RSRQ)',
  sinr: 'Rauschen LTE (SINR)',
  operator: 'Netzbetreiber',
  registration: 'Einbuchung',
  system: 'Funksystem',
  registered: 'Netz',
  roaming: 'Roaming',
  sim: 'SIM',
  temperature: 'Temperatur',
  data_sent: 'Daten gesendet',
  data_received: 'Daten empfangen',
  sms_sent: 'SMS gesendet',
  sms_failed: 'SMS nicht gesendet',
  sms_received: 'SMS empfangen',
  sms_queued: 'SMS in der Warteschlange',
  sms_left: 'SMS bis zur Grenze',
  sms_last: 'Letzte SMS',
  stick: 'Stick',
  mode: 'Betriebsart',
  problem: 'Störung',
  sms: 'SMS',
  receipt: 'Ausgang einer SMS',
  notify: 'Standardempfänger',
  restart: 'Neustart',
  rescan: 'Neu einlesen',
  firmware: 'Firmware',
};

export const ENTITY_NAMES: Readonly<Record<Language, Readonly<Record<EntityId, string>>>> = { en: EN, de: DE };
