/**
 * Boot ROM protocol: uploads the loader's components, stop and wait, like XMODEM.
 *
 * Packets (fields big-endian, CRC-16/XMODEM over everything before it, high byte first):
 * head `FE 00 FF mode size address crc`, data `DA n ~n payload crc`, end `ED n ~n crc`. One answer byte: AA accepted,
 * 55 bad packet. Nothing is written to flash here: the components go to RAM.
 */

import { crcXmodem } from '../codec/crc';
import { type DriverError, failure } from '../errors';
import type { Clock, TtyPort } from '../host/host';
import { TIMEOUTS } from '../timeouts';

/** One component of a loader file, as sent. */
export interface BootComponent {
  /** 1 run directly, 2 start through a restart of the application core. */
  mode: number;
  /** Load address. */
  address: number;
  data: Uint8Array;
}

const ACCEPTED = 0xaa;
const REJECTED = 0x55;
const PAYLOAD = 1024;
/** More answers than this are no late ones any more. */
const MAX_LATE = 64;
/** How often a packet that was answered with 55 is sent again. */
const MAX_RESENDS = 3;

function withCrc(packet: Buffer): Buffer {
  packet.writeUInt16BE(crcXmodem(packet, 0, packet.length - 2), packet.length - 2);
  return packet;
}

export function headPacket(mode: number, size: number, address: number): Buffer {
  const p = Buffer.alloc(14);
  p.set([0xfe, 0x00, 0xff, mode & 0xff]);
  p.writeUInt32BE(size, 4);
  p.writeUInt32BE(address, 8);
  return withCrc(p);
}

/** In `room`, which has place for the largest one, or in memory of its own. */
export function dataPacket(n: number, payload: Uint8Array, room = Buffer.allocUnsafe(payload.length + 5)): Buffer {
  const p = room.subarray(0, payload.length + 5);
  p[0] = 0xda;
  p[1] = n & 0xff;
  p[2] = ~n & 0xff;
  p.set(payload, 3);
  return withCrc(p);
}

export function endPacket(n: number): Buffer {
  return withCrc(Buffer.from([0xed, n & 0xff, ~n & 0xff, 0, 0]));
}

export interface UploadOptions {
  clock: Clock;
  /** Port path or tty path, for messages. */
  stick: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

type Answer = typeof ACCEPTED | typeof REJECTED | 'silence';

/** The ROM's side of one open tty. Single use: after a failure the stick must be plugged in anew. */
export class BootRom {
  readonly #port: TtyPort;
  readonly #options: UploadOptions;
  /** One packet is on its way while the next is made. */
  readonly #rooms = [0, 1].map(() => Buffer.alloc(PAYLOAD + 5));
  #gone: DriverError | undefined;
  /** Follows the packet that is on its way: written in the very turn in which that one is accepted. */
  #next: Uint8Array | undefined;
  /** Was written so, and waits for its own answer. */
  #written: Uint8Array | undefined;
  #onAnswer: ((byte: number) => void) | undefined;
  #onGone: ((error: DriverError) => void) | undefined;
  /** On the clock; no packet is sent after it. */
  #end = Number.POSITIVE_INFINITY;

  constructor(port: TtyPort, options: UploadOptions) {
    this.#port = port;
    this.#options = options;
    port.receive(
      (chunk) => {
        // Anything but the two answers is noise on the line.
        for (const byte of chunk) if (byte === ACCEPTED || byte === REJECTED) this.#onAnswer?.(byte);
      },
      (error) => {
        this.#gone = error;
        this.#onGone?.(error);
      },
    );
  }

  /**
   * Uploads all components. After the last end packet a missing answer is normal: the core may have jumped already,
   * so only the stick's return proves success. Errors: NAK, TIMEOUT, PROTOCOL (it does not stop sending), STICK_GONE;
   * the signal's reason, at once.
   */
  async upload(components: readonly BootComponent[]): Promise<void> {
    this.#end = this.#options.clock.now() + TIMEOUTS.bootrom.upload;
    const total = components.reduce((sum, c) => sum + c.data.length, 0);
    let done = 0;
    for (const [index, c] of components.entries()) {
      const name = `component ${index + 1} of ${components.length}`;
      await this.#send(headPacket(c.mode, c.data.length, c.address), `the head of ${name}`);
      let n = 1;
      let next = c.data.length > 0 ? this.#data(n, c.data.subarray(0, PAYLOAD)) : undefined;
      for (let at = 0; next; at += PAYLOAD) {
        const packet = next;
        const following = at + PAYLOAD;
        // The next packet is made while the ROM works on this one.
        const answered = this.#send(packet, `packet ${n} of ${name}`);
        n++;
        next = following < c.data.length ? this.#data(n, c.data.subarray(following, following + PAYLOAD)) : undefined;
        this.#next = next;
        await answered;
        done += Math.min(PAYLOAD, c.data.length - at);
        this.#options.onProgress?.(done, total);
      }
      await this.#sendEnd(endPacket(n), name, index === components.length - 1);
    }
  }

