/** A file of the folder `traces` is a test: dropped there, it is replayed. And what others have published is of the same format. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace } from '../../src/record/format';
import { replayTrace } from './replay';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'test/traces');
const PUBLIC = ['transcripts.jsonl', 'hilink.jsonl'].map((name) => join(ROOT, 'test/data', name));

describe('traces', () => {
  for (const name of readdirSync(FOLDER)
    .filter((each) => each.endsWith('.jsonl'))
    .sort()) {
    it(`${name} is replayed`, async () => {
      const { exchanges, answers, devices } = await replayTrace(
        readTrace(readFileSync(join(FOLDER, name), 'utf8')),
        name,
      );
      assert.ok(exchanges + answers + devices > 0, 'there is something in it');
    });
  }

  for (const file of PUBLIC) {
    it(`${file.slice(ROOT.length + 1)} is of the same format, and is replayed`, async () => {
      const text = readFileSync(file, 'utf8');
      const records = readTrace(text);
      assert.equal(records.length, text.trim().split('\n').length);
      const { exchanges, answers } = await replayTrace(records, file);
      assert.ok(exchanges + answers >= 50, `${exchanges} exchanges, ${answers} answers`);
    });
  }
});
