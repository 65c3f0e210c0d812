/**
 * What a stick is, by product id. Vendor is always 12d1; the newer E3372-325 (3566:2001) is another family. Rows of mode
 * `storage` are also the list of what may be switched: nothing else is ever sent a switch message.
 *
 * Sources: Huawei's own gadget code of the Balong family ("FW"), the usb_modeswitch data pack ("pack"), usb.ids, the
 * kernel's option driver, owners' notes and recorded dumps. Where a product id is not listed, the interfaces decide
 * between serial ports and network.
 */

export type Mode = 'storage' | 'hilink' | 'tty' | 'boot' | 'loader' | 'fastboot' | 'unknown';

export type Role = 'pcui' | 'modem' | 'diag' | 'boot' | 'download' | 'unknown';

export interface ModeEntry {
  productId: number;
  mode: Mode;
  /** What it is, in a few words. */
  meaning: string;
  source: string;
  /** Firmware on the stick as far as the id tells. */
  firmware?: 'hilink' | 'stick';
  /** Product ids that the mode switch leads to, as configured in the field. */
  switchesTo?: number[];
  /**
   * Running firmware and the uploaded loader share this id: only asking tells (plain `AT` silent, `AT^DLOADVER?` = 2.0,
   * version request answered).
   */
  ambiguous?: true;
  /**
   * Roles by interface number, where the protocol code does not tell (ff/ff/ff, 02/02/ff): a composition has fixed places,
   * and what is no serial port takes one up too (1c05: shell, storage, PCUI).
   */
  serial?: Role[];
  /** Those places are counted from behind a network function, of one or two interfaces, that may stand in front. */
  behindNetwork?: true;
}

const GATEWAY: Role[] = ['modem', 'diag', 'pcui'];

const storage = (
  productId: number,
  meaning: string,
  source: string,
  switchesTo: number[],
  firmware?: 'hilink' | 'stick',
): ModeEntry => ({ productId, mode: 'storage', meaning, source, switchesTo, ...(firmware && { firmware }) });

const serialMode = (productId: number, meaning: string, source: string, serial?: Role[]): ModeEntry => ({
  productId,
  mode: 'tty',
  meaning,
  source,
  ...(serial && { serial }),
});

export const MODES: readonly ModeEntry[] = [
  storage(0x1f01, 'CD-ROM of HiLink firmware', 'FW, usb.ids, owners', [0x14db, 0x14dc], 'hilink'),
  storage(0x15ca, 'CD-ROM of stick firmware', 'FW, usb.ids', [0x1506], 'stick'),
  storage(
    0x14fe,
    'CD-ROM, older plug-and-play id',
    'FW, usb.ids, E3272s-927',
    [0x1506, 0x150f, 0x151d, 0x1c1e],
    'stick',
  ),
  storage(0x1446, 'CD-ROM, default of older models', 'FW, pack', [0x1506, 0x1001, 0x1436, 0x140c, 0x14ac]),
  storage(0x155b, 'CD-ROM (E171)', 'pack', [0x1506]),
  storage(0x156a, 'CD-ROM (E3276s-151, E3251)', 'pack', [0x156b, 0x156c]),
  storage(0x157c, 'CD-ROM (E3276-s150)', 'pack', [0x1506]),
  storage(0x157d, 'CD-ROM of HiLink firmware with MBIM', 'FW, pack', [0x14db, 0x14dc], 'hilink'),
  storage(0x1597, 'CD-ROM (E327x-150 variant)', 'pack', [0x1598]),
  storage(0x15cd, 'CD-ROM of stick firmware with MBIM', 'FW, pack', [0x1506], 'stick'),
  storage(0x15cf, 'CD-ROM (E3372s-153)', 'pack', [0x1506], 'stick'),
  storage(0x15e7, 'CD-ROM (E3531)', 'pack', [0x1506]),
  storage(0x1505, 'CD-ROM (EC156, E372u-8)', 'pack', [0x140b, 0x140c, 0x1506, 0x150f, 0x150a]),
  storage(0x151a, 'CD-ROM (E392u-12, E3131 variant)', 'pack', [0x151b, 0x151d, 0x151e]),
  storage(0x1c0b, 'CD-ROM (E173s)', 'pack', [0x1c05, 0x1c06, 0x1c07, 0x1c08, 0x1c10]),
  storage(0x1f02, 'CD-ROM (E5377)', 'pack', [0x14dc], 'hilink'),
  storage(0x1f1c, 'CD-ROM (Vodafone K4203)', 'pack', [0x157a, 0x1590]),
  storage(0x1f1d, 'CD-ROM (Vodafone)', 'pack', [0x157b, 0x1591]),
  storage(0x1f1e, 'CD-ROM (Vodafone K5160)', 'pack', [0x157f, 0x1592]),
  storage(0x1c20, 'CD-ROM only, charging', 'FW, usb.ids', []),

  { productId: 0x14db, mode: 'hilink', meaning: 'HiLink router', source: 'FW, usb.ids', firmware: 'hilink' },
  {
    productId: 0x14dc,
    mode: 'hilink',
    meaning: 'HiLink router with card reader',
    source: 'FW, usb.ids',
    firmware: 'hilink',
  },

  serialMode(0x1506, 'stick firmware, ports as set by AT^SETPORT', 'FW, usb.ids, E3272 with 21.x firmware'),
  serialMode(0x15b6, 'stick firmware, ports as set by AT^SETPORT', 'E3372s and E3372h after FF;12,10,16,A2'),
  serialMode(0x150f, 'stick firmware of an operator', 'pack'),
  serialMode(0x151d, 'stick firmware of an operator', 'pack'),
  serialMode(0x1c1e, 'stick firmware of an operator', 'pack'),
  serialMode(0x156b, 'stick firmware of an operator', 'pack'),
  serialMode(0x156c, 'stick firmware of an operator', 'pack'),
  serialMode(0x1598, 'stick firmware of an operator', 'pack'),
  serialMode(0x1596, 'stick firmware (MS2372h)', 'recorded dump'),
  serialMode(0x1001, 'fall-back modem: three serial ports', 'FW', GATEWAY),
  serialMode(0x155e, 'gateway mode: three serial ports and NCM', 'FW, E3372h', GATEWAY),
  {
    ...serialMode(0x1566, 'debug mode of HiLink firmware', 'FW', [
      'pcui',
      'unknown',
      'unknown',
      'diag',
      'unknown',
      'diag',
    ]),
    behindNetwork: true,
  },
  {
    ...serialMode(0x1441, 'debug mode of older HiLink firmware', 'FW, option driver', ['pcui', 'unknown', 'unknown']),
    behindNetwork: true,
  },
  {
    ...serialMode(0x1442, 'project mode of HiLink firmware, or the loader after AT^GODLOAD', 'FW, E3272 in upgrade', [
      'pcui',
      'unknown',
    ]),
    behindNetwork: true,
    ambiguous: true,
  },
  {
    ...serialMode(0x1c05, 'factory mode, or the uploaded USB loader', 'FW, loader code', GATEWAY),
    ambiguous: true,
  },

  { productId: 0x1443, mode: 'boot', meaning: 'boot ROM (boot pin held)', source: 'owners, guides' },
  { productId: 0x36dd, mode: 'fastboot', meaning: 'fastboot of the loader', source: 'owners' },
];

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
