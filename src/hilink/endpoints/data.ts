/** The data connection: counters, volumes, switch, how it dials, profiles. */

import { known, knownOrNothing } from '../../values/shape';
import { WEB_DATA, WEB_MONTH, WEB_PLAN, WEB_PROFILE, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { endpoint } from './endpoint';

const DATA = WEB_DATA.members;
const MONTH = WEB_MONTH.members;
const PLAN = WEB_PLAN.members;

/** Of the rates the stick names what it receives first, of all else what it sends. */
const readTraffic = (answer: Fields): WebValues =>
  known({
    data: knownOrNothing({
      seconds: answer.whole('CurrentConnectTime', DATA.seconds),
      txBytes: answer.counter('CurrentUpload'),
      rxBytes: answer.counter('CurrentDownload'),
      txRate: answer.whole('CurrentUploadRate', DATA.txRate),
      rxRate: answer.whole('CurrentDownloadRate', DATA.rxRate),
      totalSeconds: answer.whole('TotalConnectTime', DATA.totalSeconds),
      totalTxBytes: answer.counter('TotalUpload'),
      totalRxBytes: answer.counter('TotalDownload'),
    }),
  });

/** `2021-4-2` as `2021-04-02`. */
function dayOf(text: string | undefined): string | undefined {
  const [, year, month = '', day = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text ?? '') ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31)
    return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

const readMonth = (answer: Fields): WebValues =>
  known({
    month: knownOrNothing({
      rxBytes: answer.counter('CurrentMonthDownload'),
      txBytes: answer.counter('CurrentMonthUpload'),
      seconds: answer.whole('MonthDuration', MONTH.seconds),
      since: dayOf(answer.text('MonthLastClearTime')),
      dayBytes: answer.counter('CurrentDayUsed'),
      daySeconds: answer.whole('CurrentDayDuration', MONTH.daySeconds),
    }),
  });

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** `50MB` = 50 * 2^20; 0 is no limit. */
function limitOf(answer: Fields): number | undefined {
  const exact = answer.whole('trafficmaxlimit', { range: [1, Number.MAX_SAFE_INTEGER] });
  if (exact !== undefined) return exact;
  const [, digits, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)\s*([KMGT]?B)$/i.exec(answer.text('DataLimit') ?? '') ?? [];
  const bytes = Math.round(Number(digits ?? 0) * (UNITS[unit.toUpperCase()] ?? 0));
  return bytes > 0 ? bytes : undefined;
}

const readPlan = (answer: Fields): WebValues =>
  known({
    plan: knownOrNothing({
      enabled: answer.flag('SetMonthData'),
      startDay: answer.whole('StartDay', PLAN.startDay),
      limit: limitOf(answer),
      threshold: answer.whole('MonthThreshold', PLAN.threshold),
    }),
  });

/** Old firmware says with AutoReconnect what newer one says with ConnectMode. */
const readDialling = (answer: Fields): WebValues =>
  known({
    data: knownOrNothing({
      roaming: answer.flag('RoamAutoConnectEnable'),
      dialling: DATA.dialling.options[answer.code('ConnectMode') ?? -1],
      idle: answer.whole('MaxIdelTime', DATA.idle) ?? answer.whole('MaxIdleTime', DATA.idle),
      mtu: answer.whole('MTU', DATA.mtu),
    }),
  });

function readProfiles(answer: Fields): WebValues {
  const current = answer.text('CurrentProfile');
  return {
    profiles: answer.list('Profiles', 'Profile').map((profile) => {
      const index = profile.whole('Index', WEB_PROFILE.members.index);
      return known({
        index,
        name: profile.text('Name'),
        apn: profile.text('ApnName'),
        // Older firmware spells it like this.
        dial: profile.text('DialupNum', 'DailupNum'),
        user: profile.text('Username'),
        auth: WEB_PROFILE.members.auth.options[profile.code('AuthMode') ?? -1],
        ip: WEB_PROFILE.members.ip.options[profile.code('iptype') ?? -1],
        readOnly: profile.flag('ReadOnly'),
        current: current === undefined || index === undefined ? undefined : String(index) === current,
      });
    }),
  };
}

export const TRAFFIC = endpoint('monitoring/traffic-statistics', 'Counters and rates', readTraffic);
export const MONTH_STATISTICS = endpoint('monitoring/month_statistics', 'Volume of the month', readMonth);
export const START_DATE = endpoint('monitoring/start_date', 'Limit of the month', readPlan);
export const DIALLING = endpoint('dialup/connection', 'How the connection comes up', readDialling);
export const DATA_SWITCH = endpoint('dialup/mobile-dataswitch', 'Switch for data', (answer) =>
  known({ data: knownOrNothing({ enabled: answer.flag('dataswitch') }) }),
);
export const PROFILES = endpoint('dialup/profiles', 'Profiles with their APN', readProfiles);
export const DATA_ENDPOINTS = [
  TRAFFIC,
  MONTH_STATISTICS,
  START_DATE,
  DIALLING,
  DATA_SWITCH,
  PROFILES,
  endpoint('dialup/auto-apn', 'Whether the SIM chooses the APN', (answer) =>
    known({ data: knownOrNothing({ autoApn: answer.flag('AutoAPN') }) }),
  ),
] as const;
