/** One connection of the stick's TCP, of which nothing is read or acknowledged by itself. */

import assert from 'node:assert/strict';
import { VirtualClock } from '../../src/virtual/clock';
import type { Segment } from '../../src/virtual/lan/frames';
import { TcpConnection } from '../../src/virtual/lan/tcp';

type Sent = Omit<Segment, 'fromPort' | 'toPort'>;

const SEGMENT = 1460;
const WINDOW = 65_535;
const base = { fromPort: 40_000, toPort: 80, acks: true, ack: 1, seq: 1, window: WINDOW, body: Buffer.alloc(0) };

describe('TCP of a stick', () => {
  let clock: VirtualClock;
  let sent: Sent[];
  let connection: TcpConnection;
  const from = (what: Partial<Segment>) => connection.arrived({ ...base, ...what });
  /** Where they began, and how long they were. */
  const taken = () => sent.splice(0).map(({ seq, body }) => [seq, body.length]);
  const pass = (ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)));
  beforeEach(() => {
    clock = new VirtualClock();
    sent = [];
    connection = new TcpConnection({ ...base, acks: false, seq: 0 }, { clock, send: (s) => sent.push(s), gone() {} });
    from({});
    sent.splice(0);
  });

  it('takes no more than it has room for, and says so when it is asked', () => {
    for (let n = 0; n < 50; n++) from({ seq: 1 + n * SEGMENT, body: Buffer.alloc(SEGMENT) });
    const whole = Math.floor(WINDOW / SEGMENT);
    assert.equal(connection.readableLength, whole * SEGMENT);
    assert.equal(sent.at(-1)?.ack, 1 + whole * SEGMENT);
    assert.equal(sent.at(-1)?.window, WINDOW - whole * SEGMENT);
    sent.splice(0);
    while (connection.read() !== null);
    // What a host asks with that waits for room: something that it has sent before.
    from({ seq: whole * SEGMENT });
    assert.deepEqual([sent.length, sent[0]?.ack, sent[0]?.window], [1, 1 + whole * SEGMENT, WINDOW]);
  });

  it('goes on where a host is that had taken more than was sent again', async () => {
    connection.write(Buffer.alloc(2 * SEGMENT));
    connection.write(Buffer.alloc(10));
    assert.deepEqual(taken(), [
      [1, SEGMENT],
      [1 + SEGMENT, SEGMENT],
      [1 + 2 * SEGMENT, 10],
    ]);
    from({ window: 0 });
    await pass(600);
    assert.deepEqual(taken(), [[1, 1]]);
    from({ ack: 1 + 2 * SEGMENT });
    assert.deepEqual(taken(), [[1 + 2 * SEGMENT, 10]]);
    // What was never sent cannot have come.
    from({ ack: 5_000 });
    await pass(600);
    assert.deepEqual(taken(), [[1 + 2 * SEGMENT, 10]]);
  });

  it('has ended when the host knows so, and not before', async () => {
    connection.resume();
    const closed = new Promise<void>((resolve) => connection.once('close', resolve));
    connection.end('bye');
    from({ fin: true });
    await pass(600);
    assert.ok(!connection.destroyed);
    assert.ok(sent.filter(({ fin }) => fin).length >= 2, 'the end was sent again');
    from({ seq: 2, ack: 5 });
    await closed;
    assert.ok(!sent.some(({ rst }) => rst));
  });

  it('lets whoever writes wait for the host', async () => {
    const written: string[] = [];
    connection.write(Buffer.alloc(70_000), () => written.push('first'));
    await pass(10);
    assert.deepEqual(written, []);
    from({ ack: 1 + 10 * SEGMENT });
    await pass(10);
    assert.deepEqual(written, ['first']);
  });
});
