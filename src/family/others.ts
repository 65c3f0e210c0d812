/** What is known of sticks that have no profile: they can be told by their mode, and switched; their firmware is told apart. */

import type { Kin } from './profile';
import { type ModeEntry, of, serialMode, storage } from './usb';

export const OTHER_IDS: readonly ModeEntry[] = [
  storage(0x1446, 'CD-ROM, default of older models', 'FW, pack', [0x1506, 0x1001, 0x1436, 0x140c, 0x14ac]),
  storage(0x1505, 'CD-ROM (EC156, E372u-8)', 'pack', [0x140b, 0x140c, 0x1506, 0x150f, 0x150a]),
  storage(0x151a, 'CD-ROM (E392u-12, E3131 variant)', 'pack', [0x151b, 0x151d, 0x151e]),
  storage(0x1f03, 'CD-ROM (KDDI HWD12)', 'pack', [0x14db]),
  storage(0x1f1c, 'CD-ROM (Vodafone K4203)', 'pack', [0x157a, 0x1590]),
  storage(0x1f1d, 'CD-ROM (Vodafone)', 'pack', [0x157b, 0x1591]),
  of('E171', storage(0x155b, 'CD-ROM (E171)', 'pack', [0x1506])),
  of('E173', storage(0x1c0b, 'CD-ROM (E173s)', 'pack', [0x1c05, 0x1c06, 0x1c07, 0x1c08, 0x1c10])),
  of('E587', storage(0x1c1b, 'CD-ROM (GP02, E587)', 'pack', [0x1506])),
  of('E5377', storage(0x1f02, 'CD-ROM (E5377)', 'pack', [0x14dc], 'hilink')),
  of('K5150', storage(0x1f16, 'CD-ROM (Vodafone K5150)', 'pack', [0x14f8, 0x1575])),
  of('K5150', storage(0x15ec, 'CD-ROM (Vodafone K5150)', 'pack', [0x1c26])),
  of('K5160', storage(0x1f1e, 'CD-ROM (Vodafone K5160)', 'pack', [0x157f, 0x1592])),
  of('K5160', storage(0x15ee, 'CD-ROM (Vodafone K5160)', 'pack', [0x1c28])),
  of('R215', storage(0x1582, 'CD-ROM (Vodafone R215)', 'pack', [0x1588])),
  storage(0x1c20, 'CD-ROM only, charging', 'FW, usb.ids', []),
  of('MS2372', serialMode(0x1596, 'stick firmware (MS2372h)', 'recorded dump')),
];

/** Image codes of other chips (V7R2, V7R11), with their names in the tools that take a firmware apart. */
export const OTHER_CODES: readonly [code: number, name: string][] = [
  [0x20000, 'M3Boot'],
  [0x10000, 'Ptable'],
  [0x110000, 'Fastboot'],
  [0x130000, 'Logo'],
  [0x30000, 'Kernel'],
  [0x40000, 'VxWorks'],
  [0x50000, 'M3Image'],
  [0x60000, 'DSP'],
  [0x70000, 'Nvdload'],
  [0x80000, 'Nvimg'],
  [0x510000, 'Oeminfo'],
  [0x1a0000, 'Oeminfo'],
  [0x170000, 'Wimaxcfg'],
  [0x180000, 'Wimaxcrf'],
  [0x190000, 'Userdata'],
  [0x1b0000, 'Online'],
  [0x5d0000, 'Online'],
  [0x5e0000, 'Online'],
  [0x100000, 'System'],
  [0x590000, 'System'],
  [0x570000, 'APP'],
  [0x5a0000, 'APP'],
  [0x5b0000, 'WEBUI'],
  [0x450000, 'APP_EXT_A'],
  [0x460000, 'APP_EXT_B'],
  [0x480000, 'Ptable_ext_A'],
  [0x490000, 'Ptable_ext_B'],
  [0x200000, 'M3Boot_R11'],
  [0x90000, 'Kernel_R11'],
  [0x270000, 'DTS_R11'],
  [0x220000, 'VxWorks_R11'],
  [0x230000, 'M3Image_R11'],
  [0x240000, 'DSP_R11'],
  [0x250000, 'Nvdload_R11'],
  [0x280000, 'HIFI_R11'],
  [0x290000, 'Teeos'],
  [0x1e0000, 'Modem_fw'],
];

const LOCKED = 'its boot is locked: no loader is taken, or the device is dead afterwards';
const HARD_TO_TELL = 'has a chip of which nobody has told';

/** Models that are known by name only: what they are, for whoever plugs one in and for whoever has a file of theirs. */
export const RELATIVES: readonly Kin[] = [
  { names: ['E5372'], chip: { generation: 'V7R1', name: 'Hi6920' }, remark: 'no loader for it is known' },
  { names: ['E8278'], chip: { generation: 'V7R1', name: 'Hi6920' }, remark: 'its flash memory is divided otherwise' },
  { names: ['E5776'], remark: 'has no loader that is known' },
  ...['E5373', 'E5377', 'E5786'].map((name): Kin => ({ names: [name], chip: { generation: 'V7R2', name: 'Hi6930' } })),
  ...['E8372', 'E5577', 'E5770', 'B310', 'B315'].map(
    (name): Kin => ({ names: [name], chip: { generation: 'V7R11', name: 'Hi6921' } }),
  ),
  {
    names: ['E8372h-517', 'E8372h-608'],
    chip: { generation: 'V7R11', name: 'Hi6921' },
    remark: `from firmware 21.316 on ${LOCKED}`,
  },
  { names: ['E5573'], chip: { generation: 'V7R11', name: 'Hi6921' }, remark: `from firmware 21.329 on ${LOCKED}` },
  ...['E5785', 'E5885', 'B525'].map((name): Kin => ({ names: [name], chip: { generation: 'V7R22, V7R5 or V7R65' } })),
  ...['E171', 'E173', 'E587', 'E3251', 'E3331', 'K5150', 'K5160', 'MS2372', 'R215'].map(
    (name): Kin => ({ names: [name], remark: HARD_TO_TELL }),
  ),
];
