/** One stick as the bus and the kernel show it, before it is asked anything. */

import { missingAt } from '../flash/journal';
import type { Connection } from '../host/facts';
import { DRIVERS, type Machine } from '../host/facts';
import type { Host } from '../host/host';
import { isNetwork, isSerial } from '../stick/modes';
import { obstacleOf } from '../stick/obstacle';
import { idText, portsToAsk, type Stick } from '../stick/stick';
import type { Account } from './account';

/** What a port of a hub without a supply of its own gives, mA (USB 2.0, 7.2.1.1). */
const LOW_POWER = 100;

/** True if it is worth asking: it has what its mode is used by, as far as this can be seen. */
export async function judgeOnBus(
  host: Host,
  stick: Stick,
  machine: Machine | undefined,
  account: Account,
): Promise<boolean> {
  const { path, device, mode } = stick;
  const connection = await host.connection?.(device);
  const interfaces = device.interfaces.map(({ number, driver }) => `${number} (${driver ?? 'no driver'})`);
  account.add('stick', 'ok', { stick: path, id: idText(stick), mode, interfaces, speed: connection?.speed ?? null });
  if (mode === 'unknown' && device.interfaces.length > 0) {
    account.add('is-stranger', 'ok', { stick: path, id: idText(stick) });
    return false;
  }
  judgeWrites(host, path, account);
  const { autosuspend, hub } = await host.power(path, false);
  const dead = device.interfaces.length === 0;
  if (device.authorized === false) account.add('not-authorized', 'error', { stick: path });
  else if (dead && hub === 'unpowered' && (connection?.maxPower ?? 0) > LOW_POWER) {
    account.add('not-enough-power', 'error', { stick: path, needs: connection?.maxPower ?? 0 });
  } else if (dead && mode !== 'unknown' && host.hasBus) account.add('no-interfaces', 'error', { stick: path });
  if (connection?.overCurrent) {
    account.add('over-current', dead ? 'error' : 'warn', { stick: path, times: connection.overCurrent });
  }
  if (autosuspend === 'allowed') account.add('autosuspend', 'warn', { stick: path });
  if (hub === 'unpowered' && !account.has('not-enough-power', path))
    account.add('hub-unpowered', 'warn', { stick: path });
  judgeIntruders(connection, account);
  if (dead || device.authorized === false) return false;
  return judgeMode(host, stick, machine, connection, account);
}

/** What was begun and not ended: on record by this user, or told to all. */
function judgeWrites(host: Host, place: string, account: Account): void {
  const missing = missingAt(host, place);
  if (missing) account.add('write-unfinished', 'error', { stick: place, missing });
}

function judgeIntruders(connection: Connection | undefined, account: Account): void {
  const programs = connection?.intruders ?? [];
  if (programs.length === 0 || account.has('modem-manager')) return;
  const holds = connection?.ttys.some(({ holders }) => holders.some((holder) => programs.includes(holder)));
  account.add('modem-manager', holds ? 'error' : 'warn', { programs });
}

async function judgeMode(
  host: Host,
  stick: Stick,
  machine: Machine | undefined,
  connection: Connection | undefined,
  account: Account,
): Promise<boolean> {
  const { path, mode } = stick;
  const obstacle = judgeObstacle(stick, machine, account);
  switch (mode) {
    case 'storage':
      if (!obstacle) await judgeStorage(host, stick, connection, account);
      return false;
    case 'fastboot':
      account.add('is-fastboot', 'error', { stick: path });
      return false;
    case 'boot':
      if (!obstacle) account.add('is-boot', 'error', { stick: path });
      judgeNodes(stick, connection, account);
      return false;
    case 'hilink':
      return true;
    default:
      judgeNodes(stick, connection, account);
      return stick.ttys.length > 0;
  }
}

/** True if there is something that keeps all of it from being used. */
function judgeObstacle(stick: Stick, machine: Machine | undefined, account: Account): boolean {
  const obstacle = obstacleOf(stick);
  if (!obstacle) return false;
  const { path } = stick;
  const p = obstacle.params as { configuration: number; contents: string; other: number; interfaces: number[] };
  switch (obstacle.key) {
    case 'WRONG_MODE/configuration':
      account.add('wrong-configuration', 'error', {
        stick: path,
        configuration: p.configuration,
        contents: p.contents,
        other: p.other,
      });
      return true;
    case 'WRONG_MODE/composition':
      account.add('no-at-port', 'error', { stick: path });
      return true;
    case 'NO_PERMISSION/not-authorized':
      account.add('not-authorized', 'error', { stick: path });
      return true;
    case 'DRIVER_MISSING/no-interfaces':
      account.add('no-interfaces', 'error', { stick: path });
      return true;
    case 'DRIVER_MISSING/no-node': {
      const paths = p.interfaces.map((number) => `/dev/tty of interface ${number}`);
      account.add('node-missing', 'error', { stick: path, paths });
      return stick.ttys.length === 0;
    }
    case 'DRIVER_MISSING/no-driver': {
      const [driver] = DRIVERS;
      const state = machine?.drivers[driver] ?? 'unknown';
      const level = stick.ttys.length === 0 ? 'error' : 'warn';
      account.add('driver-missing', level, {
        stick: path,
        driver,
        id: idText(stick).replace(':', ' '),
        state,
        interfaces: p.interfaces,
      });
      return stick.ttys.length === 0;
    }
  }
}

async function judgeStorage(
  host: Host,
  stick: Stick,
  connection: Connection | undefined,
  account: Account,
): Promise<void> {
  const { path } = stick;
  account.add('is-storage', 'error', { stick: path });
  const usb = connection?.usb;
  if (usb?.state === 'missing') account.add('node-missing', 'error', { stick: path, paths: [usb.path] });
  if (usb?.state === 'closed') account.add('usb-closed', 'error', { stick: path, path: usb.path });
  if (usb?.state === 'forbidden') {
    account.add('usb-forbidden', 'error', { stick: path, path: usb.path, group: usb.group ?? null });
  }
  const where = (await host.mounts(path)).filter(({ writable }) => writable).map(({ mountPoint }) => mountPoint);
  if (where.length > 0) account.add('mounted', 'error', { stick: path, where });
}

/** Of the ports that are worth asking. */
function judgeNodes(stick: Stick, connection: Connection | undefined, account: Account): void {
  const asked = portsToAsk(stick).map((tty) => tty.path);
  for (const node of connection?.ttys ?? []) {
    if (!asked.includes(node.path)) continue;
    if (node.state === 'missing') account.add('node-missing', 'error', { stick: stick.path, paths: [node.path] });
    if (node.state === 'closed') account.add('port-closed', 'error', { stick: stick.path, path: node.path });
    if (node.state !== 'forbidden') continue;
    const { path, group, later } = node;
    account.add('port-forbidden', 'error', {
      stick: stick.path,
      path,
      group: group ?? null,
      later: later === true,
    });
  }
}

/** Whether it has a network function at all. */
export const hasNetwork = (stick: Stick): boolean =>
  stick.mode === 'hilink' || stick.device.interfaces.some((i) => isNetwork(i) && !isSerial(i));
