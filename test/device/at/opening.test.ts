/** What is done after each opening, and the port in other hands. */

import assert from 'node:assert/strict';
import { type AtHandle, openAt } from '../../../src/device/at/open-at';
import { holdStick } from '../../../src/stick/hold';
import { briefly, eventsOf, sessionBench, until } from '../../support/at-bench';

const code = (expected: string) => ({ code: expected });
const openPorts = ({ stick }: ReturnType<typeof sessionBench>) => stick.ttys.filter((tty) => tty.isOpen).length;

describe('settings after each opening', () => {
  it('T41: what a stick forgets is sent again after each start, before the commands of others', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const off = handle.afterOpen(async (run) => {
      await run('AT+CREG=2');
      await run('AT+CGREG=1');
    });
    const own = ['AT+CMEE=1', 'AT^PORTSEL=0', 'AT^CURC=1', 'AT+CPIN?', 'AT^SYSINFOEX'];
    const wanted = [...own, 'AT+CREG=2', 'AT+CGREG=1', 'AT+CSQ'];
    let starts = 0;
    for (const settings of [wanted, wanted, wanted.filter((c) => !c.includes('GREG') && !c.includes('CREG'))]) {
      bench.commands.length = 0;
      await bench.run(handle.run('AT+CSQ'));
      const from = bench.commands.indexOf('AT+CMEE=1');
      assert.deepEqual(bench.commands.slice(from), settings);
      bench.stick.unplug();
      await bench.run(until(handle, 'absent'));
      await bench.plug();
      if (++starts === 2) off();
    }
    await bench.run(handle.release());
  });

  it('T41: a step that comes while the port is open runs at once, and commands wait for it', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, 'auto');
    await bench.run(until(handle, 'ready'));
    bench.commands.length = 0;
    handle.afterOpen(async (run) => {
      await run('AT+CREG=1');
      await run('AT+CREG=2');
    });
    handle.afterOpen(async (run) => void (await run('AT+CGREG=2')));
    await bench.run(handle.run('AT+CSQ'));
    assert.deepEqual(bench.commands, ['AT+CREG=1', 'AT+CREG=2', 'AT+CGREG=2', 'AT+CSQ']);
    await bench.run(handle.release());
  });

  it('T41: a setting whose answer got lost is sent again, and one that is never answered does not keep the port shut', async () => {
    for (const [count, times] of [
      [1, 2],
      [2, 2],
    ] as const) {
      const bench = sessionBench();
      await bench.plug();
      const off = bench.stick.onEvent((event) => {
        // The last command before the settings.
        if (event.what !== 'at' || !event.command.startsWith('ATE0')) return;
        off();
        bench.stick.faults.order({ fault: 'lost', at: 'at' });
        // Behind it two AT bring the port into step.
        if (count === 2) bench.stick.faults.order({ fault: 'lost', at: 'at', nth: 3 });
      });
      const handle = openAt(bench.host, '1-1');
      await bench.run(until(handle, 'ready'));
      assert.equal(bench.commands.filter((c) => c === 'AT+CMEE=1').length, times);
      assert.equal(bench.stick.faults.open, 0);
      await bench.run(handle.release());
    }
  });

  it('a step that fails is told and stops nothing', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const events = eventsOf(handle);
    handle.afterOpen(async () => {
      throw new Error('it can not be had');
    });
    let reached = false;
    handle.afterOpen(async () => {
      reached = true;
    });
    await bench.run(until(handle, 'ready'));
    assert.ok(reached);
    assert.match(events.map(({ text }) => text).join(), /it can not be had/);
    await bench.run(handle.release());
  });

  it('T29, T34: URCs are sent to the port that is read, whichever that is, and no other one is left to fill up', async () => {
    const bench = sessionBench();
    const stick = await bench.plug();
    const pcui = stick.ttys.find(({ role }) => role === 'pcui');
    const heardBy = async (handle: AtHandle): Promise<string[]> => {
      const heard: string[] = [];
      handle.onUrc(({ line }) => heard.push(line));
      bench.stick.urc('^RSSI:17');
      await bench.run(handle.run('AT'));
      return heard;
    };
    const first = openAt(bench.host, '1-1');
    // As another program leaves it.
    await bench.run(first.run('AT^PORTSEL=1'));
    assert.deepEqual(await heardBy(first), []);
    await bench.run(first.release());
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(await heardBy(handle), ['^RSSI:17']);
    await bench.run(handle.release());
    // Where only the modem port can be had they go there.
    bench.stick.unplug();
    await bench.plug();
    assert.ok(pcui);
    const open = bench.host.openTty.bind(bench.host);
    bench.host.openTty = async (path) => {
      const port = await open(path);
      if (path === pcui.path) port.write = async () => {};
      return port;
    };
    const other = openAt(bench.host, '1-1');
    await bench.run(until(other, 'ready'));
    assert.ok(bench.commands.includes('AT^PORTSEL=1'));
    assert.deepEqual(await heardBy(other), ['^RSSI:17']);
    await bench.run(other.release());
  });

  it('T43: ^GETPORTMODE, which crashes sticks of the MU609 kind, is never sent: ports are known from the bus', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(handle.run('AT'));
    assert.ok(bench.commands.length > 5);
    assert.ok(!bench.commands.some((command) => /GETPORTMODE/i.test(command)));
    await bench.run(handle.release());
  });

  it('T28: a program that reads the ports too is told once, with what to do', async () => {
    const bench = sessionBench();
    await bench.plug();
    bench.host.intruderList = ['ModemManager (612) is running: stop it.'];
    const handle = openAt(bench.host, '1-1');
    const events = eventsOf(handle);
    await bench.run(until(handle, 'ready'));
    bench.stick.unplug();
    await bench.run(until(handle, 'absent'));
    bench.stick.plug();
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(briefly(events), ['others']);
    assert.match(events[0]?.text ?? '', /ModemManager \(612\).*stop it/);
    await bench.run(handle.release());
  });
});

