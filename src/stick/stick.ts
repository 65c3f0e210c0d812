import { type DriverError, failure } from '../errors';
import { foreignOf } from '../family/foreign';
import { type Host, HUAWEI, type UsbDevice } from '../host/host';
import { means } from './identities';
import { isSerial, type Mode, modeEntry, modeOf, placeOf, type Role, roleOf } from './modes';
import { lastingObstacle, type Obstacle } from './obstacle';
import { type OwnName, parseOwnName } from './own-name';

/** One tty of a stick, as it is now. */
export interface StickTty {
  /** Device node. Never stored: the number changes with each enumeration. */
  path: string;
  interface: number;
  /** bInterfaceProtocol. */
  protocol: number;
  role: Role;
}

/** One physical modem, known by where it is plugged in. */
export interface Stick {
  /** Bus and port path, `1-1.4`. */
  path: string;
  mode: Mode;
  /** True where running firmware and loader share the product id: `mode` is then `tty` until the port has been asked. */
  ambiguous: boolean;
  vendorId: number;
  productId: number;
  /** Product text of the USB descriptor; operators put their own there. */
  product: string;
  /** Ttys that are there now, in interface order. */
  ttys: StickTty[];
  /** Serial interfaces that have no tty yet, or never will when the kernel's `option` driver is missing. */
  withoutTty: number;
  /**
   * What no waiting ends, behind "is": "in configuration 2 (MBIM): no serial ports there; configuration 1 has them". Of an
   * {@link Obstacle} that lasts.
   */
  problem?: string;
  /**
   * It is taken for a stick of this family and is none: its mode is `unknown` and its ttys are left out, so that nobody opens
   * one.
   */
  foreign?: { name: string; what: string };
  device: UsbDevice;
}

/** A stick as its USB device shows it. */
export function describeStick(device: UsbDevice): Stick {
  return device.vendorId === HUAWEI ? describeHuawei(device) : describeForeign(device);
}

function describeForeign(device: UsbDevice): Stick {
  const { portPath, vendorId, productId, product } = device;
  const { name, what } = foreignOf(vendorId, productId) ?? { name: 'device', what: 'no stick of this family' };
  return {
    path: portPath,
    mode: 'unknown',
    ambiguous: false,
    vendorId,
    productId,
    product: product ?? name,
    ttys: [],
    withoutTty: 0,
    foreign: { name, what },
    device,
  };
}

function describeHuawei(device: UsbDevice): Stick {
  const serial = device.interfaces.filter(isSerial);
  const entry = modeEntry(device.productId);
  const ttys = serial.flatMap((i): StickTty[] => {
    if (i.tty === undefined) return [];
    const place = placeOf(device.productId, i.number, device.interfaces);
    const role = roleOf(device.productId, i, place);
    return [{ path: i.tty, interface: i.number, protocol: i.protocol, role }];
  });
  const mode = modeOfDevice(device);
  const obstacle = lastingObstacle({ path: device.portPath, mode, device });
  return {
    path: device.portPath,
    mode,
    ambiguous: entry?.ambiguous ?? false,
    vendorId: device.vendorId,
    productId: device.productId,
    product: device.product ?? entry?.meaning ?? '',
    ttys,
    withoutTty: serial.length - ttys.length,
    ...(obstacle && { problem: obstacle.text }),
    device,
  };
}

/** An id that the table does not know may have its ports in another configuration than the active one. */
function modeOfDevice({ productId, interfaces, others = [] }: UsbDevice): Mode {
  const mode = modeOf(productId, interfaces);
  if (mode !== 'unknown') return mode;
  return others.some((other) => modeOf(productId, other.interfaces) === 'tty') ? 'tty' : mode;
}

/** Ports to ask for AT, a loader or a boot ROM: best first. */
const RANK: Readonly<Record<Role, number>> = { boot: 0, download: 0, pcui: 1, unknown: 2, modem: 3, diag: 4 };

/** What a protocol says that stands for none: the role is then a guess by the port's place. */
const UNTOLD = 0xff;

