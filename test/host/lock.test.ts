import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isDriverError } from '../../src/errors';
import { lockFolder } from '../../src/host/holder-name';
import { type LockOptions, lockStick, socketName } from '../../src/host/lock';

/** Nobody, and somebody else. Only root can be them. */
const OTHERS = [65_534, 65_533] as const;

const asRoot = process.getuid?.() === 0 ? it : () => undefined;

const isBusy = (words: RegExp) => (e: unknown) => isDriverError(e, 'BUSY') && words.test(e.message);

describe('the lock of a stick', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'e3272-lock-'));
    chmodSync(folder, 0o1777);
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Sticks of this test alone: other tests run at the same time. */
  const here = (more: LockOptions = {}): LockOptions => ({ root: folder, folder, ...more });
  const lock = (name = '1-1.4', more: LockOptions = {}) => lockStick(name, here(more));
  const file = () => join(folder, 'e3272-1-1.4');

  /** A process that locks `1-1.4` when told; answers `locked` or the error's message. */
  async function locker(more: LockOptions = {}, user?: number): Promise<ChildProcess> {
    const args = ['1-1.4', JSON.stringify(here(more)), ...(user === undefined ? [] : [String(user)])];
    const child = fork(join(__dirname, 'locker.js'), args);
    children.push(child);
    await once(child, 'message');
    return child;
  }
  async function ask(child: ChildProcess, order = 'lock'): Promise<string> {
    const answer = once(child, 'message');
    child.send(order);
    return String((await answer)[0]);
  }
  async function kill(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  it('is held until it is released, also against this process itself, and is free at once', async () => {
    const first = await lock();
    const own = new RegExp(`this process \\(pid ${process.pid}\\)`);
    await assert.rejects(lock(), (e) => isBusy(own)(e) && isDriverError(e) && e.stick === '1-1.4');
    const other = await lock('1-1.5');
    // Nothing has to happen in between.
    first.release();
    const second = lock();
    first.release();
    (await second).release();
    other.release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('twice released takes nothing from the next one', async () => {
    const first = await lock();
    first.release();
    const second = await lock();
    first.release();
    await assert.rejects(lock(), isBusy(/this process/));
    second.release();
  });

  it('is a name of 108 bytes in whatever version of Node.js, also of a long path', async () => {
    assert.equal(socketName('1-1.4').replaceAll('\0', ''), 'e3272-1-1.4');
    const long = `/dev/serial/by-id/${'x'.repeat(200)}`;
    const names = ['1-1.4', 'ä'.repeat(50), 'y'.repeat(101), 'y'.repeat(102), `${long}1`, `${long}2`].map((name) =>
      socketName(name),
    );
    assert.equal(new Set(names).size, names.length);
    for (const name of names) {
      assert.equal(Buffer.byteLength(name), 108);
      assert.ok(name.startsWith('\0e3272-'));
    }
    const held = await lock(`${long}1`);
    (await lock(`${long}2`)).release();
    await assert.rejects(lock(`${long}1`), isBusy(/this process/));
    held.release();
  });

  it('takes only its own name away', async () => {
    const first = await lock();
    writeFileSync(file(), `${process.pid} 1 somebody else\n`);
    first.release();
    assert.match(readFileSync(file(), 'utf8'), /somebody else/);
    rmSync(file());
  });

  it('makes a file name of a tty path', async () => {
    const held = await lock('/dev/ttyUSB0');
    assert.deepEqual(readdirSync(folder), ['e3272-%2Fdev%2FttyUSB0']);
    held.release();
  });

  it('keeps another process out, names it, and is free when that exits', async () => {
    const child = await locker();
    assert.equal(await ask(child), 'locked');
    await assert.rejects(lock(), isBusy(new RegExp(`in use by a-program-that-locks \\(pid ${child.pid}\\)`)));
    const ended = once(child, 'exit');
    child.send('exit');
    await ended;
    assert.equal(existsSync(file()), false);
    (await lock()).release();
  });

  it('keeps two processes apart that name holders in different folders', async () => {
    const child = await locker({ folder: join(folder, 'elsewhere') });
    assert.equal(await ask(child), 'locked');
    await assert.rejects(lock(), isBusy(/another program/));
    assert.equal(await ask(child, 'release'), 'released');
    const held = await lock();
    assert.match(await ask(child), /^BUSY: .* another program/);
    held.release();
  });

  asRoot('keeps users apart, and names them to each other', async () => {
    const [theirs, third] = [await locker({}, OTHERS[0]), await locker({}, OTHERS[1])];
    assert.equal(await ask(theirs), 'locked');
    await assert.rejects(lock(), isBusy(new RegExp(`\\(pid ${theirs.pid}\\)`)));
    assert.match(await ask(third), new RegExp(`^BUSY: .*\\(pid ${theirs.pid}\\)`));
    // Their file stays, and in a folder like /tmp only its owner may take it away.
    await kill(theirs);
    assert.equal(await ask(third), 'locked');
    assert.match(readFileSync(file(), 'utf8'), new RegExp(`^${theirs.pid} `));
    await assert.rejects(lock(), isBusy(/another program/));
    await ask(third, 'release');
    (await lock()).release();
  });

  it('is free at once when its process is killed; the file it leaves is replaced', async () => {
    const child = await locker();
    assert.equal(await ask(child), 'locked');
    await kill(child);
    assert.equal(existsSync(file()), true);
    const held = await lock();
    assert.match(readFileSync(file(), 'utf8'), new RegExp(`^${process.pid} `));
    held.release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('goes to one of many', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => locker()));
    const answers = await Promise.all(all.map((child) => ask(child)));
    assert.equal(answers.filter((a) => a === 'locked').length, 1, answers.join('\n'));
    assert.ok(
      answers.every((a) => a === 'locked' || a.startsWith('BUSY')),
      answers.join('\n'),
    );
    assert.deepEqual(readdirSync(folder), ['e3272-1-1.4']);
  });

  it('a file of whatever kind never keeps anybody out, and nothing is written through it', async () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'precious');
    const put: (() => unknown)[] = [
      () => writeFileSync(file(), ''),
      () => writeFileSync(file(), 'x'.repeat(1_000_000)),
      () => writeFileSync(file(), `${process.pid} 1 node\n`),
      () => mkdirSync(join(file(), 'x'), { recursive: true }),
      () => symlinkSync(target, file()),
      () => symlinkSync(join(folder, 'nowhere'), file()),
      () => execFileSync('mkfifo', [file()]),
    ];
    for (const make of put) {
      make();
      const held = await lock();
      await assert.rejects(lock(), isBusy(/this process|another program/));
      held.release();
      assert.equal(readFileSync(target, 'utf8'), 'precious');
      rmSync(file(), { recursive: true, force: true });
    }
    // A folder that is not there, or not for us.
    (await lock('1-1.4', { folder: join(folder, 'no/such/place') })).release();
    assert.deepEqual(readdirSync(folder), ['target']);
  });

  it('names only who really runs, in plain letters', async () => {
    const other = spawn('sleep', ['60']);
    const dead = spawn('true');
    children.push(other);
    await Promise.all([once(other, 'spawn'), once(dead, 'exit')]);
    const holder = createServer().listen({ path: socketName('1-1.4', folder), exclusive: true });
    await once(holder, 'listening');
    const start = readFileSync(`/proc/${process.pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ')[19];
    for (const text of [
      `${other.pid} 1 node\n`,
      `${dead.pid} 1 node\n`,
      `${process.pid} ${start} \x1b[2Jnode\n`,
      `${process.pid} ${start} node`,
      '99999999999999999999 1 node\n',
    ]) {
      writeFileSync(file(), text);
      await assert.rejects(lock(), isBusy(/in use by another program\.$/), JSON.stringify(text));
    }
    execFileSync('sh', ['-c', `rm ${file()} && mkfifo ${file()}`]);
    await assert.rejects(lock(), isBusy(/in use by another program\.$/));
    holder.close();
    (await lock()).release();
  });

  it('is the same for other programs that take the socket by its name', async () => {
    const name = `test-${process.pid}`;
    const code = `require('net').createServer().listen({ path: process.argv[1].padEnd(108, '\\0') }, () => process.send(1))`;
    const squatter = spawn(process.execPath, ['-e', code.replace('process.argv[1]', `'\\0e3272-${name}'`)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.push(squatter);
    await once(squatter, 'message');
    await assert.rejects(lockStick(name, { folder }), isBusy(/another program/));
    await kill(squatter);
    (await lockStick(name, { folder })).release();
  });

  it('is no reason for a process to go on running, and nobody can hang on to it', async () => {
    const held = await lock();
    const visitor = connect(socketName('1-1.4', folder));
    visitor.resume();
    await once(visitor, 'close');
    held.release();
    const script = `require(${JSON.stringify(join(__dirname, '../../src/host/lock.js'))})
      .lockStick('1-1.4', ${JSON.stringify(here())}).then(() => process.stdout.write('locked'))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
    assert.equal(stdout, 'locked');
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is refused, not thought free, where the system gives no socket', async () => {
    const child = await locker();
    assert.equal(await ask(child, 'exhaust'), 'exhausted');
    assert.match(await ask(child), /^NO_PERMISSION: The stick at 1-1\.4 cannot be held/);
  });

  it('holds within the process where the system has no such sockets', async () => {
    const none = { sockets: false };
    const held = await lock('1-1.4', none);
    await assert.rejects(lock('1-1.4', none), isBusy(/this process/));
    (await lock('1-1.5', none)).release();
    held.release();
    (await lock('1-1.4', none)).release();
  });

  it('is named in /run/lock, the runtime folder or the temporary folder, whichever can be written to', () => {
    const run = join(folder, 'run/lock');
    const user = join(folder, 'user');
    mkdirSync(user);
    assert.equal(lockFolder(folder, {}), tmpdir());
    assert.equal(lockFolder(folder, { XDG_RUNTIME_DIR: user }), user);
    mkdirSync(run, { recursive: true });
    assert.equal(lockFolder(folder, { XDG_RUNTIME_DIR: user }), run);
  });
});
