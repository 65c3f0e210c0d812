/**
 * AT for many users of one stick: one port, one queue, whoever asks. Sessions belong to the host, not to a user: the
 * first user of a stick opens its port, the last one closes it.
 */

import type { AtReply, RunOptions, Urc } from '../../at/channel';
import { failure, isDriverError } from '../../errors';
import type { Host } from '../../host/host';
import { either } from '../../signals';
import type { Status } from '../../values/status';
import type { Meaning } from '../choice';
import type { Device } from '../device';
import { Follower } from '../follower';
import type { StickActed, StickAction } from '../hilink/acting';
import type { HilinkSession } from '../hilink/session';
import { keepLastState } from '../last-state';
import { always, meaningOf } from '../meaning';
import type { StatusOptions } from '../status';
import { Wishes } from '../wishes';
import type { AtEvent } from './events';
import type { OpenStep } from './opening-steps';
import { type AtState, AtStates, unavailable } from './states';
import type { UserOptions } from './user-options';

export type { AtReply, RunOptions, Urc } from '../../at/channel';
export type { StickActed, StickAction } from '../hilink/acting';
export type { AtEvent, RecoveryStep } from './events';
export type { OpenStep, Run } from './opening-steps';
export type { Space } from './port-choice';
export type { AtState } from './states';

export interface OpenAtOptions extends UserOptions {
  /**
   * Milliseconds for a plain command (identity, settings) of this user. Commands that are known to take longer keep
   * their own time, and {@link RunOptions.timeout} goes before both.
   */
  timeout?: number;
}

/** One user's share in the AT session of a stick. */
export interface AtHandle {
  readonly state: AtState;
  /**
   * Sends one command in its turn; waits up to 15 s while the port is being opened. A refusal by the stick is a reply, no
   * error. Errors: STICK_NOT_FOUND, STICK_AMBIGUOUS, WRONG_MODE (no AT port in this mode), BUSY (a job holds the stick),
   * what kept the port from opening, QUEUE_FULL, and those of {@link AtChannel.run}.
   */
  run(command: string, options?: RunOptions): Promise<AtReply>;
  /** Calls `listener` for each URC until the returned function is called. What it throws is dropped. */
  onUrc(listener: (urc: Urc) => void): () => void;
  /** Calls `listener` for each change of {@link state}. What it throws is dropped. */
  onState(listener: (state: AtState) => void): () => void;
  /** Calls `listener` for what happens beside the state: steps to bring the stick back, PIN, hand-over. */
  onEvent(listener: (event: AtEvent) => void): () => void;
  /**
   * Runs `step` after each opening of the port, before commands of {@link run}, and at once if it is open now. For settings
   * that a stick forgets when it restarts. Returns how to take it off.
   */
  afterOpen(step: OpenStep): () => void;
  /**
   * Closes the port and leaves it to another program, until somebody takes it back or for `ms` milliseconds. All users see
   * the state `released`; their commands are refused with BUSY. A deploy does not end it.
   */
  releasePort(ms?: number): Promise<void>;
  /** Takes the port back; harmless when it was not handed over. */
  takePort(): void;
  /**
   * The same status as by AT, of a stick in HiLink mode: by its web API ({@link AtState.web}). Errors: WRONG_MODE, and why the
   * web API does not answer.
   */
  webStatus(options: StatusOptions): Promise<Status>;
  /** Tells a stick in HiLink mode to do something. Errors: WRONG_MODE, and those of {@link HilinkSession.act}. */
  act(action: StickAction, signal?: AbortSignal): Promise<StickActed>;
  /** Gives the share back. When this resolves after the last user's, port and stick are free. Twice is harmless. */
  release(): Promise<void>;
}

/**
 * The AT session of the stick meant by `which`: a port path, `auto` for the only one, or an own name. Error: BAD_ARGUMENT for
 * an own name that cannot be one ({@link parseOwnName}).
 */
export const openAt = (host: Host, which: string, options: OpenAtOptions = {}): AtHandle =>
  openMeant(host, meaningOf(host, which), options);

