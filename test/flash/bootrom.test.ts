/** The boot ROM's side of a port, byte by byte and to the millisecond. */

import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { BootRom } from '../../src/flash/bootrom';
import type { Timer, TtyPort } from '../../src/host/host';
import { TIMEOUTS } from '../../src/timeouts';
import { VirtualClock } from '../../src/virtual/clock';
import { made } from '../support/errors';

const ACCEPTED = 0xaa;
const REJECTED = 0x55;
/** Three packets between head and end. */
const DATA = Buffer.alloc(2_500, 7);
const { answer: ANSWER, settle: SETTLE } = TIMEOUTS.bootrom;

/** Answers to one packet: after how many ms which byte. */
type Answers = readonly (readonly [number, number])[];

/** An upload to a ROM that answers the n-th packet as `script` says; what was written when, and the end. */
async function upload(script: (n: number) => Answers | 'fails', data = DATA) {
  const clock = new VirtualClock();
  const written: { at: number; type: string; number: number; inAnswer: boolean }[] = [];
  let onData: (chunk: Uint8Array) => void = () => {};
  let answering = false;
  const timers: Timer[] = [];
  const port: TtyPort = {
    path: '/dev/ttyTest',
    isOpen: true,
    receive: (listener) => {
      onData = listener;
    },
    async write(bytes) {
      const [type = 0, number = 0] = bytes;
      written.push({ at: clock.now(), type: type.toString(16), number, inAnswer: answering });
      const answers = script(written.length - 1);
      if (answers === 'fails') throw made('STICK_GONE', 'The port has vanished.');
      for (const [ms, byte] of answers) {
        const timer = clock.after(ms, () => {
          answering = true;
          onData(Uint8Array.of(byte));
          answering = false;
        });
        timers.push(timer);
      }
    },
    async close() {},
  };
  const rom = new BootRom(port, { clock, stick: '1-1' });
  const end = await clock.run(
    rom.upload([{ mode: 1, address: 0x10, data }]).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  for (const timer of timers) timer.cancel();
  assert.equal(clock.pending, 0);
  return { written, end };
}

const packets = (written: { type: string; number: number }[]) =>
  written.map(({ type, number }) => (type === 'da' ? `da ${number}` : type)).join(', ');

describe('upload to the boot ROM', () => {
  it('sends each packet once, the next one in the very turn in which the one before is accepted', async () => {
    const { written, end } = await upload(() => [[5, ACCEPTED]]);
    assert.equal(end, undefined);
    assert.equal(packets(written), 'fe, da 1, da 2, da 3, ed');
    assert.deepEqual(
      written.map(({ inAnswer }) => inAnswer),
      [false, false, true, true, false],
    );
  });

  it('after a silence lets nothing follow before the line has settled', async () => {
    const { written, end } = await upload((n) => (n === 2 ? [] : [[5, ACCEPTED]]));
    assert.equal(end, undefined);
    assert.equal(packets(written), 'fe, da 1, da 2, da 2, da 3, ed');
    const [, , second, again, third] = written.map(({ at }) => at);
    assert.ok(second !== undefined && again !== undefined && third !== undefined);
    assert.equal(again - second, ANSWER);
    assert.equal(third - again, 5 + SETTLE);
  });

  it('the late answer to a packet that was repeated is none to the next one', async () => {
    const { written, end } = await upload((n) => [[n === 2 ? ANSWER + 100 : 200, ACCEPTED]]);
    assert.equal(end, undefined);
    assert.equal(packets(written), 'fe, da 1, da 2, da 2, da 3, ed');
  });

  it('sends a rejected packet again, and then the next one', async () => {
    const { written, end } = await upload((n) => [[5, n === 2 ? REJECTED : ACCEPTED]]);
    assert.equal(end, undefined);
    assert.equal(packets(written), 'fe, da 1, da 2, da 2, da 3, ed');
  });

  it('ends when a write fails, also of a packet that was sent ahead', async () => {
    for (const failing of [1, 2, 3]) {
      const { written, end } = await upload((n) => (n === failing ? 'fails' : [[5, ACCEPTED]]));
      assert.ok(isDriverError(end, 'STICK_GONE'), String(end));
      assert.equal(written.length, failing + 1);
      assert.ok((written.at(-1)?.at ?? 0) < ANSWER, 'without waiting for an answer');
    }
  });
});

/**
 * A ROM that accepts, but loses its third packet, and says `bytes` every so often (ms) once it has got `from` packets: the first of
 * them, or the fourth, which it accepts before.
 */
function babbler(bytes: Uint8Array, from: 1 | 4 = 1, every = 1) {
  const clock = new VirtualClock();
  let onData: (chunk: Uint8Array) => void = () => {};
  let packets = 0;
  let timer: Timer | undefined;
  let quiet = false;
  const accept = () => clock.after(5, () => onData(Uint8Array.of(ACCEPTED)));
  const babble = (ms: number) => {
    timer = clock.after(ms, () => {
      onData(bytes);
      babble(every);
    });
  };
  const port: TtyPort = {
    path: '/dev/ttyTest',
    isOpen: true,
    receive: (listener) => {
      onData = listener;
    },
    async write() {
      packets++;
      if (packets === from) babble(6);
      if (quiet || (packets <= from && from !== 1 && packets !== 3)) accept();
    },
    async close() {},
  };
  return {
    clock,
    packets: () => packets,
    hush() {
      timer?.cancel();
      quiet = true;
    },
    async upload(signal?: AbortSignal) {
      const rom = new BootRom(port, { clock, stick: '1-1', ...(signal && { signal }) });
      const began = clock.now();
      const end = await clock.run(
        rom.upload([{ mode: 1, address: 0x10, data: DATA }]).then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
      timer?.cancel();
      assert.equal(clock.pending, 0);
      return { end, ms: clock.now() - began };
    },
  };
}

describe('a boot ROM that does not stop sending', () => {
  it('55 from the first packet on: NAK', async () => {
    const { end, ms } = await babbler(Uint8Array.of(REJECTED)).upload();
    assert.ok(isDriverError(end, 'NAK'), String(end));
    assert.ok(ms <= ANSWER);
  });

  it('noise that is no answer, and a lot of it: TIMEOUT, after the time of two answers', async () => {
    const { end, ms } = await babbler(Buffer.alloc(10_000, 0x33)).upload();
    assert.ok(isDriverError(end, 'TIMEOUT'), String(end));
    assert.equal(ms, 2 * ANSWER);
  });

  for (const byte of [REJECTED, ACCEPTED]) {
    // The third packet is sent again after one silence, and is accepted.
    for (const [how, every, most] of [
      ['fast', 1, 200],
      ['slowly', SETTLE - 100, TIMEOUTS.bootrom.settleMost + SETTLE],
    ] as const) {
      it(`${byte.toString(16)}, ${how}, while the line should become quiet: PROTOCOL, in time`, async () => {
        const { end, ms } = await babbler(Uint8Array.of(byte), 4, every).upload();
        assert.ok(isDriverError(end, 'PROTOCOL'), String(end));
        assert.match(end.message, new RegExp(`does not stop sending ${byte.toString(16)}`, 'i'));
        assert.ok(ms <= ANSWER + most, `${ms} ms`);
      });
    }
  }

  it('a line that becomes quiet late is a quiet line', async () => {
    const rom = babbler(Uint8Array.of(ACCEPTED), 4, SETTLE - 100);
    rom.clock.after(ANSWER + TIMEOUTS.bootrom.settleMost - 200, () => rom.hush());
    const { end } = await rom.upload();
    assert.equal(end, undefined);
  });
});

describe('an upload', () => {
  it('is given up when all its packets together take too long', async () => {
    const { written, end } = await upload(() => [[ANSWER - 1, ACCEPTED]], Buffer.alloc(1_000_000));
    assert.ok(isDriverError(end, 'TIMEOUT'), String(end));
    assert.match(end.message, /within 5 minutes/);
    const last = written.at(-1)?.at ?? 0;
    assert.ok(last <= TIMEOUTS.bootrom.upload + ANSWER, `${last} ms`);
  });

  it('that is cancelled ends at once, whatever it waits for, and sends no more', async () => {
    const reason = made('CANCELLED', 'The job was cancelled.');
    for (const [what, rom] of [
      ['an answer', babbler(Uint8Array.of(0x33))],
      ['a quiet line', babbler(Uint8Array.of(ACCEPTED), 4, SETTLE - 100)],
    ] as const) {
      const cancel = new AbortController();
      let packets = 0;
      const at = what === 'an answer' ? 1_000 : ANSWER + 1_000;
      rom.clock.after(at, () => {
        packets = rom.packets();
        cancel.abort(reason);
      });
      const { end, ms } = await rom.upload(cancel.signal);
      assert.equal(end, reason, what);
      assert.equal(ms, at, what);
      assert.equal(rom.packets(), packets, what);
    }
    const rom = babbler(Uint8Array.of(ACCEPTED));
    assert.equal((await rom.upload(AbortSignal.abort(reason))).end, reason);
    assert.equal(rom.packets(), 0);
  });
});
