/**
 * The virtual stick as a true USB device for any Linux: a USB/IP server with one device, in every mode that the stick takes.
 * `usbip attach -r 127.0.0.1 -b 1-1` plugs it in. USB/IP has no way to announce a device, so a re-enumeration is a dropped
 * connection: whoever wants to follow the stick attaches again and again.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { asDriverError } from '../../errors';
import type { VirtualStick } from '../stick';
import { CONFIGURATION_VALUE } from './descriptors';
import { UsbDeviceSession } from './device';
import {
  type ExportedDevice,
  encodeDeviceList,
  encodeImport,
  encodeRetSubmit,
  encodeRetUnlink,
  IMPORT_LENGTH,
  OP_LENGTH,
  REQ_DEVLIST,
  REQ_IMPORT,
  readCommand,
  STATUS,
  type Submit,
} from './protocol';

export interface UsbipOptions {
  /** Its serial interfaces belong to USB/IP from now on: it has no ttys of its own any more. */
  stick: VirtualStick;
  /** TCP port; 0 = any free one. USB/IP's own is 3240. */
  port: number;
  /** Address to listen on; loopback by default. Whoever reaches it has the stick: USB/IP knows no password. */
  host?: string;
  /** Told of connections that did not work out. */
  complain?: (error: unknown) => void;
}

/** Connections at a time: one has the stick, others ask for the list. */
const MOST_CONNECTIONS = 16;
/** Bytes that wait for a host that does not read: until it has, nothing is taken from it. */
const MOST_UNSENT = 1 << 20;

export interface UsbipServer {
  readonly port: number;
  /** Drops all connections and stops to listen; the stick stays as it is. */
  close(): Promise<void>;
}

/** Error: PORT_BUSY, when the TCP port cannot be had. */
export async function serveUsbip(options: UsbipOptions): Promise<UsbipServer> {
  const { stick, host = '127.0.0.1', complain = () => undefined } = options;
  const connections = new Set<Connection>();
  let attached: Connection | undefined;

  stick.connectWire({ deliver: (interfaceNumber, bytes) => attached?.deliver(interfaceNumber, bytes) });
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = new Connection(socket, stick, {
      // One host has the stick: a second one is refused, as by a port that is taken.
      attach: () => {
        if (attached) return false;
        attached = connection;
        return true;
      },
      closed: () => {
        connections.delete(connection);
        if (attached === connection) attached = undefined;
      },
      complain,
    });
    connections.add(connection);
  });
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listen(server, options.port, host).catch((error: unknown) => {
    throw asDriverError(error, 'PORT_BUSY/tcp-usbip', { port: options.port }, { stick: stick.portPath });
  });
  const stopWatching = stick.onChange(() => attached?.checkPresence());
  return {
    port,
    close: async () => {
      stopWatching();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.drop();
      await closed;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** The stick as the list of exported devices shows it; undefined while it is off the bus. */
function exported(stick: VirtualStick): ExportedDevice | undefined {
  const { device } = stick;
  return device && { ...device, busId: stick.portPath, configuration: CONFIGURATION_VALUE };
}

interface ConnectionWiring {
  attach(): boolean;
  closed(): void;
  complain(error: unknown): void;
}

/** One TCP connection: a question for the list, or an import and the transfers that follow. */
class Connection {
  readonly #socket: Socket;
  readonly #stick: VirtualStick;
  readonly #wiring: ConnectionWiring;
  #unread: Buffer = Buffer.alloc(0);
  #session: UsbDeviceSession | undefined;
  #address: number | undefined;
  #corked = false;

  constructor(socket: Socket, stick: VirtualStick, wiring: ConnectionWiring) {
    this.#socket = socket;
    this.#stick = stick;
    this.#wiring = wiring;
    socket.on('error', wiring.complain);
    socket.on('close', () => {
      this.#session?.close();
      this.#session = undefined;
      wiring.closed();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#unread = this.#unread.length > 0 ? Buffer.concat([this.#unread, chunk]) : chunk;
      this.#serve();
    });
    socket.on('drain', () => {
      socket.resume();
      this.#serve();
    });
  }

  deliver(interfaceNumber: number, bytes: Uint8Array): void {
    this.#session?.deliver(interfaceNumber, bytes);
  }

  /** The stick has changed: an enumeration that is over takes its connection along. */
  checkPresence(): void {
    if (this.#session && this.#stick.device?.address !== this.#address) this.drop();
  }

  drop(): void {
    this.#session?.close();
    this.#session = undefined;
    this.#socket.destroy();
    this.#wiring.closed();
  }

  /** Takes what has come, for as long as the host takes what it gets. */
  #serve(): void {
    const socket = this.#socket;
    try {
      while (socket.writable && (this.#session ? this.#transfer(this.#session) : this.#operation())) {
        if (socket.writableLength < MOST_UNSENT) continue;
        socket.pause();
        return;
      }
      // What follows the end is nobody's.
      if (!socket.writable) this.#unread = Buffer.alloc(0);
    } catch (error) {
      this.#wiring.complain(error);
      this.drop();
    }
  }

  /** The list, or an import. True = something was taken and more may follow. */
  #operation(): boolean {
    if (this.#unread.length < OP_LENGTH) return false;
    const code = this.#unread.readUInt16BE(2);
    if (code === REQ_DEVLIST) {
      const device = exported(this.#stick);
      this.#socket.end(encodeDeviceList(device ? [device] : []));
      this.#unread = Buffer.alloc(0);
      return false;
    }
    if (code !== REQ_IMPORT) throw new Error(`USB/IP operation ${code.toString(16)} is unknown`);
    if (this.#unread.length < IMPORT_LENGTH) return false;
    const busId = this.#unread.toString('latin1', OP_LENGTH, IMPORT_LENGTH).replace(/\0.*$/s, '');
    this.#unread = this.#unread.subarray(IMPORT_LENGTH);
    const device = busId === this.#stick.portPath ? exported(this.#stick) : undefined;
    if (!device || !this.#wiring.attach()) {
      this.#socket.end(encodeImport(undefined));
      return false;
    }
    this.#address = device.address;
    this.#session = UsbDeviceSession.open(
      this.#stick,
      (submit, status, data) => this.#complete(submit, status, data),
      this.#wiring.complain,
    );
    this.#socket.write(encodeImport(device));
    return true;
  }

  #transfer(session: UsbDeviceSession): boolean {
    const next = readCommand(this.#unread);
    if (!next) return false;
    const { command, length } = next;
    this.#unread = this.#unread.subarray(length);
    if (command.kind === 'submit') session.submit(command);
    else this.#send(encodeRetUnlink(command.seqnum, session.unlink(command.target)));
    return true;
  }

  #complete(submit: Submit, status: number, data?: Uint8Array): void {
    // Of an OUT transfer all bytes were taken, unless it was refused.
    const actual = data?.length ?? (submit.toHost || status !== STATUS.ok ? 0 : submit.length);
    this.#send(encodeRetSubmit(submit.seqnum, status, actual), data);
  }

  /** What one turn of the event loop has to say goes out in one piece. */
  #send(header: Buffer, data?: Uint8Array): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    socket.write(header);
    if (data && data.length > 0) socket.write(data);
  }
}
