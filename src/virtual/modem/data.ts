/** The data connection: ^NDISDUP and what tells of it, contexts, counters. */

import { fieldsOf, numberIn } from './arguments';
import { type Counters, type DataLink, NONE } from './data-link';
import type { Handler } from './handler';
import { registered } from './network-service';
import { hasAtPort } from './port';
import { BAD, ERROR, OK, type Reply } from './reply';
import type { ModemContext } from './state';

/** What an onlooker can change about it: counters one by one, an end that the network puts to it. */
export interface DataChange extends Partial<Pick<DataLink, 'since' | 'sendRate' | 'receiveRate'>> {
  up?: false;
  total?: Partial<Counters>;
  last?: Partial<Counters>;
}

export const ADDRESS = '10.8.219.204';
export const NET = {
  mask: '255.255.255.248',
  gateway: '10.8.219.201',
  dns1: '192.89.123.230',
  dns2: '192.89.123.231',
};
/** Most that the network offers, bits a second. */
const RATE = 150_000_000;
/** Between two ^DSFLOWRPT, milliseconds. */
const REPORT = 2_000;
/** Error cause of a connection that did not come about: requested service option not subscribed. */
const CAUSE = 33;

/** Of the connection that is up now. */
export function current(m: ModemContext): Counters {
  const { state, since, sendRate, receiveRate } = m.data;
  if (state !== 'up') return NONE;
  const seconds = BigInt(Math.floor((m.now().time - since) / 1000));
  return { seconds, sent: seconds * BigInt(sendRate), received: seconds * BigInt(receiveRate) };
}

/** As wide as their fields: they begin anew at 0. */
export const sum = (a: Counters, b: Counters): Counters => ({
  seconds: BigInt.asUintN(32, a.seconds + b.seconds),
  sent: BigInt.asUintN(64, a.sent + b.sent),
  received: BigInt.asUintN(64, a.received + b.received),
});

