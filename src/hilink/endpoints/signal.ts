/** Signal and cell: device/signal, the older net/signal-para. */

import { known, knownOrNothing } from '../../values/shape';
import { WEB_CELL, WEB_SIGNAL, type WebValues } from '../../values/web';
import type { Fields } from '../fields';
import { RATS } from './codes';
import { endpoint } from './endpoint';

const SIGNAL = WEB_SIGNAL.members;
const CELL = WEB_CELL.members;

/** Of what a stick measures nothing may be there although it is registered: then bars are all that is known. */
function readSignal(answer: Fields): WebValues {
  const system = RATS[answer.code('mode') ?? -1];
  const attached = answer.flag('psatt');
  return known({
    signal: knownOrNothing({
      system,
      rssi: answer.measured('rssi', SIGNAL.rssi),
      rsrp: answer.measured('rsrp', SIGNAL.rsrp),
      rsrq: answer.measured('rsrq', SIGNAL.rsrq),
      sinr: answer.measured('sinr', SIGNAL.sinr),
      rscp: answer.measured('rscp', SIGNAL.rscp),
      ecio: answer.measured('ecio', SIGNAL.ecio),
    }),
    cell: readCell(answer, system),
    network: knownOrNothing({ attached }),
  });
}

function readCell(answer: Fields, system: string | undefined): WebValues['cell'] {
  const channel = (way: string) => new RegExp(`\\b${way}\\s*:\\s*(\\d{1,6})\\b`).exec(answer.text('earfcn') ?? '')?.[1];
  const within = (text: string | undefined, [least, most]: readonly [number, number]) => {
    const value = Number(text ?? Number.NaN);
    return value >= least && value <= most ? value : undefined;
  };
  const neighbours = [...(answer.text('nei_cellid') ?? '').matchAll(/No\d{1,2}:(\d{1,3})/gi)];
  const cell = knownOrNothing({
    plmn: /^\d{5,6}$/.exec(answer.text('plmn') ?? '')?.[0],
    band: answer.whole('band', CELL.band) ?? answer.whole('lte_bandinfo', CELL.band),
    pci: answer.whole('pci', CELL.pci),
    cellId: answer.whole('cell_id', CELL.cellId),
    enodeb: answer.whole('enodeb_id', CELL.enodeb),
    tac: answer.whole('tac', CELL.tac),
    lac: answer.whole('lac', CELL.lac),
    rac: answer.whole('rac', CELL.rac),
    scrambling: answer.whole('sc', CELL.scrambling),
    earfcn: within(channel('DL'), CELL.earfcn.range),
    ulEarfcn: within(channel('UL'), CELL.ulEarfcn.range),
    dlMHz: megahertz(answer, 'dlfrequency', 'ltedlfreq'),
    ulMHz: megahertz(answer, 'ulfrequency', 'lteulfreq'),
    bandwidth: bandwidth(answer, 'dlbandwidth', 'lte_bandwidth'),
    ulBandwidth: bandwidth(answer, 'ulbandwidth'),
    txPower: within(/PPusch:\s*(-?\d{1,2})dBm/.exec(answer.text('txpower') ?? '')?.[1], CELL.txPower.range),
    neighbours: neighbours.length > 0 ? neighbours.map(([, pci]) => Number(pci)) : undefined,
  });
  return cell && known({ system, ...cell });
}

/** One in kHz with its unit, the other in 100 kHz without. */
function megahertz(answer: Fields, withUnit: string, inHundreds: string): number | undefined {
  const kilohertz = Number(/^([1-9]\d{3,8})\s*kHz$/i.exec(answer.text(withUnit) ?? '')?.[1] ?? Number.NaN);
  if (kilohertz > 0) return kilohertz / 1000;
  const hundreds = Number(/^[1-9]\d{1,6}$/.exec(answer.text(inHundreds) ?? '')?.[0] ?? Number.NaN);
  return hundreds > 0 ? hundreds / 10 : undefined;
}

/** `10MHz`, `20M`. */
function bandwidth(answer: Fields, ...names: string[]): number | undefined {
  for (const name of names) {
    const value = answer.measured(name, CELL.bandwidth);
    if (value) return value;
  }
  return undefined;
}

/** 3G on older firmware. */
const readOldSignal = (answer: Fields): WebValues =>
  known({
    signal: knownOrNothing({
      rscp: answer.measured('Rscp', SIGNAL.rscp),
      ecio: answer.measured('Ecio', SIGNAL.ecio),
      rssi: answer.measured('Rssi', SIGNAL.rssi),
    }),
    cell: knownOrNothing({
      lac: answer.whole('Lac', CELL.lac),
      cellId: answer.whole('CellID', CELL.cellId),
    }),
  });

export const SIGNAL_NOW = endpoint('device/signal', 'Signal and cell; older firmware has it not', readSignal);
export const SIGNAL_ENDPOINTS = [
  SIGNAL_NOW,
  endpoint('net/signal-para', 'Signal of 3G, as older firmware tells it', readOldSignal),
] as const;
