/**
 * HDLC framing of the download protocol: `7E body crc 7E`, CRC-16/X-25 over the body, low byte first.
 * In body and CRC 7E becomes 7D 5E and 7D becomes 7D 5D; nothing else is escaped.
 */

import { crcX25, X25_INIT, x25Update } from './crc';

export const FLAG = 0x7e;
const ESCAPE = 0x7d;

/** The loader's receive buffer: a frame with more decoded bytes makes it resynchronise at the next flag. */
export const MAX_DECODED = 8704;

/** Wire bytes that a body of `length` bytes can need at most: everything escaped, CRC and both flags included. */
export const maxEncoded = (length: number): number => 2 * (length + 2) + 2;

/**
 * Encodes `body` into `out` from `offset` on and returns the end offset.
 * `out` must have {@link maxEncoded} bytes of room.
 */
export function encodeInto(body: Uint8Array, out: Uint8Array, offset = 0): number {
  const crc = crcX25(body);
  let o = offset;
  out[o++] = FLAG;
  for (let i = 0; i < body.length; i++) {
    const b = body[i] as number;
    if (b === FLAG || b === ESCAPE) {
      out[o++] = ESCAPE;
      out[o++] = b ^ 0x20;
    } else out[o++] = b;
  }
  for (const b of [crc & 0xff, crc >>> 8]) {
    if (b === FLAG || b === ESCAPE) {
      out[o++] = ESCAPE;
      out[o++] = b ^ 0x20;
    } else out[o++] = b;
  }
  out[o++] = FLAG;
  return o;
}

/** `body` as one frame. */
export function encodeFrame(body: Uint8Array): Uint8Array {
  const out = new Uint8Array(maxEncoded(body.length));
  return out.subarray(0, encodeInto(body, out));
}

/** What is wrong with the bytes between two flags; `open` = text that began without a leading flag. */
export type FrameFault = 'crc' | 'escape' | 'too long';

export interface FrameHandlers {
  /** A frame whose CRC is right, without it. Valid during the call only. */
  onFrame(body: Uint8Array): void;
  /** A damaged frame was dropped. */
  onFault?(fault: FrameFault): void;
}

/**
 * Takes a byte stream apart. Bytes before the first flag count as a frame when they end in a flag and their CRC is
 * right: the loader's version answer (0D ...) comes without a leading flag. Frames of two bytes or less are ignored.
 */
export class HdlcDecoder {
  readonly #handlers: FrameHandlers;
  readonly #buffer: Uint8Array;
  #length = 0;
  #escaped = false;
  #fault: FrameFault | undefined;

  constructor(handlers: FrameHandlers, maxDecoded = MAX_DECODED) {
    this.#handlers = handlers;
    this.#buffer = new Uint8Array(maxDecoded);
  }

  /** Forgets a frame in progress. */
  reset(): void {
    this.#length = 0;
    this.#escaped = false;
    this.#fault = undefined;
  }

  push(chunk: Uint8Array): void {
    const buffer = this.#buffer;
    for (let i = 0; i < chunk.length; i++) {
      let b = chunk[i] as number;
      if (b === FLAG) {
        this.#endFrame();
        continue;
      }
      if (this.#fault) continue;
      if (this.#escaped) {
        this.#escaped = false;
        if (b !== 0x5e && b !== 0x5d) {
          this.#fault = 'escape';
          continue;
        }
        b ^= 0x20;
      } else if (b === ESCAPE) {
        this.#escaped = true;
        continue;
      }
      if (this.#length === buffer.length) this.#fault = 'too long';
      else buffer[this.#length++] = b;
    }
  }

  #endFrame(): void {
    const length = this.#length;
    let fault = this.#fault;
    if (!fault && this.#escaped) fault = 'escape';
    this.reset();
    if (!fault && length <= 2) return;
    if (!fault) {
      const sum = x25Update(X25_INIT, this.#buffer, 0, length - 2) ^ 0xffff;
      if (((this.#buffer[length - 2] as number) | ((this.#buffer[length - 1] as number) << 8)) !== sum) fault = 'crc';
    }
    if (fault) this.#handlers.onFault?.(fault);
    else this.#handlers.onFrame(this.#buffer.subarray(0, length - 2));
  }
}