const hex = (value: bigint | number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

const counterFields = ({ seconds, sent, received }: Counters): string =>
  [hex(seconds, 8), hex(sent, 16), hex(received, 16)].join(',');

function dsflow(m: ModemContext): string[] {
  const now = current(m);
  const last = m.data.state === 'up' ? now : m.data.last;
  return [`^DSFLOWQRY:${counterFields(last)},${counterFields(sum(m.data.total, now))}`];
}

/** Counts aloud, where there is a port that it could be heard on. */
function report(m: ModemContext): void {
  if (m.data.state !== 'up' || !hasAtPort(m.roles)) return;
  const { seconds, sent, received } = sum(m.data.total, current(m));
  const { sendRate, receiveRate } = m.data;
  const rates = `${hex(sendRate, 8)},${hex(receiveRate, 8)}`;
  m.urc(`^DSFLOWRPT:${hex(seconds, 8)},${rates},${hex(sent, 16)},${hex(received, 16)},0000BB80,0000FA00`);
  m.after(REPORT, () => report(m));
}

function come(m: ModemContext): void {
  if (m.data.state !== 'connecting') return;
  if (!registered(m)) {
    m.data.state = 'down';
    m.urc(`^NDISSTAT:0,${CAUSE},,"IPV4"`);
    return;
  }
  m.data.state = 'up';
  m.data.since = m.now().time;
  m.urc('^NDISSTAT:1,,,"IPV4"');
  m.event({ what: 'data', up: true });
  m.after(REPORT, () => report(m));
}

/** The host asks for a connection: it comes after a while, where there is a network. */
export function dial(m: ModemContext): void {
  if (m.data.state !== 'down') return;
  m.data.state = 'connecting';
  m.after(m.times.dial, () => come(m));
}

/** The connection ends, from either side. */
export function drop(m: ModemContext, cause = ''): void {
  if (m.data.state === 'up') {
    m.data.last = current(m);
    m.data.total = sum(m.data.total, m.data.last);
    m.event({ what: 'data', up: false });
  }
  if (m.data.state !== 'down') m.urc(`^NDISSTAT:0,${cause},,"IPV4"`);
  m.data.state = 'down';
}

export function changeData(m: ModemContext, { up, total, last, ...rest }: DataChange): void {
  Object.assign(m.data, rest);
  Object.assign(m.data.total, total);
  Object.assign(m.data.last, last);
  if (up === false) drop(m);
}

const ndisdup: Handler = (m, args) => {
  const [cid, state, apn, user, , auth] = fieldsOf(args);
  const context = numberIn(cid, 1, 16);
  const wanted = numberIn(state, 0, 2);
  if (context === undefined || wanted === undefined) return BAD;
  const mode = numberIn(auth, 0, 3, 0);
  if (mode === undefined || mode === 3) return BAD;
  if (m.quirks.has('ndisdup-short') && user !== undefined && mode === 0) return BAD;
  if (wanted !== 1) return { lines: [], after: () => drop(m) };
  if (m.sim.state !== 'ready') return ERROR;
  if (apn !== undefined) m.nv.contexts.set(context, { type: 'IP', apn });
  dial(m);
  return OK;
};

function status(m: ModemContext): string[] {
  const name = m.quirks.has('other-case') ? '^NDISSTATQry' : '^NDISSTATQRY';
  if (m.quirks.has('other-case')) return [`${name}:${m.data.state === 'up' ? 1 : 0}`];
  return [`${name}:${{ down: 0, up: 1, connecting: 2 }[m.data.state]},,,"IPV4"`];
}

/** Four octets as one number, the first one lowest. */
function octets(m: ModemContext, address: string, straight = false): string {
  const parts = address.split('.').map((n) => hex(Number(n), 2));
  const text = (straight ? parts : parts.reverse()).join('');
  const shorter = m.quirks.has('dhcp-short') ? text.replace(/^0+(?=.)/, '') : text;
  return m.quirks.has('dhcp-0x') ? `0x${shorter}` : shorter;
}

function dhcp(m: ModemContext): Reply {
  if (m.data.state !== 'up') return ERROR;
  const { mask, gateway, dns1, dns2 } = NET;
  const fields = [
    octets(m, ADDRESS),
    octets(m, mask, m.quirks.has('dhcp-mask')),
    ...[gateway, gateway, dns1, dns2].map((address) => octets(m, address)),
  ];
  return [`^DHCP:${[...fields, RATE, RATE].join(',')}`];
}

export function clearCounters(m: ModemContext): void {
  Object.assign(m.data, { total: { ...NONE }, last: { ...NONE }, since: m.now().time });
}

const active = (m: ModemContext): 0 | 1 => (m.data.state === 'up' ? 1 : 0);

const setContext: Handler = (m, args) => {
  const [cid, type, apn] = fieldsOf(args);
  const context = numberIn(cid, 1, 16);
  if (context === undefined || !['IP', 'IPV6', 'IPV4V6', 'PPP', undefined].includes(type?.toUpperCase())) return BAD;
  if (type === undefined) m.nv.contexts.delete(context);
  else m.nv.contexts.set(context, { type: type.toUpperCase(), apn: apn ?? '' });
  return OK;
};

/** `+CGACT=<0|1>[,<cid>]`: the same link. */
const activate: Handler = (m, args) => {
  const wanted = numberIn(fieldsOf(args)[0], 0, 1);
  if (wanted === undefined) return BAD;
  if (wanted === 0) return { lines: [], after: () => drop(m) };
  if (!registered(m)) return { cme: 30 };
  m.data.state = 'connecting';
  return { lines: [], ms: m.times.dial, after: () => come(m) };
};

export const DATA_COMMANDS: [string, Handler][] = [
  ['^NDISDUP=', ndisdup],
  ['^NDISDUP?', () => OK],
  ['^NDISDUP=?', () => ['^NDISDUP: (1-16),(0-2)']],
  ['^NDISSTATQRY?', status],
  ['^NDISSTATQRY', status],
  ['^DHCP?', dhcp],
  ['^DHCP', () => OK],
  ['^DSFLOWQRY', dsflow],
  [
    '^DSFLOWCLR',
    (m) => {
      clearCounters(m);
      return OK;
    },
  ],
  ['+CGDCONT?', (m) => [...m.nv.contexts].map(([n, c]) => `+CGDCONT: ${n},"${c.type}","${c.apn}","0.0.0.0",0,0`)],
  ['+CGDCONT=?', () => ['IP', 'PPP', 'IPV6', 'IPV4V6'].map((t) => `+CGDCONT: (1-16),"${t}",,,(0-2),(0-4)`)],
  ['+CGDCONT=', setContext],
  ['+CGACT?', (m) => [...m.nv.contexts.keys()].map((n) => `+CGACT: ${n},${n === 1 ? active(m) : 0}`)],
  ['+CGACT=?', () => ['+CGACT: (0,1)']],
  ['+CGACT=', activate],
  [
    '+CGPADDR=',
    (m, args) => fieldsOf(args).map((n) => `+CGPADDR: ${n},"${n === '1' && active(m) ? ADDRESS : '0.0.0.0'}"`),
  ],
  ['+CGPADDR=?', (m) => [`+CGPADDR: (${[...m.nv.contexts.keys()].join(',')})`]],
  ['+CGATT?', (m) => [`+CGATT: ${registered(m) ? 1 : 0}`]],
  ['+CGATT=?', () => ['+CGATT: (0,1)']],
  ['+CGATT=', (_m, args) => (numberIn(args, 0, 1) === undefined ? BAD : OK)],
];
