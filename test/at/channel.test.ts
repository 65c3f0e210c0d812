import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { sleep } from '../../src/host/host';
import { TIMEOUTS } from '../../src/timeouts';
import { bench, OK, openBench, settled } from './port';

const reply = (line: string): string => `\r\n${line}\r\n${OK}`;

describe('AT channel: opening', () => {
  it('tries the space first and keeps what was answered', async () => {
    const { clock, port, channel } = bench();
    await clock.run(channel.open());
    assert.deepEqual(port.written, ['AT \r', 'ATE0 \r']);
    assert.ok(channel.space && channel.isOpen);
    await clock.run(channel.run('ATI'));
    assert.equal(port.written.at(-1), 'ATI \r');
  });

  it('leaves the space out for a stick that is silent to it, and keeps it for one that wants it', async () => {
    for (const space of [true, false]) {
      const { clock, port, channel } = bench();
      port.onWrite = (text) => {
        if (text.endsWith(' \r') === space) port.feed(OK);
      };
      await clock.run(channel.open());
      assert.equal(channel.space, space);
      await clock.run(channel.run('ATI'));
      assert.equal(port.written.at(-1), space ? 'ATI \r' : 'ATI\r');
    }
  });

  it('takes the setting where the space is forced either way', async () => {
    for (const [space, text] of [
      ['always', 'AT \r'],
      ['never', 'AT\r'],
    ] as const) {
      const { clock, port, channel } = bench({ space });
      let lost = 3;
      port.onWrite = () => lost-- > 0 || port.feed(OK);
      await clock.run(channel.open());
      assert.deepEqual(new Set(port.written.slice(0, 4)), new Set([text]));
    }
  });

  it('T20: the first AT after enumeration are lost', async () => {
    for (let lost = 0; lost < 6; lost++) {
      const { clock, port, channel } = bench();
      let left = lost;
      port.onWrite = () => left-- > 0 || port.feed(OK);
      await clock.run(channel.open());
      assert.equal((await clock.run(channel.run('ATI'))).final, 'OK');
    }
  });

  it('T20: gives up with TIMEOUT after its tries and may be asked again', async () => {
    const { clock, port, channel, answer } = bench({ tries: 5 });
    answer(() => undefined);
    await assert.rejects(clock.run(channel.open()), { code: 'TIMEOUT', stick: '1-1.4' });
    assert.equal(port.written.length, 5);
    assert.ok(!channel.isOpen);
    assert.equal(clock.pending, 0);
    answer(() => OK);
    await clock.run(channel.open());
    assert.ok(channel.isOpen);
  });

  it('does not take a late OK to one form for an answer to the other', async () => {
    const { clock, port, channel } = bench();
    let late = true;
    port.onWrite = (text) => {
      if (!text.endsWith(' \r')) return;
      if (!late) return port.feed(OK);
      late = false;
      clock.after(TIMEOUTS.at.probe + 200, () => port.feed(OK));
    };
    await clock.run(channel.open());
    assert.equal(channel.space, true);
  });

  it('drops what a former user of the port left unanswered', async () => {
    const { clock, port, channel } = bench();
    let first = true;
    port.onWrite = (text) => {
      if (first) port.feed(reply('+COPS: (1,"T")'));
      first = false;
      clock.after(100, () => port.feed(text.startsWith('ATI') ? reply('Model: E3272') : OK));
    };
    await clock.run(channel.open());
    assert.deepEqual((await clock.run(channel.run('ATI'))).lines, ['Model: E3272']);
  });

  it('opens once for all who ask at the same time', async () => {
    const { clock, port, channel } = bench();
    await clock.run(Promise.all([channel.open(), channel.open()]));
    await clock.run(channel.open());
    assert.equal(port.written.length, 2);
  });

  it('T37: gives up on a loader, which is silent to AT, and has sent it nothing else', async () => {
    const { clock, port, channel, answer } = bench();
    answer((command) => (command === 'ATE0' ? OK : undefined));
    await assert.rejects(clock.run(channel.open()), { code: 'TIMEOUT' });
    assert.deepEqual(new Set(port.written), new Set(['AT \r', 'AT\r']));
  });

  it('turns words on again where the stick answers in digits', async () => {
    const { clock, port, channel } = bench();
    let words = false;
    port.onWrite = (text) => {
      if (text.startsWith('ATV1')) words = true;
      port.feed(words ? OK : '0\r');
    };
    await clock.run(channel.open());
    assert.ok(port.written.some((text) => text.startsWith('ATV1')));
    assert.equal((await clock.run(channel.run('ATI'))).final, 'OK');
  });

  it('T4: an echo that can not be turned off does no harm', async () => {
    const { clock, channel, answer } = bench({ space: 'never' });
    answer((command) => `${command}\r\r\n${command === 'ATE0' ? 'ERROR' : 'OK'}\r\n`);
    await clock.run(channel.open());
    assert.deepEqual((await clock.run(channel.run('ATI'))).lines, []);
  });

  it('T24: leaves a prompt that somebody else has left open', async () => {
    const { clock, port, channel } = bench();
    let open = true;
    port.onWrite = (text) => {
      if (text === '\x1b') open = false;
      port.feed(open ? '\r\n> ' : text === '\x1b' ? '\r\n+CMS ERROR: 500\r\n' : OK);
    };
    await clock.run(channel.open());
    assert.ok(port.written.includes('\x1b'));
    assert.equal((await clock.run(channel.run('ATI'))).final, 'OK');
  });

  it('T36: recognises a port that was left in the binary protocol and sends no further AT', async () => {
    for (const cutAt of [7, 3]) {
      const { clock, port, channel } = bench();
      const frame = Buffer.from('7E0300069E4C7E', 'hex');
      port.onWrite = () => {
        port.feed(frame.subarray(0, cutAt));
        port.feed(frame.subarray(cutAt));
      };
      await assert.rejects(clock.run(channel.open()), (error) => {
        assert.ok(isDriverError(error, 'WRONG_MODE'));
        assert.match(error.message, /HDLC/);
        return true;
      });
      assert.equal(port.written.length, 1);
    }
  });

  it('ends at once when it is cancelled or the port vanishes', async () => {
    const { clock, port, channel, answer } = bench();
    answer(() => undefined);
    const stop = new AbortController();
    const opening = settled(channel.open(stop.signal));
    stop.abort();
    assert.ok(isDriverError(await clock.run(opening), 'CANCELLED'));
    assert.equal(clock.now(), 0);
    assert.ok(isDriverError(await settled(channel.open(AbortSignal.abort())), 'CANCELLED'));
    // Also in the silence at its end.
    const late = new AbortController();
    answer(() => OK);
    const almost = settled(channel.open(late.signal));
    clock.after(TIMEOUTS.at.quiet - 1, () => late.abort());
    assert.ok(isDriverError(await clock.run(almost), 'CANCELLED'));
    answer(() => undefined);
    const again = settled(channel.open());
    port.vanish();
    assert.ok(isDriverError(await clock.run(again), 'STICK_GONE'));
    assert.equal(clock.pending, 0);
  });
});

