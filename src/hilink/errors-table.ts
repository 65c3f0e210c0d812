/** Which of our errors each number of HiLink is. */

import { type DriverError, type ErrorKey, failure, type Messages, type ParamsOf } from '../errors';

/** The numbers that the client acts upon. */
export const CODE = {
  NOT_SUPPORTED: 100002,
  LOGIN_NEEDED: 100003,
  BUSY: 100004,
  FORMAT: 100005,
  PARAMETER: 100006,
  USER: 108001,
  LOGGED_IN_ELSEWHERE: 108003,
  CREDENTIALS: 108006,
  TOO_OFTEN: 108007,
  USSD_NOT_YET: 111019,
  USSD_TIMEOUT: 111020,
  SMS_BUSY: 113004,
  SMS_SYSTEM_BUSY: 113018,
  DONE_BEFORE: 113055,
  TOKEN: 125001,
  SESSION: 125002,
  OTHER_SESSION: 125003,
} as const;

/** Keys of the sentences that are made with these params. */
type KeyWith<P> = {
  [K in ErrorKey]: ParamsOf<Messages[K]> extends P ? (P extends ParamsOf<Messages[K]> ? K : never) : never;
}[ErrorKey];
type AnswerKey = KeyWith<{ number: number }>;
type LoginKey = KeyWith<{ number: number; minutes: number | null }>;

const ANSWERS: Readonly<Record<number, AnswerKey>> = {
  100001: 'HILINK_ERROR/fault',
  [CODE.NOT_SUPPORTED]: 'HILINK_ERROR/not-supported',
  [CODE.LOGIN_NEEDED]: 'HILINK_ERROR/login-needed',
  [CODE.BUSY]: 'HILINK_ERROR/busy',
  [CODE.FORMAT]: 'HILINK_ERROR/request-form',
  [CODE.PARAMETER]: 'HILINK_ERROR/request-value',
  100007: 'HILINK_ERROR/not-saved',
  100008: 'HILINK_ERROR/not-read',
  100009: 'HILINK_ERROR/not-written',
  100010: 'HILINK_ERROR/not-found',
  101001: 'HILINK_ERROR/no-sim',
  101002: 'HILINK_ERROR/sim-pin',
  101003: 'HILINK_ERROR/sim-puk',
  101004: 'HILINK_ERROR/sim-unusable',
  101005: 'HILINK_ERROR/pin-check-on',
  101006: 'HILINK_ERROR/pin-check-off',
  101007: 'HILINK_ERROR/wrong-pin',
  101008: 'HILINK_ERROR/wrong-puk',
  101009: 'HILINK_ERROR/own-pin',
  103002: 'HILINK_ERROR/wrong-pin',
  103015: 'HILINK_ERROR/wrong-pin',
  [CODE.LOGGED_IN_ELSEWHERE]: 'HILINK_ERROR/somebody-else',
  108009: 'HILINK_ERROR/somebody-else',
  110024: 'HILINK_ERROR/battery',
  [CODE.USSD_NOT_YET]: 'HILINK_ERROR/ussd-not-yet',
  [CODE.USSD_TIMEOUT]: 'HILINK_ERROR/ussd-silent',
  111022: 'HILINK_ERROR/ussd-refused',
  [CODE.SMS_BUSY]: 'HILINK_ERROR/sms-busy',
  [CODE.SMS_SYSTEM_BUSY]: 'HILINK_ERROR/sms-busy',
  [CODE.DONE_BEFORE]: 'HILINK_ERROR/done-before',
  113114: 'HILINK_ERROR/no-such-sms',
  120001: 'HILINK_ERROR/in-call',
  [CODE.TOKEN]: 'HILINK_ERROR/token',
  [CODE.SESSION]: 'HILINK_ERROR/session',
  [CODE.OTHER_SESSION]: 'HILINK_ERROR/other-session',
};

const RANGES: readonly (readonly [from: number, to: number, key: AnswerKey])[] = [
  [112001, 112999, 'HILINK_ERROR/network-settings'],
  [114001, 114006, 'HILINK_ERROR/sd-card'],
  [117001, 117005, 'HILINK_ERROR/wifi'],
  [118001, 118006, 'HILINK_ERROR/cradle'],
];

const LOGINS: Readonly<Record<number, LoginKey>> = {
  [CODE.USER]: 'LOGIN_REFUSED/user',
  108002: 'LOGIN_REFUSED/password',
  [CODE.CREDENTIALS]: 'LOGIN_REFUSED/user-or-password',
  108008: 'LOGIN_REFUSED/to-be-changed',
  115002: 'LOGIN_REFUSED/form',
  [CODE.TOO_OFTEN]: 'LOGIN_LOCKED/too-many',
  108010: 'LOGIN_LOCKED/too-fast',
};

/** The error that the stick answered with `number`; `wait` in the unit of the stick's pages, minutes. */
export function hilinkError(number: number, wait = 0): DriverError {
  const login = LOGINS[number];
  if (login !== undefined) return failure(login, { number, minutes: wait > 0 ? wait : null });
  const [, , range] = RANGES.find(([from, to]) => number >= from && number <= to) ?? [];
  return failure(ANSWERS[number] ?? range ?? 'HILINK_ERROR/unknown-number', { number });
}
