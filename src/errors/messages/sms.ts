/** Sentences about SMS and USSD. No number, no text, no code of anybody's. */

import type { Catalogue } from '../catalogue';

type Part = {
  /** The first one that has not been sent, from 1. */
  part: number;
  parts: number;
};

type Progress = {
  /** Parts that had been sent. */
  sent: number;
  parts: number;
};

type Whose = { what: 'The number' | "The recipient's number" };

const thePart = ({ part, parts }: Part): string => (parts > 1 ? `Part ${part} of ${parts} of the SMS` : 'The SMS');
const partly = ({ sent, parts }: Progress): string => (sent > 0 ? ` ${sent} of ${parts} parts had been sent.` : '');

export const SMS = {
  'BAD_ARGUMENT/number-missing': ({ what }: Whose) => `${what} is missing.`,
  'BAD_ARGUMENT/number-characters': ({ what }: Whose) => `${what} holds characters that no number has.`,
  'BAD_ARGUMENT/number-length': ({ what, digits, most }: Whose & { digits: number; most: number }) =>
    `${what} has ${digits} digits, ${most} are the most.`,
  'BAD_ARGUMENT/text-empty': () => 'The text is empty.',
  'BAD_ARGUMENT/message-id': ({ id }: { id: string }) => `${id} is not the id of a message.`,
  'BAD_ARGUMENT/no-such-message': ({ id }: { id: string }) => `There is no message ${id}: nothing was changed at it.`,
  'BAD_ARGUMENT/text-missing': () => 'The text is missing.',
  'BAD_ARGUMENT/validity': () => 'The validity is no number of minutes above 0.',
  'BAD_ARGUMENT/time-to-live': () => 'The time to live is no number of milliseconds above 0.',
  'BAD_ARGUMENT/sms-parts': ({ parts, most }: { parts: number; most: number }) =>
    `The text needs ${parts} SMS, ${most} are the most.`,
  'BAD_ARGUMENT/sms-parts-allowed': ({ parts, allowed }: { parts: number; allowed: number }) =>
    `The text needs ${parts} SMS, ${allowed} are allowed.`,
  'BAD_ARGUMENT/sms-id': () => 'The id of the SMS is none.',
  'ID_REUSED/other-message': ({ id }: { id: string }) =>
    `The SMS was not sent: another one was given the id ${id} before.`,
  'QUEUE_FULL/sms': ({ waiting, most }: { waiting: number; most: number }) =>
    `${waiting} SMS are waiting to be sent, ${most} are the most.`,
  'FILE_NOT_WRITTEN/outbox': ({ problems }: { problems: readonly string[] }) =>
    ['The outbox cannot be put on the disk.', ...problems].join(' '),
  'FILE_UNREADABLE/newer-outbox': ({ note }: { note: string }) =>
    `The outbox ${note}.json is of a newer version of this software.`,
  'FILE_UNREADABLE/newer-sms-note': ({ note }: { note: string }) =>
    `The note ${note}.json is of a newer version of this software.`,
  'EXPIRED/turn': (progress: Progress) =>
    `The SMS was not sent: its time was over before its turn came.${partly(progress)}`,
  'EXPIRED/restart': (progress: Progress) =>
    'The SMS was not sent: it was on record before the machine was started, which may be a restored backup.' +
    partly(progress),
  'MAYBE_SENT/program-ended': (part: Part) =>
    `${thePart(part)} may have been sent: the program ended while the stick had it.`,
  'MAYBE_SENT/interrupted': ({ why, ...part }: Part & { why: string }) => `${thePart(part)} may have been sent: ${why}`,
  'CANCELLED/sms': ({ sent, parts }: Progress) =>
    `The SMS was called off before it was sent.${partly({ sent, parts })}`,
  'CANCELLED/sms-unused': () => 'Nobody uses the SMS of this stick any more.',
  'CANCELLED/sms-share': () => 'This share in the SMS of the stick has been given back.',
  'CANCELLED/port-closed': () => 'The AT port is not open any more.',
  'BUSY/sim-starting': ({ why }: { why: string }) => `The SIM is still starting: ${why}`,
  'PROTOCOL/sending': ({ text }: { text: string }) => `Sending failed: ${text}`,
  'PROTOCOL/reading': ({ text }: { text: string }) => `The messages of the stick could not be read: ${text}`,
  'PROTOCOL/fate': ({ state }: { state: string }) => `The SMS is ${state}.`,

  'BAD_ARGUMENT/ussd-empty': () => 'The USSD text is empty.',
  'BAD_ARGUMENT/ussd-length': () => 'The USSD text is too long.',
  'BAD_ARGUMENT/ussd-characters': () => 'The USSD text holds characters that this stick cannot send.',
  'COMMAND_REFUSED/sim-code': () => 'The USSD code was not sent: a wrong PIN or password in it uses up a try.',
  'BUSY/ussd': () => 'Another USSD conversation is under way on this stick.',
  'TIMEOUT/ussd': ({ seconds }: { seconds: number }) =>
    `The network did not answer the USSD request within ${seconds} s.`,
  'TIMEOUT/ussd-network': () => 'The network gave up the USSD request.',
  'AT_ERROR/ussd-unsupported': () => 'The network does not support this USSD request.',
  'AT_ERROR/ussd-ended': () => 'The network ended the USSD request without an answer.',
} satisfies Catalogue;
