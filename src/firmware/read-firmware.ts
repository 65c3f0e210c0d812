/** Reads a firmware file without its images. */

import type { ByteSource } from './byte-source';
import type { Firmware, FirmwareImage } from './firmware';
import { readFolder } from './folder-images';
import { readChain } from './images';
import { isVxWorksCode } from './partitions';
import { firmwareProblems, firmwareWarnings, SYNTHETIC_PLATFORM } from './policy';

/**
 * Reads headers only. Throws what makes the file unreadable: FIRMWARE_INVALID, FIRMWARE_TRUNCATED, FIRMWARE_CRC,
 * FIRMWARE_TOO_LARGE (more than 20 images, an image larger than the NAND) and the errors of the source.
 * What only forbids writing (FIRMWARE_WRONG_DEVICE, FIRMWARE_UNSUPPORTED, FIRMWARE_TRUNCATED, FIRMWARE_TOO_LARGE where the
 * limit is the loader's own) stands in `problems`; the check throws it. Whether the images fit their partitions only the
 * check can tell: one of them may bring another table.
 */
export async function readFirmware(source: ByteSource): Promise<Firmware> {
  const { parts } = source;
  const content = parts ? await readFolder(source, parts) : await readChain(source);
  const { images, end, ...form } = content;
  const firmware: Firmware = {
    name: source.name,
    size: source.size,
    ...form,
    signed: (form.dloadId & 8) !== 0 || images.some((image) => image.signed),
    version: versionOf(images),
    images,
    trailing: source.size - end,
    synthetic: images.some((image) => image.platform.includes(SYNTHETIC_PLATFORM)),
    problems: [],
    warnings: [],
  };
  firmware.problems = firmwareProblems(firmware);
  firmware.warnings = firmwareWarnings(firmware);
  return firmware;
}

function versionOf(images: readonly FirmwareImage[]): string {
  const versioned = images.filter((image) => image.version !== '');
  return (versioned.find((image) => isVxWorksCode(image.code)) ?? versioned[0])?.version ?? '';
}
