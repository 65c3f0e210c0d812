/**
 * Checks that a person may switch off, each by its own name. The list is closed. Nothing switches off the checksums, the
 * set of image codes, the room in the partitions, the refusal of NV images, what the loader calls the stick, the chip, or a
 * model that is known to be another one.
 */

export type Override = 'unsafe-loader' | 'other-device' | 'signed-firmware' | 'other-version';

const WARNINGS: Readonly<Record<Override, string>> = {
  'unsafe-loader': 'Switched off by the caller: the loader need not be a known one. It may erase the whole stick.',
  'other-device': 'Switched off by the caller: the texts in the firmware may name another device.',
  'signed-firmware':
    'Switched off by the caller: the firmware may carry a signature, which nothing on this stick checks.',
  'other-version': 'Switched off by the caller: after the write another version may run than the file says.',
};

/** All there are. */
export const OVERRIDES = Object.keys(WARNINGS) as Override[];

export const overrideWarning = (override: Override): string => WARNINGS[override];
