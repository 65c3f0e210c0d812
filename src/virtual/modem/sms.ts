/** The SMS commands (3GPP 27.005), in PDU mode and as much of text mode as other programs use. */

import { STORE_NAMES, type StoredStatus, type StoreName } from '../sms/store';
import { fieldsOf, numberIn, numbersIn } from './arguments';
import { CHARSETS } from './charset';
import type { Handler } from './handler';
import { OK, type Reply } from './reply';
import { storeNamed } from './sms-incoming';
import { STATUS_WORDS, storedLines } from './sms-lines';
import { cmgs, cmgw, cmss, simRefusalCms } from './sms-send';
import type { ModemContext } from './state';

const isStore = (name: string): name is StoreName => (STORE_NAMES as readonly string[]).includes(name);

/** Nothing of messages works without the SIM. */
const withSim =
  (handler: Handler): Handler =>
  (m, args) =>
    simRefusalCms(m) ?? handler(m, args);

const reading = (m: ModemContext) => storeNamed(m, m.settings.sms.stores[0]);

/** How long +CPMS of some firmware does not count what has just come, milliseconds. */
const LAG = 500;

function levels(m: ModemContext, named: boolean): string {
  const { stores, storedAt } = m.settings.sms;
  const lag = m.quirks.has('cpms-lags') && m.now().time - storedAt < LAG ? 1 : 0;
  return stores
    .map((name) => {
      const { used, size } = storeNamed(m, name);
      return `${named ? `"${name}",` : ''}${used - lag},${size}`;
    })
    .join(',');
}

const setCpms: Handler = (m, args) => {
  const { stores } = m.settings.sms;
  const names = fieldsOf(args);
  if (names.length > 3 || names.some((name) => name !== '' && !isStore(name)) || !names[0]) return { cms: 302 };
  names.forEach((name, n) => {
    if (isStore(name)) stores[n] = name;
  });
  return [`+CPMS: ${levels(m, false)}`];
};

const setCnmi: Handler = (m, args) => {
  const { sms } = m.settings;
  const values = numbersIn(
    fieldsOf(args),
    [
      [0, 2],
      [0, 3],
      [0, 2],
      [0, 2],
      [0, 1],
    ],
    [...sms.cnmi],
  );
  if (!values) return { cms: 303 };
  sms.cnmi = values as typeof sms.cnmi;
  sms.muted = false;
  const held = sms.held.splice(0);
  if (values[0] !== 0 && values[4] === 0) for (const line of held) m.urc(line);
  else if (values[0] === 0) sms.held.push(...held);
  return OK;
};

/** The status that +CMGL asks for; undefined = none that is known. */
function wanted(m: ModemContext, args: string): StoredStatus | 4 | undefined {
  const [field = ''] = fieldsOf(args);
  if (!m.settings.sms.text) return numberIn(field, 0, 4, 0) as StoredStatus | 4 | undefined;
  const n = [...STATUS_WORDS, 'ALL'].indexOf(field === '' ? STATUS_WORDS[0] : field.toUpperCase());
  return n < 0 ? undefined : (n as StoredStatus | 4);
}

const cmgl: Handler = (m, args) => {
  const status = wanted(m, args);
  if (status === undefined) return { cms: m.settings.sms.text ? 305 : 304 };
  const lines: string[] = [];
  for (const [index, stored] of reading(m).entries()) {
    if (status !== 4 && stored.status !== status) continue;
    lines.push(...storedLines(stored, m.settings.sms, index));
    if (stored.status === 0) stored.status = 1;
  }
  return lines;
};

const cmgr: Handler = (m, args) => {
  const store = reading(m);
  const index = numberIn(fieldsOf(args)[0], 0, store.size - 1);
  if (index === undefined) return { cms: 321 };
  const stored = store.get(index);
  if (!stored) return m.quirks.has('empty-321') ? { cms: 321 } : OK;
  const lines = storedLines(stored, m.settings.sms);
  if (stored.status === 0) stored.status = 1;
  return lines;
};

/** By the flag of +CMGD: what goes besides the one that is named. */
const GOES: readonly (readonly StoredStatus[])[] = [[], [1], [1, 3], [1, 2, 3], [0, 1, 2, 3]];

const cmgd: Handler = (m, args) => {
  const store = reading(m);
  const [first, second] = fieldsOf(args);
  const index = numberIn(first, 0, store.size - 1);
  const flag = numberIn(second, 0, 4, 0);
  if (flag === undefined || (index === undefined && flag === 0)) return { cms: 321 };
  if (flag === 0 && index !== undefined) store.delete(index);
  for (const [n, stored] of [...store.entries()]) if (GOES[flag]?.includes(stored.status)) store.delete(n);
  return OK;
};

