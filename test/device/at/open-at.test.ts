import assert from 'node:assert/strict';
import { type AtHandle, type AtState, openAt } from '../../../src/device/at/open-at';
import { failure, isDriverError } from '../../../src/errors';
import { holdStick } from '../../../src/stick/hold';
import { waitForStick } from '../../../src/stick/watch';
import { TIMEOUTS } from '../../../src/timeouts';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';
import { VirtualStick } from '../../../src/virtual/stick';
import { type Bench, virtualBench } from '../../support/bench';

/** A stick with AT ports at once. */
const modem = { firmware: 'stick', setport: 'FF;10,12', timing: { urcEvery: 0 } } as const;

const until = (handle: AtHandle, state: AtState['state']): Promise<AtState> =>
  new Promise((resolve) => {
    if (handle.state.state === state) return resolve(handle.state);
    const off = handle.onState((now) => {
      if (now.state !== state) return;
      off();
      resolve(now);
    });
  });

/** Ports of the stick that somebody has open. */
const openPorts = ({ stick }: Bench) => stick.ttys.filter((tty) => tty.isOpen).length;

const code = (expected: string) => (error: unknown) => isDriverError(error) && error.code === expected;

describe('AT session', () => {
  it('is started by its first user, shared, and closed by the last one', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const first = openAt(bench.host, '1-1');
    const second = openAt(bench.host, 'auto');
    const replies = await bench.run(Promise.all([first.run('AT'), second.run('ATI'), first.run('AT+CSQ')]));
    assert.deepEqual(
      replies.map((r) => [r.command, r.final]),
      [
        ['AT', 'OK'],
        ['ATI', 'OK'],
        ['AT+CSQ', 'OK'],
      ],
    );
    assert.equal(openPorts(bench), 1);
    await bench.run(first.release());
    assert.equal(openPorts(bench), 1);
    assert.equal((await bench.run(second.run('AT'))).ok, true);
    await bench.run(second.release());
    assert.equal(openPorts(bench), 0);
    // Free for others at once.
    (await holdStick(bench.host, '1-1', { purpose: 'test' })).release();
    await assert.rejects(first.run('AT'), code('CANCELLED'));
    bench.stick.unplug();
    assert.equal(bench.clock.pending, 0);
  });

  it('opens again for a user who comes while the last one leaves', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const first = openAt(bench.host, '1-1');
    await bench.run(first.run('AT'));
    const leaving = first.release();
    const second = openAt(bench.host, '1-1');
    assert.equal((await bench.run(second.run('AT'))).ok, true);
    await leaving;
    await bench.run(second.release());
    assert.equal(openPorts(bench), 0);
  });

  it('says what keeps it from an AT port, and comes up by itself', async () => {
    const bench = virtualBench({ timing: { urcEvery: 0 } });
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'absent'));
    await assert.rejects(bench.run(handle.run('AT')), code('STICK_NOT_FOUND'));
    bench.stick.plug();
    assert.equal((await bench.run(until(handle, 'mode'))).mode, 'storage');
    await assert.rejects(bench.run(handle.run('AT')), code('WRONG_MODE'));
    await bench.run(handle.release());
  });

  it('is found again after unplug and replug, also in the middle of a command', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const handle = openAt(bench.host, 'auto');
    await bench.run(until(handle, 'ready'));
    bench.stick.faults.order({ fault: 'silence', at: 'at' });
    const lost = handle.run('AT+CSQ');
    bench.stick.unplug();
    await assert.rejects(bench.run(lost), code('STICK_GONE'));
    await bench.run(until(handle, 'absent'));
    bench.stick.plug();
    // A command that comes while the port is being opened waits for it.
    await bench.run(until(handle, 'connecting'));
    assert.equal((await bench.run(handle.run('AT'))).ok, true);
    await bench.run(handle.release());
  });

  it('tells URCs to all users, whatever one of them does with them', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const other = openAt(bench.host, 'auto');
    await bench.run(Promise.all([until(handle, 'ready'), until(other, 'ready')]));
    const heard: string[] = [];
    handle.onUrc(() => {
      throw new Error('a fault in a flow');
    });
    const off = handle.onUrc(({ line }) => heard.push(`first ${line}`));
    const both = new Promise<void>((resolve) => {
      other.onUrc(({ line }) => {
        heard.push(`other ${line}`);
        if (line === '^RSSI:12') resolve();
      });
    });
    bench.stick.urc('^RSSI:17');
    await bench.run(handle.run('AT'));
    off();
    bench.stick.urc('^RSSI:12');
    await bench.run(both);
    assert.deepEqual(heard.sort(), ['first ^RSSI:17', 'other ^RSSI:12', 'other ^RSSI:17']);
    await bench.run(Promise.all([handle.release(), other.release()]));
  });

  it('steps back for a job, answers what was under way, and takes the stick back', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const underWay = handle.run('AT+CSQ');
    const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'test job' }));
    assert.equal((await bench.run(underWay)).ok, true);
    assert.equal(handle.state.state, 'busy');
    assert.equal(openPorts(bench), 0);
    await assert.rejects(bench.run(handle.run('AT')), code('BUSY'));
    // A user who comes in the middle of the job is told the same.
    const late = openAt(bench.host, 'auto');
    await bench.run(until(late, 'busy'));
    hold.release();
    await bench.run(Promise.all([until(handle, 'ready'), until(late, 'ready')]));
    assert.equal((await bench.run(late.run('AT'))).ok, true);
    await bench.run(Promise.all([handle.release(), late.release()]));
  });

  it('opens the port again when it is lost without a change on the bus', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const open = bench.host.openTty.bind(bench.host);
    let lose: () => void = () => assert.fail('no port is open');
    let opened = 0;
    bench.host.openTty = async (path) => {
      const port = await open(path);
      opened++;
      const receive = port.receive.bind(port);
      port.receive = (onData, onGone) => {
        lose = () => {
          void port.close();
          onGone(failure('STICK_GONE/port', { path }));
        };
        receive(onData, onGone);
      };
      return port;
    };
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const before = opened;
    lose();
    await bench.run(until(handle, 'connecting'));
    await bench.run(until(handle, 'ready'));
    assert.ok(opened > before);
    assert.equal((await bench.run(handle.run('AT'))).ok, true);
    await bench.run(handle.release());
  });

  it('does not keep a job waiting for a command that the stick does not answer', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    bench.stick.faults.order({ fault: 'silence', at: 'at' });
    const silent = handle.run('AT+COPS=?').catch((error: unknown) => error);
    const before = bench.clock.now();
    const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'test job' }));
    assert.ok(bench.clock.now() - before <= TIMEOUTS.session.finish + 1);
    const refusal = await bench.run(silent);
    assert.ok(code('BUSY')(refusal));
    // It had been sent: nobody may be told that it was not.
    assert.ok(isDriverError(refusal, 'BUSY/job-began'));
    hold.release();
    await bench.run(handle.release());
  });

  it('waits for a stick that another process holds, and does not hammer at it', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    let tries = 0;
    const free = bench.host.lock.bind(bench.host);
    let theirs = true;
    bench.host.lock = (path) => {
      tries++;
      if (theirs) throw failure('BUSY/program', { stick: path, holder: 'process 4711' });
      return free(path);
    };
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'busy'));
    await bench.run(new Promise<void>((resolve) => bench.clock.after(600_000, resolve)));
    assert.ok(tries > 5 && tries < 20, `${tries} tries in ten minutes`);
    theirs = false;
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('tells a busy port once, tries again ever more rarely, and succeeds when it is free', async () => {
    const bench = virtualBench(modem);
    const stick = await bench.plug();
    for (const { path } of stick.ttys) bench.host.occupy(path, 'ModemManager (612)');
    const handle = openAt(bench.host, '1-1');
    const told: AtState[] = [];
    handle.onState((state) => told.push(state));
    const { error } = await bench.run(until(handle, 'error'));
    assert.equal(error?.code, 'PORT_BUSY');
    await assert.rejects(bench.run(handle.run('AT')), code('PORT_BUSY'));
    await bench.run(new Promise<void>((resolve) => bench.clock.after(600_000, resolve)));
    assert.equal(told.filter((s) => s.state === 'error').length, 1);
    for (const { path } of stick.ttys) bench.host.free(path);
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('takes a loader behind an ambiguous product id for what it is', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.run('AT^GODLOAD', { force: true }));
    const { mode } = await bench.run(until(handle, 'mode'));
    assert.equal(mode, 'loader');
    assert.equal(openPorts(bench), 0);
    bench.stick.plug();
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('gives the stick back within a probe when it is released while nothing answers', async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    bench.stick.faults.order({ fault: 'silence', at: 'at', count: 100 });
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'connecting'));
    await bench.run(new Promise<void>((resolve) => bench.clock.after(500, resolve)));
    const before = bench.clock.now();
    await bench.run(handle.release());
    assert.ok(bench.clock.now() - before < 5_000);
    assert.equal(openPorts(bench), 0);
  });

  it('refuses what must not be sent before it looks for a port', async () => {
    const bench = virtualBench();
    const handle = openAt(bench.host, '1-1');
    await assert.rejects(handle.run('AT^SIMLOCK="1"'), code('COMMAND_REFUSED'));
    await assert.rejects(handle.run('AT\rAT'), code('COMMAND_INVALID'));
    await bench.run(handle.release());
  });

  it("uses a user's own time for plain commands and leaves slow ones theirs", async () => {
    const bench = virtualBench(modem);
    await bench.plug();
    const handle = openAt(bench.host, '1-1', { timeout: 1_000 });
    await bench.run(until(handle, 'ready'));
    bench.stick.faults.order({ fault: 'silence', at: 'at' });
    const before = bench.clock.now();
    await assert.rejects(bench.run(handle.run('AT+CSQ')), code('TIMEOUT'));
    assert.equal(bench.clock.now() - before, 1_000);
    await bench.run(handle.run('AT'));
    bench.stick.faults.order({ fault: 'late', at: 'at', ms: 20_000 });
    assert.equal((await bench.run(handle.run('AT+CFUN=1'))).ok, true);
    await bench.run(handle.release());
  });

  it('auto means exactly one stick', async () => {
    const clock = new VirtualClock();
    const sticks = ['1-1', '1-2'].map((portPath) => new VirtualStick({ clock, portPath, name: portPath, ...modem }));
    const host = new VirtualHost({ sticks, clock });
    const [one, two] = sticks;
    assert.ok(one && two);
    const handle = openAt(host, 'auto');
    await clock.run(until(handle, 'absent'));
    one.plug();
    two.plug();
    const { error } = await clock.run(until(handle, 'error'));
    assert.equal(error?.code, 'STICK_AMBIGUOUS');
    await assert.rejects(clock.run(handle.run('AT')), code('STICK_AMBIGUOUS'));
    one.unplug();
    assert.equal((await clock.run(until(handle, 'ready'))).stick, '1-2');
    assert.equal((await clock.run(handle.run('AT'))).ok, true);
    await clock.run(handle.release());
    await clock.run(waitForStick(host, '1-2', (s) => s !== undefined, { timeoutMs: 1_000 }));
    assert.ok(two.ttys.every((tty) => !tty.isOpen));
  });
});
