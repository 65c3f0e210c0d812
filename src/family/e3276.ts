/** The E3276, the same hardware as the E3272: one loader names both, and firmware of the one runs on the other. */

import { E3272 } from './e3272';
import type { Profile } from './profile';
import { serialMode, storage } from './usb';

export const E3276: Profile = {
  names: ['E3276'],
  chip: E3272.chip,
  usb: [
    ...E3272.usb,
    storage(0x156a, 'CD-ROM (E3276s-151, E3251)', 'pack', [0x156b, 0x156c]),
    storage(0x157c, 'CD-ROM (E3276-s150)', 'pack', [0x1506]),
    storage(0x1597, 'CD-ROM (E327x-150 variant)', 'pack', [0x1598]),
    serialMode(0x156b, 'stick firmware of an operator', 'pack'),
    serialMode(0x156c, 'stick firmware of an operator', 'pack'),
    serialMode(0x1598, 'stick firmware of an operator', 'pack'),
  ],
  setport: E3272.setport,
  flash: E3272.flash,
  proven: { switch: 'owners', at: 'recorded', hilink: 'owners', write: 'code' },
};