  /** In the memory of the packet before the last one. */
  #data(n: number, payload: Uint8Array): Buffer {
    return dataPacket(n, payload, this.#rooms[n & 1]);
  }

  async #sendEnd(packet: Buffer, name: string, last: boolean): Promise<void> {
    if (!last) return this.#send(packet, `the end of ${name}`);
    try {
      for (let resend = 0; ; resend++) {
        const answer = await this.#exchange(packet, TIMEOUTS.bootrom.answer);
        if (answer !== REJECTED) return;
        if (resend === MAX_RESENDS) throw this.#rejected(`the end of ${name}`);
      }
    } catch (error) {
      // The loader has started and taken the bus with it.
      if (this.#gone && error === this.#gone) return;
      throw error;
    }
  }

  async #send(packet: Uint8Array, what: string): Promise<void> {
    let silences = 0;
    for (let resend = 0; ; ) {
      const answer = await this.#exchange(packet, TIMEOUTS.bootrom.answer);
      if (answer === ACCEPTED) {
        if (silences > 0) await this.#settle();
        return;
      }
      // Whether the ROM acknowledges a repeated packet is not known: after one silence only AA counts.
      if (answer === REJECTED && (silences > 0 || ++resend > MAX_RESENDS)) throw this.#rejected(what);
      if (answer === 'silence' && ++silences > 1) throw this.#silent(what);
      // Nothing may follow before the line has settled.
      if (silences > 0) this.#next = undefined;
    }
  }

  /** After a resend the first, late answer may still come: it must not count for the next packet. */
  async #settle(): Promise<void> {
    const { clock } = this.#options;
    const end = clock.now() + TIMEOUTS.bootrom.settleMost;
    for (let late = 1; ; late++) {
      const heard = await this.#await(TIMEOUTS.bootrom.settle);
      if (heard === 'silence') return;
      if (late > MAX_LATE || clock.now() >= end) throw this.#restless(heard);
    }
  }

  #exchange(packet: Uint8Array, timeoutMs: number): Promise<Answer> {
    this.#options.signal?.throwIfAborted();
    if (this.#options.clock.now() >= this.#end) throw this.#slow();
    const answer = this.#await(timeoutMs);
    if (packet !== this.#written) this.#write(packet);
    this.#written = undefined;
    return answer;
  }

  #write(packet: Uint8Array): void {
    this.#port.write(packet).catch((error) => {
      this.#gone = error;
      this.#onGone?.(error);
    });
  }

  #await(timeoutMs: number): Promise<Answer> {
    const { signal } = this.#options;
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise<Answer>((resolve, reject) => {
      const finish = () => {
        timer.cancel();
        this.#onAnswer = undefined;
        this.#onGone = undefined;
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        finish();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const timer = this.#options.clock.after(timeoutMs, () => {
        finish();
        resolve('silence');
      });
      this.#onAnswer = (byte) => {
        // First of all: the ROM waits for it.
        if (byte === ACCEPTED && this.#next) {
          this.#written = this.#next;
          this.#next = undefined;
          this.#write(this.#written);
        }
        finish();
        resolve(byte === ACCEPTED ? ACCEPTED : REJECTED);
      };
      this.#onGone = (error) => {
        finish();
        this.#gone = error;
        reject(error);
      };
    });
  }

  #rejected(what: string): DriverError {
    return failure('NAK/boot-rom', { stick: this.#options.stick, what }, { number: REJECTED });
  }

  #restless(heard: number): DriverError {
    return failure('PROTOCOL/boot-rom', { stick: this.#options.stick, byte: heard.toString(16).toUpperCase() });
  }

  #slow(): DriverError {
    const minutes = TIMEOUTS.bootrom.upload / 60_000;
    return failure('TIMEOUT/boot-rom-slow', { stick: this.#options.stick, minutes });
  }

  #silent(what: string): DriverError {
    return failure('TIMEOUT/boot-rom', { stick: this.#options.stick, what });
  }
}
