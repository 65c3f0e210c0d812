/**
 * Virtual sticks for other programs: the ttys of one on TCP, one as a USB device by USB/IP, or any number of them behind the
 * host seam of another process. Orders are read as JSON lines, events are written as such.
 */

import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { failure } from '../errors';
import type { StickEvent } from './events';
import { type HostServer, serveHost } from './host-server';
import { obeyOne } from './orders';
import type { VirtualStick } from './stick';
import { serveTtys } from './tcp-ttys';
import { serveUsbip } from './usbip/server';
import { serveWeb, type WebServer } from './web/server';

/** Characters: what others send, and is quoted, does not fill the log. */
const COMPLAINT = 1000;

/** How a stick is offered. */
export type As =
  /** `port` = TCP port of tty 0; 0 = any free port for each tty, see {@link Served.ports}. */
  | { kind: 'ttys'; port: number }
  | { kind: 'usbip'; port: number; host?: string }
  /** `port` = TCP port for all of them. */
  | { kind: 'host'; port: number };

export interface ServeOptions {
  /** One, or several as `host`. */
  sticks: readonly VirtualStick[];
  as: As;
  /** TCP port of the web server of the first one, of the next one on port + 1 ...; 0 = any free ones. None without it. */
  web?: number;
  /** JSON lines, see orders.ts. */
  orders?: Readable;
  /** One event per line, with `t` in milliseconds of the stick's clock, as `host` with the name of the stick. */
  log?: Writable;
}

export interface Served {
  /** TCP ports that listen now, by tty number. */
  readonly ports: ReadonlyMap<number, number>;
  /** TCP port of the USB/IP server, where there is one. */
  readonly usbip?: number;
  /** The server for other processes, where there is one. */
  readonly host?: HostServer;
  /** The web servers, in the order of the sticks. */
  readonly web: readonly WebServer[];
  /** Closes all connections and ports; the stick stays as it is. */
  close(): Promise<void>;
}

/** Error: PORT_BUSY, when the sticks cannot be offered; later failures are events. */
export async function serveVirtual({ sticks, as, web, orders, log }: ServeOptions): Promise<Served> {
  let closed = false;
  const write = (event: StickEvent, stick?: VirtualStick) => {
    const t = Math.round((stick ?? sticks[0])?.clock.now() ?? 0);
    const name = as.kind === 'host' && stick ? { stick: stick.name } : {};
    if (log?.writable) log.write(`${JSON.stringify({ t, ...name, ...event })}\n`);
  };
  const complain = (error: unknown) =>
    write({ what: 'error', message: (error instanceof Error ? error.message : String(error)).slice(0, COMPLAINT) });

  const stopEvents = sticks.map((stick) => stick.onEvent((event) => write(event, stick)));
  // What was before the log began: where the sticks stand now.
  for (const stick of sticks) write({ what: 'mode', mode: stick.appearance ?? 'off' }, stick);
  const lines = orders ? createInterface({ input: orders }) : undefined;
  lines?.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      obeyOne(sticks, line);
    } catch (error) {
      complain(error);
    }
  });
  orders?.on('error', complain);
  log?.on('error', () => {
    // Nobody is left to tell: the sticks go on without their log.
  });
  const stop = () => {
    for (const end of stopEvents) end();
    lines?.close();
  };
  try {
    const offered = await offer(sticks, as, complain, (stick, present) => write({ what: 'client', present }, stick));
    const servers =
      web === undefined
        ? []
        : await serveWebs(sticks, web, complain).catch(async (error: unknown) => {
            await offered.close();
            throw error;
          });
    return {
      ports: new Map(),
      ...offered.known,
      web: servers,
      close: async () => {
        if (closed) return;
        closed = true;
        await Promise.all(servers.map((server) => server.close()));
        await offered.close();
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** All of them, or none. */
async function serveWebs(
  sticks: readonly VirtualStick[],
  first: number,
  complain: (error: unknown) => void,
): Promise<WebServer[]> {
  const servers: WebServer[] = [];
  try {
    for (const [n, stick] of sticks.entries()) {
      servers.push(await serveWeb({ stick, port: first === 0 ? 0 : first + n, complain }));
    }
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    throw error;
  }
  return servers;
}

interface Offered {
  known: Partial<Omit<Served, 'close' | 'web'>>;
  close(): Promise<void>;
}

async function offer(
  sticks: readonly VirtualStick[],
  as: As,
  complain: (error: unknown) => void,
  onClient: (stick: VirtualStick, present: boolean) => void,
): Promise<Offered> {
  const [stick, ...others] = sticks;
  if (as.kind === 'host') {
    const host = await serveHost({ sticks, port: as.port, complain, onClient });
    return { known: { host }, close: () => host.close() };
  }
  if (!stick || others.length > 0) throw failure('BAD_ARGUMENT/one-stick', {});
  if (as.kind === 'usbip') {
    const { port, close } = await serveUsbip({ ...as, stick, complain });
    return { known: { usbip: port }, close };
  }
  const { ports, close } = await serveTtys(stick, as.port, complain);
  return { known: { ports }, close };
}
