/** device/* and monitoring/*: what the stick is, and how it stands. */

import { ADDRESS, clearCounters, current, NET, sum } from '../modem/data';
import { heard, numbersOf, registered, simStatus, stat } from '../modem/network-service';
import type { Radio } from '../modem/radio';
import { type Call, CODES, DONE, type Endpoints, numberIn, type Result, refused, told, type Web } from './endpoint';
import { messagesIn } from './messages';
import type { Node } from './xml';

const ROAMING = 5;
const DNS = `${NET.dns1},${NET.dns2}`;
const MAC = '0C:5B:8F:27:9A:64';
/** Network type of LTE, which ^SYSINFO counts otherwise. */
const LTE = 19;
/** ^SYSINFO: packet and circuit switched. */
const DOMAIN = 3;

const isUp = ({ m }: Web): boolean => m.data.state === 'up';

function information({ web }: Call): Result {
  const { m, personality } = web;
  const { imei, imsi, iccid, serial } = m.identity;
  const open = m.sim.state === 'ready';
  const up = isUp(web);
  const name: Node = ['DeviceName', m.product];
  const hardware: Node = ['HardwareVersion', m.board];
  const own: Node[] = [
    ['SerialNumber', serial],
    ['Imei', imei],
    ['Imsi', open ? imsi : ''],
    ['Iccid', m.sim.state === 'absent' ? '' : iccid],
    ['Msisdn', open ? m.sim.number : ''],
  ];
  const versions: Node[] = [
    ['SoftwareVersion', m.version],
    ['WebUIVersion', personality.webui],
    ['MacAddress1', MAC],
    ['MacAddress2', ''],
  ];
  if (personality.old) return told(name, hardware, ...own, ...versions);
  return told(
    name,
    ...own,
    hardware,
    ...versions,
    ['WanIPAddress', up ? ADDRESS : ''],
    ['wan_dns_address', up ? DNS : ''],
    ['WanIPv6Address', ''],
    ['wan_ipv6_dns_address', ''],
    ['ProductFamily', 'LTE'],
    ['Classify', 'hilink'],
    ['supportmode', 'LTE|WCDMA|GSM'],
    ['workmode', registered(m) ? m.radio.system : 'NO SERVICE'],
    ['uptime', web.uptime()],
  );
}

const basic = ({ web: { m, personality } }: Call): Result =>
  told(
    ['productfamily', 'LTE'],
    ['classify', 'hilink'],
    ['multimode', 0],
    ['restore_default_status', 0],
    ['sim_save_pin_enable', 0],
    ['devicename', m.product],
    ['SoftwareVersion', m.version],
    ['WebUIVersion', personality.webui],
  );

const unit = (value: number | null, of: string): string => (value === null ? '' : `${value}${of}`);

/** `mode` of device/signal. */
const MODES = { LTE: 7, WCDMA: 2, GSM: 0, NOSERVICE: '' } as const;

function signal({ web }: Call): Result {
  const { m, quirks } = web;
  const radio = heard(m);
  const empty = quirks.has('web-signal-empty');
  const level = (value: number | null, of: string, system: Radio['system']) =>
    empty || radio.system !== system ? '' : unit(value, of);
  const lte = radio.system === 'LTE' && !empty;
  return told(
    ['pci', lte ? 1 : ''],
    ['sc', ''],
    ['cell_id', radio.system === 'NOSERVICE' || empty ? '' : Number.parseInt(radio.cell, 16)],
    ['rsrq', level(radio.rsrq, 'dB', 'LTE')],
    ['rsrp', level(radio.rsrp, 'dBm', 'LTE')],
    ['rssi', level(radio.rssi, 'dBm', radio.system)],
    ['sinr', level(radio.sinr, 'dB', 'LTE')],
    ['rscp', level(radio.rscp, 'dBm', 'WCDMA')],
    ['ecio', level(radio.ecio, 'dB', 'WCDMA')],
    ['psatt', registered(m) ? 1 : 0],
    ['mode', MODES[radio.system]],
    ['lte_bandwidth', lte ? '20M' : ''],
    ['lte_bandinfo', lte ? 3 : ''],
  );
}

/** Bars of five, by what the system is judged by. */
function barsOf(radio: Radio): number {
  if (radio.system === 'NOSERVICE') return 0;
  const [value, steps] = radio.system === 'LTE' ? [radio.rsrp, LTE_STEPS] : [radio.rssi, OLD_STEPS];
  return value === null ? 0 : steps.filter((least) => value >= least).length;
}

const LTE_STEPS = [-118, -112, -106, -100, -94];
const OLD_STEPS = [-109, -103, -97, -91, -85];

function connectionStatus({ m }: Web): number {
  return { up: 901, connecting: 900, down: 902 }[m.data.state];
}

