/** What the fields of each command and reply are, where their entry says that something private is in them. */

import { COMMANDS } from '../at/commands/table';
import type { Kind } from './fields';

/** `line`: of a reply or URC; `set`: of what the host sets. `never`: neither is recorded, nor how long it was. */
export interface Rule {
  line?: readonly Kind[];
  set?: readonly Kind[];
  never?: true;
}

const PEOPLE: Rule = { line: ['people'], set: ['people'] };
const REGISTRATION: Rule = { line: ['cell'], set: ['plain'] };
const NEVER: Rule = { never: true };

const RULES: Readonly<Record<string, Rule>> = {
  '+CPIN': { line: ['plain'], never: true },
  '^CPIN': { line: ['plain'], never: true },
  '+CPIN2': NEVER,
  '+CPWD': NEVER,
  '+CLCK': { line: ['plain'], never: true },
  '^SIMLOCK': NEVER,
  '^DATALOCK': NEVER,
  '^CARDLOCK': { line: ['plain'], never: true },
  '+CSIM': NEVER,
  '^AUTHDATA': NEVER,
  '^PHYNUM': NEVER,
  '+CRSM': { set: ['plain'] },
  '+CIMI': { line: ['imsi'] },
  '+CGSN': { line: ['imei'] },
  '+GSN': { line: ['imei'] },
  '^ICCID': { line: ['iccid'] },
  '+CCID': { line: ['iccid'] },
  '^SN': { line: ['serial'] },
  '^BOOT': { line: ['imeiTail', 'plain'] },
  '+CREG': REGISTRATION,
  '+CGREG': REGISTRATION,
  '+CEREG': REGISTRATION,
  // RAT, country and network stay, channels too; the cell and its area do not.
  '^MONSC': { line: ['plain', 'plain', 'plain', 'plain', 'cell', 'cell', 'cell', 'plain'] },
  // Behind the access point: user, password, kind of login.
  '^NDISDUP': { line: ['plain'], set: ['plain', 'plain', 'kept', 'code', 'code', 'plain'] },
  '^DHCP': { line: ['ipHex'], set: ['plain'] },
  '+COPS': { line: ['kept'], set: ['plain', 'plain', 'kept', 'plain'] },
  '^EONS': { line: ['kept'], set: ['plain'] },
  '^SYSCFGEX': { line: ['kept'], set: ['kept'] },
  '^SYSCFG': { line: ['kept'], set: ['kept'] },
  '^DSFLOWRPT': { line: ['kept'] },
  '^DSFLOWQRY': { line: ['kept'] },
  '^VERSION': { line: ['plain'] },
  '+CNUM': { line: ['text', 'number', 'plain'] },
  '+CPBR': { line: ['plain', 'number', 'plain', 'text'], set: ['plain'] },
  '+CPBF': { line: ['plain', 'number', 'plain', 'text'], set: ['text'] },
  '+CPBW': { line: ['plain'], set: ['plain', 'number', 'plain', 'text'] },
  '+CLIP': { line: ['number', 'plain', 'people', 'plain', 'text', 'plain'], set: ['plain'] },
  '+CCWA': { line: ['people'], set: ['plain'] },
  '+CSCA': { line: ['number', 'plain'], set: ['number', 'plain'] },
  '+CMSS': { line: ['plain'], set: ['plain', 'number', 'plain'] },
  '+CMGS': { line: ['plain'], set: ['people'] },
  '^ORIG': { line: ['plain'] },
};

/** Of everybody's standard, and nothing in them. */
const HARMLESS =
  '+GCAP +CLAC +CMEE +CSCS +CSMS +CSDH +CSMP +CSAS +CRES +CPBS +CGPADDR +CGDCONT +CGCONTRDP +CGREG +CRC +CR +IPR +ICF +IFC ' +
  '^CURC ^PORTSEL ^USSDMODE ^CPBS ^STSF ^CVOICE ^CSDFLT ^NDISADD ^APDS ^ANTSTATE';

/** Undefined for what nobody knows: none of its fields is recorded. */
export function ruleOf(name: string): Rule | undefined {
  const own = RULES[name];
  if (own) return own;
  const entry = COMMANDS.get(name);
  if (!entry) return HARMLESS.split(' ').includes(name) ? { line: ['plain'], set: ['plain'] } : undefined;
  if (!entry.secret) return { line: ['plain'], set: ['plain'] };
  return entry.secret.includes('people') ? PEOPLE : NEVER;
}
