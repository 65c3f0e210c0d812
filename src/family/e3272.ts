/**
 * The E3272. Which image codes its loader takes, how its flash memory is divided and in what steps it is written come from
 * the machine code and the partition table of that loader; ids and ports from Huawei's own gadget code of the Balong family
 * ("FW"), the usb_modeswitch data pack ("pack"), usb.ids, the kernel's option driver, owners' notes and recorded dumps.
 */

import { USBLSAFE_327X } from './loader-327x';
import type { Flash, KnownRow, Profile } from './profile';
import { hilink, type Role, serialMode, storage } from './usb';

const GATEWAY: Role[] = ['modem', 'diag', 'pcui'];

const BLOCK = 0x20000;

/** `start` and `length` in blocks. */
const row = (name: string, start: number, length: number, type: number, ...flags: number[]): KnownRow => ({
  name,
  start: start * BLOCK,
  length: length * BLOCK,
  type,
  flags,
});

const flash: Flash = {
  product: 'H6920CS_STICK',
  loaders: [USBLSAFE_327X],
  nand: { block: BLOCK, size: 0x800 * BLOCK },
  // Of the five without blocks at 0x290 the flags are known only as one of two.
  table: [
    row('BootLoad', 0x0, 0x1, 0x101, 0),
    row('NvBackLTE', 0x1, 0xc, 0x10d, 0x800),
    row('NvBackGU', 0xd, 0x8, 0x10e, 0x800),
    row('BootRom', 0x15, 0x10, 0x102, 0),
    row('BootRom', 0x25, 0x10, 0x102, 0),
    row('VxWorks', 0x35, 0x100, 0x103, 0),
    row('Logo', 0x135, 0, 0x110, 0),
    row('/yaffs0', 0x135, 0x60, 0x106, 0x201),
    row('FastBoot', 0x195, 0x3, 0x104, 0),
    row('kernel', 0x198, 0x18, 0x105, 0),
    row('/yaffs1', 0x1b0, 0xe0, 0x107, 0x4401),
    row('/yaffs3', 0x290, 0, 0x109, 0x4001, 0x4401),
    row('/yaffs4', 0x290, 0, 0x111, 0x4001, 0x4401),
    row('/yaffs2', 0x290, 0, 0x108, 0x4001, 0x4401),
    row('/yaffs6', 0x290, 0, 0x113, 0x4001, 0x4401),
    row('/yaffs5', 0x290, 0, 0x112, 0x4001, 0x4401),
    row('cdromiso', 0x290, 0x570, 0x10c, 0x4000),
  ],
  fixed: [0x101, 0x10d, 0x10e, 0x106],
  spare: 0x10c,
  images: [
    // No partition of its own in the table: the table itself has 1 KiB, one block is plenty.
    { code: 0x100, name: 'Ptable_R1', max: BLOCK, holds: 'table' },
    { code: 0x101, name: 'Bootloader_R1', type: 0x101 },
    { code: 0x102, name: 'Bootrom_R1', type: 0x102, holds: 'boot' },
    { code: 0x103, name: 'VxWorks_R1', type: 0x103, holds: 'system' },
    { code: 0x550103, name: 'VxWorks_R1', type: 0x103, holds: 'system' },
    { code: 0x104, name: 'Fastboot_R1', type: 0x104 },
    { code: 0x105, name: 'Kernel_R1', type: 0x105 },
    { code: 0x107, name: 'System_R1', type: 0x107 },
    { code: 0x109, name: 'APP_R1', type: 0x109 },
    { code: 0x113, name: 'WEBUI_R1', type: 0x113, holds: 'pages' },
    { code: 0xa0000, name: 'Oeminfo', max: 500 },
    { code: 0x550000, name: 'Oeminfo', max: 200 },
    { code: 0xb0000, name: 'CDROMISO', type: 0x10c, reserve: 4 * 1024 * 1024, holds: 'iso' },
    // Held in RAM as a whole, then written to a file system; the largest one is /yaffs1.
    { code: 0x560000, name: 'WEBUI', type: 0x107, holds: 'pages' },
  ],
  nv: [
    { code: 0x66, name: 'Nvimage_R1' },
    { code: 0x106, name: 'NvFiles_R1' },
    { code: 0x10d, name: 'NvBackLTE_R1' },
    { code: 0x10e, name: 'NvBackGU_R1' },
  ],
  // The loader takes what lies below, the few above besides, and answers NAK 07 to everything else.
  foreign: 0x200,
  maxImages: 20,
  // What the C tools use; the loader's limit would allow 8192.
  frame: 4096,
  buffer: 2 * 1024 * 1024,
};

