/** The boot ROM's side of a port, byte by byte and to the millisecond. */

import assert from 'node:assert/strict';
import { DriverError, isDriverError } from '../../src/errors';
import { BootRom } from '../../src/flash/bootrom';
import type { TtyPort } from '../../src/host/host';
import { TIMEOUTS } from '../../src/timeouts';
import { VirtualClock } from '../../src/virtual/clock';

const ACCEPTED = 0xaa;
const REJECTED = 0x55;
/** Three packets between head and end. */
const DATA = Buffer.alloc(2_500, 7);
const { answer: ANSWER, settle: SETTLE } = TIMEOUTS.bootrom;

/** Answers to one packet: after how many ms which byte. */
type Answers = readonly (readonly [number, number])[];

/** An upload of {@link DATA} to a ROM that answers the n-th packet as `script` says; what was written when, and the end. */
async function upload(script: (n: number) => Answers | 'fails') {
  const clock = new VirtualClock();
  const written: { at: number; type: string; number: number; inAnswer: boolean }[] = [];
  let onData: (chunk: Uint8Array) => void = () => {};
  let answering = false;
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
      if (answers === 'fails') throw new DriverError('STICK_GONE', 'The port has vanished.');
      for (const [ms, byte] of answers) {
        clock.after(ms, () => {
          answering = true;
          onData(Uint8Array.of(byte));
          answering = false;
        });
      }
    },
    async close() {},
  };
  const rom = new BootRom(port, { clock, stick: '1-1' });
  const end = await clock.run(
    rom.upload([{ mode: 1, address: 0x10, data: DATA }]).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
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
