/**
 * The AT port of the stick at one port path, kept open for many users: found, opened, set up, asked whether it is alive,
 * brought back when it is not, handed to a job or another program that wants the stick, taken back, and found again after
 * the stick was pulled. All of it follows the bus; nothing looks more often.
 */

import type { AtChannel, AtReply, RunOptions, Urc } from '../at/channel';
import { prepare } from '../at/steps';
import { asDriverError, DriverError, isDriverError } from '../errors';
import { type Host, sleep, type UsbDevice } from '../host/host';
import { Listeners } from '../listeners';
import { heldFor, holdStick, whenFree } from '../stick/hold';
import { describeStick, type Stick } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { AtEvent } from './at-events';
import { Pulse } from './at-health';
import { setUp } from './at-open';
import { openSim } from './at-pin';
import { openAtPort } from './at-port';
import { bringBack } from './at-recovery';
import { Release } from './at-release';
import { Rescue } from './at-rescue';
import { type OpenStep, type Run, runSteps } from './at-setup';
import { AtStates, interrupted, stickGone, unavailable } from './at-state';
import type { UserOptions } from './at-user';
import { Nap } from './nap';

/** One try to serve the stick: lasts until the port is lost, a job wants the stick or the session ends. */
interface Visit {
  readonly stick: Stick;
  readonly ended: AbortController;
  channel?: AtChannel;
  pulse?: Pulse;
}

