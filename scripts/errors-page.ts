/** Makes docs/errors.md from the catalogues of sentences and cures: `npm run docs`. */

import { writeFileSync } from 'node:fs';
import { CLI } from '../cli/cures';
import { CLI_MESSAGES } from '../cli/messages';
import { NODES } from '../nodes/shared/cures';
import { NODE_MESSAGES } from '../nodes/shared/messages';
import { cureFor, type Place } from '../src/cures/cure';
import { ADDITIONS, type Catalogue, ERROR_CODES, MESSAGES, type Params, say } from '../src/errors';

const HEAD = `# Errors

An error has a \`code\`, a \`reason\` (closed per code), \`params\` and a \`message\`: one sentence that says what happened and to
which stick, made of the params. What to do about it is worded where a person meets it, so that a flow speaks of nodes and the
command line of options: that is \`hint\`. In a flow a Catch node finds all of it in \`msg.error.cause\` (\`code\` in \`msg.error\`,
too), in the terminal \`--json\` shows it in its last line. Branch on code and reason, never on the text.

\`{name}\` stands for a param; some cures say more with certain params than is shown here.
`;

/** Answers every question about a param with its name, so that a sentence shows where it stands. */
export const PLACEHOLDERS = new Proxy({} as Params, {
  get: (_all, name) => placeholder(String(name)),
  has: () => true,
});

function placeholder(name: string): never {
  const text = `{${name}}`;
  const answers: Readonly<Record<string | symbol, unknown>> = {
    length: 2,
    join: () => text,
    map: () => placeholder(name),
    [Symbol.iterator]: () => [text].values(),
    toString: () => text,
    [Symbol.toPrimitive]: (kind: string) => (kind === 'number' ? 2 : text),
  };
  return new Proxy({}, { get: (_all, asked) => answers[asked] }) as never;
}

/** A sentence may be nothing but a param. */
const cell = (text: string): string =>
  String(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
const cureIn = (place: Place, key: string): string => cureFor(place, key, PLACEHOLDERS) || 'nothing to be done';

function row(key: string): string {
  const reason = key.slice(key.indexOf('/') + 1);
  const catalogue = [MESSAGES, NODE_MESSAGES, CLI_MESSAGES].find((each) => key in each) as Catalogue;
  const [flow, terminal] = [
    key in CLI_MESSAGES ? '' : cureIn(NODES, key),
    key in NODE_MESSAGES ? '' : cureIn(CLI, key),
  ];
  const cells = [say(catalogue, key, PLACEHOLDERS), flow, terminal === flow ? 'the same' : terminal];
  return `| \`${reason}\` | ${cells.map((text) => cell(text) || '-').join(' | ')} |`;
}

const TABLE = '| reason | sentence | what to do, in a flow | what to do, in the terminal |\n| --- | --- | --- | --- |';

export function errorsPage(): string {
  const keys = [MESSAGES, NODE_MESSAGES, CLI_MESSAGES].flatMap((each) => Object.keys(each)).sort();
  const sections = ERROR_CODES.map((code) => {
    const rows = keys.filter((key) => key.startsWith(`${code}/`)).map(row);
    const none = 'Kept for later: nothing says it yet.';
    return `## ${code}\n\n${rows.length > 0 ? `${TABLE}\n${rows.join('\n')}` : none}\n`;
  });
  const added = Object.keys(ADDITIONS).map((what) => {
    const text = cell(say(ADDITIONS, what, PLACEHOLDERS)) || '-';
    const [flow, terminal] = [NODES, CLI].map((place) => cell(cureFor(place, what, PLACEHOLDERS)) || '-');
    return `| \`${what}\` | ${text} | ${flow} | ${terminal === flow ? 'the same' : terminal} |`;
  });
  return [
    HEAD,
    ...sections,
    '## What may be added\n\nA later step may add to an error: words to its message, and a cure behind its own.\n',
    `${TABLE.replace('reason', 'in `besides`')}\n${added.join('\n')}\n`,
  ].join('\n');
}

if (require.main === module) writeFileSync('docs/errors.md', errorsPage());
