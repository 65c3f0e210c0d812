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

type ByHand = 'plug' | 'boot-pin' | 'unplug' | 'insert-sim' | 'remove-sim' | 'sms';

const HANDS: Readonly<Record<ByHand, (given: Given) => object>> = {
  plug: () => ({ do: 'plug' }),
  'boot-pin': () => ({ do: 'plug', bootPin: true }),
  unplug: () => ({ do: 'unplug' }),
  'insert-sim': () => ({ do: 'insertSim' }),
  'remove-sim': () => ({ do: 'removeSim' }),
  sms: (given) => ({ do: 'sms', from: textOf(given, 'from', 20), text: textOf(given, 'text', 1_000) }),
};

const DRIVEN: Readonly<Record<Exclude<Order, ByHand>, (watched: Watched) => void | Promise<void>>> = {
  switch: switchOver,
  restart,
  look: (watched) => watched.look(),
  unlook: (watched) => watched.unlook(),
  release: ({ device }) => device.at.releasePort(HANDED_OVER_MS),
  take: ({ device }) => device.at.takePort(),
  cancel: ({ path }) => void cancelJob(path),
};

/** Carries out the order of a request: `{stick, order}` and what it takes. Errors: BadRequest, those of the driver. */
export async function obey(RED: NodeAPI, panel: Panel, asked: Asked): Promise<void> {
  const given = membersOf(asked);
  const [name, order] = [textOf(given, 'stick'), textOf(given, 'order')];
  const watched = await panel.watched(name);
  if (isOf(HANDS, order)) await byHand(RED, panel, watched, order, HANDS[order](given));
  else if (isOf(DRIVEN, order)) {
    requireNow(panel, watched, order);
    await DRIVEN[order](watched);
  } else throw new BadRequest(400, 'There is no such order.');
  panel.changed();
}

const isOf = <K extends string>(orders: Readonly<Record<K, unknown>>, order: string): order is K =>
  Object.hasOwn(orders, order);

/** Somebody may look at an old card, or two press at once. Error: BadRequest. */
function requireNow(panel: Panel, watched: Watched, order: Order): void {
  if (panel.takes(watched, order)) return;
  throw new BadRequest(409, `This cannot be done now with the stick at ${watched.path}. Look at its card again.`);
}

/** `{name}`: makes the virtual stick of that name, plugged in. */
export async function tryVirtual(RED: NodeAPI, panel: Panel): Promise<{ stick: string }> {
  const { stick } = await virtualStick('virtual-1');
  if (!stick.plugged) await (await handsOn(RED, 'virtual-1')).order({ do: 'plug' });
  panel.changed();
  return { stick: 'virtual-1' };
}

async function byHand(RED: NodeAPI, panel: Panel, watched: Watched, order: ByHand, told: object): Promise<void> {
  if (!watched.virtual) throw new BadRequest(400, 'Only a virtual stick takes this order.');
  requireNow(panel, watched, order);
  await (await handsOn(RED, watched.path)).order(told);
}

async function switchOver({ host, path }: Watched): Promise<void> {
  const hold = await holdStick(host, path, { purpose: 'mode switch' });
  try {
    await switchHeard(host, await findStick(host, path), {});
  } finally {
    hold.release();
  }
}

async function restart({ host, device }: Watched): Promise<void> {
  const share = openAtDevice(host, device);
  try {
    await share.run('AT^RESET');
  } finally {
    await share.release();
  }
}
