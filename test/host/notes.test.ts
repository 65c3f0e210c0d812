import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs, {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Disk, thisDisk } from '../../src/host/disk';
import { Notes } from '../../src/host/notes';
import { tempFolder } from '../support/temp-folder';

describe('notes that outlive the process', () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder('notes');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('of tests are not kept among those of the user', () => {
    const place = new Notes().keep('of-a-test', 'text');
    assert.ok(place?.startsWith(join(tmpdir(), 'e3272-state-')), place);
  });

  it('are kept per stick, replaced, and removed; only their owner may read them', () => {
    const notes = new Notes([join(folder, 'state')]);
    assert.equal(notes.read('1-1.4'), undefined);
    notes.write('1-1.4', 'first');
    notes.write('/dev/ttyUSB0', 'other');
    notes.write('1-1.4', 'second');
    assert.equal(new Notes([join(folder, 'state')]).read('1-1.4'), 'second');
    assert.equal(notes.read('/dev/ttyUSB0'), 'other');
    for (const file of readdirSync(join(folder, 'state'))) {
      assert.equal(statSync(join(folder, 'state', file)).mode & 0o777, 0o600);
    }
    notes.write('1-1.4', undefined);
    notes.write('1-1.4', undefined);
    assert.equal(notes.read('1-1.4'), undefined);
  });

  it('are on the disk when the promise resolves, and the event loop does not wait for it', async () => {
    const notes = new Notes([join(folder, 'state')]);
    const sync = fs.fsyncSync;
    fs.fsyncSync = () => assert.fail('waited for the disk');
    try {
      assert.equal(await notes.writeAsync('1-1', 'first'), true);
      await notes.writeAsync('1-1', 'second');
      assert.equal(new Notes([join(folder, 'state')]).read('1-1'), 'second');
      assert.equal(statSync(join(folder, 'state', '1-1.json')).mode & 0o777, 0o600);
      assert.equal(await notes.writeAsync('1-1', undefined), true);
    } finally {
      fs.fsyncSync = sync;
    }
    assert.deepEqual(readdirSync(join(folder, 'state')), []);
    // One folder after the other, and then memory, as with the other way; the caller is told.
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const second = new Notes([join(blocked, 'e3272'), join(folder, 'second')]);
    assert.equal(await second.writeAsync('1-1', 'text'), true);
    assert.equal(new Notes([join(folder, 'second')]).read('1-1'), 'text');
    const nowhere = new Notes([join(blocked, 'e3272')]);
    assert.equal(await nowhere.writeAsync('1-1', 'text'), false);
    assert.equal(nowhere.read('1-1'), 'text');
  });

  it('writes of one note that overlap: the last one counts, on the disk and in whole', async () => {
    const state = join(folder, 'state');
    const notes = new Notes([state]);
    const long = 'a'.repeat(200_000);
    const onDisk = () => new Notes([state]).read('1-1');
    await Promise.all([notes.writeAsync('1-1', long), notes.writeAsync('1-1', 'short')]);
    assert.equal(onDisk(), 'short');
    await Promise.all([notes.writeAsync('1-1', 'short'), notes.writeAsync('1-1', long)]);
    assert.equal(onDisk(), long);
    // What is removed does not come back.
    await Promise.all([notes.writeAsync('1-1', 'short'), notes.writeAsync('1-1', undefined)]);
    assert.equal(notes.read('1-1'), undefined);
    // One that waits for nothing is whole too, and takes no draft away.
    const slow = notes.writeAsync('1-1', long);
    notes.write('1-1', 'at once');
    assert.equal(onDisk(), 'at once');
    await slow;
    assert.equal(onDisk(), long);
    assert.deepEqual(readdirSync(state), ['1-1.json']);
  });

  it('a write that failed does not hold up the next one', async () => {
    const state = join(folder, 'state');
    const notes = new Notes([state]);
    const stale = join(state, '1-1.json');
    mkdirSync(join(stale, 'x'), { recursive: true });
    const [end, second] = [notes.writeAsync('1-1', undefined), notes.writeAsync('1-1', 'second')];
    await assert.rejects(end, { code: 'FILE_NOT_WRITTEN' });
    assert.equal(await second, false);
    rmSync(stale, { recursive: true });
    assert.equal(await notes.writeAsync('1-1', 'second'), true);
    assert.equal(new Notes([state]).read('1-1'), 'second');
  });

  it('go to the next folder where the first cannot be written, and into memory where none can', () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const notes = new Notes([join(blocked, 'e3272'), join(folder, 'second')]);
    notes.write('1-1', 'text');
    assert.equal(notes.read('1-1'), 'text');
    const nowhere = new Notes([join(blocked, 'e3272')]);
    nowhere.write('1-1', 'text');
    assert.equal(nowhere.read('1-1'), 'text');
    nowhere.write('1-1', undefined);
    assert.equal(nowhere.read('1-1'), undefined);
  });

  it('the newest one counts where there are several, whichever folder it is in', () => {
    const folders = [join(folder, 'a'), join(folder, 'b')];
    for (const newest of folders) {
      for (const place of folders) {
        new Notes([place]).write('1-1', place);
        const time = place === newest ? 2_000 : 1_000;
        utimesSync(join(place, '1-1.json'), time, time);
      }
      assert.equal(new Notes(folders).read('1-1'), newest);
    }
  });

  it('an old one that can be neither replaced nor removed stays behind a newer one, and is never said to be gone', async () => {
    const [first, second] = [join(folder, 'a'), join(folder, 'b')];
    // A folder in its place can be neither. It is of tomorrow: the clock was set back since.
    const old = join(first, '1-1.json');
    mkdirSync(join(old, 'x'), { recursive: true });
    const tomorrow = new Date(Date.now() + 86_400_000);
    utimesSync(old, tomorrow, tomorrow);
    const alone = new Notes([first]);
    assert.equal(alone.read('1-1'), '', 'it is there, and cannot be read');
    assert.deepEqual(alone.list(), [{ key: '1-1', text: undefined }]);
    assert.equal(await alone.writeAsync('1-1', 'new'), false);
    assert.equal(alone.read('1-1'), 'new', 'as long as this object lasts');
    assert.equal(new Notes([first]).read('1-1'), '');
    const notes = new Notes([first, second]);
    notes.write('1-1', 'new');
    assert.equal(notes.read('1-1'), 'new');
    assert.ok(statSync(join(second, '1-1.json')).mtimeMs > tomorrow.getTime());
    // Nobody may believe that it is gone, and the newer one stays before it.
    const stays = { code: 'FILE_NOT_WRITTEN', message: /1-1\.json is out of date/ };
    assert.throws(() => notes.write('1-1', undefined), stays);
    assert.equal(new Notes([first, second]).read('1-1'), 'new');
  });

  it('the old one stays on a real disk that takes no more, and nothing else is left there', async () => {
    const state = join(folder, 'state');
    new Notes([state]).write('1-1', 'old');
    const code = `
      const { Notes } = require(${JSON.stringify(join(__dirname, '../../src/host/notes.js'))});
      const notes = new Notes([${JSON.stringify(state)}]);
      notes.writeAsync('1-1', 'new').then((safe) => {
        notes.write('1-2', 'new');
        process.stdout.write(JSON.stringify([safe, notes.read('1-1'), notes.read('1-2')]));
      });`;
    // No file of this process may grow: the write fails as it does when the disk is full.
    const full = ['-c', 'ulimit -f 0 && exec "$@"', 'sh', process.execPath, '-e', code];
    const { stdout } = await promisify(execFile)('sh', full);
    assert.deepEqual(JSON.parse(stdout), [false, 'new', 'new']);
    assert.deepEqual(readdirSync(state), ['1-1.json']);
    assert.equal(new Notes([state]).read('1-1'), 'old');
  });

  it('in memory counts only as long as nobody has written a newer one to the disk', async () => {
    const state = join(folder, 'state');
    mkdirSync(join(state, '1-1.json', 'x'), { recursive: true });
    const notes = new Notes([state]);
    assert.equal(await notes.writeAsync('1-1', 'mine'), false);
    assert.deepEqual(notes.list(), [{ key: '1-1', text: 'mine' }]);
    rmSync(join(state, '1-1.json'), { recursive: true });
    assert.equal(notes.read('1-1'), 'mine');
    assert.equal(await new Notes([state]).writeAsync('1-1', 'theirs'), true);
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(state, '1-1.json'), later, later);
    assert.equal(notes.read('1-1'), 'theirs');
    notes.write('1-1', undefined);
    assert.equal(notes.read('1-1'), undefined);
  });

  it('a log makes its folder without waiting for the disk: the loop goes on; notes wait', () => {
    const state = join(folder, 'state');
    let synced = 0;
    const disk: Disk = {
      ...thisDisk,
      sync: (fd) => {
        synced++;
        return thisDisk.sync(fd);
      },
    };
    const notes = new Notes([state], disk);
    assert.equal(notes.keep('job-1-1.log', 'line'), join(state, 'job-1-1.log'));
    assert.equal(synced, 0);
    notes.write('1-1', 'note');
    assert.ok(synced > 1, 'the folder of a note is on the disk');
  });

  it('are listed by their keys, the newest of each, and only notes', () => {
    const [first, second] = [join(folder, 'a'), join(folder, 'b')];
    new Notes([second]).write('1-1', 'old');
    new Notes([second]).write('/dev/ttyUSB0', 'tty');
    new Notes([first]).write('1-1', 'new');
    new Notes([first]).keep('job-1-1.log', 'line');
    writeFileSync(join(first, '1-2.json'), '');
    writeFileSync(join(first, '1-3.json.0123456789ab.draft'), 'half');
    writeFileSync(join(first, '1-3.json.4711'), 'half');
    // No name of ours.
    writeFileSync(join(first, '%zz.json'), 'odd');
    utimesSync(join(second, '1-1.json'), 1, 1);
    const notes = new Notes([first, second]);
    const listed = [
      { key: '/dev/ttyUSB0', text: 'tty' },
      { key: '1-1', text: 'new' },
      { key: '1-2', text: undefined },
    ];
    assert.deepEqual(notes.list(), listed);
    for (const { key, text = '' } of listed) assert.equal(notes.read(key), text);
    assert.deepEqual(new Notes([join(folder, 'nowhere')]).list(), []);
  });

  it('are written also where others clear drafts away, by a clock that was set', async () => {
    const state = join(folder, 'state');
    const cleared: Disk = { ...thisDisk, now: () => Date.now() + 10 * 3_600_000 };
    let clearing = 0;
    const disk: Disk = {
      ...thisDisk,
      rename(from, to) {
        // Each of them looks once: when it writes first.
        if (clearing++ < 3) new Notes([state], cleared).write('other', `${clearing}`);
        thisDisk.rename(from, to);
      },
    };
    const notes = new Notes([state], disk);
    assert.equal(await notes.writeAsync('1-1', 'text'), true);
    clearing = 0;
    assert.equal(notes.write('1-1', 'more'), true);
    assert.equal(clearing, 4);
    assert.equal(new Notes([state]).read('1-1'), 'more');
    assert.deepEqual(readdirSync(state).sort(), ['1-1.json', 'other.json']);
  });

  it('go with logs, of which the newest 20 of each series stay, and nothing else goes', () => {
    const state = join(folder, 'state');
    const notes = new Notes([state]);
    const name = (n: number) => `job-1-1-202401${String(n).padStart(2, '0')}T000000.log`;
    for (const other of ['job-1-1.4-20240101T000000.log', 'job-1-1-notes.txt', 'saved-1-1-20240101T000000.txt']) {
      notes.keep(other, 'stays', 'job-1-1.4-');
    }
    for (let n = 1; n <= 25; n++) {
      notes.keep(name(n), 'one\n', 'job-1-1-');
      notes.keep(name(n), 'two\n', 'job-1-1-');
    }
    const files = readdirSync(state);
    assert.deepEqual(
      files.filter((file) => /^job-1-1-\d/.test(file)).sort(),
      Array.from({ length: 20 }, (_, i) => name(i + 6)),
    );
    assert.equal(files.length, 23);
    assert.equal(readFileSync(join(state, name(25)), 'utf8'), 'one\ntwo\n');
    // Without a series nothing goes, as for files of another kind.
    notes.keep('job-1-1-20250101T000000.log', 'x');
    assert.equal(readdirSync(state).length, 24);
    // Of a machine that does not know yet how late it is.
    for (const line of ['one\n', 'two\n']) notes.keep('job-1-1-19700101T000000.log', line, 'job-1-1-');
    assert.equal(readFileSync(join(state, 'job-1-1-19700101T000000.log'), 'utf8'), 'one\ntwo\n');
    assert.equal(readdirSync(state).filter((file) => /^job-1-1-\d/.test(file)).length, 20);
  });

  it('of 0.1 are read, replaced and removed, whatever they were named', async () => {
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    const write01 = () => {
      writeFileSync(join(state, '1-1.4.json'), 'begun');
      writeFileSync(join(state, '_dev_ttyS0.json'), 'begun');
    };
    write01();
    const notes = new Notes([join(folder, 'first'), state]);
    for (const key of ['1-1.4', '/dev/ttyS0']) {
      assert.equal(notes.read(key), 'begun');
      assert.equal(await notes.writeAsync(key, 'new'), true);
      assert.equal(notes.read(key), 'new');
    }
    assert.deepEqual(readdirSync(state), []);
    write01();
    for (const key of ['1-1.4', '/dev/ttyS0']) {
      assert.equal(await notes.writeAsync(key, undefined), true);
      assert.equal(notes.read(key), undefined);
    }
    assert.deepEqual(readdirSync(state), []);
  });

  it('a file in whose place somebody has put something else is one that cannot be read', () => {
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    writeFileSync(join(folder, 'elsewhere'), 'theirs');
    symlinkSync(join(folder, 'elsewhere'), join(state, '1-1.json'));
    const pipe = join(state, '1-2.json');
    execFileSync('mkfifo', [pipe]);
    const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    fs.writeFileSync(pipe, 'theirs');
    writeFileSync(join(state, '1-3.json'), 'x'.repeat(5_000_000));
    const notes = new Notes([state]);
    for (const key of ['1-1', '1-2', '1-3']) assert.equal(notes.read(key), '');
    assert.equal(notes.list().length, 3);
    fs.closeSync(reader);
  });
});
