/**
 * Makes up loader and firmware files for virtual sticks: right in every checked byte, with nothing of any vendor in
 * them. Their texts say `H6920-VIRTUAL` and `E3272-VIRTUAL`, by which real sticks are kept from them.
 */

import { makeFirmware } from './make-firmware';
import { makeLoader } from './make-loader';

export * from './make-firmware';
export * from './make-loader';

/** Large enough for a progress that can be seen, small enough for a demo of seconds. */
const DEMO_IMAGES = [
  { code: 0x101, size: 100_000 },
  { code: 0x104, size: 300_000, compression: 'lzma' as const },
  { code: 0x550103, size: 3_000_000 },
];

/** What a virtual stick is written with where nobody has named files. */
export const makeDemoFiles = (): Record<'loader' | 'firmware', { name: string; bytes: Buffer }> => ({
  loader: { name: 'virtual-loader.bin', bytes: makeLoader() },
  firmware: { name: 'virtual-firmware.bin', bytes: makeFirmware({ images: DEMO_IMAGES }) },
});

const ROUTER = 'E3272-VIRTUAL-HILINK VIRTUAL-VERSION:22.470.07.00.00;';

/** The same, which makes a router of it. */
export const makeDemoRouter = (): Record<'loader' | 'firmware' | 'webui', { name: string; bytes: Buffer }> => ({
  loader: { name: 'virtual-loader.bin', bytes: makeLoader() },
  firmware: {
    name: 'virtual-firmware.bin',
    bytes: makeFirmware({ images: [{ code: 0x550103, data: Buffer.from(ROUTER.padEnd(1_000_000, '.')) }] }),
  },
  webui: { name: 'virtual-webui.bin', bytes: makeFirmware({ images: [{ code: 0x560000, size: 300_000 }] }) },
});
