/** Makes docs/doctor.md from the lists of findings and cures: `npm run docs`. */

import { writeFileSync } from 'node:fs';
import { CLI_FINDING_CURES } from '../cli/cures-doctor';
import { NODE_FINDING_CURES } from '../nodes/shared/cures-doctor';
import { cureOfFinding, type FindingCures } from '../src/cures/findings';
import { FINDING_IDS, FINDINGS, type FindingId } from '../src/doctor';
import { say } from '../src/errors';
import { PLACEHOLDERS } from './errors-page';

const HEAD = `# What the doctor finds

\`e3272 doctor\` looks at the machine and at each stick, asks those that nobody has, and says what is wrong, causes first. It is the
first thing to run when something does not work, and what it says is what a report of a fault needs. It takes a few seconds, ten
at most.

It changes nothing. No setting of a stick: only commands that ask (\`AT\`, \`AT+CGMR\`, \`AT+CGMM\`, \`AT+CFUN?\`, \`AT+CPIN?\`,
\`AT^SYSINFOEX\` or \`AT^SYSINFO\`, \`AT+CEREG?\`, \`AT+CREG?\`, \`AT+CSQ\`, and \`AT^DLOADVER?\` where a loader may answer), of a
stick in HiLink mode only pages that are open to all, without a login. No file: it runs on a file system that is mounted read-only. A stick that a
job, Node-RED or another program has is not asked; who has it, and what Node-RED has noted of it last, is shown, which is no
fault. What cannot be avoided: a serial port that is opened gets its control lines raised and its line set to 115,200 8N1 by the kernel, as by every
program; a port that somebody is seen to have open is left alone.

| level | what it means | shown as |
| --- | --- | --- |
| \`error\` | keeps a stick from working, until somebody does something | WRONG |
| \`warn\` | works, or may again by itself; worth knowing | Note |
| \`ok\` | as it should be, or only told | ok |

What merely follows from something else is left out. Exit code 1 when there is an \`error\`, 0 when there is none, 2 for wrong usage.
With \`--json\` each is a line \`{"type":"finding","id","level","stick"?,"params","text","cure"?}\`, the most important first, and the
last line is \`{"type":"result","ok","errors","warnings"}\`. Branch on \`id\`, never on the text. Some occur with more than one level.

\`--stick 1-1.4\` looks at one stick only. \`--files FOLDER\` looks at loader and firmware files, too; by default at those that
Node-RED has (\`~/.node-red/e3272/files\`), if there are any. \`--patience 5\` waits five times longer, on a machine that is
slow itself.

Below stands every finding, in the order in which things depend on each other. \`{name}\` stands for a param; some cures say more
with certain params than is shown here.

| id | sentence | what to do, in the terminal | what to do, in Node-RED |
| --- | --- | --- | --- |`;

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', '<br>') || '-';

function row(id: FindingId): string {
  const cureIn = (cures: FindingCures) => cell(cureOfFinding(cures, { id, params: PLACEHOLDERS }) ?? '');
  const [terminal, editor] = [cureIn(CLI_FINDING_CURES), cureIn(NODE_FINDING_CURES)];
  return `| \`${id}\` | ${cell(String(say(FINDINGS, id, PLACEHOLDERS)))} | ${terminal} | ${terminal === editor && editor !== '-' ? 'the same' : editor} |`;
}

export const findingsPage = (): string => `${[HEAD, ...FINDING_IDS.map(row)].join('\n')}\n`;

if (require.main === module) writeFileSync('docs/doctor.md', findingsPage());
