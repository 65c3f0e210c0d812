/** How a conversion says that it can't go on. */

import { DriverError, failure, withMore } from '../errors';
import { type Stick, stickText } from '../stick/stick';

type Refusal = 'WRONG_MODE/restless' | 'WRONG_MODE/hilink-written' | 'WRONG_MODE/no-hilink';

export const refusal = (stick: Stick, why: Refusal): DriverError =>
  failure(why, { which: stickText(stick) }, { stick: stick.path });

/** Which of the two files is missing, one at least. */
export function missingFiles(stick: Stick, loader: boolean, firmware: boolean, why = ''): DriverError {
  const missing = [...(loader ? ['a loader'] : []), ...(firmware ? ['a firmware'] : [])].join(' and ');
  return failure('BAD_ARGUMENT/missing-files', { which: stickText(stick), missing, why }, { stick: stick.path });
}

/** The same error, for a stick that has been led into its own loader and not been written. */
export function withWayBack(error: unknown): unknown {
  return error instanceof DriverError ? withMore(error, 'not-written', {}) : error;
}
