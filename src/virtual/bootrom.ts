/**
 * The boot ROM (12d1:1443): takes components in packets of an xmodem kind, stop and wait. Multi-byte fields are big-endian,
 * each packet ends in its CRC-16/XMODEM. Accepted: AA. Anything wrong (CRC, number, order): 55, and nothing is kept.
 */

import { crcXmodem } from '../codec/crc';
import { sha256 } from './events';
import type { Stage } from './faults';
import { type Answer, SerialFace, type SerialStick } from './serial-face';

const ACCEPTED = Uint8Array.of(0xaa);
const REJECTED = Uint8Array.of(0x55);
const MAX_PAYLOAD = 1024;
/** Mode byte: run at once (sets up the DDR), or start by restarting the application core. */
const RUN = 1;
const RESTART = 2;
/** A component is at most the DDR that stands free for it. */
const MAX_COMPONENT = 64 << 20;

export interface Component {
  mode: number;
  address: number;
  bytes: Uint8Array;
}

export interface BootRomOptions {
  /** Number of the interface that it is on. */
  port: number;
  /** Whether a data packet that comes again is accepted; not documented of the real ROM. */
  acceptRepeats: boolean;
  /** The component that sets up the memory was received, and runs. */
  run(raminit: Component): void;
  /** The loader was received: the application core restarts with it. */
  start(loader: Component): void;
}

export class BootRomFace extends SerialFace {
  readonly #options: BootRomOptions;
  /** Bytes of a packet that is not complete yet. */
  #partial: Uint8Array = new Uint8Array(0);
  #component: { mode: number; address: number; bytes: Uint8Array } | undefined;
  #received = 0;
  #number = 0;
  #ddrReady = false;

  constructor(stick: SerialStick, options: BootRomOptions) {
    super(stick);
    this.#options = options;
  }

  receive(interfaceNumber: number, data: Uint8Array): void {
    if (interfaceNumber !== this.#options.port) return;
    this.whenFree(() => this.#take(interfaceNumber, data));
  }

  #take(interfaceNumber: number, data: Uint8Array): void {
    let bytes: Uint8Array = this.#partial.length > 0 ? Buffer.concat([this.#partial, data]) : data;
    this.#partial = new Uint8Array(0);
    while (bytes.length > 0) {
      const length = this.#packetLength(bytes);
      if (length > bytes.length) {
        this.#partial = Uint8Array.from(bytes);
        return;
      }
      this.#packet(interfaceNumber, bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
  }

  /** How long the packet that begins `bytes` is to become. What begins no packet is taken whole. */
  #packetLength(bytes: Uint8Array): number {
    switch (bytes[0]) {
      case 0x41:
        return 1;
      case 0xfe:
        return 14;
      case 0xed:
        return 5;
      case 0xda: {
        // A transfer is a packet, unless something on the way has cut it: then the announced size tells.
        if (bytes.length > 5 && bytes.length <= MAX_PAYLOAD + 5 && crcXmodem(bytes) === 0) return bytes.length;
        const left = this.#component ? this.#component.bytes.length - this.#received : 0;
        return left > 0 ? Math.min(MAX_PAYLOAD, left) + 5 : bytes.length;
      }
      default:
        return bytes.length;
    }
  }

  #packet(interfaceNumber: number, packet: Uint8Array): void {
    const run = (stage: Stage, act: () => Answer) =>
      this.exchange(stage, interfaceNumber, { act, nak: () => REJECTED, onDamaged: () => REJECTED });
    switch (packet[0]) {
      case 0x41:
        // The ROM's answer to anything that is no packet.
        run('probe', () => ({ bytes: REJECTED }));
        break;
      case 0xfe:
        run('head', () => reply(this.#head(packet)));
        break;
      case 0xda:
        run('data', () => reply(this.#data(packet)));
        break;
      case 0xed:
        run('end', () => this.#end(packet));
        break;
      default:
        this.stick.send(interfaceNumber, REJECTED);
    }
  }

  /** FE 00 FF mode size(4) address(4) crc(2). In the middle of a transfer it starts that component anew. */
  #head(packet: Uint8Array): boolean {
    if (crcXmodem(packet) !== 0 || packet[1] !== 0 || packet[2] !== 0xff) return false;
    const b = Buffer.from(packet);
    const mode = b.readUInt8(3);
    const size = b.readUInt32BE(4);
    // Without the DDR set-up there is no memory that a loader could go to.
    if ((mode !== RUN && !(mode === RESTART && this.#ddrReady)) || size === 0 || size > MAX_COMPONENT) return false;
    this.#component = { mode, address: b.readUInt32BE(8), bytes: new Uint8Array(size) };
    this.#received = 0;
    this.#number = 0;
    return true;
  }

  /** DA n ~n payload crc(2) */
  #data(packet: Uint8Array): boolean {
    const component = this.#component;
    if (!component || !sound(packet)) return false;
    if (packet[1] === this.#number && this.#received > 0) return this.#options.acceptRepeats;
    if (packet[1] !== ((this.#number + 1) & 0xff)) return false;
    const payload = packet.subarray(3, -2);
    if (this.#received + payload.length > component.bytes.length) return false;
    component.bytes.set(payload, this.#received);
    this.#received += payload.length;
    this.#number = (this.#number + 1) & 0xff;
    return true;
  }

  /** ED n ~n crc(2), n one after the last data packet */
  #end(packet: Uint8Array): Answer {
    const component = this.#component;
    if (!component || !sound(packet) || packet[1] !== ((this.#number + 1) & 0xff)) return reply(false);
    if (this.#received !== component.bytes.length) return reply(false);
    this.#component = undefined;
    this.stick.event({
      what: 'uploaded',
      mode: component.mode,
      address: component.address,
      size: component.bytes.length,
      sha256: sha256(component.bytes),
    });
    if (component.mode === RUN) {
      this.#ddrReady = true;
      return { ...reply(true), after: () => this.#options.run(component) };
    }
    return { bytes: ACCEPTED, after: () => this.#options.start(component) };
  }
}

const reply = (good: boolean): Answer => ({ bytes: good ? ACCEPTED : REJECTED });

/** Its CRC is right and its second number byte is the complement of the first. */
const sound = (packet: Uint8Array): boolean =>
  packet.length >= 5 && crcXmodem(packet) === 0 && packet[2] === (~(packet[1] as number) & 0xff);