function status({ web }: Call): Result {
  const { m, personality } = web;
  const { oldSubmode, submode } = numbersOf(m);
  const up = isUp(web);
  const on = registered(m);
  const bars = barsOf(heard(m));
  const dns: Node[] = [
    ['PrimaryDns', up ? NET.dns1 : ''],
    ['SecondaryDns', up ? NET.dns2 : ''],
  ];
  const service: Node[] = [
    ['ServiceStatus', on ? 2 : 0],
    ['SimStatus', simStatus(m)],
  ];
  const network: Node[] = [
    ['CurrentNetworkType', heard(m).system === 'LTE' ? LTE : oldSubmode],
    ['CurrentServiceDomain', on ? DOMAIN : 0],
    ['RoamingStatus', stat(m) === ROAMING ? 1 : 0],
  ];
  const connection: Node = ['ConnectionStatus', connectionStatus(web)];
  const wan: Node = ['WanIPAddress', up ? ADDRESS : ''];
  if (personality.old) {
    const strength: Node = ['SignalStrength', bars * 20];
    return told(connection, strength, ...network, ['SimlockStatus', 0], wan, ...dns, ...service, ['WifiStatus', '']);
  }
  return told(
    connection,
    ['WifiConnectionStatus', ''],
    ['SignalStrength', ''],
    ['SignalIcon', bars],
    ...network,
    ['BatteryStatus', ''],
    ['BatteryLevel', ''],
    ['BatteryPercent', ''],
    ['simlockStatus', 0],
    wan,
    ['WanIPv6Address', ''],
    ...dns,
    ['PrimaryIPv6Dns', ''],
    ['SecondaryIPv6Dns', ''],
    ['CurrentWifiUser', ''],
    ['TotalWifiUser', ''],
    ['currenttotalwifiuser', 0],
    ...service,
    ['WifiStatus', ''],
    ['CurrentNetworkTypeEx', on ? (m.radio.submode ?? submode) : 0],
    ['maxsignal', 5],
    ['wifiindooronly', -1],
    ['wififrequence', 0],
    ['classify', 'hilink'],
    ['flymode', m.settings.cfun === 1 ? 0 : 1],
    ['cellroam', 1],
  );
}

function traffic({ web: { m } }: Call): Result {
  const now = current(m);
  const total = sum(m.data.total, now);
  const rate = (value: number) => (m.data.state === 'up' ? value : 0);
  return told(
    ['CurrentConnectTime', now.seconds],
    ['CurrentUpload', now.sent],
    ['CurrentDownload', now.received],
    ['CurrentDownloadRate', rate(m.data.receiveRate)],
    ['CurrentUploadRate', rate(m.data.sendRate)],
    ['TotalUpload', total.sent],
    ['TotalDownload', total.received],
    ['TotalConnectTime', total.seconds],
    ['showtraffic', 1],
  );
}

function notifications({ web: { m } }: Call): Result {
  const local = messagesIn(m, 'ME', false);
  return told(
    ['UnreadMessage', local.filter(({ unread }) => unread).length],
    ['SmsStorageFull', m.nv.messages.used === m.nv.messages.size ? 1 : 0],
    ['OnlineUpdateStatus', 10],
  );
}

const converged = ({ web: { m } }: Call): Result =>
  told(['SimState', m.sim.state === 'ready' ? 257 : 255], ['SimLockEnable', 0], ['CurrentLanguage', 'en-us']);

/** 1 restart, 2 factory settings and a restart, 4 off. */
function control({ web, body }: Call): Result {
  switch (numberIn(body, 'Control', 1, 4)) {
    case 1:
      return { ...DONE, after: () => web.leave('restart') };
    case 2:
      return {
        ...DONE,
        after: () => {
          web.forget();
          web.leave('restart');
        },
      };
    case 4:
      return { ...DONE, after: () => web.leave('off') };
    default:
      return refused(CODES.parameter);
  }
}

/** 0 project, 1 debug: it leaves HiLink at once, and nobody hears of it; where it does not, the session is to blame. */
function mode({ web, body }: Call): Result {
  const wanted = numberIn(body, 'mode', 0, 2);
  if (wanted === undefined) return refused(CODES.parameter);
  if (!web.personality.ways.includes('mode') || wanted === 2) return refused(CODES.session);
  web.leave(wanted === 0 ? 'project' : 'debug');
  return { closed: true };
}

const MODERN = ({ old }: { old: boolean }) => !old;
const GUARDED = ['GET', 'POST'] as const;

export const DEVICE_ENDPOINTS: Endpoints = {
  'device/information': { get: information, guards: GUARDED },
  'device/basic_information': { get: basic, on: MODERN },
  'device/signal': { get: signal, on: MODERN },
  'device/control': { post: { shapes: [['Control']], act: control }, guards: GUARDED },
  'device/mode': { post: { shapes: [['mode']], act: mode }, guards: GUARDED, on: MODERN },
  'monitoring/status': { get: status },
  'monitoring/converged-status': { get: converged },
  'monitoring/traffic-statistics': { get: traffic },
  'monitoring/clear-traffic': {
    post: {
      shapes: [['ClearTraffic']],
      act: ({ web: { m } }) => {
        clearCounters(m);
        return DONE;
      },
    },
    guards: GUARDED,
  },
  'monitoring/check-notifications': { get: notifications },
};
