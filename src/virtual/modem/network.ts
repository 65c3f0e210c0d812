/** Commands about network, signal, radio and time. */

import { clockText } from '../sms/fields';
import { fieldsOf, numberIn, numbersIn } from './arguments';
import type { Handler } from './handler';
import { hcsqLine, REGISTRATION_NAMES, registrationFields } from './network-lines';
import { heard, numbersOf, registered, simStatus, stat } from './network-service';
import { cesqFields, csqOf } from './radio';
import { BAD, ERROR, OK, type Reply } from './reply';
import type { ModemContext, RegistrationName } from './state';

function registration(name: RegistrationName): [string, Handler][] {
  return [
    [`${name}?`, (m) => [`${name}: ${m.settings.creg[name]},${registrationFields(m, name)}`]],
    [`${name}=?`, () => [`${name}: (0-2)`]],
    [
      `${name}=`,
      (m, args) => {
        const n = numberIn(args, 0, 2);
        if (n === undefined) return BAD;
        m.settings.creg[name] = n;
        return OK;
      },
    ],
  ];
}

/** Service domain of ^SYSINFO and ^SYSINFOEX: both kinds. */
const DOMAIN = 3;

function sysinfoex(m: ModemContext): string[] {
  const { sysmode, name, submode, submodeName } = numbersOf(m);
  const on = registered(m);
  const roaming = stat(m) === 5 ? 1 : 0;
  const sub = on ? (m.radio.submode ?? submode) : submode;
  const subName = on ? (m.radio.submodeName ?? submodeName) : submodeName;
  const head = on ? `2,${DOMAIN},${roaming},${simStatus(m)},` : `0,0,0,${simStatus(m)},`;
  return [`^SYSINFOEX:${head},${sysmode},"${name}",${sub},"${subName}"`];
}

function sysinfo(m: ModemContext): string[] {
  const { oldMode, oldSubmode } = numbersOf(m);
  const on = registered(m);
  return [
    `^SYSINFO:${on ? 2 : 0},${on ? DOMAIN : 0},${stat(m) === 5 ? 1 : 0},${oldMode},${simStatus(m)},,${oldSubmode}`,
  ];
}

/** The operator's name as +COPS=3,n wants it. */
function operator(m: ModemContext): string {
  const { operator: long, short, plmn } = m.radio;
  return [long, short, plmn][m.settings.cops.format] ?? long;
}

function copsRead(m: ModemContext): string[] {
  const { mode, format } = m.settings.cops;
  return registered(m) ? [`+COPS: ${mode},${format},"${operator(m)}",${numbersOf(m).act}`] : [`+COPS: ${mode}`];
}

function copsScan(m: ModemContext): Reply {
  if (m.sim.state === 'absent') return { cme: 10 };
  if (m.settings.cfun !== 1) return { cme: 3 };
  const { operator: long, short, plmn, system } = m.radio;
  const own = system === 'NOSERVICE' ? '' : `(${registered(m) ? 2 : 1},"${long}","${short}","${plmn}",7),`;
  const line = `+COPS: ${own}(3,"Other Network","Other","00102",2),,(0,1,2,3,4),(0,1,2)`;
  return { lines: [line], ms: m.times.scan };
}

const copsSet: Handler = (m, args) => {
  const fields = fieldsOf(args);
  const mode = numberIn(fields[0], 0, 4);
  const format = numberIn(fields[1], 0, 2, m.settings.cops.format);
  if (mode === undefined || format === undefined) return BAD;
  if (mode === 3) {
    m.settings.cops.format = format;
    return OK;
  }
  if (mode !== 2 && m.sim.state === 'absent') return { cme: 10 };
  const { operator: long, short, plmn } = m.radio;
  const known = [long, short, plmn].includes(fields[2] ?? '');
  if (mode === 1 && !known) return { cme: 30 };
  const settled = mode === 4 ? (known ? 1 : 0) : mode;
  return {
    lines: [],
    ms: 1_000,
    after: () => m.change(() => Object.assign(m.settings.cops, { mode: settled, format })),
  };
};

function monsc(m: ModemContext): Reply {
  const radio = heard(m);
  if (radio.system !== 'LTE') return ERROR;
  const { plmn, area, cell, rsrp, rsrq, rssi } = radio;
  const fields = [plmn.slice(0, 3), plmn.slice(3), 1300, cell, '1A', area, rsrp ?? '', rsrq ?? '', rssi ?? ''];
  return [`^MONSC: LTE,${fields.join(',')}`];
}

