/** The wire to a loader, frame by frame, and a loader that talks without end. */

import assert from 'node:assert/strict';
import { encodeFrame } from '../../src/codec/hdlc';
import { failure, isDriverError } from '../../src/errors';
import type { Timer } from '../../src/host/host';
import { ACK, LoaderLink } from '../../src/survey/loader-link';
import { TIMEOUTS } from '../../src/timeouts';
import { VirtualClock } from '../../src/virtual/clock';

const PONG = encodeFrame(Uint8Array.of(0x3a));
const BLOCK = encodeFrame(Uint8Array.of(0x42, 1, 2, 3));
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');

/**
 * A loader that answers what is written to it as `answer` says, each part after 1 ms; pings it answers by itself. With
 * `flood` it says that every ms from the first write on.
 */
function link(answer: (data: Uint8Array) => Uint8Array[], flood?: Uint8Array) {
  const clock = new VirtualClock();
  let onData: (chunk: Uint8Array) => void = () => undefined;
  let writes = 0;
  let timer: Timer | undefined;
  const babble = (bytes: Uint8Array) => {
    timer = clock.after(1, () => {
      onData(bytes);
      babble(bytes);
    });
  };
  const wire = new LoaderLink(
    {
      path: 'scripted',
      isOpen: true,
      async write(data) {
        if (writes++ === 0 && flood) babble(flood);
        const parts = data[1] === 0x3a ? [PONG] : answer(data);
        for (const [n, part] of parts.entries()) clock.after(n + 1, () => onData(part));
      },
      receive(listener) {
        onData = listener;
      },
      close: async () => undefined,
    },
    clock,
    'test',
  );
  return {
    wire,
    clock,
    writes: () => writes,
    async run<T>(work: Promise<T>): Promise<{ result: T | undefined; error: unknown; ms: number }> {
      const began = clock.now();
      const settled = work.then(
        (result) => ({ result, error: undefined }),
        (error: unknown) => ({ result: undefined, error }),
      );
      const end = await clock.run(settled);
      timer?.cancel();
      return { ...end, ms: clock.now() - began };
    },
  };
}

describe('an answer of the loader', () => {
  const body = (...bytes: number[]) => [encodeFrame(Uint8Array.from(bytes))];

  it('is an ACK of one byte, or a NAK of three', async () => {
    const { wire, run } = link(() => body(0x02));
    assert.equal((await run(wire.send(BLOCK, 1_000, 'block 1'))).result, ACK);
    const refusing = link(() => body(0x03, 0x00, 0x07));
    assert.equal((await refusing.run(refusing.wire.send(BLOCK, 1_000, 'block 1'))).result, 7);
  });

  for (const [what, bytes] of [
    ['an ACK with something behind it', [0x02, 0x00]],
    ['a NAK without its number', [0x03, 0x00]],
    ['a NAK with something behind it', [0x03, 0x00, 0x07, 0x00]],
    ['another frame', [0x0d, 0x00]],
  ] as const) {
    it(`is not ${what}: the frame counts as unanswered, however often it is sent`, async () => {
      const { wire, run } = link(() => body(...bytes));
      const { error } = await run(wire.send(BLOCK, 1_000, 'block 1'));
      assert.ok(isDriverError(error, 'TIMEOUT'), String(error));
      assert.match(error.message, /answers, but not to block 1: sent 4 times/);
    });
  }

  it('in words ends with its final result code, wherever its pieces are cut', async () => {
    for (const parts of [
      ['\r\nswver:1\r\n\r\nOK\r\n'],
      ['\r', '\nsw', 'ver:1\r\n\r\nO', 'K', '\r', '\n'],
      ['\r\nswver:1', '\r\n', 'OK\r'],
    ]) {
      const { wire, run } = link(() => parts.map(text));
      assert.deepEqual((await run(wire.at('AT^DLOADINFO?'))).result, { ok: true, lines: ['swver:1'] }, parts.join('|'));
    }
    const { wire, run } = link(() => [text('\r\n+CME ERROR: 100\r\n')]);
    assert.deepEqual((await run(wire.at('AT'))).result, { ok: false, lines: [] });
    const cut = link(() => [text('\r\nOK')]);
    assert.equal((await cut.run(cut.wire.at('AT'))).result, undefined, 'it may go on');
  });
});

