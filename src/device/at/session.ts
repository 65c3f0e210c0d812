/**
 * The AT port of the stick at one port path, kept open for many users: found, opened, set up, asked whether it is alive,
 * brought back when it is not, switched when it comes back as a CD-ROM, handed to a job or another program that wants the
 * stick, taken back, and found again after the stick was pulled. All of it follows the bus; nothing looks more often.
 */

import type { AtReply, RunOptions, Urc } from '../../at/channel';
import { questionOf } from '../../at/commands/entry';
import { CPIN } from '../../at/commands/sim';
import { asDriverError, type DriverError, failure } from '../../errors';
import { type Host, sleep, type UsbDevice } from '../../host/host';
import { Listeners } from '../../listeners';
import { heldFor, holdStick, whenFree } from '../../stick/hold';
import { noModem, type Stick } from '../../stick/stick';
import { TIMEOUTS } from '../../timeouts';
import { notSwitched, onNotSwitched } from '../auto-switch';
import { mayHang, refuseHanging, SpokenDialect } from '../dialect';
import { Identifier } from '../identify';
import { Nap } from '../nap';
import type { Readings } from '../readings';
import { BusLook } from './bus-look';
import { watchCalls } from './calls';
import type { AtEvent } from './events';
import { Release } from './handed-over';
import { Pulse } from './health';
import type { OpenStep } from './opening-steps';
import { OutlookOfStick } from './outlook';
import { openSim } from './pin';
import { openAtPort } from './port-choice';
import { bringBack } from './recovery-steps';
import { Rescue } from './rescue';
import { setUp } from './set-up';
import type { AtSource } from './source';
import { AtStates, stickGone, unavailable } from './states';
import { comesBackAsCdrom, switchBack } from './switch-back';
import { Commands, type Visit } from './user-commands';
import type { UserOptions } from './user-options';

