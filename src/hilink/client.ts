/** The web API of a stick in HiLink mode, as its users see it. */

import { failure } from '../errors';
import { systemClock } from '../host/clock';
import type { Clock } from '../host/host';
import { shownName } from '../urls';
import { known } from '../values/shape';
import type { StatusPart } from '../values/status';
import type { WebIdentity, WebLan, WebSelection, WebValues } from '../values/web';
import { MONTH_STATISTICS, START_DATE, TRAFFIC } from './endpoints/data';
import { NET_MODE } from './endpoints/network';
import { LOGIN_NEEDED } from './endpoints/session';
import { FEATURES, LAN } from './endpoints/settings';
import { PIN } from './endpoints/sim';
import { askToLeave, type Said } from './leaving';
import { enterPin } from './pin';
import { Session } from './session';
import { restart, setData, setLanAddress, setOrder } from './settings';
import { HilinkSms } from './sms';
import { readStatus, type WebStatus, type WebStatusOptions } from './status';
import { type Expected, WebStick } from './stick';
import { httpTransport, type Transport } from './transport';
import { askUssd, release, type UssdOptions, type UssdReply } from './ussd';
import type { Try } from './ways';
import type { CallOptions, Form } from './wire';

export interface HilinkOptions {
  /** `http://192.168.8.1`, or the address alone. */
  url: string;
  /** Of the web page; asked for by the stick, if at all. It is kept here alone, and sent once. */
  password?: string;
  /** Default `admin`. */
  user?: string;
  /** The stick that is meant: compared before each change. */
  expect?: Expected;
  clock?: Clock;
  transport?: Transport;
  /** Of the machine: the address of the interface to use. */
  localAddress?: string;
  /** Hears what is said over the transport. @internal */
  tap?: (transport: Transport) => Transport;
  /** Told what each answer tells, whoever has asked. Must not throw. */
  told?: (values: WebValues) => void;
}

/**
 * Nothing is sent before the first call. Errors of all calls: HILINK_ERROR (with the number of the stick, where it gave one),
 * LOGIN_REFUSED, LOGIN_LOCKED, TIMEOUT, STICK_GONE, QUEUE_FULL, CANCELLED, the signal's reason; of changes STICK_NOT_FOUND
 * too, where another stick answers than the one that is meant. Error of this one: BAD_ARGUMENT.
 */
export function openHilink(options: HilinkOptions): HilinkClient {
  const { clock = systemClock, password, user = 'admin', expect = {}, localAddress, tap, told } = options;
  const url = urlOf(options.url);
  const plain = options.transport ?? httpTransport(known({ url, localAddress }) as { url: URL });
  const transport = tap?.(plain) ?? plain;
  const credentials = password === undefined || password === '' ? {} : { credentials: { user, password } };
  const session = new Session({ clock, transport, host: url.host, ...credentials, ...(told && { told }) });
  return new HilinkClient(new WebStick(session, clock, url.host, expect), url.origin);
}

function urlOf(text: string): URL {
  const full = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url?.protocol === 'http:' && url.username === '' && url.password === '' && url.hostname !== '') return url;
  if (url?.username || url?.password) throw failure('BAD_ARGUMENT/password-in-address', {});
  throw failure('BAD_ARGUMENT/web-address', { address: JSON.stringify(shownName(text)) });
}

export class HilinkClient {
  /** `http://192.168.8.1`. */
  readonly url: string;
  readonly sms: HilinkSms;
  readonly #stick: WebStick;

  /** See {@link openHilink}. @internal */
  constructor(stick: WebStick, url: string) {
    this.#stick = stick;
    this.url = url;
    this.sms = new HilinkSms(stick);
  }

  /** How its firmware wants sessions; undefined before the first call. */
  get form(): Form | undefined {
    return this.#stick.session.form;
  }

