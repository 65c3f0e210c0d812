/** What only the command line can say is wrong. */

import { type Catalogue, failuresOf } from '../src/errors';

export const CLI_MESSAGES = {
  'BAD_ARGUMENT/usage': (p: { fault: string }) => p.fault,
  'BAD_ARGUMENT/log-file': (p: { path: string; text: string }) => `The log file ${p.path} cannot be written: ${p.text}`,
  'CANCELLED/signal': () => 'The job was cancelled.',
  'CANCELLED/unanswered': () => 'The job was cancelled before anything was changed.',
  'NOT_CONFIRMED/line': (p: { stick: string; what: string }) =>
    `${p.what} may cut the line of this machine, if that goes through the stick at ${p.stick}: nothing was changed.`,
  'BAD_ARGUMENT/no-pin': () => 'No PIN was given: nothing was entered.',
  'PROTOCOL/command': (p: { text: string }) => `The command failed: ${p.text}`,
  'WRONG_MODE/no-at-in-mode': (p: { which: string; mode: string }) =>
    `The stick at ${p.which} is in ${p.mode} mode: it has no AT port.`,
  'WRONG_MODE/no-at': (p: { which: string; runs: string }) =>
    `The stick at ${p.which} runs its ${p.runs}: it does not answer AT.`,
} satisfies Catalogue;

export const cliFailure = failuresOf(CLI_MESSAGES);
