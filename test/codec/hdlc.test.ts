import assert from 'node:assert/strict';
import { encodeFrame, type FrameFault, HdlcDecoder, MAX_DECODED, maxEncoded } from '../../src/codec/hdlc';
import { random } from '../support/random';

const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex');

function decode(...chunks: Uint8Array[]): { frames: string[]; faults: FrameFault[] } {
  const frames: string[] = [];
  const faults: FrameFault[] = [];
  const decoder = new HdlcDecoder({
    onFrame: (body) => frames.push(Buffer.from(body).toString('hex')),
    onFault: (fault) => faults.push(fault),
  });
  for (const chunk of chunks) decoder.push(chunk);
  return { frames, faults };
}

describe('HDLC framing', () => {
  const vectors: [string, string, string][] = [
    ['version request', '0c', '7e 0c 14 3a 7e'],
    ['identify', '45', '7e 45 d1 e5 7e'],
    [
      'start of 0x101, 16 bytes',
      '41 00 00 01 01 00 00 00 10 00 00 00',
      '7e 41 00 00 01 01 00 00 00 10 00 00 00 08 bd 7e',
    ],
    [
      'block 1, 16 bytes',
      '42 00 00 00 01 00 10 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f',
      '7e 42 00 00 00 01 00 10 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f a4 c1 7e',
    ],
    [
      'payload with flag and escape',
      '42 00 00 00 01 00 04 7e 7d 00 ff',
      '7e 42 00 00 00 01 00 04 7d 5e 7d 5d 00 ff ee 5f 7e',
    ],
    ['a sum that needs escaping', '42 00 00 00 39 00 00', '7e 42 00 00 00 39 00 00 7d 5d 66 7e'],
    ['reset', '0a', '7e 0a 22 5f 7e'],
    ['leave HDLC', '01', '7e 01 f1 e1 7e'],
    ['ACK', '02', '7e 02 6a d3 7e'],
    ['NAK 03', '03 00 03', '7e 03 00 03 33 1b 7e'],
    ['NAK 05', '03 00 05', '7e 03 00 05 05 7d 5e 7e'],
    ['NAK 07', '03 00 07', '7e 03 00 07 17 5d 7e'],
  ];
  for (const [name, body, wire] of vectors) {
    it(`encodes and decodes: ${name}`, () => {
      assert.deepEqual(Buffer.from(encodeFrame(hex(body))), hex(wire));
      assert.deepEqual(decode(hex(wire)), { frames: [hex(body).toString('hex')], faults: [] });
    });
  }

  it('takes the version answer, which has no leading flag', () => {
    const answer = hex('0d 0f 37 32 30 30 42 2d 2d 53 4b 43 42 41 44 5a 4d c3 7b 7e');
    assert.equal(Buffer.from(decode(answer).frames[0] ?? '', 'hex').toString('latin1', 2), '7200B--SKCBADZM');
  });

  it('drops a frame with a wrong sum, a bad escape, an escape at its end, or too many bytes, and takes the next', () => {
    const good = hex('7e 02 6a d3 7e');
    const long = Buffer.concat([hex('7e'), Buffer.alloc(MAX_DECODED + 1, 0x11), hex('7e')]);
    assert.deepEqual(decode(hex('7e 02 6a d2 7e'), good), { frames: ['02'], faults: ['crc'] });
    assert.deepEqual(decode(hex('7e 02 7d 00 6a d3 7e'), good), { frames: ['02'], faults: ['escape'] });
    assert.deepEqual(decode(hex('7e 02 6a d3 7d 7e'), good), { frames: ['02'], faults: ['escape'] });
    assert.deepEqual(decode(long, good), { frames: ['02'], faults: ['too long'] });
  });

  it('ignores repeated flags and frames of two bytes or less', () => {
    assert.deepEqual(decode(hex('7e 7e 7e 11 7e 11 22 7e 7e 02 6a d3 7e 7e')), { frames: ['02'], faults: [] });
  });

  it('finds every frame again, whatever the bytes and however the stream is cut', () => {
    const next = random(1);
    for (let round = 0; round < 300; round++) {
      const bodies = Array.from({ length: 1 + next(4) }, () =>
        // Half of the bytes are flags and escapes.
        Uint8Array.from({ length: 1 + next(200) }, () => (next(2) ? 0x7d + next(2) : next(256))),
      );
      const frames = bodies.map((body) => encodeFrame(body));
      for (const [i, frame] of frames.entries()) assert.ok(frame.length <= maxEncoded(bodies[i]?.length ?? 0));
      const wire = Buffer.concat(frames);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < wire.length; ) {
        const end = at + 1 + next(40);
        chunks.push(wire.subarray(at, end));
        at = end;
      }
      assert.deepEqual(decode(...chunks), { frames: bodies.map((b) => Buffer.from(b).toString('hex')), faults: [] });
    }
  });

  it('never takes a frame with one damaged bit', () => {
    const next = random(2);
    for (let round = 0; round < 500; round++) {
      const body = Uint8Array.from({ length: 1 + next(60) }, () => next(256));
      const frame = Buffer.from(encodeFrame(body));
      const at = 1 + next(frame.length - 2);
      frame[at] = (frame[at] ?? 0) ^ (1 << next(8));
      const { frames } = decode(frame);
      assert.ok(!frames.includes(Buffer.from(body).toString('hex')), frame.toString('hex'));
    }
  });
});
