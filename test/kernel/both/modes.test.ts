/**
 * Every face of the stick as the kernel shows it: the driver's view of sysfs is what the virtual stick says of itself, down
 * to endpoints, kernel drivers and ttys. So the in-process virtual stick, on which most tests run, shows what a kernel shows.
 */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { systemClock } from '../../../src/host/clock';
import type { UsbDevice } from '../../../src/host/host';
import { createLocalHost } from '../../../src/host/local';
import { waitForStick } from '../../../src/stick/watch';
import { VirtualHost } from '../../../src/virtual/host';
import { APPEARANCES, type Appearance } from '../../../src/virtual/personality';
import { VirtualStick } from '../../../src/virtual/stick';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { tell } from '../guest';
import { PATIENCE_MS } from '../told';

const ttys = (): string[] => readdirSync('/dev').filter((name) => name.startsWith('ttyUSB'));

/** What has to be the same: not where it is plugged in, and of a tty only that it is there. */
function comparable({ interfaces, ...device }: UsbDevice) {
  return {
    ...device,
    portPath: '',
    bus: 0,
    address: 0,
    interfaces: interfaces.map(({ tty, endpoints, ...rest }) => ({
      ...rest,
      endpoints: endpoints.toSorted((a, b) => a.address - b.address),
      tty: tty !== undefined,
    })),
  };
}

const hasTtys = ({ interfaces }: UsbDevice): boolean =>
  interfaces.every(({ driver, tty }) => driver !== 'option' || tty !== undefined);

/** The kernel's drivers are strangers too. Once is enough. */
function tellDrivers(mode: Appearance, { productId, interfaces }: UsbDevice): void {
  if (process.env['E3272_PROFILE'] !== 'bare') return;
  const drivers = interfaces.map(({ number, driver }) => `${number} ${driver ?? 'none'}`);
  tell({
    type: 'stranger',
    stranger: 'Linux',
    version: release(),
    asked: `which driver binds to which interface of 12d1:${productId.toString(16)} (${mode})`,
    result: drivers.join(', '),
  });
}

/** The same stick without a kernel. */
async function inProcess(mode: Appearance): Promise<UsbDevice> {
  const stick = new VirtualStick({ clock: systemClock, timing: { ...QUICK, firstTty: 0, nextTty: 0 } });
  const host = new VirtualHost({ sticks: [stick], clock: systemClock });
  stick.faults.order({ fault: 'othermode', at: 'enumerate', mode });
  stick.plug();
  const found = await waitForStick(host, stick.portPath, (s) => s !== undefined && hasTtys(s.device), {
    timeoutMs: PATIENCE_MS,
  });
  assert.ok(found?.stick);
  stick.unplug();
  return found.stick.device;
}

describe('the stick on a real bus', () => {
  const host = createLocalHost();
  let stick: BusStick;
  before(async () => {
    stick = BusStick.start();
    await stick.fresh({ timing: QUICK });
  });
  after(() => stick.stop());
  afterEach(async () => {
    stick.unplug();
    await stick.gone();
    assert.deepEqual(ttys(), []);
  });

  for (const mode of APPEARANCES) {
    it(`${mode} looks as the virtual stick says`, async () => {
      const expected = comparable(await inProcess(mode));
      stick.order({ fault: 'othermode', at: 'enumerate', mode });
      stick.plug();
      // Drivers bind one after another: the look that counts is the one where all of them have.
      let last: unknown;
      const found = await waitForStick(
        host,
        PORT_PATH,
        (now) => {
          last = now && comparable(now.device);
          return isDeepStrictEqual(last, expected);
        },
        { timeoutMs: PATIENCE_MS },
      );
      if (!found) assert.deepEqual(last, expected);
      if (found?.stick) tellDrivers(mode, found.stick.device);
    });
  }
});
