import type { UsbConfiguration, UsbEndpoint } from './host';

const DEVICE = 1;
const CONFIGURATION = 2;
const INTERFACE = 4;
const ENDPOINT = 5;

const TYPES = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/** What a device says about itself, as the kernel stores it: device descriptor, then every configuration. */
export interface Descriptors {
  vendorId: number;
  productId: number;
  /** Binary coded: 0x0102 is 1.02. */
  bcdDevice: number;
  deviceClass: number;
  configurations: number;
  /** Each configuration with its interfaces, in the order of the descriptors. */
  all: UsbConfiguration[];
  /** Endpoints of an interface's alternate setting 0; empty when there is no such interface. */
  endpoints(configuration: number, interfaceNumber: number): UsbEndpoint[];
}

/**
 * Reads the bytes of the sysfs file `descriptors` (USB 2.0, 9.6: all fields little endian).
 * Undefined when they do not start with a device descriptor; a cut or damaged tail is left out.
 */
export function parseDescriptors(bytes: Buffer): Descriptors | undefined {
  if (bytes.length < 18 || bytes.readUInt8(0) < 18 || bytes.readUInt8(1) !== DEVICE) return undefined;
  const found = new Map<string, UsbEndpoint[]>();
  const all: UsbConfiguration[] = [];
  let configuration = 0;
  let current: UsbEndpoint[] | undefined;
  for (let at = bytes.readUInt8(0); at + 2 <= bytes.length; ) {
    const length = bytes.readUInt8(at);
    if (length < 2 || at + length > bytes.length) break;
    const type = bytes.readUInt8(at + 1);
    if (type === CONFIGURATION && length >= 9) {
      configuration = bytes.readUInt8(at + 5);
      all.push({ value: configuration, interfaces: [] });
      current = undefined;
    } else if (type === INTERFACE && length >= 9) {
      current = undefined;
      if (bytes.readUInt8(at + 3) === 0) {
        current = [];
        const number = bytes.readUInt8(at + 2);
        found.set(`${configuration}.${number}`, current);
        const [cls = 0, subclass = 0, protocol = 0] = bytes.subarray(at + 5, at + 8);
        all.at(-1)?.interfaces.push({ number, class: cls, subclass, protocol });
      }
    } else if (type === ENDPOINT && length >= 7) {
      current?.push({
        address: bytes.readUInt8(at + 2),
        type: TYPES[bytes.readUInt8(at + 3) & 3] ?? 'control',
        maxPacketSize: bytes.readUInt16LE(at + 4) & 0x7ff,
      });
    }
    at += length;
  }
  return {
    deviceClass: bytes.readUInt8(4),
    vendorId: bytes.readUInt16LE(8),
    productId: bytes.readUInt16LE(10),
    bcdDevice: bytes.readUInt16LE(12),
    configurations: bytes.readUInt8(17),
    all,
    endpoints: (config, number) => found.get(`${config}.${number}`) ?? [],
  };
}
