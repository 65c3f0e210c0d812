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

const HILINK = { version: '22.470.99.07.00' };
/** The same for a HiLink router, by the marker that virtual sticks know (firmware.ts): megabytes, made when they are wanted. */
const hilinkImages = () =>
  DEMO_IMAGES.map((image) => {
    if (image.code !== 0x550103) return { ...image, ...HILINK };
    const marked = `E3272-VIRTUAL-HILINK VIRTUAL-VERSION:${HILINK.version};`.padEnd(image.size, '.');
    return { ...image, ...HILINK, data: Buffer.from(marked) };
  });
const HILINK_PAGES = [
  { code: 0x560000, size: 600_000, ...HILINK },
  { code: 0x550000, size: 100, ...HILINK },
];
/** What a file says that it holds: web pages. */
const WEB_UI = 4;

/** What a virtual stick is written with where nobody has named files. */
export const makeDemoFiles = (): Record<'loader' | 'firmware', { name: string; bytes: Buffer }> => ({
  loader: { name: 'virtual-loader.bin', bytes: makeLoader() },
  firmware: { name: 'virtual-firmware.bin', bytes: makeFirmware({ images: DEMO_IMAGES }) },
});

/** What it is written with to become a HiLink router. */
export const makeHilinkDemoFiles = (): Record<'loader' | 'firmware' | 'webui', { name: string; bytes: Buffer }> => ({
  loader: { name: 'virtual-loader.bin', bytes: makeLoader() },
  firmware: { name: 'virtual-hilink.bin', bytes: makeFirmware({ images: hilinkImages() }) },
  webui: { name: 'virtual-webui.bin', bytes: makeFirmware({ images: HILINK_PAGES, dloadId: WEB_UI }) },
});
