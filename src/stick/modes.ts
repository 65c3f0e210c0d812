/**
 * What a stick is, by product id. Vendor is always 12d1: others are told apart before (family/foreign.ts). Rows of mode
 * `storage` are also the list of what may be switched: nothing else is ever sent a switch message. Where a product id is
 * not listed, the interfaces decide between serial ports and network.
 */

import { FAMILY } from '../family/family';
import { OTHER_IDS } from '../family/others';
import type { Mode, ModeEntry, Role } from '../family/usb';

export type { Mode, Role };

/** Each once, although models share some. */
export const MODES: readonly ModeEntry[] = [...new Set([...FAMILY.flatMap(({ usb }) => usb), ...OTHER_IDS])];

const byProductId = new Map(MODES.map((entry) => [entry.productId, entry]));

/** The table's row for a product id. */
export const modeEntry = (productId: number): ModeEntry | undefined => byProductId.get(productId);

/** bInterfaceProtocol of class ff to role: Huawei's own numbering, with the Vodafone (+0x30) and unbranded codes. */
const PROTOCOL_ROLES: Readonly<Record<number, Role>> = {
  1: 'modem',
  2: 'pcui',
  3: 'diag',
  16: 'modem',
  18: 'pcui',
  19: 'diag',
  23: 'modem',
  49: 'modem',
  50: 'pcui',
  51: 'diag',
  97: 'modem',
  98: 'pcui',
  99: 'diag',
  114: 'pcui',
  115: 'diag',
};

/** Protocol codes of class ff that carry a network, not a serial port: NDIS, NCM and MBIM in all brandings. */
const NETWORK_PROTOCOLS = new Set([0x07, 0x08, 0x09, 0x11, 0x16, 0x20, 0x37, 0x38, 0x39, 0x46, 0x67, 0x68, 0x69, 0x76]);

interface InterfaceTriple {
  class: number;
  subclass: number;
  protocol: number;
  driver?: string;
  tty?: string;
}

/** True if the interface is a serial port, whether or not a driver has made a tty of it yet. */
export function isSerial(i: InterfaceTriple): boolean {
  if (i.tty !== undefined) return true;
  if (i.class === 0xff) return !NETWORK_PROTOCOLS.has(i.protocol);
  // The 1441, 1442 and 1c05 compositions of Balong show ACM interfaces with protocol ff; option binds them.
  return i.class === 0x02 && i.subclass === 0x02 && (i.protocol === 0xff || i.protocol === 0x01);
}

/** True if the interface is a part of a network function: NDIS, NCM, MBIM, ECM or RNDIS. */
export function isNetwork(i: InterfaceTriple): boolean {
  if (i.class === 0xff) return NETWORK_PROTOCOLS.has(i.protocol);
  return i.class === 0x0a || i.class === 0xe0 || i.class === 0xef || (i.class === 0x02 && !isSerial(i));
}

/**
 * Role of a serial interface at `place`, which is its number but for those of {@link ModeEntry.behindNetwork}. The protocol
 * code tells where it is one of Huawei's; for ff/ff/ff and 02/02/ff the table does, and the boot ROM may be behind each of
 * several ports.
 */
export function roleOf(productId: number, i: InterfaceTriple, place: number): Role {
  const entry = modeEntry(productId);
  const byProtocol = i.class === 0xff ? PROTOCOL_ROLES[i.protocol] : undefined;
  return byProtocol ?? (entry?.mode === 'boot' ? 'boot' : entry?.serial?.[place]) ?? 'unknown';
}

/** Whether the protocol code itself says that this port is for diagnosis: such a port does not answer AT. */
export const isDiag = ({ class: cls, protocol }: InterfaceTriple): boolean =>
  cls === 0xff && PROTOCOL_ROLES[protocol] === 'diag';

/** The place of an interface in the composition of `productId`, see {@link roleOf}. */
export function placeOf(
  productId: number,
  number: number,
  interfaces: readonly (InterfaceTriple & { number: number })[],
): number {
  if (!modeEntry(productId)?.behindNetwork) return number;
  return number - interfaces.filter((i) => i.number < number && isNetwork(i)).length;
}

/**
 * Mode of a device: by the table, else by its interfaces. Never `storage` by its interfaces: what is a CD-ROM gets switched,
 * and a phone shows itself as mass storage too.
 */
export function modeOf(productId: number, interfaces: readonly InterfaceTriple[]): Mode {
  const entry = modeEntry(productId);
  if (entry) return entry.mode;
  // A phone in ADB mode is ff/42/01: only Huawei's modem subclasses count.
  const modemPort = (i: InterfaceTriple) =>
    isSerial(i) && (i.driver === 'option' || (i.class === 0xff && i.subclass <= 6 && i.protocol in PROTOCOL_ROLES));
  if (interfaces.some(modemPort)) return 'tty';
  if (interfaces.some((i) => i.class === 0x02 && (i.subclass === 0x06 || i.subclass === 0x0d))) return 'hilink';
  return 'unknown';
}
