/** Cures of what a gateway refuses. */

import type { Messages } from '../errors';
import type { Cures } from './cure';

const SCHEMA = 'The schemas are in schemas/mqtt/v1 of the package, and docs/gateway.md has an example of each command.';
const OTHER_ID = 'Give each command an id of its own.';

export const GATEWAY_CURES = {
  'BAD_ARGUMENT/gateway-name': 'Use up to 32 of the letters a to z, digits and _.',
  'NAME_TAKEN/gateway': (p) =>
    `Give this gateway another name. If ${p.gw} is this one after all, as on a new machine, send it the message take-over.`,
  'BAD_ARGUMENT/command-json': SCHEMA,
  'BAD_ARGUMENT/command-schema': SCHEMA,
  'BAD_ARGUMENT/command-length': 'Send less in one command.',
  'BAD_ARGUMENT/command-recipient': 'Name one with to, or set a default recipient in the gateway.',
  'BAD_ARGUMENT/contact': 'Add it to the contacts of the gateway, or correct the name behind the @.',
  'COMMAND_REFUSED/retained': (p) => `Send it without retain, and empty the topic: mosquitto_pub -r -n -t ${p.topic}`,
  'COMMAND_REFUSED/gateway-number': 'Add the number to the list of the gateway if it may get messages.',
  'COMMAND_REFUSED/gateway-short-number': 'Add it to the list of allowed numbers of the gateway if it is meant.',
  'COMMAND_REFUSED/gateway-off': 'List what may be sent in the gateway.',
  'COMMAND_REFUSED/gateway-not-listed': 'Add it to the list of the gateway if it may be sent.',
  'COMMAND_REFUSED/gateway-radio': 'A stick with serial ports can do it; docs/leave-hilink.md says how it becomes one.',
  'RATE_LIMIT/sms': `Wait, or raise the limit of the gateway if so many are meant to be sent. ${OTHER_ID}`,
  'QUEUE_FULL/gateway': `Wait until some have been carried out. ${OTHER_ID}`,
  'FILE_NOT_WRITTEN/gateway-journal': "Make room on the disk, or let Node-RED's user write into its user folder.",
  'FILE_UNREADABLE/gateway-journal': 'Install the newer version again, or move the file away.',
  'EXPIRED/gateway': 'Send it again under another id if it still matters.',
  'EXPIRED/gateway-restart': 'Send it again under another id if it still matters.',
  'MAYBE_SENT/gateway': `Look what became of it before you send it again. ${OTHER_ID}`,
  'CMS_ERROR/not-delivered': 'Check the number, and whether the recipient can be reached.',
} satisfies Cures<Messages>;
