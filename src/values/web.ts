/**
 * What a stick in HiLink mode tells over its web API: the parts of a status as `status.ts` has them, with what only HiLink
 * knows of them, and parts of its own. Sources: recorded answers of HiLink servers and the scripts of their pages.
 */

import { CELL } from './cell';
import { DATA } from './data';
import { STICK } from './identity';
import { NETWORK } from './network';
import { OPERATOR_MODE } from './operator';
import { DOMAIN } from './service';
import { choice, counter, flag, group, list, map, number, type TypeOf, text } from './shape';
import { SIGNAL } from './signal';
import { SIM } from './sim';
import { WEB_MESSAGE, WEB_SENDING, WEB_SMS_SETTINGS, WEB_SPLIT, WEB_STORE } from './web-sms';

const SECONDS = [0, 0xffff_ffff] as const;
const ANY = [0, Number.MAX_SAFE_INTEGER] as const;
const RATE = [0, 0xffff_ffff] as const;

export const WEB_IDENTITY = group('Stick', {
  ...STICK.members,
  serial: text('Serial number'),
  webui: text('Web pages', 'version of them: `17.100.08.00.03`'),
  msisdn: text('Number', 'telephone number, where the card holds it'),
  mac: text('MAC address', 'of the LAN; often the same on many sticks'),
  family: text('Family', '`hilink`, `wingle`, `mobile-wifi`, `cpe`'),
  systems: list('Radio systems', text('System'), 'that it knows'),
});
export type WebIdentity = TypeOf<typeof WEB_IDENTITY>;

export const WEB_SIGNAL = group('Signal', {
  ...SIGNAL.members,
  bars: number('Bars', [0, 5]),
  percent: number('Strength', [0, 100], undefined, 'of all bars; where the stick tells no more than those'),
});

export const WEB_CELL = group('Cell', {
  ...CELL.members,
  system: text('Radio system'),
  plmn: text('Network number', 'country and network code, 5 or 6 digits'),
  band: number('Band', [1, 256]),
  lac: number('Location area', [0, 0xfffe]),
  rac: number('Routing area', [0, 0xff]),
  scrambling: number('Scrambling code', [0, 511], undefined, 'WCDMA'),
  enodeb: number('Base station', [0, 0xf_ffff], undefined, 'LTE'),
  ulEarfcn: number('Channel number, sending', [0, 262_143]),
  dlMHz: number('Frequency, receiving', [1, 100_000], undefined, 'MHz'),
  ulMHz: number('Frequency, sending', [1, 100_000], undefined, 'MHz'),
  bandwidth: number('Bandwidth', [0, 400], undefined, 'MHz, receiving'),
  ulBandwidth: number('Bandwidth, sending', [0, 400], undefined, 'MHz'),
  txPower: number('Transmit power', [-60, 40], 'dBm', 'LTE: of the data channel'),
  neighbours: list('Neighbours', number('Physical cell', [0, 503])),
});

export const WEB_NETWORK = group('Network', {
  ...NETWORK.members,
  short: text('Short name', 'of the operator'),
  plmn: text('Network number', 'country and network code, 5 or 6 digits'),
  choice: OPERATOR_MODE,
  domain: DOMAIN,
  attached: flag('Attached to the packet domain'),
  flight: flag('Flight mode'),
});

export const WEB_SIM = group('SIM', {
  ...SIM.members,
  state: text('State', '`READY`, `SIM PIN`, `SIM PUK`, `NOT INSERTED`, `FAILURE`'),
  pinCheck: flag('PIN is asked for', 'when the stick is plugged in'),
  locked: flag('Locked', 'the stick is locked to an operator'),
  lockTries: number('Tries of the lock', [0, 98]),
  pinKept: flag('PIN is kept', 'and entered by the stick itself'),
});

/** How data comes up. */
export const DIAL_MODE = choice('Dialling', ['auto', 'manual', 'on demand']);