describe('port in the hands of another program', () => {
  it('is closed, refused to all, and taken back with its settings', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const other = openAt(bench.host, 'auto');
    await bench.run(Promise.all([until(handle, 'ready'), until(other, 'ready')]));
    const events = eventsOf(other);
    const underWay = other.run('AT+CSQ');
    await bench.run(handle.releasePort());
    assert.equal((await underWay).ok, true);
    assert.equal(openPorts(bench), 0);
    assert.deepEqual([handle.state.state, other.state.state], ['released', 'released']);
    await assert.rejects(other.run('AT'), { code: 'BUSY', message: /handed over to another program/ });
    // The lock is free as well: another process may have it.
    (await bench.host.lock('1-1')).release();
    await bench.pass(3600_000);
    assert.equal(openPorts(bench), 0);
    bench.commands.length = 0;
    other.takePort();
    await bench.run(until(handle, 'ready'));
    assert.ok(bench.commands.includes('AT+CMEE=1'));
    assert.deepEqual(briefly(events), ['released', 'taken']);
    handle.takePort();
    await bench.run(Promise.all([handle.release(), other.release()]));
    assert.equal(bench.clock.pending, 0);
  });

  it('comes back by itself after the time that was given, also when nobody used the session in between', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.releasePort(600_000));
    await bench.pass(599_000);
    assert.equal(handle.state.state, 'released');
    await bench.pass(10_000);
    assert.equal(handle.state.state, 'ready');
    await bench.run(handle.releasePort(600_000));
    await bench.run(handle.release());
    assert.equal(bench.clock.pending, 0);
    // As after a deploy.
    const next = openAt(bench.host, '1-1');
    await bench.pass(1_000);
    assert.equal(next.state.state, 'released');
    await bench.run(next.release());
    await bench.pass(600_000);
    const late = openAt(bench.host, '1-1');
    await bench.run(until(late, 'ready'));
    await bench.run(late.release());
    assert.equal(bench.clock.pending, 0);
  });

  it('a command that can not end in time is told that the port was handed over', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    bench.stick.faults.order({ fault: 'silence', at: 'at' });
    const silent = handle.run('AT+COPS=?').catch((error: unknown) => error as Error);
    await bench.run(handle.releasePort());
    const error = await bench.run(silent);
    assert.match(String(error), /handed over while the AT command was under way/);
    await bench.run(handle.release());
  });

  it('a job may have the stick meanwhile, and it stays handed over after it', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.releasePort());
    (await bench.run(holdStick(bench.host, '1-1', { purpose: 'test job' }))).release();
    await bench.pass(60_000);
    assert.equal(handle.state.state, 'released');
    // Another stick at its place is no reason to open it either.
    bench.stick.plug();
    await bench.pass(60_000);
    assert.equal(openPorts(bench), 0);
    handle.takePort();
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('auto without a stick has nothing to hand over', async () => {
    const bench = sessionBench();
    const handle = openAt(bench.host, 'auto');
    await bench.run(until(handle, 'absent'));
    await assert.rejects(handle.releasePort(), code('STICK_NOT_FOUND'));
    handle.takePort();
    await bench.run(handle.release());
  });
});
