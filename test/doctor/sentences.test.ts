/** The sentences of findings that can be told with more or with less. */

import assert from 'node:assert/strict';
import { FINDINGS } from '../../src/doctor';

const stick = '1-1.4';
const path = '/dev/ttyUSB0';

/** A sentence, and what it must be. */
const SENTENCES: readonly (readonly [string, string])[] = [
  [
    FINDINGS.machine({ system: 'Linux', kernel: '6.1', node: '20.1', container: null, version: '0.1' }),
    'This machine: Linux 6.1, Node.js 20.1, e3272 0.1.',
  ],
  [
    FINDINGS.machine({ system: 'Linux', kernel: '6.1', node: '20.1', container: 'Docker', version: '0.1' }),
    'This machine: Linux 6.1, Node.js 20.1, e3272 0.1, inside a container (Docker).',
  ],
  [
    FINDINGS['write-unfinished']({ stick, missing: [] }),
    'A firmware write to the stick at 1-1.4 was begun and not completed.',
  ],
  [
    FINDINGS['write-unfinished']({ stick, missing: ['Fastboot_R1', 'VxWorks_R1'] }),
    'A firmware write to the stick at 1-1.4 was begun and not completed: Fastboot_R1, VxWorks_R1 is missing.',
  ],
  [
    FINDINGS.stick({ stick, id: '12d1:1506', mode: 'tty', interfaces: [], speed: null }),
    'The stick at 1-1.4 is 12d1:1506, mode tty.',
  ],
  [
    FINDINGS.stick({ stick, id: '12d1:1506', mode: 'tty', interfaces: ['0 ff/2/12 option'], speed: 480 }),
    'The stick at 1-1.4 is 12d1:1506, mode tty, 480 Mbit/s; interfaces: 0 ff/2/12 option.',
  ],
  [
    FINDINGS['driver-missing']({ stick, driver: 'option', id: '12d1:1506', state: 'there', interfaces: [0, 1] }),
    'No driver has taken interface 0, 1 of the stick at 1-1.4: the driver option is there and has not taken it so far.',
  ],
  [
    FINDINGS['driver-missing']({ stick, driver: 'option', id: '12d1:1506', state: 'absent', interfaces: [0] }),
    'No driver has taken interface 0 of the stick at 1-1.4: this kernel has no driver option.',
  ],
  [
    FINDINGS['driver-missing']({ stick, driver: 'option', id: '12d1:1506', state: 'loadable', interfaces: [0] }),
    'No driver has taken interface 0 of the stick at 1-1.4: the driver option is not loaded.',
  ],
  [
    FINDINGS['usb-forbidden']({ stick, path: '/dev/bus/usb/001/002', group: null }),
    'You are not allowed to open the USB device of the stick at 1-1.4 (/dev/bus/usb/001/002).',
  ],
  [
    FINDINGS['usb-forbidden']({ stick, path: '/dev/bus/usb/001/002', group: 'plugdev' }),
    'You are not allowed to open the USB device of the stick at 1-1.4 (/dev/bus/usb/001/002): its group is plugdev.',
  ],
  [
    FINDINGS['port-forbidden']({ stick, path, group: null, later: false }),
    'You are not allowed to open the port /dev/ttyUSB0 of the stick at 1-1.4.',
  ],
  [
    FINDINGS['port-forbidden']({ stick, path, group: 'dialout', later: true }),
    'You are not allowed to open the port /dev/ttyUSB0 of the stick at 1-1.4: you are in its group dialout, but not since you logged in.',
  ],
  [
    FINDINGS['port-forbidden']({ stick, path, group: 'dialout', later: false }),
    'You are not allowed to open the port /dev/ttyUSB0 of the stick at 1-1.4: its group is dialout.',
  ],
  [
    FINDINGS['port-busy']({ stick, path, holders: [] }),
    'The port /dev/ttyUSB0 of the stick at 1-1.4 is in use by another program.',
  ],
  [FINDINGS.model({ stick, model: 'E3272', revision: null }), 'The stick at 1-1.4 calls itself E3272.'],
  [FINDINGS.network({ stick, bars: null }), 'The stick at 1-1.4 is registered.'],
  [FINDINGS['time-up']({ stick: null, what: 'look at the machine' }), 'There was no time left to look at the machine.'],
  [
    FINDINGS.held({ stick, holder: 'node (pid 7)', told: null }),
    'The stick at 1-1.4 is in use by node (pid 7), so it was not asked.',
  ],
  [
    FINDINGS.firmware({ file: 'x.BIN', images: 3, version: '' }),
    'The firmware file x.BIN has 3 images; its headers are right.',
  ],
];

describe('sentences of findings', () => {
  it('say what is known, and nothing of what is not', () => {
    for (const [said, expected] of SENTENCES) assert.equal(said, expected);
  });
});