describe('AT channel: commands', () => {
  it('T23: sends one at a time, in order: a stick throws away what comes before the final result code', async () => {
    const { clock, port, channel } = await openBench({ space: 'never' });
    const waiting: string[] = [];
    port.onWrite = (text) => {
      waiting.push(text);
      assert.equal(waiting.length, 1, 'a second command before the final of the first');
      clock.after(100, () => {
        waiting.length = 0;
        port.feed(reply(text.trim().slice(2)));
      });
    };
    const names = Array.from({ length: 20 }, (_, i) => `AT+X${i}`);
    const replies = await clock.run(Promise.all(names.map((name) => channel.run(name))));
    assert.deepEqual(
      replies.map(({ lines }) => lines[0]),
      names.map((name) => name.slice(2)),
    );
    assert.deepEqual(
      port.written,
      names.map((name) => `${name}\r`),
    );
    assert.deepEqual(
      replies.map(({ ms }) => ms),
      names.map(() => 100),
    );
  });

  it('gives the next command nothing of the chunk that ended the one before', async () => {
    const { clock, port, channel } = await openBench({ space: 'never' });
    port.onWrite = (text) => port.feed(`${reply(text.trim().slice(2))}\r\n+STRAY: 1\r\n${OK}`);
    const replies = await clock.run(Promise.all(['AT+A', 'AT+B', 'AT+C'].map((name) => channel.run(name))));
    assert.deepEqual(
      replies.map(({ lines }) => lines),
      [['+A'], ['+B'], ['+C']],
    );
  });

  it('reports a refusal as a reply, with its number', async () => {
    const { clock, channel, answer } = await openBench();
    answer(() => '\r\n+CME ERROR: SIM busy\r\n');
    const { ok, final, number } = await clock.run(channel.run('AT+CPIN?'));
    assert.deepEqual({ ok, final, number }, { ok: false, final: '+CME ERROR: SIM busy', number: 14 });
  });

  it('sends joined commands in one line', async () => {
    const { clock, port, channel, answer } = await openBench({ space: 'never' });
    answer(() => `\r\n+CSQ: 1,99\r\n\r\n+CREG: 0,1\r\n${OK}`);
    assert.deepEqual((await clock.run(channel.run('AT+CSQ;+CREG?'))).lines, ['+CSQ: 1,99', '+CREG: 0,1']);
    assert.deepEqual(port.written, ['AT+CSQ;+CREG?\r']);
  });

  it('refuses what is no command before a byte is sent', async () => {
    const { port, channel } = await openBench();
    const bad: unknown[] = [
      '',
      '  ',
      'AT\r',
      'AT\nATI',
      'AT\x1a',
      'AT\x1b',
      'AT\0',
      'AT\x08',
      'AT\t',
      'CSQ',
      'AT+X="ä"',
      '\u2028AT',
    ];
    bad.push(undefined, null, 5, Buffer.from('AT'), `AT${'x'.repeat(544)}`, `AT${';I'.repeat(40)}`);
    for (const command of bad) {
      const error = await settled(channel.run(command as string));
      assert.ok(isDriverError(error, 'COMMAND_INVALID'), String(command));
      assert.notEqual(error.reason, '');
      const forced = await settled(channel.run(command as string, { force: true }));
      assert.ok(isDriverError(forced, 'COMMAND_INVALID'), String(command));
    }
    for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.ok(isDriverError(await settled(channel.run('AT', { timeout })), 'BAD_ARGUMENT'));
    }
    assert.deepEqual(port.written, []);
  });

  it('refuses a guarded command unless it is forced', async () => {
    const { clock, port, channel } = await openBench();
    const error = await settled(channel.run('AT+CSQ;^PHYNUM=IMEI,123456789012345'));
    assert.ok(isDriverError(error, 'COMMAND_REFUSED'));
    assert.doesNotMatch(error.message, /12345/);
    assert.deepEqual(port.written, []);
    assert.equal((await clock.run(channel.run('AT^GODLOAD', { force: true }))).final, 'OK');
    assert.ok(isDriverError(await settled(channel.run('A/')), 'COMMAND_REFUSED'));
    assert.ok(isDriverError(await settled(channel.run('A/', { force: true })), 'COMMAND_INVALID'));
  });

  it('waits as long as the command may take', async () => {
    for (const [command, ms] of [
      ['ATI', TIMEOUTS.at.command],
      ['AT+COPS=?', 310_000],
      ['AT+COPS?', TIMEOUTS.at.command],
      ['ATE0;+CFUN=1', 160_000],
    ] as const) {
      const { clock, channel, answer } = await openBench();
      answer(() => undefined);
      const from = clock.now();
      assert.ok(isDriverError(await clock.run(settled(channel.run(command))), 'TIMEOUT'));
      assert.equal(clock.now() - from, ms, command);
    }
  });

  it('T15, T16: no final at all is a TIMEOUT, and the next command works', async () => {
    const { clock, channel, answer } = await openBench();
    answer((command) => (command.includes('CCID') ? undefined : OK));
    await assert.rejects(clock.run(channel.run('AT+CCID', { timeout: 700 })), { code: 'TIMEOUT' });
    assert.equal((await clock.run(channel.run('AT+CSQ'))).final, 'OK');
  });

  it('T15: the port may vanish after the OK to AT^RESET', async () => {
    const { clock, port, channel } = await openBench();
    const restarted = await clock.run(channel.run('AT^RESET'));
    port.vanish();
    assert.equal(restarted.final, 'OK');
    assert.ok(!channel.isOpen);
    assert.ok(isDriverError(await settled(channel.run('AT')), 'STICK_GONE'));
  });

  it('T19: a prompt without a text is left by ESC and told', async () => {
    const { clock, port, channel } = await openBench({ space: 'never' });
    let prompting = false;
    port.onWrite = (text) => {
      if (text.startsWith('AT+CMGS')) prompting = true;
      else if (text === '\x1b') prompting = false;
      port.feed(prompting ? '\r\n> ' : text === '\x1b' ? '\r\n+CMS ERROR: 500\r\n' : OK);
    };
    await assert.rejects(clock.run(channel.run('AT+CMGS=18')), { code: 'PROTOCOL' });
    assert.deepEqual(port.written, ['AT+CMGS=18\r', '\x1b']);
    assert.deepEqual((await clock.run(channel.run('AT+CSQ'))).lines, []);
  });

  it('sends a text at the prompt, without a space, and refuses one that would end early', async () => {
    const { clock, port, channel } = await openBench();
    // In text mode each CR of the text prompts again.
    port.onWrite = (text) => port.feed(text.startsWith('AT') ? '\r\n> ' : `\r\n> ${reply('+CMGS: 7')}`);
    const sent = await clock.run(channel.run('AT+CMGS=2', { prompt: { body: '00AB' } }));
    assert.deepEqual(sent.lines, ['+CMGS: 7']);
    assert.deepEqual(port.written, ['AT+CMGS=2 \r', '00AB\x1a']);
    for (const body of ['00\x1aAT^GODLOAD\r', '\x1b', '\u20ac']) {
      const error = await settled(channel.run('AT+CMGS=2', { prompt: { body } }));
      assert.ok(isDriverError(error, 'COMMAND_INVALID'));
    }
  });

  it('T27: the text of a message may take two minutes, longer than the 105 s of the stick itself', async () => {
    const { clock, port, channel } = await openBench();
    port.onWrite = (text) => {
      if (text.startsWith('AT')) port.feed('\r\n> ');
      else clock.after(110_000, () => port.feed(reply('+CMGS: 7')));
    };
    const sent = await clock.run(channel.run('AT+CMGS=2', { prompt: { body: '00AB' } }));
    assert.deepEqual(sent.lines, ['+CMGS: 7']);
    assert.ok(sent.ms >= 110_000);
  });

  it('T18: older firmware than that of the E3272 ends +CPIN? without its OK; a late one reaches nobody', async () => {
    for (const late of [false, true]) {
      const { clock, port, channel } = await openBench();
      port.onWrite = (text) => {
        if (text.startsWith('AT+CPIN?')) {
          port.feed('\r\n+CPIN: READY\r\n');
          if (late) clock.after(1_100, () => port.feed(OK));
        } else port.feed(text.startsWith('AT+CSQ') ? reply('+CSQ: 9,99') : OK);
      };
      const state = await clock.run(channel.run('AT+CPIN?'));
      assert.deepEqual([state.ok, state.final, state.lines], [true, '', ['+CPIN: READY']]);
      assert.deepEqual((await clock.run(channel.run('AT+CSQ'))).lines, ['+CSQ: 9,99']);
      assert.equal(clock.pending, 0);
    }
  });

  it('T17: an OK before the real answer ends the command; the answer is a URC, never the reply to the next', async () => {
    const { clock, port, channel, urcs } = await openBench();
    port.onWrite = (text) => {
      if (text.startsWith('AT+CUSD=1')) {
        port.feed(OK);
        return;
      }
      if (text.startsWith('AT^NDISDUP')) {
        port.feed(OK);
        return;
      }
      port.feed('\r\n+CUSD: 0,"AA180C3602",15\r\n\r\n^NDISSTAT:1,,,"IPV4"\r\n');
      port.feed(text.startsWith('AT+CSQ') ? reply('+CSQ: 9,99') : OK);
    };
    assert.deepEqual((await clock.run(channel.run('AT+CUSD=1,"AA180C3602",15'))).lines, []);
    assert.deepEqual((await clock.run(channel.run('AT^NDISDUP=1,1,"internet"'))).lines, []);
    assert.deepEqual((await clock.run(channel.run('AT+CSQ'))).lines, ['+CSQ: 9,99']);
    assert.deepEqual(
      urcs.map(({ urc }) => urc),
      ['+CUSD', '^NDISSTAT'],
    );
  });

  it('takes a cancelled command out of the queue, and gives up a running one', async () => {
    const { clock, port, channel, answer } = await openBench({ space: 'never' });
    answer((command) => (command === 'AT+SLOW' ? undefined : reply(command.slice(2))));
    const first = new AbortController();
    const second = new AbortController();
    const running = settled(channel.run('AT+SLOW', { signal: first.signal }));
    const queued = settled(channel.run('AT+NEVER', { signal: second.signal }));
    const third = channel.run('AT+THIRD');
    second.abort();
    assert.ok(isDriverError(await clock.run(queued), 'CANCELLED'));
    first.abort();
    assert.ok(isDriverError(await clock.run(running), 'CANCELLED'));
    assert.deepEqual((await clock.run(third)).lines, ['+THIRD']);
    assert.ok(!port.written.includes('AT+NEVER\r'));
    assert.ok(isDriverError(await settled(channel.run('AT', { signal: AbortSignal.abort() })), 'CANCELLED'));
  });
});

