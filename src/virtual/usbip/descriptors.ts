/**
 * The stick's USB descriptors, byte by byte (USB 2.0, chapter 9), of what it is now: from its {@link UsbDevice} and its
 * {@link Personality}. All fields little-endian.
 */

import type { UsbDevice, UsbEndpoint } from '../../host/host';
import { HOST_MAC } from '../lan/frames';
import type { Personality } from '../personality';
import { functionalDescriptors } from './network';

const DEVICE = 1;
const CONFIGURATION = 2;
const STRING = 3;
const INTERFACE = 4;
const ENDPOINT = 5;
const QUALIFIER = 6;
const BOS = 15;

const ENGLISH = 0x0409;
/** USB 2.10 and up tell what they can in a BOS; less than that has none. */
const HAS_BOS = 0x0201;
/** bInterval of interrupt endpoints: 2 ms at high speed. */
const INTERVAL = 5;
const TRANSFER_TYPES: readonly UsbEndpoint['type'][] = ['control', 'isochronous', 'bulk', 'interrupt'];

/** MAC address of the host's side of a network function, as its string descriptor says it. */
const MAC = HOST_MAC.toString('hex').toUpperCase();

/** bConfigurationValue of the one configuration. */
export const CONFIGURATION_VALUE = 1;

export interface Descriptors {
  /** The answer to GET_DESCRIPTOR; undefined = there is none, the stick stalls. */
  get(type: number, index: number): Buffer | undefined;
}

export function descriptorsOf(device: UsbDevice, face: Personality): Descriptors {
  const strings = stringTable(device, face);
  const deviceDescriptor = Buffer.alloc(18);
  deviceDescriptor.set([18, DEVICE]);
  deviceDescriptor.writeUInt16LE(face.bcdUsb, 2);
  deviceDescriptor.set([device.deviceClass, 0, 0, 64], 4);
  deviceDescriptor.writeUInt16LE(device.vendorId, 8);
  deviceDescriptor.writeUInt16LE(device.productId, 10);
  deviceDescriptor.writeUInt16LE(device.bcdDevice, 12);
  deviceDescriptor.set([strings.manufacturer, strings.product, strings.serial, device.configurations], 14);

  const qualifier = Buffer.alloc(10);
  qualifier.set([10, QUALIFIER]);
  deviceDescriptor.copy(qualifier, 2, 2, 8);
  qualifier.set([device.configurations], 8);

  const configuration = configurationOf(device, face, strings.mac);
  return {
    get(type, index) {
      switch (type) {
        case DEVICE:
          return deviceDescriptor;
        case CONFIGURATION:
          return index === 0 ? configuration : undefined;
        case STRING:
          return strings.texts[index];
        case QUALIFIER:
          return qualifier;
        case BOS:
          return face.bcdUsb >= HAS_BOS ? bos() : undefined;
        default:
          return undefined;
      }
    },
  };
}

/** String descriptors by index, and which index is whose; 0 = it has none. */
function stringTable(device: UsbDevice, face: Personality) {
  const texts: (Buffer | undefined)[] = [Buffer.of(4, STRING, ENGLISH & 0xff, ENGLISH >> 8)];
  const add = (text: string | undefined): number => {
    if (text === undefined) return 0;
    const utf16 = Buffer.from(text, 'utf16le');
    return texts.push(Buffer.concat([Buffer.of(2 + utf16.length, STRING), utf16])) - 1;
  };
  let product = face.productFirst ? add(device.product) : 0;
  const manufacturer = add(device.manufacturer);
  if (!face.productFirst) product = add(device.product);
  const serial = add(device.serial);
  const mac = face.roles.includes('network') ? add(MAC) : 0;
  return { texts, manufacturer, product, serial, mac };
}

function configurationOf(device: UsbDevice, face: Personality, mac: number): Buffer {
  const parts: Buffer[] = [];
  for (const i of device.interfaces) {
    const triple = [i.class, i.subclass, i.protocol] as const;
    const setting = (alternate: number, endpoints: readonly UsbEndpoint[]) => {
      parts.push(Buffer.of(9, INTERFACE, i.number, alternate, endpoints.length, ...triple, 0));
      if (alternate === 0) parts.push(functionalDescriptors(triple, i.number, mac));
      parts.push(...endpoints.map(endpointDescriptor));
    };
    setting(0, i.endpoints);
    const bulk = face.alternates[i.number];
    if (bulk) setting(1, [...i.endpoints, ...bulk]);
  }
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(9);
  head.set([9, CONFIGURATION]);
  head.writeUInt16LE(9 + body.length, 2);
  // Bus powered; the last byte counts in units of 2 mA.
  head.set([device.interfaces.length, CONFIGURATION_VALUE, 0, 0x80, face.maxPower / 2], 4);
  return Buffer.concat([head, body]);
}

function endpointDescriptor({ address, type, maxPacketSize }: UsbEndpoint): Buffer {
  const out = Buffer.alloc(7);
  out.set([7, ENDPOINT, address, TRANSFER_TYPES.indexOf(type)]);
  out.writeUInt16LE(maxPacketSize, 4);
  out.writeUInt8(type === 'interrupt' ? INTERVAL : 0, 6);
  return out;
}

/** One capability: USB 2.0 extension without link power management. */
const bos = (): Buffer => Buffer.of(5, BOS, 12, 0, 1, 7, 16, 2, 0, 0, 0, 0);
