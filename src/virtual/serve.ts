/**
 * A virtual stick for other programs: tty n on TCP port P+n of 127.0.0.1, one client each, dropped when the tty vanishes and
 * offered again when it comes back (`socat pty,link=... tcp:127.0.0.1:P` makes a real tty of it). Orders are read as JSON
 * lines, events are written as such.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { asDriverError } from '../errors';
import type { StickEvent } from './events';
import { obey } from './orders';
import type { VirtualStick } from './stick';
import type { VirtualTty } from './tty';

export interface ServeOptions {
  stick: VirtualStick;
  /** TCP port of tty 0; 0 = any free port for each tty, see {@link Served.ports}. */
  port: number;
  /** JSON lines, see orders.ts. */
  orders?: Readable;
  /** One event per line, with `t` in milliseconds of the stick's clock. */
  log?: Writable;
}

export interface Served {
  /** TCP ports that listen now, by tty number. */
  readonly ports: ReadonlyMap<number, number>;
  /** Closes all connections and ports; the stick stays as it is. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Error: PORT_BUSY, when a tty that is there now cannot be offered; later such failures are events. */
export async function serveVirtual(options: ServeOptions): Promise<Served> {
  const { stick, orders, log } = options;
  const ports = new Map<number, number>();
  const doors = new Map<VirtualTty, Door>();
  /** Doors on their way out: their TCP port is not free before. */
  let closing: Promise<unknown> = Promise.resolve();
  let closed = false;
  let failure: unknown;

  const write = (event: StickEvent) => {
    if (log?.writable) log.write(`${JSON.stringify({ t: Math.round(stick.clock.now()), ...event })}\n`);
  };
  const complain = (error: unknown) =>
    write({ what: 'error', message: error instanceof Error ? error.message : String(error) });

  const shut = (tty: VirtualTty, door: Door) => {
    doors.delete(tty);
    ports.delete(tty.number);
    closing = Promise.all([closing, door.close()]);
  };
  const openDoor = (tty: VirtualTty) => {
    const door = new Door(tty, complain);
    doors.set(tty, door);
    return closing
      .then(() => door.listen(options.port === 0 ? 0 : options.port + tty.number))
      .then((port) => {
        if (doors.get(tty) === door) ports.set(tty.number, port);
      })
      .catch((error: unknown) => {
        failure = error;
        complain(error);
      });
  };
  const update = (): Promise<unknown> => {
    for (const [tty, door] of [...doors]) if (!tty.present) shut(tty, door);
    return Promise.all(stick.ttys.filter((tty) => !doors.has(tty)).map(openDoor));
  };

  const stopEvents = stick.onEvent(write);
  // What was before the log began: where the stick stands now.
  write({ what: 'mode', mode: stick.appearance ?? 'off' });
  const stopChanges = stick.onChange(() => void update());
  const lines = orders ? createInterface({ input: orders }) : undefined;
  lines?.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      obey(stick, line);
    } catch (error) {
      complain(error);
    }
  });
  orders?.on('error', complain);
  log?.on('error', () => {
    // Nobody is left to tell: the stick goes on without its log.
  });
  const close = async () => {
    if (closed) return;
    closed = true;
    stopEvents();
    stopChanges();
    lines?.close();
    for (const [tty, door] of [...doors]) shut(tty, door);
    await closing;
  };
  await update();
  if (failure !== undefined) {
    await close();
    throw asDriverError(failure, 'PORT_BUSY', `The virtual stick cannot be served on TCP port ${options.port} and up`, {
      hint: 'Choose another port, or stop the program that listens there.',
      stick: stick.portPath,
    });
  }
  return { ports, close };
}

/** The TCP port of one tty. */
class Door {
  readonly #tty: VirtualTty;
  readonly #server: Server;
  #client: Socket | undefined;
  #closed = false;

  constructor(tty: VirtualTty, complain: (error: unknown) => void) {
    this.#tty = tty;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket, complain));
  }

  /** The port that listens. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error(`tty ${this.#tty.number} vanished before its port was open`));
        return;
      }
      this.#server.on('error', reject);
      this.#server.listen(port, HOST, () => {
        if (this.#closed) this.#server.close();
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#client?.destroy();
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket, complain: (error: unknown) => void): void {
    if (this.#tty.isOpen || !this.#tty.present) {
      socket.destroy();
      return;
    }
    this.#client = socket;
    this.#tty.open({
      data: (chunk) => {
        // The chunk is not ours to keep.
        if (socket.writable) socket.write(Uint8Array.from(chunk));
      },
      gone: () => socket.destroy(),
    });
    socket.on('error', complain);
    socket.on('data', (chunk: Buffer) => {
      for (const transfer of transfersOf(chunk)) this.#tty.write(transfer);
    });
    socket.on('close', () => {
      this.#client = undefined;
      this.#tty.close();
    });
  }
}

/** TCP knows no transfers: a chunk counts as one, but AT text is cut after each CR. */
export function* transfersOf(chunk: Uint8Array): Generator<Uint8Array> {
  let rest = chunk;
  while (rest.length > 0) {
    const text = rest[0] === 0x41 && (rest[1] === 0x54 || rest.length === 1);
    const cr = text ? rest.indexOf(0x0d) : -1;
    const end = cr < 0 ? rest.length : cr + 1;
    yield rest.subarray(0, end);
    rest = rest.subarray(end);
  }
}
