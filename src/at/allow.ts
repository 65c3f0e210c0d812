/**
 * White list: where commands may come from outside (a topic or payload of the network), only those that somebody has
 * listed are sent. Judged is every command of a line, like the guard does, and the guard goes on to judge as well.
 */

import { failure } from '../errors';
import { type CommandLine, type CommandPart, parseLine, parseParts } from './command';

/**
 * One entry, written as the command without `AT`: `+CSQ` (that form only), `+CREG?`, `+COPS=?`, `+CMGD=3` (that value only),
 * `+CMGL=*` (any value), `I`. `D*` allows every dial string; a plain `AT` is always allowed.
 */
export type AllowList = readonly CommandPart[];

const ANY = '*';

/** Entries split at commas outside quotes, at semicolons and line ends. Error: BAD_ARGUMENT, names the entry. */
export function parseAllowList(text: string): AllowList {
  const entries = text
    .split(/[\r\n;]+|,(?=\s*(?:AT)?[+^*%$#&A-Z])/i)
    .map((entry) => entry.replaceAll(/^[\s,]+|[\s,]+$/g, ''))
    .filter((entry) => entry !== '');
  return entries.map(parseEntry);
}

function parseEntry(entry: string): CommandPart {
  const command = entry.replace(/^AT(?=.)/i, '');
  const any = command.endsWith('=*') ? '=*' : /^D\*$/i.test(command) ? ANY : '';
  // The wildcard is no part of a command: the parser gets a value in its place.
  const parts = parseParts(`AT${command.slice(0, command.length - any.length)}${any === '=*' ? '=0' : ''}`);
  const [part] = parts;
  if (parts.length !== 1 || !part || /[^ -~]/.test(entry)) {
    throw failure('BAD_ARGUMENT/allowed-command', { entry });
  }
  return any === '' ? part : { ...part, args: ANY };
}

/** Why `command` is not on `list`, as part of a sentence; undefined if all of it is. */
export function judgeAllowed(
  command: string,
  list: AllowList,
  line: CommandLine = parseLine(command),
): string | undefined {
  // Nobody knows what the stick takes for quoted then.
  if ((command.split('"').length - 1) % 2 === 1) return 'it holds a quote without its other half';
  const { parts } = line;
  // What the parser found no command in may still be one to the stick.
  if (parts.length === 0) return /^\s*AT\s*$/i.test(command) ? undefined : 'it is not on the list of allowed commands';
  // What the parser passed over would be sent all the same.
  if (!line.isWhole()) return 'it holds more than the commands of the list';
  const stranger = parts.find((part) => !list.some((entry) => allows(entry, part)));
  return stranger && `${stranger.name} in this form is not on the list of allowed commands`;
}

function allows(entry: CommandPart, part: CommandPart): boolean {
  if (entry.name !== part.name || entry.form !== part.form) return false;
  // A dial string is no argument to the parser: only the wildcard can mean it.
  return entry.args === ANY || (entry.args === part.args && part.name !== 'D');
}
