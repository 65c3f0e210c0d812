/** ModemManager as the host of the stick. */

import assert from 'node:assert/strict';
import { BusStick, QUICK } from '../bus-stick';
import { Manager, mmcli } from '../manager';
import { row, run } from '../strangers';

describe('strangers on a desktop', () => {
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  it('ModemManager takes the stick for a modem and knows all about it, without a warning', async () => {
    const manager = new Manager();
    try {
      await stick.fresh({ firmware: 'stick', setport: 'FF;10,12', timing: { ...QUICK, urcEvery: 20_000 } });
      await stick.plugged();
      const text = await mmcli(['-m', 'any'], (said) => /state: .*(registered|enabled|disabled)/.test(said));
      for (const wanted of [
        /manufacturer: huawei/i,
        /model: E3272/,
        /revision: 21\./,
        /equipment id: \d{15}/,
        /supported: .*allowed: /,
        /unlock retries: .*sim-pin/,
        /primary sim path: /,
      ]) {
        assert.match(text, wanted);
      }
      // mmcli shows no bands of a Huawei stick: this version has no list of those that it supports. It asks all the same.
      assert.match(manager.about(/SYSCFG/), /\^SYSCFG:2,0,3FFFFFFF,1,2/);
      await row(
        'ModemManager',
        'modemmanager',
        'mmcli -m',
        'manufacturer, model, revision, IMEI, modes, unlock retries, SIM, own number; bands read (mmcli shows none of Huawei sticks)',
      );
      assert.match((await run('mmcli', ['-m', 'any', '--enable'])).text, /successfully enabled/);
      const enabled = await mmcli(
        ['-m', 'any'],
        (said) => /registration: home/.test(said) && /signal quality: [1-9]/.test(said),
      );
      assert.match(enabled, /operator name: Virtual LTE/);
      assert.match((await run('mmcli', ['-m', 'any', '--command=AT^SETPORT?'])).text, /\^SETPORT:FF;10,12/);
      await row(
        'ModemManager',
        'modemmanager',
        '--enable, --command',
        'registration, operator, signal; AT answers; no warning in its log',
      );
      assert.deepEqual(manager.warnings, []);
    } finally {
      await manager.stop();
    }
  });
});
