/** A virtual stick on this machine's own USB bus, for tests that run in the guest. */

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalHost } from '../../src/host/local';
import type { Stick } from '../../src/stick/stick';
import { waitForStick } from '../../src/stick/watch';
import type { StickEvent } from '../../src/virtual/events';
import type { FaultOrder } from '../../src/virtual/faults';
import type { StickOptions } from '../../src/virtual/options';
import type { PersonAction } from '../../src/virtual/person';
import type { Timing } from '../../src/virtual/timing';
import { PATIENCE_MS } from './told';

export interface StickState {
  setport: string;
  nvErased: boolean;
  /** sha256 of what is in the flash, by image code. */
  images: Record<string, string>;
  openFaults: number;
}

export type BusStickOptions = Omit<Partial<StickOptions>, 'clock' | 'portPath' | 'name'>;

type Order = FaultOrder | ({ do: string } & Record<string, unknown>);

export type ToStick =
  | { do: 'start'; options: BusStickOptions }
  | { do: 'order'; order: Order }
  | { do: 'act'; act: PersonAction; pauseMs: number }
  | { do: 'state' }
  | { do: 'stop' };

export type FromStick =
  | { what: 'event'; event: StickEvent }
  | { what: 'started' }
  | { what: 'state'; state: StickState }
  | { what: 'failed'; why: string };

/** Where `usbip attach` puts the first stick: the first bus and its first port. The second one is at `1-2`. */
export const PORT_PATH = '1-1';

/** A stick whose own pauses are short: what takes time then is the kernel and the driver. */
export const QUICK: Partial<Timing> = {
  plug: 50,
  switch: 100,
  offBus: 150,
  jump: 100,
  loaderReset: 200,
  atReset: 200,
  slowAck: 5,
  urcEvery: 500,
};

const POLL_MS = 20;

export class BusStick {
  readonly portPath: string;
  readonly #child: ChildProcess;
  readonly #told = new EventEmitter();
  #events: StickEvent[] = [];
  #failure: string | undefined;

  private constructor(child: ChildProcess, portPath: string) {
    this.portPath = portPath;
    this.#child = child;
    child.on('message', (message: FromStick) => {
      if (message.what === 'event') this.#events.push(message.event);
      if (message.what === 'failed') this.#failure = message.why;
      this.#told.emit(message.what, message);
    });
  }

  /** A process for sticks; {@link fresh} makes one. The second place is to be had while the first one is taken. */
  static start(place: 1 | 2 = 1): BusStick {
    const script = join(__dirname, 'stick-process.js');
    const child = fork(script, [`${place}`], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return new BusStick(child, `1-${place}`);
  }

  /** What the present stick has told so far. */
  get events(): readonly StickEvent[] {
    return this.#events;
  }

  /** Pulls out the stick of before and makes a new one, which is not plugged in. */
  async fresh(options: BusStickOptions = {}): Promise<void> {
    const started = once(this.#told, 'started');
    this.#send({ do: 'start', options });
    await started;
    await this.gone();
    this.#events = [];
  }

  order(order: Order): void {
    this.#send({ do: 'order', order });
  }

  plug(options: { bootPin?: boolean } = {}): void {
    this.order({ do: 'plug', ...options });
  }

  unplug(): void {
    this.order({ do: 'unplug' });
  }

  act(what: PersonAction, pauseMs = 200): void {
    this.#send({ do: 'act', act: what, pauseMs });
  }

  async state(): Promise<StickState> {
    const told = once(this.#told, 'state') as Promise<[{ state: StickState }]>;
    this.#send({ do: 'state' });
    return (await told)[0].state;
  }

  /** Resolves when the stick has told something of this kind; what it told before counts too. */
  async event(wanted: (event: StickEvent) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!this.#events.some(wanted)) await once(this.#told, 'event', { signal });
  }

  /** Waits until the driver sees it with all its ttys, and `wanted` is content. */
  async seen(wanted: (stick: Stick) => boolean): Promise<Stick> {
    const found = await waitForStick(
      createLocalHost(),
      this.portPath,
      (stick) => stick !== undefined && stick.device.interfaces.length > 0 && stick.withoutTty === 0 && wanted(stick),
      { timeoutMs: PATIENCE_MS },
    );
    assert.ok(found?.stick, `the stick came up as it should; it told ${JSON.stringify(this.#events.slice(-5))}`);
    return found.stick;
  }

  /** Plugs it in and waits until all of it is there. */
  async plugged(options: { bootPin?: boolean } = {}): Promise<Stick> {
    this.plug(options);
    return this.seen(() => true);
  }

  /** Waits until the kernel has cleared it away. */
  async gone(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (existsSync(`/sys/bus/usb/devices/${this.portPath}`)) {
      assert.ok(performance.now() < end, 'the kernel has cleared the stick away');
      await pause(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#send({ do: 'stop' });
    await ended;
    await this.gone();
  }

  #send(message: ToStick): void {
    if (this.#failure !== undefined) throw new Error(`the stick has failed: ${this.#failure}`);
    this.#child.send(message);
  }
}