export class AtSession {
  readonly states = new AtStates();
  readonly #host: Host;
  readonly #path: string;
  #options: UserOptions = {};
  #pin: string | undefined;
  readonly #urcs = new Listeners<Urc>();
  readonly #events = new Listeners<AtEvent>();
  readonly #steps = new Set<OpenStep>();
  /** Steps that run now: commands wait for them. */
  #settingUp: Promise<void> | undefined;
  readonly #running = new Set<Promise<unknown>>();
  #users = 0;
  #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  /** Undefined until the bus has been looked at. */
  #look: { stick: Stick | undefined; print: string } | undefined;
  #visit: Visit | undefined;
  #serving: Promise<unknown> = Promise.resolve();
  /** USB address at which a loader was found behind a product id that it shares with firmware. */
  #loaderAt: number | undefined;
  /** See {@link setUp}. */
  #radioOff = false;
  /** Until the bus or somebody else has news. */
  readonly #nap: Nap;
  readonly #rescue: Rescue;
  readonly #release: Release;

  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
    const tell = (event: AtEvent) => this.#events.tell(event);
    this.#nap = new Nap(host.clock);
    this.#rescue = new Rescue(host.clock, path, tell);
    this.#release = new Release(host.clock, path, tell, () => this.#nap.wake());
  }

  /** One more user; the first one starts the session and decides on the space before the CR and on the pulse. */
  join(options: UserOptions): void {
    if (options.pin !== undefined) this.newPin(options.pin);
    if (this.#users++ > 0) return;
    this.#options = options;
    const stop = new AbortController();
    this.#stop = stop;
    this.states.set({ state: this.#release.active ? 'released' : 'connecting', stick: this.#path });
    // After the former life: its port must be closed before this one opens it.
    this.#life = this.#life
      .then(() => this.#live(stop.signal))
      .catch((cause: unknown) => {
        const error = asDriverError(cause, 'PROTOCOL', `The AT session of the stick at ${this.#path} failed`);
        this.states.set({ state: 'error', stick: this.#path, error });
      });
  }

  /** The PIN of the last user that has brought one; a SIM that waits for it gets it at once. */
  newPin(pin: string): void {
    if (pin === this.#pin) return;
    this.#pin = pin;
    const visit = this.#visit;
    if (this.states.now.state !== 'ready' || !visit) return;
    const { signal } = visit.ended;
    const tell = (event: AtEvent) => this.#events.tell(event);
    this.afterOpen((run) => openSim(run, { host: this.#host, stick: this.#path, pin, tell, signal }))();
  }

  /** One user less. When this resolves after the last one, the port is closed and the stick free. */
  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    const message = `The AT port of the stick at ${this.#path} is no longer used.`;
    const reason = new DriverError('CANCELLED', message, { stick: this.#path });
    this.#stop.abort(reason);
    this.#visit?.ended.abort(reason);
    await this.#life;
    if (this.#users === 0) this.#pin = undefined;
  }

  onUrc(listener: (urc: Urc) => void): () => void {
    return this.#urcs.add(listener);
  }

  onEvent(listener: (event: AtEvent) => void): () => void {
    return this.#events.add(listener);
  }

  /** Runs `step` after each opening, and now if the port is open. */
  afterOpen(step: OpenStep): () => void {
    this.#steps.add(step);
    const channel = this.states.now.state === 'ready' ? this.#visit?.channel : undefined;
    if (channel) {
      const before = this.#settingUp ?? Promise.resolve();
      const run: Run = (command, options) => channel.run(command, options);
      const done = before
        .then(() => runSteps(channel, run, [step], (event) => this.#events.tell(event)))
        .catch(() => undefined)
        .then(() => {
          if (this.#settingUp === done) this.#settingUp = undefined;
        });
      this.#settingUp = done;
    }
    return () => {
      this.#steps.delete(step);
    };
  }

  /** Closes the port and leaves it to another program, until {@link takePort} or for `ms`. */
  async releasePort(ms?: number): Promise<void> {
    this.#release.begin(ms);
    const visit = this.#visit;
    if (visit) await this.#stepBack(visit, 'released');
    else if (this.states.now.state !== 'busy') this.states.set({ state: 'released', stick: this.#path });
    this.#nap.wake();
  }

  /** Takes the port back. Harmless when it was not handed over. */
  takePort(): void {
    this.#release.end();
  }

  /** Sends one command as soon as the port is there. Errors: those of {@link AtChannel.run} and {@link unavailable}. */
  async run(command: string, options: RunOptions = {}): Promise<AtReply> {
    const request = prepare(command, options, this.#path);
    if (request instanceof DriverError) throw request;
    if (this.states.now.state === 'connecting') {
      await this.states.settled(this.#host.clock, TIMEOUTS.session.connect, options.signal);
    }
    while (this.#settingUp) await this.#settingUp;
    const visit = this.#visit;
    const channel = visit?.channel;
    if (!visit || !channel || this.states.now.state !== 'ready') throw unavailable(this.states.now, this.#path);
    const reply = channel.send(request);
    const ended = reply.catch(() => undefined);
    this.#running.add(ended);
    try {
      const answer = await reply;
      visit.pulse?.answered();
      return answer;
    } catch (error) {
      // A dead port is known here before the bus shows it.
      if (!channel.isOpen) visit.ended.abort(stickGone(this.#path));
      else if (isDriverError(error, 'TIMEOUT')) visit.pulse?.suspect();
      const why: unknown = visit.ended.signal.reason;
      if (!isDriverError(why, 'BUSY') || options.signal?.aborted) throw error;
      throw interrupted(this.#release.active ? 'released' : 'busy', this.#path, error);
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
        await this.#nap.take(stop, { until: whenFree(this.#host, this.#path) });
      } else if (this.#release.active) {
        this.#set('released');
        await this.#nap.take(stop);
      } else if (stick?.mode !== 'tty' || stick.device.address === this.#loaderAt) {
        failures = 0;
        if (this.#look) this.#setMode(stick);
        await this.#nap.take(stop);
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
    this.#release.sleep();
  }

  /** Holds the stick and keeps its port open until `visit` is ended, which rejects with the reason. */
  async #serve(visit: Visit): Promise<void> {
    const { stick, ended } = visit;
    const hold = await holdStick(this.#host, this.#path, {
      purpose: 'AT commands',
      stepBack: () => this.#stepBack(visit, 'busy'),
    });
    try {
      const step = this.#rescue.take();
      if (step) {
        this.states.set({ state: 'recovering', stick: this.#path, mode: stick.mode, step });
        if (step === 'cfun') this.#radioOff = true;
        await bringBack(this.#host, stick, step, ended.signal);
        // An error that is tried again stays to be seen until it is gone.
      } else if (this.states.now.state !== 'error') this.#set('connecting');
      const channel = await openAtPort(this.#host, stick, this.#options.space ?? 'auto', ended.signal);
      if (typeof channel === 'string') {
        this.#loaderAt = stick.device.address;
        return;
      }
      visit.channel = channel;
      ended.signal.throwIfAborted();
      // Whatever is under way on it ends at once.
      ended.signal.addEventListener('abort', () => void channel.close(), { once: true });
      channel.onUrc((urc) => this.#urcs.tell(urc));
      // A port can be lost without a change that the bus shows: a USB reset, a driver bound anew.
      void channel.ended.then(() => ended.abort(stickGone(this.#path)));
      await this.#rescue.warnOfOthers(this.#host);
      await setUp(channel, {
        host: this.#host,
        role: this.#stick?.ttys.find((tty) => tty.path === channel.path)?.role,
        pin: this.#pin,
        radioOff: this.#radioOff,
        steps: this.#steps,
        tell: (event) => this.#events.tell(event),
        signal: ended.signal,
      });
      ended.signal.throwIfAborted();
      this.#radioOff = false;
      this.#rescue.answers();
      const pulse = new Pulse(this.#host.clock, this.#options.pulseMs ?? TIMEOUTS.health.idle);
      visit.pulse = pulse;
      this.#set('ready');
      const dead = await pulse.watch(channel, ended.signal, (what) => this.#rescue.heard(what));
      ended.signal.throwIfAborted();
      throw dead ?? stickGone(this.#path);
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      await visit.channel?.close();
      hold.release();
    }
  }

  /** Somebody wants the stick: what has been sent may be answered, what waits is refused, then the port is closed. */
  async #stepBack(visit: Visit, state: 'busy' | 'released'): Promise<void> {
    this.#set(state);
    const over = new AbortController();
    const patience = sleep(this.#host.clock, TIMEOUTS.session.finish, over.signal).catch(() => undefined);
    await Promise.race([Promise.all(this.#running), patience]);
    over.abort();
    visit.ended.abort(unavailable({ state, stick: this.#path }, this.#path));
    await this.#serving;
  }

  async #recover(visit: Visit, error: DriverError, failures: number, stop: AbortSignal): Promise<void> {
    const { session } = TIMEOUTS;
    const pause = Math.min(session.retry * 2 ** (failures - 1), session.retryMax);
    if (error.code === 'BUSY') {
      this.#set(this.#release.active ? 'released' : 'busy');
      // Stepped back for a job of this process. Else another process has the stick, of which nothing tells the end.
      if (visit.ended.signal.aborted) await this.#nap.take(stop, { until: whenFree(this.#host, this.#path) });
      else await this.#nap.take(stop, { ms: pause });
      return;
    }
    const step = error.code === 'TIMEOUT' ? this.#rescue.silent(this.#host) : undefined;
    if (step) {
      this.states.set({ state: 'recovering', stick: this.#path, mode: 'tty', step });
      if (this.#stick === visit.stick) await this.#nap.take(stop, { ms: TIMEOUTS.health.pause });
      return;
    }
    if (error.code !== 'STICK_GONE') this.states.set({ state: 'error', stick: this.#path, mode: 'tty', error });
    else if (this.states.now.state !== 'error') this.#set('connecting');
    if (this.#stick === visit.stick) await this.#nap.take(stop, { ms: pause });
  }

  get #stick(): Stick | undefined {
    return this.#look?.stick;
  }

  #onBus(devices: UsbDevice[]): void {
    const device = devices.find((d) => d.portPath === this.#path);
    const print = device ? JSON.stringify(device) : (this.#host.unreachable?.()?.message ?? '');
    if (this.#look?.print === print) return;
    const stick = device && describeStick(device);
    this.#look = { stick, print };
    const visit = this.#visit;
    const path = visit?.channel?.path;
    const there = stick !== undefined && stick.device.address === visit?.stick.device.address;
    if (visit && !(there && (path === undefined || stick.ttys.some((t) => t.path === path)))) {
      visit.ended.abort(stickGone(this.#path));
    }
    this.#nap.wake();
  }

  #set(state: 'connecting' | 'ready' | 'busy' | 'released'): void {
    const mode = this.#look?.stick?.mode;
    this.states.set({ state, stick: this.#path, ...(mode && { mode }) });
  }

  #setMode(stick: Stick | undefined): void {
    const error = this.#host.unreachable?.();
    if (!stick) this.states.set({ state: 'absent', stick: this.#path, ...(error && { error }) });
    else this.states.set({ state: 'mode', stick: this.#path, mode: stick.mode === 'tty' ? 'loader' : stick.mode });
  }
}
