/**
 * The network functions of the stick as far as a kernel driver needs them to bind: CDC ECM (`cdc_ether`), NCM (`cdc_ncm`,
 * `huawei_cdc_ncm`) and RNDIS (`rndis_host`). At the other end of the cable of ECM is the stick ({@link Lan}); of the others
 * nobody is, and frames are taken and dropped.
 */

import { HOST_MAC } from '../lan/frames';

type Triple = readonly [usbClass: number, subclass: number, protocol: number];

export type NetworkKind = 'ecm' | 'ncm' | 'rndis';

/** What the control interface with this triple belongs to; undefined for data interfaces and all others. */
export function networkKind([cls, subclass, protocol]: Triple): NetworkKind | undefined {
  if (cls === 0x02 && subclass === 0x06) return 'ecm';
  if ((cls === 0x02 && subclass === 0x0d) || (cls === 0xff && protocol === 0x16)) return 'ncm';
  return cls === 0xe0 && subclass === 0x01 && protocol === 0x03 ? 'rndis' : undefined;
}

const FUNCTIONAL = 0x24;
const HEADER = Buffer.of(5, FUNCTIONAL, 0x00, 0x10, 0x01);
/** Largest frame: 1514 bytes. */
const ETHERNET = (mac: number) => Buffer.of(13, FUNCTIONAL, 0x0f, mac, 0, 0, 0, 0, 0xea, 0x05, 0, 0, 0);

/** Class-specific descriptors behind the interface descriptor; `mac` = string index of the MAC address. */
export function functionalDescriptors(triple: Triple, number: number, mac: number): Buffer {
  const kind = networkKind(triple);
  if (!kind) return Buffer.alloc(0);
  // Huawei's own NCM has its data endpoints in the same interface, in alternate setting 1.
  const data = triple[0] === 0xff ? number : number + 1;
  const union = Buffer.of(5, FUNCTIONAL, 0x06, number, data);
  switch (kind) {
    case 'ecm':
      return Buffer.concat([HEADER, union, ETHERNET(mac)]);
    case 'ncm':
      return Buffer.concat([HEADER, union, ETHERNET(mac), Buffer.of(6, FUNCTIONAL, 0x1a, 0x00, 0x01, 0)]);
    case 'rndis':
      return Buffer.concat([HEADER, Buffer.of(5, FUNCTIONAL, 0x01, 0, data), Buffer.of(4, FUNCTIONAL, 0x02, 0), union]);
  }
}

/** NETWORK_CONNECTION of CDC: the cable is in, or out. */
export const linkNotice = (number: number, up: boolean): Buffer =>
  Buffer.of(0xa1, 0x00, up ? 1 : 0, 0, number, 0, 0, 0);

const GET_NTB_PARAMETERS = 0x80;
const NTB_SIZE = 16_384;

/** Answers a class request IN of NCM; undefined = not known. */
export function ncmRequestIn(request: number): Buffer | undefined {
  if (request !== GET_NTB_PARAMETERS) return undefined;
  const out = Buffer.alloc(28);
  out.writeUInt16LE(28, 0);
  out.writeUInt16LE(1, 2); // 16 bit NTBs only
  out.writeUInt32LE(NTB_SIZE, 4);
  out.writeUInt16LE(4, 8);
  out.writeUInt16LE(4, 12);
  out.writeUInt32LE(NTB_SIZE, 16);
  out.writeUInt16LE(4, 20);
  out.writeUInt16LE(4, 24);
  return out;
}

const RNDIS_ANSWER = 0x8000_0000;
const RNDIS_NOT_SUPPORTED = 0xc000_00bb;
const RNDIS = { halt: 1, initialize: 2, query: 4, set: 5, reset: 6, keepAlive: 8 } as const;
/** Queries that have an answer: the MAC address, permanent and current. */
const MAC_QUERIES: readonly number[] = [0x0101_0101, 0x0101_0102];

/** The answer to a message of RNDIS' control channel; undefined = it gets none. */
export function rndisAnswer(message: Buffer): Buffer | undefined {
  if (message.length < 12) return undefined;
  const type = message.readUInt32LE(0);
  const id = message.readUInt32LE(8);
  const answer = (status: number, ...fields: number[]): Buffer => {
    const words = [type + RNDIS_ANSWER, 16 + 4 * fields.length, id, status, ...fields];
    const out = Buffer.alloc(4 * words.length);
    for (const [i, word] of words.entries()) out.writeUInt32LE(word >>> 0, 4 * i);
    return out;
  };
  switch (type) {
    case RNDIS.initialize:
      // Version 1.0, connectionless, 802.3, one packet of 1580 bytes a transfer.
      return answer(0, 1, 0, 1, 0, 1, 1580, 0, 0, 0);
    case RNDIS.query: {
      if (message.length < 16 || !MAC_QUERIES.includes(message.readUInt32LE(12)))
        return answer(RNDIS_NOT_SUPPORTED, 0, 0);
      const out = Buffer.concat([answer(0, HOST_MAC.length, 16), HOST_MAC]);
      out.writeUInt32LE(out.length, 4);
      return out;
    }
    case RNDIS.set:
    case RNDIS.reset:
    case RNDIS.keepAlive:
      return answer(0);
    default:
      return undefined;
  }
}
