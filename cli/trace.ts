/** `--trace FILE`: what goes to and from the stick, without what is private, in a file that can be shared. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { textOf } from '../src/errors';
import type { Host } from '../src/host/host';
import { openTrace, type Summary, type Trace } from '../src/trace/open';
import { cliFailure } from './messages';
import type { Output } from './output';

export type { Trace } from '../src/trace/open';

const { version } = require('../../package.json') as { version: string };

/** What of a command is heard. */
interface Heard {
  host: Host;
  out: Output;
  trace?: Trace;
  close(): void;
}

/** `context`, heard by a trace where `given` or E3272_TRACE names a file. Errors: BAD_ARGUMENT, FILE_NOT_WRITTEN. */
export function withTrace<C extends Heard>(context: C, given: string | undefined): C {
  const named = given ?? process.env['E3272_TRACE'];
  if (!named) return context;
  const path = resolve(named);
  // A trace that somebody has kept is not lost by a command that is repeated; one of the environment goes round.
  if (given !== undefined && existsSync(path)) {
    throw cliFailure('BAD_ARGUMENT/usage', { fault: `--trace: ${given} is there already; name a new file.` });
  }
  const { host, out } = context;
  const trace = openTrace({
    path,
    existing: 'keep',
    clock: host.clock,
    source: `e3272 ${version}`,
    real: host.real,
    complain: (error) => out.say(`The trace ${path} could not be written any more: ${textOf(error)}.`),
  });
  return {
    ...context,
    host: trace.tap(host),
    trace,
    close() {
      tell(context, trace, host.real);
      context.close();
    },
  };
}

function tell({ out }: Heard, trace: Trace, real: boolean): void {
  const summary = trace.end();
  out.end();
  for (const line of sentences(trace.path, summary, real)) out.say(line);
  out.object({ type: 'trace', path: trace.path, ...summary });
}

function sentences(path: string, { records, withheld, settles, contradicts }: Summary, real: boolean): string[] {
  const lines = [`The trace is in ${path}: ${records} records. docs/traces.md says what is in it, and what is not.`];
  if (withheld > 0) lines.push(`${withheld} of them looked private when they were finished, and are left out.`);
  if (!real) return [...lines, 'It is of a virtual stick, and settles nothing of docs/unproven.md.'];
  if (settles.length > 0) lines.push(`It settles these points of docs/unproven.md: ${settles.join(', ')}.`);
  if (contradicts.length > 0) lines.push(`It contradicts these points of docs/unproven.md: ${contradicts.join(', ')}.`);
  if (settles.length + contradicts.length === 0) lines.push('It settles nothing of docs/unproven.md.');
  return lines;
}
