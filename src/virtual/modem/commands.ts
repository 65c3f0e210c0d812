/**
 * The AT commands of a virtual stick, one by one. Shapes of the replies: an E3272's recorded answers where there are any
 * (ATI, ^SETPORT), else Huawei's AT sources. Values are made up.
 */

import { PORT_CODES, parseSetport } from '../setport';
import type { Handler } from './handler';
import { ERROR, type ErrorMode, OK, type Reply } from './reply';
import { SMS_COMMANDS } from './sms';
import { type ModemContext, registered, type Settings } from './state';

const SIM_CME: Readonly<Record<string, number>> = { absent: 10, pin: 11, puk: 12, busy: 14 };

/** Refusal of whatever needs an unlocked SIM, or undefined. */
const simRefusal = (m: ModemContext): Reply | undefined => {
  const cme = SIM_CME[m.sim.state];
  return cme === undefined ? undefined : { cme };
};

const withSim =
  (fn: (m: ModemContext) => string): Handler =>
  (m) =>
    simRefusal(m) ?? [fn(m)];

/** Reads and sets a number in `range`. */
function setting(name: string, range: number[], get: (s: Settings) => number, set: (s: Settings, v: number) => void) {
  const handlers: [string, Handler][] = [
    [`${name}?`, (m) => [`${name}: ${get(m.settings)}`]],
    [
      `${name}=`,
      (m, args) => {
        const value = Number(args.split(',')[0]);
        if (args === '' || !range.includes(value)) return { cme: 50 };
        set(m.settings, value);
        return OK;
      },
    ],
  ];
  return handlers;
}

/** The radio goes on or off; once it is on, the network can deliver. */
const setCfun: Handler = (m, args) => {
  const value = Number(args.split(',')[0]);
  if (args === '' || ![0, 1, 4].includes(value)) return { cme: 50 };
  m.settings.cfun = value;
  return { lines: [], after: () => m.centre.reach() };
};

function registration(name: '+CREG' | '+CGREG' | '+CEREG'): [string, Handler][] {
  const [, write] = setting(
    name,
    [0, 1, 2],
    (s) => s.creg[name],
    (s, v) => {
      s.creg[name] = v;
    },
  );
  const read: Handler = (m) => {
    const n = m.settings.creg[name];
    const place = n === 2 && registered(m) ? ',"0001","0000C001",7' : '';
    return [`${name}: ${n},${registered(m) ? 1 : m.sim.state === 'absent' ? 0 : 2}${place}`];
  };
  return write ? [[`${name}?`, read], write] : [];
}

const cpin: Handler = (m, args) => {
  const pin = args.replaceAll('"', '');
  if (m.sim.state === 'absent' || m.sim.state === 'busy') return simRefusal(m) ?? ERROR;
  if (m.sim.state !== 'pin') return { cme: m.sim.state === 'puk' ? 12 : 3 };
  if (pin !== m.sim.pin) {
    if (--m.sim.pinTries === 0) m.sim.state = 'puk';
    return { cme: m.sim.pinTries === 0 ? 12 : 16 };
  }
  m.sim.pinTries = 3;
  m.sim.state = 'ready';
  return OK;
};

const pinState = (m: ModemContext): string => ({ pin: 'SIM PIN', puk: 'SIM PUK' })[m.sim.state as string] ?? 'READY';

const PORT_NAMES: Readonly<Record<string, string>> = {
  modem: '3g_modem',
  pcui: 'pcui',
  diag: '3g_diag',
  gps: 'gps',
  network: 'ncm',
  storage: 'mass',
};

const HARDWARE = 'VIRTUAL Ver.A';

const version: Handler = (m) =>
  [
    'BDT:Jan 01 2024, 12:00:00',
    `EXTS:${m.version}`,
    'INTS:',
    'EXTD:UTPS00.000.00.00.00',
    'INTD:',
    `EXTH:${HARDWARE}`,
    'INTH:',
    `EXTU:${m.product}`,
    'INTU:',
    'CFG:1004',
    'PRL:',
    'OEM:',
    'INI:',
  ].map((line) => `^VERSION:${line}`);

/** HiLink firmware knows no ^SETPORT. */
const stickOnly =
  (handler: Handler): Handler =>
  (m, args) =>
    m.firmware === 'stick' ? handler(m, args) : ERROR;

const signal = { rssi: 61, rsrp: 51, sinr: 66, rsrq: 20, csq: 26 };

const simStatus = (m: ModemContext): number => ({ absent: 255, ready: 1 })[m.sim.state as string] ?? 0;

