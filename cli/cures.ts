/** What to do about each error, in the words of the command line: its options and commands. */

import { ADDON_CURES } from '../src/cures/addon';
import { COMMON_ADDED, COMMON_CURES } from '../src/cures/common';
import { type Cures, hintOf, placeOf } from '../src/cures/cure';
import type { DriverError, Messages } from '../src/errors';
import { FLASH_CLI_CURES } from './cures-flash';
import { STICK_CLI_CURES } from './cures-stick';
import type { CLI_MESSAGES } from './messages';

export type CliMessages = Messages & typeof CLI_MESSAGES;

const WAY = 'See `e3272 convert --help` for the way from there to an AT port.';

const OWN = {
  'BAD_ARGUMENT/usage': 'See `e3272 --help`.',
  'BAD_ARGUMENT/log-file': 'Name another file with --log.',
  'CANCELLED/signal': 'The same command takes up from here.',
  'CANCELLED/unanswered': 'Repeat it when you are ready.',
  'NOT_CONFIRMED/line': 'If it may be cut, or goes another way, repeat it with --force.',
  'BAD_ARGUMENT/no-pin': 'Give it in the environment variable E3272_SIM_PIN, or type it on a terminal.',
  'PROTOCOL/command': 'Repeat it; if it happens again, report it with what was shown.',
  'WRONG_MODE/no-at-in-mode': WAY,
  'WRONG_MODE/no-at': WAY,
} satisfies Cures<CliMessages>;

export const CLI = placeOf<CliMessages>()(
  { ...COMMON_CURES, ...FLASH_CLI_CURES, ...STICK_CLI_CURES, ...OWN },
  COMMON_ADDED,
  ADDON_CURES,
);

/** An error as `--json` shows it. */
export function jsonOf(error: DriverError): object {
  const { code, reason, message, params, stick } = error;
  const hint = hintOf(CLI, error);
  return { code, reason, message, ...(hint !== undefined && { hint }), params, ...(stick !== undefined && { stick }) };
}
