/** A virtual stick in this process, and conversions of it in processes of their own, which can be killed at any moment. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConvertOptions } from '../../src/flash/convert';
import type { Act, JobReport } from '../../src/flash/events';
import { systemClock } from '../../src/host/clock';
import type { StickEvent } from '../../src/virtual/events';
import { type HostServer, serveHost } from '../../src/virtual/host-server';
import type { StickOptions } from '../../src/virtual/options';
import { act } from '../../src/virtual/person';
import { VirtualStick } from '../../src/virtual/stick';
import { lastOf, until } from '../support/waits';

export type EndedReport = JobReport & { message?: string };

/** Time is real here: what a stick only waits for is kept short. */
const QUICK = { plug: 50, switch: 50, offBus: 50, firstTty: 20, nextTty: 20, jump: 50, loaderReset: 50, atReset: 50 };

export class KilledJobs {
  readonly stick: VirtualStick;
  readonly folder = mkdtempSync(join(tmpdir(), 'e3272-killed-'));
  /** What the stick noticed since it was made. */
  readonly events: StickEvent[] = [];
  readonly #server: Promise<HostServer>;

  constructor(files: { loader: Uint8Array; firmware: Uint8Array }, options: Partial<StickOptions> = {}) {
    this.stick = new VirtualStick({ clock: systemClock, timing: { ...QUICK, urcEvery: 0 }, ...options });
    this.#server = serveHost({ sticks: [this.stick], port: 0 });
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
  async settled(...modes: string[]): Promise<void> {
    await until({
      what: `the stick to be ${modes.join(' or ')}`,
      look: () => {
        const last = this.events.findLast((event) => event.what === 'mode');
        if (last?.what !== 'mode' || !modes.includes(last.mode)) return false;
        return last.mode.startsWith('cdrom') || this.stick.ttys.some((tty) => tty.present);
      },
      listen: (wake) => this.stick.onChange(wake),
      came: () => lastOf(this.events, 'events of the stick'),
    });
  }

  /** Converts it; undefined when the process was killed, which happens in the moment in which `kill` says so. */
  async convert(
    kill?: (event: StickEvent) => boolean,
    options: Partial<ConvertOptions> = {},
  ): Promise<EndedReport | undefined> {
    const server = await this.#server;
    const child = fork(join(__dirname, 'converter.js'), [String(server.port), this.folder, JSON.stringify(options)]);
    let dead = false;
    let report: EndedReport | undefined;
    const stop = this.stick.onEvent((event) => {
      if (dead || !kill?.(event)) return;
      // Nothing that it has sent and nobody has taken yet reaches the stick.
      dead = true;
      child.kill('SIGKILL');
      server.drop();
    });
    child.on('message', (message: { act: Act } | { report: string }) => {
      if (dead) return;
      if ('report' in message) report = JSON.parse(message.report);
      else void act(this.stick, message.act, { pauseMs: 50 });
    });
    await once(child, 'exit');
    stop();
    return report;
  }

  async remove(): Promise<void> {
    this.stick.unplug();
    await (await this.#server).close();
    rmSync(this.folder, { recursive: true });
  }
}
