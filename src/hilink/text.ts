/**
 * The bytes of an answer as text. HiLink firmware prints each half of a UTF-16 pair as three bytes (CESU-8), lets control
 * characters and bytes that are no UTF-8 through, and ends lines either way.
 */

const REPLACEMENT = '\ufffd';
const DECLARED = /^\s*<\?xml\b[^>]{0,120}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/;

/** Never throws: what is no text becomes U+FFFD. A declared encoding counts only where the bytes are no UTF-8: firmware declares anything. */
export function decodeBody(bytes: Uint8Array): string {
  const wide = wideLabel(bytes);
  if (wide) return cleanText(new TextDecoder(wide).decode(bytes));
  try {
    return cleanText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
    const declared = oneByteText(bytes, DECLARED.exec(head)?.[1]);
    return cleanText(declared ?? utf8WithSurrogates(bytes));
  }
}

/** Text without what XML and people cannot take: control characters, halves of pairs; each line ends with LF. */
export const cleanText = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(CONTROL, '')
    .replaceAll(/\p{Surrogate}/gu, REPLACEMENT);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]/g;

/** By the byte order mark, or by how a `<` looks. */
function wideLabel([first, second]: Uint8Array): string | undefined {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return undefined;
}

function oneByteText(bytes: Uint8Array, label: string | undefined): string | undefined {
  if (label === undefined || /^utf-?(8|16)/i.test(label) || /^us-ascii$/i.test(label)) return undefined;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-8 that may hold surrogates as three bytes each; what is neither becomes U+FFFD, byte by byte. */
function utf8WithSurrogates(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at] ?? 0);
    const code = length > 0 ? codeAt(bytes, at, length) : undefined;
    at += code === undefined ? 1 : length;
    if (code === undefined) units.push(0xfffd);
    else if (code < 0x10000) units.push(code);
    else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    if (units.length < 4096) continue;
    parts.push(String.fromCharCode(...units));
    units = [];
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}

function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

const LEAST = [0, 0, 0x80, 0x800, 0x10000];

function codeAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  let code = (bytes[at] ?? 0) & (length === 1 ? 0x7f : 0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if ((next & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (next & 0x3f);
  }
  return code >= (LEAST[length] ?? 0) && code <= 0x10ffff ? code : undefined;
}

/** The bytes of a request: CESU-8, which is what sticks store themselves; 4 bytes for a character are cut by some. */
export function cesu8(text: string): Buffer {
  const plain = text.replaceAll(/(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/g, REPLACEMENT);
  const parts: Buffer[] = [];
  for (const piece of plain.split(/([\u{10000}-\u{10ffff}])/u)) {
    const pair = piece.length === 2 && (piece.codePointAt(0) ?? 0) >= 0x10000;
    parts.push(pair ? Buffer.concat([unit(piece.charCodeAt(0)), unit(piece.charCodeAt(1))]) : Buffer.from(piece));
  }
  return Buffer.concat(parts);
}

const unit = (code: number): Buffer =>
  Buffer.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
