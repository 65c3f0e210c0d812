/**
 * A virtual stick for other programs: its ttys on TCP, or the whole stick as a USB device by USB/IP. Orders are read as JSON
 * lines, events are written as such.
 */

import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { StickEvent } from './events';
import { obey } from './orders';
import type { VirtualStick } from './stick';
import { serveTtys } from './tcp-ttys';
import { serveUsbip } from './usbip/server';

export interface ServeOptions {
  stick: VirtualStick;
  /** `port` = TCP port of tty 0; 0 = any free port for each tty, see {@link Served.ports}. */
  as: { kind: 'ttys'; port: number } | { kind: 'usbip'; port: number; host?: string };
  /** JSON lines, see orders.ts. */
  orders?: Readable;
  /** One event per line, with `t` in milliseconds of the stick's clock. */
  log?: Writable;
}

export interface Served {
  /** TCP ports that listen now, by tty number. */
  readonly ports: ReadonlyMap<number, number>;
  /** TCP port of the USB/IP server, where there is one. */
  readonly usbip?: number;
  /** Closes all connections and ports; the stick stays as it is. */
  close(): Promise<void>;
}

/** Error: PORT_BUSY, when the stick cannot be offered; later failures are events. */
export async function serveVirtual({ stick, as, orders, log }: ServeOptions): Promise<Served> {
  let closed = false;
  const write = (event: StickEvent) => {
    if (log?.writable) log.write(`${JSON.stringify({ t: Math.round(stick.clock.now()), ...event })}\n`);
  };
  const complain = (error: unknown) =>
    write({ what: 'error', message: error instanceof Error ? error.message : String(error) });

  const stopEvents = stick.onEvent(write);
  // What was before the log began: where the stick stands now.
  write({ what: 'mode', mode: stick.appearance ?? 'off' });
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
  const stop = () => {
    closed = true;
    stopEvents();
    lines?.close();
  };
  try {
    const face =
      as.kind === 'usbip' ? await serveUsbip({ ...as, stick, complain }) : await serveTtys(stick, as.port, complain);
    return {
      ports: 'ports' in face ? face.ports : new Map(),
      ...('port' in face && { usbip: face.port }),
      close: async () => {
        if (closed) return;
        stop();
        await face.close();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
