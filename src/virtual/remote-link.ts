/** The connection to the program that serves a virtual stick: made when somebody needs it, and again while somebody does. */

import { connect, type Socket } from 'node:net';
import { asDriverError, type DriverError, failure } from '../errors';
import { errnoOf } from '../host/files';
import type { Clock, Timer } from '../host/host';
import { Listeners } from '../listeners';
import { LOOPBACK, type ServedName, servedText } from '../served-name';
import { TIMEOUTS } from '../timeouts';
import type { StickEvent } from './events';
import {
  type Bus,
  GREETING,
  type Hello,
  isBus,
  isHello,
  LIMITS,
  Lines,
  type Question,
  readError,
  readWord,
  WIRE_VERSION,
  type Word,
  writeLine,
} from './wire';

/** What is told of an open port. */
export interface Sink {
  data(chunk: Uint8Array): void;
  /** It has vanished; nothing follows. */
  gone(error: DriverError): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: DriverError): void;
  timer: Timer;
}

export class RemoteLink {
  /** Told after each change of {@link bus}, and when the server comes or goes. */
  readonly changes = new Listeners<void>();
  readonly events = new Listeners<StickEvent>();
  /** As the stick is called here. */
  readonly name: string;
  readonly #at: ServedName;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #connecting: Promise<void> | undefined;
  #hello: Hello | undefined;
  #away: DriverError | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sinks = new Map<number, Sink>();
  #count = 0;
  #users = 0;
  #retry: Timer | undefined;
  #pause: number = TIMEOUTS.remote.retry;

  constructor(at: ServedName, clock: Clock) {
    this.#at = at;
    this.#clock = clock;
    this.name = servedText(at);
  }

  /** The stick as the bus shows it; undefined while nobody can tell. */
  get bus(): Bus | undefined {
    return this.#hello?.bus;
  }

  /** Another one after each start of the server. */
  get instance(): string | undefined {
    return this.#hello?.instance;
  }

  /** Why nobody can tell, since the last try. */
  get away(): DriverError | undefined {
    return this.#away;
  }

