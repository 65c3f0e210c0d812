/** The bytes of an answer, with the peculiarities of the firmware. */

import type { LineResult } from './line';
import type { Quirk } from './quirks';
import type { Settings } from './state';

/** What asks for the body of a message: no final result code follows. */
export const PROMPT = '\r\n> ';

/** Numeric result codes of V0. */
const NUMERIC: Readonly<Record<string, string>> = {
  OK: '0',
  CONNECT: '1',
  RING: '2',
  'NO CARRIER': '3',
  ERROR: '4',
  'NO DIALTONE': '6',
  BUSY: '7',
  'NO ANSWER': '8',
};

/** A line of an answer, or a URC, as this firmware writes it. */
export function written(line: string, quirks: ReadonlySet<Quirk>): string {
  let out = line;
  if (quirks.has('colon-blank')) out = out.replace(/^([+^][A-Za-z]+:)(?! )/, '$1 ');
  if (quirks.has('colon-tight')) out = out.replace(/^([+^][A-Za-z]+:) /, '$1');
  if (quirks.has('no-quotes') && /^(\^SYSINFOEX|\^HCSQ|\+C[GE]?REG):/.test(out)) out = out.replaceAll('"', '');
  return out;
}

/** `noise` goes before each line. */
export function rendered(
  { blocks, final, prompt }: LineResult,
  { verbose, quiet }: Settings,
  quirks: ReadonlySet<Quirk>,
  noise = '',
): Buffer {
  const between = quirks.has('blank-lines') ? '\r\n\r\n' : '\r\n';
  let out = '';
  for (const block of blocks) {
    const lines = block.map((line) => written(line, quirks)).join(`${between}${noise}`);
    out += `${noise}${verbose ? '\r\n' : ''}${lines}${between}`;
  }
  if (prompt) out += noise + PROMPT;
  else if (final !== '' && !quiet) {
    const code = verbose ? undefined : NUMERIC[final];
    out += noise + (code === undefined ? `\r\n${final}\r\n` : `${code}\r`);
  }
  if (quirks.has('double-cr')) out = out.replaceAll('\r\n', '\r\r\n');
  if (quirks.has('nul-before') && out !== '') out = `\0${out}`;
  return Buffer.from(out, 'latin1');
}
