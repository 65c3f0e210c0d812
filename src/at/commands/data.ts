/**
 * The data connection: counters (`^DSFLOWQRY`, `^DSFLOWRPT`), state (`^NDISSTATQRY`, `^NDISSTAT`), addresses (`^DHCP`), and
 * the command that brings it up and down (`^NDISDUP`).
 */

import { failure } from '../../errors';
import {
  ADDRESSES,
  type Addresses,
  ATTACHMENT,
  type Attachment,
  CONNECTION,
  CONNECTION_STATE,
  type Connection,
  DATA_FLOW,
  DATA_RATE,
  type DataFlow,
  type DataRate,
} from '../../values/data';
import { known } from '../../values/shape';
import { splitFields } from '../fields';
import { decimal, hexadecimal, hexCount, option, valuesOf } from '../read';
import { entry, unasked } from './entry';

/** `0000002D,0000000000019A01,...`: six hex fields; seconds, sent, received of the last connection, then of all. */
export function parseDsflowqry(value: string): DataFlow | undefined {
  const [a, b, c, d, e, f] = splitFields(value);
  const seconds = hexadecimal(a, DATA_FLOW.members.seconds);
  const txBytes = hexCount(b);
  const rxBytes = hexCount(c);
  const totalSeconds = hexadecimal(d, DATA_FLOW.members.totalSeconds);
  const totalTxBytes = hexCount(e);
  const totalRxBytes = hexCount(f);
  if (seconds === undefined || txBytes === undefined || rxBytes === undefined) return undefined;
  if (totalSeconds === undefined || totalTxBytes === undefined || totalRxBytes === undefined) return undefined;
  return { seconds, txBytes, rxBytes, totalSeconds, totalTxBytes, totalRxBytes };
}

/**
 * The URC `^DSFLOWRPT`: seconds, rates, bytes, and what the network grants (left out: no source tells its unit). The
 * rates are bytes per second: recorded totals grew by twice the rate in two seconds.
 */
export function parseDsflowrpt(value: string): DataRate | undefined {
  const [a, b, c, d, e] = splitFields(value);
  const seconds = hexadecimal(a, DATA_RATE.members.seconds);
  const txRate = hexadecimal(b, DATA_RATE.members.txRate);
  const rxRate = hexadecimal(c, DATA_RATE.members.rxRate);
  const txBytes = hexCount(d);
  const rxBytes = hexCount(e);
  if (seconds === undefined || txRate === undefined || rxRate === undefined) return undefined;
  return txBytes === undefined || rxBytes === undefined ? undefined : { seconds, txRate, rxRate, txBytes, rxBytes };
}

/** `+CGATT: 1`. */
export function parseCgatt(value: string): Attachment | undefined {
  const state = option(value, ['detached', 'attached']);
  return state && { attached: state === 'attached' };
}

/** `1,,,"IPV4",0,33,,"IPV6"` = state, cause, nothing, family, and again; `1` alone is about IPv4. */
export function parseNdisstat(value: string): Connection | undefined {
  const fields = splitFields(value);
  const connection: Connection = {};
  for (let at = 0; at < Math.min(fields.length, 8); at += 4) {
    const state = option(fields[at], CONNECTION_STATE.options);
    if (state === undefined) continue;
    const family = (fields[at + 3] ?? '').toUpperCase() === 'IPV6' ? 'ipv6' : 'ipv4';
    connection[family] = known({ state, cause: decimal(fields[at + 1], CONNECTION.members.ipv4.members.cause) });
  }
  return connection.ipv4 || connection.ipv6 ? connection : undefined;
}

/** Lines of `AT^NDISSTATQRY?`: both families in one line, or a line for each. */
export function parseNdisstatqry(lines: readonly string[]): Connection | undefined {
  const all = valuesOf(lines, '^NDISSTATQRY').flatMap((value) => parseNdisstat(value) ?? []);
  return all.length > 0 ? Object.assign({}, ...all) : undefined;
}

/**
 * `CCDB080A,F8FFFFFF,C9DB080A,...` = address, mask, gateway, DHCP server, two name servers, rates. Octets stand the wrong
 * way round, and zeros in front are dropped (T44). The rates are decimal: 150000000 is what LTE sticks of category 4 say.
 */
export function parseDhcp(value: string): Addresses | undefined {
  const [ip, mask, gateway, dhcp, dns1, dns2, maxRx, maxTx] = splitFields(value);
  const own = address(ip);
  if (own === undefined) return undefined;
  return known({
    ip: own,
    mask: maskOf(mask),
    gateway: address(gateway),
    dhcp: address(dhcp),
    dns1: address(dns1),
    dns2: address(dns2),
    maxRx: decimal(maxRx, ADDRESSES.members.maxRx),
    maxTx: decimal(maxTx, ADDRESSES.members.maxTx),
  });
}

