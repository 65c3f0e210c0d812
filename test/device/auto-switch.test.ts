import assert from 'node:assert/strict';
import { autoSwitch } from '../../src/device/auto-switch';
import { holdStick } from '../../src/stick/hold';
import { waitForStick, watchSticks } from '../../src/stick/watch';
import { type Bench, virtualBench } from '../support/bench';

/** Switches whatever comes up as a CD-ROM, and notes how it ended. */
function switcher({ host }: Bench, ends: string[], count = 1) {
  const watches = Array.from({ length: count }, () =>
    watchSticks(host, (change) =>
      autoSwitch(host, change, {
        timeoutMs: 5_000,
        onEnd: (outcome) => ends.push('error' in outcome ? outcome.error.code : outcome.result.to.mode),
      }),
    ),
  );
  return () => {
    for (const watch of watches) watch.stop();
  };
}

const wait = ({ clock }: Bench, ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)));
const modeIs = (bench: Bench, mode: string) =>
  bench.run(waitForStick(bench.host, '1-1', (s) => s?.mode === mode, { timeoutMs: 60_000 }));

describe('automatic mode switch', () => {
  it('switches a stick that comes up as a CD-ROM, once for all who watch', async () => {
    const bench = virtualBench();
    const ends: string[] = [];
    const cbws: string[] = [];
    bench.stick.onEvent((e) => {
      if (e.what === 'cbw') cbws.push(e.cdb);
    });
    const stop = switcher(bench, ends, 2);
    bench.stick.plug();
    assert.ok(await modeIs(bench, 'hilink'));
    await wait(bench, 10_000);
    assert.deepEqual(ends, ['hilink']);
    assert.equal(cbws.filter((cdb) => cdb.startsWith('11')).length, 1);
    stop();
  });

  it('stops after two switches of one plug, and begins anew with the next', async () => {
    const bench = virtualBench();
    const ends: string[] = [];
    const stop = switcher(bench, ends);
    // A loose contact: the stick is back as a CD-ROM within a second, again and again.
    for (let i = 0; i < 4; i++) {
      bench.stick.plug();
      await modeIs(bench, i < 2 ? 'hilink' : 'storage');
      await wait(bench, 1_000);
    }
    await wait(bench, 10_000);
    assert.deepEqual(ends, ['hilink', 'hilink']);
    bench.stick.unplug();
    await wait(bench, 5_000);
    bench.stick.plug();
    await modeIs(bench, 'hilink');
    await wait(bench, 1_000);
    assert.deepEqual(ends, ['hilink', 'hilink', 'hilink']);
    stop();
  });

  it('leaves a stick alone that somebody holds', async () => {
    const bench = virtualBench();
    const ends: string[] = [];
    const hold = await holdStick(bench.host, '1-1', { purpose: 'convert job' });
    const stop = switcher(bench, ends);
    bench.stick.plug();
    await modeIs(bench, 'storage');
    await wait(bench, 10_000);
    assert.equal(bench.stick.appearance, 'cdrom-hilink');
    assert.deepEqual(ends, []);
    hold.release();
    stop();
  });

  it('tells a switch that did not work', async () => {
    const bench = virtualBench();
    const ends: string[] = [];
    bench.stick.faults.order({ fault: 'noreturn', at: 'enumerate', nth: 2 });
    const stop = switcher(bench, ends);
    bench.stick.plug();
    await wait(bench, 30_000);
    assert.deepEqual(ends, ['NOT_SWITCHED']);
    stop();
  });
});
