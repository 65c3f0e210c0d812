/** Sentences about AT commands and their answers. Commands come redacted. */

import type { Catalogue } from '../catalogue';

type List = readonly string[];

/** In front of what a command was refused by: numbers and words as the stick gave them. */
type Refusal = {
  command: string;
  /** The final line of the answer. */
  answer: string;
  /** What its number means, where the answer does not say so itself. */
  words: string | null;
  stick: string | null;
};

const refused = ({ command, stick, answer, words }: Refusal): string =>
  `The stick refused ${command}${stick === null ? '' : ` on ${stick}`}: ${answer}${words === null ? '' : ` (${words})`}.`;

type Sent = {
  path: string;
  command: string;
};

export const AT = {
  'AT_ERROR/refused': refused,
  'AT_ERROR/unknown-command': refused,
  'AT_ERROR/too-many-parameters': refused,
  'CME_ERROR/refused': refused,
  'CME_ERROR/no-sim': refused,
  'CME_ERROR/sim-pin': refused,
  'CME_ERROR/sim-starting': refused,
  'CME_ERROR/no-network': refused,
  'CMS_ERROR/refused': refused,
  'CMS_ERROR/barred': refused,
  'CMS_ERROR/rejected': refused,
  'CMS_ERROR/unknown-recipient': refused,
  'CMS_ERROR/unknown-sim': refused,
  'CMS_ERROR/no-service': refused,
  'CMS_ERROR/invalid-pdu': refused,
  'CMS_ERROR/no-sim': refused,
  'CMS_ERROR/sim-pin': refused,
  'CMS_ERROR/sim-starting': refused,
  'CMS_ERROR/sim-full': refused,
  'CMS_ERROR/no-service-centre': refused,
  'CMS_ERROR/no-network': refused,
  'CMS_ERROR/unknown': refused,

  'BAD_ARGUMENT/allowed-command': ({ entry }: { entry: string }) =>
    `The list of allowed commands holds "${entry}", which is no single command.`,
  'BAD_ARGUMENT/timeout': ({ command, timeout }: { command: string; timeout: number }) =>
    `The timeout of ${command} is ${timeout}.`,
  'BAD_ARGUMENT/connection': ({ connection }: { connection: number }) => `There is no connection ${connection}.`,
  'BAD_ARGUMENT/connection-text': ({ what }: { what: 'access point name' | 'user name' | 'password' }) =>
    `The ${what} of the data connection cannot be sent.`,
  'BAD_ARGUMENT/authentication': ({ authentication }: { authentication: string }) =>
    `There is no authentication ${authentication}.`,
  'BAD_ARGUMENT/systems': ({ order }: { order: string }) => `${order} is no order of systems.`,
  'BAD_ARGUMENT/system-missing': ({ system }: { system: string; offered: List }) =>
    `The stick does not know the system ${system}.`,
  'BAD_ARGUMENT/bands': ({ bands }: { bands: string; known: List }) => `${bands} are no GSM or WCDMA bands.`,
  'BAD_ARGUMENT/lte-bands': ({ bands }: { bands: string }) => `${bands} are no LTE bands.`,
  'BAD_ARGUMENT/bands-missing': ({ bands }: { bands: List; offered: List }) =>
    `The stick does not have ${bands.join(', ')}.`,
  'BAD_ARGUMENT/service-domain': ({ domain }: { domain: string; known: List }) =>
    `There is no service domain ${domain}.`,

  'COMMAND_INVALID/type': ({ type }: { type: string }) => `The AT command was not sent: it is no string but ${type}.`,
  'COMMAND_INVALID/empty': () => 'The AT command was not sent: it is empty.',
  'COMMAND_INVALID/character': ({ character }: { character: string }) =>
    `The AT command was not sent: it holds the character ${character}, and only printable ASCII can be sent.`,
  'COMMAND_INVALID/start': () => 'The AT command was not sent: it does not begin with AT.',
  'COMMAND_INVALID/length': ({ length, most }: { length: number; most: number }) =>
    `The AT command was not sent: it has ${length} characters, ${most} are the most.`,
  'COMMAND_INVALID/parts': ({ most }: { most: number }) =>
    `The AT command was not sent: it joins more than ${most} commands.`,
  'COMMAND_INVALID/body': ({ command }: { command: string }) =>
    `The text for ${command} holds a character that can't be sent.`,

  'COMMAND_REFUSED/not-listed': ({ command, why }: { command: string; why: string }) =>
    `${command} was not sent: ${why}.`,
  'COMMAND_REFUSED/guarded': ({ command, why }: { command: string; why: string }) => `${command} was not sent: ${why}.`,
  'COMMAND_REFUSED/never': ({ command, why }: { command: string; why: string }) => `${command} was not sent: ${why}.`,
  'COMMAND_REFUSED/composition': ({ stick, composition, why }: { stick: string; composition: string; why: string }) =>
    `The port composition ${composition} was not set on ${stick}: ${why}.`,

  'TIMEOUT/no-reply': ({ path, command, seconds }: Sent & { seconds: number }) =>
    `${path} did not answer ${command} within ${seconds} s.`,
  'TIMEOUT/out-of-step': ({ path }: { path: string }) =>
    `${path} has not answered since an earlier command timed out, so no other command was sent.`,
  'TIMEOUT/no-at': ({ path, tries }: { path: string; tries: number }) => `${path} did not answer AT in ${tries} tries.`,
  'WRONG_MODE/download-protocol': ({ path }: { path: string }) =>
    `${path} speaks the binary download protocol (HDLC), not AT.`,
  'PROTOCOL/prompt': ({ path, command }: Sent) =>
    `${path} answered ${command} with a prompt for a text, and none was given; the prompt was left.`,
  'PROTOCOL/reply': ({ path, command, why }: Sent & { why: string }) =>
    `The reply to ${command} on ${path} is unusable: ${why}.`,
  'PROTOCOL/no-selection': () => 'The stick answered AT^SYSCFGEX? without the selection of systems and bands.',
  'PROTOCOL/no-composition': ({ stick, lines }: { stick: string; lines: List }) =>
    `${stick} answered AT^SETPORT? with no port composition: ${lines.join(' | ') || 'nothing'}.`,
  'CANCELLED/command': ({ path, command }: Sent) => `${command} on ${path} was cancelled.`,
  'CANCELLED/not-opened': ({ path }: { path: string }) => `The AT channel on ${path} has not been opened yet.`,
  'CANCELLED/channel-closed': ({ path }: { path: string }) => `The AT channel on ${path} was closed.`,
  'STICK_GONE/write': ({ path, text }: { path: string; text: string }) => `Writing to ${path} failed: ${text}`,
} satisfies Catalogue;
