/** What the pages of a stick poll: monitoring/status, converged-status, check-notifications; online-update/status. */

import type { RegistrationStatus } from '../../values/registration';
import { known, knownOrNothing, type TypeOf } from '../../values/shape';
import { type UPDATE_STATE, WEB_BATTERY, WEB_SIGNAL, type WebValues } from '../../values/web';
import { WEB_STORE } from '../../values/web-sms';
import { addresses, type Fields } from '../fields';
import { modeOf, pinState } from './codes';
import { endpoint } from './endpoint';

const SERVICES = ['none', 'restricted', 'valid', 'restricted regional', 'power save'] as const;

/** CurrentServiceDomain, as in `^SYSINFO`. */
const DOMAINS = ['none', 'CS', 'PS', 'CS+PS', 'searching'] as const;

/** ConnectionStatus. */
const STATES: Readonly<Record<number, 'up' | 'connecting' | 'disconnecting' | 'down'>> = {
  900: 'connecting',
  901: 'up',
  902: 'down',
  903: 'disconnecting',
  904: 'down',
  905: 'down',
  906: 'down',
};

/** ConnectionStatus where it says why there is no connection. */
const WHY: readonly (readonly [codes: readonly number[], words: string])[] = [
  [[904], 'failed or switched off'],
  [[906], 'error'],
  [[112], 'does not connect by itself'],
  [[113], 'does not connect by itself while roaming'],
  [[114], 'does not connect again by itself'],
  [[115], 'does not connect again by itself while roaming'],
  [[2, 3, 5, 8, 20, 21, 23, 27, 28, 29, 30, 31, 32, 33], 'the profile is wrong'],
  [[7, 11, 14, 37], 'the network does not allow it'],
  [[12], 'roaming is not allowed'],
  [[13, 201], 'the volume is used up'],
];

/** SimStatus: with a SIM that wants its PIN it is 0 too, so 0 tells nothing. */
const SIMS: Readonly<Record<number, string>> = { 1: 'READY', 2: 'READY', 3: 'READY', 255: 'NOT INSERTED' };

function readStatus(answer: Fields): WebValues {
  const service = SERVICES[answer.code('ServiceStatus') ?? -1];
  const type = answer.code('CurrentNetworkType');
  const extended = answer.code('CurrentNetworkTypeEx');
  const none = !type && !extended;
  // Without service the type is that of before.
  const mode = service === undefined || service === 'valid' ? modeOf(type, extended) : {};
  const registered = service === undefined ? undefined : service === 'valid' && !none;
  const roaming = answer.flag('RoamingStatus');
  const state = SIMS[answer.code('SimStatus') ?? -1];
  const bars = barsOf(answer);
  return known({
    signal: bars && knownOrNothing({ ...bars, system: mode.system }),
    network: knownOrNothing({
      registration: registered ? registrationOf(roaming) : undefined,
      registered,
      roaming: registered === false ? undefined : roaming,
      service,
      domain: DOMAINS[answer.code('CurrentServiceDomain') ?? -1],
      ...mode,
      flight: answer.flag('flymode'),
    }),
    sim: knownOrNothing({ state, locked: answer.flag('simlockStatus') }),
    data: readConnection(answer),
    addresses: knownOrNothing({
      ip: answer.address('WanIPAddress'),
      ipv6: answer.address('WanIPv6Address'),
      dns: addresses(
        ...['PrimaryDns', 'SecondaryDns', 'PrimaryIPv6Dns', 'SecondaryIPv6Dns'].map((n) => answer.text(n)),
      ),
    }),
    battery: knownOrNothing({
      percent: answer.whole('BatteryPercent', WEB_BATTERY.members.percent),
      level: answer.whole('BatteryLevel', WEB_BATTERY.members.level),
      charging: answer.flag('BatteryStatus'),
    }),
  });
}

const registrationOf = (roaming: boolean | undefined): RegistrationStatus | undefined => {
  if (roaming === undefined) return undefined;
  return roaming ? 'roaming' : 'home';
};

function readConnection(answer: Fields): WebValues['data'] {
  const code = answer.code('ConnectionStatus');
  if (code === undefined) return undefined;
  const why = WHY.find(([codes]) => codes.includes(code))?.[1];
  return knownOrNothing({ connection: STATES[code] ?? (why === undefined ? undefined : ('down' as const)), why });
}

/** Bars out of `maxsignal`; on old firmware a strength out of 100, which newer ones leave empty or 0. */
function barsOf(answer: Fields): { bars: number; percent: number } | undefined {
  const icon = answer.whole('SignalIcon', WEB_SIGNAL.members.bars);
  const percent = answer.whole('SignalStrength', WEB_SIGNAL.members.percent);
  if (icon === undefined) return percent === undefined ? undefined : { bars: Math.round(percent / 20), percent };
  const most = answer.whole('maxsignal', { range: [1, 10] }) ?? 5;
  if (icon > most) return undefined;
  return { bars: Math.round((icon * 5) / most), percent: percent || Math.round((icon * 100) / most) };
}

/** OnlineUpdateStatus, CurrentComponentStatus. */
const UPDATES: Readonly<Record<number, TypeOf<typeof UPDATE_STATE>>> = {
  10: 'idle',
  11: 'asking',
  12: 'new version',
  13: 'query failed',
  14: 'up to date',
  20: 'download failed',
  30: 'downloading',
  31: 'downloading',
  40: 'downloading',
  50: 'ready',
  52: 'installing',
  60: 'installing',
  70: 'installation failed',
  80: 'installation failed',
  90: 'done',
  100: 'done',
};

const readNews = (answer: Fields): WebValues =>
  known({
    store: knownOrNothing({
      unread: answer.whole('UnreadMessage', WEB_STORE.members.unread),
      full: answer.flag('SmsStorageFull'),
    }),
    update: UPDATES[answer.code('OnlineUpdateStatus') ?? -1],
  });

export const STATUS = endpoint('monitoring/status', 'Connection, bars, service, SIM, addresses', readStatus);
export const NEWS = endpoint('monitoring/check-notifications', 'Unread SMS, full store, update', readNews);
export const MONITORING_ENDPOINTS = [
  STATUS,
  NEWS,
  endpoint('monitoring/converged-status', 'SIM and language', (answer) => {
    return known({
      sim: knownOrNothing({ ...pinState(answer.code('SimState')), locked: answer.flag('SimLockEnable') }),
      language: answer.text('CurrentLanguage'),
    });
  }),
  endpoint('online-update/status', 'Update of the firmware', (answer) => {
    return known({ update: UPDATES[answer.code('CurrentComponentStatus') ?? -1] });
  }),
] as const;
