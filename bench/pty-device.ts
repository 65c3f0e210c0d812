/**
 * The other end of a pty in a process of its own: answers download frames or boot ROM packets at once, so that a bench
 * measures the host and the pty. Arguments: tty path, `loader` or `bootrom`.
 */

import { encodeFrame } from '../src/codec/hdlc';
import { openTty } from '../src/host/open-tty';

const FLAG = 0x7e;
const ACK = encodeFrame(Uint8Array.of(0x02));
const PONG = encodeFrame(Uint8Array.of(0x3a));
const ACCEPTED = Uint8Array.of(0xaa);

async function main(): Promise<void> {
  const [path = '', kind] = process.argv.slice(2);
  const port = await openTty(path);
  const answer = (bytes: Uint8Array) => void port.write(bytes).catch(() => process.exit(1));

  /** Counts flags only: two to a frame. The byte behind the first tells a ping from all else. */
  let inside = false;
  let command = -1;
  const loader = (chunk: Uint8Array) => {
    for (let at = 0; at < chunk.length; ) {
      if (inside && command < 0) command = chunk[at] ?? -1;
      const flag = chunk.indexOf(FLAG, at);
      if (flag < 0) break;
      if (inside) answer(command === 0x3a ? PONG : ACK);
      inside = !inside;
      command = -1;
      at = flag + 1;
    }
  };

  /** Counts bytes: the head says how long its component is. */
  let expected = 0;
  let left = 0;
  let head = Buffer.alloc(0);
  const bootrom = (chunk: Uint8Array) => {
    for (let at = 0; at < chunk.length; ) {
      if (expected === 0) {
        const type = chunk[at];
        expected = type === 0xfe ? 14 : type === 0xda ? Math.min(1024, left) + 5 : type === 0xed ? 5 : 1;
        head = Buffer.alloc(0);
      }
      const take = Math.min(expected, chunk.length - at);
      if (head.length < 14) head = Buffer.concat([head, chunk.subarray(at, at + take)]);
      at += take;
      expected -= take;
      if (expected > 0) return;
      if (head[0] === 0xfe) left = head.readUInt32BE(4);
      else if (head[0] === 0xda) left -= Math.min(1024, left);
      answer(ACCEPTED);
    }
  };

  port.receive(kind === 'bootrom' ? bootrom : loader, () => process.exit(0));
  process.send?.('ready');
}

void main();
