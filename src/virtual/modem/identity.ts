/** Commands by which a stick says what it is. Shapes: an E3272's recorded answers (ATI), else Huawei's AT sources. */

import type { Handler } from './handler';
import { OK } from './reply';
import type { ModemContext } from './state';

const DASHBOARD = 'UTPS00.000.00.00.00';

const manufacturer = (m: ModemContext): string =>
  m.quirks.has('long-manufacturer') ? 'Huawei Technologies Co.,Ltd.' : 'huawei';

const revision = (m: ModemContext): string => (m.quirks.has('long-manufacturer') ? `${m.version}(VIRTUAL)` : m.version);

/** Text of ATI. */
export const identification = (m: ModemContext): string[] => [
  `Manufacturer: ${m.quirks.has('no-manufacturer') ? '' : manufacturer(m)}`,
  `Model: ${m.product}`,
  `Revision: ${revision(m)}`,
  `IMEI: ${m.identity.imei}`,
  '+GCAP: +CGSM,+DS,+ES',
];

const version: Handler = (m) =>
  [
    'BDT:Jan 01 2024, 12:00:00',
    `EXTS:${m.version}`,
    'INTS:',
    `EXTD:${DASHBOARD}`,
    'INTD:',
    `EXTH:${m.hardware}`,
    'INTH:',
    `EXTU:${m.product}`,
    'INTU:',
    'CFG:1004',
    'PRL:',
    'OEM:',
    'INI:',
  ].map((line) => `^VERSION:${line}`);

const dloadinfo: Handler = (m) => [`swver:${m.version}`, `isover:${DASHBOARD}`, `product name:${m.product}`];

const phynum: Handler = (m) => [`^PHYNUM: IMEI,${m.identity.imei}`, '^PHYNUM: MACWLAN,000000000000', '^PHYNUM: SVN,01'];

/** A command with three names, and a test form that says it is there. */
const bare = (names: readonly string[], handler: Handler): [string, Handler][] =>
  names.flatMap((name): [string, Handler][] => [
    [name, handler],
    [`${name}=?`, () => OK],
  ]);

export const IDENTITY_COMMANDS: [string, Handler][] = [
  ...bare(['+CGMI', '+GMI'], (m) => [manufacturer(m)]),
  ...bare(['+CGMM', '+GMM'], (m) => [m.product]),
  ...bare(['+CGMR', '+GMR'], (m) => [revision(m)]),
  ...bare(['+CGSN', '+GSN'], (m) => [m.identity.imei]),
  ['+GCAP', () => ['+GCAP: +CGSM,+DS,+ES']],
  ['^FHVER', (m) => [`^FHVER:"${m.product} ${m.version},${m.hardware}"`]],
  ['^HWVER', (m) => [`^HWVER:"${m.hardware}"`]],
  ['^HVER', (m) => [`^HVER:"${m.hardware}"`]],
  ['^VERSION?', version],
  ['^SN', (m) => [`^SN:${m.identity.serial}`]],
  ['^SN?', (m) => [`^SN:${m.identity.serial}`]],
  ['^PHYNUM?', phynum],
  ['^DLOADVER?', () => ['2.0']],
  ['^DLOADINFO?', dloadinfo],
  ['^AUTHORITYVER?', () => ['^AUTHORITYVER:1000']],
];
