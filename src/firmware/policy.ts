/** Which firmware a stick may get: codes, sizes, signatures, and what the texts in the headers say. */

import { type DriverError, failure } from '../errors';
import { CHIP, MODEL, namesWritten } from '../family/family';
import { isNeverWritten, kinOf } from '../family/names';
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

export function firmwareProblems(firmware: Firmware): DriverError[] {
  const problems: DriverError[] = [];
  if (firmware.signed) {
    const { name } = firmware;
    problems.push(failure('FIRMWARE_UNSUPPORTED/signed', { name, signs: signs(firmware), model: MODEL }));
  }
  for (const image of firmware.images) {
    const problem = imageProblem(image, firmware.name);
    if (problem) problems.push(problem);
  }
  const missing = missingParts(firmware);
  if (missing.length > 0) {
    problems.push(failure('FIRMWARE_TRUNCATED/parts', { name: firmware.name, missing: missing.join(' and ') }));
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
  const title = imageTitle(image, name);
  const code = `0x${image.code.toString(16)}`;
  if (isNvCode(image.code)) return failure('FIRMWARE_UNSUPPORTED/nv', { title, code });
  if (isForeignCode(image.code)) return failure('FIRMWARE_WRONG_DEVICE/code', { title, code, model: MODEL });
  if (!isWritableCode(image.code)) return failure('FIRMWARE_UNSUPPORTED/code', { title, code, model: MODEL });
  const device = otherDevice(image.platform) ?? otherDevice(image.version);
  if (device) return failure('FIRMWARE_WRONG_DEVICE/text', { title, device, model: MODEL });
  if (hasFixedRoom(image.code) && image.size !== undefined && image.size > image.room) {
    return tooLarge(title, image.size, image.room);
  }
  return undefined;
}

/**
 * The device or chip that a platform or version text names, if that is none that may be written. Genuine files need not name any, so the absence of a name says nothing.
 */
export function otherDevice(text: string): string | undefined {
  const chip = otherChip(text);
  if (chip) return chip;
  const devices = [...text.matchAll(/(?<![A-Z0-9])(?:E[358]\d{3}|B\d{3}|K\d{4})(?!\d)/gi)].map(([device]) => device);
  return devices.find((device) => !namesWritten(device))?.toUpperCase() ?? neverWritten(text);
}

const neverWritten = (text: string): string | undefined => (isNeverWritten(text) ? kinOf(text)?.names[0] : undefined);

const OUR_CHIP = Object.values(CHIP).map((name) => name.toLowerCase());

/**
 * The first chip in a text that is another one than the stick's: no override leads past that. The platform of an E3372h's
 * firmware is `BV7R11HS`.
 */
export function otherChip(text: string): string | undefined {
  const chips = [...text.matchAll(/(?<![A-Z0-9])B?(Hi?69\d\d|V[37]R\d+)/gi)].map(([, chip = '']) => chip);
  return chips.find((chip) => !OUR_CHIP.includes(chip.toLowerCase()));
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
