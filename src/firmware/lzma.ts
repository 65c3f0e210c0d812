/**
 * LZMA-alone (.lzma) decoder, bounded and resumable: input is pushed in pieces, output is pulled in pieces, memory is
 * the dictionary (at most 64 MiB, never more than the output may be) and one piece of input. Written from the public
 * description of the format.
 */

import { type DriverError, failure } from '../errors';
import { LZMA_HEADER_LENGTH, lzmaHeader, requireLzmaFits, tooLarge } from './compression';
import { RangeDecoder } from './range-coder';

/** One symbol never takes more input; zeros stand behind the last byte so that reading on does no harm. */
const SYMBOL_MAX = 32;
const END_MARKER = 0xffffffff;

// Where each group of probabilities begins.
const IS_MATCH = 0;
const IS_REP = IS_MATCH + 12 * 16;
const IS_REP_G0 = IS_REP + 12;
const IS_REP_G1 = IS_REP_G0 + 12;
const IS_REP_G2 = IS_REP_G1 + 12;
const IS_REP0_LONG = IS_REP_G2 + 12;
const POS_SLOT = IS_REP0_LONG + 12 * 16;
const POS_SPECIAL = POS_SLOT + 4 * 64;
const ALIGN = POS_SPECIAL + 128;
const MATCH_LENGTH = ALIGN + 16;
const LENGTH_LOW = 2;
const LENGTH_MID = LENGTH_LOW + 16 * 8;
const LENGTH_HIGH = LENGTH_MID + 16 * 8;
const REP_LENGTH = MATCH_LENGTH + LENGTH_HIGH + 256;
const LITERAL = REP_LENGTH + LENGTH_HIGH + 256;

export interface LzmaOptions {
  /** Most bytes of output: the room in the partition. */
  limit: number;
  /** What is decompressed, for messages: "image 2 (VxWorks_R1) of fw.bin". */
  what: string;
}

/**
 * Use: `push` input, then `read` until it gives nothing; again with more input; after the last input `end` and `read`.
 * `done` is true once the stream has ended exactly where the input does.
 * Errors: FIRMWARE_TRUNCATED (input ends early), FIRMWARE_INVALID (corrupt, or bytes left over), FIRMWARE_TOO_LARGE.
 */
export class LzmaDecoder {
  readonly #options: LzmaOptions;
  #done = false;
  #ended = false;
  /** `#end` bytes that have been pushed, and zeros behind them. */
  #input: Buffer = Buffer.alloc(SYMBOL_MAX);
  #end = 0;
  /** Undefined until the header is there. */
  #coder: RangeDecoder | undefined;
  #size: number | undefined;
  /** The dictionary, a ring; next position in it; bytes of output so far. */
  #window: Buffer = Buffer.alloc(0);
  #at = 0;
  #total = 0;
  #marked = false;
  #lc = 0;
  #lpMask = 0;
  #pbMask = 0;
  #state = 0;
  #reps: [number, number, number, number] = [0, 0, 0, 0];
  /** Bytes of a match that did not fit into the last piece of output. */
  #pending = 0;

  constructor(options: LzmaOptions) {
    this.#options = options;
  }

  get done(): boolean {
    return this.#done;
  }

  /** Appends a piece of input; the bytes are copied. */
  push(chunk: Uint8Array): void {
    const from = this.#coder?.position ?? 0;
    const rest = this.#end - from;
    const input = Buffer.alloc(rest + chunk.length + SYMBOL_MAX);
    this.#input.copy(input, 0, from, this.#end);
    input.set(chunk, rest);
    this.#input = input;
    this.#end = rest + chunk.length;
    if (this.#coder) {
      this.#coder.input = input;
      this.#coder.position = 0;
    }
  }

  /** No more input comes. */
  end(): void {
    this.#ended = true;
  }

