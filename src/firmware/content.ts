/** What the first and last bytes of an image tell: how it is compressed, how large it is as sent, whether it is signed. */

import { type Compression, DETECT_LENGTH, detectCompression, LZMA_HEADER_LENGTH, lzmaHeader } from './compression';
import { readSignature, type Signature } from './signature';
import type { ByteSource } from './source';

export interface Content {
  compression: Compression;
  /** Bytes as sent; undefined for a compressed image that does not say. */
  size: number | undefined;
  signed: boolean;
  signature?: Signature;
}

/** `index` is the position of the image: signatures stand at the end of the first two. */
export async function readContent(
  source: ByteSource,
  offset: number,
  storedSize: number,
  index: number,
): Promise<Content> {
  const first = await source.read(offset, Math.min(DETECT_LENGTH, storedSize));
  const compression = detectCompression(first);
  let size: number | undefined;
  if (compression === 'none') size = storedSize;
  else if (compression === 'lzma') size = lzmaHeader(first.subarray(0, LZMA_HEADER_LENGTH)).size;
  return { compression, size, ...(await readSignature(source, offset, storedSize, index)) };
}
