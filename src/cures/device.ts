/** Cures of a stick that is kept in use, and of its SMS and USSD, that are the same in every place. */

import type { Messages } from '../errors';
import type { Cures } from './cure';

const LOOK_FIRST = 'If it had been sent already, the stick may have carried it out: look before you send it again.';
const STILL = 'Send it again if it still matters.';
const NUMBER = 'Give a number like +491701234567, 01713920000 or a short code like 22922.';
const SMS_TEXT = 'Give the text of the SMS as a string.';
const USSD_TEXT = 'Send a code like *100#, or the answer to a menu.';
const USSD = 'Check the code, and whether the SIM is in its network; some networks know no USSD on LTE.';
const TWICE = 'It is not sent again by itself. Send it again if the recipient may have it twice, or ask there first';
const AGAIN = 'Try again; if it happens again, pull the stick out and plug it in again.';

export const DEVICE_CURES = {
  'BUSY/at-job': 'Wait until the job has ended; the AT port comes back by itself.',
  'TIMEOUT/recovering': 'Try again in a minute; the status tells when it answers.',
  'TIMEOUT/not-open': 'It may still be starting: try again in a few seconds.',
  'BUSY/job-began': LOOK_FIRST,
  'BUSY/handed-over-meanwhile': LOOK_FIRST,
  'CANCELLED/other-stick': 'Send it again if this one is meant.',
  'STICK_GONE/at-port': 'Plug it in again; the AT port is opened by itself.',
  'HILINK_ERROR/no-lan-address': (p) =>
    `Let the system ask for an address there, without a default route: \`nmcli device connect ${p.interface}\`, or DHCP in ` +
    'systemd-networkd with UseGateway=false and UseDNS=false.',
  'HILINK_ERROR/no-web': 'It needs up to a minute after it was plugged in; it is tried again by itself.',
  'STICK_NOT_FOUND/other-answers': 'Pull out the stick that is not meant, and plug the other one in again.',
  'HILINK_ERROR/sms-form': 'Send it again as a usual message.',
  'HILINK_ERROR/sms-failed': 'Check number, credit and network.',
  'HILINK_ERROR/sms-no-network': 'Check reception, and that the SIM is allowed into a network.',
  'HILINK_ERROR/sms-unknown': 'Look into the sent messages on the web page of the stick before you send it again.',
  'TIMEOUT/web-not-found': 'It may still be starting: try again in a minute.',
  'WRONG_MODE/not-hilink': 'Try again: it may have changed its mode meanwhile.',
  'CANCELLED/web-settings': LOOK_FIRST,
  'STICK_AMBIGUOUS/same-lan': (p) =>
    `Pull out the one at ${p.other}, give the one at ${p.stick} another address on its web page (DHCP, like 192.168.9.1), and ` +
    'plug the other one in again.',
  'STICK_AMBIGUOUS/other-lan': (p) =>
    `Set no address by hand where the program sees the network of the stick at ${p.stick}; in a network namespace or ` +
    'container that has only the other one, use the other one.',
  'HILINK_ERROR/lan-taken': (p) =>
    `Unplug ${p.other} or give the stick another address on its web page (DHCP, like 192.168.9.1).`,
  'PROTOCOL/web-session': AGAIN,
  'NOT_SWITCHED/failed': 'Unplug it, wait five seconds, plug it in again.',
  'TIMEOUT/radio': 'Pull the stick out and plug it in again.',
  'TIMEOUT/names': 'It is asked again by itself; if it stays silent, pull it out and plug it in again.',
  'PROTOCOL/session': AGAIN,
  'PROTOCOL/at-port': AGAIN,
  'QUEUE_FULL/turn': 'Send fewer, or wait for the answer before the next one.',

  'BAD_ARGUMENT/number-missing': NUMBER,
  'BAD_ARGUMENT/number-characters': NUMBER,
  'BAD_ARGUMENT/number-length': NUMBER,
  'BAD_ARGUMENT/text-empty': SMS_TEXT,
  'BAD_ARGUMENT/message-id': 'Take the ids from a list of the messages.',
  'BAD_ARGUMENT/no-such-message': 'List the messages again: it may have been deleted, and its id given to another one.',
  'BAD_ARGUMENT/text-missing': SMS_TEXT,
  'BAD_ARGUMENT/validity': 'Give a number of minutes above 0, or none at all.',
  'BAD_ARGUMENT/time-to-live': 'Give a time above 0, or none at all.',
  'BAD_ARGUMENT/sms-parts': 'Send a shorter text.',
  'BAD_ARGUMENT/sms-parts-allowed': 'Send a shorter text, or allow more parts.',
  'BAD_ARGUMENT/sms-id': 'Give 1 to 64 letters, digits, dots, colons, dashes and underscores; or none at all.',
  'ID_REUSED/other-message':
    'Give each message an id of its own. The same id is for the same message, where nobody knows if it was taken.',
  'QUEUE_FULL/sms': 'Send fewer, or allow a longer queue.',
  'FILE_NOT_WRITTEN/outbox':
    'Make room there, or give this user a folder for state. Without a record a message could be sent twice after a ' +
    'restart, so none is sent.',
  'FILE_UNREADABLE/newer-outbox':
    'It is left as it is, and nothing is sent: it may have been sent already. Update the package again.',
  'FILE_UNREADABLE/newer-sms-note':
    'It is left as it is, so messages may come again after a restart. Update the package again.',
  'EXPIRED/turn': 'Send it again if it still matters, or give such messages more time.',
  'EXPIRED/restart': STILL,
  'MAYBE_SENT/program-ended': `${TWICE}.`,
  'MAYBE_SENT/interrupted': `${TWICE}; a status report tells what has arrived.`,
  'CANCELLED/sms': STILL,
  'BUSY/sim-starting': 'It is tried again by itself.',
  'PROTOCOL/sending': AGAIN,
  'PROTOCOL/reading': AGAIN,
  'PROTOCOL/fate': STILL,

  'BAD_ARGUMENT/ussd-empty': USSD_TEXT,
  'BAD_ARGUMENT/ussd-length': USSD_TEXT,
  'BAD_ARGUMENT/ussd-characters': USSD_TEXT,
  'COMMAND_REFUSED/sim-code': 'Change PIN and call barring in a phone.',
  'BUSY/ussd': 'Wait until it has ended; an open menu is left after two minutes.',
  'TIMEOUT/ussd': USSD,
  'TIMEOUT/ussd-network': USSD,
  'AT_ERROR/ussd-unsupported': USSD,
  'AT_ERROR/ussd-ended': USSD,
} satisfies Cures<Messages>;
