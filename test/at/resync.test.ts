/** T22: what happens after a timeout. A late reply must never reach the next command. */

import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { TIMEOUTS } from '../../src/timeouts';
import { random } from '../support/random';
import { type Bench, bench, OK, openBench, settled } from './port';

const COPS = '+COPS: (1,"T-Mobile","T-Mobile","310260",0),,(0,1,2,3,4),(0,1,2)';

/**
 * A stick with one slow command, that answers after `delay`. While it is busy, further input is dropped (as the stick's
 * own parser does) or queued (as others do). Every other command is answered by its own text.
 */
function slowStick({ clock, port }: Bench, slow: string, delay: number, busy: 'drops' | 'queues'): void {
  let until = 0;
  port.onWrite = (text) => {
    const command = text.replace(/ ?\r$/, '');
    const own = command === 'AT' || command === '\x1b' ? OK : `\r\n${command.slice(2)}: 1\r\n${OK}`;
    const isBusy = clock.now() < until;
    if (isBusy && busy === 'drops') return;
    if (command === slow) until = clock.now() + delay;
    const answer = command === slow ? `\r\n${COPS}\r\n${OK}` : own;
    clock.after(isBusy || command === slow ? until - clock.now() : 1, () => port.feed(answer));
  };
}

/** A stick that works off one command after another, each in its own time. */
function serialStick({ clock, port }: Bench, ms: () => number): void {
  let free = 0;
  port.onWrite = (text) => {
    const command = text.replace(/ ?\r$/, '');
    const named = `${command.slice(2).replace('?', '')}: 1`;
    const answer = ['AT', 'ATE0', '\x1b'].includes(command) ? OK : `\r\n${named}\r\n${OK}`;
    free = Math.max(free, clock.now()) + ms();
    clock.after(free - clock.now(), () => port.feed(answer));
  };
}

async function ownReplies({ clock, channel }: Bench, what: string): Promise<void> {
  for (const name of ['AT+AA', 'AT+BB', 'AT+CC']) {
    assert.deepEqual((await clock.run(channel.run(name))).lines, [`${name.slice(2)}: 1`], what);
  }
}

