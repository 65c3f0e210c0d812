/**
 * The E3372: two sticks with two chips, which most call by one name. Both are used, and neither is written: their files are
 * signed, and no write has been recorded. Dialect and ports from recorded sessions and from the notes of owners.
 */

import { E3272 } from './e3272';
import type { KnownChip, Profile } from './profile';
import { of, serialMode, shared, storage } from './usb';

const V7R2: KnownChip = { generation: 'V7R2', name: 'Hi6930', product: 'H6930' };
const V7R11: KnownChip = { generation: 'V7R11', name: 'Hi6921', product: 'H6921' };

const PROVEN = { switch: 'owners', at: 'recorded', hilink: 'recorded' } as const;
/** The recorded web sessions are of the h. */
const PROVEN_S = { ...PROVEN, hilink: 'owners' } as const;
const UNTRIED =
  'its files are signed, and no write to one has been recorded: a dry run looks at files, no more is done';

/** Both are found with these. */
const COMMON = [
  ...shared(E3272.usb, 0x1f01, 0x15ca, 0x14fe, 0x14db, 0x14dc, 0x1506, 0x1001, 0x155e, 0x1566, 0x1442, 0x1443),
  storage(0x157d, 'CD-ROM of HiLink firmware with MBIM (E3331, E3372)', 'FW, pack', [0x14db, 0x14dc], 'hilink'),
  storage(0x15cd, 'CD-ROM of stick firmware with MBIM (E3372)', 'FW, pack', [0x1506], 'stick'),
  serialMode(0x15b6, 'stick firmware, ports as set by AT^SETPORT', 'E3372s and E3372h after FF;12,10,16,A2'),
];

export const E3372S: Profile = {
  names: ['E3372s'],
  chip: V7R2,
  remark: UNTRIED,
  usb: [...COMMON, of('E3372s', storage(0x15cf, 'CD-ROM (E3372s-153)', 'pack', [0x1506], 'stick'))],
  // Its own list has no modem with code 1 in front, and no PCUI with code 2.
  setport: { serial: 'FF;12,10', network: 'FF;12,10,16' },
  proven: PROVEN_S,
};

export const E3372H: Profile = {
  names: ['E3372h'],
  chip: V7R11,
  remark: UNTRIED,
  usb: COMMON,
  setport: { serial: 'FF;12,1', network: 'FF;12,1,16' },
  dialect: { hangs: ['+CCID'], plainUssd: true },
  proven: PROVEN,
};

/** One that does not say which of the two it is: what may hang the one is not sent to the other. */
export const E3372: Profile = {
  names: ['E3372'],
  remark: `${UNTRIED}; E3372s (V7R2) and E3372h (V7R11) have different chips`,
  sold: ['827F', '829F', '829FT', 'M150-2', 'E3370', 'Speedstick V'],
  usb: COMMON,
  dialect: { hangs: ['+CCID'], plainUssd: true },
  proven: PROVEN,
};
