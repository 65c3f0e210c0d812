/** Which network service the stick has. Names are the stick's own where it sends any (submode 41 came as "HSPA+"). */

import { choice, flag, group, number, sourced, type TypeOf, text } from './shape';

/** By Huawei's numbers. */
export const SERVICE = choice('Service', ['none', 'restricted', 'valid', 'restricted regional', 'power save']);
export const DOMAIN = choice('Domain', ['none', 'CS', 'PS', 'CS+PS', 'searching']);

export const SYSTEM_INFO = sourced(
  "Huawei's AT sources; recorded answers",
  group('Network service', {
    service: SERVICE,
    domain: DOMAIN,
    roaming: flag('Roaming'),
    sim: choice('SIM', ['invalid', 'valid', 'CS invalid', 'PS invalid', 'CS and PS invalid', 'ROM SIM', 'absent']),
    locked: flag('Locked', 'the stick is locked to an operator'),
    system: text('Radio system', '`GSM`, `WCDMA`, `LTE` ...; not there without service'),
    systemCode: number('Number of the system', [1, 999], undefined, 'in the numbering of the command'),
    submode: text('Submode', '`EDGE`, `HSPA+`, `LTE` ...; not there without service'),
    submodeCode: number('Number of the submode', [1, 999], undefined, 'in the numbering of the command'),
  }),
);
export type SystemInfo = TypeOf<typeof SYSTEM_INFO>;