const cnma: Handler = (m) => {
  const { sms } = m.settings;
  if (sms.unacknowledged === undefined) return { cms: 340 };
  sms.unacknowledged = undefined;
  return { lines: [], after: () => m.centre.reach() };
};

const indices = (m: ModemContext): string => [...reading(m).entries()].map(([index]) => index).join(',');

function setCsca(m: ModemContext, args: string): Reply {
  const [number = ''] = fieldsOf(args);
  if (!/^\+?\d{0,20}$/.test(number)) return { cms: 304 };
  m.sim.centre = number;
  return OK;
}

export const SMS_COMMANDS: [string, Handler][] = [
  ['+CMGF?', (m) => [`+CMGF: ${m.settings.sms.text ? 1 : 0}`]],
  ['+CMGF=?', () => ['+CMGF: (0,1)']],
  [
    '+CMGF=',
    (m, args) => {
      const mode = numberIn(args, 0, 1);
      if (mode === undefined) return { cms: 303 };
      m.settings.sms.text = mode === 1;
      return OK;
    },
  ],
  ['+CPMS?', withSim((m) => [`+CPMS: ${levels(m, true)}`])],
  ['+CPMS=?', () => ['+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")']],
  ['+CPMS=', withSim(setCpms)],
  ['+CNMI?', (m) => [`+CNMI: ${m.settings.sms.cnmi.join(',')}`]],
  ['+CNMI=?', () => ['+CNMI: (0,1,2),(0,1,2,3),(0,1,2),(0,1,2),(0,1)']],
  ['+CNMI=', setCnmi],
  ['+CSMS?', (m) => [`+CSMS: ${m.settings.sms.service},1,1,1`]],
  ['+CSMS=?', () => ['+CSMS: (0,1)']],
  [
    '+CSMS=',
    (m, args) => {
      const service = numberIn(args, 0, 1);
      if (service === undefined) return { cms: 303 };
      m.settings.sms.service = service as 0 | 1;
      return ['+CSMS: 1,1,1'];
    },
  ],
  ['+CSCA?', withSim((m) => [`+CSCA: "${m.sim.centre}",${m.sim.centre.startsWith('+') ? 145 : 129}`])],
  ['+CSCA=', withSim(setCsca)],
  ['+CSCS?', (m) => [`+CSCS: "${m.settings.sms.charset}"`]],
  ['+CSCS=?', () => [`+CSCS: (${CHARSETS.map((name) => `"${name}"`).join(',')})`]],
  [
    '+CSCS=',
    (m, args) => {
      const charset = CHARSETS.find((name) => name === fieldsOf(args)[0]?.toUpperCase());
      if (!charset) return { cme: 50 };
      m.settings.sms.charset = charset;
      return OK;
    },
  ],
  ['+CSMP?', (m) => [`+CSMP: ${m.settings.sms.csmp.join(',')}`]],
  [
    '+CSMP=',
    (m, args) => {
      const byte = [0, 255] as const;
      const values = numbersIn(fieldsOf(args), [byte, byte, byte, byte], m.settings.sms.csmp);
      if (!values) return { cms: 305 };
      m.settings.sms.csmp = values as [number, number, number, number];
      return OK;
    },
  ],
  ['+CSDH?', (m) => [`+CSDH: ${m.settings.sms.details ? 1 : 0}`]],
  ['+CSDH=?', () => ['+CSDH: (0,1)']],
  [
    '+CSDH=',
    (m, args) => {
      m.settings.sms.details = args === '1';
      return OK;
    },
  ],
  ['+CMGL', withSim(cmgl)],
  ['+CMGL=', withSim(cmgl)],
  [
    '+CMGL=?',
    (m) => [`+CMGL: ${m.settings.sms.text ? '("REC UNREAD","REC READ","STO UNSENT","STO SENT","ALL")' : '(0-4)'}`],
  ],
  ['+CMGR=', withSim(cmgr)],
  ['+CMGR=?', () => OK],
  ['+CMGD=', withSim(cmgd)],
  ['+CMGD=?', withSim((m) => [`+CMGD: (${indices(m)}),(0-4)`])],
  ['+CMGS=', (m, args) => cmgs(m, fieldsOf(args))],
  ['+CMGS=?', () => OK],
  ['+CMGW=', (m, args) => cmgw(m, fieldsOf(args))],
  ['+CMGW=?', () => OK],
  ['+CMSS=', (m, args) => cmss(m, fieldsOf(args))],
  ['+CMSS=?', () => OK],
  ['+CNMA', cnma],
  ['+CNMA=', cnma],
  ['+CNMA=?', () => ['+CNMA: (0-2)']],
];