export const WEB_DATA = group('Data', {
  ...DATA.members,
  why: text('Why', 'it is not up, in words'),
  txRate: number('Sending', RATE, 'B/s'),
  rxRate: number('Receiving', RATE, 'B/s'),
  enabled: flag('Switched on'),
  roaming: flag('Data while roaming'),
  dialling: DIAL_MODE,
  idle: number('Idle time', SECONDS, 's', 'after which data goes down; 0: never'),
  mtu: number('MTU', [68, 65_535]),
  autoApn: flag('APN is chosen by the SIM'),
});

export const WEB_ADDRESSES = group('Addresses', {
  ip: text('Address', 'in the mobile network'),
  ipv6: text('IPv6 address'),
  dns: list('Name servers', text('Address')),
});

/** The LAN between the stick and the machine. */
export const WEB_LAN = group('LAN', {
  ip: text('Address', 'of the stick'),
  mask: text('Mask'),
  dhcp: flag('DHCP', 'the stick hands out addresses'),
  pool: list('Pool', text('Address'), 'first and last'),
  lease: number('Lease', SECONDS, 's'),
  dnsAuto: flag('Name servers of the network'),
  dns: list('Name servers', text('Address')),
});
export type WebLan = TypeOf<typeof WEB_LAN>;

export const WEB_MONTH = group('Month', {
  rxBytes: counter('Received', 'B'),
  txBytes: counter('Sent', 'B'),
  seconds: number('Duration', SECONDS, 's'),
  since: text('Since', 'day of the last clearing: `2021-04-02`'),
  dayBytes: counter('Today', 'B'),
  daySeconds: number('Duration today', SECONDS, 's'),
});

export const WEB_PLAN = group('Data plan', {
  enabled: flag('Watched'),
  startDay: number('First day of the month', [1, 31]),
  limit: counter('Limit', 'B'),
  threshold: number('Warning', [0, 100], undefined, 'at so many percent'),
});

export const WEB_SELECTION = group('Selection of systems', {
  order: list('Order', text('System'), "by preference: `['LTE', 'WCDMA']`; `['auto']` leaves it to the stick"),
  mode: text('Mode', "the stick's own code: `00`, `0302`"),
  bands: list('Bands', text('Band'), "GSM and WCDMA: `['GSM900', 'W2100']`; `['any']`"),
  networkBand: text('GSM and WCDMA mask', 'hex'),
  lteBands: list('LTE bands', text('Band'), "`['B3', 'B20']`; `['any']`"),
  lteBand: text('LTE mask', 'hex'),
});
export type WebSelection = TypeOf<typeof WEB_SELECTION>;

const BANDS = group('Bands', {
  name: text('Name', "in the stick's words"),
  mask: text('Mask', 'hex'),
  bands: list('Bands', text('Band')),
});

/** What {@link WEB_SELECTION} may be set to. */
export const WEB_OFFER = group('Offer of systems', {
  modes: list('Modes', text('Mode')),
  orders: list('Orders', list('Order', text('System'))),
  bands: list('GSM and WCDMA bands', BANDS),
  lteBands: list('LTE bands', BANDS),
});

export const WEB_FOUND = group('Network', {
  status: choice('Status', ['unknown', 'available', 'current', 'forbidden']),
  name: text('Name'),
  short: text('Short name'),
  plmn: text('Network number'),
  act: text('Access technology'),
});

export const WEB_PROFILE = group('Profile', {
  index: number('Index', ANY),
  name: text('Name'),
  apn: text('APN'),
  dial: text('Number to dial'),
  user: text('User'),
  auth: choice('Authentication', ['auto', 'PAP', 'CHAP']),
  ip: choice('Addresses', ['IPv4', 'IPv6', 'IPv4v6']),
  readOnly: flag('Read only'),
  current: flag('In use'),
});

export const WEB_BATTERY = group('Battery', {
  percent: number('Charge', [0, 100]),
  level: number('Level', [0, 4]),
  charging: flag('Charging'),
});

