/** Lines that the modem sends unasked, told by their prefix: what stands before the colon, in capitals. */

import { COMMANDS } from './commands/table';

export const isUrcPrefix = (prefix: string): boolean => COMMANDS.get(prefix)?.urc !== undefined;

/** Of other shared prefixes a set form gets a bare OK. */
export const answersItsSetForm = (prefix: string): boolean => COMMANDS.get(prefix)?.urc === 'setAnswers';

/**
 * `+CREG` of `+CREG: 1,"1607","14DB"`, `^NDISSTATQRY` of `^NDISSTATQry:1`, `RING` of `RING`; empty where a line has no
 * prefix. Always in capitals: firmware mixes cases.
 */
export function linePrefix(line: string): string {
  const first = line.charCodeAt(0);
  if (first !== 0x2b && first !== 0x5e) return line === 'RING' ? line : '';
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  return name.length > 1 && name.length <= 24 && /^.[A-Za-z][A-Za-z0-9]*$/.test(name) ? name.toUpperCase() : '';
}

/** While a query of `prefix` runs: does this line's shape say that it is a URC all the same? */
export const hasUrcShape = (prefix: string, line: string): boolean =>
  COMMANDS.get(prefix)?.isUrc?.(line.slice(line.indexOf(':') + 1).trim()) === true;