describe('AT channel: the end of the port', () => {
  it('rejects all that is pending with STICK_GONE, and what comes later', async () => {
    const { clock, port, channel, answer } = await openBench();
    answer(() => undefined);
    const pending = [1, 2, 3].map(() => settled(channel.run('AT+CSQ')));
    port.vanish();
    for (const error of await clock.run(Promise.all(pending))) assert.ok(isDriverError(error, 'STICK_GONE'));
    assert.ok(isDriverError(await settled(channel.run('AT')), 'STICK_GONE'));
    assert.equal(clock.pending, 0);
  });

  it('T31: lets go of the tty at once, so that the stick can come back under the same name', async () => {
    const { port, channel } = await openBench();
    port.vanish();
    assert.equal(port.closed, 1);
    await channel.close();
    assert.equal(port.closed, 1);
  });

  it('is STICK_GONE also where only the write tells', async () => {
    const { clock, port, channel } = await openBench();
    port.isOpen = false;
    assert.ok(isDriverError(await clock.run(settled(channel.run('AT'))), 'STICK_GONE'));
  });

  it('rejects what is pending when it is closed, in the middle of anything', async () => {
    for (const during of ['command', 'resync', 'opening']) {
      const { clock, port, channel, answer } = await (during === 'opening' ? bench() : openBench());
      answer(() => undefined);
      const pending =
        during === 'opening' ? [settled(channel.open())] : [settled(channel.run('AT+A')), settled(channel.run('AT+B'))];
      if (during === 'resync') await clock.run(sleep(clock, TIMEOUTS.at.command + 500));
      await channel.close();
      const errors = await clock.run(Promise.all(pending));
      assert.ok(isDriverError(errors.at(-1), 'CANCELLED'), during);
      assert.ok(isDriverError(await settled(channel.run('AT')), 'CANCELLED'), during);
      assert.equal(clock.pending, 0, during);
      assert.equal(port.isOpen, false);
    }
  });

  it('wants to be opened first', async () => {
    assert.ok(isDriverError(await settled(bench().channel.run('AT')), 'CANCELLED'));
  });
});

