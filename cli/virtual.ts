/** `e3272 virtual`: serves a virtual stick until it is stopped by a signal. */

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { asDriverError } from '../src/errors';
import { serveVirtual } from '../src/virtual/serve';
import type { Context, VirtualMode } from './context';
import { makeVirtual } from './virtual-context';

export interface VirtualCommandOptions {
  mode: VirtualMode;
  tcp: number;
  /** Port of the USB/IP server, if the stick is to be a USB device; true = the usual one. */
  usbip?: number | true;
  /** Address that the USB/IP server listens on. */
  listen: string;
  log?: string;
}

/** What usbipd itself listens on, and `usbip attach` asks. */
const USBIP_PORT = 3240;

async function openLog(path: string): Promise<WriteStream> {
  const log = createWriteStream(path, { flags: 'a' });
  try {
    await once(log, 'open');
  } catch (error) {
    throw asDriverError(error, 'BAD_ARGUMENT', `The log file ${path} cannot be written`);
  }
  return log;
}

export async function virtualCommand({ out, signal }: Context, options: VirtualCommandOptions): Promise<boolean> {
  const { stick } = await makeVirtual(options.mode, signal);
  const log = options.log === undefined ? undefined : await openLog(options.log);
  const { usbip, listen: host } = options;
  const as = usbip
    ? ({ kind: 'usbip', port: usbip === true ? USBIP_PORT : usbip, host } as const)
    : ({ kind: 'ttys', port: options.tcp } as const);
  const served = await serveVirtual({ stick, as, orders: process.stdin, ...(log && { log }) });
  if (served.usbip !== undefined) {
    const where = `${served.usbip === USBIP_PORT ? '' : `--tcp-port ${served.usbip} `}attach -r ${host} -b ${stick.portPath}`;
    out.say(
      `Virtual stick ${stick.name} is plugged in, as a USB device on ${host} port ${served.usbip}; stop with Ctrl-C.`,
    );
    out.say(
      'On the Linux that is to have it, as root; it comes back at each change of its mode, so attach again and again:',
    );
    out.say(`modprobe vhci-hcd; while sleep 0.3; do usbip ${where} 2>/dev/null; done`);
  } else {
    out.say(
      `Virtual stick ${stick.name} is plugged in. Its tty n is on 127.0.0.1 port ${options.tcp} + n; stop with Ctrl-C.`,
    );
    out.say(`A real tty of it: socat pty,link=/tmp/e3272,raw,echo=0 tcp:127.0.0.1:${options.tcp},nodelay`);
  }
  out.say(
    'Orders, one per line: {"do":"plug","bootPin":true}  {"do":"unplug"}  {"fault":"silence","at":"block","nth":3}',
  );
  out.object({
    type: 'stage',
    stage: 'served',
    ...(served.usbip === undefined ? { ports: Object.fromEntries(served.ports) } : { usbip: served.usbip }),
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  stick.unplug();
  process.stdin.unref?.();
  await new Promise<void>((resolve) => (log ? log.end(() => resolve()) : resolve()));
  out.object({ type: 'result', ok: true });
  return true;
}
