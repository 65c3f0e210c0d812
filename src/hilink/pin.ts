/** The PIN of the SIM: entered once, never the last try but one. */

import { DriverError } from '../errors';
import { sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebValues } from '../values/web';
import { PIN } from './endpoints/sim';
import type { WebStick } from './stick';
import type { CallOptions } from './wire';

const ENTER = 0;

/**
 * Enters `pin` where the SIM wants it, and resolves with its state then. Errors: BAD_ARGUMENT, COMMAND_REFUSED (its last try
 * is left, or it wants the PUK: nothing is sent), HILINK_ERROR with the number of the stick (a wrong PIN has used up a try),
 * and those of a request.
 */
export async function enterPin(stick: WebStick, pin: string, options: CallOptions): Promise<WebValues['sim']> {
  if (!/^\d{4,8}$/.test(pin)) {
    throw new DriverError('BAD_ARGUMENT', 'The PIN is not 4 to 8 digits.', { hint: 'Give the PIN of the SIM.' });
  }
  await stick.sure(options);
  const before = await stateOf(stick, options);
  if (before?.state === 'READY') return before;
  if (before?.state !== 'SIM PIN') {
    throw new DriverError(
      'COMMAND_REFUSED',
      `The SIM does not want a PIN: its state is ${before?.state ?? 'unknown'}.`,
      {
        hint: 'A PUK is best entered in a phone.',
      },
    );
  }
  if (before.pinTries === undefined || before.pinTries <= 1) {
    const left = before.pinTries === undefined ? 'The stick does not tell how many tries' : 'No more than one try';
    throw new DriverError('COMMAND_REFUSED', `${left} of the PIN are left: it was not entered.`, {
      hint: 'Enter it on the web page of the stick, or in a phone.',
    });
  }
  const { clock, session } = stick;
  const items = [
    ['OperateType', ENTER],
    ['CurrentPin', pin],
    ['NewPin', ''],
    ['PukCode', ''],
  ] as const;
  await session.post('pin/operate', [...items], { ...options, mayEncrypt: true });
  const end = clock.now() + TIMEOUTS.hilink.settled;
  for (;;) {
    const now = await stateOf(stick, options);
    if (now?.state !== 'SIM PIN' || clock.now() >= end) return now;
    await sleep(clock, TIMEOUTS.hilink.settle, options.signal);
  }
}

const stateOf = async (stick: WebStick, options: CallOptions): Promise<WebValues['sim']> =>
  (await stick.session.values(PIN.path, options)).sim;
