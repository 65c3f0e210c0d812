/** That what stands for the add-on has its shape: else nothing that works, or does not work, in there says anything. */

import assert from 'node:assert/strict';
import { runInAddon } from '../addon-shape';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';

/** Runs inside, as one program: what it may do. */
const LOOK = `
const { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const attempt = (work) => { try { work(); return 'ok'; } catch (error) { return error.code; } };
const open = (path) => attempt(() => closeSync(openSync(path, 'r+')));
const [bus] = readdirSync('/dev/bus/usb/001').slice(-1);
const folder = '/sys/bus/usb/devices/${PORT_PATH}';
process.stdout.write('looked ' + JSON.stringify({
  uid: process.getuid(),
  capabilities: /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1],
  first: readFileSync('/proc/1/comm', 'latin1').trim(),
  usb: [statSync('/dev/bus/usb/001/' + bus).isCharacterDevice(), open('/dev/bus/usb/001/' + bus)],
  port: open('/dev/ttyUSB0'),
  newNode: attempt(() => writeFileSync('/dev/new', '')),
  authorized: [readFileSync(folder + '/authorized', 'latin1').trim(), attempt(() => writeFileSync(folder + '/authorized', '0'))],
  power: attempt(() => writeFileSync(folder + '/power/control', 'on')),
  udev: existsSync('/run/udev'),
}));
`;

describe('what stands for the Node-RED add-on', () => {
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  it('has the ports and nothing else of USB, and may change nothing of the machine', async () => {
    await stick.fresh({ firmware: 'stick', setport: 'FF;10,12', timing: QUICK });
    await stick.plugged();
    const text = await runInAddon([process.execPath, '-e', LOOK]);
    const looked: unknown = JSON.parse(/looked (.*)/.exec(text)?.[1] ?? `"${text}"`);
    assert.deepEqual(looked, {
      uid: 0,
      // Docker's: no CAP_SYS_ADMIN.
      capabilities: '00000000a80425fb',
      first: 'node',
      usb: [true, 'EPERM'],
      port: 'ok',
      newNode: 'EROFS',
      authorized: ['1', 'EROFS'],
      power: 'EROFS',
      udev: false,
    });
  });
});