function chiptemp(m: ModemContext): string[] {
  const { temperature } = m.radio;
  const tenths = temperature === null ? 65_535 : Math.round(temperature * 10);
  return [`^CHIPTEMP:${tenths},${tenths},65535,${temperature === null ? 65_535 : Math.round(temperature)},65535`];
}

const RESTARTS = 6;

/** The radio goes on or off (1 = on); 6, or a reset wanted behind it, is a restart. */
const cfun: Handler = (m, args) => {
  const fields = fieldsOf(args);
  if (fields.length > 2) return { final: 'TOO MANY PARAMETERS' };
  const [mode, reset] =
    numbersIn(
      fields,
      [
        [0, 8],
        [0, 1],
      ],
      [-1, 0],
    ) ?? [];
  if (mode === undefined || ![0, 1, 4, 5, 6, 7].includes(mode)) return BAD;
  if (reset === 1 || mode === RESTARTS) {
    m.restart('firmware');
    return OK;
  }
  const before = m.settings.cfun;
  return {
    lines: [],
    after: () => {
      m.change(() => {
        m.settings.cfun = mode;
      });
      if ((before === 1) !== (mode === 1)) m.urc(rfswitchLine(m));
    },
  };
};

const rfswitchLine = (m: ModemContext): string => `^RFSWITCH:${m.settings.cfun === 1 ? 1 : 0},1`;

/** Time of the network, or what +CCLK was set to. */
const localTime = (m: ModemContext): string => clockText({ ...m.now(), time: m.now().time + m.settings.clockOffset });

/** Years of four digits, as some firmware has them. */
const withYears = (m: ModemContext, text: string): string => (m.quirks.has('long-years') ? `20${text}` : text);

const setClock: Handler = (m, args) => {
  const [, y, mo, d, h, mi, s, zone] =
    /^"(\d\d(?:\d\d)?)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)?"$/.exec(args) ?? [];
  if (y === undefined) return BAD;
  const [year, ...rest] = [y.slice(-2), mo, d, h, mi, s].map(Number) as [number, ...number[]];
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = rest;
  const time = Date.UTC(2000 + year, month - 1, day, hour, minute, second) - Number(zone ?? m.now().zone) * 900_000;
  m.settings.clockOffset = time - m.now().time;
  return OK;
};

export const NETWORK_COMMANDS: [string, Handler][] = [
  ...REGISTRATION_NAMES.flatMap(registration),
  ['+CSQ', (m) => [`+CSQ: ${csqOf(heard(m))},99`]],
  ['+CSQ=?', () => ['+CSQ: (0-31,99),(0-7,99)']],
  ['+CESQ', (m) => [`+CESQ: ${cesqFields(heard(m)).join(',')}`]],
  ['^HCSQ?', (m) => [hcsqLine(m)]],
  ['^SYSINFOEX', sysinfoex],
  ['^SYSINFO', sysinfo],
  ['+COPS?', copsRead],
  ['+COPS=?', copsScan],
  ['+COPS=', copsSet],
  // How it attaches to LTE: for calls and data, data first.
  ['+CEMODE?', () => ['+CEMODE: 2']],
  ['+CEMODE=?', () => ['+CEMODE: (0-3)']],
  ['^MONSC', monsc],
  ['^LTERSRP?', (m) => (heard(m).system === 'LTE' ? [`^LTERSRP: ${m.radio.rsrp ?? 0},${m.radio.rsrq ?? 0}`] : ERROR)],
  ['^CHIPTEMP?', chiptemp],
  ['^RFSWITCH?', (m) => [rfswitchLine(m)]],
  [
    '^RFSWITCH=',
    (m, args) => {
      const on = numberIn(args, 0, 1);
      return on === undefined ? BAD : cfun(m, on === 1 ? '1' : '4');
    },
  ],
  ['+CFUN?', (m) => [`+CFUN: ${m.settings.cfun}`]],
  ['+CFUN=?', () => ['+CFUN: (0,1,4-7),(0-1)']],
  ['+CFUN=', cfun],
  ['+CPAS', () => ['+CPAS: 0']],
  ['+CCLK?', (m) => [`+CCLK: "${withYears(m, localTime(m))}"`]],
  ['+CCLK=', setClock],
  ['^NWTIME?', (m) => (registered(m) ? [`^NWTIME: ${withYears(m, clockText(m.now()))},00`] : ERROR)],
  [
    '^TIME?',
    (m) => {
      const [date = '', time = ''] = localTime(m).split(',');
      return registered(m) ? [`^TIME: 20${date} ${time.slice(0, 8)}`] : ERROR;
    },
  ],
];
