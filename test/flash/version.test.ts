/** What runs against what the file says. Versions of real sticks are those of recorded `ATI` answers. */

import assert from 'node:assert/strict';
import { compareVersions } from '../../src/flash/version';

const SAME: [string, string][] = [
  // Recorded: E3272, E3276, E3372, E3372h, E1550, K3520.
  ['21.436.11.00.372', '21.436.11.00.372'],
  ['21.192.03.01.07', '21.192.03.01.07'],
  ['21.180.01.00.00', '21.180.01.00.00'],
  ['22.329.63.00.74', '22.329.63.00.74'],
  ['11.608.09.01.21', '11.608.09.01.21'],
  ['11.314.12.02.00', '11.314.12.02.00'],
  // Recorded: a customer's text in brackets, which files need not name.
  ['10.0.5.1', '10.0.5.1(H195SP3C983)'],
  ['10.0.5.1(H195SP3C983)', '10.0.5.1 (h195sp3c983)'],
  // Texts around it, and other numbers in them.
  ['E3272s_Update_21.420.99.07.00', '21.420.99.07.00'],
  ['V21.420.99.07.00', '21.420.99.07.00'],
  ['21.420.99.07.00 BOOTROM_V01.02', '21.420.99.07.00'],
  ['21.420.99.07.00', ' 21.420.99.7.0 '],
  ['21.180.01.00.00SP1', '21.180.01.00.00 sp01'],
  ['V7R1C00', 'v7r1c00'],
  ['21.431.99.07.00.B416', '21.431.99.07.00_B416'],
  ['21.431.99.07.00B416SP01', '21.431.99.07.00 B416 SP1'],
  ['E3272s_21.431.99.07.00_BOOTROM', '21.431.99.07.00'],
];

const OTHER: [string, string, string][] = [
  ['21.180.01.00.00', '21.180.01.00.00SP1', 'a service pack'],
  ['21.180.01.00.00_SP1', '21.180.01.00.00_SP2', 'another service pack'],
  ['21.180.01.00.00', '21.180.01.00.00B012', 'another build'],
  ['21.431.99.07.00.B416', '21.431.99.07.00.B415', 'another build behind a point'],
  ['21.431.99.07.00_B416', '21.431.99.07.00', 'a build that is named on one side only'],
  ['21.431.99.07.00B416SP01', '21.431.99.07.00B416SP02', 'another service pack of one build'],
  ['21.180.99.04.00', '21.180.01.00.00', 'the technological build'],
  ['21.420.07.00.00', '22.420.07.00.00', 'stick and HiLink'],
  ['11.180.01.00.00', '21.180.01.00.00', 'another family'],
  ['21.436.11.00.37', '21.436.11.00.372', 'one begins as the other does'],
  ['21.436.11.00', '21.436.11.00.372', 'a part of it'],
  ['1', '21.1', 'a digit of it'],
  ['21.420.99.07.00 BOOTROM_V01.02', '21.436.11.00.372 BOOTROM_V01.02', 'only what they have besides is the same'],
  ['10.0.5.1(H195SP3C983)', '10.0.5.1(H195SP2C983)', 'another customer'],
];

const UNKNOWN: [string, string][] = [
  ['V7R1', '21.180.99.04.00'],
  ['V7R11', '21.180.99.04.00'],
  ['E3272', '21.180.99.04.00'],
  ['21.180.99.04.00', 'V7R1'],
  ['21.420.07.00.00 to 21.436.11.00.372', '21.436.11.00.372'],
  ['', '21.436.11.00.372'],
];

describe('the version that runs against that of the file', () => {
  for (const [said, runs] of SAME)
    it(`"${said}" is "${runs}"`, () => assert.equal(compareVersions(said, runs), 'same'));
  for (const [said, runs, why] of OTHER) {
    it(`"${said}" is not "${runs}": ${why}`, () => {
      assert.equal(compareVersions(said, runs), 'other');
      assert.equal(compareVersions(runs, said), 'other');
    });
  }
  it('a text without end, from a stick that babbles, is judged like any other', () => {
    assert.equal(compareVersions('21.436.11.00.372', '1.1('.repeat(300_000)), 'other');
  });
  for (const [said, runs] of UNKNOWN) {
    it(`"${said}" and "${runs}" cannot be compared`, () => assert.equal(compareVersions(said, runs), 'unknown'));
  }
});
