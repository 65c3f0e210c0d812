/** `e3272 virtual`: serves virtual sticks until it is stopped by a signal. */

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { textOf } from '../src/errors';
import { requireLoopback, servedText } from '../src/served-name';
import type { ModelName } from '../src/virtual/models';
import { type As, type Served, serveVirtual } from '../src/virtual/serve';
import type { VirtualStick } from '../src/virtual/stick';
import type { HilinkFirmware } from '../src/virtual/web/firmware';
import { type Context, usage } from './context';
import { cliFailure } from './messages';
import { makeVirtual } from './virtual-context';
import { likeTrace } from './virtual-like';
import type { VirtualMode } from './virtual-modes';

export interface VirtualCommandOptions {
  mode: VirtualMode;
  tcp: number;
  /** Port of the USB/IP server, if the stick is to be a USB device; true = the usual one. */
  usbip?: number | true;
  /** TCP port for other processes that run the driver. */
  host?: number;
  /** TCP port of the web server that it has in HiLink mode; none without it. */
  web?: number;
  model: ModelName;
  /** Which HiLink firmware it has, if not that of its model. */
  hilink?: HilinkFirmware;
  /** How many sticks, as `host`. */
  sticks: number;
  /** Address that the USB/IP server listens on. */
  listen: string;
  log?: string;
  /** A trace whose stick is played. */
  like?: string;
  /** A trace that the virtual stick is compared with; nothing is served. */
  against?: string;
}

/** What usbipd itself listens on, and `usbip attach` asks. */
const USBIP_PORT = 3240;

async function openLog(path: string): Promise<WriteStream> {
  const log = createWriteStream(path, { flags: 'a' });
  try {
    await once(log, 'open');
  } catch (error) {
    throw cliFailure('BAD_ARGUMENT/log-file', { path, text: textOf(error) }, { cause: error });
  }
  return log;
}

export async function virtualCommand(
  { out, signal }: Pick<Context, 'out' | 'signal'>,
  options: VirtualCommandOptions,
): Promise<boolean> {
  if (options.against !== undefined) {
    const { compareWith } = await import('./virtual-against.js');
    return compareWith({ out, signal }, options.against);
  }
  const as = asOf(options);
  const sticks = await makeSticks(options, signal);
  const log = options.log === undefined ? undefined : await openLog(options.log);
  const served = await serveVirtual({
    sticks,
    as,
    orders: process.stdin,
    ...(options.web !== undefined && { web: options.web }),
    ...(log && { log }),
  });
  for (const line of [...told(served, sticks, as), ...toldOfWeb(served)]) out.say(line);
  const { ports, usbip, host, web } = served;
  out.object({
    type: 'stage',
    stage: 'served',
    ...(host && {
      host: host.port,
      sticks: sticks.map(({ name }) => servedText({ stickName: name, port: host.port })),
    }),
    ...(usbip !== undefined && { usbip }),
    ...(as.kind === 'ttys' && { ports: Object.fromEntries(ports) }),
    ...(web.length > 0 && { web: web.map(({ url }) => url) }),
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  for (const stick of sticks) stick.unplug();
  process.stdin.unref?.();
  await new Promise<void>((resolve) => (log ? log.end(() => resolve()) : resolve()));
  out.object({ type: 'result', ok: true });
  return true;
}

/** Error: BAD_ARGUMENT for options that exclude each other. */
function asOf({ tcp, usbip, host, sticks, listen }: VirtualCommandOptions): As {
  if (host !== undefined) {
    requireLoopback(listen);
    return { kind: 'host', port: host };
  }
  if (sticks !== 1) throw usage('--sticks needs --host: otherwise there is one stick.');
  return usbip
    ? { kind: 'usbip', port: usbip === true ? USBIP_PORT : usbip, host: listen }
    : { kind: 'ttys', port: tcp };
}

/** As `host` each is called by its name, which is its place too. */
async function makeSticks(
  { mode, host, sticks, model, hilink, like }: VirtualCommandOptions,
  signal: AbortSignal,
): Promise<VirtualStick[]> {
  const named = (number: number) => ({ name: `virtual-${number}`, portPath: `virtual-${number}`, seed: number });
  const options = host === undefined ? [{}] : Array.from({ length: sticks }, (_, index) => named(index + 1));
  const played = like === undefined ? undefined : likeTrace(like);
  const first = played?.mode ?? mode;
  const what = { model, ...(hilink && { hilink }) };
  return Promise.all(
    options.map(async (own) => (await makeVirtual(first, signal, { ...own, ...what, ...played?.options() })).stick),
  );
}

const toldOfWeb = ({ web }: Served): string[] =>
  web.length === 0 ? [] : [`In HiLink mode its web server is at ${web.map(({ url }) => url).join(', ')}.`];

/** What people are told. */
function told({ usbip, host }: Served, sticks: readonly VirtualStick[], as: As): string[] {
  const [{ name, portPath } = { name: '', portPath: '' }] = sticks;
  const orders = 'Orders, one per line: {"do":"plug","bootPin":true}  {"do":"unplug"}';
  const fault = '{"fault":"silence","at":"block","nth":3}';
  if (host) {
    const names = sticks.map((stick) => servedText({ stickName: stick.name, port: host.port }));
    return [
      `Plugged in, for programs on this machine: ${names.join(', ')}; stop with Ctrl-C.`,
      `That name goes into the Stick field in Node-RED, or: e3272 --stick ${names[0]} list`,
      sticks.length === 1
        ? `${orders}  ${fault}`
        : `Orders, one per line: {"stick":"${name}","do":"plug","bootPin":true}  {"stick":"${name}","do":"unplug"}`,
    ];
  }
  if (usbip !== undefined && as.kind === 'usbip') {
    const where = `${usbip === USBIP_PORT ? '' : `--tcp-port ${usbip} `}attach -r ${as.host} -b ${portPath}`;
    return [
      `Virtual stick ${name} is plugged in, as a USB device on ${as.host} port ${usbip}; stop with Ctrl-C.`,
      'On the Linux that is to have it, as root; it comes back at each change of its mode, so attach again and again:',
      `modprobe vhci-hcd; while sleep 0.3; do usbip ${where} 2>/dev/null; done`,
      `${orders}  ${fault}`,
    ];
  }
  return [
    `Virtual stick ${name} is plugged in. Its tty n is on 127.0.0.1 port ${as.port} + n; stop with Ctrl-C.`,
    `A real tty of it: socat pty,link=/tmp/e3272,raw,echo=0 tcp:127.0.0.1:${as.port},nodelay`,
    `${orders}  ${fault}`,
  ];
}