  /** From now on the server is looked for until it is there, also after it has gone; returns how to end that. */
  use(): () => void {
    this.#users++;
    this.#adjust();
    this.ready().catch(() => undefined);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#users === 0) this.#retry?.cancel();
      this.#adjust();
    };
  }

  /** Resolves when the connection is there; tries at once. Errors: STICK_NOT_FOUND, PROTOCOL (it is something else). */
  ready(): Promise<void> {
    if (this.#hello) return Promise.resolve();
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Asks with `sink` registered for the handle in `question`, before anything can be told of it. */
  async open(question: (handle: number) => Question, sink?: Sink): Promise<number> {
    await this.ready();
    const handle = ++this.#count;
    if (sink) this.#sinks.set(handle, sink);
    try {
      await this.#send(question(handle));
      return handle;
    } catch (error) {
      this.#sinks.delete(handle);
      throw error;
    }
  }

  /** Nobody wants to hear of this port any more. */
  forget(handle: number): void {
    this.#sinks.delete(handle);
    this.#adjust();
  }

  /**
   * The answer to `question`, `ms` later than usual at most. Errors: those of {@link ready}, STICK_GONE when the server
   * goes away meanwhile, TIMEOUT when it says nothing, and what it refuses with.
   */
  async ask(question: Question, ms = 0): Promise<unknown> {
    await this.ready();
    return this.#send(question, ms);
  }

  /** The same of what is open, which belongs to the connection that is there: none is made for it. */
  askOpen(question: Question, ms = 0): Promise<unknown> {
    return this.#send(question, ms);
  }

  async #connect(): Promise<void> {
    this.#retry?.cancel();
    const socket = connect({ host: LOOPBACK, port: this.#at.port, noDelay: true });
    const lines = new Lines();
    let cause: Error | undefined;
    this.#socket = socket;
    socket.on('error', (error) => {
      cause = error;
    });
    socket.on('close', () => this.#lose(socket, undefined, cause));
    socket.on('data', (chunk) => {
      try {
        for (const line of lines.push(chunk)) if (this.#socket === socket) this.#hear(readWord(line));
      } catch {
        this.#lose(socket, this.#strange());
      }
    });
    const { stickName: stick } = this.#at;
    try {
      await this.#send({ ask: 'hello', greeting: GREETING, version: WIRE_VERSION, stick });
    } catch (error) {
      // It was refused: another one is not welcome either.
      this.#lose(socket, asDriverError(error, 'PROTOCOL/greeting', {}));
      throw error;
    }
  }

  #hear(word: Word): void {
    if ('answer' in word) {
      // At once: what follows in the same chunk builds on it. Before the greeting nothing else is answered.
      if (!this.#hello) this.#greet(word.value);
      this.#settle(word.answer)?.resolve(word.value);
    } else if ('refusal' in word) {
      const { refusal, code } = word;
      // What greets otherwise may refuse with whatever it calls an error.
      if (!this.#hello && code !== 'PROTOCOL' && code !== 'STICK_NOT_FOUND') throw this.#strange();
      this.#settle(refusal)?.reject(readError(word, this.name));
    } else if ('bus' in word) {
      if (!this.#hello || !isBus(word.bus)) throw this.#strange();
      this.#hello.bus = word.bus;
      this.changes.tell();
    } else if ('event' in word) this.events.tell(word.event);
    else if ('data' in word) this.#sinks.get(word.handle)?.data(Buffer.from(word.data, 'base64'));
    else if ('gone' in word) {
      const sink = this.#sinks.get(word.handle);
      this.#sinks.delete(word.handle);
      sink?.gone(readError(word.gone, this.name));
    } else throw this.#strange();
    this.#adjust();
  }

  #greet(hello: unknown): void {
    if (!isHello(hello)) throw this.#strange();
    this.#hello = hello;
    this.#away = undefined;
    this.#pause = TIMEOUTS.remote.retry;
    this.changes.tell();
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.timer.cancel();
    return waiting;
  }

  #send(question: Question, ms = 0): Promise<unknown> {
    const socket = this.#socket;
    if (!socket) return Promise.reject(this.#lost());
    if (this.#waiting.size >= LIMITS.asks) {
      return Promise.reject(failure('BUSY/too-much', { stick: this.name }));
    }
    const id = ++this.#count;
    let line: string;
    try {
      line = writeLine({ id, ...question });
    } catch (error) {
      // Before anything is said: the connection is not to suffer from it.
      return Promise.reject(asDriverError(error, 'BAD_ARGUMENT/unsendable', {}, { stick: this.name }));
    }
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(ms + TIMEOUTS.remote.answer, () => this.#lose(socket, this.#mute()));
      this.#waiting.set(id, { resolve, reject, timer });
      socket.write(line);
      this.#adjust();
    });
  }

  /** The connection is over, and the stick has gone for all who use it. Without `why` the other side has ended it. */
  #lose(socket: Socket, why: DriverError | undefined, cause?: Error): void {
    if (this.#socket !== socket) return;
    const served = this.#hello !== undefined;
    const before = this.#away?.message;
    this.#socket = undefined;
    this.#hello = undefined;
    this.#away = why ?? this.#notServed(cause);
    socket.destroy();
    const lost = why ?? (served ? this.#lost() : this.#away);
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(lost);
    const sinks = [...this.#sinks.values()];
    this.#sinks.clear();
    for (const sink of sinks) sink.gone(this.#lost());
    if (served || this.#away.message !== before) this.changes.tell();
    if (this.#users === 0) return;
    this.#retry = this.#clock.after(this.#pause, () => void this.ready().catch(() => undefined));
    this.#pause = Math.min(this.#pause * 2, TIMEOUTS.remote.retryMax);
  }

  /** An idle connection is no reason to go on running. */
  #adjust(): void {
    if (this.#users > 0 || this.#waiting.size > 0 || this.#sinks.size > 0) this.#socket?.ref();
    else this.#socket?.unref();
  }

  #notServed(cause: unknown): DriverError {
    const { port } = this.#at;
    const errno = errnoOf(cause);
    const told = errno !== undefined && errno !== 'ECONNREFUSED' && errno !== 'ECONNRESET';
    const params = { address: LOOPBACK, port, errno: told ? errno : null };
    return failure('STICK_NOT_FOUND/no-server', params, { stick: this.name, cause });
  }

  #lost(): DriverError {
    return failure('STICK_GONE/server', { stick: this.name, port: this.#at.port });
  }

  #mute(): DriverError {
    return failure('TIMEOUT/server', { stick: this.name });
  }

  #strange(): DriverError {
    return failure('PROTOCOL/no-virtual-stick', { address: LOOPBACK, port: this.#at.port }, { stick: this.name });
  }
}
