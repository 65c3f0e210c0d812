/** Recorded answers of HiLink servers, with their right reading in the words of whoever noted them down. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebValues } from '../../src/values/web';

export interface Recorded {
  id: string;
  path: string;
  body: Buffer;
  expect: Record<string, unknown> & { ok: boolean };
}

interface Line {
  id: string;
  request: { path: string };
  response: { body?: string; bodyBase64?: string };
  expect: Recorded['expect'];
}

export function recorded(): Recorded[] {
  const text = readFileSync(join(__dirname, '../../../test/data/hilink.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { id, request, response, expect } = JSON.parse(line) as Line;
      const { body, bodyBase64 } = response;
      return {
        id,
        path: request.path,
        body: bodyBase64 ? Buffer.from(bodyBase64, 'base64') : Buffer.from(body ?? ''),
        expect,
      };
    });
}

/** Where our values have what is expected; a function where they say it in other words. */
type Look = string | ((values: WebValues, expected: unknown) => readonly [actual: unknown, expected: unknown]);

const SYSTEMS: Record<string, string> = { '2g': 'GSM', '3g': 'WCDMA', '4g': 'LTE', auto: 'auto' };
const CONNECTIONS: Record<string, string> = { connected: 'up' };

const named = (bands: unknown) => (bands as number[]).map((band) => `B${band}`);

