/** Virtual sticks served to other processes, and hosts that use them, all in this process: what is between them is TCP. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/host/clock';
import type { Host, UsbDevice } from '../../src/host/host';
import { type HostServer, serveHost } from '../../src/virtual/host-server';
import type { StickOptions } from '../../src/virtual/options';
import { obey } from '../../src/virtual/orders';
import {
  createRemoteVirtualHost,
  type RemoteVirtualHost,
  type RemoteVirtualHostOptions,
} from '../../src/virtual/remote-host';
import { VirtualStick } from '../../src/virtual/stick';
import { QUICK } from './quick';
import { inWords, lastOf, until } from './waits';

export const MODEM: Partial<StickOptions> = { firmware: 'stick', setport: 'FF;10,12', losesFirstAt: false };

/** A line of the log. */
export interface Entry {
  what: string;
  stick?: string;
  [field: string]: unknown;
}

export class ServedSticks {
  readonly sticks: VirtualStick[];
  /** Of the machine: locks and what is told to all. */
  readonly root = mkdtempSync(join(tmpdir(), 'e3272-served-'));
  /** What the server complained of. */
  readonly complaints: string[] = [];
  /** `virtual-1 came`, `virtual-1 left` */
  readonly clients: string[] = [];
  /** As `e3272 virtual --log` writes it. */
  readonly log: Entry[] = [];
  readonly #wakes = new Set<() => void>();
  #server: HostServer | undefined;
  #port = 0;

  constructor(options: readonly Partial<StickOptions>[] = [{}]) {
    this.sticks = options.map((own, index) => this.#make(index + 1, own));
    for (const stick of this.sticks) stick.onEvent((event) => this.#note(this.log, { stick: stick.name, ...event }));
  }

  static async start(options?: readonly Partial<StickOptions>[]): Promise<ServedSticks> {
    const served = new ServedSticks(options);
    await served.serve();
    return served;
  }

  get port(): number {
    return this.#port;
  }

  get stick(): VirtualStick {
    const [first] = this.sticks;
    if (!first) throw new Error('there is no stick');
    return first;
  }

  /** The place of the first one. */
  get place(): string {
    return `virtual-1@127.0.0.1:${this.#port}`;
  }

  #make(number: number, options: Partial<StickOptions>): VirtualStick {
    const name = `virtual-${number}`;
    return new VirtualStick({
      clock: systemClock,
      name,
      portPath: name,
      seed: number,
      ...options,
      timing: { ...QUICK, ...options.timing },
    });
  }

  /** Begins to serve, again on the same port. */
  async serve(): Promise<void> {
    this.#server = await serveHost({
      sticks: this.sticks,
      port: this.#port,
      complain: (error) => this.#note(this.complaints, error instanceof Error ? error.message : String(error)),
      onClient: ({ name: stick }, present) => {
        this.#note(this.clients, `${stick} ${present ? 'came' : 'left'}`);
        this.#note(this.log, { stick, what: 'client', present });
      },
    });
    this.#port = this.#server.port;
  }

  drop(): void {
    this.#server?.drop();
  }

  /** Ends the server; the sticks stay. */
  async end(): Promise<void> {
    await this.#server?.close();
  }

  host(options: Partial<RemoteVirtualHostOptions> = {}): RemoteVirtualHost {
    const stateFolders = [join(this.root, 'state')];
    return createRemoteVirtualHost({
      stickName: 'virtual-1',
      port: this.#port,
      root: this.root,
      stateFolders,
      ...options,
    });
  }

  /** Resolves when the server has noticed what is wanted. */
  async noticed(wanted: (served: ServedSticks) => boolean): Promise<void> {
    await this.#until(() => wanted(this), inWords(wanted));
  }

  /** The first entry of the log from `after` on that is wanted; waits for it. */
  logged(wanted: (entry: Entry) => boolean, after = 0): Promise<Entry> {
    return this.#until(() => this.log.slice(after).find(wanted), inWords(wanted));
  }

  #until<T>(look: () => T | undefined | false, words: string): Promise<T> {
    return until({
      what: `what the server of the sticks notices, ${words}`,
      look,
      listen: (wake) => {
        this.#wakes.add(wake);
        return () => this.#wakes.delete(wake);
      },
      came: () => [lastOf(this.log, 'entries in the log'), lastOf(this.complaints, 'complaints')].join('\n'),
    });
  }

  order(order: object): void {
    obey(this.stick, JSON.stringify(order));
  }

  async close(): Promise<void> {
    for (const stick of this.sticks) stick.unplug();
    await this.end();
    rmSync(this.root, { recursive: true });
  }

  #note<T>(list: T[], what: T): void {
    list.push(what);
    for (const wake of [...this.#wakes]) wake();
  }
}

/** Until the list of devices is as wanted. */
export function see(host: Host, wanted: (devices: UsbDevice[]) => boolean): Promise<UsbDevice[]> {
  const seen: UsbDevice[][] = [];
  return until({
    what: `devices on the bus, ${inWords(wanted)}`,
    look: () => seen.findLast(wanted),
    listen: (wake) => {
      const watch = host.watch((devices) => {
        seen.push(devices);
        wake();
      });
      return () => watch.stop();
    },
    came: () => lastOf(seen, 'states of the bus'),
  });
}

export const ttysOf = (devices: UsbDevice[]): string[] =>
  devices.flatMap((d) => d.interfaces.flatMap((i) => i.tty ?? []));
export const withTtys = (count: number) => (devices: UsbDevice[]) => ttysOf(devices).length === count;
