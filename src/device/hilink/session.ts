/**
 * The web API of the stick at one port path, for many users: found as soon as the stick is in HiLink mode, asked who it is,
 * asked now and then whether it answers, found again after it has restarted, and left as soon as a job wants the stick. One
 * client, and so one queue and one login, whoever asks.
 */

import { asDriverError, type DriverError, failure, isDriverError } from '../../errors';
import { type HilinkClient, openHilink } from '../../hilink/client';
import { type Host, sleep, type UsbDevice } from '../../host/host';
import { either } from '../../signals';
import { heldFor, onHold } from '../../stick/hold';
import { identitiesOf } from '../../stick/identities';
import { describeStick, type Stick } from '../../stick/stick';
import { TIMEOUTS } from '../../timeouts';
import type { Status } from '../../values/status';
import type { WebIdentity } from '../../values/web';
import { identityOf } from '../identify';
import { Nap } from '../nap';
import type { Readings } from '../readings';
import type { StatusOptions } from '../status';
import { webPlaces } from './places';
import { WebStates, webOutlook } from './states';
import { WebUssd } from './ussd';

/** What a user tells of the web API of the stick; what the last one has told counts. */
export interface WebOptions {
  /** Where it is, where that cannot be found: `http://192.168.8.1`. */
  address?: string;
  /** Of its web page. */
  password?: string;
}

/** One stay at a stick in HiLink mode: ends when the bus, a job, its users or an error say so. */
interface Visit {
  readonly stick: Stick;
  readonly over: AbortController;
  client?: HilinkClient;
  /** It has been `ready`. */
  worked?: true;
  /** What it ended with. */
  failed?: DriverError;
}

/** What is told of the stick behind an address, until the bus shows another enumeration. */
interface Known extends Pick<WebIdentity, 'imei' | 'serial'> {
  address: number;
}

export class HilinkSession {
  readonly states = new WebStates();
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
  #known: Known | undefined;
  /** A password that was refused is not tried again, until it is another one or the stick was plugged in anew. */
  #refused: { address: number; password: string | undefined; error: DriverError; until?: number } | undefined;
  /** How often in a row it was locked: each time it is left alone for twice as long, an hour at most. */
  #locks = 0;

  constructor(host: Host, path: string, readings: Readings) {
    this.#host = host;
    this.#path = path;
    this.#readings = readings;
    this.#nap = new Nap(host.clock);
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
      const { cell: _, addresses: __, sim, ...status } = await client.status({ parts, personal, signal: stop });
      this.#tellOutlook({ ...status, ...(sim && { sim }) });
      const { state, ...more } = sim ?? {};
      const told = { ...status, ...(state !== undefined && { sim: { state, ...more } }) };
      this.#readings.status(told);
      return told;
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
      const visit: Visit = { stick, over: new AbortController() };
      this.#visit = visit;
      const error = await this.#serve(visit);
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
      await this.#check(client, signal);
      visit.worked = true;
      this.#locks = 0;
      for (;;) {
        await sleep(this.#host.clock, TIMEOUTS.hilink.pulse, signal);
        // Also where others ask for other things: what they get tells nothing of SIM and network.
        await this.#check(client, signal);
      }
    } catch (thrown) {
      if (signal.aborted) return visit.failed;
      const error = asDriverError(thrown, 'PROTOCOL/web-session', { stick: this.#path });
      this.#note(visit, error);
      return error;
    } finally {
      await visit.client?.close();
    }
  }

  /** Finds the web server of the stick, and who it is. */
  async #open(device: UsbDevice, signal: AbortSignal): Promise<HilinkClient> {
    const { address: usbAddress } = device;
    const { address, password } = this.#options;
    if (this.#known?.address !== usbAddress) this.#known = undefined;
    if (this.#refused?.address !== usbAddress || this.#refused.password !== password) this.#refused = undefined;
    if (this.#refused && this.#host.clock.now() < (this.#refused.until ?? Number.POSITIVE_INFINITY))
      throw this.#refused.error;
    this.#refused = undefined;
    const places = await webPlaces(this.#host, device, address);
    let last: unknown;
    for (const place of places) {
      // Filled in as soon as it is known who is there: each change is preceded by that question.
      const expect: Omit<Known, 'address'> = {};
      const { clock } = this.#host;
      const client = openHilink({ ...place, clock, expect, ...(password !== undefined && { password }) });
      try {
        const found = await client.identity({ timeout: TIMEOUTS.hilink.probe, signal });
        this.#recognise(found, usbAddress);
        Object.assign(expect, this.#known && { imei: this.#known.imei, serial: this.#known.serial });
        return client;
      } catch (error) {
        await client.close();
        if (signal.aborted || !isDriverError(error, 'STICK_GONE', 'TIMEOUT', 'HILINK_ERROR')) throw error;
        last = error;
      }
    }
    throw places.length === 1
      ? last
      : failure('HILINK_ERROR/no-web', { stick: this.#path, tried: places.map(({ url }) => url) }, { cause: last });
  }

  /** Error: STICK_NOT_FOUND, where another one answers than before. */
  #recognise({ imei, serial, iccid }: WebIdentity, address: number): void {
    const before = this.#known;
    const differs = (what: 'imei' | 'serial', now: string | undefined) =>
      before?.[what] !== undefined && now !== undefined && before[what] !== now;
    if (differs('imei', imei) || differs('serial', serial)) {
      throw failure('STICK_NOT_FOUND/other-answers', { stick: this.#path });
    }
    this.#known = {
      ...before,
      address,
      ...(imei !== undefined && { imei }),
      ...(serial !== undefined && { serial }),
    };
    // With half of it the other half that is noted would be forgotten.
    if (imei === undefined || iccid === undefined) return;
    identitiesOf(this.#host).tell(this.#path, address, identityOf({ imei, iccid }));
  }

  /** Asks for what stands between it and a network, as a proof that it answers. */
  async #check(client: HilinkClient, signal: AbortSignal): Promise<void> {
    const status = await client.status({ parts: ['network', 'sim'], signal });
    // A stick that keeps all of it to itself says why when it is asked for one thing.
    if (Object.keys(status).length === 0) await client.pin({ signal });
    signal.throwIfAborted();
    this.states.set({ state: 'ready', url: client.url, ...webOutlook(status) });
  }

  #tellOutlook(status: Parameters<typeof webOutlook>[0]): void {
    const now = this.states.now;
    if (now?.state === 'ready') this.states.set({ ...now, ...webOutlook(status) });
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
    // Told again what it was told while nothing was sent.
    if (this.#refused?.error === error) return;
    const refused = { address: stick.device.address, password: this.#options.password, error };
    if (error.code === 'LOGIN_REFUSED') this.#refused = refused;
    if (error.code !== 'LOGIN_LOCKED') return;
    const ms = Math.min(TIMEOUTS.hilink.locked * 2 ** this.#locks++, 3_600_000);
    this.#refused = { ...refused, until: this.#host.clock.now() + ms };
  }
}

/** Errors that a stick has behind it when it has started. */
const EARLY = [
  'STICK_GONE',
  'TIMEOUT',
  'HILINK_ERROR/no-interface',
  'HILINK_ERROR/no-lan-address',
  'HILINK_ERROR/no-web',
] as const;

/** Errors of a request after which nothing else can be expected to work. */
const GONE = ['STICK_GONE', 'TIMEOUT/web', 'LOGIN_REFUSED', 'LOGIN_LOCKED'] as const;
