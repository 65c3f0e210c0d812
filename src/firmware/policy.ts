/** Which firmware a stick may get: codes, sizes, signatures, and what the texts in the headers say. */

import { DriverError } from '../errors';
import { ANY_MODEL, CHIP, MODEL, namesWritten } from '../family/family';
import { tooLarge } from './compression';
import type { Firmware, FirmwareImage } from './firmware';
import {
  hasFixedRoom,
  imageTitle,
  isForeignCode,
  isIsoCode,
  isNvCode,
  isVxWorksCode,
  isWebuiCode,
  isWritableCode,
} from './partitions';

/** Platform text of firmware that was made up by this package's own tools (design: never for a real stick). */
export const SYNTHETIC_PLATFORM = 'E3272-VIRTUAL';

/** `dload_id & 7`: what the file says it holds. */
const HOLDS_FIRMWARE = 1;
const HOLDS_ISO = 2;
const HOLDS_WEBUI = 4;

const USE_OURS = `Use firmware made for the ${ANY_MODEL}.`;

export function firmwareProblems(firmware: Firmware): DriverError[] {
  const problems: DriverError[] = [];
  if (firmware.signed) {
    problems.push(
      new DriverError(
        'FIRMWARE_UNSUPPORTED',
        `${firmware.name} is signed (${signs(firmware)}); the ${MODEL} loader knows no signatures.`,
        { hint: USE_OURS },
      ),
    );
  }
  for (const image of firmware.images) {
    const problem = imageProblem(image, firmware.name);
    if (problem) problems.push(problem);
  }
  const missing = missingParts(firmware);
  if (missing.length > 0) {
    problems.push(
      new DriverError(
        'FIRMWARE_TRUNCATED',
        `${firmware.name} says that it holds ${missing.join(' and ')}, but there is none in it: it was cut between two images.`,
        { hint: 'The download or copy was not complete: get the file again.' },
      ),
    );
  }
  return problems;
}

/** Where the signature shows. The file type and the images need not agree. */
function signs({ dloadId, images }: Firmware): string {
  const signs = dloadId & 8 ? [`its type ${dloadId} says so`] : [];
  for (const { signed, signature, partition } of images) {
    if (signed) signs.push(`${partition} ends in one${signature ? ` of ${signature.length} bytes` : ''}`);
  }
  return signs.join(', ');
}

function imageProblem(image: FirmwareImage, name: string): DriverError | undefined {
  const what = imageTitle(image, name);
  const hex = `0x${image.code.toString(16)}`;
  if (isNvCode(image.code)) {
    return new DriverError(
      'FIRMWARE_UNSUPPORTED',
      `The ${what} is an NV image (code ${hex}): it would replace IMEI, serial number and calibration.`,
      { hint: 'This program never writes NV. Use firmware without an NV image.' },
    );
  }
  if (isForeignCode(image.code)) {
    return new DriverError(
      'FIRMWARE_WRONG_DEVICE',
      `The ${what} has code ${hex}, which belongs to another chip: the file is not for an ${MODEL}.`,
      { hint: USE_OURS },
    );
  }
  if (!isWritableCode(image.code)) {
    return new DriverError(
      'FIRMWARE_UNSUPPORTED',
      `The ${what} has code ${hex}, which is not among those that may be written to an ${MODEL}.`,
      { hint: USE_OURS },
    );
  }
  const other = otherDevice(image.platform) ?? otherDevice(image.version);
  if (other) {
    return new DriverError('FIRMWARE_WRONG_DEVICE', `The ${what} says that it is for ${other}, not for an ${MODEL}.`, {
      hint: USE_OURS,
    });
  }
  if (hasFixedRoom(image.code) && image.size !== undefined && image.size > image.room) {
    return tooLarge(`The ${what}`, image.size, image.room);
  }
  return undefined;
}

/**
 * The device or chip that a platform or version text names, if that is none that may be written. Genuine files need not name any, so the absence of a name says nothing.
 */
export function otherDevice(text: string): string | undefined {
  const chip = otherChip(text);
  if (chip) return chip;
  const device = /(?<![A-Z0-9])(?:E[358]\d{3}|B\d{3}|K\d{4})(?!\d)/i.exec(text)?.[0];
  return device && !namesWritten(device) ? device.toUpperCase() : undefined;
}

const OUR_CHIP = Object.values(CHIP).map((name) => name.toLowerCase());

/** The chip that a text names, if it is another one than the stick's: no override leads past that. */
export function otherChip(text: string): string | undefined {
  const chip = /(?<![A-Z0-9])(?:H(?:i)?69\d\d|V7R\d+)/i.exec(text)?.[0];
  return chip && !OUR_CHIP.includes(chip.toLowerCase()) ? chip : undefined;
}

/** The format has no count and no total length; only the file type tells that whole parts are missing. */
function missingParts(firmware: Firmware): string[] {
  const codes = firmware.images.map((image) => image.code);
  const missing: string[] = [];
  const isFirmware = (code: number) => !isIsoCode(code) && !isWebuiCode(code);
  if (firmware.dloadId & HOLDS_FIRMWARE && !codes.some(isFirmware)) missing.push('firmware');
  if (firmware.dloadId & HOLDS_ISO && !codes.some(isIsoCode)) missing.push('an ISO');
  if (firmware.dloadId & HOLDS_WEBUI && !codes.some(isWebuiCode)) missing.push('a web UI');
  return missing;
}

export function firmwareWarnings(firmware: Firmware): string[] {
  const warnings = firmware.doubt === undefined ? [] : [firmware.doubt];
  for (const image of firmware.images) {
    if (image.packed === undefined || !isWebuiCode(image.code)) continue;
    // How a HiLink system keeps its pages is not known, so it may want them packed.
    warnings.push(`The ${imageTitle(image, firmware.name)} is compressed (${image.packed}) and is written as it is.`);
  }
  const type = firmware.dloadId & 7;
  if (firmware.form === 'folder') {
    warnings.push(
      `A folder of images has no checksums and names no model and no version: nothing tells whether its files are whole, or for an ${MODEL}.`,
    );
  } else if (type === 0) {
    warnings.push(
      'The file does not say what it holds, so a file cut between two images cannot be told from a whole one.',
    );
  } else if (type & HOLDS_FIRMWARE && !firmware.images.some((image) => isVxWorksCode(image.code))) {
    warnings.push(
      'The file says that it holds firmware, but has no VxWorks image: if it is not a partial update, it was cut.',
    );
  }
  return warnings;
}
