/**
 * AT round trips: the channel against a plain write-and-wait loop on the same pty, whose other end answers OK from a
 * process of its own. And the channel alone, on a port in memory, where nothing hides what it costs.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { AtChannel } from '../src/at/channel';
import { systemClock } from '../src/host/clock';
import type { TtyPort } from '../src/host/host';
import { openTty } from '../src/host/open-tty';
import { openPtyPair } from '../test/host/pty';

import { median } from './pty';
import type { Row } from './row';

const ROUNDS = 1_000;
const REPEATS = 25;
const COMMAND = 'AT+CSQ';
const REPLY = Buffer.from('\r\n+CSQ: 20,99\r\n\r\nOK\r\n');

interface Figures {
  plain: number;
  channel: number;
  onTop: number;
}

/** Answers each CR at once. */
function answerer(): TtyPort {
  let onData: (chunk: Uint8Array) => void = () => {};
  return {
    path: 'memory',
    isOpen: true,
    async write() {
      setImmediate(() => onData(REPLY));
    },
    receive(receiver) {
      onData = receiver;
    },
    async close() {},
  };
}

/** Nothing can be plainer: write, collect bytes until OK, write. */
function plainLoop(port: TtyPort): Promise<void> {
  const bytes = Buffer.from(`${COMMAND} \r`);
  return new Promise((resolve, reject) => {
    let left = ROUNDS;
    let text = '';
    const send = () => void port.write(bytes).catch(reject);
    port.receive((chunk) => {
      text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
      if (!text.endsWith('\r\nOK\r\n')) return;
      text = '';
      if (--left === 0) resolve();
      else send();
    }, reject);
    send();
  });
}

/** Microseconds per round trip, plain and through the channel, taken in turns so that both see the same machine. */
async function measure(port: TtyPort): Promise<Figures> {
  const plain: number[] = [];
  const channel: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    let began = performance.now();
    await plainLoop(port);
    plain.push(((performance.now() - began) * 1000) / ROUNDS);
    const through = new AtChannel(port, { clock: systemClock });
    await through.open();
    began = performance.now();
    for (let round = 0; round < ROUNDS; round++) await through.run(COMMAND);
    channel.push(((performance.now() - began) * 1000) / ROUNDS);
  }
  // The machine's own ups and downs are larger than the difference: compare neighbours.
  const onTop = median(channel.map((value, i) => value - (plain[i] ?? 0)));
  return { plain: median(plain), channel: median(channel), onTop };
}

/** The other end of the pty, in a process of its own: answers each CR. */
async function device(path: string): Promise<void> {
  const port = await openTty(path);
  port.receive(
    (chunk) => {
      if (chunk.includes(0x0d)) port.write(REPLY).catch(() => process.exit(1));
    },
    () => process.exit(0),
  );
  process.send?.('ready');
}

async function overPty(): Promise<Figures> {
  const pty = await openPtyPair();
  const other = fork(__filename, [pty.b]);
  try {
    await once(other, 'message');
    const port = await openTty(pty.a);
    try {
      return await measure(port);
    } finally {
      await port.close();
    }
  } finally {
    other.kill();
    await pty.stop();
  }
}

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [where, figures, aim] of [
    ['pty', await overPty(), 'at most 30 us'],
    ['port in memory', await measure(answerer()), 'at most 8 us: a second look at a command shows'],
  ] as const) {
    const { plain, channel, onTop } = figures;
    const name = `AT round trip, ${where}`;
    rows.push({ name, value: channel, unit: 'us', floor: plain, ratio: channel / plain });
    rows.push({ name: `AT channel on top, ${where}`, value: onTop, unit: 'us', aim });
  }
  return rows;
}

if (require.main === module) void device(process.argv[2] ?? '');
