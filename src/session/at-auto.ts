/** The AT session of whichever stick is plugged in, as long as it is exactly one (design rule: the right stick). */

import type { AtReply, RunOptions, Urc } from '../at/channel';
import { DriverError } from '../errors';
import type { Host, UsbDevice, Watch } from '../host/host';
import { Listeners } from '../listeners';
import { describeStick, stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { Space } from './at-port';
import type { AtSession } from './at-session';
import { AtStates, unavailable } from './at-state';

export class AutoSession {
  readonly states = new AtStates();
  readonly #host: Host;
  readonly #sessionAt: (path: string) => AtSession;
  readonly #listeners = new Listeners<Urc>();
  #users = 0;
  #space: Space = 'auto';
  #watch: Watch | undefined;
  #inner: { path: string; session: AtSession; off: () => void } | undefined;
  #leaving: Promise<void> = Promise.resolve();

  constructor(host: Host, sessionAt: (path: string) => AtSession) {
    this.#host = host;
    this.#sessionAt = sessionAt;
  }

  join(space: Space): void {
    if (this.#users++ > 0) return;
    this.#space = space;
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
    return this.#listeners.add(listener);
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
      session.onUrc((urc) => this.#listeners.tell(urc)),
    ];
    this.#inner = {
      path,
      session,
      off: () => {
        for (const off of offs) off();
      },
    };
    session.join(this.#space);
    this.states.set(session.states.now);
  }
}