export const WEB_FEATURES = group('Functions', {
  ussd: flag('USSD'),
  sms: flag('SMS'),
  phonebook: flag('Phone book'),
  dataSwitch: flag('Switch for data'),
  encryption: flag('Some settings go encrypted'),
  sdCard: flag('SD card'),
  wifi: flag('Wi-Fi'),
  statistics: flag('Statistics'),
  monthly: flag('Monthly volume'),
  localUpdate: flag('Update by the web pages'),
  powerOff: flag('Power off'),
  savePin: flag('Keeps the PIN'),
});

export const WEB_LOGIN = group('Login', {
  needed: flag('Needed'),
  loggedIn: flag('Logged in'),
  other: flag('Somebody else is logged in'),
  user: text('User'),
  method: choice('Method', ['base64', 'sha256', 'scram']),
  type: number('Type', [0, 9], undefined, 'of the password, as the stick numbers it'),
  padding: choice('Padding', ['pkcs1', 'oaep']),
  locked: flag('Locked', 'too many wrong passwords'),
  wait: number('Wait', SECONDS, undefined, 'until the next try'),
});
export type WebLogin = TypeOf<typeof WEB_LOGIN>;

export const WEB_SESSION = group('Session', {
  cookie: text('Cookie'),
  token: text('Token'),
  tokens: list('Tokens', text('Token'), 'of a page, each for one request'),
});

export const WEB_CHALLENGE = group('Challenge', {
  salt: text('Salt', 'hex'),
  iterations: number('Rounds', [1, 1_000_000]),
  nonce: text('Nonce', "the stick's, which begins with ours"),
});

/** A key of RSA, hex, and the proof that it is the stick's. */
export const WEB_KEY = group('Key', {
  modulus: text('Modulus'),
  exponent: text('Exponent'),
  signature: text('Signature of the stick'),
  keySignature: text('Signature of the key'),
});

export const WEB_USSD = group('USSD', {
  text: text('Text'),
  menu: flag('Menu', 'the network waits for an answer'),
  state: choice('State', ['none', 'running', 'menu']),
});

export const UPDATE_STATE = choice('Update', [
  'idle',
  'asking',
  'new version',
  'query failed',
  'up to date',
  'download failed',
  'downloading',
  'ready',
  'installing',
  'installation failed',
  'done',
]);

/** All that an answer can tell; what it does not is not there. */
export const WEB_VALUES = group('Answer', {
  identity: WEB_IDENTITY,
  signal: WEB_SIGNAL,
  cell: WEB_CELL,
  network: WEB_NETWORK,
  sim: WEB_SIM,
  data: WEB_DATA,
  addresses: WEB_ADDRESSES,
  battery: WEB_BATTERY,
  uptime: number('Running for', SECONDS, 's'),
  lan: WEB_LAN,
  month: WEB_MONTH,
  plan: WEB_PLAN,
  selection: WEB_SELECTION,
  offer: WEB_OFFER,
  networks: list('Networks', WEB_FOUND),
  profiles: list('Profiles', WEB_PROFILE),
  features: WEB_FEATURES,
  update: UPDATE_STATE,
  language: text('Language', 'of the pages: `en-us`'),
  homepage: text('Start page'),
  messages: list('Messages', WEB_MESSAGE),
  total: number('Messages in the box', ANY),
  store: WEB_STORE,
  sending: WEB_SENDING,
  split: WEB_SPLIT,
  smsSettings: WEB_SMS_SETTINGS,
  ussd: WEB_USSD,
  login: WEB_LOGIN,
  session: WEB_SESSION,
  challenge: WEB_CHALLENGE,
  key: WEB_KEY,
  accepted: flag('Accepted', 'no more than that: a setting is read back, an SMS is queued'),
  other: map('Other', 'of paths that nobody reads: as it came; `Hosts.Host.1.Name` for the second of a list'),
});
export type WebValues = TypeOf<typeof WEB_VALUES>;
