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
      [['mmcli', `--inhibit-device=${uid.replace(/1-1\.4$/, '11-1.4')}`], 1],
      [['mmcli', '--inhibit-device=/sys/devices/pci0/usb2/2-1', uid], 1],
      [['mmcli', `--inhibit-device=${uid}`, '--inhibit-device=/sys/devices/pci0/usb2/2-1'], 1],
      [['mmcli', '--inhibit-device=/home/me/1-1.4'], 1],
      [['mmcli', '--inhibit-device'], 1],
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

  it('may be let loose by a file that cannot be read', async () => {
    machine.run(812, 'ModemManager');
    machine.file('etc/udev/rules.d/77-e3272.rules', SHIPPED);
    machine.file('etc/udev/rules.d/99-secret.rules/no-file', '');
    assert.equal((await findIntruders(machine.root, '1-1.4')).length, 1);
  });

  it('are told apart by the order of file names, whatever their folder', async () => {
    machine.run(812, 'ModemManager');
    machine.file('usr/lib/udev/rules.d/78-theirs.rules', RULE.replace('"1"', '"0"'));
    machine.file('etc/udev/rules.d/77-mine.rules', RULE);
    assert.equal((await findIntruders(machine.root, '1-1.4')).length, 1);
    machine.file('etc/udev/rules.d/79-mine.rules', RULE);
    assert.deepEqual(await findIntruders(machine.root, '1-1.4'), []);
  });
});

/** `rules` as the content of a file between those of udev and of ModemManager. */
const ignores = (...rules: string[]): boolean =>
  ignoresVendor(rules.map((text, index) => ({ name: `7${index}-mine.rules`, text })));

const DEVICE = 'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="12d1"';
const TTY = 'SUBSYSTEM=="tty", ATTRS{idVendor}=="12d1"';
const NO_DEVICE = 'ENV{ID_MM_DEVICE_IGNORE}="1"';
const NO_PORT = 'ENV{ID_MM_PORT_IGNORE}="1"';

describe('ModemManager is kept away by', () => {
  for (const [what, rules] of [
    ['the shipped file', SHIPPED],
    ['a rule for the whole device', RULE],
    ['one without a subsystem', `ATTRS{idVendor}=="12d1", ${NO_DEVICE}`],
    ['one for its ports', `${TTY}, ${NO_PORT}`],
    [
      'one for its ports, with the subsystem of their device',
      `SUBSYSTEM=="tty", SUBSYSTEMS=="usb", ${TTY}, ${NO_PORT}`,
    ],
    ['one for all ports of all devices', `SUBSYSTEM=="tty", ${NO_PORT}`],
    ['one for all devices', NO_DEVICE],
    ['one for their names', `KERNEL=="ttyUSB*|ttyACM*", ATTRS{idVendor}=="12d1", ${NO_PORT}`],
    ['one for any name', `SUBSYSTEM=="tty", KERNEL=="tty[A-Z]*[0-9]", ATTRS{idVendor}=="12d1", ${NO_PORT}`],
    ['a final assignment, over two lines', `ENV{ID_VENDOR_ID}=="12d1", \\\n  ENV{ID_MM_DEVICE_IGNORE}:="1"`],
    ['two lines with a comment in between', `${DEVICE}, \\\n# not the end\n  ${NO_DEVICE}`],
    ['a rule, though a comment would take it back', `${DEVICE}, ${NO_DEVICE}\n# ENV{ID_MM_DEVICE_IGNORE}="0"`],
    ['one for several vendors', `SUBSYSTEM=="usb", ATTR{idVendor}=="1199|12d1", ${NO_DEVICE}`],
    ['one for all vendors but another', `SUBSYSTEM=="usb", ATTR{idVendor}!="0403", ${NO_DEVICE}`],
    ['any event that sets it', `ACTION=="add|change|move|bind", ${DEVICE}, ${NO_DEVICE}`],
    ['any event but the last', `ACTION!="remove", ${DEVICE}, ${NO_DEVICE}`],
    ['pairs without commas', `ACTION!="remove" ${DEVICE} ${NO_DEVICE}`],
    [
      'a rule behind a guard that lets all sticks pass',
      `SUBSYSTEM!="usb", GOTO="end"\n${DEVICE}, ${NO_DEVICE}\nLABEL="end"`,
    ],
    [
      'a rule in a block that all sticks are led to',
      `${DEVICE}, GOTO="ours"\nGOTO="end"\nLABEL="ours"\n${NO_DEVICE}\nLABEL="end"`,
    ],
    [
      'a rule behind a block of one product',
      `ATTR{idProduct}=="1506", GOTO="one"\nLABEL="one"\n${DEVICE}, ${NO_DEVICE}`,
    ],
    [
      'a rule that another one takes back for another maker',
      `${DEVICE}, ${NO_DEVICE}\nATTR{idVendor}=="0403", ENV{ID_MM_DEVICE_IGNORE}="0"`,
    ],
    [
      'ports, though they are taken back for another maker',
      `${TTY}, ${NO_PORT}\nATTRS{idVendor}=="2c7c", ENV{ID_MM_PORT_IGNORE}="0"`,
    ],
    [
      'devices, though something is taken back for ports',
      `${DEVICE}, ${NO_DEVICE}\n${TTY}, ENV{ID_MM_PORT_IGNORE}="0"`,
    ],
    ['a rule that sets what was taken back before', `${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}="0"\n${DEVICE}, ${NO_DEVICE}`],
  ] as const) {
    it(what, () => assert.equal(ignores(rules), true));
  }
});

