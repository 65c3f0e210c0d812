/** Cures of AT commands and their answers that are the same in every place. */

import type { Messages } from '../errors';
import type { Cures } from './cure';

const COMMAND = "Check the command and its parameters; the command's test form (=?) shows what the stick accepts.";
const LINE = 'Send one line that begins with AT; several commands are joined by ; in that line.';
const NO_SIM = 'Insert a SIM card and try again.';
const STARTING = 'The SIM is still starting; try again in some seconds.';
const NO_NETWORK = 'There is no network; check antenna, SIM and place.';
const CHANNEL = 'Open the channel and send the command again.';
const ASK_AGAIN = 'Try again; if it happens again, pull the stick out and plug it in again.';

export const AT_CURES = {
  'AT_ERROR/refused': COMMAND,
  'AT_ERROR/unknown-command': 'This firmware does not know the command; there is nothing to repair.',
  'AT_ERROR/too-many-parameters': 'Send the command with fewer parameters.',
  'CME_ERROR/refused': COMMAND,
  'CME_ERROR/no-sim': NO_SIM,
  'CME_ERROR/sim-starting': STARTING,
  'CME_ERROR/no-network': NO_NETWORK,
  'CMS_ERROR/refused': COMMAND,
  'CMS_ERROR/barred': 'The operator bars this SIM from sending SMS: ask the operator.',
  'CMS_ERROR/rejected': 'The network rejected it: check the number, the credit, and whether this SIM may send SMS.',
  'CMS_ERROR/unknown-recipient': 'The network does not know the recipient: check the number.',
  'CMS_ERROR/unknown-sim': 'The network does not know this SIM: check that it is active.',
  'CMS_ERROR/no-service': 'This SIM has no SMS service: ask the operator.',
  'CMS_ERROR/invalid-pdu': 'The stick did not take the message: check the number.',
  'CMS_ERROR/no-sim': NO_SIM,
  'CMS_ERROR/sim-starting': STARTING,
  'CMS_ERROR/sim-full': 'The SIM is full: delete messages.',
  'CMS_ERROR/no-service-centre':
    'The SIM has no number of a service centre: set it once with the command AT+CSCA, the number of the ' +
    "operator's service centre in quotes behind it.",
  'CMS_ERROR/no-network': NO_NETWORK,
  'CMS_ERROR/unknown': 'The network gives no reason: check the credit, the number, and the service centre (AT+CSCA?).',

  'BAD_ARGUMENT/allowed-command': 'Write each command without AT: +CSQ, +CREG?, +COPS=?, +CMGD=* for any value.',
  'BAD_ARGUMENT/connection': 'Use 1 to 16; 1 is the usual one.',
  'BAD_ARGUMENT/connection-text': 'Use at most 100 printable characters without quotation marks.',
  'BAD_ARGUMENT/authentication': 'Use PAP or CHAP.',
  'BAD_ARGUMENT/systems': 'Use auto, or some of LTE, WCDMA, GSM, each once.',
  'BAD_ARGUMENT/system-missing': (p) => `It knows ${p.offered.join(', ')}.`,
  'BAD_ARGUMENT/bands': (p) => `Use some of ${p.known.join(', ')}.`,
  'BAD_ARGUMENT/lte-bands': 'Use any, or some of B1 to B64.',
  'BAD_ARGUMENT/bands-missing': (p) => `It has ${p.offered.join(', ')}.`,
  'BAD_ARGUMENT/service-domain': (p) => `Use one of ${p.known.join(', ')}.`,

  COMMAND_INVALID: LINE,
  'COMMAND_INVALID/body': 'Leave out ESC, Ctrl-Z, NUL and characters that do not fit into one byte.',
  'COMMAND_REFUSED/never': 'Nothing that can be set changes that.',
  'COMMAND_REFUSED/composition':
    'Choose codes from the answer to AT^SETPORT=?, with one that it calls PCUI behind the semicolon.',

  'TIMEOUT/out-of-step': ASK_AGAIN,
  'TIMEOUT/no-at':
    'It may not be the AT port (PCUI) of the stick, another program may hold the conversation, or the stick hangs: ' +
    'choose another port, or pull the stick out and plug it in again.',
  'WRONG_MODE/download-protocol':
    'The stick was left in download mode: finish or repeat the firmware write, or replug the stick.',
  'PROTOCOL/prompt': 'Leave commands out that ask for a text, like AT+CMGS.',
  'PROTOCOL/reply': ASK_AGAIN,
  'PROTOCOL/no-selection': ASK_AGAIN,
  'PROTOCOL/no-composition': ASK_AGAIN,
  'CANCELLED/command': 'If it had been sent already, the stick may have carried it out.',
  'CANCELLED/not-opened': CHANNEL,
  'CANCELLED/channel-closed': CHANNEL,
  'STICK_GONE/write': 'Plug the stick in again, or wait until it has come back, and send the command again.',
} satisfies Cures<Messages>;
