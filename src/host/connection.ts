/**
 * How one stick is connected to the machine: its device nodes and who may open them, who has them open, its power. Read from
 * files; of device nodes only that of the USB device is opened, and closed at once, which asks the stick nothing.
 */

import { constants } from 'node:fs';
import { access, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDescriptors } from './descriptors';
import type { Connection, DeviceNode } from './facts';
import { errnoOf, readIfThere } from './files';
import { holdersOf, programText } from './holders';
import type { UsbDevice } from './host';
import { intruderNames } from './intruders';

const FOLDER = '/sys/bus/usb/devices';

/** `user`: ids of this process, for tests. */
export async function readConnection(root: string, device: UsbDevice, user = thisUser()): Promise<Connection> {
  const { portPath, bus, address, interfaces } = device;
  const three = (n: number) => String(n).padStart(3, '0');
  const node = `/dev/bus/usb/${three(bus)}/${three(address)}`;
  const ttys = interfaces.flatMap(({ tty }) => tty ?? []);
  const number = async (file: string) => {
    const found = Number.parseInt(await readFile(join(root, FOLDER, file), 'latin1').catch(() => ''), 10);
    return Number.isNaN(found) ? undefined : found;
  };
  const [usb, ports, speed, maxPower, overCurrent, intruders] = await Promise.all([
    lookAt(root, node, join(root, node), user, true),
    Promise.all(
      ttys.map(async (tty) => ({
        // Where it stands the root is in it already.
        ...(await lookAt(root, tty, tty, user, false)),
        holders: (await holdersOf(tty, root).catch(() => [])).map(programText),
      })),
    ),
    number(`${portPath}/speed`),
    readMaxPower(root, portPath),
    number(`${portFile(portPath)}/over_current_count`),
    intruderNames(root, portPath),
  ]);
  return {
    usb,
    ttys: ports,
    ...(speed !== undefined && { speed }),
    ...(maxPower !== undefined && { maxPower }),
    ...(overCurrent !== undefined && { overCurrent }),
    intruders,
  };
}

/** `1-1` is port 1 of the root hub of bus 1, `1-1.4` port 4 of the hub `1-1`. */
function portFile(portPath: string): string {
  const [, hub = '', port = ''] = /^(.*)[.-](\d+)$/.exec(portPath) ?? [];
  return hub.includes('-') ? `${hub}:1.0/${hub}-port${port}` : `${hub}-0:1.0/usb${hub}-port${port}`;
}

/** Of its first configuration, in units of 2 mA (USB 2.0, table 9-10): the kernel shows that of an active one only. */
async function readMaxPower(root: string, portPath: string): Promise<number | undefined> {
  const bytes = await readIfThere(join(root, FOLDER, portPath, 'descriptors')).catch(() => undefined);
  if (!bytes || !parseDescriptors(bytes)) return undefined;
  const at = bytes.readUInt8(0);
  return bytes.length >= at + 9 ? bytes.readUInt8(at + 8) * 2 : undefined;
}

/** Who asks: this process. */
interface User {
  name: string;
  groups: readonly number[];
  /** By its permissions and access lists; `closed`: the kernel forbids it whatever they say. */
  may(file: string): Promise<boolean | 'closed'>;
  /** Permissions say nothing of a cgroup that keeps devices from a container. */
  opens(file: string): Promise<boolean>;
}

function thisUser(): User {
  const groups = [...(process.getgroups?.() ?? []), ...(process.getegid ? [process.getegid()] : [])];
  const may = (file: string) =>
    access(file, constants.R_OK | constants.W_OK).then(
      () => true,
      // The filter of a cgroup is asked here too, before the permissions (`inode_permission`).
      (error: unknown) => (errnoOf(error) === 'EPERM' ? 'closed' : false),
    );
  return { name: process.env['USER'] ?? process.env['LOGNAME'] ?? '', groups, may, opens: canBeOpened };
}

async function lookAt(root: string, path: string, file: string, user: User, opens: boolean): Promise<DeviceNode> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return { path, state: 'missing' };
  const may = await user.may(file);
  if (may === 'closed') return { path, state: 'closed' };
  if (may) return { path, state: opens && !(await user.opens(file)) ? 'closed' : 'open' };
  const mayGroup = (found.mode & 0o060) === 0o060;
  const group = mayGroup ? await readGroup(root, found.gid) : undefined;
  const later = group?.members.includes(user.name) && !user.groups.includes(found.gid);
  return { path, state: 'forbidden', ...(group && { group: group.name }), ...(later && { later }) };
}

async function canBeOpened(file: string): Promise<boolean> {
  try {
    await (await open(file, constants.O_RDWR | constants.O_NONBLOCK)).close();
    return true;
  } catch (error) {
    // Gone in the meantime, or asleep: what counts is whether somebody forbids it.
    return errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'EACCES';
  }
}

async function readGroup(root: string, gid: number): Promise<{ name: string; members: string[] }> {
  const lines =
    (await readIfThere(join(root, '/etc/group')).catch(() => undefined))?.toString('utf8').split('\n') ?? [];
  const fields = lines.map((line) => line.split(':')).find(([, , id]) => id === String(gid));
  const [name = String(gid), , , members = ''] = fields ?? [];
  return { name, members: members.split(',').filter((member) => member !== '') };
}
