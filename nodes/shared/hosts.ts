/**
 * Which host serves a stick setting: this machine, the virtual stick of that name, or one that another process serves. All of
 * them exist once in the process, whatever is deployed: jobs, ports and virtual sticks live as long as Node-RED.
 */

import type { NodeAPI } from 'node-red';
import type { Host, UsbDevice } from '../../src/host/host';
import { processWide } from '../../src/process-wide';
import { parseServedName, type ServedName, servedText } from '../../src/served-name';
import type { StickEvent } from '../../src/virtual/events';
import type { VirtualHost } from '../../src/virtual/host';
import type { StickOptions } from '../../src/virtual/options';
import type { RemoteVirtualHost } from '../../src/virtual/remote-host';
import type { VirtualStick } from '../../src/virtual/stick';
import { nodeFailure } from './messages';

export interface Virtual {
  stick: VirtualStick;
  host: VirtualHost;
}

/** What a virtual stick is made with. */
export type Fresh = Required<Pick<StickOptions, 'firmware' | 'model'>>;

const machine = processWide('machine', (): { host?: Promise<Host> } => ({}));
const virtuals = processWide('virtual', () => new Map<string, Virtual>());
const served = processWide('virtual-served', () => new Map<string, RemoteVirtualHost>());
const fresh = processWide('virtual-fresh', () => new Map<string, Fresh>());

/** `virtual-1`, `virtual-2` ... are virtual sticks in this process. */
export const isVirtual = (which: string): boolean => /^virtual-[1-9]\d{0,3}$/.test(which);

/** Node-RED, as far as its settings go: its user folder is where state is kept. */
type Runtime = Pick<NodeAPI, 'settings'>;

/**
 * The host that `which` means: a virtual stick's own one, else this machine. Error: BAD_ARGUMENT for the name of a stick in
 * another process that cannot be.
 */
export async function hostFor(RED: Runtime, which: string): Promise<Host> {
  if (isVirtual(which)) return (await virtualStick(which)).host;
  const name = parseServedName(which);
  return name ? servedHost(RED, name) : localHost(RED);
}

/** The stick that another process serves under this name, once for all who name it. */
async function servedHost(RED: Runtime, name: ServedName): Promise<RemoteVirtualHost> {
  const [{ createRemoteVirtualHost }, { stateFolders }] = await Promise.all([
    import('../../src/virtual/remote-host.js'),
    import('../../src/host/state-folders.js'),
  ]);
  const key = servedText(name);
  const made =
    served.get(key) ??
    createRemoteVirtualHost({ ...name, stateFolders: stateFolders({ userDir: RED.settings.userDir }) });
  served.set(key, made);
  return made;
}

/** This machine, once for all: there is one Node-RED in a process. */
export function localHost(RED: Runtime): Promise<Host> {
  machine.host ??= makeLocalHost(RED.settings.userDir).catch((error: unknown) => {
    // Not for ever: the next one may find it.
    delete machine.host;
    throw error;
  });
  return machine.host;
}

async function makeLocalHost(userDir: string | undefined): Promise<Host> {
  const [{ createLocalHost }, { stateFolders }] = await Promise.all([
    import('../../src/host/local.js'),
    import('../../src/host/state-folders.js'),
  ]);
  return heard(createLocalHost({ stateFolders: stateFolders({ userDir }) }));
}

/** With the name of a file in E3272_TRACE all that goes to and from the sticks is recorded there (docs/traces.md). */
async function heard(host: Host): Promise<Host> {
  const path = process.env['E3272_TRACE'];
  if (!path) return host;
  const { openTrace } = await import('../../src/trace/open.js');
  return openTrace({ path, existing: 'keep', clock: host.clock, source: 'Node-RED', real: true }).tap(host);
}

/** Says what a virtual stick that does not exist yet will have; the last word before its first use counts. */
export function declareVirtual(name: string, what: Fresh): void {
  fresh.set(name, what);
}

/**
 * The virtual stick called `name`, made at its first use, not plugged in. It has a host of its own, so that `auto` never
 * means it. `options` count for a stick that is made by this call.
 */
export async function virtualStick(name: string, options: Partial<StickOptions> = {}): Promise<Virtual> {
  const [{ VirtualStick }, { VirtualHost }, { systemClock }] = await Promise.all([
    import('../../src/virtual/stick.js'),
    import('../../src/virtual/host.js'),
    import('../../src/host/clock.js'),
  ]);
  const present = virtuals.get(name);
  if (present) return present;
  const stick = new VirtualStick({
    clock: systemClock,
    ...(fresh.get(name) ?? { firmware: 'hilink' }),
    seed: Number(name.replace(/^\D+/, '')) || 1,
    ...options,
    name,
    // Its name is its place too: that is what users type into the stick field.
    portPath: name,
  });
  const made = { stick, host: new VirtualHost({ sticks: [stick], clock: stick.clock }) };
  virtuals.set(name, made);
  return made;
}

/** The hands on a virtual stick, wherever it is. */
export interface Hands {
  /** Undefined while nobody can tell: the process that serves it is not there. */
  readonly plugged: boolean | undefined;
  /** Returns how to stop that. */
  onEvent(listener: (event: StickEvent) => void): () => void;
  /** Called when {@link plugged} may have changed. Returns how to stop that. */
  onChange(listener: () => void): () => void;
  /** Errors: BAD_ARGUMENT (not understood), WRONG_MODE (not now), and what keeps the order from the stick. */
  order(order: object): Promise<void>;
}

/** Error: BAD_ARGUMENT where `name` can be the name of no virtual stick, neither here nor in another process. */
export function requireVirtual(name: string): void {
  if (isVirtual(name) || parseServedName(name)) return;
  throw nodeFailure('BAD_ARGUMENT/virtual-name', { name });
}

/** Error: BAD_ARGUMENT, see {@link requireVirtual}. */
export async function handsOn(RED: Runtime, name: string): Promise<Hands> {
  requireVirtual(name);
  const other = parseServedName(name);
  if (other) {
    const host = await servedHost(RED, other);
    // Whoever asks next is to hear how it stands, or that nobody can tell.
    await host.scan().catch(() => undefined);
    return host;
  }
  const [{ stick }, { obey }] = await Promise.all([virtualStick(name), import('../../src/virtual/orders.js')]);
  return {
    get plugged() {
      return stick.plugged;
    },
    onEvent: (listener) => stick.onEvent(listener),
    onChange: (listener) => stick.onChange(listener),
    // As text: what belongs to a flow stays its own.
    order: async (order) => obey(stick, JSON.stringify(order)),
  };
}

/**
 * The web server that the virtual stick `name` has in HiLink mode, on a TCP port of this machine; returns how to end it. Errors:
 * PORT_BUSY, BAD_ARGUMENT for a stick of another process.
 */
export async function serveWebOf(
  name: string,
  port: number,
  complain: (error: unknown) => void,
): Promise<() => Promise<void>> {
  if (!isVirtual(name)) {
    throw nodeFailure('BAD_ARGUMENT/web-elsewhere', { name });
  }
  const [{ stick }, { serveWeb }] = await Promise.all([virtualStick(name), import('../../src/virtual/web/server.js')]);
  const server = await serveWeb({ stick, port, complain });
  return () => server.close();
}

/** Virtual sticks that exist here or have been named, by name, with what the bus shows of them now. */
export function knownVirtuals(): { name: string; device: UsbDevice | undefined }[] {
  const own = [...virtuals].map(([name, { stick }]) => ({ name, device: stick.device }));
  const others = [...served].map(([name, host]) => ({ name, device: host.device }));
  return [...own, ...others].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}
