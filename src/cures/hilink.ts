/** Cures of the web API of a stick in HiLink mode that are the same in every place. */

import type { Messages } from '../errors';
import type { Cures } from './cure';

const RESTART = 'Try again; if it happens again, restart the stick.';
const SOON = 'Try again in a few seconds.';
const NO_FUNCTION = 'There is nothing to repair: another firmware may know it.';
const ADDRESS = 'Check that the address is that of the stick.';
const ELSEWHERE = 'Log out of its web page, or wait ten minutes: it logs out by itself.';
const RIVAL = 'Another program or a browser may be talking to the same stick: only one can do so at a time.';
const PIN = 'Check the code; a few wrong ones lock the SIM.';
const USSD = 'Check the code, and whether the SIM is in its network; some networks know no USSD on LTE.';
const OTHER_PASSWORD = 'Set one on its web page.';
const NO_PAGE =
  'Its firmware does not know what was asked for; without a connection some send everything to a page. If it is no ' +
  'stick at all: check the address.';

export const HILINK_CURES = {
  HILINK_ERROR: RESTART,
  'HILINK_ERROR/not-supported': NO_FUNCTION,
  'HILINK_ERROR/busy': SOON,
  'HILINK_ERROR/request-form': NO_FUNCTION,
  'HILINK_ERROR/request-value': 'Check what was given; this firmware may not know it.',
  'HILINK_ERROR/not-found': 'Look again at what is there.',
  'HILINK_ERROR/no-sim': 'Check that the SIM is in, the right way round.',
  'HILINK_ERROR/sim-puk': 'Enter the PUK on the web page of the stick, or in a phone.',
  'HILINK_ERROR/sim-unusable': 'Wait some seconds and try again.',
  'HILINK_ERROR/pin-check-on': PIN,
  'HILINK_ERROR/pin-check-off': PIN,
  'HILINK_ERROR/wrong-pin': PIN,
  'HILINK_ERROR/wrong-puk': PIN,
  'HILINK_ERROR/own-pin': PIN,
  'HILINK_ERROR/somebody-else': ELSEWHERE,
  'HILINK_ERROR/battery': 'Charge it first.',
  'HILINK_ERROR/ussd-not-yet': SOON,
  'HILINK_ERROR/ussd-silent': USSD,
  'HILINK_ERROR/ussd-refused': USSD,
  'HILINK_ERROR/sms-busy': SOON,
  'HILINK_ERROR/done-before': 'There is nothing more to be done.',
  'HILINK_ERROR/no-such-sms': 'List the messages again: it may have been deleted.',
  'HILINK_ERROR/in-call': 'Wait until the call has ended.',
  'HILINK_ERROR/token': RIVAL,
  'HILINK_ERROR/session': RIVAL,
  'HILINK_ERROR/other-session': RIVAL,
  'HILINK_ERROR/network-settings': 'Check what was given.',

  LOGIN_REFUSED:
    'Check user and password of its web page; the same ones are not tried again, for it locks after a few.',
  'LOGIN_REFUSED/to-be-changed': OTHER_PASSWORD,
  'LOGIN_REFUSED/form': OTHER_PASSWORD,
  LOGIN_LOCKED:
    'Wait some minutes before the next try, and check the password; unplugging the stick ends it on some firmware.',
  'HILINK_ERROR/no-proof': ADDRESS,

  'HILINK_ERROR/no-http': ADDRESS,
  'HILINK_ERROR/to-own-page': NO_PAGE,
  'HILINK_ERROR/to-elsewhere': NO_PAGE,
  'HILINK_ERROR/to-https': 'Sticks of this kind have no HTTPS: check the address.',
  'HILINK_ERROR/too-long': ADDRESS,
  'HILINK_ERROR/empty': 'This firmware may not know what was asked for.',
  'HILINK_ERROR/web-page': 'This firmware does not know what was asked for, or this is not a HiLink stick.',
  'HILINK_ERROR/document-type': ADDRESS,
  'HILINK_ERROR/other-xml': ADDRESS,

  'HILINK_ERROR/nothing-told': `${ADDRESS} Some firmware does not tell everything.`,
  'TIMEOUT/data': 'Look again in a minute; without a network, or with a wrong APN, it cannot come up.',
  'TIMEOUT/web': RESTART,
  'STICK_GONE/web': 'Check the address, that the stick is plugged in, and that its network interface has an address.',
  'STICK_NOT_FOUND/other-at-address':
    'Two sticks have the same address: give one of them another LAN address, while the other is unplugged.',

  'BAD_ARGUMENT/web-address': 'Give one like http://192.168.8.1; sticks of this kind have no HTTPS.',
  'BAD_ARGUMENT/lan-address': 'Give one like 192.168.9.1; the stick hands out .100 to .200 of the same network.',
  'BAD_ARGUMENT/order-not-offered': (p) => `It takes ${p.offered.join(', ')}.`,
  'BAD_ARGUMENT/ussd-code': 'Give a code like *100#, or the number of an entry of the menu.',
  'BAD_ARGUMENT/sim-pin': 'Give the PIN of the SIM.',
  'COMMAND_REFUSED/no-pin-wanted': 'A PUK is best entered in a phone.',
  'COMMAND_REFUSED/pin-tries': 'Enter it on the web page of the stick, or in a phone.',
} satisfies Cures<Messages>;
