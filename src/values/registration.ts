/** Registration in the network. */

import { always, choice, flag, group, number, sourced, type TypeOf, text } from './shape';

/** By the numbers of 3GPP. */
export const REGISTRATION_STATUS = choice('Registration', [
  'idle',
  'home',
  'searching',
  'denied',
  'unknown',
  'roaming',
  'SMS only, home',
  'SMS only, roaming',
  'emergency only',
  'no CSFB, home',
  'no CSFB, roaming',
]);
export type RegistrationStatus = TypeOf<typeof REGISTRATION_STATUS>;

export const LAC = number('Location area', [0, 0xffff_ffff], undefined, 'of LTE the tracking area');
export const CI = number('Cell', [0, 0xffff_ffff], undefined, 'its identity in the network');

export const REGISTRATION = sourced(
  '3GPP TS 27.007, 7.2 and 10.1.20',
  group('Registration', {
    status: always(REGISTRATION_STATUS),
    registered: always(flag('Registered')),
    n: number('Reporting mode', [0, 9], undefined, 'a reply has it, a URC has not; with 2 the place is told too'),
    lac: LAC,
    ci: CI,
    act: text('Access technology', 'often left out by the stick'),
  }),
);
export type Registration = TypeOf<typeof REGISTRATION>;

/** Registered, or only for messages or without calls, which is enough for what a stick does. */
export const isRegistered = (status: RegistrationStatus): boolean => isRoaming(status) || /home$/.test(status);

export const isRoaming = (status: RegistrationStatus): boolean => status.endsWith('roaming');
