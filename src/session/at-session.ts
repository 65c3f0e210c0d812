/**
 * The AT port of the stick at one port path, kept open for many users: found, opened, handed to a job that wants the
 * stick, taken back, and found again after the stick was pulled. All of it follows the bus; nothing looks more often.
 */

import type { AtChannel, AtReply, RunOptions, Urc } from '../at/channel';
import { checkRequest } from '../at/check';
import { asDriverError, DriverError, isDriverError } from '../errors';
import { type Host, sleep, type UsbDevice } from '../host/host';
import { Listeners } from '../listeners';
import { heldFor, holdStick, whenFree } from '../stick/hold';
import { describeStick, type Stick } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { openAtPort, type Space } from './at-port';
import { AtStates, unavailable } from './at-state';

/** One try to serve the stick: lasts until the port is lost, a job wants the stick or the session ends. */
interface Visit {
  readonly stick: Stick;
  readonly ended: AbortController;
  channel?: AtChannel;
}

export class AtSession {
  readonly states = new AtStates();
  readonly #host: Host;
  readonly #path: string;
  #space: Space = 'auto';
  readonly #listeners = new Listeners<Urc>();
  readonly #running = new Set<Promise<unknown>>();
  #users = 0;
  #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  /** Undefined until the bus has been looked at. */
  #look: { stick: Stick | undefined; print: string } | undefined;
  #wake: (() => void) | undefined;
  #visit: Visit | undefined;
  #serving: Promise<unknown> = Promise.resolve();
  /** USB address at which a loader was found behind a product id that it shares with firmware. */
  #loaderAt: number | undefined;

  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
  }

  /** One more user; the first one starts the session and decides on the space before the CR. */
  join(space: Space): void {
    if (this.#users++ > 0) return;
    this.#space = space;
    const stop = new AbortController();
    this.#stop = stop;
    this.states.set({ state: 'connecting', stick: this.#path });
    // After the former life: its port must be closed before this one opens it.
    this.#life = this.#life
      .then(() => this.#live(stop.signal))
      .catch((cause: unknown) => {
        const error = asDriverError(cause, 'PROTOCOL', `The AT session of the stick at ${this.#path} failed`);
        this.states.set({ state: 'error', stick: this.#path, error });
      });
  }

  /** One user less. When this resolves after the last one, the port is closed and the stick free. */
  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    const message = `The AT port of the stick at ${this.#path} is no longer used.`;
    const reason = new DriverError('CANCELLED', message, { stick: this.#path });
    this.#stop.abort(reason);
    this.#visit?.ended.abort(reason);
    await this.#life;
  }

  onUrc(listener: (urc: Urc) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Sends one command as soon as the port is there. Errors: those of {@link AtChannel.run} and {@link unavailable}. */
  async run(command: string, options: RunOptions = {}): Promise<AtReply> {
    const checked = checkRequest(command, options, this.#path);
    if (checked instanceof DriverError) throw checked;
    if (this.states.now.state === 'connecting') {
      await this.states.settled(this.#host.clock, TIMEOUTS.session.connect, options.signal);
    }
    const visit = this.#visit;
    const channel = visit?.channel;
    if (!visit || !channel || this.states.now.state !== 'ready') throw unavailable(this.states.now, this.#path);
    const reply = channel.run(command, options);
    const ended = reply.catch(() => undefined);
    this.#running.add(ended);
    try {
      return await reply;
    } catch (error) {
      // A dead port is known here before the bus shows it.
      if (!channel.isOpen) visit.ended.abort(this.#gone());
      const why: unknown = visit.ended.signal.reason;
      if (!isDriverError(why, 'BUSY') || options.signal?.aborted) throw error;
      throw new DriverError('BUSY', `A job took the stick at ${this.#path} while the AT command was under way.`, {
        stick: this.#path,
        hint: 'If it had been sent already, the stick may have carried it out: look before you send it again.',
        cause: error,
      });
    } finally {
      this.#running.delete(ended);
    }
  }

  async #live(stop: AbortSignal): Promise<void> {
    this.#look = undefined;
    const watch = this.#host.watch((devices) => this.#onBus(devices));
    let failures = 0;
    while (!stop.aborted) {
      const stick = this.#stick;
      if (heldFor(this.#host, this.#path) !== undefined) {
        this.#set('busy');
        await this.#pause(stop, { until: whenFree(this.#host, this.#path) });
      } else if (stick?.mode !== 'tty' || stick.device.address === this.#loaderAt) {
        failures = 0;
        if (this.#look) this.#setMode(stick);
        await this.#pause(stop);
      } else {
        const visit: Visit = { stick, ended: new AbortController() };
        this.#visit = visit;
        const serving = this.#serve(visit).then(
          () => undefined,
          (error: unknown) => asDriverError(error, 'PROTOCOL', `The AT port of the stick at ${stick.path} failed`),
        );
        this.#serving = serving;
        const error = await serving;
        this.#visit = undefined;
        failures = visit.channel ? 1 : failures + 1;
        if (error && !stop.aborted) await this.#recover(visit, error, failures, stop);
      }
    }
    watch.stop();
  }

  /** Holds the stick and keeps its port open until `visit` is ended, which rejects with the reason. */
  async #serve(visit: Visit): Promise<void> {
    const { stick, ended } = visit;
    const hold = await holdStick(this.#host, this.#path, {
      purpose: 'AT commands',
      stepBack: () => this.#stepBack(visit),
    });
    try {
      // An error that is tried again stays to be seen until it is gone.
      if (this.states.now.state !== 'error') this.#set('connecting');
      const channel = await openAtPort(this.#host, stick, this.#space, ended.signal);
      if (typeof channel === 'string') {
        this.#loaderAt = stick.device.address;
        return;
      }
      visit.channel = channel;
      ended.signal.throwIfAborted();
      channel.onUrc((urc) => this.#listeners.tell(urc));
      // A port can be lost without a change that the bus shows: a USB reset, a driver bound anew.
      void channel.ended.then(() => ended.abort(this.#gone()));
      this.#set('ready');
      await aborted(ended.signal);
      throw ended.signal.reason;
    } finally {
      await visit.channel?.close();
      hold.release();
    }
  }

  /** A job wants the stick: what has been sent may be answered, what waits is refused, then the port is closed. */
  async #stepBack(visit: Visit): Promise<void> {
    this.#set('busy');
    const over = new AbortController();
    const patience = sleep(this.#host.clock, TIMEOUTS.session.finish, over.signal).catch(() => undefined);
    await Promise.race([Promise.all(this.#running), patience]);
    over.abort();
    visit.ended.abort(unavailable({ state: 'busy', stick: this.#path }, this.#path));
    await this.#serving;
  }

  async #recover(visit: Visit, error: DriverError, failures: number, stop: AbortSignal): Promise<void> {
    const { session } = TIMEOUTS;
    const pause = Math.min(session.retry * 2 ** (failures - 1), session.retryMax);
    if (error.code === 'BUSY') {
      this.#set('busy');
      // Stepped back for a job of this process. Else another process has the stick, of which nothing tells the end.
      if (visit.ended.signal.aborted) await this.#pause(stop, { until: whenFree(this.#host, this.#path) });
      else await this.#pause(stop, { ms: pause });
      return;
    }
    if (error.code !== 'STICK_GONE') this.states.set({ state: 'error', stick: this.#path, mode: 'tty', error });
    else if (this.states.now.state !== 'error') this.#set('connecting');
    if (this.#stick === visit.stick) await this.#pause(stop, { ms: pause });
  }

  get #stick(): Stick | undefined {
    return this.#look?.stick;
  }

  #onBus(devices: UsbDevice[]): void {
    const device = devices.find((d) => d.portPath === this.#path);
    const print = device ? JSON.stringify(device) : '';
    if (this.#look?.print === print) return;
    const stick = device && describeStick(device);
    this.#look = { stick, print };
    const visit = this.#visit;
    const path = visit?.channel?.path;
    const there = stick !== undefined && stick.device.address === visit?.stick.device.address;
    if (visit && !(there && (path === undefined || stick.ttys.some((t) => t.path === path)))) {
      visit.ended.abort(this.#gone());
    }
    this.#wake?.();
  }

  /** Resolves at the next change of the stick on the bus or after `ms`, with `until` then only; at the end in any case. */
  #pause(stop: AbortSignal, { ms, until }: { ms?: number; until?: Promise<void> } = {}): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const end = () => {
        timer?.cancel();
        stop.removeEventListener('abort', end);
        if (this.#wake === end) this.#wake = undefined;
        resolve();
      };
      const timer = ms === undefined ? undefined : this.#host.clock.after(ms, end);
      stop.addEventListener('abort', end, { once: true });
      if (until) void until.then(end);
      else this.#wake = end;
    });
  }

  #set(state: 'connecting' | 'ready' | 'busy'): void {
    const mode = this.#look?.stick?.mode;
    this.states.set({ state, stick: this.#path, ...(mode && { mode }) });
  }

  #setMode(stick: Stick | undefined): void {
    if (!stick) this.states.set({ state: 'absent', stick: this.#path });
    else this.states.set({ state: 'mode', stick: this.#path, mode: stick.mode === 'tty' ? 'loader' : stick.mode });
  }

  #gone(): DriverError {
    const hint = 'Plug it in again; the AT port is opened by itself.';
    return new DriverError('STICK_GONE', `The stick at ${this.#path} has left the bus.`, { stick: this.#path, hint });
  }
}

/** Resolves when `signal` is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
