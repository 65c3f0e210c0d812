/**
 * What the stick looks like on the bus in each of its modes: ids, strings, interfaces, endpoints, and what each interface
 * is for. From recorded dumps of E3272, E3276 and E3372 sticks and Huawei's gadget sources; the serial number string is
 * a constant or missing, as on the real ones. 1443, 1c05 and 1442 were never dumped: their endpoints follow the gadget's
 * first-free rule.
 */

import { HUAWEI, type UsbDevice, type UsbEndpoint, type UsbInterface } from '../host/host';

/** Everything a stick can come up as. */
export const APPEARANCES = [
  'cdrom-hilink', // 1f01
  'cdrom-stick', // 15ca
  'cdrom-pnp', // 14fe, the older PID of stick firmware
  'cdrom-e3372s', // 15cf
  'cdrom-e3372h', // 14fe with one storage interface
  'hilink', // 14db, ECM network
  'hilink-rndis', // 14db for a Windows host
  'hilink-sd', // 14dc
  'tty', // 1506, by SETPORT
  'tty-ncm', // 155e, gateway message with profile 1
  'tty-only', // 1001, gateway message with profile 0
  'debug', // 1566: HiLink firmware, asked by its web interface
  'upgrade', // 1442 {pcui, storage}: HiLink firmware, Windows message
  'bootrom', // 1443
  'loader', // 1c05
  'loader-godload', // 1442 after AT^GODLOAD
  'fastboot', // 36dd
  'phone', // 107e, no stick at all: a Huawei phone that shows its memory
] as const;

export type Appearance = (typeof APPEARANCES)[number];

/** What answers on an interface. */
export type InterfaceRole = 'storage' | 'modem' | 'pcui' | 'diag' | 'gps' | 'boot' | 'download' | 'network' | 'other';

/** Roles that are a tty on Linux once `option` has bound them. */
const SERIAL: readonly InterfaceRole[] = ['modem', 'pcui', 'diag', 'gps', 'boot', 'download'];
export const isSerial = (role: InterfaceRole): boolean => SERIAL.includes(role);

type Descriptor = Omit<UsbDevice, 'portPath' | 'bus' | 'address'>;

export interface Personality {
  device: Descriptor;
  /** By interface number. */
  roles: InterfaceRole[];
  /** By interface number: endpoints of alternate setting 1, where there is one. */
  alternates: (UsbEndpoint[] | undefined)[];
  /** Binary coded: 0x0210 is 2.10. */
  bcdUsb: number;
  /** Milliamperes that the stick asks for. */
  maxPower: number;
  /** The product string comes before the manufacturer's, as on older sticks. */
  productFirst: boolean;
}

type Triple = readonly [usbClass: number, subclass: number, protocol: number];
interface Function {
  role: InterfaceRole;
  triple: Triple;
  /** Beside bulk IN and OUT; `hidden` bulk endpoints stand in another alternate setting. */
  interrupt?: number;
  hidden?: boolean;
  noBulk?: boolean;
  driver?: string;
  /** Addresses that a dump shows and the first-free rule does not give. */
  fixed?: { in?: number; out?: number; interrupt?: number };
}

const STORAGE: Function = { role: 'storage', triple: [8, 6, 0x50], driver: 'usb-storage' };
const NCM: Function = {
  role: 'network',
  triple: [0xff, 3, 0x16],
  interrupt: 16,
  hidden: true,
  driver: 'huawei_cdc_ncm',
};
const serial = (role: InterfaceRole, triple: Triple, interrupt?: number): Function => ({
  role,
  triple,
  driver: 'option',
  ...(interrupt === undefined ? {} : { interrupt }),
});

/** SETPORT code to function: the interface protocol is the code read as hex, subclass 03 as on Balong sticks. */
function byCode(code: string): Function {
  const number = Number.parseInt(code, 16);
  if (code === 'A1' || code === 'A2') return STORAGE;
  if (code === '16') return NCM;
  const triple: Triple = [0xff, 3, number];
  if (code === '1' || code === '10') return serial('modem', triple, 10);
  if (code === '2' || code === '12') return serial('pcui', triple);
  if (code === '3' || code === '13') return serial('diag', triple);
  if (code === 'A') return { role: 'other', triple: [0xff, 3, 0x0a] };
  return serial('gps', triple);
}

