/**
 * USB/IP 1.1.1 as the kernel's client speaks it: all numbers big-endian, messages told apart by their length alone.
 * Source: the kernel's usbip_protocol document.
 */

export const VERSION = 0x0111;
export const REQ_DEVLIST = 0x8005;
export const REP_DEVLIST = 0x0005;
export const REQ_IMPORT = 0x8003;
export const REP_IMPORT = 0x0003;

export const CMD_SUBMIT = 1;
export const CMD_UNLINK = 2;
const RET_SUBMIT = 3;
const RET_UNLINK = 4;

/** Bytes of a request for the list, and of one for a device. */
export const OP_LENGTH = 8;
export const IMPORT_LENGTH = 40;
/** Bytes of a URB's header, in both directions. */
export const URB_LENGTH = 48;
/** The kernel's drivers for such a device make no larger ones (120 kB of a disk); what claims to be is no USB/IP. */
export const MAX_TRANSFER = 1 << 20;

const HIGH_SPEED = 3;

/** Negative errno values, as URBs end with them. */
export const STATUS = { ok: 0, stall: -32, unlinked: -104, gone: -108 } as const;

export interface ExportedDevice {
  /** `1-1`: what the client names it by. */
  busId: string;
  bus: number;
  address: number;
  vendorId: number;
  productId: number;
  bcdDevice: number;
  deviceClass: number;
  configuration: number;
  configurations: number;
  interfaces: readonly { class: number; subclass: number; protocol: number }[];
}

export interface Submit {
  kind: 'submit';
  seqnum: number;
  /** True = IN. */
  toHost: boolean;
  endpoint: number;
  /** Bytes that the host offers room for (IN) or sends (OUT). */
  length: number;
  /** 8 bytes; control transfers only. */
  setup: Buffer;
  /** Bytes of an OUT transfer. */
  data: Buffer;
}

export interface Unlink {
  kind: 'unlink';
  seqnum: number;
  /** The transfer that is taken back. */
  target: number;
}

export type Command = Submit | Unlink;

/** The command at the start of `bytes` and its length; `undefined` = not whole yet. Throws on what is no USB/IP. */
export function readCommand(bytes: Buffer): { command: Command; length: number } | undefined {
  if (bytes.length < URB_LENGTH) return undefined;
  const kind = bytes.readUInt32BE(0);
  const seqnum = bytes.readUInt32BE(4);
  if (kind === CMD_UNLINK) {
    return { command: { kind: 'unlink', seqnum, target: bytes.readUInt32BE(20) }, length: URB_LENGTH };
  }
  if (kind !== CMD_SUBMIT) throw new Error(`USB/IP command ${kind} is unknown`);
  const toHost = bytes.readUInt32BE(12) === 1;
  const size = bytes.readUInt32BE(24);
  if (size > MAX_TRANSFER) throw new Error(`a USB/IP transfer of ${size} bytes is too large`);
  const length = URB_LENGTH + (toHost ? 0 : size);
  if (bytes.length < length) return undefined;
  const command: Submit = {
    kind: 'submit',
    seqnum,
    toHost,
    endpoint: bytes.readUInt32BE(16) & 0x0f,
    length: size,
    // A transfer may wait for hours: it must not keep all that came with it.
    setup: Buffer.from(bytes.subarray(40, 48)),
    data: toHost ? Buffer.alloc(0) : bytes.subarray(URB_LENGTH, length),
  };
  return { command, length };
}

/** The end of a transfer: 48 bytes; IN data follow. `actual` = bytes that were carried. */
export function encodeRetSubmit(seqnum: number, status: number, actual: number): Buffer {
  const out = Buffer.alloc(URB_LENGTH);
  out.writeUInt32BE(RET_SUBMIT, 0);
  out.writeUInt32BE(seqnum, 4);
  out.writeInt32BE(status, 20);
  out.writeUInt32BE(actual, 24);
  return out;
}

/** `pending`: the transfer was taken back in time, and no end of its own follows. */
export function encodeRetUnlink(seqnum: number, pending: boolean): Buffer {
  const out = Buffer.alloc(URB_LENGTH);
  out.writeUInt32BE(RET_UNLINK, 0);
  out.writeUInt32BE(seqnum, 4);
  out.writeInt32BE(pending ? STATUS.unlinked : STATUS.ok, 20);
  return out;
}

function opHeader(code: number, status: number): Buffer {
  const out = Buffer.alloc(OP_LENGTH);
  out.writeUInt16BE(VERSION, 0);
  out.writeUInt16BE(code, 2);
  out.writeUInt32BE(status, 4);
  return out;
}

function describe(device: ExportedDevice): Buffer {
  const out = Buffer.alloc(312);
  out.write(`/sys/devices/virtual/e3272/usb${device.bus}/${device.busId}`, 0, 255, 'latin1');
  out.write(device.busId, 256, 31, 'latin1');
  out.writeUInt32BE(device.bus, 288);
  out.writeUInt32BE(device.address, 292);
  out.writeUInt32BE(HIGH_SPEED, 296);
  out.writeUInt16BE(device.vendorId, 300);
  out.writeUInt16BE(device.productId, 302);
  out.writeUInt16BE(device.bcdDevice, 304);
  out.writeUInt8(device.deviceClass, 306);
  out.writeUInt8(device.configuration, 309);
  out.writeUInt8(device.configurations, 310);
  out.writeUInt8(device.interfaces.length, 311);
  return out;
}

export function encodeDeviceList(devices: readonly ExportedDevice[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(devices.length);
  const listed = devices.flatMap((device) => [
    describe(device),
    ...device.interfaces.map((i) => Buffer.of(i.class, i.subclass, i.protocol, 0)),
  ]);
  return Buffer.concat([opHeader(REP_DEVLIST, 0), count, ...listed]);
}

/** Without a device the import is refused. */
export function encodeImport(device: ExportedDevice | undefined): Buffer {
  return device ? Buffer.concat([opHeader(REP_IMPORT, 0), describe(device)]) : opHeader(REP_IMPORT, 1);
}
