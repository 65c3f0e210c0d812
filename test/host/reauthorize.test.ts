import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/host/host';
import { reauthorize } from '../../src/host/reauthorize';
import { TIMEOUTS } from '../../src/timeouts';
import { tempFolder } from '../support/temp-folder';

describe('USB re-authorisation', () => {
  let root: string;
  let file: string;
  beforeEach(() => {
    root = tempFolder('reauthorize');
    const device = join(root, 'sys/bus/usb/devices/1-1.4');
    mkdirSync(device, { recursive: true });
    file = join(device, 'authorized');
    writeFileSync(file, '1');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Looks at the file in each pause, which takes no time. */
  const looking = (seen: string[], between: () => void = () => {}): Clock => ({
    now: () => 0,
    date: () => new Date(0),
    after: (ms, fn) => {
      assert.equal(ms, TIMEOUTS.health.unauthorized);
      const timer = setImmediate(() => {
        if (statSync(file, { throwIfNoEntry: false })?.isFile()) seen.push(readFileSync(file, 'utf8'));
        between();
        fn();
      });
      return { cancel: () => clearImmediate(timer) };
    },
    during: (work) => work,
  });

  it('writes 0, waits, and writes 1', async () => {
    const seen: string[] = [];
    assert.equal(await reauthorize('1-1.4', { root, clock: looking(seen) }), true);
    assert.deepEqual(seen, ['0']);
    assert.equal(readFileSync(file, 'utf8'), '1');
  });

  it('does nothing where that may not be written, and to nothing that is no port path', async () => {
    for (const path of ['1-1', '../1-1.4', '1-1.4/..', '/dev/ttyUSB0', '']) {
      assert.equal(await reauthorize(path, { root, clock: looking([]) }), false, path);
    }
    rmSync(file);
    // Written by nobody, also not by root.
    mkdirSync(file);
    assert.equal(await reauthorize('1-1.4', { root, clock: looking([]) }), false);
  });

  it('is done when the stick was pulled in between', async () => {
    assert.equal(await reauthorize('1-1.4', { root, clock: looking([], () => rmSync(file, { force: true })) }), true);
  });

  it('says so when the stick can not be put back, after some tries', async () => {
    let pauses = 0;
    const clock = looking([], () => {
      if (pauses++ > 0) return;
      rmSync(file);
      mkdirSync(file);
    });
    await assert.rejects(reauthorize('1-1.4', { root, clock }), { code: 'NO_PERMISSION', stick: '1-1.4' });
    assert.equal(pauses, 3);
  });
});
