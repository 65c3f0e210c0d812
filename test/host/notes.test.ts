import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Notes } from '../../src/host/notes';

describe('notes that outlive the process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'e3272-notes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

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

  it('go to the next folder where the first cannot be written, and nowhere where none can', () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const notes = new Notes([join(blocked, 'e3272'), join(folder, 'second')]);
    notes.write('1-1', 'text');
    assert.equal(notes.read('1-1'), 'text');
    const nowhere = new Notes([join(blocked, 'e3272')]);
    nowhere.write('1-1', 'text');
    assert.equal(nowhere.read('1-1'), undefined);
  });
});
