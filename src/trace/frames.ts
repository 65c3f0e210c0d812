/**
 * What is said to a boot ROM or a loader. Of it nothing is recorded but what each frame is: frames of a few octets as hex, for
 * there is no room for data in them; of longer ones the number of octets, and of those that the host sends their hash.
 */

import { createHash } from 'node:crypto';
import type { Said } from '../record/format';

const FLAG = 0x7e;
/** Head, data and end of the boot ROM's protocol. */
const BOOT = [0xfe, 0xda, 0xed];
const ACKS = [0xaa, 0x55];
/** Code, checksum and flags of HDLC and three octets more: fewer than any block has. */
const MOST_SHOWN = 8;
const END_PACKET = 5;
const LEAST_HASHED = 64;
const MOST_ENTRIES = 64;

/**
 * Whether what the host writes is no text. `before`: what it wrote before was none. A frame may go out in several writes, and a
 * firmware may hold any text: only a whole command ends it.
 */
export function isBinary(data: Uint8Array, before: boolean): boolean {
  const text = Buffer.from(data).toString('latin1');
  if (before) return !/^\s*AT[\x20-\x7e]{0,200}\r$/i.test(text);
  const [first = 0] = data;
  return first === FLAG || BOOT.includes(first) || text.includes('\0');
}

export class Frames {
  readonly #emit: (raw: Said[]) => void;
  #raw: Said[] = [];
  #pending: number[] = [];
  #t = 0;
  active = false;

  constructor(emit: (raw: Said[]) => void) {
    this.#emit = emit;
  }

  host(data: Uint8Array, t: number): void {
    this.active = true;
    const shown =
      data[0] === FLAG && data.at(-1) === FLAG
        ? data.length <= MOST_SHOWN
        : data[0] === 0xed && data.length === END_PACKET;
    // The hash of a few octets can be found by trying.
    const hash = data.length >= LEAST_HASHED && { sha256: createHash('sha256').update(data).digest('hex') };
    const left = { bytes: data.length, why: 'loader', ...hash };
    this.#push(shown ? ['host', hex(data), { t }] : ['host', '', { t, left }]);
  }

  /** False where `data` is no frame: the port speaks something else again. */
  stick(data: Uint8Array, t: number): boolean {
    const [first = 0] = data;
    if (this.#pending.length === 0 && first !== FLAG && !ACKS.includes(first)) return false;
    for (const octet of data) {
      if (this.#pending.length === 0) this.#t = t;
      this.#pending.push(octet);
      const [begun = 0] = this.#pending;
      const whole = begun === FLAG ? octet === FLAG && this.#pending.length > 2 : true;
      if (whole) this.#frame();
    }
    return true;
  }

  /** Text follows. What has begun and is not complete is left out. */
  end(): void {
    if (this.#pending.length > 0) this.#frame(true);
    this.active = false;
    this.flush();
  }

  flush(): void {
    if (this.#raw.length > 0) this.#emit(this.#raw.splice(0));
  }

  #frame(cut = false): void {
    const frame = Uint8Array.from(this.#pending.splice(0));
    const shown = !cut && frame.length <= MOST_SHOWN;
    const left = { bytes: frame.length, why: 'loader' };
    this.#push(shown ? ['stick', hex(frame), { t: this.#t }] : ['stick', '', { t: this.#t, left }]);
  }

  #push(said: Said): void {
    this.#raw.push(said);
    if (this.#raw.length >= MOST_ENTRIES) this.#emit(this.#raw.splice(0));
  }
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
