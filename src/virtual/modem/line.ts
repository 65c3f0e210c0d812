/** One AT command line: taken apart after V.250, its commands run in order until one is refused. */

import { basic } from './basic';
import { extended, unknown } from './commands';
import { cmeFinal, cmsFinal, type Prompt, type Reply } from './reply';
import type { ModemContext } from './state';

/** Most commands of a line, and most characters: the limits of Huawei's parser. */
const MAX_COMMANDS = 40;
const MAX_CHARACTERS = 545;

export interface LineResult {
  /** Information text of each command that had any. */
  blocks: string[][];
  /** OK, ERROR, +CME ERROR: ..., COMMAND NOT SUPPORT; '' = none comes. */
  final: string;
  /** Instead of a final result code: what comes next is for this. */
  prompt?: Prompt;
  /** Work beyond the usual time, milliseconds. */
  ms: number;
  /** What follows once the answer is out. */
  after: (() => void)[];
}

export const refused = (final: string): LineResult => ({ blocks: [], final, ms: 0, after: [] });

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
  const result: LineResult = { blocks: [], final: 'OK', ms: 0, after: [] };
  const commands = commandsOf(line.slice(2));
  if (line.length > MAX_CHARACTERS || commands.length > MAX_COMMANDS) return refused('ERROR');
  for (const command of commands) {
    for (let rest = command; rest !== ''; ) {
      const { reply, used } = /^[A-Z&]/.test(rest) ? basic(rest, m) : { reply: extended(rest, m), used: rest.length };
      if (!add(result, reply ?? unknown(m), m)) return result;
      rest = rest.slice(used);
    }
  }
  return result;
}

/** Adds what a command led to. False: it ends the line. */
export function add(result: LineResult, reply: Reply, m: ModemContext): boolean {
  if (Array.isArray(reply)) {
    if (reply.length > 0) result.blocks.push(reply);
    return true;
  }
  if ('lines' in reply) {
    result.ms += reply.ms ?? 0;
    if (reply.after) result.after.push(reply.after);
    add(result, reply.lines, m);
    if (reply.unended) result.final = '';
    return !reply.unended;
  }
  if ('prompt' in reply) result.prompt = reply;
  else if ('cme' in reply) result.final = cmeFinal(reply.cme, m.settings.cmee);
  else if ('cms' in reply) result.final = cmsFinal(reply.cms, m.settings.cmee);
  else result.final = reply.final;
  return false;
}
