/** A virtual stick as one that was recorded: its mode, its ports, what it called itself, and its answers. */

import { readFileSync } from 'node:fs';
import { textOf } from '../src/errors';
import { readTrace, type TraceRecord } from '../src/record/format';
import { Facts } from '../src/unproven/facts';
import type { StickOptions } from '../src/virtual/options';
import { type Script, scriptOf, setportOf } from '../src/virtual/script';
import { cliFailure } from './messages';
import type { VirtualMode } from './virtual-modes';

export interface Like {
  mode: VirtualMode;
  script: Script;
  /** For one more stick like it, which plays from the beginning. */
  options(): Partial<StickOptions>;
  /** The same without what was recorded: our own stick of that kind. */
  ours: Partial<StickOptions>;
}

/** Error: BAD_ARGUMENT, where the file cannot be read or is no trace. */
export function likeTrace(path: string): Like {
  let records: TraceRecord[];
  try {
    records = readTrace(readFileSync(path, 'utf8'));
  } catch (error) {
    throw cliFailure('BAD_ARGUMENT/usage', { fault: `${path} cannot be read as a trace: ${textOf(error)}.` });
  }
  const script = scriptOf(records);
  const facts = new Facts();
  for (const record of records) facts.see(record);
  const setport = setportOf(script.devices);
  const product = /^E\d{4}/.exec(facts.model ?? '')?.[0];
  const hilink = setport === undefined && script.questions.length === 0 && script.paths.length > 0;
  const ours: Partial<StickOptions> = {
    ...(product !== undefined && { product }),
    ...(!hilink && { firmware: 'stick', setport: setport ?? 'FF;10,12' }),
  };
  return { mode: hilink ? 'hilink' : 'tty', script, ours, options: () => ({ ...ours, like: scriptOf(records) }) };
}
