/** The whole conversion on a stick on a real bus, with a person beside it; and what a run must not leave behind. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ConvertOptions, convert } from '../../src/flash/convert';
import type { JobEvent, JobReport } from '../../src/flash/events';
import type { Host } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import type { Role } from '../../src/stick/modes';
import type { Stick } from '../../src/stick/stick';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { type BusStick, PORT_PATH } from './bus-stick';

export const SMALL = {
  loader: makeLoader({ size: 20_000 }),
  firmware: makeFirmware({
    images: [
      { code: 0x100, size: 2_048 },
      { code: 0x550103, size: 20_000, compression: 'zlib' },
      { code: 0x107, size: 9_000 },
    ],
  }),
};

/** This machine as nodes and command line see it, but for made-up files: its sticks are virtual. */
export const virtualMachine = (): Host => createLocalHost({ real: false });

export interface Run {
  report: JobReport;
  events: JobEvent[];
}

/** One run of the convert job. The person does what it asks for, for as long as it runs. */
export async function convertOnBus(stick: BusStick, host: Host, options: Partial<ConvertOptions> = {}): Promise<Run> {
  const events: JobEvent[] = [];
  const report = await convert(host, {
    which: PORT_PATH,
    ...SMALL,
    confirm: () => true,
    ...options,
    onEvent(event) {
      events.push(event);
      if (event.type === 'wait') stick.act(event.act);
      options.onEvent?.(event);
    },
  });
  return { report, events };
}

/** The stick has what the file holds, answers AT and will do so after the next plug. */
export async function assertConverted(stick: BusStick, report: JobReport, setport = 'FF;10,12'): Promise<void> {
  assert.equal(report.error, undefined, report.error?.stack);
  assert.equal(report.mode, 'tty');
  assert.equal(report.modem?.at, 'OK');
  const state = await stick.state();
  assert.equal(state.setport, setport);
  assert.ok(!state.nvErased);
  for (const image of report.images) assert.equal(state.images[image.code], image.sha256, image.name);
}

/** What the descriptors of this process lead to. */
export function openDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      return []; // the folder itself, which was open for the list
    }
  });
}

/** Those that lead to a stick. */
export const openPorts = (): string[] => openDescriptors().filter((target) => /ttyUSB|\/bus\/usb/.test(target));

/** Interfaces of the stick that a program has claimed from its kernel driver. */
export function claimedInterfaces(): string[] {
  return readdirSync('/sys/bus/usb/drivers/usbfs').filter((name) => /^\d+-[\d.]+:/.test(name));
}

export const ttyNodes = (): string[] => readdirSync('/dev').filter((name) => name.startsWith('ttyUSB'));

/** Ttys that the usb-serial core still keeps a minor for, present or not. */
export const serialPorts = (): number =>
  readFileSync('/proc/tty/driver/usbserial', 'latin1').match(/^\d+:/gm)?.length ?? 0;

/** Nothing is left of the stick, on the bus or in this process. */
export async function assertNothingLeft(stick: BusStick): Promise<void> {
  assert.deepEqual(openPorts(), [], 'no port is left open');
  assert.deepEqual(claimedInterfaces(), [], 'no interface is left claimed');
  stick.unplug();
  await stick.gone();
  assert.deepEqual(ttyNodes(), [], 'no tty is left');
  assert.equal(serialPorts(), 0, 'the kernel holds no port of it');
}

/** Path of the tty with this role. */
export function ttyOf(stick: Stick, role: Role): string {
  const tty = stick.ttys.find((t) => t.role === role);
  assert.ok(tty, `the stick has a ${role} port`);
  return tty.path;
}
