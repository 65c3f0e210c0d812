/** Values as they were noted down with the recorded sessions, in the words of that file, against the driver's own. */

import assert from 'node:assert/strict';
import { parseParts } from '../../src/at/command';
import { replyValue, urcValue } from '../../src/at/commands/value';
import { linePrefix } from '../../src/at/urcs';

/** What the driver made of a line; the tests know its shape. */
// biome-ignore lint/suspicious/noExplicitAny: each entry below reads one shape, and a wrong one fails its comparison
type Value = any;

const ACT = ['GSM', 'GSM', 'WCDMA', 'EDGE', 'HSDPA', 'HSUPA', 'HSPA', 'LTE'];
const STATUS = ['idle', 'home', 'searching', 'denied', 'unknown', 'roaming'];
const SERVICE = ['none', 'restricted', 'valid', 'restricted regional', 'power save'];
const DOMAIN = ['none', 'CS', 'PS', 'CS+PS', 'searching'];
const CONNECTION = ['down', 'up', 'connecting', 'disconnecting'];
const SIM: Record<string, number> = { invalid: 0, valid: 1, absent: 255 };
const MODES = ['automatic', 'manual', 'deregistered'];
const FOUND = ['unknown', 'available', 'current', 'forbidden'];

const at = (list: readonly string[], name: string | undefined) => (name === undefined ? undefined : list.indexOf(name));
const act = (name: string | undefined) => (given: unknown) => assert.equal(ACT[Number(given)], name);
const number = (flag: boolean | undefined) => (flag === undefined ? undefined : Number(flag));
const mask = (offers: { bands: string[] }[]) => offers.length;
const LTE_ALL = '7fffffffffffffff';

const registration = (v: Value) => ({ n: v.n, stat: at(STATUS, v.status), lac: v.lac, ci: v.ci });
const rssi = (v: Value) => ({ rssi_dbm: v.rssi });
const flow = (v: Value) => ({
  time_s: v.seconds,
  tx_bps: v.txRate,
  rx_bps: v.rxRate,
  tx_bytes: v.txBytes,
  rx_bytes: v.rxBytes,
});