describe('a block that was answered too late', () => {
  it('is asked for by a ping before it is sent again: its late ACK is none to the next block', async () => {
    const clock = new VirtualClock();
    let onData: (chunk: Uint8Array) => void = () => undefined;
    let busyUntil = 0;
    const blocks: number[] = [];
    /** How long the n-th block takes; undefined = it is lost on its way. */
    const takes = [1_500, 600, undefined, 1];
    const wire = new LoaderLink(
      {
        path: 'scripted',
        isOpen: true,
        async write(data) {
          const ping = data[1] === 0x3a;
          const ms = ping ? 1 : takes[blocks.push(data[2] ?? 0) - 1];
          if (ms === undefined) return;
          // One after another, as a loader does.
          busyUntil = Math.max(clock.now(), busyUntil) + ms;
          clock.after(busyUntil - clock.now(), () => onData(ping ? PONG : encodeFrame(Uint8Array.of(0x02))));
        },
        receive(listener) {
          onData = listener;
        },
        close: async () => undefined,
      },
      clock,
      'test',
    );
    for (const n of [1, 2]) {
      const verdict = await clock.run(wire.send(encodeFrame(Uint8Array.of(0x42, n)), 1_000, `block ${n}`));
      assert.equal(verdict, ACK);
    }
    assert.deepEqual(blocks, [1, 1, 2, 2], 'the second one was lost, and sent again');
  });
});

describe('a loader that talks without end', () => {
  it('in lines: no answer, after the time of one', async () => {
    const { wire, run } = link(() => [], text('\r\n^BOOT:1,0,0,0,75\r\n'));
    const { result, ms } = await run(wire.at('AT'));
    assert.equal(result, undefined);
    assert.equal(ms, TIMEOUTS.loader.at);
  });

  it('in lines: of an answer among them the latest are kept, and of a long line its beginning', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => text(`\r\nline ${n}\r\n`));
    const { wire, run } = link(() => [...lines, text('\r\nswver:1\r\nOK\r\n')]);
    const { result } = await run(wire.at('AT', 60_000));
    assert.equal(result?.lines.at(-1), 'swver:1');
    assert.equal(result.lines.at(-2), 'line 4999');
    assert.ok(result.lines.length <= 64, `${result.lines.length} lines`);
    const long = link(() => [...Array.from({ length: 200 }, () => text('x'.repeat(1_000))), text('\r\nOK\r\n')]);
    const [line = ''] = (await long.run(long.wire.at('AT', 60_000))).result?.lines ?? [];
    assert.equal(line.length, 512);
  });

  it('in frames that nobody waits for: no answer, after the time of one', async () => {
    const { wire, run } = link(() => [], encodeFrame(Uint8Array.of(0x0d, 1)));
    const { result, ms } = await run(wire.request(Uint8Array.of(0x45), 0x45, 1_000));
    assert.equal(result, undefined);
    assert.equal(ms, 1_000);
  });

  it('in damaged frames: the answer is given up soon after the first one, however many come', async () => {
    const { wire, run } = link(() => [], text('~noise~'));
    const { result, ms } = await run(wire.request(Uint8Array.of(0x45), 0x45, 10_000));
    assert.equal(result, undefined);
    assert.ok(ms <= TIMEOUTS.loader.afterDamage + 10, `${ms} ms`);
  });

  it('in damaged frames: a block ends in TIMEOUT', async () => {
    const noisy = link(() => [], text('~noise~'));
    const silent = link(() => []);
    for (const { wire, run } of [noisy, silent]) {
      const { error, ms } = await run(wire.send(BLOCK, TIMEOUTS.loader.block, 'block 1'));
      assert.ok(isDriverError(error, 'TIMEOUT'), String(error));
      assert.ok(ms <= 4 * TIMEOUTS.loader.block + 9 * TIMEOUTS.loader.slowBlock, `${ms} ms`);
    }
  });
});

describe('a wait for the loader', () => {
  const reason = failure('CANCELLED/job', {});

  it('ends at once when it is cancelled, and nothing more is sent', async () => {
    for (const [what, ask] of [
      ['a text', (wire: LoaderLink) => wire.at('AT^DLOADINFO?', 10_000)],
      ['a frame', (wire: LoaderLink) => wire.request(Uint8Array.of(0x45), 0x45, 10_000, 2)],
    ] as const) {
      const { wire, clock, run, writes } = link(() => []);
      const cancel = new AbortController();
      wire.signal = cancel.signal;
      clock.after(700, () => cancel.abort(reason));
      const { error, ms } = await run(ask(wire) as Promise<unknown>);
      assert.equal(error, reason, what);
      assert.equal(ms, 700, what);
      assert.equal((await run(ask(wire) as Promise<unknown>)).error, reason, what);
      assert.equal(writes(), 1, what);
      assert.equal(clock.pending, 0, what);
    }
  });

  it('goes on where the signal has been taken off', async () => {
    const { wire, clock, run } = link(() => [encodeFrame(Uint8Array.of(0x02))]);
    const cancel = new AbortController();
    wire.signal = cancel.signal;
    clock.after(0, () => cancel.abort(reason));
    wire.signal = undefined;
    assert.equal((await run(wire.send(BLOCK, 1_000, 'block 1'))).result, ACK);
  });
});
