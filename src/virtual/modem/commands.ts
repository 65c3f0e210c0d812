/** All commands that are not basic ones, by name and operator. */

import { BASIC_NAMES } from './basic';
import { DATA_COMMANDS } from './data';
import type { Handler } from './handler';
import { IDENTITY_COMMANDS } from './identity';
import { NETWORK_COMMANDS } from './network';
import { PHONEBOOK_COMMANDS } from './phonebook';
import { PORT_COMMANDS } from './ports';
import { ERROR, type Reply } from './reply';
import { SETTING_COMMANDS } from './settings';
import { SIM_COMMANDS } from './sim';
import { SMS_COMMANDS } from './sms';
import type { ModemContext } from './state';
import { SYSCFGEX_COMMANDS } from './syscfgex';
import { USSD_COMMANDS } from './ussd';

/** What a name that the firmware does not know leads to. */
export function unknown(m: ModemContext): Reply {
  if (m.quirks.has('silent-unknown')) return { lines: [], unended: true };
  return { final: m.firmware === 'stick' ? 'COMMAND NOT SUPPORT' : 'ERROR' };
}

/** Names as E1752 and its kin list them: bare, basic ones first. */
const clac: Handler = (m) => {
  if (m.quirks.has('clac-error')) return ERROR;
  const names = new Set([...COMMANDS.keys()].map((name) => name.replace(/[=?]+$/, '')));
  const lines = [...BASIC_NAMES, ...names];
  return m.quirks.has('clac-silent') ? { lines, unended: true } : lines;
};

const ccid: Handler = (m) => {
  if (!m.quirks.has('ccid-hangs')) return unknown(m);
  m.hang('reset');
  return { lines: [], unended: true };
};

const COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...IDENTITY_COMMANDS,
  ...SETTING_COMMANDS,
  ...PORT_COMMANDS,
  ...SIM_COMMANDS,
  ...PHONEBOOK_COMMANDS,
  ...NETWORK_COMMANDS,
  ...SYSCFGEX_COMMANDS,
  ...DATA_COMMANDS,
  ...SMS_COMMANDS,
  ...USSD_COMMANDS,
  ['+CCID', ccid],
  ['+CLAC', clac],
]);

/** The reply to one command, without its AT. */
export function extended(command: string, m: ModemContext): Reply {
  const [, name = command, operator = '', args = ''] = /^([+^][A-Z0-9]+)(=\?|\?|=)?(.*)$/s.exec(command) ?? [];
  const handler = COMMANDS.get(name + operator);
  if (!handler || (operator !== '=' && args !== '')) return unknown(m);
  return handler(m, args);
}
