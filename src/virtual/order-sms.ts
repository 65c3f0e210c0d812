/** Orders about SMS: what arrives at the stick, and how the service centre treats what it sends. */

import { checked, type Fields, FLAG, type Given, needed, oneOf, TEXT, whole } from './order-fields';
import type { CentreSettings, Incoming } from './sms/centre';
import { STORE_NAMES, type StoredStatus, type StoreName } from './sms/store';
import type { VirtualStick } from './stick';

const PART = whole(1, 255);
const LANGUAGE = whole(0, 255);

const SMS: Fields<Incoming> = {
  from: needed(TEXT),
  text: needed(TEXT),
  time: whole(0, 4e12, 'milliseconds since 1970'),
  flash: FLAG,
  alphabet: oneOf(['gsm7', 'ucs2']),
  order: {
    takes: (value) => Array.isArray(value) && value.every((part) => PART.takes(part)),
    words: 'a list of the numbers of parts, from 1 on',
  },
  reference: whole(0, 0xffff),
  wide: FLAG,
  store: oneOf(STORE_NAMES),
  locking: LANGUAGE,
  single: LANGUAGE,
};

interface GivenPdu {
  hex: string;
  store?: StoreName;
}

interface GivenStored extends GivenPdu {
  status?: StoredStatus;
}

const PDU: Fields<GivenPdu> = { hex: needed(TEXT), store: oneOf(STORE_NAMES) };

const STORED: Fields<GivenStored> = {
  hex: needed(TEXT),
  store: oneOf(STORE_NAMES),
  status: whole(0, 3),
};

const CENTRE: Fields<CentreSettings> = {
  reportStatus: whole(0, 255),
  delayMs: whole(0, 3_600_000, 'milliseconds'),
  loopback: FLAG,
  refuse: whole(0, 999),
};

export function sms(stick: VirtualStick, given: Given): void {
  stick.receiveSms(checked<Incoming>(given, 'the SMS', SMS));
}

export function pdu(stick: VirtualStick, given: Given): void {
  const { hex, store } = checked<GivenPdu>(given, 'the PDU', PDU);
  stick.receivePdu(hex, store);
}

export function stored(stick: VirtualStick, given: Given): void {
  const { hex, store = 'SM', status = 0 } = checked<GivenStored>(given, 'the stored PDU', STORED);
  stick.world.storePdu(store, hex, status);
}

export function centre(stick: VirtualStick, given: Given): void {
  Object.assign(stick.world.centre.settings, checked<Partial<CentreSettings>>(given, 'the service centre', CENTRE));
}