/** The same at one device. */
export const openAtDevice = (host: Host, device: Device, options: OpenAtOptions = {}): AtHandle =>
  openMeant(host, always(device), options);

const withWeb = (state: AtState, web: AtState['web']): AtState =>
  web && state.state === 'mode' && state.mode === 'hilink' ? { ...state, web } : state;

/** By AT ports, or by the web API where the stick turns out to be in HiLink mode, and the user can do with it. */
export async function byEither<T>(
  handle: Pick<AtHandle, 'state'>,
  at: () => Promise<T>,
  web: () => Promise<T>,
): Promise<T> {
  if (handle.state.web) return web();
  try {
    return await at();
  } catch (error) {
    // Nobody knew its mode yet.
    if (!handle.state.web || !isDriverError(error, 'WRONG_MODE')) throw error;
    return web();
  }
}

function openMeant(host: Host, meaning: Meaning, { timeout, ...user }: OpenAtOptions): AtHandle {
  const states = new AtStates();
  const wishes = new Wishes<Device>();
  const follower = new Follower(meaning, user, (device) => {
    const { at, web } = device;
    const forget = keepLastState(host, device);
    const leave = at.join(user);
    const leaveWeb = user.web && web?.join({ ...user.web, ...(user.pin !== undefined && { pin: user.pin }) });
    const tell = () => states.set(user.web ? withWeb(at.states.now, web?.states.now) : at.states.now);
    const offs = [at.states.on(tell), web?.states.on(tell)];
    const takeOff = wishes.enter(device);
    tell();
    return async () => {
      for (const off of offs) off?.();
      takeOff();
      await Promise.all([leave(), leaveWeb?.()]);
      await forget();
    };
  });
  let released = false;
  // Who has left hears nothing any more, however late it asks.
  const until = (on: (device: Device) => () => void) => (released ? () => undefined : wishes.add(on, follower.device));
  const run = async (command: string, options: RunOptions): Promise<AtReply> => {
    if (!follower.isKnown) await follower.known(host.clock, options.signal);
    const { signal, off } = either(follower.over, options.signal);
    return follower.device.at.run(command, { ...options, signal }).finally(off);
  };
  const byWeb = async <T>(
    asked: AbortSignal | undefined,
    work: (web: HilinkSession, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    if (released) throw failure('CANCELLED/at-share', {});
    const { device, over } = follower;
    if (!device.web) throw unavailable(states.now, meaning.name);
    const { signal, off } = either(over, asked);
    return work(device.web, signal).finally(off);
  };
  return {
    get state() {
      return { ...states.now };
    },
    run(command, options = {}) {
      if (released) {
        return Promise.reject(failure('CANCELLED/at-share', {}));
      }
      const plain = timeout !== undefined && { plain: timeout };
      return follower.device.queue.take(() => run(command, { ...plain, ...options }));
    },
    // What one of them does to it is no other one's business.
    onUrc: (listener) => until(({ at }) => at.onUrc((urc) => listener({ ...urc }))),
    onState: (listener) => until(() => states.on((state) => listener({ ...state }))),
    onEvent: (listener) =>
      until(({ at, web }) => {
        const offs = [at.onEvent(listener), user.web && web?.onEvent(listener)];
        return () => {
          for (const off of offs) off?.();
        };
      }),
    afterOpen: (step) => until(({ at }) => at.afterOpen(step)),
    releasePort: (ms) => follower.device.at.releasePort(ms),
    takePort: () => follower.device.at.takePort(),
    webStatus: (options) => byWeb(options.signal, (web, signal) => web.status({ ...options, signal })),
    async act(action, asked) {
      const { state, web, stick } = states.now;
      if (!web && (state === 'ready' || state === 'mode')) {
        throw failure('WRONG_MODE/only-hilink', { stick: stick ?? meaning.name });
      }
      return byWeb(asked, (session, signal) => session.act(action, signal));
    },
    async release() {
      if (released) return;
      released = true;
      wishes.end();
      await follower.release();
    },
  };
}