describe('ModemManager is not kept away by', () => {
  for (const [what, rules] of [
    ['a comment', `# ${RULE}`],
    ['a comment that seems to go on', `# about \\\n# ${RULE}`],
    ['a rule that goes on behind a comment', `${NO_DEVICE}, \\\n# for another vendor\nATTR{idVendor}=="0403"`],
    [
      'what is taken back by a match without regard to case',
      `${RULE}\nSUBSYSTEM==i"USB", ENV{ID_MM_DEVICE_IGNORE}="0"`,
    ],
    ['another vendor', `ATTR{idVendor}=="0403", ${NO_DEVICE}`],
    ['all but this vendor', `ATTR{idVendor}!="12d1", ${NO_DEVICE}`],
    ['the vendor in capital letters, which sysfs never writes', `ATTR{idVendor}=="12D1", ${NO_DEVICE}`],
    ['one product', `${DEVICE}, ATTR{idProduct}=="1506", ${NO_DEVICE}`],
    ['a list of products', `${DEVICE}, ATTR{idProduct}=="1f01|1506|14db|1442|1443|1c05", ${NO_DEVICE}`],
    ['one product, by its model id', `${DEVICE}, ENV{ID_MODEL_ID}=="1506", ${NO_DEVICE}`],
    ['one serial number', `${DEVICE}, ATTR{serial}=="0123456789ABCDEF", ${NO_DEVICE}`],
    ['one place', `${DEVICE}, KERNEL=="1-1.4", ${NO_DEVICE}`],
    ['one interface', `${TTY}, ATTRS{bInterfaceNumber}=="02", ${NO_PORT}`],
    ['one interface, by its environment', `${TTY}, ENV{ID_USB_INTERFACE_NUM}=="02", ${NO_PORT}`],
    ['one port', `${TTY}, KERNEL=="ttyUSB2", ${NO_PORT}`],
    ['all ports but one', `${TTY}, KERNEL!="ttyUSB2", ${NO_PORT}`],
    ['some ports', `${TTY}, KERNEL=="ttyUSB[0-5]", ${NO_PORT}`],
    ['one driver', `${TTY}, DRIVERS=="cdc_acm", ${NO_PORT}`],
    ['a program', `${TTY}, PROGRAM="/bin/mine", ${NO_PORT}`],
    ['a condition of any kind', `${TTY}, ENV{MINE}=="1", ${NO_PORT}`],
    [
      'a parent that has both vendor and interface, which none has',
      `SUBSYSTEM=="tty", SUBSYSTEMS=="tty", ATTRS{idVendor}=="12d1", ${NO_PORT}`,
    ],
    ['network interfaces', `SUBSYSTEM=="net", ATTRS{idVendor}=="12d1", ${NO_PORT}`],
    ['control devices', `KERNEL=="cdc-wdm*", ATTRS{idVendor}=="12d1", ${NO_PORT}`],
    ['USB interfaces', `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_interface", ATTRS{idVendor}=="12d1", ${NO_DEVICE}`],
    ['an attribute that a tty does not have', `SUBSYSTEM=="tty", ATTR{idVendor}=="12d1", ${NO_PORT}`],
    ['the flag of a port on a device', `${DEVICE}, ${NO_PORT}`],
    ['the flag of a device on a port', `${TTY}, ${NO_DEVICE}`],
    ['the first event only', `ACTION=="add", ${DEVICE}, ${NO_DEVICE}`],
    ['a device that comes, before it is bound', `ACTION=="add|change", ${DEVICE}, ${NO_DEVICE}`],
    ['a device that goes', `ACTION=="remove", ${DEVICE}, ${NO_DEVICE}`],
    ['a value of 0', `${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}="0"`],
    ['a value added to another', `${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}+="1"`],
    ['a condition, no assignment', `${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}=="1", MODE="0660"`],
    ['a line that is no rule, by a key', `${DEVICE}, ${NO_DEVICE}, MODUS="0660"`],
    ['a line that is no rule, by its end', `${DEVICE}, ${NO_DEVICE} # no comment`],
    ['a rule for something else', `${DEVICE}, MODE="0660"`],
    ['what is taken back later', `${DEVICE}, ${NO_DEVICE}\n${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}="0"`],
    [
      'what is taken back for one product',
      `${DEVICE}, ${NO_DEVICE}\n${DEVICE}, ATTR{idProduct}=="1506", ENV{ID_MM_DEVICE_IGNORE}="0"`,
    ],
    ['what is emptied', `${DEVICE}, ${NO_DEVICE}\n${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}=""`],
    [
      'what is taken back for one driver',
      `${TTY}, ${NO_PORT}\n${TTY}, SUBSYSTEMS=="usb-serial", ENV{ID_MM_PORT_IGNORE}="0"`,
    ],
    [
      'what is taken back by a line that nobody understands',
      `${DEVICE}, ${NO_DEVICE}\n${DEVICE}, ENV{ID_MM_DEVICE_IGNORE}=i"0"`,
    ],
    [
      'a block for one product',
      `ATTR{idProduct}=="1506", GOTO="one"\nGOTO="end"\nLABEL="one"\n${DEVICE}, ${NO_DEVICE}\nLABEL="end"`,
    ],
    [
      'a block that one product jumps over',
      `ATTR{idProduct}=="1506", GOTO="end"\n${DEVICE}, ${NO_DEVICE}\nLABEL="end"`,
    ],
    [
      'a block that all but one product jump over',
      `ATTR{idProduct}!="1506", GOTO="end"\n${DEVICE}, ${NO_DEVICE}\nLABEL="end"`,
    ],
    ['a block that all jump over', `SUBSYSTEM=="usb", GOTO="end"\n${DEVICE}, ${NO_DEVICE}\nLABEL="end"`],
    [
      'a block that some jump over, in a line that nobody understands',
      `ATTR{x}==i"y", GOTO="end"\n${DEVICE}, ${NO_DEVICE}\nLABEL="end"`,
    ],
    [
      'what is taken back behind a label that is not there',
      `${DEVICE}, ${NO_DEVICE}\n${DEVICE}, GOTO="nowhere"\nENV{ID_MM_DEVICE_IGNORE}="0"`,
    ],
  ] as const) {
    it(what, () => assert.equal(ignores(rules), false));
  }

  it('what another file takes back', () => {
    assert.equal(ignores(RULE, RULE.replace('"1"', '"0"')), false);
    assert.equal(ignores(RULE.replace('"1"', '"0"'), RULE), true);
  });

  it('a file that comes before the vendor is known, or after ModemManager has been told', () => {
    const byEnvironment = `ENV{ID_VENDOR_ID}=="12d1", ${NO_DEVICE}`;
    for (const [name, text, expected] of [
      ['40-mine.rules', byEnvironment, false],
      ['51-mine.rules', byEnvironment, true],
      ['40-mine.rules', RULE, true],
      ['80-mm-candidate.rules', RULE, false],
      ['99-mine.rules', RULE, false],
    ] as const) {
      assert.equal(ignoresVendor([{ name, text }]), expected, `${name}: ${text}`);
    }
  });
});
