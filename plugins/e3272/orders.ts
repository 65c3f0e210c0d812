/** What the buttons of a card do. */

import type { NodeAPI } from 'node-red';
import { handsOn, virtualStick } from '../../nodes/shared/hosts';
import { openAtDevice } from '../../src/device/at/open-at';
import { switchHeard } from '../../src/device/auto-switch';
import { cancelJob } from '../../src/jobs/registry';
import { holdStick } from '../../src/stick/hold';
import { findStick } from '../../src/stick/stick';
import type { Panel } from './panel';
import { type Asked, BadRequest, membersOf, textOf } from './routes';
import type { Order } from './shapes';
import type { Watched } from './watched';

/** How long a port is left to another program, where nobody takes it back. */
const HANDED_OVER_MS = 15 * 60_000;

type Given = Readonly<Record<string, unknown>>;

const HANDS: Partial<Readonly<Record<Order, object>>> = {
  plug: { do: 'plug' },
  'boot-pin': { do: 'plug', bootPin: true },
  unplug: { do: 'unplug' },
  'insert-sim': { do: 'insertSim' },
  'remove-sim': { do: 'removeSim' },
};

/** Carries out the order of a request: `{stick, order}` and what it takes. Errors: BadRequest, those of the driver. */
export async function obey(RED: NodeAPI, panel: Panel, asked: Asked): Promise<void> {
  const given = membersOf(asked);
  const [name, order] = [textOf(given, 'stick'), textOf(given, 'order')];
  const watched = await panel.watched(name);
  const hand = HANDS[order as Order];
  if (hand || order === 'sms') await byHand(RED, watched, hand ?? messageOf(given));
  else await byDriver(watched, order);
  panel.changed();
}

/** `{name}`: makes the virtual stick of that name, plugged in. */
export async function tryVirtual(RED: NodeAPI, panel: Panel): Promise<{ stick: string }> {
  const { stick } = await virtualStick('virtual-1');
  if (!stick.plugged) await (await handsOn(RED, 'virtual-1')).order({ do: 'plug' });
  panel.changed();
  return { stick: 'virtual-1' };
}

function messageOf(given: Given): object {
  return { do: 'sms', from: textOf(given, 'from', 20), text: textOf(given, 'text', 1_000) };
}

async function byHand(RED: NodeAPI, { virtual, path }: Watched, order: object): Promise<void> {
  if (!virtual) throw new BadRequest(400, 'Only a virtual stick takes this order.');
  await (await handsOn(RED, path)).order(order);
}

async function byDriver(watched: Watched, order: string): Promise<void> {
  const { host, path, device } = watched;
  switch (order) {
    case 'switch': {
      const hold = await holdStick(host, path, { purpose: 'mode switch' });
      try {
        await switchHeard(host, await findStick(host, path), {});
      } finally {
        hold.release();
      }
      return;
    }
    case 'restart': {
      const share = openAtDevice(host, device);
      try {
        await share.run('AT^RESET');
      } finally {
        await share.release();
      }
      return;
    }
    case 'look':
      return watched.look();
    case 'unlook':
      return watched.unlook();
    case 'release':
      return device.at.releasePort(HANDED_OVER_MS);
    case 'take':
      return device.at.takePort();
    case 'cancel':
      if (!cancelJob(path)) throw new BadRequest(409, `No job is under way at ${path}.`);
      return;
  }
  throw new BadRequest(400, 'There is no such order.');
}
