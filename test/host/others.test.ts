import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdersOf, programText } from '../../src/host/holders';
import { findIntruders, ignoresVendor } from '../../src/host/intruders';
import { FakeMachine } from './tree';

const SHIPPED = readFileSync(join(process.cwd(), 'docs/e3272.rules'), 'utf8');
const RULE = 'SUBSYSTEM=="usb", ATTR{idVendor}=="12d1", ENV{ID_MM_DEVICE_IGNORE}="1"\n';

describe('other programs', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  it('hold a port: all of them are named, nobody else', async () => {
    machine.run(812, 'ModemManager', ['/dev/null', '/dev/ttyUSB0']);
    machine.run(90, 'gammu-smsd', ['/dev/ttyUSB0']);
    machine.run(91, 'bash', ['/dev/ttyUSB1']);
    machine.file('proc/cmdline', '');
    const found = await holdersOf('/dev/ttyUSB0', machine.root);
    assert.deepEqual(found.map(programText).sort(), ['ModemManager (pid 812)', 'gammu-smsd (pid 90)']);
    assert.deepEqual(await holdersOf('/dev/ttyUSB7', machine.root), []);
    assert.deepEqual(await holdersOf('/dev/ttyUSB0', join(machine.root, 'nowhere')), []);
  });

  it('intrude: ModemManager does, unless a rule keeps it away', async () => {
    assert.deepEqual(await findIntruders(machine.root, '1-1.4'), []);
    machine.run(812, 'ModemManager');
    const [sentence, ...more] = await findIntruders(machine.root, '1-1.4');
    assert.match(sentence ?? '', /^ModemManager \(pid 812\) is running .*e3272\.rules.*udevadm control --reload.*\.$/);
    assert.deepEqual(more, []);
    machine.file('lib/udev/rules.d/77-mm-huawei.rules', 'ATTRS{idVendor}=="12d1", ENV{ID_MM_HUAWEI_TAGGED}="1"\n');
    machine.file('etc/udev/rules.d/77-e3272.txt', SHIPPED);
    assert.equal((await findIntruders(machine.root, '1-1.4')).length, 1);
    machine.file('etc/udev/rules.d/77-e3272.rules', SHIPPED);
    assert.deepEqual(await findIntruders(machine.root, '1-1.4'), []);
  });

  for (const folder of ['etc', 'run', 'usr/lib', 'lib']) {
    it(`find a rule in /${folder}/udev/rules.d`, async () => {
      machine.run(812, 'ModemManager');
      machine.file(`${folder}/udev/rules.d/50-mine.rules`, RULE);
      assert.deepEqual(await findIntruders(machine.root, '1-1.4'), []);
    });
  }

  it('do not intrude on a stick that they are kept from by mmcli, on others they do', async () => {
    machine.run(812, 'ModemManager');
    machine.run(900, 'mmcli');
    const uid = '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4';
    for (const [words, found] of [
      [['mmcli', `--inhibit-device=${uid}`], 0],
      [['mmcli', '--inhibit-device', uid], 0],
      [['mmcli', `--inhibit-device=${uid}.1`], 1],
      [['mmcli', '-m', uid], 1],
    ] as const) {
      machine.file('proc/900/cmdline', `${words.join('\0')}\0`);
      assert.equal((await findIntruders(machine.root, '1-1.4')).length, found, words.join(' '));
    }
  });

  it('do not find a rule that another folder hides', async () => {
    machine.run(812, 'ModemManager');
    machine.file('usr/lib/udev/rules.d/50-mine.rules', RULE);
    machine.file('etc/udev/rules.d/50-mine.rules', '# nothing any more\n');
    assert.equal((await findIntruders(machine.root, '1-1.4')).length, 1);
  });

  for (const [what, rules, expected] of [
    ['the shipped file', SHIPPED, true],
    ['the whole device', RULE, true],
    ['its ports', 'SUBSYSTEM=="tty", ATTRS{idVendor}=="12D1", ENV{ID_MM_PORT_IGNORE}="1"', true],
    ['a final assignment, over two lines', 'ENV{ID_VENDOR_ID}=="12d1", \\\n  ENV{ID_MM_DEVICE_IGNORE}:="1"', true],
    ['a comment', `# ${RULE}`, false],
    ['another vendor', 'ATTR{idVendor}=="0403", ENV{ID_MM_DEVICE_IGNORE}="1"', false],
    ['all but this vendor', 'ATTR{idVendor}!="12d1", ENV{ID_MM_DEVICE_IGNORE}="1"', false],
    ['one product only', 'ATTR{idVendor}=="12d1", ATTR{idProduct}=="1506", ENV{ID_MM_DEVICE_IGNORE}="1"', false],
    ['taken back', 'ATTR{idVendor}=="12d1", ENV{ID_MM_DEVICE_IGNORE}="0"', false],
    ['a condition, no assignment', 'ATTR{idVendor}=="12d1", ENV{ID_MM_DEVICE_IGNORE}=="1", MODE="0660"', false],
    ['a rule for something else', 'ATTR{idVendor}=="12d1", MODE="0660"', false],
  ] as const) {
    it(`${expected ? 'are kept away by' : 'are not kept away by'} ${what}`, () => {
      assert.equal(ignoresVendor(rules), expected);
    });
  }
});
