/**
 * Network service and cell: `^SYSINFOEX`, the older `^SYSINFO`, the URCs `^MODE` and `^SRVST`, `^MONSC`. Codes that are not
 * in a table are left out; names are the stick's own where it sends any.
 */

import { CELL, type Cell } from '../../values/cell';
import { SYSTEM_INFO, type SystemInfo } from '../../values/service';
import { known } from '../../values/shape';
import { splitFields } from '../fields';
import { decimal, hexadecimal, option, whole } from '../read';
import { entry, unasked } from './entry';

type Codes = Readonly<Record<number, string>>;

/** The numbers of `SYSTEM_INFO.members.sim`. */
const SIM_CODES = [0, 1, 2, 3, 4, 240, 255];

const SYSTEM: Codes = { 1: 'GSM', 2: 'CDMA', 3: 'WCDMA', 4: 'TD-SCDMA', 5: 'WiMAX', 6: 'LTE' };

/** Of `^SYSINFOEX`; HiLink's CurrentNetworkTypeEx has the same numbers. */
export const SUBMODE: Codes = {
  1: 'GSM',
  2: 'GPRS',
  3: 'EDGE',
  41: 'WCDMA',
  42: 'HSDPA',
  43: 'HSUPA',
  44: 'HSPA',
  45: 'HSPA+',
  46: 'DC-HSPA+',
  61: 'TD-SCDMA',
  62: 'TD-HSDPA',
  63: 'TD-HSUPA',
  64: 'TD-HSPA',
  65: 'TD-HSPA+',
  101: 'LTE',
};

/** The older numbering, of `^SYSINFO` and `^MODE`. */
const OLD_SYSTEM: Codes = { 3: 'GSM', 5: 'WCDMA', 7: 'GSM/WCDMA', 15: 'TD-SCDMA', 17: 'LTE' };

/** HiLink's CurrentNetworkType goes on where these end. */
export const OLD_SUBMODE: Codes = {
  1: 'GSM',
  2: 'GPRS',
  3: 'EDGE',
  4: 'WCDMA',
  5: 'HSDPA',
  6: 'HSUPA',
  7: 'HSPA',
  8: 'TD-SCDMA',
  9: 'HSPA+',
};

const { service: SERVICE, domain: DOMAIN, sim: SIM, submodeCode: CODE } = SYSTEM_INFO.members;

const simOf = (text: string | undefined) => SIM.options[SIM_CODES.indexOf(whole(text) ?? -1)];

/** 2 = not known. */
const yes = (text: string | undefined): boolean | undefined => ({ '0': false, '1': true })[text ?? ''];

interface Mode {
  code?: number;
  name?: string;
}

/** Code and name of a mode; the stick's own name goes before the table's, 0 is none whatever it is called. */
function mode(codes: Codes, code: string | undefined, name?: string): Mode {
  const number = decimal(code, CODE);
  if (number === undefined) return {};
  const words = name === undefined || name === '' || name.length > 24 ? codes[number] : name;
  return { code: number, ...(words !== undefined && { name: words }) };
}

/** What both commands tell, each with modes of its own; undefined where service or SIM is missing. */
function systemInfo(
  fields: {
    [name in 'service' | 'domain' | 'roaming' | 'sim' | 'lock']: string | undefined;
  } & { system: Mode; submode: Mode },
): SystemInfo | undefined {
  const { service, domain, roaming, sim, lock, system, submode } = fields;
  if (whole(service) === undefined || sim === undefined) return undefined;
  return known({
    service: option(service, SERVICE.options),
    domain: option(domain, DOMAIN.options),
    roaming: yes(roaming),
    sim: simOf(sim),
    locked: yes(lock),
    system: system.name,
    systemCode: system.code,
    submode: submode.name,
    submodeCode: submode.code,
  });
}

/** `2,3,0,1,,6,"LTE",101,"LTE"` = service, domain, roaming, SIM, lock, system with name, submode with name. */
export function parseSysinfoex(value: string): SystemInfo | undefined {
  const [service, domain, roaming, sim, lock, systemCode, systemName, submodeCode, submodeName] = splitFields(value);
  const system = mode(SYSTEM, systemCode, systemName);
  const submode = mode(SUBMODE, submodeCode, submodeName);
  return systemInfo({ service, domain, roaming, sim, lock, system, submode });
}

