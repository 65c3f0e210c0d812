/** Makes docs/values.md from the entries of the commands and the shapes of their values: `npm run docs`. */

import { writeFileSync } from 'node:fs';
import type { Entry } from '../src/at/commands/entry';
import { ENTRIES } from '../src/at/commands/table';
import type { Member } from '../src/values/shape';
import { STATUS } from '../src/values/status';

const HEAD = `# Values of replies and URCs

\`payload.value\` of \`e3272-at\` (reply and URC) and \`value\` in \`e3272 at --json\`. One command at a time is read: a line that
joins several commands has no value, nor has a setting. A URC and a reply of the same kind have the same value.

- Figures are plain numbers in the unit of the table.
- What the stick does not know (255, 99, 65535, an empty field) is **not there**: no \`null\`, no 0, no \`NaN\`.
- Byte counters have 64 bits in the stick. Charts want numbers, so they are numbers: exact up to 9 PB, and text with the
  decimal digits beyond, where a number would be rounded. Band masks have 64 bits too and are used up to the last one; they
  go by name, so nothing is rounded. Everything survives JSON.
- Words in capitals are the stick's own, those in small letters are ours.
`;

const FOOT = `\`roam\` of \`^SYSCFGEX\` is the stick's number: mostly 0 no and 1 yes; where the test form offers 0 to 3, it is 0 yes, 1 no,
2 abroad only, 3 never.

\`^BOOT\` has no value on purpose: its first field is part of the IMEI on some sticks, and nobody knows what the others mean.
`;

const code = (text: string): string => `\`${text}\``;

const shown = ({ name, forms = [] }: Entry): string =>
  name === 'I' ? 'ATI' : `${name}${forms[0] === 'read' ? '?' : ''}`;

/** `dBm, -156 to -20`: what a figure can be. */
function figures({ kind, unit, range: [least, most] = [0, 0] }: Member): string {
  const ends = kind === 'number' && most < 1_000_000 ? `${least} to ${most}` : '';
  return [unit, ends].filter(Boolean).join(', ');
}

/** What else is to be known of a member. */
function more({ note, options = [], items }: Member): string {
  const list = options.map(code).join(', ');
  const of = items?.members ? `a list, each with ${inner(items)}` : items ? 'a list' : '';
  return [list, of, note].filter(Boolean).join('; ');
}

const inner = ({ members = {} }: Member): string =>
  Object.entries(members)
    .map(([name, member]) => `${code(name)} (${[member.label, more(member)].filter(Boolean).join(': ')})`)
    .join(', ');

const row = (name: string, member: Member): string =>
  `| ${[code(name), member.label, figures(member), more(member)].join(' | ')} |`;

function section(title: string, value: Member): string {
  const rows = Object.entries(value.members ?? {}).flatMap(([name, member]) =>
    member.kind === 'group'
      ? Object.entries(member.members ?? {}).map(([sub, it]) => row(`${name}.${sub}`, it))
      : [row(name, member)],
  );
  const head = '| member | what it is | unit and range | more |\n| --- | --- | --- | --- |';
  const source = value.source === undefined ? [] : [`Source: ${value.source}.`];
  const about = more(value).replace(/^[a-z]/, (first) => first.toUpperCase());
  const text = [about && `${about}.`, ...source].filter(Boolean).join(' ');
  return `### ${title}\n\n${text}\n${rows.length > 0 ? `\n${head}\n${rows.join('\n')}\n` : ''}`;
}

const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
const link = (title: string): string => `[${title}](#${anchor(title)})`;

export function valuesPage(): string {
  const entries = ENTRIES.filter(({ value }) => value);
  const values = new Map<string, Member>();
  const rows = entries.map((entry) => {
    const { name, about, urc, value, testValue } = entry;
    for (const it of [value, testValue]) if (it) values.set(it.label, it);
    const test = testValue ? `; \`=?\`: ${link(testValue.label)}` : '';
    const kinds = [entry.forms ? code(shown(entry)) : '', urc ? `URC ${code(name)}` : ''].filter(Boolean).join(', ');
    return `| ${kinds} | ${about} | ${value ? link(value.label) : ''}${test} |`;
  });
  return [
    HEAD,
    `## Commands\n\n| command or URC | about | value |\n| --- | --- | --- |\n${rows.join('\n')}\n`,
    '## Values\n',
    ...[...values].map(([title, value]) => section(title, value)),
    section('Status', STATUS),
    FOOT,
  ].join('\n');
}

if (require.main === module) writeFileSync('docs/values.md', valuesPage());
