/** The NV: calibration, identity, and their copies. Read at most. */

import { entry } from './entry';

const FOR_GOOD = 'it changes calibration and identity data of the stick for good';

const action = (name: string, about: string, guard: string, limit?: number) =>
  entry({ name, about, forms: ['action'], guard, ...(limit !== undefined && { limit }) });
const writes = (name: string, about: string) => entry({ name, about, forms: ['set'], guard: FOR_GOOD });

export const NV_COMMANDS = [
  action(
    '^INFORBU',
    'Backs the data up, twice',
    'it overwrites the factory copy and the backup of the data with what is there now',
  ),
  action('^NVRESTORE', 'Takes the backup', FOR_GOOD, 60_000),
  action('^NVBACKUP', 'Makes the backup', 'it overwrites the good backup with what is there now', 60_000),
  writes('^NVWR', 'Writes an item'),
  writes('^NVWREX', 'Writes a part of an item'),
  action('^NVRSTSTTS', 'State of the restoration', FOR_GOOD),
] as const;
