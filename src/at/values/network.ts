/**
 * Which network service the stick has: `^SYSINFOEX`, the older `^SYSINFO`, and the URCs `^MODE` and `^SRVST`. Codes that
 * are not in a table are left out; names are the stick's own where it sends any (submode 41 came as "HSPA+").
 */

import { splitFields } from '../fields';
import { known, whole } from './read';

export interface SystemInfo {
  service?: 'none' | 'restricted' | 'valid' | 'restricted regional' | 'power save';
  domain?: 'none' | 'CS' | 'PS' | 'CS+PS' | 'searching';
  roaming?: boolean;
  sim?: 'invalid' | 'valid' | 'CS invalid' | 'PS invalid' | 'CS and PS invalid' | 'ROM SIM' | 'absent';
  /** The stick is locked to an operator. */
  locked?: boolean;
  /** `GSM`, `WCDMA`, `LTE` ...; absent without service. */
  system?: string;
  /** Its number, in the numbering of the command. */
  systemCode?: number;
  /** `EDGE`, `HSPA+`, `LTE` ...; absent without service. */
  submode?: string;
  submodeCode?: number;
}

type Codes<T> = Readonly<Record<number, T>>;

const SERVICE: Codes<NonNullable<SystemInfo['service']>> = {
  0: 'none',
  1: 'restricted',
  2: 'valid',
  3: 'restricted regional',
  4: 'power save',
};

const DOMAIN: Codes<NonNullable<SystemInfo['domain']>> = { 0: 'none', 1: 'CS', 2: 'PS', 3: 'CS+PS', 4: 'searching' };

const SIM: Codes<NonNullable<SystemInfo['sim']>> = {
  0: 'invalid',
  1: 'valid',
  2: 'CS invalid',
  3: 'PS invalid',
  4: 'CS and PS invalid',
  240: 'ROM SIM',
  255: 'absent',
};

const SYSTEM: Codes<string> = { 1: 'GSM', 2: 'CDMA', 3: 'WCDMA', 4: 'TD-SCDMA', 5: 'WiMAX', 6: 'LTE' };

const SUBMODE: Codes<string> = {
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
const OLD_SYSTEM: Codes<string> = { 3: 'GSM', 5: 'WCDMA', 7: 'GSM/WCDMA', 15: 'TD-SCDMA', 17: 'LTE' };

const OLD_SUBMODE: Codes<string> = {
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

function of<T>(codes: Codes<T>, text: string | undefined): T | undefined {
  const code = whole(text);
  return code === undefined ? undefined : codes[code];
}

/** 2 = not known. */
const yes = (text: string | undefined): boolean | undefined => ({ '0': false, '1': true })[text ?? ''];

/** Code and name of a mode; the stick's own name goes before the table's, 0 is none whatever it is called. */
function mode(codes: Codes<string>, code: string | undefined, name?: string): { code?: number; name?: string } {
  const number = whole(code, 1, 999);
  if (number === undefined) return {};
  const words = name === undefined || name === '' || name.length > 24 ? codes[number] : name;
  return { code: number, ...(words !== undefined && { name: words }) };
}

/** `2,3,0,1,,6,"LTE",101,"LTE"` = service, domain, roaming, SIM, lock, system with name, submode with name. */
export function parseSysinfoex(value: string): SystemInfo | undefined {
  const [service, domain, roaming, sim, lock, systemCode, systemName, submodeCode, submodeName] = splitFields(value);
  if (whole(service) === undefined || sim === undefined) return undefined;
  const system = mode(SYSTEM, systemCode, systemName);
  const submode = mode(SUBMODE, submodeCode, submodeName);
  return known({
    service: of(SERVICE, service),
    domain: of(DOMAIN, domain),
    roaming: yes(roaming),
    sim: of(SIM, sim),
    locked: yes(lock),
    system: system.name,
    systemCode: system.code,
    submode: submode.name,
    submodeCode: submode.code,
  });
}

/** `2,3,0,5,1[,lock[,submode]]` = service, domain, roaming, system, SIM. */
export function parseSysinfo(value: string): SystemInfo | undefined {
  const [service, domain, roaming, systemCode, sim, lock, submodeCode] = splitFields(value);
  if (whole(service) === undefined || sim === undefined) return undefined;
  const system = mode(OLD_SYSTEM, systemCode);
  const submode = mode(OLD_SUBMODE, submodeCode);
  return known({
    service: of(SERVICE, service),
    domain: of(DOMAIN, domain),
    roaming: yes(roaming),
    sim: of(SIM, sim),
    locked: yes(lock),
    system: system.name,
    systemCode: system.code,
    submode: submode.name,
    submodeCode: submode.code,
  });
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
  const service = of(SERVICE, splitFields(value)[0]);
  return service === undefined ? undefined : { service };
}

/** The URC `^SIMST: 255,1` = SIM, and whether the stick is locked; the second often missing. */
export function parseSimst(value: string): Pick<SystemInfo, 'sim' | 'locked'> | undefined {
  const [sim, lock] = splitFields(value);
  const state = of(SIM, sim);
  return state === undefined ? undefined : known({ sim: state, locked: yes(lock) });
}