  /** Whether its web page wants a login; undefined where the firmware does not tell. */
  async wantsLogin(options: CallOptions = {}): Promise<boolean | undefined> {
    return (await this.#stick.maybe(LOGIN_NEEDED.path, options))?.login?.needed;
  }

  /** The parts of a status that are asked for, as far as the firmware tells them; there is no temperature. */
  status(options: WebStatusOptions): Promise<WebStatus> {
    return readStatus(this.#stick, options);
  }

  async identity(options: CallOptions = {}): Promise<WebIdentity> {
    return (await this.#stick.identity(options)).identity ?? {};
  }

  /** With the cell, where the firmware tells it. */
  async signal(options: CallOptions = {}): Promise<Pick<WebStatus, 'signal' | 'cell'>> {
    const { signal, cell } = await this.#part('signal', options);
    return known({ signal, cell });
  }

  async network(options: CallOptions = {}): Promise<WebValues['network']> {
    return (await this.#part('network', options)).network;
  }

  async sim(options: CallOptions = {}): Promise<WebValues['sim']> {
    return (await this.#part('sim', options)).sim;
  }

  /** State and counters of the connection. */
  async data(options: CallOptions = {}): Promise<WebValues['data']> {
    return (await this.#part('data', options)).data;
  }

  /** Volume of the month and its limit, as far as the firmware counts it. */
  async month(options: CallOptions = {}): Promise<Pick<WebValues, 'month' | 'plan'>> {
    const { month } = (await this.#stick.maybe(MONTH_STATISTICS.path, options)) ?? {};
    const { plan } = (await this.#stick.maybe(START_DATE.path, options)) ?? {};
    return known({ month, plan });
  }

  async clearCounters(options: CallOptions = {}): Promise<WebValues['data']> {
    await this.#stick.sure(options);
    await this.#stick.post('monitoring/clear-traffic', [['ClearTraffic', 1]], options);
    return (await this.#stick.session.values(TRAFFIC.path, options)).data;
  }

  /** Which functions the firmware says it has; undefined where it does not say. */
  async features(options: CallOptions = {}): Promise<WebValues['features']> {
    return (await this.#stick.maybe(FEATURES.path, options))?.features;
  }

  /** Sends a code, or the answer to a menu. Errors: BAD_ARGUMENT, TIMEOUT. */
  ussd(code: string, options: UssdOptions = {}): Promise<UssdReply> {
    return askUssd(this.#stick, code, options);
  }

  /** Leaves an open menu. Never rejects. */
  cancelUssd(): Promise<void> {
    return release(this.#stick);
  }

  /** State of the SIM with the tries that are left. */
  async pin(options: CallOptions = {}): Promise<WebValues['sim']> {
    return (await this.#stick.session.values(PIN.path, options)).sim;
  }

  /** Errors: BAD_ARGUMENT, COMMAND_REFUSED (no more than one try is left, or it wants no PIN). */
  enterPin(pin: string, options: CallOptions = {}): Promise<WebValues['sim']> {
    return enterPin(this.#stick, pin, options);
  }

  /** May cut the machine's own line. Resolves with the state that data has then. */
  setData(on: boolean, options: CallOptions = {}): Promise<WebValues['data']> {
    return setData(this.#stick, on, options);
  }

  async selection(options: CallOptions = {}): Promise<WebSelection | undefined> {
    return (await this.#stick.session.values(NET_MODE.path, options)).selection;
  }

  /** `['auto']`, `['LTE', 'WCDMA']`. Error: BAD_ARGUMENT. */
  setOrder(order: readonly string[], options: CallOptions = {}): Promise<WebSelection | undefined> {
    return setOrder(this.#stick, order, options);
  }

  /** Cuts the machine's own line. The stick comes back on the bus after about a minute. */
  restart(options: CallOptions = {}): Promise<void> {
    return restart(this.#stick, options);
  }

  /** Asks the stick to leave HiLink mode, see {@link askToLeave}: only the bus shows whether it does. */
  leave(by: Try, options: CallOptions = {}): Promise<Said> {
    return askToLeave(this.#stick, by, options);
  }

  async lan(options: CallOptions = {}): Promise<WebLan | undefined> {
    return (await this.#stick.session.values(LAN.path, options)).lan;
  }

  /** Cuts the machine's own line. The stick answers at `address` from then on, and this client is of no more use. */
  setLanAddress(address: string, options: CallOptions = {}): Promise<WebLan> {
    return setLanAddress(this.#stick, address, options);
  }

  /** Another stick or firmware may be there now: what is known of its session and functions is forgotten. */
  forget(): void {
    this.#stick.session.forget();
  }

  /** Logs out. Never rejects; later calls are CANCELLED. */
  close(): Promise<void> {
    return this.#stick.session.close();
  }

  #part(part: StatusPart, options: CallOptions): Promise<WebStatus> {
    return readStatus(this.#stick, { ...options, parts: [part] });
  }
}
