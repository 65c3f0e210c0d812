/**
 * The requests that ask a stick to leave HiLink mode (facts/hilink.md 5.1 a to c). What it says to them proves nothing: a
 * cut connection is the normal sign, and only the bus shows whether it has left.
 */

import { isDriverError } from '../errors';
import { TIMEOUTS } from '../timeouts';
import type { WebStick } from './stick';
import { decodeBody } from './text';
import type { Try } from './ways';
import type { CallOptions } from './wire';

export interface Said {
  /** `no`: it refuses, or knows no such request; `yes`; `nothing`: the answer did not come. */
  said: 'yes' | 'no' | 'nothing';
  /** Of a refusal, where the stick gave one. */
  number?: number;
}

const NUMBER = { project: 0, debug: 1 } as const;
const PAGE = { project: '/html/switchProjectMode.html', debug: '/html/switchDebugMode.html' } as const;

const cgiBody = (type: number): Buffer =>
  Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><api version="1.0"><header><function>switchMode</function></header>' +
      `<body><request><switchType>${type}</switchType></request></body></api>`,
  );

/** Of an error that a page of its own is answered with. */
function numberIn(body: Uint8Array): number | undefined {
  const [, number] = /<error>\s*<code>\s*(\d{1,9})\s*<\/code>/i.exec(decodeBody(body)) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** It is sent somewhere else: there is no such thing here. */
const ELSEWHERE = ['HILINK_ERROR/to-own-page', 'HILINK_ERROR/to-elsewhere', 'HILINK_ERROR/to-https'] as const;

/**
 * Asks once, after the stick was compared with the one that is meant. Errors: STICK_NOT_FOUND (another one answers),
 * LOGIN_REFUSED, LOGIN_LOCKED, CANCELLED, the signal's reason, and what keeps the stick from being compared.
 */
export async function askToLeave(stick: WebStick, { way, to }: Try, options: CallOptions): Promise<Said> {
  await stick.sure({ ...options, timeout: TIMEOUTS.hilink.probe });
  const once = { ...options, timeout: TIMEOUTS.hilink.leave };
  const { session } = stick;
  try {
    if (way === 'mode') {
      await session.post('device/mode', [['mode', NUMBER[to]]], once);
      return { said: 'yes' };
    }
    const answer =
      way === 'cgi'
        ? await session.knock('POST', '/CGI', once, cgiBody(NUMBER[to]))
        : await session.knock('GET', PAGE[to], once);
    const number = numberIn(answer.body);
    if (number !== undefined) return { said: 'no', number };
    return { said: answer.status === 200 ? 'yes' : 'no' };
  } catch (error) {
    if (options.signal?.aborted || !isDriverError(error, 'HILINK_ERROR', 'TIMEOUT/web', 'STICK_GONE')) throw error;
    if (error.number !== undefined) return { said: 'no', number: error.number };
    if (isDriverError(error, ...ELSEWHERE)) return { said: 'no' };
    // No answer at all, or one that is none: the request may have been done.
    return { said: 'nothing' };
  }
}
