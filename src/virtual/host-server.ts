/**
 * Virtual sticks for programs in other processes of this machine: their bus, ttys and bulk pipes by the words of wire.ts. Each
 * connection is for one stick; several may be for the same one, whose ttys are opened by one at a time, as real ones.
 * Notes, locks and what else belongs to a driver stays with it: remote-host.ts is the other end.
 */

import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { asDriverError, type DriverError, failure, isDriverError } from '../errors';
import type { BulkPipe, Clock, Timer, TtyPort } from '../host/host';
import type { NetworkLink } from '../host/network';
import type { WebRequest } from '../host/web';
import { LOOPBACK } from '../served-name';
import { TIMEOUTS } from '../timeouts';
import type { StickEvent } from './events';
import { VirtualHost } from './host';
import { carryOut } from './orders';
import type { VirtualStick } from './stick';
import {
  type Asked,
  type Bus,
  GREETING,
  type Hello,
  LIMITS,
  Lines,
  pack,
  type Question,
  readQuestion,
  unpack,
  type WebSaid,
  WIRE_VERSION,
  type Word,
  writeError,
} from './wire';

export interface HostServerOptions {
  /** Each with a name of its own; all with the same clock. */
  sticks: readonly VirtualStick[];
  /** TCP port on {@link LOOPBACK}, and nowhere else; 0 = any free one. */
  port: number;
  /** Told of connections that did not work out. */
  complain?: (error: unknown) => void;
  /** Told who comes and goes. */
  onClient?: (stick: VirtualStick, present: boolean) => void;
}

export interface HostServer {
  readonly port: number;
  /** Cuts all connections now: what has been sent and not been taken yet reaches no stick. New ones are welcome. */
  drop(): void;
  /** Drops all connections and stops to listen; the sticks stay as they are. */
  close(): Promise<void>;
}

/** Errors: BAD_ARGUMENT (no stick), PORT_BUSY (the TCP port cannot be had). */
export async function serveHost(options: HostServerOptions): Promise<HostServer> {
  const { sticks, complain = () => undefined, onClient = () => undefined } = options;
  const [first] = sticks;
  if (!first) throw failure('BAD_ARGUMENT/nothing-served', {});
  const host = new VirtualHost({ sticks, clock: first.clock });
  const instance = randomUUID();
  const clients = new Set<Client>();
  const server = createServer({ noDelay: true }, (socket) => {
    const client = new Client(socket, {
      host,
      instance,
      complain,
      present: (stick) => onClient(stick, true),
      absent: (stick) => {
        clients.delete(client);
        if (stick) onClient(stick, false);
      },
    });
    clients.add(client);
  });
  server.maxConnections = LIMITS.clients;
  const drop = () => {
    for (const client of [...clients]) client.drop();
  };
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: LOOPBACK, exclusive: true }, () => {
      server.removeListener('error', reject).on('error', complain);
      const listening = server.address();
      resolve(typeof listening === 'object' && listening ? listening.port : options.port);
    });
  }).catch((error: unknown) => {
    throw asDriverError(error, 'PORT_BUSY/tcp-host', { port: options.port });
  });
  return {
    port,
    drop,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      drop();
      await closed;
    },
  };
}

/** Error: TIMEOUT, where `work` has not ended after `ms`. */
function within<T>(clock: Clock, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const timer = clock.after(ms, () => {
      const error = failure('TIMEOUT/web', { stick: 'virtual', seconds: ms / 1000 });
      over.abort(error);
      reject(error);
    });
    void work(over.signal)
      .finally(() => timer.cancel())
      .then(resolve, reject);
  });
}

interface Wiring {
  host: VirtualHost;
  instance: string;
  complain(error: unknown): void;
  present(stick: VirtualStick): void;
  /** The stick that it has asked for, if it came so far. */
  absent(stick: VirtualStick | undefined): void;
}

/** A program at the other end of a connection. */
class Client {
  readonly #socket: Socket;
  readonly #wiring: Wiring;
  readonly #lines = new Lines();
  readonly #opened = new Map<number, TtyPort | BulkPipe>();
  #stick: VirtualStick | undefined;
  readonly #patience: Timer;
  #stops: (() => void)[] = [];
  #asks = 0;
  #over = false;

  constructor(socket: Socket, wiring: Wiring) {
    this.#socket = socket;
    this.#wiring = wiring;
    this.#patience = wiring.host.clock.after(TIMEOUTS.remote.answer, () =>
      this.#cut(new Error('a program that connected did not say what it wants')),
    );
    // What follows an error is a close.
    socket.on('error', () => undefined);
    socket.on('close', () => this.drop());
    socket.on('data', (chunk) => this.#receive(chunk));
  }

