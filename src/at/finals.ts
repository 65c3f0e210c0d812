/**
 * Final result codes: the line that ends a reply. Always the WHOLE line: an operator may be called "OK" and a message
 * may hold "ERROR".
 *
 * The digits of `ATV0` are no finals here: `0` is also the information line of ^SIGNVER, ^NVBACKUP and ^INFORBU. Only
 * a bare `AT`, which has no information lines, may be answered by a digit; see {@link isNumericOk}.
 */

import { CME_TEXTS, CMS_TEXTS, numberOfText } from './errors-table';

export interface Final {
  /** `call`: the end of a call or data connection, final for commands that dial, unsolicited for all others. */
  kind: 'ok' | 'error' | 'cme' | 'cms' | 'call';
  /** The line as it came. */
  text: string;
  /** CME or CMS number, also looked up from the words. */
  number?: number;
  /** The error in words. */
  words?: string;
}

const OK: Final = { kind: 'ok', text: 'OK' };

const PLAIN: ReadonlyMap<string, Final['kind']> = new Map([
  ['OK', 'ok'],
  ['ERROR', 'error'],
  ['COMMAND NOT SUPPORT', 'error'],
  ['TOO MANY PARAMETERS', 'error'],
  ['MODEM ERROR', 'error'],
  ['ABORT', 'error'],
  ['NO CARRIER', 'call'],
  ['NO DIALTONE', 'call'],
  ['NO ANSWER', 'call'],
  ['BUSY', 'call'],
]);

/** `line` as a final result code, or undefined. */
export function parseFinal(line: string): Final | undefined {
  if (line === 'OK') return OK;
  // Cheap way out for nearly all lines: finals begin with one of these letters.
  if (!'OECTMANB+'.includes(line.charAt(0))) return undefined;
  const text = line.trimEnd();
  const kind = PLAIN.get(text);
  if (kind) return { kind, text };
  if (text === 'CONNECT' || text.startsWith('CONNECT ')) return { kind: 'ok', text };
  if (text.startsWith('+CME ERROR:')) return withNumber('cme', text, CME_TEXTS);
  if (text.startsWith('+CMS ERROR:')) return withNumber('cms', text, CMS_TEXTS);
  return undefined;
}

function withNumber(kind: 'cme' | 'cms', text: string, table: ReadonlyMap<number, string>): Final {
  const value = text.slice('+CME ERROR:'.length).trim();
  const number = /^\d{1,5}$/.test(value) ? Number(value) : numberOfText(table, value);
  const final: Final = { kind, text };
  if (number !== undefined) final.number = number;
  const words = number === undefined ? value : table.get(number);
  if (words) final.words = words;
  return final;
}

/** The answer of a stick in `ATV0` to a bare `AT`. */
export const isNumericOk = (line: string): boolean => line === '0';

/** An error glued in front of another line without a line end: `ERROR+CNUM: ...`, `+CME ERROR: 25+CNUM: ...`. */
export function splitGlued(line: string): { error: string; rest: string } | undefined {
  if (!line.startsWith('ERROR') && !line.startsWith('+CM')) return undefined;
  const match = /^(ERROR|\+CM[ES] ERROR: ?\d+)([+^][A-Z].*)$/i.exec(line);
  return match?.[1] && match[2] ? { error: match[1], rest: match[2] } : undefined;
}
