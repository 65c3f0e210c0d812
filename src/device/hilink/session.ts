/**
 * The web API of the stick at one port path, for many users: found as soon as the stick is in HiLink mode, asked who it is,
 * asked now and then whether it answers, found again after it has restarted, and left as soon as a job wants the stick. One
 * client, and so one queue and one login, whoever asks.
 */

import { asDriverError, type DriverError, failure, isDriverError } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import { plainStatus } from '../../hilink/status';
import { EARLY, openThere } from '../../hilink/there';
import { type Host, sleep, type UsbDevice } from '../../host/host';
import { Listeners } from '../../listeners';
import { either } from '../../signals';
import { heldFor, leaveFirst, onHold } from '../../stick/hold';
import { describeStick, type Stick } from '../../stick/stick';
import { TIMEOUTS } from '../../timeouts';
import type { Status, StatusPart } from '../../values/status';
import type { AtEvent } from '../at/events';
import { Nap } from '../nap';
import type { Readings } from '../readings';
import type { StatusOptions } from '../status';
import { actAt, type StickActed, type StickAction } from './acting';
import { WebPin } from './pin';
import { RefusedLogin } from './refused';
import { WebStates, webOutlook } from './states';
import { storageOf } from './storage';
import { WebUssd } from './ussd';
import type { WebOptions } from './web-options';
import { WhoAnswers } from './who';

/** One stay at a stick in HiLink mode: ends when the bus, a job, its users or an error say so. */
interface Visit {
  readonly stick: Stick;
  readonly over: AbortController;
  client?: HilinkClient;
  /** It has been `ready`. */
  worked?: true;
  /** Settles when it has ended, logged out. */
  gone?: Promise<unknown>;
  readonly pin: WebPin;
  /** What the last look of its own has found. */
  seen?: { at: number; status: Status };
  /** What it ended with. */
  failed?: DriverError;
}

export class HilinkSession {
  readonly states = new WebStates();
  readonly #events = new Listeners<AtEvent>();
  readonly ussd: WebUssd;
  readonly #host: Host;
  readonly #path: string;
  readonly #nap: Nap;
  readonly #readings: Readings;
  readonly #wishes = new Set<WebOptions>();
  #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  /** On the bus now, in whatever mode, and since when it has been there. */
  #stick: Stick | undefined;
  #since = 0;
  #visit: Visit | undefined;
  readonly #who: WhoAnswers;
  readonly #refused: RefusedLogin;

  constructor(host: Host, path: string, readings: Readings) {
    this.#host = host;
    this.#path = path;
    this.#readings = readings;
    this.#nap = new Nap(host.clock);
    this.#refused = new RefusedLogin(host, path);
    this.#who = new WhoAnswers(host, path);
    this.ussd = new WebUssd(host.clock, (work, signal) => this.run(work, signal));
  }

