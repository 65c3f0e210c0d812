/**
 * The fifty traps of Huawei sticks that the driver knows, with their cures. A test that proves a cure carries the trap's tag
 * in its title, `T22: ...`; docs/traps.md is made of this table and of those titles.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Trap number to what happens and what is done about it. */
export const TRAPS: Readonly<Record<number, readonly [trap: string, cure: string]>> = {
  1: [
    'A URC stands between echo and reply, between reply and OK, or in the middle of a listing',
    'URCs are known by their prefix and cut out wherever they stand',
  ],
  2: ['A URC or a line end is split over two chunks', 'Lines are put together from bytes, whatever the chunks'],
  3: ['CR CR LF, doubled line ends, leading NULs', 'CR and LF both end a line, empty lines vanish, NULs are dropped'],
  4: ['An echo although ATE0 was sent, also with a URC glued to it', 'The echo is taken off, once, cut or glued'],
  5: [
    'Replies without a prefix, also a bare 0',
    'Information lines need no prefix; a digit is a result only of a bare AT',
  ],
  6: ['Replies of several lines with blank ones between', 'Lines are collected up to the final result code'],
  7: ['URCs of two lines (+CMT, +CDS, +CBM)', 'The second line is awaited, by the length that the first one announces'],
  8: ['+CUSD over several lines', 'Quoted text is read up to its closing quote'],
  9: [
    'A prefix that replies and URCs share',
    'The running query claims as many lines as it asked for; registration lines are told by their shape',
  ],
  10: ['Prefixes in other cases', 'Prefixes are compared in capitals'],
  11: ['With and without quotes, with and without a blank', 'Values are read tolerantly'],
  12: ['OK or ERROR inside a message or a name', 'A final result code is a whole line'],
  13: ['An error glued in front of another line', 'It is split off; about one line of a listing it is no final'],
  14: [
    'COMMAND NOT SUPPORT, TOO MANY PARAMETERS, errors in words',
    'All are final result codes, with number and words',
  ],
  15: ['No final result code at all', 'A timeout for each command; the port may vanish after a restart'],
  16: ['+CCID hangs the port of some sticks', 'Every command has a timeout, after which the port is brought into step'],
  17: ['OK comes before the real answer', 'The OK ends the command, the answer is a URC for those who wait for it'],
  18: ['+CPIN? without OK', 'The line completes the reply after a short wait; then the port is brought into step'],
  19: ['A prompt in place of a final result code', 'A text is sent at it, without one it is left by ESC'],
  20: ['The first AT is lost, ports appear one after another', 'All ttys are awaited, and AT is tried several times'],
  21: ['SIM busy for up to 30 s', 'It is waited for after each opening'],
  22: ['A late reply after a timeout', 'Silence and two answered AT before the next command; late lines are cut out'],
  23: ['Input is dropped while a command runs', 'Never a command before the final result code of the one before'],
  24: [
    'A port left in a prompt blocks itself and the others',
    'ESC on each port that is silent; then the PCUI is asked again',
  ],
  25: ['+CPMS says 0 right after +CMTI', 'It is asked again after half a second'],
  26: ['Firmware restarts when it is asked right after the PIN', 'Three seconds of peace'],
  27: ['Sending a message may take 105 s', 'Its timeout is longer than that of the stick'],
  28: ['ModemManager and others read the port', 'They are looked for and named; a busy port names its holder'],
  29: ['A port that nobody reads can crash the stick', 'URCs are sent to the port that is read'],
  30: ['The diag port has a tty too and is silent', 'Ports are told by their interface; diag is never asked'],
  31: ['tty numbers move while an old one is open', 'The port is let go at once; numbers are never stored'],
  32: ['The order of the ports follows the composition', 'Ports are told by the function of their interface'],
  33: ['The product id follows the composition', 'Functions decide, product ids are a hint'],
  34: ['URCs may go to the other port', '^PORTSEL is set after each opening to the port that is read'],
  35: [
    'URCs go on while the command processor is dead',
    'Health is an answered AT; a silent stick is brought back in steps that never loop',
  ],
  36: ['A port left in binary framing', 'Its frames are recognised, and no AT is sent'],
  37: [
    'In download mode only exact strings are answered',
    'A loader is recognised by its silence; nothing else is sent',
  ],
  38: ['A port composition without an AT port locks out', "It is checked against the stick's own list of codes"],
  39: ['Commands that destroy or lock', 'One guard for nodes and command line, in every spelling'],
  40: ['Wrong PINs use up tries', 'Asked first, refused with one try left, and never the same wrong one again'],
  41: ['Settings are lost when the stick restarts', 'They are sent again after each opening'],
  42: ['A full SIM loses messages silently', 'The store is watched, and there is a warning before it is full'],
  43: ['^GETPORTMODE crashes sticks of the MU609 kind', 'It is never sent'],
  44: ['^DHCP turns octets round and drops zeros', 'Zeros are put back, the order that makes a valid mask is taken'],
  45: ['Counters and band masks of 64 bits', 'BigInt'],
  46: ['255, 99 and 65535 mean unknown', 'They are no numbers'],
  47: ['A raw ICCID has its nibbles swapped', 'Swapped back where that makes an ICCID'],
  48: ['+CREG without access technology, ^MODE wrong on LTE', '^SYSINFOEX decides'],
  49: ['Years of two and of four digits', 'Both are read'],
  50: ['The manufacturer of ATI is empty', 'Fields are read by name, and may be missing'],
};

/** A title with the tags of traps in it. */
export interface Proof {
  /** Path of the test's source, from the package's folder. */
  file: string;
  title: string;
  traps: number[];
}

const TITLE = /^\s*(?:describe|it)\((['"])((?:\\.|(?!\1).)*)\1/gm;
const TAG = /\bT(\d{1,2})(?=[:,)])/g;

/** The titles in the compiled tests below `folder` (`build/test`) that carry tags. */
export function collectProofs(folder: string): Proof[] {
  const proofs: Proof[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.test.js')).sort()) {
    for (const match of readFileSync(join(folder, file), 'utf8').matchAll(TITLE)) {
      const title = (match[2] ?? '').replace(/\\(.)/g, '$1');
      const traps = [...title.matchAll(TAG)].map((tag) => Number(tag[1]));
      if (traps.length > 0) proofs.push({ file: `test/${file.replace(/\.js$/, '.ts')}`, title, traps });
    }
  }
  return proofs;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*');

/** docs/traps.md. */
export function trapsDocument(proofs: readonly Proof[]): string {
  const rows = Object.entries(TRAPS).map(([number, [trap, cure]]) => {
    const own = proofs.filter(({ traps }) => traps.includes(Number(number)));
    // The tags are in the first column: the titles do without them.
    const tests = own.map(({ file, title }) => `\`${file}\`: ${cell(title.replace(/^(T\d+(, )?)+: /, ''))}`);
    return `| T${number} | ${cell(trap)} | ${cell(cure)} | ${tests.join('<br>')} |`;
  });
  return [
    '# Fifty traps, their cures and the tests',
    '',
    'What Huawei sticks of this family do that breaks programs on the other end, and what this package does about it. Each',
    'test fails without its cure. Where a trap is known of other firmware than that of the E3272, the test says so.',
    '',
    'Made by `node build/test/at/traps.js` from the titles of the tests: do not edit.',
    '',
    '| | trap | cure | tests |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

if (require.main === module) {
  const tests = join(__dirname, '..');
  const path = join('docs', 'traps.md');
  writeFileSync(path, trapsDocument(collectProofs(tests)));
  process.stdout.write(`${relative('.', path)} is written\n`);
}
