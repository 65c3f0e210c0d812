import assert from 'node:assert/strict';
import { FLASH } from '../../src/family/family';
import {
  hasFixedRoom,
  imageTitle,
  isForeignCode,
  isNamedCode,
  isNvCode,
  isRoomUnknown,
  isVxWorksCode,
  isWebuiCode,
  isWritableCode,
  partitionName,
  roomFor,
} from '../../src/firmware/partitions';

const { table: KNOWN_TABLE, nand } = FLASH;
const { block: NAND_BLOCK, size: NAND_SIZE } = nand;

/** Name, and the codes that have it. */
const NAMES: Readonly<Record<string, readonly number[]>> = {
  Ptable_R1: [0x100],
  Bootloader_R1: [0x101],
  Bootrom_R1: [0x102],
  VxWorks_R1: [0x103, 0x550103],
  Fastboot_R1: [0x104],
  Kernel_R1: [0x105],
  System_R1: [0x107],
  APP_R1: [0x109],
  WEBUI_R1: [0x113],
  Nvimage_R1: [0x66],
  NvFiles_R1: [0x106],
  NvBackLTE_R1: [0x10d],
  NvBackGU_R1: [0x10e],
  M3Boot: [0x20000],
  Ptable: [0x10000],
  Fastboot: [0x110000],
  Logo: [0x130000],
  Kernel: [0x30000],
  VxWorks: [0x40000],
  M3Image: [0x50000],
  DSP: [0x60000],
  Nvdload: [0x70000],
  Nvimg: [0x80000],
  Oeminfo: [0xa0000, 0x550000, 0x510000, 0x1a0000],
  CDROMISO: [0xb0000],
  Wimaxcfg: [0x170000],
  Wimaxcrf: [0x180000],
  Userdata: [0x190000],
  Online: [0x1b0000, 0x5d0000, 0x5e0000],
  System: [0x100000, 0x590000],
  APP: [0x570000, 0x5a0000],
  WEBUI: [0x560000, 0x5b0000],
  APP_EXT_A: [0x450000],
  APP_EXT_B: [0x460000],
  Ptable_ext_A: [0x480000],
  Ptable_ext_B: [0x490000],
  M3Boot_R11: [0x200000],
  Kernel_R11: [0x90000],
  DTS_R11: [0x270000],
  VxWorks_R11: [0x220000],
  M3Image_R11: [0x230000],
  DSP_R11: [0x240000],
  Nvdload_R11: [0x250000],
  HIFI_R11: [0x280000],
  Teeos: [0x290000],
  Modem_fw: [0x1e0000],
};

/** What an E3272 takes, with its room in bytes by the known table. */
const ROOM = new Map<number, number>([
  [0x100, NAND_BLOCK],
  [0x101, NAND_BLOCK],
  [0x102, 0x10 * NAND_BLOCK],
  [0x103, 0x100 * NAND_BLOCK],
  [0x550103, 0x100 * NAND_BLOCK],
  [0x104, 3 * NAND_BLOCK],
  [0x105, 0x18 * NAND_BLOCK],
  [0x107, 0xe0 * NAND_BLOCK],
  [0x109, 0x570 * NAND_BLOCK],
  [0x113, 0x570 * NAND_BLOCK],
  [0xa0000, 500],
  [0x550000, 200],
  [0xb0000, 0x570 * NAND_BLOCK - 4 * 1024 * 1024],
  [0x560000, 0xe0 * NAND_BLOCK],
]);

const FIXED = [0x100, 0xa0000, 0x550000];

/** All codes with a name, all below 0x200, their neighbours, and the largest. */
const CODES = [
  ...new Set([...Array(0x210).keys(), ...Object.values(NAMES).flat(), 0xffffffff].flatMap((c) => [c - 1, c, c + 1])),
].filter((code) => code >= 0 && code <= 0xffffffff);

const those = (is: (code: number) => boolean): number[] => CODES.filter(is).sort((a, b) => a - b);
const sorted = (...codes: number[]): number[] => codes.sort((a, b) => a - b);

describe('firmware/partitions', () => {
  it('has names for the codes of all chips; others are U and eight digits', () => {
    const names = new Map(Object.entries(NAMES).flatMap(([name, codes]) => codes.map((code) => [code, name] as const)));
    for (const code of CODES) {
      const none = `U${code.toString(16).toUpperCase().padStart(8, '0')}`;
      assert.equal(partitionName(code), names.get(code) ?? none, code.toString(16));
      assert.equal(isNamedCode(code), names.has(code), code.toString(16));
    }
    assert.equal(partitionName(0xab), 'U000000AB');
    assert.equal(imageTitle({ index: 1, partition: 'Logo' }, 'fw.bin'), 'image 2 (Logo) of fw.bin');
    assert.equal(FLASH.maxImages, 20);
  });

  it('tells whose codes they are', () => {
    assert.deepEqual(those(isNvCode), sorted(0x66, 0x106, 0x10d, 0x10e));
    assert.deepEqual(those(isWebuiCode), sorted(0x113, 0x560000));
    assert.deepEqual(those(isVxWorksCode), sorted(0x103, 0x550103));
    assert.deepEqual(those(isWritableCode), sorted(...ROOM.keys()));
    assert.deepEqual(those(hasFixedRoom), sorted(...FIXED));
    assert.deepEqual(
      those(isForeignCode),
      those((code) => code >= 0x200 && !ROOM.has(code)),
    );
  });

  it('has room for an image by the known table', () => {
    for (const code of CODES) {
      assert.equal(roomFor(code), ROOM.get(code), code.toString(16));
      assert.equal(isRoomUnknown(code), [0x109, 0x113].includes(code), code.toString(16));
    }
  });

  it('has room for an image by other tables: the smallest partition of its type in any of them', () => {
    const rows = (...lengths: [type: number, blocks: number][]) =>
      lengths.map(([type, blocks]) => ({ name: 'x', start: 0, length: blocks * NAND_BLOCK, type, flags: 0 }));
    const table = rows([0x104, 5], [0x102, 9], [0x102, 7], [0x102, 8], [0x113, 0], [0x10c, 33], [0x109, 6]);
    const room = (code: number, ...tables: ('known' | typeof table)[]) => roomFor(code, tables);
    assert.equal(room(0x104, table), 5 * NAND_BLOCK);
    assert.equal(room(0x104, table, 'known'), 3 * NAND_BLOCK);
    assert.equal(room(0x104, table, rows([0x104, 4])), 4 * NAND_BLOCK);
    assert.equal(room(0x102, table), 7 * NAND_BLOCK);
    // None of its type, or one without blocks: only the known table leaves it to the stick.
    for (const code of [0x105, 0x113]) assert.equal(room(code, table), 0);
    assert.equal(room(0x113, 'known', table), 0);
    assert.equal(room(0x109, 'known', table), 6 * NAND_BLOCK);
    for (const code of [0x113, 0x109, 0x104]) assert.equal(isRoomUnknown(code, [table]), false);
    assert.equal(isRoomUnknown(0x109, [table, 'known']), true);
    // The loader keeps 32 blocks of cdromiso for itself.
    assert.equal(room(0xb0000, table), NAND_BLOCK);
    assert.equal(room(0xb0000, rows([0x10c, 32])), 0);
    assert.equal(room(0xb0000, rows([0x10c, 3])), 0);
    // Files with a limit of their own do not care.
    for (const code of FIXED) assert.equal(room(code, table), ROOM.get(code));
    assert.equal(NAND_SIZE, Math.max(...KNOWN_TABLE.map(({ start, length }) => start + length)));
  });
});
