import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDriverError } from '../../src/errors';
import { lockFolder, lockStick } from '../../src/host/lock';

describe('the lock of a stick', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'e3272-lock-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** A process that locks `1-1.4` when told; answers `locked` or the error's message. */
  async function locker(...args: string[]): Promise<ChildProcess> {
    const child = fork(join(__dirname, 'locker.js'), [folder, '1-1.4', ...args]);
    children.push(child);
    await once(child, 'message');
    return child;
  }
  async function ask(child: ChildProcess): Promise<string> {
    const answer = once(child, 'message');
    child.send('lock');
    return String((await answer)[0]);
  }
  const file = () => join(folder, 'e3272-1-1.4');

  it('is held until it is released, also against this process itself', () => {
    const lock = lockStick('1-1.4', folder);
    assert.throws(
      () => lockStick('1-1.4', folder),
      (e) => isDriverError(e, 'BUSY') && e.message.includes(`this process (pid ${process.pid})`) && e.stick === '1-1.4',
    );
    const other = lockStick('1-1.5', folder);
    lock.release();
    lock.release();
    other.release();
    lockStick('1-1.4', folder).release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('makes a file name of a tty path', () => {
    const lock = lockStick('/dev/ttyUSB0', folder);
    assert.deepEqual(readdirSync(folder), ['e3272-%2Fdev%2FttyUSB0']);
    lock.release();
  });

  it('keeps another process out, names it, and is free when that exits', async () => {
    const child = await locker();
    assert.equal(await ask(child), 'locked');
    assert.throws(
      () => lockStick('1-1.4', folder),
      (e) => isDriverError(e, 'BUSY') && e.message.includes(`(pid ${child.pid})`),
    );
    const ended = once(child, 'exit');
    child.send('exit');
    await ended;
    assert.equal(existsSync(file()), false);
    lockStick('1-1.4', folder).release();
  });

  it('is taken over from a process that was killed', async () => {
    const child = await locker();
    assert.equal(await ask(child), 'locked');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    assert.equal(existsSync(file()), true);
    const lock = lockStick('1-1.4', folder);
    assert.match(readFileSync(file(), 'utf8'), new RegExp(`^${process.pid} `));
    lock.release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is taken over when the pid belongs to another process by now', async () => {
    const other = spawn('sleep', ['60']);
    children.push(other);
    await once(other, 'spawn');
    writeFileSync(file(), `${other.pid} 1 node\n`);
    lockStick('1-1.4', folder).release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is taken over when the file holds no owner', () => {
    for (const content of ['', 'garbage', '1 2', '99999999999999999999 1 node\n']) {
      writeFileSync(file(), content);
      lockStick('1-1.4', folder).release();
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is taken over by one of many, and by one after another that died in doing so', async () => {
    // The owner is dead, and so is one that wanted to take over from it.
    const dead = spawn('true');
    await once(dead, 'exit');
    writeFileSync(file(), `${dead.pid} 1 node\n`);
    writeFileSync(`${file()}.${dead.pid}-1`, `${dead.pid} 2 node\n`);
    const all = await Promise.all(Array.from({ length: 4 }, () => locker()));
    const answers = await Promise.all(all.map(ask));
    assert.equal(answers.filter((a) => a === 'locked').length, 1, answers.join('\n'));
    assert.ok(
      answers.every((a) => a === 'locked' || a.startsWith('BUSY')),
      answers.join('\n'),
    );
    assert.deepEqual(readdirSync(folder), ['e3272-1-1.4']);
  });

  it('says so when the lock file is something else', () => {
    mkdirSync(file());
    assert.throws(
      () => lockStick('1-1.4', folder),
      (e) => isDriverError(e, 'NO_PERMISSION') && e.message.includes(file()),
    );
    rmSync(file(), { recursive: true });
    symlinkSync(join(folder, 'nowhere'), file());
    assert.throws(
      () => lockStick('1-1.4', folder),
      (e) => isDriverError(e, 'NO_PERMISSION'),
    );
  });

  it('goes to /run/lock, the runtime folder or the temporary folder, whichever can be written to', () => {
    const run = join(folder, 'run/lock');
    const user = join(folder, 'user');
    mkdirSync(user);
    assert.equal(lockFolder(folder, {}), tmpdir());
    assert.equal(lockFolder(folder, { XDG_RUNTIME_DIR: user }), user);
    mkdirSync(run, { recursive: true });
    assert.equal(lockFolder(folder, { XDG_RUNTIME_DIR: user }), run);
  });
});
