/** The cell that serves the stick: `^MONSC`. */

import { splitFields } from '../fields';
import { hexNumber, known, whole } from './read';

export interface Cell {
  /** `LTE`, `WCDMA`, `GSM`; for the last two only the network is read. */
  system: string;
  /** Country and network code. */
  mcc?: string;
  mnc?: string;
  /** Channel number. */
  earfcn?: number;
  cellId?: number;
  /** Physical cell identity. */
  pci?: number;
  /** Tracking area code. */
  tac?: number;
  /** dBm, dB, dBm. */
  rsrp?: number;
  rsrq?: number;
  rssi?: number;
}

const code = (text: string | undefined): string | undefined => (/^\d{2,3}$/.test(text ?? '') ? text : undefined);

/** `LTE,262,01,1300,1A2B3C4,12F,5C3A,-90,-10,-60`: cell, PCI and area in hex; what is not measured yet is empty. */
export function parseMonsc(value: string): Cell | undefined {
  const [name = '', mcc, mnc, earfcn, cellId, pci, tac, rsrp, rsrq, rssi] = splitFields(value);
  const system = name.toUpperCase();
  if (!/^(LTE|WCDMA|GSM|TD-?SCDMA)$/.test(system)) return undefined;
  const network = { system, mcc: code(mcc), mnc: code(mnc) };
  if (system !== 'LTE') return known(network);
  return known({
    ...network,
    earfcn: whole(earfcn, 0, 262_143),
    cellId: hexNumber(cellId, 0x10000000),
    pci: hexNumber(pci, 504),
    tac: hexNumber(tac, 0xffff),
    rsrp: whole(rsrp, -156, -20),
    rsrq: whole(rsrq, -43, 20),
    rssi: whole(rssi, -130, 0),
  });
}
