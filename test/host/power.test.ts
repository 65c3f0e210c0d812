import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../src/host/clock';
import { inhibitSleep, readPower } from '../../src/host/power';
import { tempFolder } from '../support/temp-folder';

describe('what may cut a stick off', () => {
  let root: string;
  beforeEach(() => {
    root = tempFolder('power');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function file(path: string, content: string, mode = 0o644): string {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content, { mode });
    return full;
  }

  /** Waits for so many lines in a file that a child writes; how many there are then. */
  async function lines(name: string, wanted: number): Promise<number> {
    const path = join(root, name);
    const count = () => (existsSync(path) ? readFileSync(path, 'latin1').split('\n').length - 1 : 0);
    // A test that has given up has removed the folder.
    while (count() < wanted && existsSync(root)) await new Promise((resolve) => setTimeout(resolve, 10));
    return count();
  }

  it('autosuspend is read, and turned off only when that is asked for', async () => {
    const control = file('sys/bus/usb/devices/1-1/power/control', 'auto\n');
    assert.deepEqual(await readPower(root, '1-1', false), { autosuspend: 'allowed', hub: 'none' });
    assert.equal(readFileSync(control, 'latin1'), 'auto\n');
    assert.deepEqual(await readPower(root, '1-1', true), { autosuspend: 'off', hub: 'none' });
    assert.equal(readFileSync(control, 'latin1'), 'on');
  });

  it('a kernel without power control, and a place that is no port, are not known', async () => {
    assert.deepEqual(await readPower(root, '1-1', true), { autosuspend: 'unknown', hub: 'none' });
    assert.deepEqual(await readPower(root, '/dev/ttyS0', true), { autosuspend: 'unknown', hub: 'unknown' });
  });

  it('every hub on the way counts', async () => {
    file('sys/bus/usb/devices/1-1.4/bmAttributes', 'e0\n');
    assert.equal((await readPower(root, '1-1.4.2', false)).hub, 'unknown');
    file('sys/bus/usb/devices/1-1/bmAttributes', 'e0\n');
    assert.equal((await readPower(root, '1-1.4.2', false)).hub, 'powered');
    file('sys/bus/usb/devices/1-1/bmAttributes', 'a0\n');
    assert.equal((await readPower(root, '1-1.4.2', false)).hub, 'unpowered');
  });

  it('sleep is inhibited by a child that ends with the lock; none where systemd is not, or says no', async () => {
    const tool = file('systemd-inhibit', `#!/bin/sh\necho held\ncat\necho x >> ${join(root, 'ended')}\n`);
    chmodSync(tool, 0o755);
    const path = [root, '/usr/bin', '/bin'].join(delimiter);
    const release = await inhibitSleep(systemClock, 'a test', path);
    assert.ok(release);
    release();
    await lines('ended', 1);

    writeFileSync(tool, '#!/bin/sh\nexit 1\n');
    assert.equal(await inhibitSleep(systemClock, 'a test', path), undefined);
    assert.equal(await inhibitSleep(systemClock, 'a test', join(root, 'nowhere')), undefined);
  });

  it('one child is enough for several at once; it ends with the last of them, and the next one gets a new one', async () => {
    const [began, ended] = ['began', 'ended'].map((name) => join(root, name));
    file('systemd-inhibit', `#!/bin/sh\necho x >> ${began}\necho held\ncat\necho x >> ${ended}\n`, 0o755);
    const path = [root, '/usr/bin', '/bin'].join(delimiter);
    // On a busy machine the child may be slower than systemd has to be.
    const patient = { ...systemClock, after: (ms: number, fn: () => void) => systemClock.after(ms * 30, fn) };
    const hold = () => inhibitSleep(patient, 'a test', path);
    const [first, second] = await Promise.all([hold(), hold()]);
    const third = await hold();
    assert.ok(first && second && third);
    await lines('began', 1);
    first();
    first();
    second();
    const fourth = await hold();
    third();
    // A child that has been let go would be gone before another one has come and gone.
    const other = [root, '/bin', '/usr/bin'].join(delimiter);
    (await inhibitSleep(patient, 'a test', other))?.();
    await lines('ended', 1);
    assert.equal(await lines('began', 2), 2);
    fourth?.();
    await lines('ended', 2);
    (await hold())?.();
    assert.equal(await lines('began', 3), 3);
    assert.equal(await lines('ended', 3), 3);
  });

  it('a child that has died is nobody to join', async () => {
    const began = join(root, 'began');
    file('systemd-inhibit', `#!/bin/sh\necho $$ >> ${began}\necho held\ncat\n`, 0o755);
    const path = [root, '/usr/bin', '/bin'].join(delimiter);
    const first = await inhibitSleep(systemClock, 'a test', path);
    assert.ok(first);
    process.kill(Number(readFileSync(began, 'latin1')), 'SIGKILL');
    let second = await inhibitSleep(systemClock, 'a test', path);
    while ((await lines('began', 1)) < 2) {
      second?.();
      await new Promise((resolve) => setTimeout(resolve, 10));
      second = await inhibitSleep(systemClock, 'a test', path);
    }
    first();
    const third = await inhibitSleep(systemClock, 'a test', path);
    assert.ok(second && third);
    second();
    third();
    assert.equal(await lines('began', 2), 2);
  });

  it('is not inhibited, and nothing is thrown, where no process can be started', async () => {
    const path = [root, '/usr/bin', '/bin'].join(delimiter);
    // Its interpreter is missing: found, and not to be started.
    file('systemd-inhibit', '#!/no/such/interpreter\n', 0o755);
    assert.equal(await inhibitSleep(systemClock, 'a test', path), undefined);
    // No descriptor is left for its pipes.
    file('systemd-inhibit', '#!/bin/sh\necho held\ncat\n', 0o755);
    const script = `ulimit -n 100; exec "$0" "$@"`;
    const args = ['-c', script, process.execPath, join(__dirname, 'no-descriptors.js'), path];
    const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.equal(await text(child.stdout), 'EMFILE: not held');
  });
});