/** Static compositions (upgrade, factory, gateway) carry this triple on each serial interface. */
const PLAIN: Triple = [0xff, 0xff, 0xff];

/** Gives out endpoint addresses as the gadget does: the next free IN and OUT number. */
function interfaces(functions: Function[]): { made: UsbInterface; alternate: UsbEndpoint[] | undefined }[] {
  let nextIn = 0x81;
  let nextOut = 0x01;
  return functions.map((f, number) => {
    const endpoints: UsbEndpoint[] = [];
    const bulk: UsbEndpoint[] = [];
    if (!f.noBulk) {
      bulk.push({ address: f.fixed?.in ?? nextIn++, type: 'bulk', maxPacketSize: 512 });
      bulk.push({ address: f.fixed?.out ?? nextOut++, type: 'bulk', maxPacketSize: 512 });
    }
    if (f.interrupt) {
      endpoints.push({ address: f.fixed?.interrupt ?? nextIn++, type: 'interrupt', maxPacketSize: f.interrupt });
    }
    if (!f.hidden) endpoints.push(...bulk);
    const [cls, subclass, protocol] = f.triple;
    const made: UsbInterface = { number, class: cls, subclass, protocol, endpoints };
    if (f.driver !== undefined) made.driver = f.driver;
    return { made, alternate: f.hidden ? bulk : undefined };
  });
}

interface Face {
  pid: number;
  functions: Function[];
  strings?: readonly [manufacturer: string, product: string, serial?: string];
  deviceClass?: number;
  bcdDevice?: number;
  bcdUsb?: number;
  maxPower?: number;
  productFirst?: boolean;
}

const MOBILE = ['HUAWEI_MOBILE', 'HUAWEI_MOBILE'] as const;

