/** The PIN of the SIM: entered once, never the last try but one. */

import { failure } from '../errors';
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
    throw failure('BAD_ARGUMENT/sim-pin', {});
  }
  await stick.sure(options);
  const before = await stateOf(stick, options);
  if (before?.state === 'READY') return before;
  if (before?.state !== 'SIM PIN') {
    throw failure('COMMAND_REFUSED/no-pin-wanted', { state: before?.state ?? 'unknown' });
  }
  if (before.pinTries === undefined || before.pinTries <= 1) {
    throw failure('COMMAND_REFUSED/pin-tries', { tries: before.pinTries ?? null });
  }
  const { clock } = stick;
  const items = [
    ['OperateType', ENTER],
    ['CurrentPin', pin],
    ['NewPin', ''],
    ['PukCode', ''],
  ] as const;
  await stick.post('pin/operate', [...items], { ...options, mayEncrypt: true });
  const end = clock.now() + TIMEOUTS.hilink.settled;
  for (;;) {
    const now = await stateOf(stick, options);
    if (now?.state !== 'SIM PIN' || clock.now() >= end) return now;
    await sleep(clock, TIMEOUTS.hilink.settle, options.signal);
  }
}

const stateOf = async (stick: WebStick, options: CallOptions): Promise<WebValues['sim']> =>
  (await stick.session.values(PIN.path, options)).sim;
