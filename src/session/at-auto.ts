/** The AT session of whichever stick is plugged in, as long as it is exactly one (design rule: the right stick). */

import type { AtReply, RunOptions, Urc } from '../at/channel';
import { DriverError } from '../errors';
import type { Host, UsbDevice, Watch } from '../host/host';
import { Listeners } from '../listeners';
import { describeStick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { AtEvent } from './at-events';
import type { AtSession } from './at-session';
import type { OpenStep } from './at-setup';
import { AtStates, unavailable } from './at-state';
import type { UserOptions } from './at-user';

export class AutoSession {
  readonly states = new AtStates();
  readonly #host: Host;
  readonly #sessionAt: (path: string) => AtSession;
  readonly #urcs = new Listeners<Urc>();
  readonly #events = new Listeners<AtEvent>();
  /** With how to take each off the inner session again. */
  readonly #steps = new Map<OpenStep, () => void>();
  #users = 0;
  #options: UserOptions = {};
  #watch: Watch | undefined;
  #inner: { path: string; session: AtSession; off: () => void } | undefined;
  #leaving: Promise<void> = Promise.resolve();

  constructor(host: Host, sessionAt: (path: string) => AtSession) {
    this.#host = host;
    this.#sessionAt = sessionAt;
  }

  join(options: UserOptions): void {
    const { pin } = options;
    if (this.#users++ > 0) {
      // The first user decides, but for the PIN.
      if (pin === undefined) return;
      this.#options = { ...this.#options, pin };
      this.#inner?.session.newPin(pin);
      return;
    }
    this.#options = options;
    this.states.set({ state: 'connecting' });
    this.#watch = this.#host.watch((devices) => this.#onBus(devices));
  }

  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    this.#watch?.stop();
    this.#choose(undefined);
    await this.#leaving;
  }

  onUrc(listener: (urc: Urc) => void): () => void {
    return this.#urcs.add(listener);
  }

  onEvent(listener: (event: AtEvent) => void): () => void {
    return this.#events.add(listener);
  }

  afterOpen(step: OpenStep): () => void {
    this.#steps.set(step, this.#inner?.session.afterOpen(step) ?? (() => {}));
    return () => {
      this.#steps.get(step)?.();
      this.#steps.delete(step);
    };
  }

  async releasePort(ms?: number): Promise<void> {
    if (!this.#inner) throw unavailable(this.states.now, 'auto');
    await this.#inner.session.releasePort(ms);
  }

  takePort(): void {
    this.#inner?.session.takePort();
  }

  async run(command: string, options: RunOptions = {}): Promise<AtReply> {
    if (this.states.now.state === 'connecting' && !this.#inner) {
      await this.states.settled(this.#host.clock, TIMEOUTS.session.connect, options.signal);
    }
    if (!this.#inner) throw unavailable(this.states.now, 'auto');
    return this.#inner.session.run(command, options);
  }

  #onBus(devices: UsbDevice[]): void {
    if (this.#users === 0) return;
    const sticks = devices.map(describeStick).filter((stick) => stick.mode !== 'unknown');
    const [first] = sticks;
    if (sticks.length > 1) {
      this.#choose(undefined);
      const names = sticks.map(stickText).join(', ');
      const error = new DriverError('STICK_AMBIGUOUS', `${sticks.length} sticks are plugged in: ${names}.`, {
        hint: 'Say which one is meant by its port path, or unplug the others.',
      });
      this.states.set({ state: 'error', error });
    } else if (first) this.#choose(first.path);
    // A stick that was there is waited for: it may be changing its mode, or a job has it.
    else if (!this.#inner) this.states.set({ state: 'absent' });
  }

  #choose(path: string | undefined): void {
    const old = this.#inner;
    if (old?.path === path) return;
    this.#inner = undefined;
    if (old) {
      old.off();
      this.#leaving = Promise.all([this.#leaving, old.session.leave()]).then(() => undefined);
    }
    if (path === undefined) return;
    const session = this.#sessionAt(path);
    const offs = [
      session.states.on((state) => this.states.set(state)),
      session.onUrc((urc) => this.#urcs.tell(urc)),
      session.onEvent((event) => this.#events.tell(event)),
    ];
    for (const step of this.#steps.keys()) this.#steps.set(step, session.afterOpen(step));
    this.#inner = {
      path,
      session,
      off: () => {
        for (const off of [...offs, ...this.#steps.values()]) off();
      },
    };
    session.join(this.#options);
    this.states.set(session.states.now);
  }
}
