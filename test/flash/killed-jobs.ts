/** A virtual stick in this process, and conversions of it in processes of their own, which can be killed at any moment. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asDriverError } from '../../src/errors';
import type { ConvertOptions } from '../../src/flash/convert';
import type { Act, JobReport } from '../../src/flash/events';
import { systemClock } from '../../src/host/clock';
import type { BulkPipe, TtyPort, UsbDevice } from '../../src/host/host';
import type { StickEvent } from '../../src/virtual/events';
import { VirtualHost } from '../../src/virtual/host';
import type { StickOptions } from '../../src/virtual/options';
import { act } from '../../src/virtual/person';
import { VirtualStick } from '../../src/virtual/stick';
import type { Call, Word } from './remote-host';

export type EndedReport = JobReport & { message?: string };

/** Time is real here: what a stick only waits for is kept short. */
const QUICK = { plug: 50, switch: 50, offBus: 50, firstTty: 20, nextTty: 20, jump: 50, loaderReset: 50, atReset: 50 };

export class KilledJobs {
  readonly stick: VirtualStick;
  readonly folder = mkdtempSync(join(tmpdir(), 'e3272-killed-'));
  /** What the stick noticed since it was made. */
  readonly events: StickEvent[] = [];
  readonly #host: VirtualHost;

  constructor(files: { loader: Uint8Array; firmware: Uint8Array }, options: Partial<StickOptions> = {}) {
    this.stick = new VirtualStick({ clock: systemClock, timing: { ...QUICK, urcEvery: 0 }, ...options });
    this.#host = new VirtualHost({ sticks: [this.stick], clock: systemClock });
    this.stick.onEvent((event) => this.events.push(event));
    mkdirSync(join(this.folder, 'notes'));
    writeFileSync(join(this.folder, 'loader.bin'), files.loader);
    writeFileSync(join(this.folder, 'firmware.bin'), files.firmware);
    this.stick.plug();
  }

  /** The note of a write that is not complete. */
  get journal(): { complete: string[]; missing: string[] } | undefined {
    const notes = join(this.folder, 'notes');
    const [name] = readdirSync(notes).filter((file) => file.endsWith('.json'));
    return name === undefined ? undefined : JSON.parse(readFileSync(join(notes, name), 'utf8'));
  }

  /** Resolves when the stick is on the bus in one of these modes, with a tty where that has any. */
  settled(...modes: string[]): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const last = this.events.findLast((event) => event.what === 'mode');
        if (last?.what !== 'mode' || !modes.includes(last.mode)) return;
        if (!last.mode.startsWith('cdrom') && !this.stick.ttys.some((tty) => tty.present)) return;
        stop();
        resolve();
      };
      const stop = this.stick.onChange(look);
      look();
    });
  }

  /** Converts it; undefined when the process was killed, which happens in the moment in which `kill` says so. */
  async convert(
    kill?: (event: StickEvent) => boolean,
    options: Partial<ConvertOptions> = {},
  ): Promise<EndedReport | undefined> {
    const args = [this.folder, JSON.stringify(options)];
    const child = fork(join(__dirname, 'converter.js'), args, { serialization: 'advanced' });
    const opened = new Map<number, TtyPort | BulkPipe>();
    let dead = false;
    let report: EndedReport | undefined;
    const stop = this.stick.onEvent((event) => {
      if (dead || !kill?.(event)) return;
      // Nothing that it has sent and nobody has taken yet reaches the stick; its ports are closed by the kernel.
      dead = true;
      child.kill('SIGKILL');
      for (const port of opened.values()) void port.close();
    });
    child.on('message', (message: Call | { act: Act } | { report: string }) => {
      if (dead) return;
      if ('report' in message) report = JSON.parse(message.report);
      else if ('act' in message) void act(this.stick, message.act, { pauseMs: 50 });
      else void this.#serve(child, opened, message);
    });
    const watch = this.#host.watch((devices) => say(child, { what: 'devices', devices }));
    const ended = once(child, 'exit');
    await ended;
    watch.stop();
    stop();
    return report;
  }

  remove(): void {
    this.stick.unplug();
    rmSync(this.folder, { recursive: true });
  }

  async #serve(child: ChildProcess, opened: Map<number, TtyPort | BulkPipe>, call: Call): Promise<void> {
    try {
      const value = await this.#carryOut(child, opened, call);
      say(child, { what: 'answer', id: call.id, value });
    } catch (error) {
      const { code, message } = asDriverError(error, 'PROTOCOL', 'The stick');
      say(child, { what: 'refusal', id: call.id, code, message });
    }
  }

  async #carryOut(child: ChildProcess, opened: Map<number, TtyPort | BulkPipe>, call: Call): Promise<unknown> {
    const { handle, method, args } = call;
    const [first, second] = args;
    if (method === 'scan') return this.#host.scan();
    if (method === 'openBulk') {
      opened.set(call.id, await this.#host.openBulk(first as UsbDevice, second as number));
      return call.id;
    }
    if (method === 'openTty') {
      const port = await this.#host.openTty(first as string);
      opened.set(call.id, port);
      const gone = () => say(child, { what: 'gone', handle: call.id });
      port.receive((chunk) => say(child, { what: 'bytes', handle: call.id, bytes: Uint8Array.from(chunk) }), gone);
      return call.id;
    }
    const port = opened.get(handle);
    if (method === 'close') {
      opened.delete(handle);
      return port?.close();
    }
    if (port && 'receive' in port) return port.write(first as Uint8Array);
    if (method === 'recover') return port?.recover();
    return method === 'transferOut'
      ? port?.transferOut(first as Uint8Array, second as number)
      : port?.transferIn(first as number, second as number);
  }
}

function say(child: ChildProcess, word: Word): void {
  if (child.connected) child.send(word, () => undefined);
}
