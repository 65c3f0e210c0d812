/** The note of what a stick was at last: written at each change, not too often, gone when nobody uses the stick any more. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openAt } from '../../src/device/at/open-at';
import { readLastState } from '../../src/device/last-state';
import { Notes } from '../../src/host/notes';
import { TIMEOUTS } from '../../src/timeouts';
import { obey } from '../../src/virtual/orders';
import { sessionBench, until } from '../support/at-bench';
import { tempFolder } from '../support/temp-folder';

describe('last state of a stick', () => {
  it('is on record while it is in use, and gone afterwards', async () => {
    const bench = sessionBench();
    await bench.plug();
    const at = openAt(bench.host, '1-1');
    await bench.run(until(at, 'ready'));
    await bench.pass(TIMEOUTS.session.note);
    const { time, ...state } = readLastState(bench.host, '1-1') ?? {};
    assert.deepEqual(state, { state: 'ready', mode: 'tty', sim: 'ready', network: 'registered', pid: process.pid });
    assert.ok(Date.parse(time ?? '') > 0);
    await bench.run(at.release());
    assert.equal(readLastState(bench.host, '1-1'), undefined);
  });

  it('stays for as long as one of several uses it', async () => {
    const bench = sessionBench();
    await bench.plug();
    const [one, other] = [openAt(bench.host, '1-1'), openAt(bench.host, '1-1')];
    await bench.run(until(one, 'ready'));
    await bench.run(one.release());
    assert.ok(readLastState(bench.host, '1-1'));
    await bench.run(other.release());
    assert.equal(readLastState(bench.host, '1-1'), undefined);
  });

  it('is written no more often than a card in a Raspberry Pi bears, the last one in the end', async () => {
    const bench = sessionBench();
    await bench.plug();
    const at = openAt(bench.host, '1-1');
    await bench.run(until(at, 'ready'));
    await bench.pass(TIMEOUTS.session.note * 2);
    let writes = 0;
    const write = bench.host.writeNoteAsync.bind(bench.host);
    bench.host.writeNoteAsync = (key, text) => {
      if (key.startsWith('status-')) writes++;
      return write(key, text);
    };
    const began = bench.clock.now();
    for (let i = 0; i < 20; i++) {
      obey(bench.stick, '{"do":"urc","line":"^SRVST: 0"}');
      await bench.pass(300);
      obey(bench.stick, '{"do":"urc","line":"^SRVST: 2"}');
      await bench.pass(300);
    }
    await bench.pass(TIMEOUTS.session.note);
    assert.ok(writes >= 1 && writes <= 1 + (bench.clock.now() - began) / TIMEOUTS.session.note, `${writes} writes`);
    assert.equal(readLastState(bench.host, '1-1')?.network, 'registered');
    await bench.run(at.release());
  });

  it('is readable by its owner alone, holds nothing private, and cannot be taken for a record of a write', async () => {
    const folder = tempFolder('last-state');
    const bench = sessionBench();
    const notes = new Notes([folder]);
    bench.host.writeNoteAsync = (key, text) => bench.clock.during(notes.writeAsync(key, text));
    await bench.plug();
    const at = openAt(bench.host, '1-1');
    await bench.run(until(at, 'ready'));
    await bench.pass(TIMEOUTS.session.note);
    assert.deepEqual(readdirSync(folder), ['status-1-1.json']);
    const file = join(folder, 'status-1-1.json');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(file, 'utf8').replace(/"time":"[^"]*"/, ''), /\d{6}/);
    await bench.run(at.release());
    assert.deepEqual(readdirSync(folder), []);
    rmSync(folder, { recursive: true });
  });

  it('of anything else is none', () => {
    const { host } = sessionBench();
    for (const text of ['', '{', '{}', 'null', '[]', '{"version":2,"state":"ready","time":"x","pid":1}']) {
      host.writeNote('status-1-1', text);
      assert.equal(readLastState(host, '1-1'), undefined, text);
    }
  });
});
