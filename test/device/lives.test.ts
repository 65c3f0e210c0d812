/** What a session leaves behind, and to the next one: a deploy closes all nodes and opens them again. */

import assert from 'node:assert/strict';
import { type AtHandle, openAt } from '../../src/device/at/open-at';
import { openSms, type SmsMessage } from '../../src/device/sms/open-sms';
import { StatusWatch } from '../../src/device/status-watch';
import { failure } from '../../src/errors';
import type { UsbDevice } from '../../src/host/host';
import { holdStick } from '../../src/stick/hold';
import { eventsOf, type SessionBench, sessionBench, until } from '../support/at-bench';
import { FROM } from './sms/sms-bench';

const PIN = '4711';
const locked = () => sessionBench({ sim: { state: 'pin', pin: PIN } });
const pins = ({ commands }: SessionBench): string[] => commands.filter((command) => command.startsWith('AT+CPIN='));

/** Restarts the stick: its SIM wants the PIN again. */
async function replug(bench: SessionBench): Promise<void> {
  bench.stick.unplug();
  bench.stick.sim.state = 'pin';
  await bench.plug();
}

/** How many watch the bus. */
function watchers({ host }: SessionBench): () => number {
  let count = 0;
  const watch = host.watch.bind(host);
  host.watch = (listener) => {
    const { stop } = watch(listener);
    let stopped = false;
    count++;
    return {
      stop: () => {
        if (!stopped) count--;
        stopped = true;
        stop();
      },
    };
  };
  return () => count;
}

describe('a deploy', () => {
  for (const which of ['1-1', 'auto']) {
    it(`leaves nobody behind who watches the bus (${which})`, async () => {
      const bench = sessionBench();
      const watching = watchers(bench);
      await bench.plug();
      for (let n = 0; n < 3; n++) {
        const handle = openAt(bench.host, which);
        await bench.run(until(handle, 'ready'));
        assert.equal(watching(), which === 'auto' ? 2 : 1);
        await bench.run(handle.release());
        assert.equal(watching(), 0);
        assert.equal(bench.clock.pending, 0);
      }
    });
  }

  it('that takes the PIN away takes it away: it is not sent any more', async () => {
    const bench = locked();
    await bench.plug();
    const before = openAt(bench.host, '1-1', { pin: PIN });
    await bench.run(until(before, 'ready'));
    assert.equal(pins(bench).length, 1);
    await bench.run(before.release());
    await replug(bench);
    const after = openAt(bench.host, '1-1');
    const events = eventsOf(after);
    await bench.run(until(after, 'ready'));
    assert.equal(pins(bench).length, 1);
    assert.match(events.map(({ text }) => text).join(), /none is configured/);
    await bench.run(after.release());
  });

  it('that brings the PIN before the last life has ended has it', async () => {
    const bench = locked();
    await bench.plug();
    const before = openAt(bench.host, '1-1');
    await bench.run(until(before, 'ready'));
    const left = before.release();
    const after = openAt(bench.host, '1-1', { pin: PIN });
    await bench.run(left);
    await bench.run(until(after, 'ready'));
    assert.equal(pins(bench).length, 1);
    await replug(bench);
    await bench.run(until(after, 'ready'));
    assert.equal(pins(bench).length, 2);
    await bench.run(after.release());
  });

  it('while an SMS is on its way has one who comes meanwhile go on', async () => {
    const bench = sessionBench();
    await bench.plug();
    const before = openSms(bench.host, '1-1');
    await bench.run(until(before as unknown as AtHandle, 'ready'));
    bench.stick.faults.order({ fault: 'late', at: 'sms', ms: 1_500 });
    const asked = new Promise<void>((resolve) => {
      bench.stick.onEvent((event) => {
        if (event.what === 'at' && event.command.startsWith('AT+CMGF')) resolve();
      });
    });
    const sent = before.send({ to: FROM, text: 'on its way' });
    await bench.run(asked);
    const left = before.release();
    await bench.pass(500);
    const after = openSms(bench.host, '1-1');
    const got: SmsMessage[] = [];
    after.receive({ onMessage: (message) => got.push(message) < 0 });
    await bench.run(Promise.all([sent, left]));
    assert.equal((await bench.run(after.send({ to: FROM, text: 'after it' }))).parts, 1);
    bench.stick.receiveSms({ from: FROM, text: 'answer' });
    await bench.pass(5_000);
    assert.deepEqual(
      got.map(({ text }) => text),
      ['answer'],
    );
    await bench.run(after.release());
  });
});

