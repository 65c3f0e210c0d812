/**
 * One enumeration of the virtual stick as a USB device: takes transfers, answers the control requests of chapter 9 and of
 * the classes, and leads bulk transfers to the stick's faces. IN transfers wait until there is something to send.
 */

import type { UsbInterface } from '../../host/host';
import { isSerial } from '../personality';
import type { VirtualStick } from '../stick';
import type { StorageFace } from '../storage';
import { CONFIGURATION_VALUE, type Descriptors, descriptorsOf } from './descriptors';
import { connectEcm, type Ecm } from './ecm';
import { ncmRequestIn, networkKind, rndisAnswer } from './network';
import { type Complete, type Pipe, SerialPipe, SilentPipe, StoragePipe } from './pipes';
import { STATUS, type Submit } from './protocol';

/** IN data, `true` = done, `undefined` = refused (stall). */
type ControlResult = Buffer | true | undefined;

const DESCRIPTOR = 6;
/** Of one interface, in {@link UsbDeviceSession}: a driver fetches each before its next question. */
const MOST_RESPONSES = 16;
const RNDIS_RESPONSE_AVAILABLE = Buffer.of(1, 0, 0, 0, 0, 0, 0, 0);

export class UsbDeviceSession {
  readonly #stick: VirtualStick;
  readonly #complete: Complete;
  readonly #descriptors: Descriptors;
  readonly #interfaces: readonly UsbInterface[];
  /** By endpoint address, bit 7 set = IN. */
  readonly #pipes = new Map<number, Pipe>();
  readonly #serial = new Map<number, SerialPipe>();
  readonly #storage = new Map<number, StorageFace>();
  readonly #alternates = new Map<number, number>();
  /** Answers of RNDIS that nobody has fetched yet, by interface. */
  readonly #responses = new Map<number, Buffer[]>();
  /** The network function that leads somewhere. */
  readonly #ecm: Ecm | undefined;
  #configuration = 0;

  /** Undefined while the stick is off the bus. */
  static open(
    stick: VirtualStick,
    complete: Complete,
    complain: (error: unknown) => void,
  ): UsbDeviceSession | undefined {
    const { device, personality } = stick;
    if (!device || !personality) return undefined;
    return new UsbDeviceSession(stick, descriptorsOf(device, personality), complete, complain);
  }

  private constructor(
    stick: VirtualStick,
    descriptors: Descriptors,
    complete: Complete,
    complain: (error: unknown) => void,
  ) {
    this.#stick = stick;
    this.#complete = complete;
    this.#descriptors = descriptors;
    this.#interfaces = stick.device?.interfaces ?? [];
    const { roles = [], alternates = [] } = stick.personality ?? {};
    const notify = (number: number, notice: Buffer) => this.#notify(number, notice);
    this.#ecm = connectEcm(stick, this.#interfaces, { complete, complain, notify });
    for (const i of this.#interfaces) {
      const face = stick.storage(i.number);
      if (face) this.#storage.set(i.number, face);
      const serial = isSerial(roles[i.number] ?? 'other') ? new SerialPipe(stick, i.number, complete) : undefined;
      if (serial) this.#serial.set(i.number, serial);
      const network = roles[i.number] === 'network' ? this.#ecm?.frames : undefined;
      const bulk = face ? new StoragePipe(face, complete) : (serial ?? network ?? new SilentPipe(complete));
      for (const { address, type } of [...i.endpoints, ...(alternates[i.number] ?? [])]) {
        this.#pipes.set(address, type === 'bulk' ? bulk : new SilentPipe(complete));
      }
    }
  }

