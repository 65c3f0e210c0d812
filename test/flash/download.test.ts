import assert from 'node:assert/strict';
import { encodeFrame, HdlcDecoder } from '../../src/codec/hdlc';
import { type DownloadImage, writeImage } from '../../src/flash/download';
import type { TtyPort } from '../../src/host/host';
import { LoaderLink } from '../../src/survey/loader-link';
import { VirtualClock } from '../../src/virtual/clock';
import { sha256 } from '../../src/virtual/events';

const ACK = encodeFrame(Uint8Array.of(0x02));
const NAK = encodeFrame(Uint8Array.of(0x03, 0x00, 0x07));
const PONG = encodeFrame(Uint8Array.of(0x3a));

/** A loader that answers each frame as `answer` says; `body` is the frame without its CRC. */
function scripted(answer: (body: Buffer) => Uint8Array | undefined): TtyPort {
  let receive: (chunk: Uint8Array) => void = () => undefined;
  const decoder = new HdlcDecoder({
    onFrame(body) {
      const reply = body[0] === 0x3a ? PONG : answer(Buffer.from(body));
      if (reply) setImmediate(() => receive(reply));
    },
  });
  return {
    path: 'scripted',
    isOpen: true,
    write: async (data) => decoder.push(data),
    receive(onData) {
      receive = onData;
    },
    close: async () => undefined,
  };
}

function damaged(frame: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy[2] = (copy[2] ?? 0) ^ 0x10;
  return copy;
}

const BYTES = Buffer.alloc(10_000, 0x42);
const IMAGE = { code: 0x103, name: 'VxWorks', size: BYTES.length, sha256: sha256(BYTES) };

async function written(
  answer: (body: Buffer) => Uint8Array | undefined,
  bytes = BYTES,
  image: DownloadImage = IMAGE,
): Promise<string> {
  const clock = new VirtualClock();
  let end = 0;
  const source = {
    next(size: number) {
      end += size;
      return bytes.subarray(end - size, end);
    },
  };
  return clock.run(writeImage(new LoaderLink(scripted(answer), clock, 'test'), image, source, { stick: 'test' }));
}

describe('one image through the loader', () => {
  it('is done when everything was acknowledged', async () => {
    assert.equal(await written(() => ACK), 'done');
  });

  it('is not ended when what was sent is not what was checked', async () => {
    const other = Buffer.from(BYTES);
    other[9_999] = 0x43;
    const commands: unknown[] = [];
    const work = written((body) => {
      commands.push(body[0]);
      return ACK;
    }, other);
    await assert.rejects(work, { code: 'FIRMWARE_CRC', message: /changed since it was checked/ });
    assert.deepEqual(commands, [0x41, 0x42, 0x42, 0x42], 'no END');
  });

  it('is not ended, and no surplus block is sent, when the file delivers more than was announced', async () => {
    // Of a block more, of less than one in the last block, and of one byte behind a whole last block.
    for (const [announced, delivered, blocks] of [
      [8_192, 12_000, 2],
      [10_000, 10_001, 2],
      [4_096, 4_097, 1],
    ] as const) {
      const bytes = Buffer.alloc(delivered, 0x42);
      const image = { ...IMAGE, size: announced, sha256: sha256(bytes.subarray(0, announced)) };
      const commands: unknown[] = [];
      const work = written(
        (body) => {
          commands.push(body[0]);
          return ACK;
        },
        bytes,
        image,
      );
      await assert.rejects(work, { code: 'FIRMWARE_TRUNCATED', message: /has more bytes than were announced/ });
      assert.deepEqual(commands, [0x41, ...new Array(blocks).fill(0x42)], 'no surplus block, no END');
    }
  });

  it('is not ended when the file delivers less than was announced', async () => {
    const commands: unknown[] = [];
    const work = written(
      (body) => {
        commands.push(body[0]);
        return ACK;
      },
      BYTES.subarray(0, 9_000),
    );
    await assert.rejects(work, { code: 'FIRMWARE_TRUNCATED', message: /has fewer bytes .* 9000 of 10000/ });
    assert.deepEqual(commands, [0x41, 0x42, 0x42, 0x42], 'no END');
  });

  it('is not called done when the refusal of the block that writes to the flash got lost', async () => {
    for (const lost of [undefined, damaged(NAK)]) {
      let last = 0;
      const outcome = await written((body) => {
        if (body[0] !== 0x42 || body.readUInt32BE(1) !== 3) return ACK;
        // The write failed, but the block counts: its repeat is acknowledged as one.
        return last++ === 0 ? lost : ACK;
      });
      assert.equal(outcome, 'unclear');
      assert.equal(last, 2);
    }
  });

  it('is not called done when the END was refused and that answer got lost', async () => {
    let ends = 0;
    const outcome = await written((body) => (body[0] !== 0x43 ? ACK : ends++ === 0 ? undefined : NAK));
    assert.equal(outcome, 'unclear');
  });

  it('repeats a block whose answer was lost, and then begins the image anew: its answer may have been a refusal', async () => {
    let blocks = 0;
    const outcome = await written((body) => {
      if (body[0] === 0x42) blocks++;
      return body[0] === 0x42 && blocks === 2 ? undefined : ACK;
    });
    assert.equal(outcome, 'unclear');
    assert.equal(blocks, 3);
  });
});
