import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type AtHandle, openAt } from '../../../src/device/at/open-at';
import type { Run } from '../../../src/device/at/opening-steps';
import { openSim, PIN_NOTE } from '../../../src/device/at/pin';
import { openSms } from '../../../src/device/sms/open-sms';
import { TIMEOUTS } from '../../../src/timeouts';
import type { StickOptions } from '../../../src/virtual/options';
import { eventsOf, type SessionBench, sessionBench, until } from '../../support/at-bench';
import { onWrites } from '../../support/bench';

const PIN = '4711';
const locked: Partial<StickOptions> = { sim: { state: 'pin', pin: PIN } };

/** Opens a session with `pin` and waits until it takes commands. */
async function opened(bench: SessionBench, pin?: string): Promise<{ handle: AtHandle; texts: string[] }> {
  const handle = openAt(bench.host, '1-1', pin === undefined ? {} : { pin });
  const events = eventsOf(handle);
  await bench.run(until(handle, 'ready'));
  assert.ok(events.every(({ event }) => event === 'pin'));
  return { handle, texts: events.map(({ text }) => text) };
}

const sent = ({ commands }: SessionBench): string[] => commands.filter((c) => c.startsWith('AT+CPIN='));

/** Restarts the stick: its SIM wants the PIN again. */
async function replug(bench: SessionBench): Promise<void> {
  bench.stick.unplug();
  bench.stick.sim.state = 'pin';
  await bench.plug();
}

