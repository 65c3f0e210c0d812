/** net/*: which network, and which ones may be. */

import { registered } from '../modem/network-service';
import { NUMBERS } from '../modem/radio';
import { ANY_LTE } from '../modem/selection';
import { BAND_NAMES, BANDS, hex, LTE_BANDS, LTE_NAMES, ORDERS, setSyscfgex } from '../modem/syscfgex';
import { type Call, CODES, DONE, type Endpoints, numberIn, type Result, refused, textIn, told } from './endpoint';

/** By hand, as +COPS has it. */
const MANUAL = 1;

const state = ({ web: { m } }: Call): number => (m.settings.cops.mode === MANUAL ? 1 : 0);

function plmn(call: Call): Result {
  const { m } = call.web;
  const on = registered(m);
  return told(
    ['State', state(call)],
    ['FullName', on ? m.radio.operator : ''],
    ['ShortName', on ? m.radio.short : ''],
    ['Numeric', on ? m.radio.plmn : ''],
    ['Rat', on ? NUMBERS[m.radio.system].act : ''],
  );
}

function netMode({ web: { m } }: Call): Result {
  const { order, band, lteBand } = m.nv.syscfgex;
  return told(['NetworkMode', order], ['NetworkBand', hex(band)], ['LTEBand', hex(lteBand)]);
}

/** What is not in the list is no mode; roaming and domain stay. */
function setNetMode({ web: { m }, body }: Call): Result {
  const [order, band, lteBand] = ['NetworkMode', 'NetworkBand', 'LTEBand'].map((name) => textIn(body, name));
  const reply = setSyscfgex(m, `"${order}",${band},2,4,${lteBand},,`);
  if (!('after' in reply) || !reply.after) return refused(CODES.parameter);
  return { ...DONE, after: reply.after };
}

const modeList = (): Result =>
  told(
    ['AccessList', ORDERS.map((order) => ['Access', order] as const)],
    [
      'BandList',
      [
        [
          'Band',
          [
            ['Name', BAND_NAMES],
            ['Value', hex(BANDS)],
          ],
        ],
      ],
    ],
    [
      'LTEBandList',
      [
        [
          'LTEBand',
          [
            ['Name', LTE_NAMES],
            ['Value', hex(LTE_BANDS)],
          ],
        ],
        [
          'LTEBand',
          [
            ['Name', 'All bands'],
            ['Value', hex(ANY_LTE).toLowerCase()],
          ],
        ],
      ],
    ],
  );

/** Systems of 2012: by itself, 2G, 3G, 2G first, 3G first, 4G only. */
const OLD_ORDERS = ['00', '01', '02', '0102', '0201', '03'];

const oldNetwork = ({ web: { m } }: Call): Result =>
  told(['NetworkMode', Math.max(0, OLD_ORDERS.indexOf(m.nv.syscfgex.order))], ['NetworkBand', hex(m.nv.syscfgex.band)]);

function setOldNetwork({ web: { m }, body }: Call): Result {
  const order = OLD_ORDERS[numberIn(body, 'NetworkMode', 0, 5) ?? -1];
  const reply = setSyscfgex(m, `"${order}",${textIn(body, 'NetworkBand')},2,4,,,`);
  if (order === undefined || !('after' in reply) || !reply.after) return refused(CODES.parameter);
  return { ...DONE, after: reply.after };
}

const registerState = (call: Call): Result =>
  told(['Mode', state(call)], ['Plmn', state(call) === 1 ? call.web.m.radio.plmn : ''], ['Rat', '']);

function register({ web: { m }, body }: Call): Result {
  const mode = numberIn(body, 'Mode', 0, 1);
  const wanted = textIn(body, 'Plmn');
  if (mode === undefined || (mode === 1 && wanted !== m.radio.plmn)) return refused(CODES.parameter);
  return {
    ...DONE,
    after: () =>
      m.change(() => {
        m.settings.cops.mode = mode;
      }),
  };
}

function scan({ web: { m } }: Call): Result {
  if (m.sim.state !== 'ready') return refused(CODES.noSim);
  const { operator, short, plmn: numeric, system } = m.radio;
  const own = system === 'NOSERVICE' ? [] : [[registered(m) ? 2 : 1, operator, short, numeric, NUMBERS[system].act]];
  const found = [...own, [3, 'Other Network', 'Other', '00102', 2]];
  const names = ['State', 'FullName', 'ShortName', 'Numeric', 'Rat'];
  const networks = found.map((values, index) => {
    const fields = values.map((value, n) => [names[n] ?? '', value] as const);
    return ['Network', [['Index', index], ...fields]] as const;
  });
  return { ...told(['Networks', networks]), ms: m.times.scan };
}

const OLD = ({ old }: { old: boolean }) => old;
const MODERN = ({ old }: { old: boolean }) => !old;
const GUARDED = ['POST'] as const;

export const NETWORK_ENDPOINTS: Endpoints = {
  'net/current-plmn': { get: plmn },
  'net/net-mode': {
    get: netMode,
    post: { shapes: [['NetworkMode', 'NetworkBand', 'LTEBand']], act: setNetMode },
    guards: GUARDED,
    on: MODERN,
  },
  'net/net-mode-list': { get: modeList, on: MODERN },
  'net/network': {
    get: oldNetwork,
    post: { shapes: [['NetworkMode', 'NetworkBand']], act: setOldNetwork },
    guards: GUARDED,
    on: OLD,
  },
  'net/register': {
    get: registerState,
    post: { shapes: [['Mode', 'Plmn', 'Rat']], act: register },
    guards: GUARDED,
  },
  'net/plmn-list': { get: scan },
};
