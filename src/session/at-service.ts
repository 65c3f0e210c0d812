/**
 * AT for many users of one stick: one port, one queue, whoever asks. Sessions belong to the host, not to a user: the
 * first user of a stick opens its port, the last one closes it.
 */

import type { AtReply, RunOptions, Urc } from '../at/channel';
import { DriverError } from '../errors';
import type { Host } from '../host/host';
import { AutoSession } from './at-auto';
import type { AtEvent } from './at-events';
import { AtSession } from './at-session';
import type { OpenStep } from './at-setup';
import type { AtState } from './at-state';
import type { UserOptions } from './at-user';
import { Queue } from './queue';

export type { AtReply, RunOptions, Urc } from '../at/channel';
export type { AtEvent, RecoveryStep } from './at-events';
export type { Space } from './at-port';
export type { OpenStep, Run } from './at-setup';
export type { AtState } from './at-state';

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
  /** Gives the share back. When this resolves after the last user's, port and stick are free. Twice is harmless. */
  release(): Promise<void>;
}

interface Sessions {
  at: Map<string, AtSession>;
  auto?: AutoSession;
  queues: WeakMap<AtSession | AutoSession, Queue>;
}

/** Commands of all users of a session that wait or are under way. */
const MOST_COMMANDS = 1_000;

/** One entry per port path that has ever been used: few, and cheap while nobody uses them. */
const sessions = new WeakMap<Host, Sessions>();

/** The AT session of the stick meant by `which` (a port path, or `auto` for the only one). Never throws. */
export function openAt(host: Host, which: string, options: OpenAtOptions = {}): AtHandle {
  const { timeout, ...user } = options;
  const own: Sessions = sessions.get(host) ?? { at: new Map(), queues: new WeakMap() };
  sessions.set(host, own);
  const open = (session: AtSession | AutoSession): AtHandle => {
    const queue = own.queues.get(session) ?? new Queue('AT commands', MOST_COMMANDS);
    own.queues.set(session, queue);
    return handle(session, queue, user, timeout);
  };
  const sessionAt = (path: string): AtSession => {
    const session = own.at.get(path) ?? new AtSession(host, path);
    own.at.set(path, session);
    return session;
  };
  if (which !== 'auto') return open(sessionAt(which));
  own.auto ??= new AutoSession(host, sessionAt);
  return open(own.auto);
}

function handle(
  session: AtSession | AutoSession,
  queue: Queue,
  user: UserOptions,
  timeout: number | undefined,
): AtHandle {
  const offs = new Set<() => void>();
  let released = false;
  // Who has left hears nothing any more, however late it asks.
  const until = (on: () => () => void) => {
    if (released) return () => undefined;
    const off = on();
    offs.add(off);
    return () => {
      offs.delete(off);
      off();
    };
  };
  session.join(user);
  return {
    get state() {
      return { ...session.states.now };
    },
    run(command, options = {}) {
      if (released) {
        const message = 'This share in the AT session of the stick has been given back.';
        return Promise.reject(new DriverError('CANCELLED', message));
      }
      const plain = timeout !== undefined && { plain: timeout };
      return queue.take(() => session.run(command, { ...plain, ...options }));
    },
    // What one of them does to it is no other one's business.
    onUrc: (listener) => until(() => session.onUrc((urc) => listener({ ...urc }))),
    onState: (listener) => until(() => session.states.on((state) => listener({ ...state }))),
    onEvent: (listener) => until(() => session.onEvent(listener)),
    afterOpen: (step) => until(() => session.afterOpen(step)),
    releasePort: (ms) => session.releasePort(ms),
    takePort: () => session.takePort(),
    async release() {
      if (released) return;
      released = true;
      for (const off of offs) off();
      await session.leave();
    },
  };
}
