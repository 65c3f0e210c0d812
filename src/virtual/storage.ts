/**
 * A mass-storage interface of the stick: bulk-only transport in front of {@link LogicalUnit}s, and the vendor command that
 * switches the stick.
 */

import { type Cbw, decodeCbw, encodeCsw } from '../codec/cbw';
import type { FaultOrder, Stage } from './faults';
import { REWIND } from './rewind';
import { LogicalUnit, type Unit } from './scsi';
import type { Timers } from './timers';

export interface StorageStick {
  timers: Timers;
  /** The fault that strikes this occurrence of a stage. */
  fault(stage: Stage): FaultOrder | undefined;
  /** The person of an `unplug` fault. */
  pull(order: FaultOrder): void;
  /** What its units call their vendor. */
  vendor: string;
  /** Carries out a rewind; the name of what it leads to, for the log. */
  rewind(cdb: Uint8Array): string;
  /** A CBW was accepted. */
  seen(cdb: Uint8Array, effect?: string): void;
}

const LATE = 2_000;

export class StorageFace {
  readonly #stick: StorageStick;
  readonly #units: LogicalUnit[];
  #queue: (Uint8Array | 'stall')[] = [];
  /** Bytes that the host still sends after a CBW with data OUT. */
  #dataOut = 0;
  #pendingCsw: Uint8Array | undefined;
  /** Both pipes stand still after an invalid CBW, until the transport is reset. */
  #halted = false;
  /** Told when {@link bulkIn} has something after it said `pending`. */
  onReady: (() => void) | undefined;

  constructor(stick: StorageStick, units: Unit[]) {
    this.#stick = stick;
    this.#units = units.map((unit) => new LogicalUnit(unit, stick.vendor));
  }

  /** Answer to GET MAX LUN. */
  get maxLun(): number {
    return this.#units.length - 1;
  }

  /** Bulk-only mass storage reset. */
  reset(): void {
    this.#queue = [];
    this.#dataOut = 0;
    this.#pendingCsw = undefined;
    this.#halted = false;
  }

  bulkOut(data: Uint8Array): 'ok' | 'stall' {
    if (this.#halted) return 'stall';
    if (this.#dataOut > 0) {
      // No unit takes data: they are read and thrown away, the residue says so.
      this.#dataOut = Math.max(0, this.#dataOut - data.length);
      if (this.#dataOut === 0 && this.#pendingCsw) this.#put(this.#pendingCsw);
      return 'ok';
    }
    const cbw = decodeCbw(data);
    if (!cbw || cbw.lun > this.maxLun) {
      this.#halted = true;
      return 'stall';
    }
    const order = this.#stick.fault('cbw');
    switch (order?.fault) {
      case 'silence':
        return 'ok';
      case 'nak':
        return 'stall';
      case 'unplug':
        this.#stick.pull(order);
        return 'ok';
      case 'late':
        this.#stick.timers.after(order.ms ?? LATE, () => this.#carryOut(cbw));
        return 'ok';
      default:
        this.#carryOut(cbw);
        return 'ok';
    }
  }

  /** At most `length` bytes; `stall` clears itself, as the host clears the halt before it reads on. */
  bulkIn(length: number): Uint8Array | 'stall' | 'pending' {
    if (this.#halted) return 'stall';
    const next = this.#queue.shift();
    if (next === undefined) return 'pending';
    if (next === 'stall' || next.length <= length) return next;
    this.#queue.unshift(next.subarray(length));
    return next.subarray(0, length);
  }

  #put(item: Uint8Array | 'stall'): void {
    this.#queue.push(item);
    this.onReady?.();
  }

  #carryOut(cbw: Cbw): void {
    if (cbw.cdb[0] === REWIND) {
      this.#stick.seen(cbw.cdb, this.#stick.rewind(cbw.cdb));
      this.#status(cbw, 0, cbw.dataLength);
      return;
    }
    this.#stick.seen(cbw.cdb);
    const unit = this.#units[cbw.lun] as LogicalUnit;
    const { data, sense } = unit.execute(cbw.cdb);
    const status = sense ? 1 : 0;
    const toHost = (cbw.flags & 0x80) !== 0;
    if (!toHost && cbw.dataLength > 0) {
      this.#dataOut = cbw.dataLength;
      this.#pendingCsw = encodeCsw({ tag: cbw.tag, residue: cbw.dataLength, status });
      return;
    }
    const sent = data.subarray(0, cbw.dataLength);
    if (toHost && sent.length > 0) this.#put(sent);
    else if (toHost && cbw.dataLength > 0) this.#put('stall');
    this.#status(cbw, status, cbw.dataLength - sent.length);
  }

  #status(cbw: Cbw, status: number, residue: number): void {
    const order = this.#stick.fault('csw');
    const csw = encodeCsw({ tag: cbw.tag, residue, status: order?.fault === 'nak' ? 1 : status });
    switch (order?.fault) {
      case 'lost':
        return;
      case 'late':
        this.#stick.timers.after(order.ms ?? LATE, () => this.#put(csw));
        return;
      case 'garbage':
        this.#put(csw.map((b) => b ^ 0x5a));
        return;
      case 'unplug':
        this.#stick.pull(order);
        return;
      default:
        this.#put(csw);
    }
  }
}