export const csqLine = (m: ModemContext): string => `+CSQ: ${registered(m) ? signal.csq : 99},99`;
export const rssiLine = (m: ModemContext): string => `^RSSI: ${registered(m) ? signal.csq : 99}`;
export const hcsqLine = (m: ModemContext): string =>
  registered(m) ? `^HCSQ:"LTE",${signal.rssi},${signal.rsrp},${signal.sinr},${signal.rsrq}` : '^HCSQ:"NOSERVICE"';

const dloadinfo: Handler = (m) => [`swver:${m.version}`, 'isover:UTPS00.000.00.00.00', `product name:${m.product}`];

export const COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['+CGMI', () => ['huawei']],
  ['+CGMM', (m) => [m.product]],
  ['+CGMR', (m) => [m.version]],
  ['+CGSN', (m) => [m.identity.imei]],
  ['+GCAP', () => ['+GCAP: +CGSM,+DS,+ES']],
  ['+CIMI', withSim((m) => m.identity.imsi)],
  ['^ICCID?', withSim((m) => `^ICCID: ${m.identity.iccid}`)],
  ['^FHVER', (m) => [`^FHVER:"${m.product} ${m.version},${HARDWARE}"`]],
  ['^HWVER', () => [`^HWVER:"${HARDWARE}"`]],
  ['^VERSION?', version],
  ['^DLOADVER?', () => ['2.0']],
  ['^DLOADINFO?', dloadinfo],
  ['^SETPORT?', stickOnly((m) => [`^SETPORT:${m.setport}`])],
  ['^SETPORT=?', stickOnly(() => [...PORT_CODES].map(([code, name]) => `^SETPORT:${code}: ${name}`))],
  [
    '^SETPORT=',
    stickOnly((m, args) => {
      const value = args.replaceAll('"', '');
      if (!parseSetport(value)) return ERROR;
      m.storeSetport(value);
      return OK;
    }),
  ],
  [
    '^GETPORTMODE',
    (m) => [
      `^GETPORTMODE: TYPE: WCDMA: huawei,,${m.roles.map((role, n) => `${PORT_NAMES[role] ?? 'other'}:${n}`).join(',')}`,
    ],
  ],
  [
    '^RESET',
    (m) => {
      m.restart('firmware');
      return OK;
    },
  ],
  [
    '^GODLOAD',
    (m) => {
      if (!m.godload) return ERROR;
      m.restart('loader');
      return OK;
    },
  ],
  ['+CPIN?', (m) => (['absent', 'busy'].includes(m.sim.state) ? (simRefusal(m) ?? ERROR) : [`+CPIN: ${pinState(m)}`])],
  ['+CPIN=', cpin],
  [
    '^CPIN?',
    (m) => {
      if (m.sim.state === 'absent' || m.sim.state === 'busy') return simRefusal(m) ?? ERROR;
      const { state, pinTries, pukTries } = m.sim;
      const current = { pin: pinTries, puk: pukTries }[state as string] ?? '';
      return [`^CPIN: ${pinState(m)},${current},${pukTries},${pinTries},10,3`];
    },
  ],
  ['+CSQ', (m) => [csqLine(m)]],
  ['^HCSQ?', (m) => [hcsqLine(m)]],
  [
    '^SYSINFOEX',
    (m) => [
      registered(m)
        ? '^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"'
        : `^SYSINFOEX:0,0,0,${simStatus(m)},,0,"NO SERVICE",0,"NO SERVICE"`,
    ],
  ],
  ['+COPS?', (m) => [registered(m) ? '+COPS: 0,0,"Virtual LTE",7' : '+COPS: 0']],
  ['^RFSWITCH?', (m) => [`^RFSWITCH:${m.settings.cfun === 1 ? 1 : 0},1`]],
  ['^CARDLOCK?', () => ['^CARDLOCK: 2,10,0']],
  ...SMS_COMMANDS,
  ...registration('+CREG'),
  ...registration('+CGREG'),
  ...registration('+CEREG'),
  ...setting(
    '+CMEE',
    [0, 1, 2],
    (s) => s.cmee,
    (s, v) => {
      s.cmee = v as ErrorMode;
    },
  ),
  ...setting(
    '^CURC',
    [0, 1],
    (s) => (s.curc ? 1 : 0),
    (s, v) => {
      s.curc = v === 1;
    },
  ),
  ...setting(
    '^PORTSEL',
    [0, 1],
    (s) => s.portsel,
    (s, v) => {
      s.portsel = v as Settings['portsel'];
    },
  ),
  ['+CFUN?', (m) => [`+CFUN: ${m.settings.cfun}`]],
  ['+CFUN=', setCfun],
]);

/** Identification text of ATI. */
export const identification = (m: ModemContext): string[] => [
  'Manufacturer: huawei',
  `Model: ${m.product}`,
  `Revision: ${m.version}`,
  `IMEI: ${m.identity.imei}`,
  '+GCAP: +CGSM,+DS,+ES',
];