/** `2,3,0,5,1[,lock[,submode]]` = service, domain, roaming, system, SIM. */
export function parseSysinfo(value: string): SystemInfo | undefined {
  const [service, domain, roaming, systemCode, sim, lock, submodeCode] = splitFields(value);
  const system = mode(OLD_SYSTEM, systemCode);
  const submode = mode(OLD_SUBMODE, submodeCode);
  return systemInfo({ service, domain, roaming, sim, lock, system, submode });
}

/** The URC `^MODE: 5,4`: system and submode. T48: on LTE some firmware shows WCDMA here; ask `^SYSINFOEX`. */
export function parseMode(
  value: string,
): Pick<SystemInfo, 'system' | 'systemCode' | 'submode' | 'submodeCode'> | undefined {
  const [systemCode, submodeCode] = splitFields(value);
  if (whole(systemCode) === undefined) return undefined;
  const system = mode(OLD_SYSTEM, systemCode);
  const submode = mode(OLD_SUBMODE, submodeCode);
  return known({
    system: system.name,
    systemCode: system.code,
    submode: submode.name,
    submodeCode: submode.code,
  });
}

/** The URC `^SRVST: 2`. */
export function parseSrvst(value: string): Pick<SystemInfo, 'service'> | undefined {
  const service = option(splitFields(value)[0], SERVICE.options);
  return service === undefined ? undefined : { service };
}

/** The URC `^SIMST: 255,1` = SIM, and whether the stick is locked; the second often missing. */
export function parseSimst(value: string): Pick<SystemInfo, 'sim' | 'locked'> | undefined {
  const [sim, lock] = splitFields(value);
  const state = simOf(sim);
  return state === undefined ? undefined : known({ sim: state, locked: yes(lock) });
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
    earfcn: decimal(earfcn, CELL.members.earfcn),
    cellId: hexadecimal(cellId, CELL.members.cellId),
    pci: hexadecimal(pci, CELL.members.pci),
    tac: hexadecimal(tac, CELL.members.tac),
    rsrp: decimal(rsrp, CELL.members.rsrp),
    rsrq: decimal(rsrq, CELL.members.rsrq),
    rssi: decimal(rssi, CELL.members.rssi),
  });
}

export const SYSINFOEX = entry({
  name: '^SYSINFOEX',
  about: 'Network service',
  forms: ['action'],
  named: { action: 'network' },
  value: SYSTEM_INFO,
  line: parseSysinfoex,
});

export const SYSINFO = entry({
  name: '^SYSINFO',
  about: 'Network service, as older firmware tells it',
  forms: ['action'],
  value: SYSTEM_INFO,
  line: parseSysinfo,
});

export const SIMST = entry({
  name: '^SIMST',
  about: 'State of the SIM has changed',
  urc: true,
  value: SYSTEM_INFO,
  line: parseSimst,
});

export const NETWORK_COMMANDS = [
  SYSINFOEX,
  SYSINFO,
  entry({
    name: '^MODE',
    about: 'Radio system has changed, in the older numbering; wrong on LTE with some firmware',
    urc: true,
    value: SYSTEM_INFO,
    line: parseMode,
  }),
  entry({ name: '^SRVST', about: 'Service has changed', urc: true, value: SYSTEM_INFO, line: parseSrvst }),
  SIMST,
  entry({ name: '^MONSC', about: 'The cell that serves the stick', forms: ['action'], value: CELL, line: parseMonsc }),
  entry({ name: '^NETSCAN', about: 'Networks that can be heard', forms: ['set'], limit: 130_000 }),
  entry({ name: '^EONS', about: "The operator's name", forms: ['set'], urc: 'setAnswers' }),
  ...unasked(
    'Cells, bands and access',
    '^ACTIVEBAND ^REJINFO ^PLMNSELEINFO ^PLMN ^LWURC ^XLEMA ^ACINFO ^ELEVATOR +PACSP',
  ),
] as const;
