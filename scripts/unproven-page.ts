/** Makes docs/unproven.md from the points: `npm run docs`. */

import { writeFileSync } from 'node:fs';
import type { Point } from '../src/unproven/point';
import { POINTS } from '../src/unproven/points';

const HEAD = `# What is not proven

Nobody here has a stick. All that is known of one is from what others have published, and these points are what that leaves
open. Who has an E3272 can settle most of them in a minute: run a command with \`--trace FILE\` ([traces.md](traces.md) says what is
in such a file), and the end of it names the points that it settles or contradicts. Those with a mark are read off a trace; for
the others somebody has to do what the last column says.
`;

const TITLES: Readonly<Record<string, string>> = {
  flash: 'Boot ROM, loader, firmware files',
  at: 'AT',
  usb: 'The bus',
  hilink: 'HiLink mode',
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = ({ id, subject, assumed, settle, look }: Point): string =>
  `| \`${id}\`${look ? ' ✓' : ''} | ${[subject, assumed, settle].map(cell).join(' | ')} |`;

export function unprovenPage(): string {
  const sections = Object.entries(TITLES).map(([family, title]) => {
    const rows = POINTS.filter(({ id }) => id.startsWith(`${family}-`)).map(row);
    return `## ${title}\n\n| point | about | assumed | what would settle it |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return [HEAD, ...sections].join('\n');
}

if (require.main === module) writeFileSync('docs/unproven.md', unprovenPage());
