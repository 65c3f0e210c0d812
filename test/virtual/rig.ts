/** Helpers of the virtual stick's tests: a stick on a virtual clock, and a program that has one of its ttys open. */

import assert from 'node:assert/strict';
import { encodeFrame } from '../../src/codec/hdlc';
import { VirtualClock } from '../../src/virtual/clock';
import type { StickEvent } from '../../src/virtual/events';
import type { StickOptions } from '../../src/virtual/options';
import { VirtualStick } from '../../src/virtual/stick';
import type { VirtualTty } from '../../src/virtual/tty';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const unhex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** A reader and writer on one tty: what came in, and a wait for more. */
export class Line {
  readonly tty: VirtualTty;
  gone = false;
  chunks: Buffer[] = [];
  #waiting: (() => void)[] = [];

  constructor(tty: VirtualTty) {
    this.tty = tty;
    const wake = () => {
      for (const fn of this.#waiting.splice(0)) fn();
    };
    tty.open({
      data: (chunk) => {
        this.chunks.push(Buffer.from(chunk));
        wake();
      },
      gone: () => {
        this.gone = true;
        wake();
      },
    });
  }

  send(data: Uint8Array | string): void {
    this.tty.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : Uint8Array.from(data));
  }

  /** Everything that came since the last call. */
  take(): Buffer {
    return Buffer.concat(this.chunks.splice(0));
  }

  text(): string {
    return this.take().toString('latin1');
  }

  async until(done: (text: string) => boolean): Promise<string> {
    for (;;) {
      const text = Buffer.concat(this.chunks).toString('latin1');
      if (done(text)) return this.text();
      assert.ok(!this.gone, 'the tty vanished while the test waited for an answer');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Sends an AT line and waits for a final result code. */
  at(command: string): Promise<string> {
    this.send(`${command}\r`);
    return this.until((t) => /(^|[\r\n])(OK|ERROR|\+CM[ES] ERROR: .*|COMMAND NOT SUPPORT)\r\n/.test(t));
  }
}

export interface Rig {
  clock: VirtualClock;
  stick: VirtualStick;
  events: StickEvent[];
  /** Until the stick is `appearance` with all its ttys. */
  settle(appearance: string, ttys: number): Promise<void>;
  /** Until the stick shows an event of this kind. */
  event(what: StickEvent['what']): Promise<StickEvent>;
  /** Lets `ms` pass. */
  pass(ms: number): Promise<void>;
  open(interfaceNumber: number): Line;
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function rig(options: Partial<StickOptions> = {}): Rig {
  const clock = new VirtualClock();
  const stick = new VirtualStick({
    losesFirstAt: false,
    ...options,
    clock,
    timing: { urcEvery: 0, ...options.timing },
  });
  const events: StickEvent[] = [];
  stick.onEvent((event) => events.push(event));
  const until = (ready: () => boolean) =>
    new Promise<void>((resolve) => {
      if (ready()) {
        resolve();
        return;
      }
      const stops = [stick.onChange(look), stick.onEvent(look)];
      function look(): void {
        if (!ready()) return;
        for (const stop of stops) stop();
        resolve();
      }
    });
  return {
    clock,
    stick,
    events,
    settle: (appearance, ttys) => until(() => stick.appearance === appearance && stick.ttys.length === ttys),
    async event(what) {
      const from = events.length;
      await until(() => events.slice(from).some((e) => e.what === what));
      return events.slice(from).find((e) => e.what === what) as StickEvent;
    },
    pass: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
    open(interfaceNumber) {
      const tty = stick.ttys.find((t) => t.interfaceNumber === interfaceNumber);
      assert.ok(tty, `no tty on interface ${interfaceNumber}`);
      return new Line(tty);
    },
    run: (work) => clock.run(work()),
  };
}

/** A made-up loader component: a partition table, and the call of erase_all as asked for. */
export function loaderImage(
  erase: 'none' | 'live' | 'call patched' | 'callee patched' = 'none',
  yaffs1 = 0xe0,
): Buffer {
  const image = Buffer.alloc(4096, 0x11);
  const table = 2048;
  image.fill(0, table, table + 1024);
  image.write('pTableHead\0\0\0\0\0\x80', table, 'latin1');
  image.write('V1', table + 0x10, 'latin1');
  image.write('H6920-VIRTUAL', table + 0x20, 'latin1');
  const rows: [string, number, number][] = [
    ['BootLoad', 0x101, 1],
    ['BootRom', 0x102, 0x10],
    ['VxWorks', 0x103, 0x100],
    ['/yaffs1', 0x107, yaffs1],
    ['cdromiso', 0x10c, 0x570],
  ];
  rows.forEach(([name, type, blocks], n) => {
    const at = table + 0x30 + 48 * n;
    image.write(name, at, 'latin1');
    image.writeUInt32LE(blocks * 0x20000, at + 24);
    image.writeUInt32LE(type, at + 36);
  });
  if (erase !== 'none') {
    image.set(unhex('3de2e0e3 00e09ee5 28c39fe5 0c005ee1 0000000a'), 64);
    const callee = 512;
    // BL: words from the instruction's address + 8.
    if (erase === 'call patched') image.set(unhex('0000a0e3'), 84);
    else {
      image.writeIntLE((callee - 84 - 8) / 4, 84, 3);
      image[87] = 0xeb;
    }
    image.set(unhex('0c009de5 04109de5 f0ffffeb 0be0a0e1 0e0050e1'), callee + 32);
    if (erase === 'callee patched') image.set(unhex('0000a0e3'), callee + 40);
  }
  return image;
}

const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];

/** Frames of the download protocol. */
export const frames = {
  start: (code: number, size: number) => encodeFrame(Uint8Array.of(0x41, ...u32(code), ...u32(size), 0, 0, 0)),
  block(number: number, data: Uint8Array): Uint8Array {
    return encodeFrame(
      Buffer.concat([Uint8Array.of(0x42, ...u32(number), data.length >> 8, data.length & 0xff), data]),
    );
  },
  end: (code: number, size: number) =>
    encodeFrame(Uint8Array.of(0x43, ...u32(size), 0, 0, 0, ...u32(code), ...new Array<number>(11).fill(0))),
  one: (command: number) => encodeFrame(Uint8Array.of(command)),
};

export const ACK = '7e026ad37e';
export const NAK7 = '7e030007175d7e';
