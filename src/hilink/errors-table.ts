/** The numbers of HiLink's errors in words, and which of our codes each of them is. */

import { DriverError, type ErrorCode } from '../errors';

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

const SESSION_HINT = 'Another program or a browser may be talking to the same stick: only one can do so at a time.';
const ELSEWHERE = 'Log out of its web page, or wait ten minutes: it logs out by itself.';
const PASSWORD =
  'Check user and password of its web page; the same ones are not tried again, for it locks after a few.';
const WAIT = 'Wait some minutes before the next try; unplugging the stick ends it on some firmware.';
const PIN = 'Check the code; a few wrong ones lock the SIM.';

/** What the stick says, and what to do about it. */
const WORDS: Readonly<Record<number, readonly [words: string, hint?: string]>> = {
  100001: ['has an unknown fault', 'Try again; restart the stick if it stays.'],
  [CODE.NOT_SUPPORTED]: ['does not know this: its firmware has no such function'],
  [CODE.LOGIN_NEEDED]: ['wants a login for this', 'Give the password of its web page.'],
  [CODE.BUSY]: ['is busy', 'Try again in a few seconds.'],
  [CODE.FORMAT]: ['does not take the form of the request'],
  [CODE.PARAMETER]: ['does not take a value of the request'],
  100007: ['could not save the setting'],
  100008: ['could not read the setting'],
  100009: ['could not write the setting'],
  100010: ['has not found what was asked for'],
  101001: ['has no SIM, or one that it cannot read', 'Check that the SIM is in, the right way round.'],
  101002: ['wants the PIN of the SIM'],
  101003: ['wants the PUK of the SIM'],
  101004: ['cannot use the SIM now', 'Wait some seconds and try again.'],
  101005: ['could not switch the PIN check on', PIN],
  101006: ['could not switch the PIN check off', PIN],
  101007: ['did not take the PIN', PIN],
  101008: ['did not take the PUK', PIN],
  101009: ['could not enter the PIN by itself', PIN],
  103002: ['did not take the PIN', PIN],
  103015: ['did not take the PIN', PIN],
  [CODE.USER]: ['does not know this user', PASSWORD],
  108002: ['does not take this password', PASSWORD],
  [CODE.LOGGED_IN_ELSEWHERE]: ['says that somebody else is logged in', ELSEWHERE],
  [CODE.CREDENTIALS]: ['does not take this user or password', PASSWORD],
  [CODE.TOO_OFTEN]: ['takes no login for now: too many were wrong', WAIT],
  108008: ['wants another password to be set first', 'Set one on its web page.'],
  108009: ['is in use by somebody else', ELSEWHERE],
  108010: ['takes no login for now: they came too fast', WAIT],
  110024: ['has too little battery for this'],
  [CODE.USSD_NOT_YET]: ['has no answer to the USSD request yet'],
  [CODE.USSD_TIMEOUT]: ['got no answer to the USSD request from the network'],
  111022: ['says that the network refuses the USSD request'],
  [CODE.SMS_BUSY]: ['is busy with another SMS', 'Try again in a few seconds.'],
  [CODE.SMS_SYSTEM_BUSY]: ['is busy with another SMS', 'Try again in a few seconds.'],
  [CODE.DONE_BEFORE]: ['says that this was done before'],
  113114: ['has no such SMS'],
  115002: ['wants a password of another form', 'Set one on its web page.'],
  120001: ['is in a call'],
  [CODE.TOKEN]: ['does not take the token of the request', SESSION_HINT],
  [CODE.SESSION]: ['knows no such session, or does not allow this', SESSION_HINT],
  [CODE.OTHER_SESSION]: ['says that the token is of another session', SESSION_HINT],
};

const RANGES: readonly (readonly [from: number, to: number, words: string])[] = [
  [112001, 112999, 'does not take the network settings'],
  [114001, 114006, 'cannot use its SD card'],
  [117001, 117005, 'has a fault of its Wi-Fi settings'],
  [118001, 118006, 'has a fault of its cradle'],
];

const REFUSED: readonly number[] = [CODE.USER, 108002, CODE.CREDENTIALS, 108008, 115002];
const LOCKED: readonly number[] = [CODE.TOO_OFTEN, 108010];

const kindOf = (number: number): ErrorCode => {
  if (REFUSED.includes(number)) return 'LOGIN_REFUSED';
  return LOCKED.includes(number) ? 'LOGIN_LOCKED' : 'HILINK_ERROR';
};

/** The error that the stick answered with `number`; `wait` in the unit of the stick's pages, minutes. */
export function hilinkError(number: number, wait?: number): DriverError {
  const [words, hint] = WORDS[number] ?? [
    RANGES.find(([from, to]) => number >= from && number <= to)?.[2] ?? 'refuses this with a number that nobody knows',
  ];
  const minutes = wait === undefined || wait === 0 ? '' : `, ${wait} min to go`;
  return new DriverError(kindOf(number), `The stick ${words}${minutes} (HiLink ${number}).`, {
    number,
    ...(hint !== undefined && { hint }),
  });
}