export class AtSession implements AtSource {
  readonly states = new AtStates();
  readonly #host: Host;
  readonly #path: string;
  #options: UserOptions = {};
  /** The users' PINs, the last one that was brought at the end. */
  readonly #pins = new Set<{ pin: string }>();
  readonly #urcs = new Listeners<Urc>();
  readonly #events = new Listeners<AtEvent>();
  /** All who hear of an event get the same one, which is how they know that it is one: nobody writes in it. */
  readonly #tell = (event: AtEvent) => this.#events.tell(Object.freeze(event));
  readonly #commands: Commands;
  #users = 0;
  #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  readonly #bus: BusLook;
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
  readonly #who: Identifier;
  readonly #dialect: SpokenDialect;
  readonly #readings: Readings;
  /** Behind the port that is open, or was last. */
  readonly #outlook = new OutlookOfStick(() => {
    const { state } = this.states.now;
    if (state === 'ready' || state === 'connecting') this.#set(state);
  });

  constructor(host: Host, path: string, readings: Readings) {
    this.#host = host;
    this.#path = path;
    this.#readings = readings;
    const tell = this.#tell;
    this.#bus = new BusLook(host, path);
    this.#nap = new Nap(host.clock);
    this.#rescue = new Rescue(host.clock, path, tell);
    this.#release = new Release(host.clock, path, tell, () => this.#nap.wake());
    this.#commands = new Commands({
      clock: host.clock,
      path,
      states: this.states,
      visit: () => this.#visit,
      isReleased: () => this.#release.active,
      tell,
      answered: (reply) => {
        this.#outlook.answered(reply);
        readings.answered(reply);
      },
    });
    this.#dialect = new SpokenDialect((command, options) => this.#commands.run(command, options));
    this.#who = new Identifier(host, path, this.#commands, () =>
      this.states.now.state === 'ready' ? this.#visit : undefined,
    );
  }

  /**
   * One more user; the first one starts the session and decides on the space before the CR and on the pulse. Returns how to
   * leave: when that resolves after the last one, the port is closed and the stick free.
   */
  join(options: UserOptions): () => Promise<void> {
    const { pin } = options;
    const own = pin === undefined ? undefined : { pin };
    if (own) this.#newPin(own);
    if (this.#users++ === 0) this.#start(options);
    return () => {
      if (own) this.#pins.delete(own);
      return this.#leave();
    };
  }

  identify(): () => void {
    return this.#who.ask();
  }

  #start(options: UserOptions): void {
    this.#options = options;
    const stop = new AbortController();
    this.#stop = stop;
    this.states.set({ state: this.#release.active ? 'released' : 'connecting', stick: this.#path });
    // After the former life: its port must be closed before this one opens it.
    this.#life = this.#life
      .then(() => this.#live(stop.signal))
      .catch((cause: unknown) => {
        const error = asDriverError(cause, 'PROTOCOL/session', { stick: this.#path });
        this.states.set({ state: 'error', stick: this.#path, error });
      });
  }

  /** The PIN of the last user that has brought one; a SIM that waits for it gets it at once. */
  #newPin(own: { pin: string }): void {
    const before = this.#pin;
    this.#pins.add(own);
    const { pin } = own;
    if (pin === before) return;
    const visit = this.#visit;
    if (this.states.now.state !== 'ready' || !visit) return;
    const refused = () => this.#outlook.pinRefused();
    const setup = { host: this.#host, stick: this.#path, pin, tell: this.#tell, refused, signal: visit.ended.signal };
    this.afterOpen((run) => openSim(run, setup))();
  }

  async #leave(): Promise<void> {
    if (--this.#users > 0) return;
    const reason = failure('CANCELLED/at-unused', { stick: this.#path });
    this.#stop.abort(reason);
    this.#visit?.ended.abort(reason);
    await this.#life;
    // Nobody sees any more what it is at.
    if (this.#users === 0) this.states.set({ state: 'connecting', stick: this.#path });
  }

  get #pin(): string | undefined {
    return [...this.#pins].at(-1)?.pin;
  }

  onUrc(listener: (urc: Urc) => void): () => void {
    return this.#urcs.add(listener);
  }

  onEvent(listener: (event: AtEvent) => void): () => void {
    return this.#events.add(listener);
  }

  /** See {@link Commands.afterOpen}. */
  afterOpen(step: OpenStep): () => void {
    return this.#commands.afterOpen(step);
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

  /** See {@link Commands.run}; error COMMAND_REFUSED besides, where the stick that is there would hang at the command. */
  run(command: string, options: RunOptions = {}): Promise<AtReply> {
    return mayHang(command, options) ? this.#runUnlessHanging(command, options) : this.#commands.run(command, options);
  }

  async #runUnlessHanging(command: string, options: RunOptions): Promise<AtReply> {
    await refuseHanging(command, options, this.#dialect, this.#path);
    return this.#commands.run(command, options);
  }

  async #live(stop: AbortSignal): Promise<void> {
    this.#bus.forget();
    const watch = this.#host.watch((devices) => this.#onBus(devices));
    const off = onNotSwitched(this.#host, () => this.#nap.wake());
    let failures = 0;
    while (!stop.aborted) {
      const stick = this.#bus.stick;
      if (heldFor(this.#host, this.#path) !== undefined) {
        this.#set('busy');
        await this.#nap.take(stop, { until: whenFree(this.#host, this.#path) });
      } else if (this.#release.active) {
        this.#set('released');
        await this.#nap.take(stop);
      } else if (this.#rescue.isOurs && comesBackAsCdrom(stick)) {
        failures = 0;
        await this.#switchBack(stick, stop);
      } else if (stick?.mode !== 'tty' || stick.device.address === this.#loaderAt) {
        failures = 0;
        if (this.#bus.isKnown) this.#setMode(stick);
        await this.#nap.take(stop);
      } else {
        const visit: Visit = { stick, ended: new AbortController() };
        this.#visit = visit;
        const serving = this.#serve(visit).catch((error: unknown) =>
          asDriverError(error, 'PROTOCOL/at-port', { stick: stick.path }),
        );
        this.#serving = serving;
        const error = await serving;
        this.#visit = undefined;
        failures = visit.channel ? 1 : failures + 1;
        if (error && !stop.aborted) await this.#recover(visit, error, failures, stop);
      }
    }
    watch.stop();
    off();
    this.#release.sleep();
  }

  /** Holds the stick and keeps its port open until `visit` is ended, which rejects with the reason. */
  async #serve(visit: Visit): Promise<undefined> {
    const { stick, ended } = visit;
    const hold = await holdStick(this.#host, this.#path, {
      purpose: 'AT commands',
      stepBack: () => this.#stepBack(visit, 'busy'),
    });
    try {
      this.#outlook.forget();
      this.#readings.from(stick.device.address);
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
        return undefined;
      }
      visit.channel = channel;
      ended.signal.throwIfAborted();
      // Whatever is under way on it ends at once.
      ended.signal.addEventListener('abort', () => void channel.close(), { once: true });
      channel.onUrc((urc) => {
        this.#outlook.heard(urc.line);
        this.#readings.heard(urc.line);
        if (urc.urc === '^SIMST') {
          this.#who.otherSim();
          this.#askSim();
        }
        this.#urcs.tell(urc);
      });
      watchCalls(channel, this.#host.clock, () => this.#callEnded(visit));
      // A port can be lost without a change that the bus shows: a USB reset, a driver bound anew.
      void channel.ended.then(() => ended.abort(stickGone(this.#path)));
      this.#dialect.reset();
      await this.#rescue.warnOfOthers(this.#host);
      await setUp(channel, {
        host: this.#host,
        role: this.#bus.stick?.ttys.find((tty) => tty.path === channel.path)?.role,
        pin: () => this.#pin,
        identify: (run) => this.#who.opened(visit, run),
        radioOff: this.#radioOff,
        steps: this.#commands.steps,
        tell: this.#tell,
        outlook: this.#outlook,
        signal: ended.signal,
      });
      ended.signal.throwIfAborted();
      this.#radioOff = false;
      this.#rescue.answers();
      const pulse = new Pulse(this.#host.clock, this.#options.pulseMs ?? TIMEOUTS.health.idle);
      visit.pulse = pulse;
      this.#set('ready');
      this.#who.look();
      this.#askSim();
      const dead = await pulse.watch(channel, ended.signal, (what) => {
        this.#rescue.heard(what);
        this.#outlook.silent(what === 'unanswered');
      });
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
    await Promise.race([this.#commands.answered, patience]);
    over.abort();
    visit.ended.abort(unavailable({ state, stick: this.#path }, this.#path));
    await this.#serving;
  }

  /** Where the stick has only said that something is different with its SIM. */
  #askSim(): void {
    if (this.#outlook.now.sim !== undefined) return;
    this.afterOpen(async (run) => void (await run(questionOf(CPIN))))();
  }

  /** URCs may go on although nothing else does: it is asked at once. */
  #callEnded(visit: Visit): void {
    visit.pulse?.suspect();
    this.#tell({ event: 'call', level: 'info', stick: this.#path, text: `A call to ${this.#path} is over.` });
  }

  /** Switches the CD-ROM that the stick has come back as. */
  async #switchBack(stick: Stick, stop: AbortSignal): Promise<void> {
    // An error that is tried again stays to be seen until it is gone.
    if (this.states.now.state !== 'error') this.#set('connecting');
    const error = await switchBack(this.#host, stick, this.#tell, stop);
    if (error?.code === 'BUSY') {
      this.#set('busy');
      await this.#nap.take(stop, { ms: TIMEOUTS.session.retry });
      return;
    }
    if (error) this.states.set({ state: 'error', stick: this.#path, mode: 'storage', error });
    // Our own look at the bus may come a little later than that of the switch.
    if (this.#bus.stick !== stick) return;
    const { retry, retryMax } = TIMEOUTS.session;
    await this.#nap.take(stop, error?.code === 'NOT_SWITCHED' ? {} : { ms: error ? retryMax : retry });
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
      if (this.#bus.stick === visit.stick) await this.#nap.take(stop, { ms: TIMEOUTS.health.pause });
      return;
    }
    if (error.code !== 'STICK_GONE') this.states.set({ state: 'error', stick: this.#path, mode: 'tty', error });
    else if (this.states.now.state !== 'error') this.#set('connecting');
    if (this.#bus.stick === visit.stick) await this.#nap.take(stop, { ms: pause });
  }

  #onBus(devices: UsbDevice[]): void {
    if (!this.#bus.take(devices)) return;
    const visit = this.#visit;
    if (visit && this.#bus.hasLost(visit)) visit.ended.abort(stickGone(this.#path));
    this.#nap.wake();
  }

  #set(state: 'connecting' | 'ready' | 'busy' | 'released'): void {
    const mode = this.#bus.stick?.mode;
    const outlook = (state === 'ready' || state === 'connecting') && this.#outlook.now;
    this.states.set({ state, stick: this.#path, ...(mode && { mode }), ...outlook });
  }

  #setMode(stick: Stick | undefined): void {
    const error = this.#host.unreachable?.();
    const elsewhere = this.#bus.isElsewhere && { elsewhere: true as const };
    if (!stick) this.states.set({ state: 'absent', stick: this.#path, ...(error && { error }), ...elsewhere });
    else if (stick.foreign) {
      this.states.set({ state: 'error', stick: this.#path, mode: stick.mode, error: noModem(stick) });
    } else {
      const mode = stick.mode === 'tty' ? 'loader' : stick.mode;
      const failed = notSwitched(this.#host, this.#path) && { notSwitched: true as const };
      this.states.set({ state: 'mode', stick: this.#path, mode, ...failed });
    }
  }
}
