/** USSD by the web API: a code goes out, the answer is asked for until it is there. */

import { type DriverError, failure, isDriverError } from '../errors';
import { sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { USSD_ANSWER, USSD_STATE } from './endpoints/ussd';
import { CODE } from './errors-table';
import type { WebStick } from './stick';
import type { CallOptions } from './wire';

export interface UssdOptions {
  /** Milliseconds to wait for the network's answer, default `TIMEOUTS.ussd.answer`. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface UssdReply {
  text: string;
  /** The network waits for an answer: send it as the next code. */
  menu: boolean;
}

/** What the pages let people type. */
const FORM = /^[0-9*#]{1,40}$/;

/** Errors: BAD_ARGUMENT, TIMEOUT, and those of a request. */
export async function askUssd(stick: WebStick, code: string, options: UssdOptions): Promise<UssdReply> {
  const { timeout = TIMEOUTS.ussd.answer, signal } = options;
  const call: CallOptions = signal ? { signal } : {};
  if (!FORM.test(code)) {
    throw failure('BAD_ARGUMENT/ussd-code', {});
  }
  await stick.sure(call);
  const { clock } = stick;
  await stick.post(
    'ussd/send',
    [
      ['content', code],
      ['codeType', 'CodeType'],
      ['timeout', ''],
    ],
    call,
  );
  const end = clock.now() + timeout;
  try {
    while (clock.now() < end) {
      await sleep(clock, TIMEOUTS.hilink.ussd, signal);
      const found = await answerOf(stick, call);
      if (found) return { text: found.text ?? '', menu: (await menuOf(stick, call)) ?? found.menu ?? false };
    }
  } catch (error) {
    await release(stick);
    if (isDriverError(error) && error.number === CODE.USSD_TIMEOUT) throw noAnswer(timeout, error);
    throw error;
  }
  await release(stick);
  throw noAnswer(timeout);
}

/** Ends the conversation. Never rejects: where it cannot be told, the network's own timer ends it. */
export async function release(stick: WebStick): Promise<void> {
  await stick.session.get('ussd/release', { timeout: TIMEOUTS.hilink.farewell }).catch(() => undefined);
}

async function answerOf(stick: WebStick, options: CallOptions) {
  try {
    return (await stick.session.values(USSD_ANSWER.path, options)).ussd;
  } catch (error) {
    if (isDriverError(error) && error.number === CODE.USSD_NOT_YET) return undefined;
    throw error;
  }
}

/** Undefined where the firmware does not tell: then the text has to. */
async function menuOf(stick: WebStick, options: CallOptions): Promise<boolean | undefined> {
  return (await stick.maybe(USSD_STATE.path, options))?.ussd?.menu;
}

const noAnswer = (timeout: number, cause?: unknown): DriverError =>
  failure('TIMEOUT/ussd', { seconds: timeout / 1000 }, { cause });
