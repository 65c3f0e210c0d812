/** The radio situation around a stick: which network, how strong; and how the firmware's numbers for it come about. */

export const SYSTEMS = ['LTE', 'WCDMA', 'GSM', 'NOSERVICE'] as const;
export type System = (typeof SYSTEMS)[number];

/** In the order of the `stat` numbers of +CREG. */
export const REGISTRATIONS = ['idle', 'home', 'searching', 'denied', 'unknown', 'roaming'] as const;
export type Registration = (typeof REGISTRATIONS)[number];

/** Levels in dBm and dB; null = the stick does not know. */
export interface Radio {
  system: System;
  /** What the network says to the stick. */
  registration: Registration;
  operator: string;
  short: string;
  /** MCC and MNC, 5 or 6 digits. */
  plmn: string;
  rssi: number | null;
  /** LTE. */
  rsrp: number | null;
  rsrq: number | null;
  sinr: number | null;
  /** WCDMA. */
  rscp: number | null;
  ecio: number | null;
  /** LAC or TAC, and cell: hex digits. */
  area: string;
  cell: string;
  /** Number and name that ^SYSINFOEX gives the submode; null = what goes with the system. */
  submode: number | null;
  submodeName: string | null;
  /** Temperature of the power amplifiers, degrees Celsius. */
  temperature: number | null;
}

export const freshRadio = (): Radio => ({
  system: 'LTE',
  registration: 'home',
  operator: 'Virtual LTE',
  short: 'Virtual',
  plmn: '00101',
  rssi: -60,
  rsrp: -90,
  rsrq: -10,
  sinr: -7,
  rscp: -75,
  ecio: -6,
  area: '0001',
  cell: '0000C001',
  submode: null,
  submodeName: null,
  temperature: 39,
});

export interface SystemNumbers {
  /** AcT of +COPS and +CREG. */
  act: number;
  /** ^SYSINFOEX: system mode and submode with their names. */
  sysmode: number;
  name: string;
  submode: number;
  submodeName: string;
  /** ^MODE and ^SYSINFO count the old way. */
  oldMode: number;
  oldSubmode: number;
}

export const NUMBERS: Readonly<Record<System, SystemNumbers>> = {
  LTE: { act: 7, sysmode: 6, name: 'LTE', submode: 101, submodeName: 'LTE', oldMode: 17, oldSubmode: 17 },
  WCDMA: { act: 2, sysmode: 3, name: 'WCDMA', submode: 45, submodeName: 'HSPA+', oldMode: 5, oldSubmode: 9 },
  GSM: { act: 0, sysmode: 1, name: 'GSM', submode: 3, submodeName: 'EDGE', oldMode: 3, oldSubmode: 3 },
  NOSERVICE: {
    act: 0,
    sysmode: 0,
    name: 'NO SERVICE',
    submode: 0,
    submodeName: 'NO SERVICE',
    oldMode: 0,
    oldSubmode: 0,
  },
};

/** Index of a level: `least` is the upper end of index 0. 255 = not known. */
const index = (value: number | null, least: number, step: number, most: number): number =>
  value === null ? 255 : Math.min(most, Math.max(0, Math.floor((value - least) / step + 1e-6) + 1));

const rssiIndex = (r: Radio) => index(r.rssi, -120, 1, 96);
const rsrpIndex = (r: Radio) => index(r.rsrp, -140, 1, 97);
const rsrqIndex = (r: Radio) => index(r.rsrq, -19.5, 0.5, 34);

/** The fields of ^HCSQ behind the system's name. */
export function hcsqFields(r: Radio): number[] {
  switch (r.system) {
    case 'LTE':
      return [rssiIndex(r), rsrpIndex(r), index(r.sinr, -20, 0.2, 251), rsrqIndex(r)];
    case 'WCDMA':
      return [rssiIndex(r), index(r.rscp, -120, 1, 96), index(r.ecio, -32, 0.5, 65)];
    case 'GSM':
      return [rssiIndex(r), 255];
    case 'NOSERVICE':
      return [];
  }
}

/** 0 to 31, -113 dBm and 2 dB a step; 99 = not known. */
export const csqOf = (r: Radio): number =>
  r.rssi === null || r.system === 'NOSERVICE' ? 99 : Math.min(31, Math.max(0, Math.floor((r.rssi + 113) / 2)));

/** rxlev, ber, rscp, ecno, rsrq, rsrp (3GPP 27.007). */
export function cesqFields(r: Radio): number[] {
  switch (r.system) {
    case 'LTE':
      return [99, 99, 255, 255, rsrqIndex(r), rsrpIndex(r)];
    case 'WCDMA':
      return [99, 99, index(r.rscp, -120, 1, 96), index(r.ecio, -24, 0.5, 49), 255, 255];
    case 'GSM':
      return [r.rssi === null ? 99 : index(r.rssi, -110, 1, 63), 99, 255, 255, 255, 255];
    case 'NOSERVICE':
      return [99, 99, 255, 255, 255, 255];
  }
}
