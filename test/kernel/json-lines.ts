/** What the command line says with `--json`, as whoever runs it in a guest reads it. */

import assert from 'node:assert/strict';

/** One line. */
export interface Line {
  type: string;
  id?: string;
  level?: string;
  ok?: boolean;
  code?: string;
  reason?: string;
  message?: string;
  hint?: string;
  cure?: string;
  [key: string]: unknown;
}

/** Its last line, which is the result, and all of them; `text` may have other words between them. */
export function linesIn(text: string): { result: Line; lines: Line[] } {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
  const result = lines.at(-1);
  assert.ok(result, text);
  return { result, lines };
}
