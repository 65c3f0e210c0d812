/** A command on its way to the port. */

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as command from '../../src/at/command';
import * as guard from '../../src/at/guard';
import * as outgoing from '../../src/at/outgoing';
import { openAt } from '../../src/device/at/open-at';
import { sessionBench, until } from '../support/at-bench';

describe('a command', () => {
  it('is parsed once and judged once on its way from a user to the port', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1', { timeout: 2_000 });
    await bench.run(until(handle, 'ready'));
    const parsed = mock.method(command, 'parseLine');
    const judged = mock.method(guard, 'judge');
    const searched = mock.method(outgoing, 'outgoingOf');
    const counted = () =>
      [parsed, judged, searched].map(({ mock: calls }) => {
        const count = calls.callCount();
        calls.resetCalls();
        return count;
      });
    try {
      assert.ok((await bench.run(handle.run('AT+CSQ;+CREG?', { expect: ['+CREG'] }))).ok);
      assert.deepEqual(counted(), [1, 1, 1]);
      // The stick has been asked for its own emergency numbers: the call is held against them, and not taken apart again.
      await bench.run(handle.run('ATD0170123;'));
      counted();
      await bench.run(handle.run('ATD0170123;'));
      assert.deepEqual(counted(), [1, 1, 1]);
    } finally {
      mock.restoreAll();
      await bench.run(handle.release());
    }
  });
});