  /** One more user. Returns how to leave: when that resolves after the last one, it is logged out. */
  join(options: WebOptions): () => Promise<void> {
    const own = { ...options };
    const before = JSON.stringify(this.#options);
    this.#wishes.add(own);
    if (this.#wishes.size === 1) this.#start();
    else if (JSON.stringify(this.#options) !== before) this.#again();
    return async () => {
      this.#wishes.delete(own);
      if (this.#wishes.size > 0) return;
      this.#stop.abort();
      this.#visit?.over.abort();
      await this.#life;
    };
  }

  /** Calls `listener` for what happens beside the state: the PIN. Returns how to end it. */
  onEvent(listener: (event: AtEvent) => void): () => void {
    return this.#events.add(listener);
  }

  /**
   * Does something by the web API; waits while its address is being found. Errors: WRONG_MODE, TIMEOUT (not found yet), why it
   * does not answer, and those of `work`.
   */
  async run<T>(
    work: (client: HilinkClient, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined = undefined,
  ): Promise<T> {
    await this.states.settled(this.#host.clock, TIMEOUTS.session.connect, signal);
    const visit = this.#visit;
    const now = this.states.now;
    if (!now) throw failure('WRONG_MODE/not-hilink', { stick: this.#path });
    if (!visit?.client || now.state !== 'ready')
      throw now.error ?? failure('TIMEOUT/web-not-found', { stick: this.#path });
    const both = either(visit.over.signal, signal);
    try {
      return await work(visit.client, both.signal);
    } catch (error) {
      if (isDriverError(error, ...GONE)) this.#fail(visit, error);
      throw error;
    } finally {
      both.off();
    }
  }

  /** The parts of a status that HiLink knows, in the words of the AT side. Errors: those of {@link run}. */
  status({ parts, personal = false, signal }: StatusOptions): Promise<Status> {
    return this.run(async (client, stop) => {
      const seen = this.#seenNow(parts);
      if (seen) return seen;
      const status = await client.status({ parts, personal, signal: stop });
      this.#tellOutlook(status);
      const told = plainStatus(status);
      this.#readings.status(told);
      return told;
    }, signal);
  }

  /**
   * Does what somebody has asked for. What may cut the machine's own line needs `force` where its default route goes through
   * the stick. Errors: COMMAND_REFUSED (that line), those of {@link actAt} and of {@link run}.
   */
  act(action: StickAction, signal?: AbortSignal): Promise<StickActed> {
    return this.run(async (client, stop) => {
      const visit = this.#visit;
      if (!visit) throw failure('WRONG_MODE/not-hilink', { stick: this.#path });
      const where = { host: this.#host, device: visit.stick.device, client, pin: visit.pin, signal: stop };
      delete visit.seen;
      const done = await actAt(where, action);
      // It answers elsewhere from now on.
      if (action.action === 'lan' && action.address !== undefined) this.#again();
      return done;
    }, signal);
  }

  #start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    // After the former life, which logs out first.
    this.#life = this.#life.then(() => this.#live(stop.signal));
  }

  get #options(): WebOptions {
    return Object.assign({}, ...this.#wishes) as WebOptions;
  }

  /** In HiLink mode, and nobody works on it. */
  get #there(): Stick | undefined {
    return this.#stick?.mode === 'hilink' && heldFor(this.#host, this.#path) === undefined ? this.#stick : undefined;
  }

  async #live(stop: AbortSignal): Promise<void> {
    const watch = this.#host.watch((devices) => this.#onBus(devices));
    const off = onHold(this.#host, () => this.#look());
    let failures = 0;
    while (!stop.aborted) {
      const stick = this.#there;
      if (!stick) {
        failures = 0;
        this.states.set(undefined);
        await this.#nap.take(stop);
        continue;
      }
      const setup = { host: this.#host, stick: this.#path, tell: (event: AtEvent) => this.#events.tell(event) };
      const pin = new WebPin(setup, () => this.#options.pin);
      const visit: Visit = { stick, over: new AbortController(), pin };
      this.#visit = visit;
      const serving = this.#serve(visit);
      visit.gone = serving;
      const error = await serving;
      this.#visit = undefined;
      this.ussd.reset();
      if (!error || stop.aborted) continue;
      const young = !visit.client && this.#host.clock.now() - this.#since < TIMEOUTS.hilink.start;
      const starting = young && isDriverError(error, ...EARLY);
      if (!starting) this.states.set({ state: 'error', error });
      failures = visit.worked || starting ? 1 : failures + 1;
      const { retry, retryMax } = TIMEOUTS.session;
      const ms = Math.min(retry * 2 ** (failures - 1), retryMax);
      if (this.#there?.device.address === stick.device.address) await this.#nap.take(stop, { ms });
    }
    watch.stop();
    off();
    this.#stick = undefined;
    this.states.set(undefined);
  }

  /** Resolves when the visit is over, with what went wrong. */
  async #serve(visit: Visit): Promise<DriverError | undefined> {
    const { signal } = visit.over;
    try {
      // An error that is tried again stays to be seen until it is gone.
      if (this.states.now?.state !== 'error') this.states.set({ state: 'connecting' });
      const client = await this.#open(visit.stick.device, signal);
      visit.client = client;
      this.#readings.from(visit.stick.device.address);
      await this.#check(visit, client, signal);
      visit.worked = true;
      this.#refused.worked();
      for (;;) {
        await sleep(this.#host.clock, TIMEOUTS.hilink.pulse, signal);
        // Also where others ask for other things: what they get tells nothing of SIM and network.
        await this.#check(visit, client, signal);
      }
    } catch (thrown) {
      if (signal.aborted) return visit.failed;
      const error = asDriverError(thrown, 'PROTOCOL/web-session', { stick: this.#path });
      this.#note(visit, error);
      return error;
    } finally {
      await visit.client?.close();
      await this.#refused.noted;
    }
  }

  /** Finds the web server of the stick, and who it is. */
  async #open(device: UsbDevice, signal: AbortSignal): Promise<HilinkClient> {
    const { address: usbAddress } = device;
    const { password } = this.#options;
    await this.#refused.require({ address: usbAddress, password });
    return openThere(this.#host, device, {
      ...this.#options,
      signal,
      told: ({ store }) => {
        const storage = store && storageOf(store);
        if (storage) this.#readings.messages({ used: storage.used, total: storage.total });
      },
      recognise: (found) => this.#who.recognise(found, usbAddress),
    });
  }

  /** Asks for what stands between it and a network, as a proof that it answers. */
  async #check(visit: Visit, client: HilinkClient, signal: AbortSignal): Promise<void> {
    const status = await client.status({ parts: LOOK, signal });
    // A stick that keeps all of it to itself says why when it is asked for one thing.
    if (Object.keys(status).length === 0) await client.pin({ signal });
    signal.throwIfAborted();
    // With the SIM that it has then.
    if (await visit.pin.seeTo(client, status.sim?.state, signal)) return this.#check(visit, client, signal);
    const told = plainStatus(status);
    visit.seen = { at: this.#host.clock.now(), status: told };
    this.#readings.status(told);
    this.states.set({ state: 'ready', url: client.url, ...visit.pin.mark(webOutlook(status)) });
  }

  /** Whoever waits for `ready` asks at once for what was asked to know that. */
  #seenNow(parts: readonly StatusPart[]): Status | undefined {
    const seen = this.#visit?.seen;
    const old = !seen || this.#host.clock.now() - seen.at > TIMEOUTS.hilink.seen;
    if (old || parts.some((part) => part === 'data' || part === 'identity')) return undefined;
    const wanted = Object.entries(seen.status).filter(([part]) => parts.includes(part as StatusPart));
    // Why there is nothing is said to whoever asks for it.
    return wanted.length > 0 ? Object.fromEntries(wanted) : undefined;
  }

  #tellOutlook(status: Parameters<typeof webOutlook>[0]): void {
    const now = this.states.now;
    const pin = this.#visit?.pin;
    if (now?.state === 'ready' && pin) this.states.set({ ...now, ...pin.mark(webOutlook(status)) });
  }

  #onBus(devices: readonly UsbDevice[]): void {
    const device = devices.find(({ portPath }) => portPath === this.#path);
    if (device?.address !== this.#stick?.device.address) this.#since = this.#host.clock.now();
    this.#stick = device && describeStick(device);
    this.#look();
  }

  /** Something has changed on the bus, or in who works on the stick. */
  #look(): void {
    const visit = this.#visit;
    const there = this.#there;
    if (there && !this.states.now) this.states.set({ state: 'connecting' });
    if (visit && there?.device.address !== visit.stick.device.address) {
      this.states.set(there && { state: 'connecting' });
      visit.over.abort(failure('STICK_GONE/at-port', { stick: this.#path }));
      // Most sticks refuse a second login: whoever takes the stick may need one at once.
      if (visit.gone && heldFor(this.#host, this.#path)) leaveFirst(this.#host, this.#path, visit.gone);
    }
    this.#nap.wake();
  }

  /** Other settings. */
  #again(): void {
    this.#visit?.over.abort(failure('CANCELLED/web-settings', { stick: this.#path }));
    this.#nap.wake();
  }

  #fail(visit: Visit, error: DriverError): void {
    if (visit.over.signal.aborted) return;
    visit.failed = error;
    this.#note(visit, error);
    visit.over.abort(error);
  }

  #note({ stick }: Visit, error: DriverError): void {
    this.#refused.note({ address: stick.device.address, password: this.#options.password }, error);
  }
}

/** What stands between a stick and a network; its signal comes with the same answers. */
const LOOK = ['signal', 'network', 'sim'] as const;

/** Errors of a request after which nothing else can be expected to work. */
const GONE = ['STICK_GONE', 'TIMEOUT/web', 'LOGIN_REFUSED', 'LOGIN_LOCKED'] as const;
