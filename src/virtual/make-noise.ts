/** Made-up contents: the same bytes for the same seed, nothing of any vendor. */

/** `size` bytes that do not compress, the same for the same seed. The first byte is 0: they look like no archive. */
export function noise(size: number, seed = 1): Buffer {
  const words = new Int32Array(Math.ceil(size / 4));
  let x = (Math.imul(seed, 0x9e3779b1) | 0) ^ 0x2545f491 || 1;
  for (let i = 0; i < words.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[i] = x;
  }
  const bytes = Buffer.from(words.buffer, 0, size);
  if (size > 0) bytes[0] = 0;
  return bytes;
}

/** `size` bytes that compress well: lines out of a small stock, in random order. */
export function text(size: number, seed = 1): Buffer {
  const stock = noise(256 * 48, seed);
  const order = noise(Math.ceil(size / 48), seed + 1);
  const bytes = Buffer.alloc(size);
  for (let i = 0; i * 48 < size; i++) {
    const line = order[i] as number;
    stock.copy(bytes, i * 48, line * 48, line * 48 + 48);
  }
  return bytes;
}
