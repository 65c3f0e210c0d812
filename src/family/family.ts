/**
 * All models that have a profile, and what the driver takes from them. A cousin is a file like e3276.ts and its name in
 * {@link FAMILY}; whether it may be written is not said there but judged here.
 */

import { E3272 } from './e3272';
import { E3276 } from './e3276';
import { E3372, E3372H, E3372S } from './e3372';
import type { Chip, Flash, Profile } from './profile';
import { E3131, E3531, E8231 } from './v3r3';

export const FAMILY: readonly Profile[] = [E3272, E3276, E3372S, E3372H, E3372, E3131, E3531, E8231];

/**
 * What files and loaders are judged by before any stick can be asked, and what is offered while nobody knows the model:
 * there is one kind of flash memory that is written.
 */
export const CHIP: Chip = E3272.chip;
export const FLASH: Flash = E3272.flash;
export const { setport: SETPORT, bootPin: BOOT_PIN } = E3272;

/** May be written: what the files are judged by must be its own, not a copy that may differ, and there must be proof. */
export const mayBeWritten = ({ chip, flash, proven }: Profile): boolean =>
  chip === CHIP && flash === FLASH && proven.write !== undefined;

const written = FAMILY.filter(mayBeWritten);
const WRITTEN_NAME = new RegExp(`(?<![A-Z0-9])(?:${written.flatMap(({ names }) => names).join('|')})(?!\\d)`, 'i');

/** True if a text by which a stick calls itself, or a file its device, names a model that may be written. */
export const namesWritten = (text: string): boolean => WRITTEN_NAME.test(text);

/** The model for sentences about any that may be written: `E3272`. */
export const [MODEL] = E3272.names;

const models = written.map(({ names: [model] }) => model);
/** `E3272 or E3276`, `E3272 and E3276`: those that may be written. */
export const ANY_MODEL = models.join(' or ');
export const ALL_MODELS = models.join(' and ');
