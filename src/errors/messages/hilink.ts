/** Sentences about the web API of a stick in HiLink mode. `stick`: its address as people write it. No password, no text. */

import type { Catalogue } from '../catalogue';

type Place = { stick: string };
/** The number that the stick answered with. */
type Numbered = { number: number };
/** Until the next login is taken; null where the stick does not tell. */
type Waiting = Numbered & { minutes: number | null };

const says =
  (what: string) =>
  ({ number }: Numbered): string =>
    `The stick ${what} (HiLink ${number}).`;

const saysOfLogin =
  (what: string) =>
  ({ number, minutes }: Waiting): string =>
    `The stick ${what}${minutes === null ? '' : `, ${minutes} min to go`} (HiLink ${number}).`;

export const HILINK = {
  'HILINK_ERROR/fault': says('has an unknown fault'),
  'HILINK_ERROR/not-supported': says('does not know this: its firmware has no such function'),
  'HILINK_ERROR/login-needed': says('wants a login for this'),
  'HILINK_ERROR/busy': says('is busy'),
  'HILINK_ERROR/request-form': says('does not take the form of the request'),
  'HILINK_ERROR/request-value': says('does not take a value of the request'),
  'HILINK_ERROR/not-saved': says('could not save the setting'),
  'HILINK_ERROR/not-read': says('could not read the setting'),
  'HILINK_ERROR/not-written': says('could not write the setting'),
  'HILINK_ERROR/not-found': says('has not found what was asked for'),
  'HILINK_ERROR/no-sim': says('has no SIM, or one that it cannot read'),
  'HILINK_ERROR/sim-pin': says('wants the PIN of the SIM'),
  'HILINK_ERROR/sim-puk': says('wants the PUK of the SIM'),
  'HILINK_ERROR/sim-unusable': says('cannot use the SIM now'),
  'HILINK_ERROR/pin-check-on': says('could not switch the PIN check on'),
  'HILINK_ERROR/pin-check-off': says('could not switch the PIN check off'),
  'HILINK_ERROR/wrong-pin': says('did not take the PIN'),
  'HILINK_ERROR/wrong-puk': says('did not take the PUK'),
  'HILINK_ERROR/own-pin': says('could not enter the PIN by itself'),
  'HILINK_ERROR/somebody-else': says('says that somebody else is logged in'),
  'HILINK_ERROR/battery': says('has too little battery for this'),
  'HILINK_ERROR/ussd-not-yet': says('has no answer to the USSD request yet'),
  'HILINK_ERROR/ussd-silent': says('got no answer to the USSD request from the network'),
  'HILINK_ERROR/ussd-refused': says('says that the network refuses the USSD request'),
  'HILINK_ERROR/sms-busy': says('is busy with another SMS'),
  'HILINK_ERROR/done-before': says('says that this was done before'),
  'HILINK_ERROR/no-such-sms': says('has no such SMS'),
  'HILINK_ERROR/in-call': says('is in a call'),
  'HILINK_ERROR/token': says('does not take the token of the request'),
  'HILINK_ERROR/session': says('knows no such session, or does not allow this'),
  'HILINK_ERROR/other-session': says('says that the token is of another session'),
  'HILINK_ERROR/network-settings': says('does not take the network settings'),
  'HILINK_ERROR/sd-card': says('cannot use its SD card'),
  'HILINK_ERROR/wifi': says('has a fault of its Wi-Fi settings'),
  'HILINK_ERROR/cradle': says('has a fault of its cradle'),
  'HILINK_ERROR/unknown-number': says('refuses this with a number that nobody knows'),
  'HILINK_ERROR/no-number': () => 'The stick answers with an error that has no number.',

  'LOGIN_REFUSED/user': saysOfLogin('does not know this user'),
  'LOGIN_REFUSED/password': saysOfLogin('does not take this password'),
  'LOGIN_REFUSED/user-or-password': saysOfLogin('does not take this user or password'),
  'LOGIN_REFUSED/to-be-changed': saysOfLogin('wants another password to be set first'),
  'LOGIN_REFUSED/form': saysOfLogin('wants a password of another form'),
  'LOGIN_LOCKED/too-many': saysOfLogin('takes no login for now: too many were wrong'),
  'LOGIN_LOCKED/too-fast': saysOfLogin('takes no login for now: they came too fast'),
  'HILINK_ERROR/no-proof': () => 'What answers at the address of the stick does not prove that it knows the password.',

  'HILINK_ERROR/cut': () => 'The stick cut the connection in the middle of an answer.',
  'HILINK_ERROR/no-http': ({ stick }: Place) => `What answers at ${stick} speaks no HTTP.`,
  'HILINK_ERROR/http-status': ({ status }: { status: number }) => `The stick answers with HTTP status ${status}.`,
  'HILINK_ERROR/to-own-page': ({ status }: { status: number }) =>
    `The stick sends the request to one of its pages (HTTP ${status}).`,
  'HILINK_ERROR/to-elsewhere': ({ status }: { status: number }) =>
    `The stick sends the request to another address (HTTP ${status}).`,
  'HILINK_ERROR/to-https': ({ status }: { status: number }) =>
    `The stick sends the request to an address with HTTPS (HTTP ${status}).`,
  'HILINK_ERROR/too-long': ({ most }: { most: number }) => `The answer of the stick is longer than ${most} bytes.`,
  'HILINK_ERROR/empty': () => 'The answer of the stick is empty.',
  'HILINK_ERROR/web-page': () => 'The answer of the stick is a web page.',
  'HILINK_ERROR/document-type': () => 'The answer of the stick holds a document type, which no stick sends.',
  'HILINK_ERROR/no-xml': ({ line }: { line: number | null }) =>
    `The answer of the stick is no whole XML${line === null ? '' : `: see its line ${line}`}.`,
  'HILINK_ERROR/no-json': () => 'The answer of the stick is no whole JSON.',
  'HILINK_ERROR/other-xml': () => 'The answer of the stick is XML of another kind.',

  'TIMEOUT/web': ({ stick, seconds }: Place & { seconds: number }) =>
    `The stick at ${stick} did not answer within ${seconds} s.`,
  'STICK_GONE/web': ({ stick }: Place) => `Nobody answers at ${stick}.`,
  'CANCELLED/web-closed': () => 'The connection to the web API of the stick is closed.',
  'HILINK_ERROR/identity-not-told': ({ stick, what }: Place & { what: string }) =>
    `The stick at ${stick} does not tell its ${what}: nothing was changed.`,
  // Found and meant: the last four of it.
  'STICK_NOT_FOUND/other-at-address': (p: Place & { what: string; found: string; meant: string }) =>
    `At ${p.stick} is another stick, whose ${p.what} ends with ${p.found}, not with ${p.meant}: nothing was changed.`,

  'HILINK_ERROR/nothing-told': ({ stick }: Place) => `What answers at ${stick} tells nothing of this.`,
  'TIMEOUT/data': (p: Place & { state: string }) =>
    `Data did not go ${p.state} within half a minute, as far as the stick at ${p.stick} tells.`,
  'COMMAND_REFUSED/own-line': (p: Place & { interface: string }) =>
    `The stick at ${p.stick} is the machine's own line: its default route goes through ${p.interface}. Nothing was changed.`,

  'BAD_ARGUMENT/web-address': ({ address }: { address: string }) => `${address} is no address of a HiLink stick.`,
  'BAD_ARGUMENT/password-in-address': () => 'The address of a HiLink stick holds a user or a password.',
  'BAD_ARGUMENT/lan-address': () => 'The address is no private one that ends with a number from 1 to 99.',
  'BAD_ARGUMENT/order-not-offered': ({ order }: { order: string; offered: readonly string[] }) =>
    `The stick does not take ${order} as order of systems.`,
  'BAD_ARGUMENT/ussd-code': () => 'The USSD code has other characters than digits, * and #, or more than 40.',
  'BAD_ARGUMENT/sim-pin': () => 'The PIN is not 4 to 8 digits.',
  'COMMAND_REFUSED/no-pin-wanted': ({ state }: { state: string }) =>
    `The SIM does not want a PIN: its state is ${state}.`,
  'COMMAND_REFUSED/pin-tries': ({ tries }: { tries: number | null }) =>
    `${tries === null ? 'The stick does not tell how many tries' : 'No more than one try'} of the PIN are left: it was not entered.`,
} satisfies Catalogue;
