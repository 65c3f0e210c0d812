/** 3G sticks with a V3R3 chip: switched and spoken AT with as the rest of the family, never given a loader or a firmware. */

import { E3272 } from './e3272';
import type { KnownChip, Profile } from './profile';
import { of, shared, storage } from './usb';

const V3R3: KnownChip = { generation: 'V3R3', product: 'V3R3_MBB' };
const NO_LOADER = 'loaders and firmware for V7 chips are not for it';
const COMMON = shared(E3272.usb, 0x1f01, 0x15ca, 0x14db, 0x14dc, 0x1506, 0x1001, 0x1442, 0x1441, 0x1c05);

export const E3131: Profile = {
  names: ['E3131'],
  chip: V3R3,
  remark: NO_LOADER,
  usb: [...COMMON, of('E3131', storage(0x15d0, 'CD-ROM (E3131 variant)', 'pack', [0x15d1]))],
  proven: { switch: 'owners', at: 'recorded', hilink: 'owners' },
};

export const E3531: Profile = {
  names: ['E3531'],
  chip: V3R3,
  remark: NO_LOADER,
  usb: [
    ...COMMON,
    of('E3531', storage(0x15e7, 'CD-ROM (E3531)', 'pack', [0x1506])),
    of('E3531', storage(0x15ce, 'CD-ROM (E3531s-2)', 'pack', [0x15b1, 0x15b3])),
    of('E3531', storage(0x15d2, 'CD-ROM (E3531 variant)', 'pack', [0x15d3])),
  ],
  proven: { switch: 'owners', at: 'recorded', hilink: 'owners' },
};

export const E8231: Profile = {
  names: ['E8231'],
  chip: V3R3,
  remark: NO_LOADER,
  usb: shared(E3272.usb, 0x1f01, 0x14db, 0x14dc),
  proven: { hilink: 'one owner' },
};
