/** One AT command line: taken apart after V.250, its commands run in order until one is refused. */

import { COMMANDS, cmeFinal, identification, type Reply } from './modem-commands';
import { freshSettings, type ModemContext } from './modem-state';

/** Most commands of a line, and most characters: the limits of Huawei's parser. */
const MAX_COMMANDS = 40;
const MAX_CHARACTERS = 545;

export interface LineResult {
  /** Information text of each command that had any. */
  blocks: string[][];
  /** OK, ERROR, +CME ERROR: ..., COMMAND NOT SUPPORT. */
  final: string;
}

/** Splits at `;` and drops blanks and case, outside quotes. */
function commandsOf(text: string): string[] {
  const parts = [''];
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    if (c === ';' && !quoted) parts.push('');
    else if (quoted || c !== ' ') parts[parts.length - 1] += quoted ? c : c.toUpperCase();
  }
  return parts;
}

/** `line` without its CR; it starts with AT. */
export function runLine(line: string, m: ModemContext): LineResult {
  const blocks: string[][] = [];
  const commands = commandsOf(line.slice(2));
  if (line.length > MAX_CHARACTERS || commands.length > MAX_COMMANDS) return { blocks, final: 'ERROR' };
  for (const command of commands) {
    for (let rest = command; rest !== ''; ) {
      const { reply, used } = /^[A-Z&]/.test(rest) ? basic(rest, m) : { reply: extended(rest, m), used: rest.length };
      if (!Array.isArray(reply)) {
        return { blocks, final: 'cme' in reply ? cmeFinal(reply.cme, m.settings.cmee) : reply.final };
      }
      if (reply.length > 0) blocks.push(reply);
      rest = rest.slice(used);
    }
  }
  return { blocks, final: 'OK' };
}

function unknown(m: ModemContext): Reply {
  return { final: m.firmware === 'stick' ? 'COMMAND NOT SUPPORT' : 'ERROR' };
}

function extended(command: string, m: ModemContext): Reply {
  const [, name = command, operator = '', args = ''] = /^([+^][A-Z0-9]+)(=\?|\?|=)?(.*)$/.exec(command) ?? [];
  const handler = COMMANDS.get(name + operator);
  if (!handler || (operator !== '=' && args !== '')) return unknown(m);
  return handler(m, args);
}

/** A basic command: a letter (with & before it, or S and a register) and a number. */
function basic(rest: string, m: ModemContext): { reply: Reply; used: number } {
  const [whole = rest, name = '', value = ''] = /^(S\d+|&?[A-Z])=?(\d*)/.exec(rest) ?? [];
  const run = (): Reply => {
    const number = Number(value);
    switch (name) {
      case 'E':
        if (number > 1) return { final: 'ERROR' };
        m.settings.echo = number === 1;
        return [];
      case 'V':
        if (number > 1) return { final: 'ERROR' };
        m.settings.verbose = number === 1;
        return [];
      case 'I':
        return identification(m);
      case 'Z':
      case '&F':
        Object.assign(m.settings, freshSettings(m.firmware));
        return [];
      case 'Q':
        return number === 0 ? [] : { final: 'ERROR' };
      case 'H':
      case 'X':
      case '&C':
      case '&D':
        return [];
      default:
        return name.startsWith('S') ? [] : unknown(m);
    }
  };
  return { reply: run(), used: Math.max(1, whole.length) };
}