describe('AT channel: URCs', () => {
  it('hands them to every listener until it leaves; what one throws hurts nobody', async () => {
    const { clock, port, channel, urcs } = await openBench();
    channel.onUrc(() => {
      throw new Error('listener');
    });
    const seen: string[] = [];
    const leave = channel.onUrc(({ urc, line }) => seen.push(`${urc} ${line}`));
    port.onWrite = () => port.feed(`\r\n^RSSI:7\r\n${OK}\r\nRING\r\n\r\n^NEWURC:1\r\n`);
    assert.equal((await clock.run(channel.run('AT'))).final, 'OK');
    leave();
    port.feed('\r\n^RSSI:8\r\n');
    assert.deepEqual(seen, ['^RSSI ^RSSI:7', 'RING RING', '^NEWURC ^NEWURC:1']);
    assert.equal(urcs.length, 4);
  });

  it('a listener that returns a rejected promise hurts nobody', async () => {
    const { port, channel } = await openBench();
    channel.onUrc(async () => {
      throw new Error('asynchronous listener');
    });
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    port.feed('\r\n^RSSI:8\r\n');
    // Node reports them before the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  it('bytes without a command that are neither line nor URC are dropped', async () => {
    const { clock, port, channel, urcs } = await openBench();
    port.feed(`\r\n359853033124388\r\n${OK}garbage`);
    assert.deepEqual(urcs, []);
    await clock.run(sleep(clock, TIMEOUTS.at.stalled + 1));
    assert.deepEqual((await clock.run(channel.run('AT'))).lines, []);
  });
});
