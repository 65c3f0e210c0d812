/** Makes docs/sticks.md, and the table in the README, from the models of src/family: `npm run docs`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { FAMILY, mayBeWritten } from '../src/family/family';
import { FOREIGN } from '../src/family/foreign';
import { isNeverWritten, whyNotWritten } from '../src/family/names';
import { OTHER_IDS, RELATIVES } from '../src/family/others';
import type { KnownChip, Profile, Use } from '../src/family/profile';
import { BY_ITSELF } from '../src/family/switches-by-itself';

const PROOFS = {
  code: 'machine code that was read',
  recorded: 'recorded sessions',
  owners: 'what several owners tell',
  'one owner': 'what one owner tells',
} as const;

const USES: readonly [Use, string][] = [
  ['switch', 'switched out of its CD-ROM'],
  ['at', 'AT, SMS, USSD, status'],
  ['hilink', 'HiLink: SMS, USSD, status'],
  ['write', 'firmware written'],
];

const hex = (id: number): string => id.toString(16).padStart(4, '0');
const table = (head: string, rows: readonly string[]): string =>
  [`| ${head} |`, head.replaceAll(/[^|]+/g, ' --- ').replace(/^/, '|').replace(/$/, '|'), ...rows].join('\n');

const chipText = (chip: KnownChip | undefined): string =>
  chip === undefined ? 'not told' : [chip.generation, chip.name].filter(Boolean).join(', ');

/** Whether it may be done with the model, and the best that stands behind it. */
function proofOf(profile: Profile, use: Use): string {
  if (use === 'write' && !mayBeWritten(profile)) return 'never';
  const proof = profile.proven[use];
  return proof === undefined ? 'nobody has told' : `yes: ${PROOFS[proof]}`;
}

const profileRow = (profile: Profile): string =>
  `| ${[profile.names[0], chipText(profile.chip), ...USES.map(([use]) => proofOf(profile, use))].join(' | ')} |`;

/** The table of the README: what can be done with each stick, and why it is believed. */
export const sticksTable = (): string =>
  table(['stick', 'chip', ...USES.map(([, words]) => words)].join(' | '), FAMILY.map(profileRow));

function idRows(): string[] {
  const entries = [...new Set([...FAMILY.flatMap(({ usb }) => usb), ...OTHER_IDS])];
  return entries
    .toSorted((a, b) => a.productId - b.productId)
    .map(({ productId, mode, meaning, switchesTo = [], only, source }) => {
      const models =
        only ??
        FAMILY.filter(({ usb }) => usb.some((each) => each.productId === productId))
          .map(({ names }) => names[0])
          .join(', ');
      return `| \`12d1:${hex(productId)}\` | ${mode} | ${meaning} | ${switchesTo.map((id) => `\`${hex(id)}\``).join(' ') || '-'} | ${models || '-'} | ${source} |`;
    });
}

export function sticksPage(): string {
  const others = [...FAMILY.filter(({ names: [name] }) => isNeverWritten(name)), ...RELATIVES];
  const sold = FAMILY.flatMap(({ names: [model], sold = [] }) => sold.map((name) => `| ${name} | ${model} |`));
  return `# Which sticks

Nothing of this was tried on a real stick by us. What stands behind a use is one of these, best first: machine code of a loader
that was read, recorded sessions of real sticks, what several owners tell, what one owner tells.

${sticksTable()}

A model decides by its own name: what \`ATI\`, \`^HWVER\`, the web interface, the loader or the header of a file says. Firmware is
written to E3272 and E3276 only, where the chip of the loader, the platform of the image and the model that answers agree; no
option, message or setting leads past that. An E3372 gets a dry run at most: it says why it is refused, and nothing is sent.

## Sticks that are known by name, and never written

${table(
  'stick | why',
  others.map(({ names }) => `| ${names.join(', ')} | ${whyNotWritten(names[0])} |`),
)}

## Names of operators

An operator gives one name to different sticks, so such a name decides nothing. These have been seen:

${table('name | model', sold)}

## Sticks of others

They carry the names of this family, or are taken for it. They are named where sticks are listed (\`e3272 list\`, e3272-detect), and
nothing more: no port is opened, no message is sent, \`auto\` never means one.

${table(
  'id | stick | what it is',
  FOREIGN.map(
    ({ vendorId, productId, name, what }) =>
      `| \`${hex(vendorId)}:${productId === undefined ? 'any other' : hex(productId)}\` | ${name} | ${what} |`,
  ),
)}

## ${BY_ITSELF.title}

${BY_ITSELF.text}

## Product ids

${table('id | mode | what it is | after the switch | models | source', idRows())}
`;
}

const BEGIN = '<!-- sticks: made by npm run docs -->\n';
const END = '\n<!-- /sticks -->';

/** The README with today's table in its place. */
export function withTable(readme: string): string {
  const [before = '', rest = ''] = readme.split(BEGIN);
  const after = rest.slice(rest.indexOf(END));
  return `${before}${BEGIN}${sticksTable()}${after}`;
}

if (require.main === module) {
  writeFileSync('docs/sticks.md', sticksPage());
  writeFileSync('README.md', withTable(readFileSync('README.md', 'utf8')));
}
