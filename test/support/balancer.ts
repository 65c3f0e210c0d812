/** One TCP port in front of several, as a load balancer has it: each connection goes to the next one that takes it. */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Balancer {
  readonly #ports: readonly number[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((client) => void this.#serve(client));
  }

  /** In front of `ports`, all of this machine. */
  static async start(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    const behind = await this.#open();
    if (!behind || client.destroyed) {
      client.destroy();
      behind?.destroy();
      return;
    }
    // Either end that is gone is gone for the other one.
    client.once('close', () => behind.destroy());
    behind.once('close', () => client.destroy());
    client.pipe(behind);
    behind.pipe(client);
  }

  /** Undefined where none takes it. */
  async #open(): Promise<Socket | undefined> {
    const first = this.#next++;
    for (let i = 0; i < this.#ports.length; i++) {
      const socket = connect(this.#ports[(first + i) % this.#ports.length] ?? 0, '127.0.0.1');
      this.#keep(socket);
      const there = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('close', () => resolve(false));
      });
      if (there) return socket;
    }
    return undefined;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
