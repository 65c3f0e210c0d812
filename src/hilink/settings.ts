/**
 * What can be set. A setting that is answered with OK is read back: only then it counts. What cuts the machine's own line
 * (data off, another LAN address, a restart) is asked for by whoever knows that line.
 */

import { orderCode } from '../at/commands/selection';
import { type DriverError, failure, isDriverError } from '../errors';
import { sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebLan, WebSelection, WebValues } from '../values/web';
import { DATA_SWITCH, DIALLING } from './endpoints/data';
import { STATUS } from './endpoints/monitoring';
import { NET_MODE, NET_MODE_LIST, OLD_MODES, OLD_NET_MODE } from './endpoints/network';
import { FEATURES, LAN } from './endpoints/settings';
import { CODE } from './errors-table';
import { addressOf } from './fields';
import { valuesIn } from './read';
import { changed, type Item } from './request';
import { isLeftOut, type WebStick } from './stick';
import { type CallOptions, mayBeDone } from './wire';
import type { Element } from './xml';

/**
 * Brings data up or down, and resolves with its state when it has got there, or after half a minute. Firmware without a
 * switch is told to dial; one that dials by itself would come up again, so it is set to dial by hand while data is off.
 */
export async function setData(stick: WebStick, on: boolean, options: CallOptions): Promise<WebValues['data']> {
  await stick.sure(options);
  const features = (await stick.maybe(FEATURES.path, options))?.features;
  if (features?.dataSwitch !== true || !(await switched(stick, on, options))) {
    await setDialling(stick, on, options);
    await stick.post('dialup/dial', [['Action', on ? 1 : 0]], options);
  }
  const { clock } = stick;
  const end = clock.now() + TIMEOUTS.hilink.settled;
  for (;;) {
    const { data } = await stick.session.values(STATUS.path, options);
    if (data?.connection === (on ? 'up' : 'down') || clock.now() >= end) return data;
    await sleep(clock, TIMEOUTS.hilink.settle, options.signal);
  }
}

/** False where the firmware has no such switch after all. */
async function switched(stick: WebStick, on: boolean, options: CallOptions): Promise<boolean> {
  try {
    await stick.post(DATA_SWITCH.path, [['dataswitch', on ? 1 : 0]], options);
    return (await stick.session.values(DATA_SWITCH.path, options)).data?.enabled === on;
  } catch (error) {
    if (isLeftOut(error)) return false;
    throw error;
  }
}

async function setDialling(stick: WebStick, on: boolean, options: CallOptions): Promise<void> {
  try {
    const now = await stick.session.get(DIALLING.path, options);
    const dialling = valuesIn(DIALLING.path, now).data?.dialling;
    const wanted = on ? 'auto' : 'manual';
    const other = on ? 'manual' : 'auto';
    if (dialling !== other) return;
    const mode = String(['auto', 'manual'].indexOf(wanted));
    await stick.post(DIALLING.path, changed(now, { ConnectMode: mode }), options);
  } catch (error) {
    if (!isLeftOut(error)) throw error;
  }
}

/**
 * Which systems the stick may use, by preference: `['auto']`, `['LTE', 'WCDMA']`. Bands stay. Resolves with what it says
 * then; the stick leaves its network for a while. Errors: BAD_ARGUMENT (no such order, or not offered), and those of a request.
 */
export async function setOrder(
  stick: WebStick,
  order: readonly string[],
  options: CallOptions,
): Promise<WebSelection | undefined> {
  await stick.sure(options);
  const { session } = stick;
  let now: Element;
  try {
    now = await session.get(NET_MODE.path, options);
  } catch (error) {
    if (!isDriverError(error) || error.number !== CODE.NOT_SUPPORTED) throw error;
    return setOldOrder(stick, order, options);
  }
  const code = orderCode(order);
  const offer = (await stick.maybe(NET_MODE_LIST.path, options))?.offer;
  const offered = offer?.modes ?? [];
  if (code === undefined || (offered.length > 0 && !offered.includes(code))) {
    throw noOrder(order, offer?.orders ?? []);
  }
  await stick.post(NET_MODE.path, changed(now, { NetworkMode: code }), options);
  return (await session.values(NET_MODE.path, options)).selection;
}

async function setOldOrder(stick: WebStick, order: readonly string[], options: CallOptions) {
  const same = (known: readonly string[]) => known.join().toUpperCase() === order.join().toUpperCase();
  const code = Object.keys(OLD_MODES).find((key) => same(OLD_MODES[key] ?? []));
  if (code === undefined) throw noOrder(order, Object.values(OLD_MODES));
  const now = await stick.session.get(OLD_NET_MODE.path, options);
  await stick.post(OLD_NET_MODE.path, changed(now, { NetworkMode: code }), options);
  return (await stick.session.values(OLD_NET_MODE.path, options)).selection;
}

const noOrder = (order: readonly string[], offered: readonly (readonly string[])[]): DriverError => {
  const wanted = JSON.stringify(order);
  if (offered.length === 0) return failure('BAD_ARGUMENT/systems', { order: wanted });
  return failure('BAD_ARGUMENT/order-not-offered', {
    order: wanted,
    offered: offered.map((one) => JSON.stringify(one)),
  });
};

/** Restarts the stick. It may be gone before it has answered; the session ends with it. */
export async function restart(stick: WebStick, options: CallOptions): Promise<void> {
  await stick.sure(options);
  await unanswered(stick, 'device/control', [['Control', 1]], options);
}

/**
 * Gives the stick another address in its LAN, the pool of its DHCP server with it. Resolves with what was set: its LAN
 * restarts at once, also the machine's address changes, and it is asked at the new one from then on. Errors: BAD_ARGUMENT, and
 * those of a request.
 */
export async function setLanAddress(stick: WebStick, address: string, options: CallOptions): Promise<WebLan> {
  if (!PRIVATE.test(address) || addressOf(address) === undefined) {
    throw failure('BAD_ARGUMENT/lan-address', {});
  }
  await stick.sure(options);
  const now = await stick.session.get(LAN.path, options);
  const { lan = {} } = valuesIn(LAN.path, now);
  const net = address.slice(0, address.lastIndexOf('.'));
  const moved = (text: string | undefined, fallback: string) => `${net}.${text?.split('.').at(-1) ?? fallback}`;
  const changes: Record<string, string> = {
    DhcpIPAddress: address,
    DhcpStartIPAddress: moved(lan.pool?.[0], '100'),
    DhcpEndIPAddress: moved(lan.pool?.[1], '200'),
  };
  // It names itself as name server.
  for (const { name, text } of now.children) {
    if (/Dns$/.test(name) && text.trim() === lan.ip) changes[name] = address;
  }
  const items = changed(now, changes);
  await unanswered(stick, LAN.path, items, options);
  const children = items.map(([name, text]) => ({ name, text: String(text), children: [] }));
  return valuesIn(LAN.path, { ...now, children }).lan ?? {};
}

const PRIVATE = /^(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.[1-9]\d?$/;

/** What restarts the stick or its LAN may take the answer with it: that it was cut off is no failure. */
async function unanswered(stick: WebStick, path: string, items: Item[], options: CallOptions): Promise<void> {
  try {
    await stick.post(path, items, options);
  } catch (error) {
    if (!mayBeDone(error, path)) throw error;
  }
  stick.session.forget();
}
