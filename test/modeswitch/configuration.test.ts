/** Sticks that hold MBIM in another USB configuration, in which the system has brought them up. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { isDriverError } from '../../src/errors';
import { convert } from '../../src/flash/convert';
import { setConfiguration } from '../../src/modeswitch/configuration';
import { switchStick } from '../../src/modeswitch/switch';
import { waitForTtys } from '../../src/stick/watch';
import { TIMEOUTS } from '../../src/timeouts';
import { until } from '../support/at-bench';
import { virtualBench } from '../support/bench';
import { cliHint } from '../support/errors';

const PORTS = { firmware: 'stick', setport: 'FF;10,12' } as const;
const SAYS = /in configuration 2 \(MBIM\): no serial ports there; configuration 1 has them/;
const CURE = /Set configuration 1: `e3272 switch --configuration 1`/;

describe('another configuration', () => {
  it('is set, which the bus shows: ports come up at the same address', async () => {
    for (const mbim of [2, 3] as const) {
      const bench = virtualBench({ ...PORTS, mbim });
      const stick = await bench.plug();
      assert.deepEqual([stick.productId, stick.device.configuration, stick.ttys.length], [0x1506, mbim, 0]);
      const result = await bench.run(setConfiguration(bench.host, stick, 1));
      assert.deepEqual([result.from, result.to, result.changed], [mbim, 1, true]);
      assert.equal(result.stick.device.address, stick.device.address);
      assert.equal(result.stick.problem, undefined);
      const ready = await bench.run(waitForTtys(bench.host, result.stick));
      assert.deepEqual(
        ready.ttys.map(({ role }) => role),
        ['modem', 'pcui'],
      );
      const again = await bench.run(setConfiguration(bench.host, ready, 1));
      assert.equal(again.changed, false);
      const back = await bench.run(setConfiguration(bench.host, ready, mbim));
      assert.deepEqual([back.changed, back.stick.ttys.length], [true, 0]);
      bench.stick.unplug();
    }
  });

  it('of a CD-ROM: then it takes the switch', async () => {
    for (const [firmware, productId] of [
      ['hilink', 0x157d],
      ['stick', 0x15cd],
    ] as const) {
      const bench = virtualBench({ firmware, mbim: 2 });
      const stick = await bench.plug();
      assert.deepEqual([stick.productId, stick.mode], [productId, 'storage']);
      await assert.rejects(bench.run(switchStick(bench.host, stick)), (e) => {
        assert.ok(isDriverError(e, 'WRONG_MODE'));
        assert.match(e.message, /in configuration 2 \(MBIM\): no CD-ROM there; configuration 1 has it/);
        assert.match(cliHint(e), CURE);
        return true;
      });
      const { stick: now } = await bench.run(setConfiguration(bench.host, stick, 1));
      assert.equal((await bench.run(switchStick(bench.host, now))).switched, true);
      bench.stick.unplug();
    }
  });

  it('is proved by the bus alone', async () => {
    const bench = virtualBench({ ...PORTS, mbim: 2 });
    const stick = await bench.plug();
    bench.host.configures = 'in vain';
    const began = bench.clock.now();
    await assert.rejects(bench.run(setConfiguration(bench.host, stick, 1)), (e) => isDriverError(e, 'NOT_SWITCHED'));
    assert.equal(bench.clock.now() - began, TIMEOUTS.modeswitch.configuration);
    const waiting = setConfiguration(bench.host, stick, 1);
    bench.clock.after(1_000, () => bench.stick.unplug());
    await assert.rejects(bench.run(waiting), (e) => isDriverError(e, 'STICK_GONE'));
  });

  it('is refused: none of that number, no right to, a mounted volume, no modem, no bus', async () => {
    const bench = virtualBench({ ...PORTS, mbim: 2 });
    const stick = await bench.plug();
    const set = (value: number, of = stick) => bench.run(setConfiguration(bench.host, of, value));
    const stays = () => assert.equal(bench.stick.device?.configuration, 2);
    await assert.rejects(set(3), (e) => {
      assert.ok(isDriverError(e, 'BAD_ARGUMENT'));
      assert.match(cliHint(e), /2 \(MBIM\), 1 \(serial ports\)/);
      return true;
    });
    stays();
    bench.host.configures = 'forbidden';
    await assert.rejects(set(1), (e) => isDriverError(e, 'NO_PERMISSION'));
    stays();
    bench.host.configures = 'yes';
    bench.host.mountList = [{ device: '/dev/sdb1', mountPoint: '/mnt/card', writable: true }];
    await assert.rejects(set(1), (e) => isDriverError(e, 'PORT_BUSY') && /\/mnt\/card/.test(e.message));
    bench.host.mountList = [];
    stays();
    await assert.rejects(set(1, { ...stick, mode: 'unknown' }), (e) => isDriverError(e, 'WRONG_MODE'));
    const bare = Object.assign(Object.create(bench.host), { setConfiguration: undefined });
    await assert.rejects(setConfiguration(bare, stick, 1), (e) => isDriverError(e, 'WRONG_MODE'));
    stays();
  });

  it('is named, with its number, by the AT session, which comes up by itself when it is set', async () => {
    const bench = virtualBench({ ...PORTS, mbim: 2, timing: { urcEvery: 0 } });
    const stick = await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const { error } = await bench.run(until(handle, 'error'));
    assert.equal(error?.code, 'WRONG_MODE');
    assert.match(error?.message ?? '', SAYS);
    assert.match(cliHint(error), CURE);
    await assert.rejects(bench.run(handle.run('AT')), SAYS);
    // An hour of trying changes nothing: it is never set by itself.
    await bench.run(new Promise<void>((resolve) => void bench.clock.after(3_600_000, resolve)));
    assert.equal(bench.stick.device?.configuration, 2);
    await bench.run(setConfiguration(bench.host, stick, 1));
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('is named by a conversion, of a CD-ROM too, before anything is asked or changed', async () => {
    for (const options of [{ ...PORTS, mbim: 2 }, { mbim: 2 }] as const) {
      const bench = virtualBench(options);
      await bench.plug();
      let asked = false;
      const confirm = () => {
        asked = true;
        return true;
      };
      const report = await bench.run(convert(bench.host, { which: '1-1', confirm }));
      assert.equal(report.error?.code, 'WRONG_MODE');
      assert.match(report.error?.message ?? '', /in configuration 2 \(MBIM\).*configuration 1 has/);
      assert.match(cliHint(report.error), CURE);
      assert.equal(asked, false);
      assert.equal(bench.stick.device?.configuration, 2);
      bench.stick.unplug();
    }
  });
});