function face(appearance: Appearance, after: readonly string[], bootPorts: number, ttyId: number): Face {
  const threePorts = [serial('modem', PLAIN, 10), serial('diag', PLAIN), serial('pcui', PLAIN)];
  const ecm: Function[] = [
    {
      role: 'network',
      triple: [2, 6, 0],
      interrupt: 16,
      noBulk: true,
      driver: 'cdc_ether',
      fixed: { interrupt: 0x83 },
    },
    { role: 'network', triple: [0x0a, 6, 0], driver: 'cdc_ether', fixed: { in: 0x82, out: 0x02 } },
  ];
  switch (appearance) {
    case 'cdrom-hilink':
      return { pid: 0x1f01, functions: [STORAGE], strings: [...MOBILE, '0123456789ABCDEF'] };
    case 'cdrom-stick':
      return { pid: 0x15ca, functions: [STORAGE], strings: ['HUAWEI', 'HUAWEI Mobile', 'FFFFFFFFFFFFFFFF'] };
    case 'cdrom-pnp':
      return {
        pid: 0x14fe,
        functions: [STORAGE, STORAGE],
        strings: ['HUAWEI Technology', 'HUAWEI Mobile'],
        productFirst: true,
      };
    case 'cdrom-e3372s':
      return { pid: 0x15cf, functions: [STORAGE], strings: [...MOBILE, '0123456789ABCDEF'] };
    case 'cdrom-e3372h':
      return { pid: 0x14fe, functions: [STORAGE], strings: [...MOBILE, '0123456789ABCDEF'] };
    case 'hilink':
      return { pid: 0x14db, functions: ecm, strings: ['HUAWEI', 'HUAWEI HiLink'], deviceClass: 2 };
    case 'hilink-sd':
      return {
        pid: 0x14dc,
        functions: [...ecm, { ...STORAGE, fixed: { in: 0x84, out: 0x03 } }],
        strings: ['HUAWEI', 'HUAWEI Mobile'],
        deviceClass: 2,
        bcdUsb: 0x0210,
      };
    case 'hilink-rndis':
      return {
        pid: 0x14db,
        functions: [
          { role: 'network', triple: [0xe0, 1, 3], interrupt: 8, noBulk: true, driver: 'rndis_host' },
          { role: 'network', triple: [0x0a, 0, 0], driver: 'rndis_host' },
        ],
        strings: ['HUAWEI', 'HUAWEI HiLink'],
      };
    case 'tty':
      return { pid: ttyId, functions: after.map(byCode), strings: MOBILE, bcdUsb: 0x0210, maxPower: 2 };
    case 'tty-ncm':
      return {
        pid: 0x155e,
        functions: [
          ...threePorts,
          { role: 'network', triple: [2, 0x0d, 0], interrupt: 16, noBulk: true, driver: 'cdc_ncm' },
          { role: 'network', triple: [0x0a, 0, 1], hidden: true, driver: 'cdc_ncm' },
        ],
        strings: MOBILE,
        deviceClass: 2,
      };
    case 'tty-only':
      return {
        pid: 0x1001,
        functions: threePorts,
        strings: ['HUAWEI Technology', 'HUAWEI Mobile'],
        bcdDevice: 0,
      };
    case 'debug': {
      // Shells on two of them, which say nothing to AT.
      const ports = [serial('pcui', PLAIN), serial('gps', PLAIN), serial('gps', PLAIN), serial('diag', PLAIN)];
      const network = ecm.map(({ fixed: _, ...free }) => free);
      return { pid: 0x1566, functions: [...network, ...ports], strings: MOBILE, deviceClass: 2 };
    }
    case 'upgrade':
      return { pid: 0x1442, functions: [serial('pcui', PLAIN), STORAGE], strings: MOBILE };
    case 'bootrom': {
      const ports = Array.from({ length: bootPorts }, (_, i) => serial(i === bootPorts - 1 ? 'boot' : 'diag', PLAIN));
      return { pid: 0x1443, functions: ports, strings: ['HUAWEI', 'USB'], bcdDevice: 0 };
    }
    case 'loader':
      return {
        pid: 0x1c05,
        functions: [serial('modem', PLAIN, 10), serial('diag', PLAIN), serial('download', PLAIN)],
        strings: MOBILE,
      };
    case 'loader-godload':
      return { pid: 0x1442, functions: [serial('download', PLAIN), serial('diag', PLAIN)], strings: MOBILE };
    case 'fastboot':
      return { pid: 0x36dd, functions: [{ role: 'other', triple: [0xff, 0x42, 3] }] };
    case 'phone':
      return { pid: 0x107e, functions: [STORAGE], strings: ['HUAWEI', 'HUAWEI Phone'] };
  }
}

/**
 * Descriptors and roles of `appearance`; `after` are the SETPORT codes of the composition after the switch, `bootPorts` how
 * many ports the boot ROM shows, `ttyId` the product id of stick firmware.
 */
export function personality(
  appearance: Appearance,
  after: readonly string[],
  bootPorts = 1,
  ttyId = 0x1506,
): Personality {
  const f = face(appearance, after, bootPorts, ttyId);
  const [manufacturer, product, serialNumber] = f.strings ?? [];
  const faces = interfaces(f.functions);
  const device: Descriptor = {
    vendorId: HUAWEI,
    productId: f.pid,
    bcdDevice: f.bcdDevice ?? 0x0102,
    deviceClass: f.deviceClass ?? 0,
    configurations: 1,
    configuration: 1,
    interfaces: faces.map((i) => i.made),
  };
  if (manufacturer !== undefined) device.manufacturer = manufacturer;
  if (product !== undefined) device.product = product;
  if (serialNumber !== undefined) device.serial = serialNumber;
  return {
    device,
    roles: f.functions.map((fn) => fn.role),
    alternates: faces.map((i) => i.alternate),
    bcdUsb: f.bcdUsb ?? 0x0200,
    maxPower: f.maxPower ?? 500,
    productFirst: f.productFirst ?? false,
  };
}
