/**
 * The two CRC-16 of the Balong tools.
 *
 * - X-25 (CRC-16/IBM-SDLC): poly 0x1021 reflected, init FFFF, xorout FFFF, check 0x906E. HDLC frames, firmware headers
 *   and blocks (facts: CRC vectors of the firmware format).
 * - XMODEM: poly 0x1021, init 0, not reflected, no xorout, check 0x31C3. Boot ROM packets.
 */

const X25_POLY = 0x8408;
const XMODEM_POLY = 0x1021;

/** Eight tables of 256 in one array: table k gives the CRC of a byte followed by k zero bytes (slicing-by-8). */
const x25Tables = (() => {
  const t = new Uint16Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ X25_POLY : c >>> 1;
    t[n] = c;
  }
  for (let k = 1; k < 8; k++) {
    for (let n = 0; n < 256; n++) {
      const c = t[(k - 1) * 256 + n] as number;
      t[k * 256 + n] = (c >>> 8) ^ (t[c & 0xff] as number);
    }
  }
  return t;
})();

/** The same for XMODEM, four tables. */
const xmodemTables = (() => {
  const t = new Uint16Array(4 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n << 8;
    for (let bit = 0; bit < 8; bit++) c = c & 0x8000 ? ((c << 1) ^ XMODEM_POLY) & 0xffff : c << 1;
    t[n] = c;
  }
  for (let i = 256; i < t.length; i++) {
    const c = t[i - 256] as number;
    t[i] = (c << 8) ^ (t[c >>> 8] as number);
  }
  return t;
})();

/** CRC register before the first byte of an X-25 sum that is built up piece by piece. */
export const X25_INIT = 0xffff;

/**
 * Feeds bytes `start` to `end` (exclusive) into an X-25 register. The finished sum is `register ^ 0xFFFF`.
 * The caller has checked the bounds.
 */
export function x25Update(register: number, data: Uint8Array, start = 0, end = data.length): number {
  const t = x25Tables;
  let crc = register;
  let i = start;
  const bulkEnd = end - 7;
  while (i < bulkEnd) {
    const a = crc ^ (data[i] as number) ^ ((data[i + 1] as number) << 8);
    crc =
      (t[1792 + (a & 0xff)] as number) ^
      (t[1536 + (a >>> 8)] as number) ^
      (t[1280 + (data[i + 2] as number)] as number) ^
      (t[1024 + (data[i + 3] as number)] as number) ^
      (t[768 + (data[i + 4] as number)] as number) ^
      (t[512 + (data[i + 5] as number)] as number) ^
      (t[256 + (data[i + 6] as number)] as number) ^
      (t[data[i + 7] as number] as number);
    i += 8;
  }
  while (i < end) crc = (crc >>> 8) ^ (t[(crc ^ (data[i++] as number)) & 0xff] as number);
  return crc;
}

/** CRC-16/X-25 of `data[start, end)`. */
export function crcX25(data: Uint8Array, start = 0, end = data.length): number {
  return x25Update(X25_INIT, data, start, end) ^ 0xffff;
}

/** CRC-16/XMODEM of `data[start, end)`. Over a whole boot ROM packet with its CRC it is 0. */
export function crcXmodem(data: Uint8Array, start = 0, end = data.length): number {
  const t = xmodemTables;
  let crc = 0;
  let i = start;
  for (; i < end - 3; i += 4) {
    crc =
      (t[768 + ((crc >>> 8) ^ (data[i] as number))] as number) ^
      (t[512 + ((crc & 0xff) ^ (data[i + 1] as number))] as number) ^
      (t[256 + (data[i + 2] as number)] as number) ^
      (t[data[i + 3] as number] as number);
  }
  for (; i < end; i++) crc = ((crc << 8) & 0xffff) ^ (t[(crc >>> 8) ^ (data[i] as number)] as number);
  return crc;
}
