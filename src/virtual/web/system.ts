/** dialup/*, dhcp/*, global/* and what else there is: the data connection, the stick's own network, what it can do. */

import { type Call, CODES, DONE, type Endpoints, numberIn, type Result, refused, textIn, told } from './endpoint';
import type { Node } from './xml';

function dialConnection({ web: { memory, personality } }: Call): Result {
  const { roaming, idleSeconds, connectMode } = memory;
  const first: Node = ['RoamAutoConnectEnable', roaming];
  const idle: Node = ['MaxIdelTime', idleSeconds];
  const mode: Node = ['ConnectMode', connectMode];
  if (personality.old) return told(first, ['AutoReconnect', 1], ['ReconnectInterval', 3], idle, mode);
  return told(first, idle, mode, ['MTU', 1500], ['auto_dial_switch', 1], ['pdp_always_on', 0]);
}

function setDialConnection({ web, body }: Call): Result {
  const roaming = numberIn(body, 'RoamAutoConnectEnable', 0, 1);
  const idleSeconds = numberIn(body, 'MaxIdelTime', 0, 86_400);
  const connectMode = numberIn(body, 'ConnectMode', 0, 2);
  if (roaming === undefined || idleSeconds === undefined || connectMode === undefined) return refused(CODES.parameter);
  Object.assign(web.memory, { roaming, idleSeconds, connectMode });
  return DONE;
}

function dial({ web, body }: Call): Result {
  const action = numberIn(body, 'Action', 0, 1);
  if (action === undefined) return refused(CODES.parameter);
  return { ...DONE, after: () => web.connect(action === 1) };
}

const dataSwitch = ({ web }: Call): Result => told(['dataswitch', web.memory.dataAllowed ? 1 : 0]);

function setDataSwitch({ web, body }: Call): Result {
  const wanted = numberIn(body, 'dataswitch', 0, 1);
  if (wanted === undefined) return refused(CODES.parameter);
  web.memory.dataAllowed = wanted === 1;
  return { ...DONE, after: () => web.connect(wanted === 1) };
}

/** One, which nobody can change: the APN of the first context. */
function profiles({ web: { m } }: Call): Result {
  const apn = m.nv.contexts.get(1)?.apn ?? '';
  const profile: Node[] = [
    ['Index', 1],
    ['IsValid', 1],
    ['Name', 'internet'],
    ['ApnIsStatic', 1],
    ['ApnName', apn],
    ['DialupNum', '*99#'],
    ['Username', ''],
    ['Password', ''],
    ['AuthMode', 0],
    ['IpIsStatic', ''],
    ['IpAddress', ''],
    ['DnsIsStatic', ''],
    ['PrimaryDns', ''],
    ['SecondaryDns', ''],
    ['ReadOnly', 1],
    ['iptype', 0],
  ];
  return told(['CurrentProfile', 1], ['Profiles', [['Profile', profile]]]);
}

const LEASE = 86_400;

function lan({ web: { memory } }: Call): Result {
  const { address, mask, pool } = memory;
  return told(
    ['DhcpIPAddress', address],
    ['DhcpLanNetmask', mask],
    ['DhcpStatus', 1],
    ['DhcpStartIPAddress', pool[0]],
    ['DhcpEndIPAddress', pool[1]],
    ['DhcpLeaseTime', LEASE],
    ['DnsStatus', 1],
    ['PrimaryDns', address],
    ['SecondaryDns', address],
  );
}

const PRIVATE = /^(10|172|192)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** The network it is asked through is gone at once: no answer. */
function setLan({ web, body }: Call): Result {
  const names = ['DhcpIPAddress', 'DhcpLanNetmask', 'DhcpStartIPAddress', 'DhcpEndIPAddress'];
  const [address = '', mask = '', first = '', last = ''] = names.map((name) => textIn(body, name));
  const inside = [first, last].every((one) => PRIVATE.test(one) && networkOf(one) === networkOf(address));
  if (!PRIVATE.test(address) || mask !== '255.255.255.0' || !inside) return refused(CODES.parameter);
  const moved = address !== web.memory.address;
  Object.assign(web.memory, { address, mask, pool: [first, last] });
  if (!moved) return DONE;
  web.move();
  return { closed: true };
}

/** The first three numbers. */
const networkOf = (address: string): string => address.replace(/\.\d+$/, '');

/** Modules that a stick has, and all others that are asked for. */
const MODULES = 'ussd bbou sms statistic pb monthly_volume ecomode'.split(' ');
const LACKING =
  'sdcard wifi help stk dlna ota wifioffload cradle ipv6 powersave sntp encrypt poweroff zonetime localupdate cbs qrcode';

const moduleSwitch = ({ web: { personality } }: Call): Result =>
  told(
    ...MODULES.map((name): Node => [`${name}_enabled`, 1]),
    ...LACKING.split(' ').map((name): Node => [`${name}_enabled`, 0]),
    ['dataswitch_enabled', personality.dataSwitch ? 1 : 0],
    ['charger_enbaled', 0],
  );

const MODERN = ({ old }: { old: boolean }) => !old;
const WITH_SWITCH = ({ dataSwitch: on }: { dataSwitch: boolean }) => on;
const GUARDED = ['POST'] as const;

export const SYSTEM_ENDPOINTS: Endpoints = {
  'dialup/connection': {
    get: dialConnection,
    post: {
      shapes: [
        ['RoamAutoConnectEnable', 'MaxIdelTime', 'ConnectMode', 'MTU', 'auto_dial_switch', 'pdp_always_on'],
        ['RoamAutoConnectEnable', 'AutoReconnect', 'ReconnectInterval', 'MaxIdelTime', 'ConnectMode'],
      ],
      act: setDialConnection,
    },
    guards: GUARDED,
  },
  'dialup/dial': { post: { shapes: [['Action']], act: dial }, guards: GUARDED },
  'dialup/mobile-dataswitch': {
    get: dataSwitch,
    post: { shapes: [['dataswitch']], act: setDataSwitch },
    guards: GUARDED,
    on: WITH_SWITCH,
  },
  'dialup/profiles': { get: profiles, guards: ['GET'] },
  'dhcp/settings': {
    get: lan,
    post: {
      shapes: [
        [
          ...['DhcpIPAddress', 'DhcpLanNetmask', 'DhcpStatus', 'DhcpStartIPAddress', 'DhcpEndIPAddress'],
          ...['DhcpLeaseTime', 'DnsStatus', 'PrimaryDns', 'SecondaryDns'],
        ],
      ],
      act: setLan,
    },
    guards: GUARDED,
  },
  'global/module-switch': { get: moduleSwitch, on: MODERN },
  'language/current-language': { get: () => told(['CurrentLanguage', 'en-us']) },
};
