/** A command on its way to the port. */

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as command from '../../src/at/command';
import * as guard from '../../src/at/guard';
import { openAt } from '../../src/device/at/open-at';
import { sessionBench, until } from './device-bench';

describe('a command', () => {
  it('is parsed once and judged once on its way from a user to the port', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1', { timeout: 2_000 });
    await bench.run(until(handle, 'ready'));
    const parsed = mock.method(command, 'parseLine');
    const judged = mock.method(guard, 'judge');
    try {
      assert.ok((await bench.run(handle.run('AT+CSQ;+CREG?', { expect: ['+CREG'] }))).ok);
      assert.deepEqual([parsed.mock.callCount(), judged.mock.callCount()], [1, 1]);
    } finally {
      mock.restoreAll();
      await bench.run(handle.release());
    }
  });
});
