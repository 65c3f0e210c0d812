/** How a conversion says that it can't go on. */

import { DriverError, withMore } from '../errors';
import { type Stick, stickText } from '../stick/stick';

export const refusal = (stick: Stick, why: string): DriverError =>
  new DriverError('WRONG_MODE', `The stick at ${stickText(stick)} ${why}.`, {
    stick: stick.path,
    hint: 'Nothing more was done. Unplug it, wait five seconds and plug it in again, with the boot pin held if it has to be reflashed.',
  });

export const storageAgain = (stick: Stick): DriverError =>
  new DriverError('NOT_SWITCHED', `The stick at ${stickText(stick)} has become a CD-ROM again after the switch.`, {
    stick: stick.path,
    hint: 'Another program may be switching it too. Unplug it, wait five seconds, plug it in again and repeat.',
  });

/** Which of the two files is missing, one at least. */
export function missingFiles(stick: Stick, loader: boolean, firmware: boolean, why = ''): DriverError {
  const missing = [...(loader ? ['a loader'] : []), ...(firmware ? ['a firmware'] : [])].join(' and ');
  return new DriverError(
    'BAD_ARGUMENT',
    `The stick at ${stickText(stick)} must be reflashed, and ${missing} file is missing.${why && ` ${why}`}`,
    {
      stick: stick.path,
      hint: "Name both files (--loader and --firmware). They are Huawei's and must be brought along.",
    },
  );
}

/** For a write that has to be completed, and no firmware was named. */
export const nothingToWrite = (stick: Stick, text: string): DriverError =>
  new DriverError('BAD_ARGUMENT', text, {
    stick: stick.path,
    hint: `Name both files (--loader and --firmware). If another stick is plugged in there now, say so: --as-is ${stick.path}, in a flow msg.asIs = "${stick.path}".`,
  });

/** The same error, for a stick that has been led into its own loader and not been written. */
export function withWayBack(error: unknown): unknown {
  return error instanceof DriverError ? withMore(error, 'not-written', {}) : error;
}
