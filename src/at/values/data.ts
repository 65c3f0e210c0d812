/**
 * The data connection: counters (`^DSFLOWQRY`, `^DSFLOWRPT`), state (`^NDISSTATQRY`, `^NDISSTAT`), addresses (`^DHCP`), and
 * the command that brings it up and down (`^NDISDUP`).
 */

import { DriverError } from '../../errors';
import { splitFields } from '../fields';
import { hex, hexNumber, known, valuesOf, whole } from './read';

/** Bytes and seconds. On stick firmware all are counted since power-up, on HiLink firmware the totals over its life. */
export interface DataFlow {
  /** Of the last connection. */
  seconds: number;
  txBytes: bigint;
  rxBytes: bigint;
  totalSeconds: number;
  totalTxBytes: bigint;
  totalRxBytes: bigint;
}

/** `0000002D,0000000000019A01,...`: six hex fields; seconds, sent, received of the last connection, then of all. */
export function parseDsflowqry(value: string): DataFlow | undefined {
  const [a, b, c, d, e, f] = splitFields(value);
  const seconds = hexNumber(a);
  const txBytes = hex(b);
  const rxBytes = hex(c);
  const totalSeconds = hexNumber(d);
  const totalTxBytes = hex(e);
  const totalRxBytes = hex(f);
  if (seconds === undefined || txBytes === undefined || rxBytes === undefined) return undefined;
  if (totalSeconds === undefined || totalTxBytes === undefined || totalRxBytes === undefined) return undefined;
  return { seconds, txBytes, rxBytes, totalSeconds, totalTxBytes, totalRxBytes };
}

export interface DataRate {
  /** Of this connection. */
  seconds: number;
  /** Bytes per second. */
  txRate: number;
  rxRate: number;
  txBytes: bigint;
  rxBytes: bigint;
}

/**
 * The URC `^DSFLOWRPT`: seconds, rates, bytes, and what the network grants (left out: no source tells its unit). The
 * rates are bytes per second: recorded totals grew by twice the rate in two seconds.
 */
export function parseDsflowrpt(value: string): DataRate | undefined {
  const [a, b, c, d, e] = splitFields(value);
  const seconds = hexNumber(a);
  const txRate = hexNumber(b);
  const rxRate = hexNumber(c);
  const txBytes = hex(d);
  const rxBytes = hex(e);
  if (seconds === undefined || txRate === undefined || rxRate === undefined) return undefined;
  return txBytes === undefined || rxBytes === undefined ? undefined : { seconds, txRate, rxRate, txBytes, rxBytes };
}

export interface ConnectionState {
  state: 'down' | 'up' | 'connecting' | 'disconnecting';
  /** Why it went down or did not come up, as the network numbers it (24.008). */
  cause?: number;
}

export interface Connection {
  ipv4?: ConnectionState;
  ipv6?: ConnectionState;
}

const STATES = ['down', 'up', 'connecting', 'disconnecting'] as const;

/** `1,,,"IPV4",0,33,,"IPV6"` = state, cause, nothing, family, and again; `1` alone is about IPv4. */
export function parseNdisstat(value: string): Connection | undefined {
  const fields = splitFields(value);
  const connection: Connection = {};
  for (let at = 0; at < Math.min(fields.length, 8); at += 4) {
    const state = STATES[whole(fields[at], 0, 3) ?? -1];
    if (state === undefined) continue;
    const family = (fields[at + 3] ?? '').toUpperCase() === 'IPV6' ? 'ipv6' : 'ipv4';
    connection[family] = known({ state, cause: whole(fields[at + 1], 1, 65_535) });
  }
  return connection.ipv4 || connection.ipv6 ? connection : undefined;
}

/** Lines of `AT^NDISSTATQRY?`: both families in one line, or a line for each. */
export function parseNdisstatqry(lines: readonly string[]): Connection | undefined {
  const all = valuesOf(lines, '^NDISSTATQRY').flatMap((value) => parseNdisstat(value) ?? []);
  return all.length > 0 ? Object.assign({}, ...all) : undefined;
}

export interface Addresses {
  ip: string;
  mask?: string;
  gateway?: string;
  dhcp?: string;
  dns1?: string;
  dns2?: string;
  /** Bits per second, as the network promises. */
  maxRx?: number;
  maxTx?: number;
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
    maxRx: whole(maxRx, 1),
    maxTx: whole(maxTx, 1),
  });
}

/** Octets in the order of the wire; undefined for none and for 0.0.0.0. */
function octets(text: string | undefined): number[] | undefined {
  const value = hexNumber(text);
  return value === undefined || value === 0 ? undefined : [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
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
  throw new DriverError('BAD_ARGUMENT', `There is no connection ${cid}.`, { hint: 'Use 1 to 16; 1 is the usual one.' });
};

/** As one quoted field of a command; never quoted in the error, since it may be a password. */
function quoted(text: string, what: string): string {
  if (text.length <= 100 && /^[ !#-~]*$/.test(text)) return `"${text}"`;
  throw new DriverError('BAD_ARGUMENT', `The ${what} of the data connection cannot be sent.`, {
    hint: 'Use at most 100 printable characters without quotation marks.',
  });
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
  if (code === undefined) {
    throw new DriverError('BAD_ARGUMENT', `There is no authentication ${String(auth)}.`, { hint: 'Use PAP or CHAP.' });
  }
  return `${short},${quoted(user, 'user name')},${quoted(password ?? '', 'password')},${code}`;
}

/** `AT^NDISDUP=1,0`. Error BAD_ARGUMENT. */
export const ndisdupDown = (cid?: number): string => `AT^NDISDUP=${cidOf(cid)},0`;
