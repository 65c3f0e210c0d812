/** The machine itself: what the other tests build on. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createLocalHost } from '../../../src/host/local';

describe('the guest', () => {
  it('is a Linux with the drivers of a real stick', () => {
    const loaded = readFileSync('/proc/modules', 'latin1')
      .split('\n')
      .map((line) => line.split(' ')[0]);
    for (const module of ['vhci_hcd', 'usb_storage', 'sr_mod', 'option', 'cdc_ether', 'rndis_host', 'huawei_cdc_ncm']) {
      assert.ok(loaded.includes(module), `${module} is loaded`);
    }
  });

  it('has free ports to plug a stick into', () => {
    const status = readFileSync('/sys/devices/platform/vhci_hcd.0/status', 'latin1');
    assert.match(status, /^hs\s+0000\s+004/m);
  });

  it('has the services of its profile', () => {
    assert.equal(existsSync('/run/udev/control'), existsSync('/run/dbus/pid'));
    assert.equal(existsSync('/run/udev/control'), process.env['E3272_PROFILE'] === 'desktop');
  });

  it('shows an empty bus to the driver', async () => {
    assert.deepEqual(await createLocalHost().scan(), []);
  });
});