/** 0 is no address. */
const OCTETS = { range: [1, 0xffff_ffff] } as const;

/** Octets in the order of the wire; undefined for none and for 0.0.0.0. */
function octets(text: string | undefined): number[] | undefined {
  const value = hexadecimal(text, OCTETS);
  return value === undefined ? undefined : [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

const address = (text: string | undefined): string | undefined => octets(text)?.join('.');

/** Ones, then zeros. The mask's octets are not always in the order of the addresses': the order that makes a mask counts. */
function maskOf(text: string | undefined): string | undefined {
  const bytes = octets(text);
  if (!bytes) return undefined;
  const isMask = (list: number[]) => /^1*0*$/.test(list.map((byte) => byte.toString(2).padStart(8, '0')).join(''));
  return [bytes, [...bytes].reverse()].find(isMask)?.join('.');
}

export interface Connect {
  /** Number of the connection, 1 by default. */
  cid?: number;
  /** Access point name. */
  apn: string;
  user?: string;
  password?: string;
  auth?: 'PAP' | 'CHAP';
}

const cidOf = (cid = 1): number => {
  if (Number.isInteger(cid) && cid >= 1 && cid <= 16) return cid;
  throw failure('BAD_ARGUMENT/connection', { connection: cid });
};

/** As one quoted field of a command; never quoted in the error, since it may be a password. */
function quoted(text: string, what: 'access point name' | 'user name' | 'password'): string {
  if (text.length <= 100 && /^[ !#-~]*$/.test(text)) return `"${text}"`;
  throw failure('BAD_ARGUMENT/connection-text', { what });
}

/**
 * `AT^NDISDUP=1,1,"apn"[,"user","password",auth]`. The stick says OK at once; state comes by `^NDISSTAT` and
 * `^NDISSTATQRY?`. Without a user the short form is sent: an E3276 refuses the long one with authentication 0. Error
 * BAD_ARGUMENT.
 */
export function ndisdupUp({ cid, apn, user, password, auth = 'PAP' }: Connect): string {
  const short = `AT^NDISDUP=${cidOf(cid)},1,${quoted(apn, 'access point name')}`;
  if (user === undefined || user === '') return short;
  const code = { PAP: 1, CHAP: 2 }[auth];
  if (code === undefined) throw failure('BAD_ARGUMENT/authentication', { authentication: String(auth) });
  return `${short},${quoted(user, 'user name')},${quoted(password ?? '', 'password')},${code}`;
}

/** `AT^NDISDUP=1,0`. Error BAD_ARGUMENT. */
export const ndisdupDown = (cid?: number): string => `AT^NDISDUP=${cidOf(cid)},0`;

export const DSFLOWQRY = entry({
  name: '^DSFLOWQRY',
  about: 'Bytes and seconds of the last connection and in all',
  forms: ['action'],
  value: DATA_FLOW,
  line: parseDsflowqry,
});

export const NDISSTATQRY = entry({
  name: '^NDISSTATQRY',
  about: 'State of the data connection',
  forms: ['read', 'action'],
  value: CONNECTION,
  reply: parseNdisstatqry,
});

export const DATA_COMMANDS = [
  DSFLOWQRY,
  entry({
    name: '^DSFLOWRPT',
    about: 'Bytes and seconds of the connection, every 2 s',
    urc: true,
    value: DATA_RATE,
    line: parseDsflowrpt,
  }),
  NDISSTATQRY,
  entry({
    name: '^NDISSTAT',
    about: 'State of the data connection has changed',
    urc: true,
    value: CONNECTION,
    line: parseNdisstat,
  }),
  entry({ name: '^DHCP', about: 'Addresses of the connection', forms: ['read'], value: ADDRESSES, line: parseDhcp }),
  entry({
    name: '^NDISDUP',
    about: 'Brings the data connection up or down',
    forms: ['set'],
    limit: 10_000,
    secret: ['people'],
  }),
  entry({
    name: '+CGATT',
    about: 'Attaches to the packet domain',
    forms: ['read', 'set'],
    limit: 250_000,
    value: ATTACHMENT,
    line: parseCgatt,
  }),
  entry({ name: '+CGACT', about: 'Activates a context', forms: ['read', 'set'], limit: 370_000, dials: true }),
  entry({ name: '+CGDATA', about: 'Makes the port a data connection', forms: ['set'], dials: true }),
  ...unasked(
    'Data connection',
    '+CGEV ^DSDORMANT ^NDISEND ^PDPDEACT ^IPDATA ^IPSTATE ^CONNECT ^DATASETRULT ^DATAVALIDIT',
  ),
] as const;