describe('PIN of the SIM', () => {
  it('T40: is asked for first, entered once, and followed by the three seconds that some firmware needs (T26)', async () => {
    const bench = sessionBench(locked);
    await bench.plug();
    let unlockedAt = 0;
    bench.stick.onEvent((event) => {
      if (event.what === 'at' && event.command.startsWith('AT+CPIN=')) unlockedAt = bench.clock.now();
    });
    const { handle, texts } = await opened(bench, PIN);
    assert.equal(bench.stick.sim.state, 'ready');
    const { commands } = bench;
    const order = ['AT+CPIN?', 'AT^CPIN?', `AT+CPIN="${PIN}"`].map((command) => commands.indexOf(command));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(!order.includes(-1));
    assert.ok(bench.clock.now() - unlockedAt >= TIMEOUTS.sim.afterPin);
    assert.match(texts.join(), /was accepted/);
    await bench.run(handle.release());
  });

  it('T40: is refused with one try left, and where the stick does not tell', async () => {
    const one = sessionBench(locked);
    one.stick.sim.pinTries = 1;
    await one.plug();
    const { handle, texts } = await opened(one, PIN);
    assert.deepEqual(sent(one), []);
    assert.match(texts.join(), /has 1 tries left/);
    await one.run(handle.release());

    const none = sessionBench(locked);
    await none.plug();
    // AT^CPIN? is right behind it.
    const off = none.stick.onEvent((event) => {
      if (event.what === 'at' && event.command.startsWith('AT^ICCID?')) {
        none.stick.faults.order({ fault: 'nak', at: 'at' });
        off();
      }
    });
    const second = await opened(none, PIN);
    assert.deepEqual(sent(none), []);
    assert.match(second.texts.join(), /does not tell how many tries/);
    await none.run(second.handle.release());
  });

  it('T40: one that failed is not tried again until it is changed, also after a restart, and then none of the old ones', async () => {
    const bench = sessionBench(locked);
    await bench.plug();
    const first = await opened(bench, '1111');
    assert.equal(bench.stick.sim.pinTries, 2);
    assert.match(first.texts.join(), /was refused \(error 16\)/);
    await bench.run(first.handle.release());
    // A host that knows nothing but the notes: as after a restart of the process.
    await replug(bench);
    const again = await opened(bench, '1111');
    assert.match(again.texts.join(), /refused before/);
    assert.equal(bench.stick.sim.pinTries, 2);
    await bench.run(again.handle.release());
    // Somebody has unlocked it elsewhere meanwhile: the tries are back, the PIN is as wrong as before.
    bench.stick.sim.pinTries = 3;
    await replug(bench);
    const third = await opened(bench, '1111');
    assert.deepEqual(sent(bench), ['AT+CPIN="1111"']);
    await bench.run(third.handle.release());
    await replug(bench);
    const changed = await opened(bench, PIN);
    assert.deepEqual(sent(bench), ['AT+CPIN="1111"', `AT+CPIN="${PIN}"`]);
    assert.equal(bench.stick.sim.state, 'ready');
    assert.equal(bench.host.readNote(PIN_NOTE), undefined);
    await bench.run(changed.handle.release());
  });

  it('T40: one whose answer was lost counts as refused only if the SIM says so', async () => {
    for (const taken of [false, true]) {
      const bench = sessionBench(locked);
      await bench.plug();
      const off = bench.stick.onEvent((event) => {
        if (event.what !== 'at' || !event.command.startsWith('AT^CPIN?')) return;
        off();
        // The stick is pulled before it hears the PIN.
        bench.stick.faults.order({ fault: 'unplug', at: 'at' });
      });
      const handle = openAt(bench.host, '1-1', { pin: PIN });
      await bench.run(until(handle, 'absent'));
      if (taken) bench.stick.sim.pinTries--;
      bench.commands.length = 0;
      await replug(bench);
      await bench.run(until(handle, 'ready'));
      assert.equal(sent(bench).length, taken ? 0 : 1);
      await bench.run(handle.release());
    }
  });

  it('a PUK is never sent, and what is no PIN is not either', async () => {
    for (const [state, pin, told] of [
      ['puk', PIN, /wants its PUK/],
      ['pin', '12', /no number of 4 to 8 digits/],
      ['pin', '1234"', /no number of 4 to 8 digits/],
      ['pin', undefined, /none is configured/],
    ] as const) {
      const bench = sessionBench({ sim: { state, pin: PIN } });
      await bench.plug();
      const { handle, texts } = await opened(bench, pin);
      assert.deepEqual(sent(bench), []);
      assert.match(texts.join(), told);
      await bench.run(handle.release());
    }
  });

  it('reaches no event and no note', async () => {
    for (const pin of [PIN, '1111']) {
      const bench = sessionBench(locked);
      await bench.plug();
      const notes: (string | undefined)[] = [];
      const write = bench.host.writeNote.bind(bench.host);
      bench.host.writeNote = (key, text) => {
        notes.push(text);
        write(key, text);
      };
      const { handle, texts } = await opened(bench, pin);
      assert.ok(texts.length > 0 && notes.length > 0);
      // The hash may hold these digits by chance: what is told may not, and the note is no plain text.
      assert.ok(!texts.join().includes(pin));
      for (const note of notes) assert.doesNotMatch(note ?? '', new RegExp(`"${pin}"`));
      assert.ok(!inspect(handle, { depth: 5 }).includes(pin));
      await bench.run(handle.release());
    }
  });

  it('T21: a SIM that is still busy is waited for, also by commands', async () => {
    const bench = sessionBench({ ...locked, timing: { urcEvery: 0, simBusy: 20_000 } });
    await bench.plug();
    bench.stick.insertSim('pin');
    const handle = openAt(bench.host, '1-1', { pin: PIN });
    const reply = await bench.run(handle.run('AT+CIMI'));
    assert.equal(reply.ok, true);
    assert.ok(bench.commands.filter((c) => c === 'AT+CPIN?').length > 5);
    await bench.run(handle.release());
  });

  it('T21: one that stays busy keeps nobody from AT for more than half a minute', async () => {
    const bench = sessionBench({ timing: { urcEvery: 0, simBusy: 3600_000 } });
    await bench.plug();
    bench.stick.insertSim();
    const began = bench.clock.now();
    const handle = openAt(bench.host, '1-1');
    assert.equal((await bench.run(handle.run('AT'))).ok, true);
    assert.ok(bench.clock.now() - began < TIMEOUTS.session.connect);
    await bench.run(handle.release());
  });

  it('may come with a later user: the SIM gets it at once, of a stick by its path and of the only one', async () => {
    for (const which of ['1-1', 'auto']) {
      const bench = sessionBench(locked);
      await bench.plug();
      const first = openAt(bench.host, which);
      await bench.run(until(first, 'ready'));
      assert.equal(bench.stick.sim.state, 'pin');
      const second = openAt(bench.host, which, { pin: PIN });
      assert.equal((await bench.run(second.run('AT'))).ok, true);
      await bench.pass(10_000);
      assert.equal(bench.stick.sim.state, 'ready', which);
      await bench.run(Promise.all([first.release(), second.release()]));
    }
  });

  it('T40: that was refused is not tried in another socket, and another SIM in between changes nothing', async () => {
    const bench = sessionBench(locked);
    await bench.plug();
    const first = await opened(bench, '1111');
    await bench.run(first.handle.release());
    assert.equal(bench.stick.sim.pinTries, 2);
    const moved = sessionBench(locked);
    await moved.plug();
    moved.host.writeNote(PIN_NOTE, bench.host.readNote(PIN_NOTE));
    // Another SIM works in the stick for a while.
    const iccid = bench.host.readNote(PIN_NOTE);
    const visitor = sessionBench({ seed: 7 });
    await visitor.plug();
    visitor.host.writeNote(PIN_NOTE, iccid);
    const guest = await opened(visitor);
    assert.equal(visitor.host.readNote(PIN_NOTE), iccid);
    await visitor.run(guest.handle.release());
    moved.stick.sim.pinTries = 2;
    const again = await opened(moved, '1111');
    assert.equal(moved.stick.sim.pinTries, 2);
    assert.match(again.texts.join(), /was refused before/);
    await moved.run(again.handle.release());
  });

  it('T40: that was refused is not tried elsewhere where the ICCID can not be read', async () => {
    const host = sessionBench();
    let tries = 3;
    const run: Run = async (command) => {
      const answer = { command, ok: true, final: 'OK', lines: [] as string[], ms: 1 };
      if (command === 'AT+CPIN?') answer.lines = ['+CPIN: SIM PIN'];
      else if (command === 'AT^CPIN?') answer.lines = [`^CPIN: SIM PIN,${tries},10,${tries},10,3`];
      else if (command.startsWith('AT+CPIN=')) {
        tries--;
        return { ...answer, ok: false, final: '+CME ERROR: 16', number: 16 };
      } else return { ...answer, ok: false, final: 'ERROR' };
      return answer;
    };
    const { signal } = new AbortController();
    const at = (stick: string) => ({
      host: host.host,
      stick,
      pin: '1111',
      tell: () => undefined,
      refused: () => undefined,
      signal,
    });
    await host.clock.run(openSim(run, at('1-1')));
    await host.clock.run(openSim(run, at('1-2')));
    const ready: Run = async (command) => ({ ...(await run(command)), ok: true, lines: ['+CPIN: READY'] });
    await host.clock.run(openSim(ready, at('1-1')));
    await host.clock.run(openSim(run, at('1-1')));
    assert.equal(tries, 2);
  });

  it('T40: is sent again to a SIM that was busy, and counts as refused only if a try is gone', async () => {
    const ask = (number: number, refusals: number) => {
      const asked: string[] = [];
      let left = refusals;
      const run: Run = async (command) => {
        asked.push(command);
        const answer = (ok: boolean, lines: string[], error?: number) => ({
          command,
          ok,
          final: ok ? 'OK' : `+CME ERROR: ${error}`,
          lines,
          ms: 1,
          ...(error !== undefined && { number: error }),
        });
        if (command === 'AT+CPIN?') return answer(true, ['+CPIN: SIM PIN']);
        if (command === 'AT^CPIN?') return answer(true, ['^CPIN: SIM PIN,3,10,3,10,3']);
        if (command.startsWith('AT+CPIN=') && left-- > 0) return answer(false, [], number);
        return answer(true, []);
      };
      return { run, asked };
    };
    for (const [number, refusals, sends] of [
      [14, 2, 3],
      [100, 1, 1],
      [3, 1, 1],
    ] as const) {
      const { host, clock } = sessionBench();
      const { run, asked } = ask(number, refusals);
      const setup = {
        host,
        stick: '1-1',
        pin: PIN,
        tell: () => undefined,
        refused: () => undefined,
        signal: new AbortController().signal,
      };
      await clock.run(openSim(run, setup));
      assert.equal(asked.filter((c) => c.startsWith('AT+CPIN=')).length, sends, `error ${number}`);
      await clock.run(openSim(run, setup));
      // Taken by now, or tried again: it was never refused.
      assert.equal(asked.filter((c) => c.startsWith('AT+CPIN=')).length, sends + 1, `error ${number}`);
    }
  });

  it('T40: that was refused is not tried again by a process that can keep no notes', async () => {
    const bench = sessionBench(locked);
    bench.host.writeNote = () => undefined;
    await bench.plug();
    for (let i = 0; i < 3; i++) {
      const { handle } = await opened(bench, '1111');
      await bench.run(handle.release());
      await replug(bench);
    }
    assert.equal(sent(bench).length, 1);
  });

  it('T40: firmware that never answers AT^CPIN? opens all the same, and is not restarted', async () => {
    const bench = sessionBench({ ...locked });
    onWrites(bench.host, (bytes) => (/^AT\^CPIN\?/.test(Buffer.from(bytes).toString('latin1')) ? undefined : bytes));
    await bench.plug();
    const { handle, texts } = await opened(bench, PIN);
    assert.match(texts.join(), /does not tell how many tries/);
    assert.deepEqual(
      bench.commands.filter((c) => c.startsWith('AT^RESET')),
      [],
    );
    await bench.run(handle.release());
  });

  for (const which of ['auto', '1-1']) {
    it(`of a later user is entered too, on the open port (${which})`, async () => {
      const b = sessionBench({ sim: { state: 'pin', pin: '4711' } });
      await b.plug();
      const first = openSms(b.host, which);
      const second = openAt(b.host, which, {});
      await b.run(until(second, 'ready'));
      await b.pass(10_000);
      assert.equal(b.stick.sim.state, 'pin');
      const third = openSms(b.host, which, { pin: '4711' });
      await b.pass(30_000);
      assert.equal(b.stick.sim.state, 'ready');
      assert.equal(b.commands.filter((command) => command.startsWith('AT+CPIN=')).length, 1);
      await b.run(Promise.all([first.release(), second.release(), third.release()]));
    });

    it(`of the second user of the same moment is entered (${which})`, async () => {
      const b = sessionBench({ sim: { state: 'pin', pin: '4711' } });
      await b.plug();
      const first = openSms(b.host, which);
      const second = openAt(b.host, which, { pin: '4711' });
      await b.run(until(second, 'ready'));
      await b.pass(30_000);
      assert.equal(b.stick.sim.state, 'ready');
      await b.run(Promise.all([first.release(), second.release()]));
    });
  }
});
