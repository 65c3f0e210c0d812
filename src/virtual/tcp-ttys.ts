/**
 * The ttys of a virtual stick on TCP: tty n on port P+n of 127.0.0.1, one client each, dropped when the tty vanishes and
 * offered again when it comes back (`socat pty,link=... tcp:127.0.0.1:P,nodelay` makes a real tty of it).
 */

import { createServer, type Server, type Socket } from 'node:net';
import { asDriverError } from '../errors';
import type { VirtualStick } from './stick';
import type { VirtualTty } from './tty';

export interface TcpTtys {
  /** TCP ports that listen now, by tty number. */
  readonly ports: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** More than this is not kept for a client that does not read: it is lost, as on a port that nobody reads. */
const MOST_UNREAD = 1 << 20;

/** Error: PORT_BUSY, when a tty that is there now cannot be offered; later such failures go to `complain`. */
export async function serveTtys(
  stick: VirtualStick,
  port: number,
  complain: (error: unknown) => void,
): Promise<TcpTtys> {
  const ports = new Map<number, number>();
  const doors = new Map<VirtualTty, Door>();
  /** Doors on their way out: their TCP port is not free before. */
  let closing: Promise<unknown> = Promise.resolve();
  let failure: unknown;

  const shut = (tty: VirtualTty, door: Door) => {
    doors.delete(tty);
    ports.delete(tty.number);
    closing = Promise.all([closing, door.close()]);
  };
  const openDoor = (tty: VirtualTty) => {
    const door = new Door(tty, complain);
    doors.set(tty, door);
    return closing
      .then(() => door.listen(port === 0 ? 0 : port + tty.number))
      .then((listening) => {
        if (doors.get(tty) === door) ports.set(tty.number, listening);
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
  const stop = stick.onChange(() => void update());
  const close = async () => {
    stop();
    for (const [tty, door] of [...doors]) shut(tty, door);
    await closing;
  };
  await update();
  if (failure !== undefined) {
    await close();
    throw asDriverError(failure, 'PORT_BUSY/tcp-ttys', { port }, { stick: stick.portPath });
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
        if (socket.writable && socket.writableLength < MOST_UNREAD) socket.write(Uint8Array.from(chunk));
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
