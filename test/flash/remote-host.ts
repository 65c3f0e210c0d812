/**
 * A host whose stick lives in the parent process: it outlives this one, as a real stick does. Notes and locks are files of
 * this machine. See killed-jobs.ts for the other end.
 */

import { join } from 'node:path';
import { DriverError, type ErrorCode } from '../../src/errors';
import { systemClock } from '../../src/host/clock';
import type { BulkPipe, Host, TtyPort, UsbDevice } from '../../src/host/host';
import { lockStick } from '../../src/host/lock';
import { Marks } from '../../src/host/marks';
import { Notes } from '../../src/host/notes';
import { stateMembers } from '../../src/host/state';

/** To the parent: `handle` 0 is its host, others are what was opened. */
export interface Call {
  id: number;
  handle: number;
  method: 'scan' | 'openTty' | 'openBulk' | 'write' | 'close' | 'transferOut' | 'transferIn' | 'recover';
  args: unknown[];
}

/** From the parent. */
export type Word =
  | { what: 'answer'; id: number; value?: unknown }
  | { what: 'refusal'; id: number; code: ErrorCode; message: string }
  | { what: 'devices'; devices: UsbDevice[] }
  | { what: 'bytes'; handle: number; bytes: Uint8Array }
  | { what: 'gone'; handle: number };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: DriverError): void;
}

class RemotePort implements TtyPort {
  readonly path: string;
  readonly #call: (method: Call['method'], ...args: unknown[]) => Promise<unknown>;
  #open = true;
  #unread: Uint8Array[] = [];
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onGone: ((error: DriverError) => void) | undefined;

  constructor(path: string, call: (method: Call['method'], ...args: unknown[]) => Promise<unknown>) {
    this.path = path;
    this.#call = call;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  async write(data: Uint8Array): Promise<void> {
    await this.#call('write', Uint8Array.from(data));
  }

  receive(onData: (chunk: Uint8Array) => void, onGone: (error: DriverError) => void): void {
    this.#onData = onData;
    this.#onGone = onGone;
    for (const chunk of this.#unread.splice(0)) onData(chunk);
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#onData = undefined;
    this.#onGone = undefined;
    await this.#call('close');
  }

  hear(bytes: Uint8Array): void {
    if (this.#onData) this.#onData(bytes);
    else if (this.#open) this.#unread.push(bytes);
  }

  leave(): void {
    this.#open = false;
    this.#onGone?.(new DriverError('STICK_GONE', `The port ${this.path} has vanished.`));
  }
}

/** `folder` stands for the machine: its locks, its notes in `notes`, and what is told to all. */
export function remoteHost(folder: string): Host {
  const waiting = new Map<number, Waiting>();
  const ports = new Map<number, RemotePort>();
  const listeners = new Set<(devices: UsbDevice[]) => void>();
  let calls = 0;

  process.on('message', (word: Word) => {
    if (word.what === 'devices') for (const listener of listeners) listener(word.devices);
    else if (word.what === 'bytes') ports.get(word.handle)?.hear(word.bytes);
    else if (word.what === 'gone') ports.get(word.handle)?.leave();
    else {
      const entry = waiting.get(word.id);
      waiting.delete(word.id);
      if (word.what === 'answer') entry?.resolve(word.value);
      else entry?.reject(new DriverError(word.code, word.message));
    }
  });
  const call = (handle: number, method: Call['method'], ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, { resolve, reject });
      process.send?.({ id, handle, method, args } satisfies Call);
    });
  const scan = async () => (await call(0, 'scan')) as UsbDevice[];

  return {
    kind: 'local',
    hasBus: true,
    // The stick is a virtual one: it may get made-up files.
    real: false,
    clock: systemClock,
    scan,
    watch(listener) {
      listeners.add(listener);
      void scan().then((devices) => listeners.has(listener) && listener(devices));
      return { stop: () => void listeners.delete(listener) };
    },
    async openTty(path) {
      const handle = (await call(0, 'openTty', path)) as number;
      const port = new RemotePort(path, (method, ...args) => call(handle, method, ...args));
      ports.set(handle, port);
      return port;
    },
    async openBulk(device, interfaceNumber): Promise<BulkPipe> {
      const handle = (await call(0, 'openBulk', device, interfaceNumber)) as number;
      return {
        transferOut: async (data, timeoutMs) => void (await call(handle, 'transferOut', data, timeoutMs)),
        transferIn: async (length, timeoutMs) => (await call(handle, 'transferIn', length, timeoutMs)) as Uint8Array,
        recover: async () => void (await call(handle, 'recover')),
        close: async () => void (await call(handle, 'close')),
      };
    },
    storageVendor: () => Promise.resolve(undefined),
    mounts: () => Promise.resolve([]),
    lock: (portPath) => lockStick(portPath, { root: folder, folder }),
    ...stateMembers(new Notes([join(folder, 'notes')]), new Marks(folder)),
    place: ({ portPath }) => portPath,
    presence: ({ portPath, address }) => `${portPath} ${address}`,
    power: () => Promise.resolve({ autosuspend: 'off', hub: 'none' }),
    stayAwake: () => Promise.resolve(() => undefined),
    intruders: () => Promise.resolve([]),
  };
}