describe('a port that is being opened', () => {
  /** A session in the middle of its opening, at a command that is not answered; its states from now on. `fails`: in a step. */
  async function opening(fails = false) {
    const bench = sessionBench();
    await bench.plug();
    const ports: { lose(): void }[] = [];
    const open = bench.host.openTty.bind(bench.host);
    bench.host.openTty = async (path) => {
      const port = await open(path);
      const receive = port.receive.bind(port);
      port.receive = (onData, onGone) => {
        const lose = () => {
          void port.close();
          onGone(failure('STICK_GONE/port', { path }));
        };
        ports.push({ lose });
        receive(onData, onGone);
      };
      return port;
    };
    const handle = openAt(bench.host, '1-1');
    const asked = new Promise<void>((resolve) => {
      handle.afterOpen(async (run) => {
        bench.stick.faults.order({ fault: 'silence', at: 'at' });
        const answer = run('AT^X?');
        resolve();
        await (fails ? answer : answer.catch(() => undefined));
      });
    });
    await bench.run(asked);
    const states: string[] = [];
    handle.onState(({ state }) => states.push(state));
    return { bench, handle, states, lose: () => ports.at(-1)?.lose() };
  }

  it('is given to a job that comes in the middle: busy until the end of it, and never ready before', async () => {
    for (const fails of [false, true]) {
      const { bench, handle, states } = await opening(fails);
      const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'test job' }));
      assert.ok(bench.stick.ttys.every((tty) => !tty.isOpen));
      await bench.pass(60_000);
      assert.deepEqual(states, ['busy']);
      hold.release();
      await bench.run(until(handle, 'connecting'));
      await bench.run(handle.release());
    }
  });

  it('and is lost in the middle, without a change on the bus, is opened anew, and never ready before', async () => {
    const { bench, handle, states, lose } = await opening();
    lose();
    await bench.pass(500);
    assert.deepEqual(states, []);
    await bench.run(handle.release());
  });
});

describe('a port that the bus does not show any more', () => {
  it('is left, although the stick is still there and nothing else tells', async () => {
    const bench = sessionBench();
    let ttys = true;
    const looks = new Set<() => void>();
    const watch = bench.host.watch.bind(bench.host);
    bench.host.watch = (listener) => {
      const tell = (devices: UsbDevice[]) =>
        listener(
          devices.map((device) =>
            ttys ? device : { ...device, interfaces: device.interfaces.map(({ tty: _, ...rest }) => rest) },
          ),
        );
      const look = () => void bench.host.scan().then(tell);
      looks.add(look);
      const { stop } = watch(tell);
      return {
        stop: () => {
          looks.delete(look);
          stop();
        },
      };
    };
    const show = (shown: boolean) => {
      ttys = shown;
      for (const look of looks) look();
    };
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    show(false);
    await bench.run(until(handle, 'connecting'));
    assert.ok(bench.stick.ttys.every((tty) => !tty.isOpen));
    show(true);
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });
});

describe('a port that is handed over again', () => {
  it('stays so for the time of the last order, not of the one before', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.releasePort(10_000));
    await bench.pass(5_000);
    await bench.run(handle.releasePort(60_000));
    await bench.pass(55_000);
    assert.equal(handle.state.state, 'released');
    await bench.pass(10_000);
    assert.equal(handle.state.state, 'ready');
    await bench.run(handle.releasePort(10_000));
    await bench.pass(1_000);
    await bench.run(handle.releasePort());
    await bench.pass(3_600_000);
    assert.equal(handle.state.state, 'released', 'until it is taken back');
    await bench.run(handle.release());
    handle.takePort();
    assert.equal(bench.clock.pending, 0);
  });
});

describe('reads of the status by themselves', () => {
  it('do not pile up behind one that takes longer than from one to the next', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const began: number[] = [];
    const slow: AtHandle = {
      ...handle,
      run: async (command, options) => {
        if (command === 'AT^CHIPTEMP?') {
          began.push(bench.clock.now());
          await new Promise<void>((resolve) => bench.clock.after(7_000, resolve));
        }
        return handle.run(command, options);
      },
    };
    const start = bench.clock.now();
    const events = { status: () => undefined, failed: (error: unknown) => assert.fail(String(error)) };
    const watch = new StatusWatch(slow, bench.clock, { parts: ['temperature'], everyMs: 5_000 }, events);
    await bench.pass(49_000);
    watch.stop();
    assert.deepEqual(
      began.map((at) => Math.round((at - start) / 1_000)),
      [0, 10, 20, 30, 40],
    );
    await bench.run(handle.release());
  });
});
