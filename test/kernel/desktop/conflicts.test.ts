/** Others on the stick: who has the port is named, and what keeps them away is believed. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DriverError, isDriverError } from '../../../src/errors';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { assertConverted, convertOnBus, ttyOf, virtualMachine } from '../journey';
import { Manager, mmcli } from '../manager';
import { row, run } from '../strangers';
import { PATIENCE_MS } from '../told';

const MODEM = { firmware: 'stick', setport: 'FF;10,12', timing: { ...QUICK, urcEvery: 20_000 } } as const;
const RULES = '/etc/udev/rules.d/77-e3272.rules';

describe('others on the stick', () => {
  const host = virtualMachine();
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  /** Opens the port until that is refused, which is as soon as the other one is there; the refusal. */
  async function refusal(path: string): Promise<DriverError> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const outcome = await host.openTty(path).catch((error: unknown) => error);
      if (outcome instanceof DriverError) return outcome;
      await (outcome as { close(): Promise<void> }).close();
      assert.ok(performance.now() < end, 'the port was refused');
      await pause(100);
    }
  }

  it('a program that has the port open is named, though it has no lock', async () => {
    await stick.fresh(MODEM);
    const path = ttyOf(await stick.plugged(), 'pcui');
    const cat = spawn('cat', [path], { stdio: 'ignore' });
    const error = await refusal(path);
    assert.ok(isDriverError(error, 'PORT_BUSY'), error.stack);
    assert.ok(error.message.includes(`in use by cat (pid ${cat.pid})`), error.message);
    const ended = once(cat, 'exit');
    cat.kill('SIGKILL');
    await ended;
    await (await host.openTty(path)).close();
    await row('cat', 'coreutils', 'has the port open while our driver wants it', 'PORT_BUSY, named with its pid');
  });

  describe('ModemManager', () => {
    let manager: Manager;
    beforeEach(async () => {
      await stick.fresh(MODEM);
      manager = new Manager();
    });
    afterEach(async () => {
      await manager.stop();
      rmSync(RULES, { force: true });
      await run('udevadm', ['control', '--reload']);
    });
    const takenOver = () => mmcli(['-L'], (text) => /E3272|huawei/i.test(text));

    it('is named while it has the port, and no job begins', async () => {
      const path = ttyOf(await stick.plugged(), 'pcui');
      await takenOver();
      await run('mmcli', ['-m', 'any', '--enable']);
      const error = await refusal(path);
      assert.ok(isDriverError(error, 'PORT_BUSY'), error.stack);
      assert.ok(error.message.includes(`in use by ModemManager (pid ${manager.pid})`), error.message);
      const { report } = await convertOnBus(stick, host, { reflash: true });
      assert.equal(report.error?.code, 'PORT_BUSY', report.error?.message);
      assert.match(report.error?.message ?? '', /ModemManager/);
      await row(
        'ModemManager',
        'modemmanager',
        'has the port while our driver wants it',
        'PORT_BUSY, named with its pid',
      );
    });

    it('leaves the stick alone with our udev rule: the whole conversion', async () => {
      copyFileSync('docs/e3272.rules', RULES);
      await run('udevadm', ['control', '--reload']);
      await stick.fresh({ timing: QUICK });
      await stick.plugged();
      await assertConverted(stick, (await convertOnBus(stick, host)).report);
      assert.match((await run('mmcli', ['-L'])).text, /No modems/);
      await row(
        'ModemManager',
        'modemmanager',
        'runs, with our udev rule, during a conversion',
        'leaves the stick alone',
      );
    });

    it('leaves the stick alone while mmcli keeps it away', async () => {
      const path = ttyOf(await stick.plugged(), 'pcui');
      await takenOver();
      const device = /device: (\S+)/.exec((await run('mmcli', ['-m', 'any'])).text)?.[1] ?? '';
      assert.ok(device.endsWith(`/${PORT_PATH}`), device);
      const inhibitor = spawn('mmcli', [`--inhibit-device=${device}`], { stdio: ['ignore', 'pipe', 'pipe'] });
      try {
        await once(inhibitor.stdout, 'data');
        assert.deepEqual(await host.intruders(PORT_PATH), []);
        await (await host.openTty(path)).close();
        await row('mmcli', 'modemmanager', '--inhibit-device, then our driver opens the port', 'the port is ours');
      } finally {
        const ended = once(inhibitor, 'exit');
        inhibitor.kill('SIGINT');
        await ended;
      }
    });
  });
});
