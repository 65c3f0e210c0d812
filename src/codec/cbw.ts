/** Bulk-only transport: Command Block Wrapper (31 bytes) and Command Status Wrapper (13 bytes). */

export const CBW_LENGTH = 31;
export const CSW_LENGTH = 13;
const CBW_SIGNATURE = 0x43425355; // "USBC", little-endian
const CSW_SIGNATURE = 0x53425355; // "USBS"

export interface Cbw {
  /** dCBWTag as a little-endian number; the device echoes it in its CSW. */
  tag: number;
  /** Bytes that the data stage is to move. */
  dataLength: number;
  /** Bit 7 set: data go from device to host. */
  flags: number;
  lun: number;
  /** bCBWCBLength, 0 to 16. Huawei's messages carry 0; the stick does not look at it. */
  cbLength: number;
  /** Always 16 bytes, zero padded. */
  cdb: Uint8Array;
}

export interface Csw {
  tag: number;
  residue: number;
  /** 0 passed, 1 failed, 2 phase error. */
  status: number;
}

export function encodeCbw(cbw: Cbw): Uint8Array {
  const out = Buffer.alloc(CBW_LENGTH);
  out.writeUInt32LE(CBW_SIGNATURE, 0);
  out.writeUInt32LE(cbw.tag, 4);
  out.writeUInt32LE(cbw.dataLength, 8);
  out[12] = cbw.flags;
  out[13] = cbw.lun;
  out[14] = cbw.cbLength;
  out.set(cbw.cdb.subarray(0, 16), 15);
  return out;
}

/** Undefined if `data` is no valid CBW: exactly 31 bytes, "USBC", flags only bit 7, length byte 0 to 16. */
export function decodeCbw(data: Uint8Array): Cbw | undefined {
  if (data.length !== CBW_LENGTH) return undefined;
  const b = Buffer.from(data.buffer, data.byteOffset, data.length);
  const flags = b.readUInt8(12);
  const cbLength = b.readUInt8(14);
  if (b.readUInt32LE(0) !== CBW_SIGNATURE || flags & 0x7f || cbLength > 16) return undefined;
  return {
    tag: b.readUInt32LE(4),
    dataLength: b.readUInt32LE(8),
    flags,
    lun: b.readUInt8(13),
    cbLength,
    cdb: Uint8Array.from(b.subarray(15, 31)),
  };
}

export function encodeCsw(csw: Csw): Uint8Array {
  const out = Buffer.alloc(CSW_LENGTH);
  out.writeUInt32LE(CSW_SIGNATURE, 0);
  out.writeUInt32LE(csw.tag, 4);
  out.writeUInt32LE(csw.residue, 8);
  out[12] = csw.status;
  return out;
}

/** Undefined if `data` is no valid CSW. */
export function decodeCsw(data: Uint8Array): Csw | undefined {
  if (data.length !== CSW_LENGTH) return undefined;
  const b = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (b.readUInt32LE(0) !== CSW_SIGNATURE) return undefined;
  return { tag: b.readUInt32LE(4), residue: b.readUInt32LE(8), status: b.readUInt8(12) };
}