describe('T22: late replies', () => {
  it('a stick that is slow as it starts: no OK of an opening AT is the reply to a command', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = random(seed);
      const it = bench();
      let slow = 1 + next(3);
      // Slower than a try waits, and later slower than the silence that ends them.
      serialStick(it, () => (slow-- > 0 ? 1_000 + next(2_000) : TIMEOUTS.at.quiet + next(500)));
      await it.clock.run(it.channel.open());
      await ownReplies(it, `seed ${seed}`);
    }
  });

  it('a stick that has become slow: nor is one of the AT that bring the port into step', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = random(seed);
      const it = await openBench();
      let slow = 1;
      serialStick(it, () => (slow-- > 0 ? 1_500 + next(3_000) : TIMEOUTS.at.quiet + next(500)));
      assert.ok(isDriverError(await it.clock.run(settled(it.channel.run('AT+SLOW', { timeout: 1_000 }))), 'TIMEOUT'));
      await ownReplies(it, `seed ${seed}`);
    }
  });

  it('the recorded one, 1.9 s after the host gave up, reaches nobody', async () => {
    for (const busy of ['drops', 'queues'] as const) {
      const it = await openBench();
      slowStick(it, 'AT+COPS=?', 302_700, busy);
      const { clock, channel, urcs } = it;
      const late = settled(channel.run('AT+COPS=?', { timeout: 299_900 }));
      const next = channel.run('AT+CSQ');
      assert.ok(isDriverError(await clock.run(late), 'TIMEOUT'));
      assert.deepEqual((await clock.run(next)).lines, ['+CSQ: 1']);
      assert.deepEqual((await clock.run(channel.run('AT+CGMM'))).lines, ['+CGMM: 1']);
      assert.deepEqual(urcs, []);
    }
  });

  it('any delay, any cut, any gap before the next command: each reply is its own', async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed);
      const it = await openBench();
      const { clock, port, channel } = it;
      slowStick(it, 'AT+COPS=?', 1_000 + next(6_000), next(2) ? 'drops' : 'queues');
      port.cut = (bytes) => {
        const at = next(bytes.length);
        return [bytes.subarray(0, at), bytes.subarray(at)];
      };
      const first = settled(channel.run('AT+COPS=?', { timeout: 1_000 }));
      await clock.run(first);
      const names = ['AT+AA', 'AT+BB', 'AT+CC'];
      const replies = await clock.run(Promise.all(names.map((name) => settled(channel.run(name)))));
      for (const [i, reply] of replies.entries()) {
        assert.ok(!(reply instanceof Error), `seed ${seed}: ${reply instanceof Error ? reply.message : ''}`);
        assert.deepEqual(reply.lines, [`${names[i]?.slice(2)}: 1`], `seed ${seed}`);
      }
      assert.equal(clock.pending, 0, `seed ${seed}`);
    }
  });

  it('a reply that comes even after the port was in step again is cut out with its OK, and named', async () => {
    const { clock, port, channel } = await openBench();
    port.onWrite = (text) => {
      if (text.startsWith('AT+COPS')) return;
      if (text.startsWith('AT+CSQ')) port.feed(`\r\n${COPS}\r\n${OK}\r\n+CSQ: 9,99\r\n${OK}`);
      else port.feed(OK);
    };
    await assert.rejects(clock.run(channel.run('AT+COPS=?', { timeout: 1_000 })), { code: 'TIMEOUT' });
    const reply = await clock.run(channel.run('AT+CSQ'));
    assert.deepEqual([reply.lines, reply.stalePrefix], [['+CSQ: 9,99'], '+COPS']);
    const after = await clock.run(channel.run('ATI'));
    assert.deepEqual([after.lines, after.stalePrefix], [[], undefined]);
  });

  it('but not for ever: an hour later that prefix is as good as any other', async () => {
    const { clock, port, channel } = await openBench();
    port.onWrite = (text) => {
      if (text.startsWith('AT+GCAP')) return;
      port.feed(text.startsWith('ATI') ? `\r\n+GCAP: +CGSM\r\n${OK}` : OK);
    };
    await assert.rejects(clock.run(channel.run('AT+GCAP')), { code: 'TIMEOUT' });
    assert.equal((await clock.run(channel.run('AT'))).ok, true);
    await clock.run(new Promise<void>((resolve) => void clock.after(3_600_000, resolve)));
    const reply = await clock.run(channel.run('ATI'));
    assert.deepEqual([reply.ok, reply.lines], [true, ['+GCAP: +CGSM']]);
  });

  it('a late reply outside any command is no URC', async () => {
    const { clock, port, channel, urcs, answer } = await openBench();
    answer(() => undefined);
    await assert.rejects(clock.run(channel.run('AT+COPS=?', { timeout: 1_000 })), { code: 'TIMEOUT' });
    port.feed(`\r\n${COPS}\r\n${OK}`);
    // Nor are lines that the command's name does not announce, like the last one of ATI.
    port.feed(`\r\n+GCAP: +CGSM\r\n${OK}`);
    assert.deepEqual(urcs, []);
  });

  it('T35: a dead command processor is told honestly although URCs go on, and recovers', async () => {
    const { clock, port, channel, urcs, answer } = await openBench();
    let dead = true;
    port.onWrite = () => port.feed(dead ? '\r\n^BOOT:1,0,0,0,7\r\n' : OK);
    await assert.rejects(clock.run(channel.run('AT+CHLD=1')), { code: 'TIMEOUT' });
    const from = clock.now();
    const waiting = ['AT+A', 'AT+B'].map((command) => settled(channel.run(command)));
    for (const error of await clock.run(Promise.all(waiting))) {
      assert.ok(isDriverError(error, 'TIMEOUT'));
      assert.match(error.message, /no other command was sent/);
    }
    assert.ok(clock.now() - from <= TIMEOUTS.at.resync + 2 * TIMEOUTS.at.probe);
    assert.ok(!port.written.some((text) => /AT\+[AB]/.test(text)));
    assert.ok(urcs.length > 0);
    dead = false;
    answer(() => OK);
    assert.equal((await clock.run(channel.run('AT+CSQ'))).final, 'OK');
  });

  it('finds the port in the binary protocol', async () => {
    const { clock, port, channel } = await openBench();
    port.onWrite = () => port.feed(Buffer.from('7E0300069E4C7E', 'hex'));
    await assert.rejects(clock.run(channel.run('ATI')), { code: 'TIMEOUT' });
    await assert.rejects(clock.run(channel.run('ATI')), { code: 'WRONG_MODE' });
  });

  it('text whose closing quote never comes does not swallow what follows', async () => {
    const { clock, port, channel, urcs, answer } = await openBench();
    port.onWrite = () => port.feed('\r\n+CUSD: 0,"never closed\r\n');
    await assert.rejects(clock.run(channel.run('AT+A', { timeout: 700 })), { code: 'TIMEOUT' });
    answer(() => OK);
    assert.equal((await clock.run(channel.run('AT+B'))).final, 'OK');
    assert.match(urcs[0]?.line ?? '', /never closed/);
  });

  it('a command can be cancelled while the port is brought into step', async () => {
    const { clock, channel, answer } = await openBench();
    answer(() => undefined);
    await assert.rejects(clock.run(channel.run('AT+A')), { code: 'TIMEOUT' });
    const stop = new AbortController();
    const waiting = settled(channel.run('AT+B', { signal: stop.signal }));
    stop.abort();
    const from = clock.now();
    assert.ok(isDriverError(await clock.run(waiting), 'CANCELLED'));
    assert.equal(clock.now(), from);
    await channel.close();
  });
});