  /** Up to `max` bytes of output. Empty: more input is needed, or the stream is done. */
  read(max: number): Buffer {
    const coder = this.#coder ?? this.#start();
    if (!coder || this.#done) return Buffer.alloc(0);
    const pieces: Buffer[] = [];
    let left = max;
    while (left > 0 && !this.#marked && this.#available() > 0) {
      if (this.#at === this.#window.length) this.#at = 0;
      const from = this.#at;
      const goal = Math.min(left, this.#window.length - from, this.#available());
      const moved = this.#symbols(coder, goal);
      if (coder.position > this.#end) throw this.#truncated();
      // A copy: the window goes on changing.
      if (moved > 0) pieces.push(Buffer.from(this.#window.subarray(from, from + moved)));
      left -= moved;
      if (moved < goal) break;
    }
    if (this.#marked || this.#available() === 0) this.#finish(coder);
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  /** Output that may still come before the known size or the limit. */
  #available(): number {
    return (this.#size ?? this.#options.limit) - this.#total;
  }

  #start(): RangeDecoder | undefined {
    if (this.#end < LZMA_HEADER_LENGTH + 5) {
      if (this.#ended) throw this.#truncated();
      return undefined;
    }
    const { what, limit } = this.#options;
    const header = lzmaHeader(this.#input);
    requireLzmaFits(header, limit, what);
    if (this.#input[LZMA_HEADER_LENGTH] !== 0) {
      throw failure('FIRMWARE_INVALID/lzma-start', { title: what });
    }
    this.#size = header.size;
    this.#lc = header.lc;
    this.#lpMask = (1 << header.lp) - 1;
    this.#pbMask = (1 << header.pb) - 1;
    this.#window = Buffer.alloc(Math.min(Math.max(header.dictionary, 4096), header.size ?? limit));
    const coder = new RangeDecoder(LITERAL + (0x300 << (header.lc + header.lp)));
    coder.input = this.#input;
    coder.position = LZMA_HEADER_LENGTH + 1;
    coder.start();
    this.#coder = coder;
    return coder;
  }

  /** The marker was met, or there is all the output that may come: then only a marker may follow. */
  #finish(coder: RangeDecoder): void {
    if (!this.#marked) {
      const rest = this.#end - coder.position;
      if (this.#pending > 0 || (!this.#ended && rest > 2 * SYMBOL_MAX)) throw this.#leftover();
      if (!this.#ended) return;
      const complete = this.#size !== undefined && coder.code === 0 && rest === 0;
      if (!complete) {
        if (rest === 0) throw this.#truncated();
        if (this.#at === this.#window.length) this.#at = 0;
        this.#symbols(coder, 1);
        if (!this.#marked) throw coder.position > this.#end ? this.#truncated() : this.#leftover();
      }
    }
    if (coder.position > this.#end) throw this.#truncated();
    const { what: title } = this.#options;
    if (coder.position < this.#end) {
      throw failure('FIRMWARE_INVALID/lzma-trailing', { title, bytes: this.#end - coder.position });
    }
    if (!this.#ended) return;
    if (coder.code !== 0) throw failure('FIRMWARE_INVALID/lzma-end', { title });
    if (this.#total === 0 || (this.#size ?? this.#total) !== this.#total) {
      throw failure('FIRMWARE_INVALID/lzma-short', { title, bytes: this.#total });
    }
    this.#done = true;
  }

  /**
   * Decodes until `goal` bytes were added (they fit behind `#at`), input runs short, or the end marker.
   * `state` (0 to 11) tells what the last symbols were; with the low bits of the position it picks probabilities.
   */
  #symbols(coder: RangeDecoder, goal: number): number {
    const inputLimit = this.#ended ? this.#end : this.#end - SYMBOL_MAX;
    const start = this.#at;
    const stop = start + goal;
    const offset = this.#total - start;
    const pbMask = this.#pbMask;
    let [rep0, rep1, rep2, rep3] = this.#reps;
    let state = this.#state;
    let at = this.#pending > 0 ? this.#copy(start, stop, rep0, this.#pending) : start;
    while (at < stop && coder.position <= inputLimit) {
      const posState = (offset + at) & pbMask;
      const matchIndex = (state << 4) + posState;
      if (coder.bit(IS_MATCH + matchIndex) === 0) {
        this.#literal(coder, at, offset + at, state < 7 ? -1 : rep0);
        at++;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      let length: number;
      if (coder.bit(IS_REP + state) === 0) {
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
        length = this.#length(coder, MATCH_LENGTH, posState);
        rep0 = this.#distance(coder, length);
        if (rep0 === END_MARKER) {
          this.#marked = true;
          break;
        }
        state = state < 7 ? 7 : 10;
      } else {
        let short = false;
        if (coder.bit(IS_REP_G0 + state) === 0) {
          short = coder.bit(IS_REP0_LONG + matchIndex) === 0;
        } else {
          let distance = rep1;
          if (coder.bit(IS_REP_G1 + state) === 1) {
            distance = rep2;
            if (coder.bit(IS_REP_G2 + state) === 1) {
              distance = rep3;
              rep3 = rep2;
            }
            rep2 = rep1;
          }
          rep1 = rep0;
          rep0 = distance;
        }
        if (short) {
          length = 1;
          state = state < 7 ? 9 : 11;
        } else {
          length = this.#length(coder, REP_LENGTH, posState);
          state = state < 7 ? 8 : 11;
        }
      }
      if (rep0 >= Math.min(offset + at, this.#window.length)) {
        // Nonsense made of the zeros behind the last byte is no fault of the bytes before.
        throw coder.position > this.#end
          ? this.#truncated()
          : failure('FIRMWARE_INVALID/lzma-reference', { title: this.#options.what });
      }
      at = this.#copy(at, stop, rep0, length);
    }
    this.#reps[0] = rep0;
    this.#reps[1] = rep1;
    this.#reps[2] = rep2;
    this.#reps[3] = rep3;
    this.#state = state;
    this.#at = at;
    this.#total = offset + at;
    return at - start;
  }

  /** One byte; after a match the byte at its distance (`rep0`, else -1) picks the probabilities too. */
  #literal(coder: RangeDecoder, at: number, total: number, rep0: number): void {
    const window = this.#window;
    const previous = window[at > 0 ? at - 1 : window.length - 1] as number;
    const lc = this.#lc;
    const base = LITERAL + 0x300 * (((total & this.#lpMask) << lc) + (previous >> (8 - lc)));
    let symbol = 1;
    if (rep0 >= 0) {
      let match = window[at > rep0 ? at - rep0 - 1 : at - rep0 - 1 + window.length] as number;
      do {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = coder.bit(base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | coder.bit(base + symbol);
    window[at] = symbol;
  }

  #length(coder: RangeDecoder, base: number, posState: number): number {
    if (coder.bit(base) === 0) return 2 + coder.tree(base + LENGTH_LOW + (posState << 3), 3);
    if (coder.bit(base + 1) === 0) return 10 + coder.tree(base + LENGTH_MID + (posState << 3), 3);
    return 18 + coder.tree(base + LENGTH_HIGH, 8);
  }

  /** Distance minus 1. */
  #distance(coder: RangeDecoder, length: number): number {
    const slot = coder.tree(POS_SLOT + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + coder.reverseTree(POS_SPECIAL + base - slot, bits);
    return base + coder.direct(bits - 4) * 16 + coder.reverseTree(ALIGN, 4);
  }

  /** Copies a match of `length` bytes up to `stop`; what does not fit is left pending. Returns the new position. */
  #copy(at: number, stop: number, rep0: number, length: number): number {
    const window = this.#window;
    const end = Math.min(at + length, stop);
    this.#pending = at + length - end;
    let from = at - rep0 - 1;
    if (from < 0) from += window.length;
    for (let to = at; to < end; to++) {
      window[to] = window[from++] as number;
      if (from === window.length) from = 0;
    }
    return end;
  }

  #truncated(): DriverError {
    return failure('FIRMWARE_TRUNCATED/lzma', { title: this.#options.what });
  }

  /** Output goes on behind the size that the header gives, or behind the room in the partition. */
  #leftover(): DriverError {
    const { what: title, limit } = this.#options;
    if (this.#size !== undefined) return failure('FIRMWARE_INVALID/lzma-long', { title, bytes: this.#size });
    return tooLarge(title, undefined, limit);
  }
}
