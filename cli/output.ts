/** Where the command line writes: results to stdout, everything for people to stderr, `--json` lines to stdout. */

import { SingleBar } from 'cli-progress';
import { hintOf } from '../src/cures/cure';
import type { DriverError } from '../src/errors';
import type { JobEvent } from '../src/flash/events';
import { CLI } from './cures';

export interface Output {
  readonly json: boolean;
  /** A line of a result. */
  result(line: string): void;
  /** A line for people. */
  say(line: string): void;
  /** One JSON object; nothing without `--json`. */
  object(value: object): void;
  /** An event of a running job. */
  event(event: JobEvent): void;
  /** The error as people read it: message, then what to do. */
  error(error: DriverError): void;
  /** Ends a progress bar that is still there. */
  end(): void;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1);

export function createOutput(json: boolean): Output {
  let bar: SingleBar | undefined;
  // Whoever read the output has gone (a pipe, a terminal): a write to the flash goes on all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stderr = (line: string) => {
    end();
    process.stderr.write(`${line}\n`);
  };
  function end(): void {
    bar?.stop();
    bar = undefined;
  }
  function progress(event: Extract<JobEvent, { type: 'progress' }>): void {
    if (!process.stderr.isTTY) return;
    const values = {
      mb: megabytes(event.done),
      totalMb: megabytes(event.total),
      rate: megabytes(event.rate),
      left: event.left ?? '?',
      text: event.text,
    };
    if (!bar) {
      bar = new SingleBar({
        format: '  {bar} {percentage} %  {mb}/{totalMb} MB  {rate} MB/s  {left} s left  {text}',
        barsize: 24,
        stream: process.stderr,
        hideCursor: false,
        clearOnComplete: true,
      });
      bar.start(event.total, event.done, values);
    } else bar.update(event.done, values);
    if (event.done === event.total) end();
  }
  return {
    json,
    result: (line) => {
      end();
      if (!json) process.stdout.write(`${line}\n`);
    },
    say: stderr,
    object: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    event(event) {
      if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
      // Checks stand in the report at the end.
      if (event.type === 'check') return;
      if (event.type === 'progress') progress(event);
      else if (event.type === 'stage') stderr(event.text);
      else stderr(`${event.type === 'wait' ? 'Your turn' : 'Note'}: ${event.text}`);
    },
    error(error) {
      stderr(`${error.code}: ${error.message}`);
      const hint = hintOf(CLI, error);
      if (hint !== undefined) stderr(`  ${hint}`);
    },
    end,
  };
}
