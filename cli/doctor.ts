/** `e3272 doctor`: what is wrong with this machine and its sticks, what matters first. Changes nothing. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cureOfFinding } from '../src/cures/findings';
import { examine, type Finding, type Level } from '../src/doctor';
import type { Context } from './context';
import { CLI_FINDING_CURES } from './cures-doctor';

export interface DoctorOptions {
  /** Folder of loader and firmware files; by default that of Node-RED, if it is there. */
  files?: string;
  /** See {@link import('../src/doctor').ExamineOptions}. */
  patience: number;
  version: string;
}

const WIDTH = 80;
const MARKS: Readonly<Record<Level, string>> = { error: 'WRONG', warn: 'Note', ok: 'ok' };
const INDENT = ' '.repeat(7);

export async function doctorCommand(
  { host, which, out, signal }: Context,
  { files, patience, version }: DoctorOptions,
): Promise<boolean> {
  const folder = files ?? usualFolder();
  const findings = await examine({ host, which, version, patience, signal, ...(folder !== undefined && { folder }) });
  for (const found of findings) {
    const { id, level, stick, params, text } = found;
    const cure = level === 'ok' ? undefined : cureOfFinding(CLI_FINDING_CURES, found);
    for (const line of peopleLines(found, cure)) out.result(line);
    out.object({
      type: 'finding',
      id,
      level,
      ...(stick !== undefined && { stick }),
      params,
      text,
      ...(cure !== undefined && { cure }),
    });
  }
  const count = (level: Level) => findings.filter((found) => found.level === level).length;
  const [errors, warnings] = [count('error'), count('warn')];
  const ok = errors === 0;
  out.result('');
  out.result(
    ok
      ? `Nothing keeps a stick from working${warnings > 0 ? `; ${warnings} thing${warnings > 1 ? 's' : ''} to know about` : ''}.`
      : `${errors} thing${errors > 1 ? 's keep' : ' keeps'} a stick from working. Begin with the first one.`,
  );
  out.object({ type: 'result', ok, errors, warnings });
  return ok;
}

/** Where Node-RED keeps them. */
function usualFolder(): string | undefined {
  const folder = join(homedir(), '.node-red/e3272/files');
  return existsSync(folder) ? folder : undefined;
}

/** The finding, and its cure below it; lines to copy are not broken. */
export function peopleLines({ level, text }: Pick<Finding, 'level' | 'text'>, cure: string | undefined): string[] {
  const [first = '', ...more] = wrapped(text, WIDTH - INDENT.length);
  const advice = cure === undefined ? [] : `-> ${cure}`.split('\n');
  return [
    `${MARKS[level].padEnd(INDENT.length)}${first}`,
    ...more.map((line) => INDENT + line),
    ...advice.flatMap((line) =>
      // What is to be copied is no sentence.
      /[.:]$/.test(line) ? wrapped(line, WIDTH - INDENT.length).map((part) => INDENT + part) : `${INDENT}     ${line}`,
    ),
  ];
}

/** At blanks only: a path or an address stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
