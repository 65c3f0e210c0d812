/** Text of the web interface as bytes: UTF-8 whose surrogates stand one by one (CESU-8), as the sticks print them. */

/** One UTF-16 unit after another. */
export function encodeText(text: string): Buffer {
  const bytes: number[] = [];
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Buffer.from(bytes);
}

/** Least value of a sequence of so many octets: what is written longer than needed is refused. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** UTF-8 and CESU-8 alike; undefined for bytes that are neither. */
export function decodeText(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return undefined;
    let value = length === 1 ? first : first & (0xff >> (length + 1));
    for (const next of bytes.subarray(at + 1, at + length)) {
      if (next >> 6 !== 2) return undefined;
      value = (value << 6) | (next & 0x3f);
    }
    if (value < (LEAST[length] ?? 0) || value > 0x10ffff) return undefined;
    text += String.fromCodePoint(value);
    at += length;
  }
  return text;
}
