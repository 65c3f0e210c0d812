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
  log?: string;
}

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
  const served = await serveVirtual({ stick, port: options.tcp, orders: process.stdin, ...(log && { log }) });
  out.say(
    `Virtual stick ${stick.name} is plugged in. Its tty n is on 127.0.0.1 port ${options.tcp} + n; stop with Ctrl-C.`,
  );
  out.say(`A real tty of it: socat pty,link=/tmp/e3272,raw,echo=0 tcp:127.0.0.1:${options.tcp}`);
  out.say(
    'Orders, one per line: {"do":"plug","bootPin":true}  {"do":"unplug"}  {"fault":"silence","at":"block","nth":3}',
  );
  out.object({ type: 'stage', stage: 'served', ports: Object.fromEntries(served.ports) });
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