  drop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#patience.cancel();
    this.#socket.destroy();
    for (const stop of this.#stops) stop();
    for (const port of this.#opened.values()) void port.close();
    this.#opened.clear();
    this.#wiring.absent(this.#stick);
  }

  #cut(why: unknown): void {
    this.#wiring.complain(why);
    this.drop();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) {
        if (this.#over) return;
        this.#take(readQuestion(line));
      }
    } catch (error) {
      this.#cut(error);
    }
  }

  #take(asked: Asked): void {
    if ((asked.ask === 'hello') === (this.#stick !== undefined)) throw outOfTurn();
    if (this.#asks >= LIMITS.asks) throw failure('PROTOCOL/too-much', {});
    this.#asks++;
    // In order: each begins before the next one is looked at.
    void this.#answer(asked).then(
      (value) => this.#reply({ answer: asked.id, ...(value !== undefined && { value }) }),
      (error: unknown) => {
        const said = writeError(asDriverError(error, 'PROTOCOL/virtual-stick', {}));
        this.#reply({ refusal: asked.id, ...said });
        if (asked.ask === 'hello') this.#socket.end();
      },
    );
  }

  #reply(word: Word): void {
    this.#asks--;
    this.#say(word);
  }

  #say(word: Word): void {
    if (this.#over) return;
    this.#socket.write(`${JSON.stringify(word)}\n`);
    if (this.#socket.writableLength > LIMITS.unsent) this.#cut(new Error('a program does not read what it is told'));
  }

  async #answer(asked: Asked): Promise<unknown> {
    if (asked.ask === 'hello') return this.#greet(asked);
    const { host } = this.#wiring;
    const stick = this.#stick;
    if (!stick) throw outOfTurn();
    switch (asked.ask) {
      case 'scan':
        this.#say({ bus: busOf(stick) });
        return undefined;
      case 'openTty':
        return this.#openTty(asked.handle, asked.path, stick);
      case 'openBulk': {
        const { device } = stick;
        if (device?.address !== asked.address) throw left(stick);
        const { interface: number } = asked;
        const held = { stick: stick.portPath, interface: number, holder: 'another program' };
        const taken = orElse(failure('PORT_BUSY/virtual-interface', held));
        return this.#keep(asked.handle, await host.openBulk(device, number).catch(taken));
      }
      case 'reauthorize':
        return host.reauthorize(stick.portPath);
      case 'order':
        carryOut(stick, asked.order);
        this.#say({ bus: busOf(stick) });
        return undefined;
      case 'network':
        return (await this.#links(stick)).map(({ transport: _, ...link }) => link);
      case 'web':
        return this.#web(asked, stick);
      default:
        return this.#use(asked);
    }
  }

  async #links(stick: VirtualStick): Promise<NetworkLink[]> {
    return stick.device ? this.#wiring.host.network(stick.device) : [];
  }

  async #web({ link, method, path, headers, body, ms }: Question & { ask: 'web' }, stick: VirtualStick) {
    const { transport } = (await this.#links(stick)).find(({ name }) => name === link) ?? {};
    if (!transport) throw left(stick);
    const request = { method, path, headers, body: Buffer.from(body, 'base64') } as WebRequest;
    const answer = await within(this.#wiring.host.clock, ms, (signal) => transport(request, signal));
    return { status: answer.status, headers: answer.headers, body: pack(answer.body) } satisfies WebSaid;
  }

  #greet({ greeting, version, stick: name }: Question & { ask: 'hello' }): Hello {
    if (greeting !== GREETING || version !== WIRE_VERSION) {
      const params = { ours: `${GREETING} ${WIRE_VERSION}`, theirs: `${greeting} ${version}` };
      throw failure('PROTOCOL/version', params);
    }
    const { sticks } = this.#wiring.host;
    const stick = sticks.find((s) => s.name === name);
    if (!stick) throw failure('STICK_NOT_FOUND/not-served', { name, served: sticks.map((s) => s.name) });
    this.#stick = stick;
    this.#patience.cancel();
    this.#stops = [
      stick.onChange(() => this.#say({ bus: busOf(stick) })),
      stick.onEvent((event: StickEvent) => this.#say({ event })),
    ];
    this.#wiring.present(stick);
    return { greeting: GREETING, version: WIRE_VERSION, instance: this.#wiring.instance, bus: busOf(stick) };
  }

  async #openTty(handle: number, path: string, stick: VirtualStick): Promise<void> {
    if (!stick.ttys.some((tty) => tty.path === path)) throw left(stick);
    const port = await this.#wiring.host.openTty(path).catch(orElse(failure('PORT_BUSY/port', { path, holders: [] })));
    this.#keep(handle, port);
    port.receive(
      (chunk) => this.#say({ handle, data: pack(chunk) }),
      (error) => {
        this.#opened.delete(handle);
        void port.close();
        this.#say({ handle, gone: writeError(error) });
      },
    );
  }

  #keep(handle: number, port: TtyPort | BulkPipe): void {
    if (this.#over || this.#opened.has(handle)) {
      void port.close();
      throw outOfTurn();
    }
    this.#opened.set(handle, port);
  }

  async #use(asked: Asked & { handle: number }): Promise<unknown> {
    const port = this.#opened.get(asked.handle);
    if (asked.ask === 'close') {
      this.#opened.delete(asked.handle);
      return port?.close();
    }
    if (!port) throw failure('STICK_GONE/not-open', {});
    if ('receive' in port) {
      if (asked.ask === 'write') return port.write(unpack(asked.data));
    } else if (asked.ask === 'transferOut') return port.transferOut(unpack(asked.data), asked.ms);
    else if (asked.ask === 'transferIn') return pack(await port.transferIn(asked.length, asked.ms));
    else if (asked.ask === 'recover') return port.recover();
    throw outOfTurn();
  }
}

const busOf = ({ plugged, enumerations, device }: VirtualStick): Bus => ({
  plugged,
  enumeration: enumerations,
  ...(device && { device }),
});

const outOfTurn = (): DriverError => failure('PROTOCOL/out-of-turn', {});

const left = ({ name }: VirtualStick): DriverError => failure('STICK_GONE/virtual-left', { name });

/** Who asks knows what it has open itself: `theirs` for what somebody else has. */
const orElse =
  (theirs: DriverError) =>
  (error: unknown): never => {
    throw isDriverError(error, 'PORT_BUSY') ? theirs : error;
  };
