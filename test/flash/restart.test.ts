/** The restart in the middle of a write, which a new partition table in the boot image asks for. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import { upload, write } from '../../src/flash/upload-and-write';
import { waitForStick } from '../../src/stick/watch';
import type { VirtualStick } from '../../src/virtual/stick';
import { onWrites } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const boot = Buffer.from(makeLoader({ size: 20_000 }));
// The length of the last partition: name[16], start, load size, length.
const last = boot.indexOf('cdromiso') + 24;
boot.writeUInt32LE(boot.readUInt32LE(last) - 0x20000, last);
const images = [{ code: 0x102, data: boot.subarray(0, 40_000) }, { code: 0x550103 }, { code: 0x107 }];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };
const modem = { firmware: 'stick', setport: 'FF;10,12' } as const;

/** A stick whose loader runs, and the codes of the images that it gets, with -1 for each restart in the middle. */
async function inLoader(others: { portPath: string; firmware: 'stick'; setport: string }[] = []) {
  const run = journey(files, {}, others);
  await run.plug({ bootPin: true });
  const { error } = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
  assert.equal(error, undefined);
  const seen: number[] = [];
  run.stick.onEvent((e) => {
    if (e.what === 'image') seen.push(e.code);
    if (e.what === 'reset' && e.by === 'restart') seen.push(-1);
  });
  return { run, seen };
}

const writing = (run: Journey): Promise<JobReport> =>
  run.run(write(run.host, { which: '1-1', firmware: files.firmware, keep: true, confirm: () => true }));

describe('the restart in the middle', () => {
  it('comes once: a loader that asks for a second one is not restarted for ever', async () => {
    const { run, seen } = await inLoader();
    // START 1 is the boot image, 2 asks for the restart, 3 comes after it.
    run.stick.faults.order({ fault: 'nak', at: 'start', nth: 3, code: 7 });
    const report = await writing(run);
    assert.equal(report.error?.code, 'PROTOCOL');
    assert.match(report.error?.message ?? '', /VxWorks_R1 could not be written .* with certainty/);
    assert.deepEqual(seen, [0x102, -1]);
    assert.ok(!report.did.some((line) => /VxWorks/.test(line)));
  });

  it('turns autosuspend on again: it is off before the next image is begun', async () => {
    const { run, seen } = await inLoader();
    run.stick.onEvent((e) => {
      if (e.what === 'reset' && e.by === 'restart') run.host.powerState = { autosuspend: 'allowed', hub: 'none' };
    });
    const suspend: string[] = [];
    onWrites(run.host, (data) => {
      if (data[1] === 0x41) suspend.push(run.host.powerState.autosuspend);
      return data;
    });
    assert.equal((await writing(run)).error, undefined);
    assert.deepEqual(seen, [0x102, -1, 0x550103, 0x107]);
    assert.deepEqual(suspend, ['off', 'off', 'off', 'off']);
  });

  it('counts what was sent again before it, too', async () => {
    const { run } = await inLoader();
    run.stick.faults.order({ fault: 'lost', at: 'block', nth: 1 });
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assert.ok(report.warnings.includes('1 frames had to be sent again.'));
  });

  for (const fault of ['noreturn', 'othermode'] as const) {
    it(`that brings no loader back (${fault}) is an error, and the record says what is missing`, async () => {
      const { run, seen } = await inLoader();
      run.stick.faults.order({ fault, at: 'enumerate' });
      const report = await writing(run);
      assert.equal(report.error?.code, 'TIMEOUT');
      assert.match(report.error?.message ?? '', /did not come back as a loader after the restart in the middle/);
      assert.deepEqual(seen, [0x102, -1]);
      assert.match(run.host.readNote('1-1') ?? '', /"missing":\["VxWorks_R1","System_R1"\]/);
    });
  }

  it('is no reason to ask about another stick: the one that is written is known to be the half-written one', async () => {
    const { run } = await inLoader([{ ...modem, portPath: '1-2' }]);
    const other = run.others[0] as VirtualStick;
    other.plug();
    await run.run(waitForStick(run.host, '1-2', (s) => (s?.ttys.length ?? 0) > 0, { timeoutMs: 30_000 }));
    let second: Promise<JobReport> | undefined;
    run.stick.onChange(() => {
      // It has left the bus: what is on record of 1-1 is not about it by its stay there.
      if (run.stick.device || run.host.readNote('1-1') === undefined) return;
      second ??= run.convert({ which: '1-2', loader: undefined, firmware: undefined, confirm: () => false });
    });
    assert.equal((await writing(run)).error, undefined);
    assert.ok(second);
    assert.equal((await second).error, undefined);
  });
});
