/** The system switches the stick by itself, by the rule that comes with usb_modeswitch. */

import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalHost } from '../../../src/host/local';
import { watchSticks } from '../../../src/stick/watch';
import { BusStick, QUICK } from '../bus-stick';
import { row, run } from '../strangers';

const SWITCH_RULE = '/etc/udev/rules.d/40-usb_modeswitch.rules';

describe('the system switches by itself', () => {
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  it('the rule of usb_modeswitch switches the stick while our watcher looks on', async () => {
    rmSync(SWITCH_RULE, { force: true });
    await run('udevadm', ['control', '--reload']);
    const seen: string[] = [];
    const watch = watchSticks(createLocalHost(), (change) => {
      if (change.stick) seen.push(change.stick.device.productId.toString(16));
    });
    try {
      await stick.fresh({ timing: QUICK });
      stick.plug();
      await stick.seen(({ device }) => device.productId === 0x14db);
      assert.ok(stick.events.some((e) => e.what === 'cbw' && e.cdb.startsWith('1106')));
      while (seen.at(-1) !== '14db') await pause(100);
      assert.equal(seen[0], '1f01');
      await row(
        'usb_modeswitch',
        'usb-modeswitch',
        'its udev rule, as the stick is plugged in',
        '1f01 comes back as 14db',
      );
    } finally {
      watch.stop();
      symlinkSync('/dev/null', SWITCH_RULE);
      await run('udevadm', ['control', '--reload']);
    }
  });
});