/** By name: what the driver's value is in the words of the file. A function judges what the file says itself. */
const RECORDED: Record<string, (value: Value) => Record<string, unknown>> = {
  I: (v) => v,
  '+CGSN': (v) => ({ imei: v }),
  '^SETPORT': (v) => (Array.isArray(v) ? { codes: Object.fromEntries(v.map(({ code, name }) => [code, name])) } : v),
  '+CREG': registration,
  '+CGREG': registration,
  '+CEREG': registration,
  '+COPS': (v) =>
    v.networks
      ? {
          networks: v.networks.map((n: Value) => ({
            stat: at(FOUND, n.status),
            long: n.name ?? '',
            short: n.short ?? '',
            plmn: n.plmn,
            act: at(ACT, n.act),
          })),
          modes: v.modes,
          formats: v.formats,
        }
      : { mode: at(MODES, v.mode), plmn: v.plmn, act: act(v.act) },
  '^SYSINFOEX': (v) => ({
    srv_status: at(SERVICE, v.service),
    srv_domain: at(DOMAIN, v.domain),
    roaming: number(v.roaming),
    sim_state: SIM[v.sim],
    lock: number(v.locked),
    sysmode: v.systemCode,
    sysmode_name: v.system,
    submode: v.submodeCode,
    submode_name: v.submode,
  }),
  '^HCSQ': (v) => ({ mode: v.system, rssi_dbm: v.rssi, rsrp_dbm: v.rsrp, sinr_db: v.sinr, rsrq_db: v.rsrq }),
  '+CSQ': rssi,
  '^RSSI': rssi,
  '^SRVST': (v) => ({ service: at(SERVICE, v.service) }),
  '^MODE': (v) => ({ sysmode: v.systemCode ?? 0, submode: v.submodeCode ?? 0 }),
  '^SIMST': (v) => ({ state: SIM[v.sim], lock: number(v.locked) }),
  '^SYSCFG': (v) => ({
    roam: v.roam,
    srvdomain: at(['CS', 'PS', 'CS+PS'], v.domain),
    mode: { WCDMA: 14 }[v.mode as 'WCDMA'],
  }),
  '^SYSCFGEX': (v) => ({
    orders: (given: string[]) => assert.equal(v.orders.length, given.length),
    bands_hex: (given: string[]) => {
      assert.equal(mask(v.bands), given.length);
      assert.equal(v.bands[given.indexOf('3fffffff')].bands[0], 'any');
    },
    lte_bands_hex: (given: string[]) => {
      assert.equal(mask(v.lteBands), given.length);
      if (given.includes(LTE_ALL)) assert.equal(v.lteBands[given.indexOf(LTE_ALL)].bands[0], 'any');
    },
    roam_range: [v.roam[0], v.roam.at(-1)],
    srv_range: [v.domain[0], v.domain.at(-1)],
  }),
  '^DHCP': (v) => ({
    ip: v.ip,
    mask: v.mask,
    gateway: v.gateway,
    dns1: v.dns1 ?? '0.0.0.0',
    dns2: v.dns2 ?? '0.0.0.0',
  }),
  '^NDISSTATQRY': (v) => ({ ipv4: { stat: at(CONNECTION, v.ipv4?.state) } }),
  '^NDISSTAT': (v) => ({ stat: at(CONNECTION, v.ipv4?.state), family: 'IPV4' }),
  '+CMTI': (v) => ({ store: v.store, index: v.index ?? -1 }),
  '^ICCID': (v) => ({ iccid: v }),
  '+CPIN': (v) => ({ sim: v.state }),
  '^CPIN': (v) => ({
    state: v.state,
    tries: v.tries,
    puk1: v.pukTries,
    pin1: v.pinTries,
    puk2: v.puk2Tries,
    pin2: v.pin2Tries,
  }),
  '^CARDLOCK': (v) => ({
    status: ['', 'open', 'free', 'blocked'].indexOf(v.lock),
    tries: v.tries,
    operator: v.operator ?? 0,
  }),
  // The file also has the places without a number.
  '+CNUM': (v) => ({
    numbers: (given: { alpha: string; number: string; toa: number }[]) =>
      assert.deepEqual(
        v.map(({ name = '', number, type }: Value) => [name, number, type]),
        given.flatMap(({ alpha, number, toa }) => (number === '' ? [] : [[alpha, number, toa]])),
      ),
  }),
  '^CARDMODE': (v) => ({ mode: { SIM: 1, USIM: 2 }[v.card as 'SIM'] }),
  '^CHIPTEMP': (v) => ({
    gsm_pa_c: v.gsmPa,
    wcdma_pa_c: v.wcdmaPa,
    lte_pa_c: v.ltePa,
    sim_c: v.sim,
    battery_c: v.battery,
  }),
  '^GETPORTMODE': (v) => ({
    vendor: v.vendor,
    order: v.ports.map(({ name }: Value) => name),
    ports: [],
  }),
  '^DSFLOWRPT': flow,
  '+CFUN': (v) => ({ fun: v.fun }),
};

/** Their values are read elsewhere: SMS, USSD, phone book, and what is no value of the stick. */
const ELSEWHERE =
  /^(\+CPMS|\+CMG.|\+CUSD|\+CPBR|\+CSSU|\+VTS|\+CRSM|\^CVOICE|\^USSDMODE|\^SIGNVER|\^DATAMODE|\^RESET|\^STGI)$/;

/** What the file tells besides values of the line. */
const REMARKS = new Set(['meaning', 'setport', 'format', 'band', 'band_hex', 'acqorder', 'qos_tx_bps', 'qos_rx_bps']);

function compare(name: string, value: unknown, expected: Record<string, unknown>, id: string): void {
  const said = RECORDED[name]?.(value);
  assert.ok(said, `${id}: nothing compares ${name}`);
  for (const [key, wanted] of Object.entries(expected)) {
    if (REMARKS.has(key)) continue;
    const got: unknown = said[key];
    if (typeof got === 'function') got(wanted);
    // `null` in the file: the stick does not know.
    else assert.deepEqual(got ?? null, wanted, `${id}: ${key} of ${name}`);
  }
}

/** The value of a reply against the recorded one. */
export function checkReply(command: string, lines: string[], expected: Record<string, unknown>, id: string): void {
  const name = parseParts(command)[0]?.name ?? '';
  if (!ELSEWHERE.test(name)) compare(name, replyValue(command, lines), expected, id);
}

/** The value of a URC against the recorded one. */
export function checkUrc(line: string, expected: Record<string, unknown>, id: string): void {
  const name = linePrefix(line);
  if (!ELSEWHERE.test(name)) compare(name, urcValue(line), expected, id);
}
