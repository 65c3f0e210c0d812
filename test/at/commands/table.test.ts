import assert from 'node:assert/strict';
import { COMMANDS, ENTRIES } from '../../../src/at/commands/table';

describe('table of commands', () => {
  it('has one entry for each name, and each entry says what it is about and how it comes about', () => {
    assert.equal(COMMANDS.size, ENTRIES.length);
    for (const { name, about, forms, urc } of ENTRIES) {
      assert.match(name, /^([+^][A-Z][A-Z0-9]*|[A-Z]|S\d|RING)$/);
      assert.ok(about !== '' && (forms || urc), name);
    }
  });

  it('reads what has a value, in each form that has one', () => {
    for (const { name, value, line, reply, testValue, test, forms } of ENTRIES) {
      assert.equal(value !== undefined, line !== undefined || reply !== undefined, name);
      assert.equal(testValue !== undefined, test !== undefined, name);
      assert.ok(!test || forms?.includes('test'), name);
    }
  });
});
