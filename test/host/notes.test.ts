import assert from 'node:assert/strict';
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Notes } from '../../src/host/notes';

describe('notes that outlive the process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'e3272-notes-'));
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
    assert.equal(await second.writeAsync('1-1', 'text'), false);
    assert.equal(new Notes([join(folder, 'second')]).read('1-1'), 'text');
    const nowhere = new Notes([join(blocked, 'e3272')]);
    assert.equal(await nowhere.writeAsync('1-1', 'text'), false);
    assert.equal(nowhere.read('1-1'), 'text');
    mkdirSync(join(folder, 'third', '1-1.json', 'x'), { recursive: true });
    await assert.rejects(new Notes([join(folder, 'third')]).writeAsync('1-1', 'new'), { code: 'FILE_NOT_WRITTEN' });
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
    const stays = { code: 'FILE_NOT_WRITTEN' };
    const [first, second] = [notes.writeAsync('1-1', 'first'), notes.writeAsync('1-1', 'second')];
    await assert.rejects(first, stays);
    await assert.rejects(second, stays);
    rmSync(stale, { recursive: true });
    await notes.writeAsync('1-1', 'second');
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

  it('a note that had to go to the next folder takes the place of the one in the first', () => {
    const [first, second] = [join(folder, 'a'), join(folder, 'b')];
    const notes = new Notes([first, second]);
    notes.write('1-1', 'old');
    // The first folder takes no more: something lies where the draft would.
    mkdirSync(join(first, `1-1.json.${process.pid}`));
    notes.write('1-1', 'new');
    assert.equal(notes.read('1-1'), 'new');
    assert.equal(existsSync(join(first, '1-1.json')), false);
    notes.write('1-1', undefined);
    assert.equal(new Notes([first, second]).read('1-1'), undefined);
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

  it('says so when an old note can be neither replaced nor removed; behind a newer one it may stay', () => {
    const [first, second] = [join(folder, 'a'), join(folder, 'b')];
    // A folder in its place can be neither. It is of tomorrow: the clock was set back since.
    const old = join(first, '1-1.json');
    mkdirSync(join(old, 'x'), { recursive: true });
    const tomorrow = new Date(Date.now() + 86_400_000);
    utimesSync(old, tomorrow, tomorrow);
    const stays = { code: 'FILE_NOT_WRITTEN', message: /1-1\.json is out of date/ };
    assert.throws(() => new Notes([first]).write('1-1', 'new'), stays);
    const notes = new Notes([first, second]);
    notes.write('1-1', 'new');
    assert.equal(notes.read('1-1'), 'new');
    assert.ok(statSync(join(second, '1-1.json')).mtimeMs > tomorrow.getTime());
    // Nobody may believe that it is gone.
    assert.throws(() => notes.write('1-1', undefined), stays);
  });
});
