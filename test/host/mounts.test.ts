import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Mount } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { createTtyHost } from '../../src/host/tty-host';
import { FakeMachine, STICK_1F01, STICK_1506 } from './tree';

/** A line of /proc/self/mountinfo. */
const line = (number: string, at: string, source: string, superblock: string, more = 'rw,relatime shared:1') =>
  `36 35 ${number} / ${at} ${more} - ext4 ${source} ${superblock}\n`;

describe('what is mounted of a stick', () => {
  let machine: FakeMachine;
  /** Folders of the units of a stick at 1-1.4: its CD-ROM, and the disk in its card reader. */
  let disk: string;
  beforeEach(() => {
    machine = new FakeMachine();
    machine.plug('1-1.4', STICK_1F01);
    machine.addBlock('sr0', '11:0', machine.addUnit('1-1.4:1.0', 0, 'HUAWEI'));
    disk = machine.addBlock('sda', '8:0', machine.addUnit('1-1.4:1.0', 1, 'HUAWEI'));
    machine.addBlock('sda1', '8:1', disk);
    // The machine's own disk, and another stick whose path begins alike.
    machine.addBlock('nvme0n1', '259:0', join(machine.root, 'sys/devices/pci0/nvme0'));
    machine.plug('1-1.40', { ...STICK_1F01, address: 9 });
    machine.addBlock('sdb', '8:16', machine.addUnit('1-1.40:1.0', 0, 'HUAWEI'));
  });
  afterEach(() => machine.remove());

  const mounts = (portPath = '1-1.4'): Promise<Mount[]> => createLocalHost({ root: machine.root }).mounts(portPath);
  const table = (...lines: string[]) => machine.file('proc/self/mountinfo', lines.join(''));

  it('is found by the numbers of its disks and their parts, with what the superblock says', async () => {
    table(
      line('259:0', '/', '/dev/nvme0n1', 'rw'),
      line('11:0', '/media/cdrom', '/dev/sr0', 'ro,nojoliet'),
      line('8:1', '/media/card', '/dev/sda1', 'rw,errors=remount-ro'),
      line('8:16', '/media/other', '/dev/sdb', 'rw'),
    );
    assert.deepEqual(await mounts(), [
      { device: '/dev/sr0', mountPoint: '/media/cdrom', writable: false },
      { device: '/dev/sda1', mountPoint: '/media/card', writable: true },
    ]);
    assert.deepEqual(await mounts('1-1.40'), [{ device: '/dev/sdb', mountPoint: '/media/other', writable: true }]);
    assert.deepEqual(await mounts('1-2'), []);
  });

  it('a read-only view of a writable file system is writable, a read-only file system is not', async () => {
    table(line('8:1', '/ro-bind', '/dev/sda1', 'rw', 'ro,relatime'), line('11:0', '/cd', '/dev/sr0', 'ro', 'rw'));
    assert.deepEqual(
      (await mounts()).map(({ mountPoint, writable }) => [mountPoint, writable]),
      [
        ['/ro-bind', true],
        ['/cd', false],
      ],
    );
  });

  it('blanks and the like in a path are read as what they stand for', async () => {
    table(line('8:1', '/media/my\\040card\\134\\011', '/dev/sda1', 'rw', 'rw'));
    assert.equal((await mounts())[0]?.mountPoint, '/media/my card\\\t');
  });

  it('lines without optional fields, or cut ones, do no harm', async () => {
    table(
      '',
      'nonsense\n',
      '36 35 8:1 / /x rw\n',
      '36 35 8:1 / /y rw - ext4\n',
      line('8:1', '/z', '/dev/sda1', 'rw', 'rw'),
    );
    assert.deepEqual(
      (await mounts()).map((m) => m.mountPoint),
      ['/z'],
    );
  });

  it('what stands on a volume counts: partitions, dm on dm, md, a loop over the device', async () => {
    const virtual = join(machine.root, 'sys/devices/virtual/block');
    // In this order: what is above is listed first.
    machine.addBlock('dm-0', '253:0', virtual, ['dm-1']);
    machine.addBlock('dm-1', '253:1', virtual, ['sda1']);
    machine.addBlock('md0', '9:0', virtual, ['sda']);
    machine.addBlock('md0p1', '9:1', join(virtual, 'md0'));
    machine.addBlock('loop0', '7:0', virtual);
    machine.file('sys/devices/virtual/block/loop0/loop/backing_file', '/dev/sda1\n');
    machine.addBlock('dm-7', '253:7', virtual, ['nvme0n1']);
    table(
      line('253:0', '/a', '/dev/mapper/a', 'rw'),
      line('9:1', '/b', '/dev/md0p1', 'rw'),
      line('7:0', '/c', '/dev/loop0', 'rw'),
      line('253:7', '/d', '/dev/mapper/d', 'rw'),
    );
    assert.deepEqual(
      (await mounts()).map(({ device, mountPoint }) => `${device} ${mountPoint}`),
      ['/dev/dm-0 /a', '/dev/md0p1 /b', '/dev/loop0 /c'],
    );
  });

  it('a file system with numbers of its own (btrfs) is found by its source, also through a link', async () => {
    mkdirSync(join(machine.root, 'dev/disk'));
    machine.file('dev/sda1', '');
    symlinkSync('../sda1', join(machine.root, 'dev/disk/card'));
    table(
      line('0:42', '/a', '/dev/sda1', 'rw'),
      line('0:43', '/b', '/dev/disk/card', 'rw'),
      line('0:44', '/c', 'sda1', 'rw'),
    );
    assert.deepEqual(
      (await mounts()).map((m) => m.mountPoint),
      ['/a', '/b'],
    );
  });

  it('what only the machine sees counts, where a container may look there; once if both see it', async () => {
    table(line('11:0', '/cd', '/dev/sr0', 'ro'));
    machine.file(
      'proc/1/mountinfo',
      line('11:0', '/cd', '/dev/sr0', 'ro') + line('8:1', '/host/card', '/dev/sda1', 'rw'),
    );
    assert.deepEqual(
      (await mounts()).map((m) => m.mountPoint),
      ['/cd', '/host/card'],
    );
  });

  it('a swap area is written to', async () => {
    const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
    machine.file('proc/swaps', `${head}/dev/nvme0n1   partition\t1\t0\t-2\n/dev/sda1   partition\t1048572\t0\t-3\n`);
    assert.deepEqual(await mounts(), [{ device: '/dev/sda1', mountPoint: 'swap', writable: true }]);
  });

  it('nothing, of a stick without volumes or a tty', async () => {
    machine.plug('1-2', STICK_1506);
    table(line('8:1', '/media/card', '/dev/sda1', 'rw'));
    assert.deepEqual(await mounts('1-2'), []);
    assert.deepEqual(await createTtyHost('/dev/ttyUSB0', { root: machine.root }).mounts('/dev/ttyUSB0'), []);
  });
});
