/**
 * A virtual stick with its cable, in a process of its own: served over USB/IP, and plugged into this machine each time it
 * comes (back) on its bus. In a process of its own because the kernel asks the stick while it serves the driver: nobody
 * may have to answer himself.
 */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemClock } from '../../src/host/clock';
import { sha256 } from '../../src/virtual/events';
import { obey } from '../../src/virtual/orders';
import { act } from '../../src/virtual/person';
import { VirtualStick } from '../../src/virtual/stick';
import { serveUsbip } from '../../src/virtual/usbip/server';
import type { FromStick, ToStick } from './bus-stick';

const run = promisify(execFile);
const PORTS = '/sys/devices/platform/vhci_hcd.0/status';
const POLL_MS = 10;

/** The port of the virtual hub that the stick is for: 1 is the first one. */
const PLACE = Number(process.argv[2] ?? 1);
const PORT_PATH = `1-${PLACE}`;

const tell = (message: FromStick) => process.send?.(message);

/** `usbip attach` takes the first port that is free: it has to be ours, or the stick comes back at another port path. */
const isPortNext = (): boolean =>
  Number(/^hs\s+(\d+)\s+004/m.exec(readFileSync(PORTS, 'latin1'))?.[1] ?? Number.NaN) === PLACE - 1;

/** Plugs the stick in as often as it comes back; returns how to stop that. */
function connect(stick: VirtualStick, port: number): () => Promise<void> {
  let stopped = false;
  let wake = () => {};
  const loop = async () => {
    let plugged: number | undefined;
    while (!stopped) {
      const address = stick.device?.address;
      if (address === undefined || address === plugged) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (!isPortNext()) {
        await pause(POLL_MS);
      } else {
        const args = ['--tcp-port', String(port), 'attach', '-r', '127.0.0.1', '-b', stick.portPath];
        const attached = await run('usbip', args).catch((error: unknown) => {
          // A stick that has left again meanwhile; what stays wrong shows as a stick that never comes.
          process.stderr.write(`stick: ${String(error)}\n`);
        });
        if (attached) plugged = address;
        else await pause(POLL_MS);
      }
    }
  };
  const ended = loop();
  const off = stick.onChange(() => wake());
  return async () => {
    stopped = true;
    off();
    wake();
    await ended;
  };
}

interface Running {
  stick: VirtualStick;
  stop(): Promise<void>;
}

async function start(options: Extract<ToStick, { do: 'start' }>['options']): Promise<Running> {
  const stick = new VirtualStick({ clock: systemClock, portPath: PORT_PATH, ...options });
  stick.onEvent((event) => tell({ what: 'event', event }));
  const server = await serveUsbip({ stick, port: 0 });
  const disconnect = connect(stick, server.port);
  return {
    stick,
    async stop() {
      stick.unplug();
      await disconnect();
      await server.close();
    },
  };
}

async function main(): Promise<void> {
  let running: Running | undefined;
  let moving = new AbortController();
  const carryOut = async (message: ToStick): Promise<void> => {
    if (message.do === 'start') {
      moving.abort();
      moving = new AbortController();
      await running?.stop();
      running = await start(message.options);
      tell({ what: 'started' });
    } else if (message.do === 'stop') {
      moving.abort();
      await running?.stop();
      process.disconnect();
    } else if (!running) {
      throw new Error('the stick was not started');
    } else if (message.do === 'order') {
      obey(running.stick, JSON.stringify(message.order));
    } else if (message.do === 'act') {
      await act(running.stick, message.act, { pauseMs: message.pauseMs, signal: moving.signal });
    } else {
      const { setport, nvErased, flash, faults } = running.stick;
      const images = Object.fromEntries([...flash].map(([code, bytes]) => [code, sha256(bytes)]));
      tell({ what: 'state', state: { setport, nvErased, images, openFaults: faults.open } });
    }
  };
  process.on('message', (message: ToStick) => {
    carryOut(message).catch((error: unknown) => {
      tell({ what: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    });
  });
  await once(process, 'disconnect');
  process.exit(0);
}

void main();
