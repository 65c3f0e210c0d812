/** What to do about what the doctor finds, in the words of the command line. */

import { COMMON_FINDING_CURES, type FindingCures } from '../src/cures/findings';

const CONVERT = '`e3272 convert` takes it from there to an AT port.';

export const CLI_FINDING_CURES: FindingCures = {
  ...COMMON_FINDING_CURES,
  'bus-unreachable': 'Start `e3272 virtual --host PORT` with the port that --stick names.',
  'no-stick-there': 'Plug it in there, or leave out --stick; `e3272 list` shows the sticks that are plugged in.',
  'several-sticks': 'Name the one that is meant with --stick.',
  'write-unfinished':
    'Write the same file again: `e3272 convert` takes up from there. Until then the stick must not be used.',
  'is-boot': CONVERT,
  'is-loader': CONVERT,
  'is-storage': 'Switch it: `e3272 switch`, or have it done each time it is plugged in (usb_modeswitch).',
  'wrong-configuration': (p) =>
    `Set the other one: \`e3272 switch --configuration ${p.other}\`; docs/e3272.rules has it set each time.`,
  'web-locked': 'With the password of its web page `e3272 hilink` tells more; nothing needs to be done.',
  'radio-off': 'Switch it on: `e3272 at AT+CFUN=1`.',
  'sim-pin': 'Enter it (`e3272 at --force AT+CPIN=...`), or switch it off in a phone.',
  'folder-missing': 'Name another folder with --files.',
  'loader-unknown': '`e3272 check` says more about it. Use a known one.',
};
