/** A bus and a clock in the hands of a test, for what looks at one by the other. */

import assert from 'node:assert/strict';
import type { Clock, UsbDevice } from '../../src/host/host';
import type { Census } from '../../src/host/sysfs';

/** Timers that go off when the test says so. */
export class HandClock implements Clock {
  pending: { ms: number; fn: () => void }[] = [];
  /** Timers of 0 ms go off by themselves. */
  atOnce = false;
  now = () => 0;
  date = () => new Date(0);
  during = <T>(work: Promise<T>) => work;

  after(ms: number, fn: () => void) {
    const entry = { ms, fn };
    this.pending.push(entry);
    if (this.atOnce && ms === 0) setImmediate(() => this.#take(entry) && fn());
    return { cancel: () => void this.#take(entry) };
  }

  /** Lets the only timer go off, and what follows from it happen; returns how long it was set for. */
  async fire(): Promise<number> {
    assert.equal(this.pending.length, 1, 'timers that are set');
    const [entry] = this.pending;
    if (!entry) throw new Error('no timer is set');
    this.#take(entry);
    entry.fn();
    await settle();
    return entry.ms;
  }

  /** False if it is not there any more. */
  #take(entry: { ms: number; fn: () => void }): boolean {
    const before = this.pending.length;
    this.pending = this.pending.filter((e) => e !== entry);
    return this.pending.length < before;
  }
}

export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A bus whose looks are counted and can be held up. */
export class FakeBus {
  devices: UsbDevice[] = [];
  awaited: string[] = [];
  mark = 0;
  looks = 0;
  hold: Promise<void> = Promise.resolve();
  running = 0;
  most = 0;
  failure: Error | undefined;

  signature = (awaited: readonly string[]) => `${this.mark}${awaited.join()}`;

  async census(): Promise<Census> {
    this.looks++;
    this.most = Math.max(this.most, ++this.running);
    const { devices, awaited } = this;
    try {
      await this.hold;
      if (this.failure) throw this.failure;
      return { devices, awaited };
    } finally {
      this.running--;
    }
  }

  change(devices: UsbDevice[]): void {
    this.devices = devices;
    this.mark++;
  }
}