const LOOKS: Record<string, Look> = {
  model: 'identity.model',
  imei: 'identity.imei',
  imsi: 'identity.imsi',
  iccid: 'identity.iccid',
  msisdn: 'identity.msisdn',
  firmware: 'identity.revision',
  webui: 'identity.webui',
  hardware: 'identity.hardware',
  mac: 'identity.mac',
  family: 'identity.family',
  savePinPossible: 'features.savePin',
  wanIp: 'addresses.ip',
  dns: 'addresses.dns',
  accessTech: 'network.system',
  mccmnc: 'network.plmn',
  uptimeSeconds: 'uptime',
  unread: 'store.unread',
  inbox: 'store.inbox',
  sent: (values, expected) => (values.store ? [values.store.sent, expected] : [values.sending?.sent, expected]),
  failed: 'sending.failed',
  finished: 'sending.finished',
  draft: 'store.draft',
  used: 'store.used',
  max: 'store.max',
  storageFull: 'store.full',
  sim: (values, expected) => {
    if (expected === 'ready') return [values.sim?.state, 'READY'];
    const { max, used } = values.store?.sim ?? {};
    return [{ max, used }, expected];
  },
  connection: (values, expected) => [values.data?.connection, CONNECTIONS[String(expected)]],
  bars: 'signal.bars',
  maxBars: (_values, expected) => [5, expected],
  percent: 'signal.percent',
  networkType: (values, expected) => [values.network?.system, SYSTEMS[String(expected).toLowerCase()] ?? expected],
  roaming: 'network.roaming',
  service: (values, expected) => [values.network?.service === 'valid', expected],
  flightMode: 'network.flight',
  battery: 'battery',
  mode: (values, expected) =>
    values.data ? [values.data.dialling, expected] : [values.selection?.order, [SYSTEMS[String(expected)]]],
  modes: (values, expected) => [values.offer?.orders, (expected as string[]).map((mode) => [SYSTEMS[mode]])],
  networkBand: 'selection.networkBand',
  lteBand: 'selection.lteBand',
  lteBands: (values, expected) => {
    if (values.selection) return [values.selection.lteBands, named(expected)];
    const offers = expected as { value: string; bands?: number[]; all?: boolean }[];
    const wanted = offers.map(({ value, bands, all }) => [value, all ? ['any'] : named(bands)]);
    return [values.offer?.lteBands?.map(({ mask, bands }) => [mask, bands]), wanted];
  },
  total: (values, expected) => {
    if (typeof expected === 'number') return [values.total, expected];
    const { totalSeconds: seconds, totalTxBytes: up, totalRxBytes: down } = values.data ?? {};
    return [{ seconds, up, down }, expected];
  },
  current: (values, expected) => {
    const { seconds, txBytes: up, rxBytes: down, txRate: upRate, rxRate: downRate } = values.data ?? {};
    return [{ seconds, up, down, upRate, downRate }, expected];
  },
  messages: (values, expected) => {
    const wanted = expected as Record<string, unknown>[];
    const found = values.messages?.map((message, at) => {
      const all: Record<string, unknown> = {
        index: message.id,
        unread: !message.read,
        from: message.from,
        text: message.text,
        dateLocal: message.time?.replace('T', ' '),
        box: message.state === 'received' ? 'inbox' : message.state,
        report: message.kind === 'report',
      };
      return Object.fromEntries(Object.keys(wanted[at] ?? {}).map((key) => [key, all[key]]));
    });
    return [found, expected];
  },
  accepted: 'accepted',
  final: (values, expected) => [values.sending !== undefined, expected],
  update: 'update',
  down: 'month.rxBytes',
  up: 'month.txBytes',
  seconds: 'month.seconds',
  since: 'month.since',
  dayBytes: 'month.dayBytes',
  daySeconds: 'month.daySeconds',
  rat: (values, expected) => [values.signal?.system ?? values.network?.system, expected],
  rsrp: 'signal.rsrp',
  rsrq: 'signal.rsrq',
  rssi: 'signal.rssi',
  sinr: 'signal.sinr',
  attached: 'network.attached',
  band: 'cell.band',
  pci: 'cell.pci',
  cellId: 'cell.cellId',
  enodebId: 'cell.enodeb',
  tac: 'cell.tac',
  earfcnDl: 'cell.earfcn',
  dlMHz: 'cell.dlMHz',
  neighbours: (values, expected) => [values.cell?.neighbours ?? [], expected],
  plmn: (values, expected) => [values.cell?.plmn ?? values.network?.plmn, expected],
  operator: 'network.operator',
  operatorShort: 'network.short',
  pinEnabled: 'sim.pinCheck',
  pinRequired: (values, expected) => [values.sim?.state === 'SIM PIN', expected],
  pinTries: 'sim.pinTries',
  pukTries: 'sim.pukTries',
  cookie: 'session.cookie',
  token: 'session.token',
  tokenToSend: 'session.token',
  tokenLength: (values, expected) => [values.session?.token?.length, expected],
  cookieStartsWith: (values, expected) => [values.session?.cookie?.slice(0, String(expected).length), expected],
  startDay: 'plan.startDay',
  limitBytes: 'plan.limit',
  threshold: 'plan.threshold',
  enabled: 'plan.enabled',
  text: 'ussd.text',
  menu: 'ussd.menu',
  loggedIn: 'login.loggedIn',
  login: 'login.method',
  rsaPadding: 'login.padding',
  locked: 'login.locked',
  user: 'login.user',
  loginNeeded: 'login.needed',
  splitinfo: 'split.parts',
  convertType: 'split.conversion',
  roamingData: 'data.roaming',
  idleSeconds: 'data.idle',
  mtu: 'data.mtu',
  data: 'data.enabled',
  iterations: 'challenge.iterations',
  nonceStartsWith: (values, expected) => [values.challenge?.nonce?.slice(0, String(expected).length), expected],
  ussd: 'features.ussd',
  sms: 'features.sms',
  phonebook: 'features.phonebook',
  dataSwitch: 'features.dataSwitch',
  encryption: 'features.encryption',
  sdCard: 'features.sdCard',
  lanIp: 'lan.ip',
  mask: 'lan.mask',
  dhcp: 'lan.dhcp',
  pool: 'lan.pool',
  leaseSeconds: 'lan.lease',
  dnsAuto: 'lan.dnsAuto',
};

/** What is about more than the body: tried in proofs.test.ts and wire.test.ts, or about people. */
const ELSEWHERE = [
  ...['ok', 'imeiNote', 'password', 'clientproof', 'serversignatureWanted', 'given', 'serversignatureOk'],
  ...['rsapubkeysignatureOk', 'nonceStartsWithFirst', 'nextTokens', 'cookieReplaced'],
];

/** What is expected of `values`, each as what is there and what should be; null: not there. */
export function compared(
  values: WebValues,
  expect: Recorded['expect'],
): [name: string, actual: unknown, wanted: unknown][] {
  return Object.entries(expect).flatMap(([name, expected]): [string, unknown, unknown][] => {
    if (ELSEWHERE.includes(name)) return [];
    const look = LOOKS[name];
    if (look === undefined) throw new Error(`nobody knows where ${name} stands`);
    if (typeof look === 'string') return [[name, at(values, look), expected ?? undefined]];
    return [[name, ...look(values, expected)]];
  });
}

const at = (values: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], values);
