/**
 * The stick with an IMEI, or with a SIM card, in whatever socket it is. Sticks that have not said who they are since they
 * came to the bus are asked, by a share in their AT session, until the right one is found.
 */

import { failure } from '../errors';
import type { Host, UsbDevice } from '../host/host';
import { identitiesOf } from '../stick/identities';
import type { OwnName } from '../stick/own-name';
import { describeStick, type Stick, stickText } from '../stick/stick';
import type { AtState } from './at/states';
import type { UserOptions } from './at/user-options';
import type { Chooser } from './choice';
import { deviceAt } from './device';

/** A share in a session, for one question. */
interface Asking {
  state(): AtState;
  leave(): void;
}

/** What a session is at that may still tell who is there. */
const PENDING: ReadonlySet<AtState['state']> = new Set(['connecting', 'ready', 'busy', 'released', 'recovering']);

export class ByOwnName implements Chooser {
  readonly #host: Host;
  readonly #name: OwnName;
  /** Sockets in which whoever has its port opened has to say who it is, with how to end that. */
  readonly #heard = new Map<string, () => void>();
  /** Those whose port is opened only for that. */
  readonly #asking = new Map<string, Asking>();
  /** Sticks with AT ports, while the right one is looked for. */
  #others: readonly Stick[] = [];
  #leaving: Promise<unknown> = Promise.resolve();
  #options: UserOptions = {};
  #again: () => void = () => undefined;
  #off: () => void = () => undefined;

  constructor(host: Host, name: OwnName) {
    this.#host = host;
    this.#name = name;
  }

  start(again: () => void, { pin: _onlyForTheRightOne, ...options }: UserOptions): void {
    this.#options = options;
    this.#again = again;
    this.#off = identitiesOf(this.#host).on(again);
  }

  async stop(): Promise<void> {
    this.#off();
    this.#others = [];
    this.chosen(undefined);
    await this.#leaving;
  }

  choose(devices: readonly UsbDevice[], now: string | undefined): string | AtState {
    const identities = identitiesOf(this.#host);
    const { what, hash } = this.#name;
    const sticks = devices.map(describeStick).filter((stick) => stick.mode !== 'unknown');
    this.#others = [];
    const sure = theOne(sticks.filter((stick) => identities.of(stick)?.[what] === hash));
    if (sure) return sure;
    const present = sticks.find(({ path }) => path === now);
    const isOther = present !== undefined && identities.of(present) !== undefined;
    // Until it says that it is another one: it may be changing its mode, or a job has it.
    if (present && !isOther) return present.path;
    this.#others = sticks.filter((stick) => stick.mode === 'tty');
    for (const { path } of this.#others) this.#hear(path);
    for (const { path } of this.#strangers) if (!this.#asking.has(path)) this.#asking.set(path, this.#ask(path));
    if (now !== undefined && !isOther) return now;
    // One that cannot be asked is taken for what was in its socket last; it says so itself before anything is sent to it.
    return (
      theOne(sticks.filter((stick) => stick.mode !== 'tty' && identities.wasAt(stick, this.#name))) ?? this.#none()
    );
  }

  chosen(path: string | undefined): void {
    // Whoever comes to the socket that is meant has to say who it is, too.
    if (path !== undefined) this.#hear(path);
    for (const [place, off] of this.#heard) {
      if (place === path || this.#others.some((stick) => stick.path === place)) continue;
      this.#heard.delete(place);
      off();
    }
    const strangers = this.#strangers;
    for (const [place, asking] of this.#asking) {
      if (strangers.some((stick) => stick.path === place)) continue;
      this.#asking.delete(place);
      asking.leave();
    }
  }

  /** Those that have not said who they are. */
  get #strangers(): Stick[] {
    const identities = identitiesOf(this.#host);
    return this.#others.filter((stick) => !identities.of(stick));
  }

  #hear(path: string): void {
    if (!this.#heard.has(path)) this.#heard.set(path, deviceAt(this.#host, path).at.identify());
  }

  #ask(path: string): Asking {
    const { at } = deviceAt(this.#host, path);
    const leave = at.join(this.#options);
    const off = at.states.on(() => this.#again());
    return {
      state: () => at.states.now,
      leave: () => {
        off();
        this.#leaving = Promise.all([this.#leaving, leave()]);
      },
    };
  }

  #none(): AtState {
    const states = this.#strangers.flatMap(({ path }) => this.#asking.get(path)?.state() ?? []);
    if (states.some(({ state }) => PENDING.has(state))) return { state: 'connecting' };
    // The right one may be among those that cannot be asked.
    const error = states.find((state) => state.error)?.error;
    return error ? { state: 'error', error } : { state: 'absent' };
  }
}

/** The only one of `sticks`; an error for several, undefined for none. */
function theOne(sticks: readonly Stick[]): string | AtState | undefined {
  if (sticks.length < 2) return sticks[0]?.path;
  const error = failure('STICK_AMBIGUOUS/own-name', { sticks: sticks.map(stickText) });
  return { state: 'error', error };
}
