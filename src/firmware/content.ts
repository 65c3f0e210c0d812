/** What the first and last bytes of an image tell: how it is compressed, how large it is as sent, whether it is signed. */

import { isDriverError } from '../errors';
import type { ByteSource } from './byte-source';
import {
  type Compression,
  detectCompression,
  LZMA_HEADER_LENGTH,
  lzmaHeader,
  mayBeLzma,
  needsDictionary,
} from './compression';
import { packedKind } from './kinds';
import { LzmaDecoder } from './lzma';
import { readSignature, type Signature } from './signature';

export interface Content {
  compression: Compression;
  /** In which way it is compressed that nobody here undoes: "gzip". */
  packed?: string;
  /** Bytes as sent; undefined for a compressed image that does not say. */
  size: number | undefined;
  signed: boolean;
  signature?: Signature;
}

/** Enough to see whether LZMA data are some. */
const PROBE_LENGTH = 8192;
const PROBE_OUTPUT = 1024;

/**
 * `index` is the position of the image: signatures stand at the end of the first two. `asSent`: its bytes are those that
 * are sent, whatever they look like.
 */
export async function readContent(
  source: ByteSource,
  offset: number,
  storedSize: number,
  index: number,
  asSent = false,
): Promise<Content> {
  const signature = await readSignature(source, offset, storedSize, index);
  if (asSent) return { compression: 'none', size: storedSize, ...signature };
  const first = await source.read(offset, Math.min(PROBE_LENGTH, storedSize));
  const packed = packedKind(first);
  const compression = compressionOf(first, storedSize);
  let size: number | undefined;
  if (compression === 'none') size = storedSize;
  else if (compression === 'lzma') size = lzmaHeader(first.subarray(0, LZMA_HEADER_LENGTH)).size;
  return { compression, ...(packed !== undefined && { packed }), size, ...signature };
}

function compressionOf(first: Buffer, storedSize: number): Compression {
  // The dictionary is nowhere: the decompression says so, and nothing is sent.
  if (needsDictionary(first)) return 'zlib';
  const detected = detectCompression(first);
  return detected === 'none' && decompresses(first, storedSize) ? 'lzma' : detected;
}

/**
 * True if LZMA data with unusual properties begin with `first`. Bytes that are none soon refer to output that never came:
 * half of them in the first bit. A short image must decompress as a whole.
 */
function decompresses(first: Buffer, storedSize: number): boolean {
  if (!mayBeLzma(first, storedSize)) return false;
  const probe = Buffer.from(first);
  // Of a dictionary no more than the probe can fill is needed.
  probe.writeUInt32LE(PROBE_OUTPUT, 1);
  const { size = 0 } = lzmaHeader(first);
  const decoder = new LzmaDecoder({ limit: size, what: 'probe' });
  try {
    decoder.push(probe);
    // Of a longer image there is more than enough for the output.
    decoder.end();
    return decoder.read(PROBE_OUTPUT).length === Math.min(PROBE_OUTPUT, size);
  } catch (error) {
    if (isDriverError(error)) return false;
    throw error;
  }
}