export const E3272 = {
  names: ['E3272'],
  sold: ['M100-4', '824F', '824FT'],
  chip: { name: 'Hi6920', generation: 'V7R1', product: 'H6920' },
  usb: [
    storage(0x1f01, 'CD-ROM of HiLink firmware', 'FW, usb.ids, owners', [0x14db, 0x14dc], 'hilink'),
    storage(0x15ca, 'CD-ROM of stick firmware', 'FW, usb.ids', [0x1506], 'stick'),
    storage(
      0x14fe,
      'CD-ROM, older plug-and-play id',
      'FW, usb.ids, E3272s-927',
      [0x1506, 0x150f, 0x151d, 0x1c1e],
      'stick',
    ),
    hilink(0x14db, 'HiLink router', 'FW, usb.ids'),
    hilink(0x14dc, 'HiLink router with card reader', 'FW, usb.ids'),
    serialMode(0x1506, 'stick firmware, ports as set by AT^SETPORT', 'FW, usb.ids, E3272 with 21.x firmware'),
    serialMode(0x150f, 'stick firmware of an operator', 'pack'),
    serialMode(0x151d, 'stick firmware of an operator', 'pack'),
    serialMode(0x1c1e, 'stick firmware of an operator', 'pack'),
    serialMode(0x1001, 'fall-back modem: three serial ports', 'FW', GATEWAY),
    serialMode(0x155e, 'gateway mode: three serial ports and NCM', 'FW, E3372h', GATEWAY),
    {
      ...serialMode(0x1566, 'debug mode of HiLink firmware', 'FW', [
        'pcui',
        'unknown',
        'unknown',
        'diag',
        'unknown',
        'diag',
      ]),
      behindNetwork: true,
    },
    {
      ...serialMode(0x1441, 'debug mode of older HiLink firmware', 'FW, option driver', ['pcui', 'unknown', 'unknown']),
      behindNetwork: true,
    },
    {
      ...serialMode(0x1442, 'project mode of HiLink firmware, or the loader after AT^GODLOAD', 'FW, E3272 in upgrade', [
        'pcui',
        'unknown',
      ]),
      behindNetwork: true,
      ambiguous: true,
    },
    {
      ...serialMode(0x1c05, 'factory mode, or the uploaded USB loader', 'FW, loader code', GATEWAY),
      ambiguous: true,
    },
    { productId: 0x1443, mode: 'boot', meaning: 'boot ROM (boot pin held)', source: 'owners, guides' },
    { productId: 0x36dd, mode: 'fastboot', meaning: 'fastboot of the loader', source: 'owners' },
  ],
  setport: { serial: 'FF;10,12', network: 'FF;10,12,16' },
  bootPin: {
    place: 'beside the microSD holder',
    drawing: [
      '      +-----+',
      '      | USB |',
      '   +--+-----+--+',
      '   |           |',
      '   |           |',
      '   |  +-----+  |',
      '   |  | SD  |  |',
      '   |  |     |o |  <- boot pin: hold it to ground (the metal of the',
      '   |  +-----+  |     SD holder) while you plug the stick in',
      '   +-----------+',
    ],
  },
  flash,
  proven: { switch: 'owners', at: 'recorded', hilink: 'owners', write: 'code' },
} satisfies Profile;
