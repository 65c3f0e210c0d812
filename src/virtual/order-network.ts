/** Orders about what the network does: radio, data connection, USSD, calls. */

import type { Call } from './modem/call';
import type { Counters } from './modem/data-link';
import { type Radio, REGISTRATIONS, SYSTEMS } from './modem/radio';
import { problemOf } from './modem/ussd';
import type { UssdReply } from './modem/ussd-session';
import {
  bad,
  checked,
  counter,
  type Fields,
  type Given,
  isGiven,
  needed,
  notNow,
  number,
  oneOf,
  orNull,
  TEXT,
  text,
  whole,
} from './order-fields';
import type { VirtualStick } from './stick';

/** It stands between quotes on a line of bytes. */
const NAME = text(/^[ !#-~\xa0-\xff]{0,64}$/, 'a text of up to 64 Latin-1 characters without "');
const DBM = orNull(whole(-150, 0, 'dBm'));
const DB = orNull(number(-50, 50, 'dB'));

export const RADIO: Fields<Radio> = {
  system: oneOf(SYSTEMS),
  registration: oneOf(REGISTRATIONS),
  operator: NAME,
  short: NAME,
  plmn: text(/^\d{5,6}$/, 'MCC and MNC, 5 or 6 digits'),
  rssi: DBM,
  rsrp: DBM,
  rsrq: DB,
  sinr: DB,
  rscp: DBM,
  ecio: DB,
  area: text(/^[\dA-F]{1,4}$/i, 'a LAC or TAC, up to 4 hex digits'),
  cell: text(/^[\dA-F]{1,8}$/i, 'up to 8 hex digits'),
  submode: orNull(whole(0, 255)),
  submodeName: orNull(NAME),
  temperature: orNull(number(-100, 200, 'degrees Celsius')),
};

export function radio(stick: VirtualStick, given: Given): void {
  stick.world.changeRadio(checked<Partial<Radio>>(given, 'the radio', RADIO));
}

/** As JSON has them: what is too big for a number is a text. */
type GivenCounters = Readonly<Partial<Record<keyof Counters, number | string>>>;

interface GivenData {
  up?: false;
  sendRate?: number;
  receiveRate?: number;
  since?: number;
  total?: GivenCounters;
  last?: GivenCounters;
}

export const COUNTERS: Fields<Counters> = {
  seconds: counter(0xffff_ffffn),
  sent: counter(0xffff_ffff_ffff_ffffn),
  received: counter(0xffff_ffff_ffff_ffffn),
};

const COUNTED = { takes: isGiven, words: `an object with some of ${Object.keys(COUNTERS).join(', ')}` };
const RATE = whole(0, 0xffff_ffff, 'bytes a second');

export const DATA: Fields<GivenData> = {
  up: { takes: (value) => value === false, words: 'false: the stick alone can bring a connection up' },
  sendRate: RATE,
  receiveRate: RATE,
  since: whole(0, 4e12, 'milliseconds since 1970'),
  total: COUNTED,
  last: COUNTED,
};

function countersOf(given: GivenCounters, name: string): Partial<Counters> {
  const counters = Object.entries(checked<GivenCounters>(given, `"${name}" of the data connection`, COUNTERS));
  return Object.fromEntries(counters.map(([what, value]) => [what, BigInt(value)]));
}

export function data(stick: VirtualStick, given: Given): void {
  const { total, last, ...rest } = checked<GivenData>(given, 'the data connection', DATA);
  const change = {
    ...rest,
    ...(total && { total: countersOf(total, 'total') }),
    ...(last && { last: countersOf(last, 'last') }),
  };
  if ((rest.since ?? 0) > stick.world.now().time) throw bad('"since" of the data connection is later than now');
  if (!stick.world.running) throw notNow('no firmware is running');
  stick.world.changeData(change);
}

export const REPLY: Fields<UssdReply> = {
  text: needed(TEXT),
  status: whole(0, 5),
  dcs: whole(0, 255),
  ms: whole(0, 3_600_000, 'milliseconds'),
  next: { takes: isGiven, words: 'an object: what the network says, by what the user answers' },
};

/** A menu is checked to its last level. */
function replyOf(given: Given, what: string): UssdReply {
  const reply = checked<UssdReply>(given, what, REPLY);
  const problem = problemOf(reply);
  if (problem !== undefined) throw bad(`${what} can't be: ${problem}`);
  for (const [answer, next] of Object.entries<unknown>(reply.next ?? {})) {
    if (!isGiven(next)) throw bad(`what follows the USSD answer "${answer}" must be an object`);
    replyOf(next, `the USSD text after "${answer}"`);
  }
  return reply;
}

const CODE = text(/^[\d*#]{1,182}$/, 'of digits, * and #');

export function ussd(stick: VirtualStick, { code, ...given }: Given): void {
  const reply = replyOf(given, 'the USSD text');
  if (code !== undefined) {
    if (!CODE.takes(code)) throw bad(`the USSD "code" must be ${CODE.words}`);
    stick.world.codes.set(String(code), reply);
    return;
  }
  if (reply.ms !== undefined) throw bad('"ms" of the USSD text makes no sense: without "code" it is said at once');
  if (!stick.world.reachable) throw notNow('the stick is not registered, so the network does not reach it');
  stick.world.speak(reply);
}

const CALL: Fields<Call> = {
  from: text(/^\+?[\d*#]{0,20}$/, 'a number of up to 20 digits'),
  rings: whole(1, 60),
};

export function call(stick: VirtualStick, given: Given): void {
  const wanted = checked<Call>(given, 'the call', CALL);
  if (!stick.world.reachable) throw notNow('the stick is not registered, so nobody can call it');
  stick.world.call(wanted);
}