/** The ports of `stick` that are worth asking, best first: all but those that call themselves diagnosis, which knows no AT. */
export const portsToAsk = (stick: Stick): StickTty[] =>
  stick.ttys
    .filter(({ role, protocol }) => role !== 'diag' || protocol === UNTOLD)
    .sort((a, b) => RANK[a.role] - RANK[b.role] || a.interface - b.interface);

/** `12d1:1f01`, as lsusb writes it. */
export const idText = (stick: Pick<Stick, 'vendorId' | 'productId'>): string =>
  `${stick.vendorId.toString(16).padStart(4, '0')}:${stick.productId.toString(16).padStart(4, '0')}`;

/** `1-1.4 (12d1:1f01)`, for messages; only the path where there is no bus. */
export const stickText = (stick: Stick): string =>
  stick.productId === 0 ? stick.path : `${stick.path} (${idText(stick)})`;

/** A key with the params of its obstacle, to which those of the stick come. */
export const obstacleError = (stick: Stick, { key, params }: Obstacle): DriverError =>
  failure(key, { ...params, ...shown(stick) } as Parameters<typeof failure<typeof key>>[1]);

/**
 * For what is no stick of this family: one of another kind, or a device of Huawei's that is none of the modes table and shows
 * no modem's interfaces, as a phone or a card reader.
 */
export const noModem = (stick: Stick): DriverError =>
  stick.foreign
    ? failure('WRONG_MODE/foreign', { ...shown(stick), ...stick.foreign })
    : failure('WRONG_MODE/no-modem', shown(stick));

const shown = (stick: Stick) => ({ stick: stick.path, which: stickText(stick) });

/** All sticks that are plugged in now, sorted by port path. */
export async function listSticks(host: Host): Promise<Stick[]> {
  return (await host.scan()).map(describeStick);
}

/**
 * The stick meant by `which`: a port path, `auto` for the only one there is, or an own name (`imei:`, `sim:`), which is
 * looked up and not asked for: the sticks that have said so, here or in the socket where they are. Errors: STICK_NOT_FOUND,
 * STICK_AMBIGUOUS, WRONG_MODE (what is there is no modem), BAD_ARGUMENT (an own name that cannot be one).
 */
export async function findStick(host: Host, which: string): Promise<Stick> {
  const sticks = await listSticks(host);
  if (!host.hasBus) {
    const [only] = sticks;
    if (only) return only;
    throw failure('STICK_NOT_FOUND/port', { path: which }, { stick: which });
  }
  const name = parseOwnName(which);
  if (name) return findByName(host, sticks, name);
  if (which !== 'auto') {
    const found = sticks.find((s) => s.path === which);
    // One without interfaces is still starting.
    if (found?.foreign || (found?.mode === 'unknown' && found.device.interfaces.length > 0)) throw noModem(found);
    if (found) return found;
    throw failure('STICK_NOT_FOUND/place', { stick: which, others: sticks.map((s) => s.path) });
  }
  const candidates = sticks.filter((s) => s.mode !== 'unknown');
  const [first, second] = candidates;
  if (first && !second) return first;
  if (first) throw failure('STICK_AMBIGUOUS/several', { sticks: candidates.map(stickText) });
  const [stranger] = sticks;
  if (stranger?.foreign) {
    throw failure('STICK_NOT_FOUND/only-foreign', { which: stickText(stranger), ...stranger.foreign });
  }
  if (stranger) throw failure('STICK_NOT_FOUND/only-stranger', { which: stickText(stranger) });
  throw failure('STICK_NOT_FOUND/none', {});
}

function findByName(host: Host, sticks: readonly Stick[], name: OwnName): Stick {
  const found = sticks.filter((stick) => means(host, name, stick));
  const [first] = found;
  if (!first) throw failure('STICK_NOT_FOUND/own-name', { what: name.what });
  if (found.length > 1) throw failure('STICK_AMBIGUOUS/own-name', { sticks: found.map(stickText) });
  return first;
}