  submit(submit: Submit): void {
    if (submit.endpoint === 0) {
      this.#control(submit);
      return;
    }
    const pipe = this.#pipes.get(submit.endpoint | (submit.toHost ? 0x80 : 0));
    if (!pipe || this.#configuration === 0) this.#complete(submit, STATUS.stall);
    else if (submit.toHost) pipe.in(submit);
    else pipe.out(submit);
  }

  /** Takes a waiting transfer back; false if it had already ended. */
  unlink(seqnum: number): boolean {
    return [...this.#pipes.values()].some((pipe) => pipe.unlink(seqnum));
  }

  /** Bytes that the stick says on a serial interface. */
  deliver(interfaceNumber: number, bytes: Uint8Array): void {
    this.#serial.get(interfaceNumber)?.deliver(bytes);
  }

  /** Nobody is at the other end any more: serial interfaces are read by nobody, storage starts anew. */
  close(): void {
    this.#ecm?.close();
    for (const pipe of new Set(this.#pipes.values())) pipe.close();
  }

  #control(submit: Submit): void {
    const result = this.#request(submit);
    if (result === undefined) this.#complete(submit, STATUS.stall);
    else if (result === true) this.#complete(submit, STATUS.ok);
    else this.#complete(submit, STATUS.ok, result.subarray(0, Math.min(submit.length, submit.setup.readUInt16LE(6))));
  }

  #request(submit: Submit): ControlResult {
    const type = submit.setup.readUInt8(0);
    switch (type & 0x60) {
      case 0x00:
        return this.#standard(submit.setup);
      case 0x20:
        return this.#classRequest(submit);
      default:
        return undefined;
    }
  }

  #standard(setup: Buffer): ControlResult {
    const toHost = (setup.readUInt8(0) & 0x80) !== 0;
    const recipient = setup.readUInt8(0) & 0x1f;
    const value = setup.readUInt16LE(2);
    const index = setup.readUInt16LE(4);
    switch (setup.readUInt8(1)) {
      case 0x00: // GET_STATUS: bus powered, no remote wake-up, no endpoint halted
        return toHost ? Buffer.alloc(2) : undefined;
      case 0x01: // CLEAR_FEATURE: a halt is over as soon as it was told
      case 0x03: // SET_FEATURE: remote wake-up, which older sticks switch by and an E3272 does not
        return true;
      case DESCRIPTOR:
        return recipient === 0 ? this.#descriptors.get(value >> 8, value & 0xff) : undefined;
      case 0x08:
        return Buffer.of(this.#configuration);
      case 0x09:
        return this.#configure(value);
      case 0x0a:
        return this.#interface(index) ? Buffer.of(this.#alternates.get(index) ?? 0) : undefined;
      case 0x0b:
        return this.#alternate(index, value);
      default:
        return undefined;
    }
  }

  #configure(value: number): ControlResult {
    if (value !== 0 && value !== CONFIGURATION_VALUE) return undefined;
    this.#configuration = value;
    this.#alternates.clear();
    if (value !== 0) this.#ecm?.start();
    return true;
  }

  #alternate(number: number, value: number): ControlResult {
    const highest = this.#stick.personality?.alternates[number] ? 1 : 0;
    if (!this.#interface(number) || value > highest) return undefined;
    this.#alternates.set(number, value);
    return true;
  }

  #interface(number: number): UsbInterface | undefined {
    return this.#interfaces.find((i) => i.number === number);
  }

  #classRequest({ setup, data }: Submit): ControlResult {
    const request = setup.readUInt8(1);
    const number = setup.readUInt8(4);
    const toHost = (setup.readUInt8(0) & 0x80) !== 0;
    const face = this.#storage.get(number);
    if (face) return storageRequest(face, request);
    // SET_LINE_CODING, SET_CONTROL_LINE_STATE: there is no line behind the tty.
    if (this.#serial.has(number)) return request === 0x20 || request === 0x22 ? true : undefined;
    const i = this.#interface(number);
    switch (i && networkKind([i.class, i.subclass, i.protocol])) {
      case 'ecm':
        return toHost ? undefined : true;
      case 'ncm':
        return toHost ? ncmRequestIn(request) : true;
      case 'rndis':
        return this.#rndis(number, request, data);
      default:
        return undefined;
    }
  }

  #rndis(number: number, request: number, message: Buffer): ControlResult {
    const waiting = this.#responses.get(number) ?? [];
    this.#responses.set(number, waiting);
    // SEND_ENCAPSULATED_COMMAND, GET_ENCAPSULATED_RESPONSE
    if (request === 0x01) return waiting.shift() ?? Buffer.alloc(1);
    if (request !== 0x00) return undefined;
    const answer = rndisAnswer(message);
    if (answer) {
      if (waiting.length === MOST_RESPONSES) waiting.shift();
      waiting.push(answer);
      this.#notify(number, RNDIS_RESPONSE_AVAILABLE);
    }
    return true;
  }

  #notify(number: number, notice: Buffer): void {
    const address = this.#interface(number)?.endpoints.find((e) => e.type === 'interrupt')?.address;
    const pipe = address === undefined ? undefined : this.#pipes.get(address);
    if (pipe instanceof SilentPipe) pipe.notify(notice);
  }
}

/** GET MAX LUN and the bulk-only reset. */
function storageRequest(face: StorageFace, request: number): ControlResult {
  if (request === 0xfe) return Buffer.of(face.maxLun);
  if (request !== 0xff) return undefined;
  face.reset();
  return true;
}
