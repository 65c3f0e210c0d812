/** The data connection: counters, rates, state, addresses. */

import { always, choice, counter, flag, group, number, sourced, type TypeOf, text } from './shape';

const SOURCE = "Huawei's AT sources; recorded answers";

const SECONDS = number('Duration', [0, 0xffff_ffff], 's', 'of the last connection');
const SENT = counter('Sent', 'B', 'over the last connection');
const RECEIVED = counter('Received', 'B', 'over the last connection');
const SINCE = 'since power-up; on HiLink firmware over the life of the stick';

const COUNTERS = {
  seconds: SECONDS,
  txBytes: SENT,
  rxBytes: RECEIVED,
  totalSeconds: number('Duration in all', [0, 0xffff_ffff], 's', SINCE),
  totalTxBytes: counter('Sent in all', 'B', SINCE),
  totalRxBytes: counter('Received in all', 'B', SINCE),
};

export const DATA_FLOW = sourced(
  SOURCE,
  group('Data counters', {
    seconds: always(COUNTERS.seconds),
    txBytes: always(COUNTERS.txBytes),
    rxBytes: always(COUNTERS.rxBytes),
    totalSeconds: always(COUNTERS.totalSeconds),
    totalTxBytes: always(COUNTERS.totalTxBytes),
    totalRxBytes: always(COUNTERS.totalRxBytes),
  }),
);
export type DataFlow = TypeOf<typeof DATA_FLOW>;

export const DATA_RATE = sourced(
  'recorded totals: they grew by twice the rate in two seconds',
  group('Data rate', {
    seconds: always(SECONDS),
    txRate: always(number('Sending', [0, 0xffff_ffff], 'B/s')),
    rxRate: always(number('Receiving', [0, 0xffff_ffff], 'B/s')),
    txBytes: always(SENT),
    rxBytes: always(RECEIVED),
  }),
);
export type DataRate = TypeOf<typeof DATA_RATE>;

/** By Huawei's numbers. */
export const CONNECTION_STATE = choice('State', ['down', 'up', 'connecting', 'disconnecting']);

const FAMILY = {
  state: always(CONNECTION_STATE),
  cause: number('Cause', [1, 65_535], undefined, 'why it went down or did not come up, as 3GPP TS 24.008 numbers it'),
};

export const CONNECTION = sourced(
  SOURCE,
  group('Connection', { ipv4: group('IPv4', FAMILY), ipv6: group('IPv6', FAMILY) }),
);
export type Connection = TypeOf<typeof CONNECTION>;

const rate = (label: string) => number(label, [1, Number.MAX_SAFE_INTEGER], 'bit/s', 'as the network promises');

export const ADDRESSES = sourced(
  SOURCE,
  group('Addresses', {
    ip: always(text('Address')),
    mask: text('Mask'),
    gateway: text('Gateway'),
    dhcp: text('DHCP server'),
    dns1: text('Name server'),
    dns2: text('Second name server'),
    maxRx: rate('Most received'),
    maxTx: rate('Most sent'),
  }),
);
export type Addresses = TypeOf<typeof ADDRESSES>;

/** The data connection as a gateway wants to know it. */
export const DATA = sourced(SOURCE, group('Data', { connection: CONNECTION_STATE, ...COUNTERS }));
export type DataStatus = TypeOf<typeof DATA>;

export const ATTACHMENT = sourced(
  '3GPP TS 27.007, 10.1.9',
  group('Packet domain', { attached: always(flag('Attached', 'the network takes data of this stick')) }),
);
export type Attachment = TypeOf<typeof ATTACHMENT>;
