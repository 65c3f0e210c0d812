/** Sentences about gateways and their commands. No number, no text of anybody's. */

import type { Catalogue } from '../catalogue';

export const GATEWAY = {
  'BAD_ARGUMENT/gateway-name': ({ name }: { name: string }) => `A gateway cannot be called ${name}.`,
  'NAME_TAKEN/gateway': ({ gw }: { gw: string }) => `Another gateway uses the name ${gw}: nothing is sent.`,
  'BAD_ARGUMENT/command-json': ({ topic }: { topic: string }) => `The command on ${topic} is no JSON object.`,
  'BAD_ARGUMENT/command-schema': ({ kind, fault }: { kind: string; fault: string }) =>
    `The command does not fit the schema ${kind}-set: ${fault}.`,
  'BAD_ARGUMENT/command-length': ({ bytes, most }: { bytes: number; most: number }) =>
    `The command has ${bytes} bytes, ${most} are the most.`,
  'BAD_ARGUMENT/command-recipient': () => 'The command names no recipient, and the gateway has none of its own.',
  'BAD_ARGUMENT/contact': () => 'The gateway has no contact of this name.',
  'COMMAND_REFUSED/retained': ({ topic }: { topic: string }) =>
    `The command on ${topic} is retained by the broker, and was not carried out.`,
  'COMMAND_REFUSED/gateway-number': () => 'The recipient is not in the list of allowed numbers.',
  'COMMAND_REFUSED/gateway-short-number': () =>
    'The recipient is a short number, which may cost more than a usual one.',
  'COMMAND_REFUSED/gateway-off': ({ kind }: { kind: string }) => `Commands on ${kind}/set are turned off.`,
  'COMMAND_REFUSED/gateway-not-listed': ({ kind }: { kind: string }) => `The ${kind} command is not on the list.`,
  'COMMAND_REFUSED/gateway-radio': () =>
    'The radio was not switched: the web API of a stick in HiLink mode has no switch for it.',
  'RATE_LIMIT/sms': ({ limit, window }: { limit: number; window: string }) =>
    `The limit of ${limit} SMS ${window} is reached.`,
  'QUEUE_FULL/gateway': ({ waiting, most }: { waiting: number; most: number }) =>
    `${waiting} commands wait to be carried out, ${most} are the most.`,
  'FILE_NOT_WRITTEN/gateway-journal': ({ problems }: { problems: readonly string[] }) =>
    ['The journal of the gateway cannot be put on the disk.', ...problems].join(' '),
  'FILE_UNREADABLE/gateway-journal': ({ note }: { note: string }) =>
    `The journal ${note}.json of the gateway is of a newer version of this software, or cannot be read.`,
  'EXPIRED/gateway': () => 'The command was not carried out: its time was over before it came to its turn.',
  'EXPIRED/gateway-restart': () =>
    'The command was not carried out: it was on record before the machine was started, which may be a restored backup.',
  'MAYBE_SENT/gateway': () => 'The program ended while the command was carried out: nobody knows what became of it.',
  'CMS_ERROR/not-delivered': ({ status }: { status: number | null }) =>
    status === null
      ? 'The network could not deliver the SMS.'
      : `The network could not deliver the SMS (status ${status}).`,
} satisfies Catalogue;
