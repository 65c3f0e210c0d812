/**
 * As in a container: no udev, a read-only /sys, not root, and of /dev only what somebody has passed in. What is there works;
 * what is missing is named.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { BusStick, QUICK } from '../bus-stick';
import { type Line, linesIn } from '../json-lines';
import { DIALOUT, PLUGDEV, permitted } from '../permitted';
import { run } from '../strangers';

const NOBODY = 65_534;

interface Shape {
  /** Device nodes that are there, beside null and the like; paths below /dev. */
  nodes: readonly string[];
  groups?: readonly number[];
}

/** `e3272 ... --json` in a container of this shape; its last line, which is the result, and all of them. */
async function e3272({ nodes, groups = [] }: Shape, args: readonly string[]): Promise<{ result: Line; lines: Line[] }> {
  const script = [
    'set -e',
    'mkdir -p /run/dev && mount -t tmpfs dev /run/dev',
    'for node in null zero full random urandom tty; do cp -a /dev/$node /run/dev/; done',
    ...nodes.map((node) =>
      node === 'bus/usb' ? 'mkdir -p /run/dev/bus && cp -a /dev/bus/usb /run/dev/bus/' : `cp -a /dev/${node} /run/dev/`,
    ),
    'mount --bind /run/dev /dev',
    'mount --bind /sys /sys && mount -o remount,ro,bind /sys',
    'mount -t tmpfs nothing /etc/udev && mount --bind /dev/null /usr/bin/udevadm',
    `exec setpriv --reuid ${NOBODY} --regid ${NOBODY} ${groups.length > 0 ? `--groups ${groups.join(',')}` : '--clear-groups'} ` +
      `env HOME=/tmp/nobody "$@"`,
  ].join('\n');
  const cli = join(__dirname, '../../../cli/main.js');
  const command = [process.execPath, cli, '--json', ...args];
  const { text } = await run('unshare', ['--mount', 'bash', '-c', script, 'container', ...command]);
  return linesIn(text);
}

describe('in a container', () => {
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  const cdrom = () => permitted(stick, { timing: QUICK });
  const modem = () => permitted(stick, { firmware: 'stick', setport: 'FF;10,12', timing: QUICK });

  it('the stick is seen without any device node', async () => {
    await cdrom();
    const { lines } = await e3272({ nodes: [] }, ['list']);
    assert.ok(JSON.stringify(lines).includes('"mode":"storage"'), JSON.stringify(lines));
  });

  it('the switch needs /dev/bus/usb and the group plugdev', async () => {
    await cdrom();
    const { result } = await e3272({ nodes: ['bus/usb'], groups: [PLUGDEV] }, ['switch']);
    assert.equal(result.ok, true, JSON.stringify(result));
    await stick.seen(({ device }) => device.productId === 0x14db);
  });

  it('the switch names what is missing: the bus', async () => {
    await cdrom();
    const { result } = await e3272({ nodes: [], groups: [PLUGDEV] }, ['switch']);
    assert.equal(result.ok, false);
    assert.match(`${result.message} ${result.hint}`, /\/dev\/bus\/usb/, JSON.stringify(result));
  });

  it('the switch names what is missing: the right', async () => {
    await cdrom();
    const { result } = await e3272({ nodes: ['bus/usb'] }, ['switch']);
    assert.equal(result.code, 'NO_PERMISSION', JSON.stringify(result));
    assert.match(`${result.hint}`, /e3272\.rules/);
  });

  it('AT needs the tty and the group dialout', async () => {
    await modem();
    const { result, lines } = await e3272({ nodes: ['ttyUSB0', 'ttyUSB1'], groups: [DIALOUT] }, ['at', 'AT']);
    assert.equal(result.ok, true, JSON.stringify(lines));
  });

  it('AT names what is missing: the right', async () => {
    await modem();
    const { result } = await e3272({ nodes: ['ttyUSB0', 'ttyUSB1'] }, ['at', 'AT']);
    assert.equal(result.code, 'NO_PERMISSION', JSON.stringify(result));
    assert.match(`${result.hint}`, /dialout/);
  });

  it('AT names what is missing: the device node of the port', async () => {
    await modem();
    const { result } = await e3272({ nodes: [], groups: [DIALOUT] }, ['at', 'AT']);
    assert.equal(result.ok, false);
    assert.match(`${result.message} ${result.hint}`, /\/dev/, JSON.stringify(result));
  });
});
