/** What a stick in HiLink mode is told to do, and the PIN that is configured for its SIM. */

import assert from 'node:assert/strict';
import { type AtEvent, type AtHandle, openAt } from '../../../src/device/at/open-at';
import { PIN_NOTE } from '../../../src/device/at/pin';
import { openSms } from '../../../src/device/sms/open-sms';
import { type ErrorCode, isDriverError } from '../../../src/errors';
import { sessionBench, until } from '../../support/at-bench';
import { untilWeb, type WebBench, webBench } from './bench';

const open = ({ host }: WebBench, pin?: string): AtHandle =>
  openAt(host, '1-1', { web: { password: 'admin' }, ...(pin !== undefined && { pin }) });

const rejects = (work: Promise<unknown>, code: ErrorCode, reason: string) =>
  assert.rejects(work, (e) => isDriverError(e, code) && e.reason === reason);

const posts = ({ requests }: WebBench, path: string) => requests.filter((one) => one.endsWith(path)).length;

describe('what a stick in HiLink mode is told to do', () => {
  it('is done, and read back: data, order of systems', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    const data = async (on?: boolean) => {
      const acted = await bench.run(handle.act({ action: 'data', ...(on !== undefined && { on }) }));
      return acted.action === 'data' ? acted.data?.connection : undefined;
    };
    assert.equal(await data(false), 'down');
    assert.equal(await data(), 'down');
    assert.equal(await data(true), 'up');
    const acted = await bench.run(handle.act({ action: 'mode', order: ['LTE'] }));
    assert.deepEqual(acted.action === 'mode' && acted.selection?.order, ['LTE']);
    await rejects(
      bench.run(handle.act({ action: 'mode', order: ['LTE', 'LTE'] })),
      'BAD_ARGUMENT',
      'order-not-offered',
    );
    await bench.run(handle.release());
  });

  it("needs force where it cuts the machine's own line: data off, a restart, another address", async () => {
    const bench = await webBench();
    bench.host.ownLines.add('1-1');
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    for (const action of [
      { action: 'data', on: false },
      { action: 'reboot' },
      { action: 'lan', address: '192.168.9.1' },
    ] as const) {
      await rejects(bench.run(handle.act(action)), 'COMMAND_REFUSED', 'own-line');
    }
    assert.ok(bench.requests.every((path) => !/dialup\/dial|device\/control/.test(path)));
    // These do not.
    await bench.run(handle.act({ action: 'data', on: true }));
    await bench.run(handle.act({ action: 'lan' }));
    await bench.run(handle.act({ action: 'data', on: false, force: true }));
    await bench.run(handle.release());
  });

  it('with another LAN address it is found again there, after a restart as well', async () => {
    const bench = await webBench();
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    const acted = await bench.run(handle.act({ action: 'lan', address: '192.168.9.1' }));
    assert.deepEqual(acted.action === 'lan' && acted.lan?.pool, ['192.168.9.100', '192.168.9.200']);
    const found = await bench.run(untilWeb(handle, 'ready'));
    assert.equal(found.web?.url, 'http://192.168.9.1');
    await bench.run(handle.act({ action: 'reboot' }));
    await bench.toHilink();
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('is refused in words where the stick has AT ports, single messages and counters too', async () => {
    const bench = sessionBench();
    bench.stick.plug();
    const handle = openAt(bench.host, '1-1', { web: {} });
    const sms = openSms(bench.host, '1-1', { web: {} });
    await bench.run(until(handle, 'ready'));
    await rejects(bench.run(handle.act({ action: 'data', on: false })), 'WRONG_MODE', 'only-hilink');
    await rejects(bench.run(sms.stored()), 'WRONG_MODE', 'only-hilink');
    await rejects(bench.run(sms.remove([1])), 'WRONG_MODE', 'only-hilink');
    await rejects(bench.run(sms.markRead([1])), 'WRONG_MODE', 'only-hilink');
    await bench.run(Promise.all([handle.release(), sms.release()]));
  });
});

describe('messages in HiLink mode, one by one', () => {
  it('are counted, deleted and marked as read by their index', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    for (const text of ['one', 'two']) bench.stick.receiveSms({ from: '1', text });
    const sms = openSms(bench.host, '1-1', { web: { password: 'admin' } });
    await bench.pass(5_000);
    const [one, two] = await bench.run(sms.list());
    assert.equal((await bench.run(sms.stored())).unread, 2);
    await bench.run(sms.markRead([two?.index ?? -1]));
    assert.equal((await bench.run(sms.stored())).unread, 1);
    assert.deepEqual(await bench.run(sms.remove([one?.index ?? -1])), [one?.index]);
    assert.equal((await bench.run(sms.stored())).inbox, 1);
    await rejects(bench.run(sms.remove([one?.index ?? -1])), 'BAD_ARGUMENT', 'no-such-message');
    await bench.run(sms.release());
  });
});

describe('the PIN of a SIM in HiLink mode', () => {
  const locked = async (pinTries = 3) => {
    const bench = await webBench({ sim: { state: 'pin', pin: '4711' } });
    bench.stick.sim.pinTries = pinTries;
    return bench;
  };
  const events = (handle: AtHandle): AtEvent[] => {
    const all: AtEvent[] = [];
    handle.onEvent((event) => all.push(event));
    return all;
  };

  it('is entered by itself, once', async () => {
    const bench = await locked();
    const handle = open(bench, '4711');
    const told = events(handle);
    const { web } = await bench.run(untilWeb(handle, 'ready'));
    assert.equal(web?.sim, 'ready');
    assert.equal(posts(bench, 'pin/operate'), 1);
    assert.deepEqual(
      told.map(({ event, level }) => [event, level]),
      [['pin', 'info']],
    );
    assert.equal(bench.host.readNote(PIN_NOTE), undefined);
    await bench.run(handle.release());
  });

  it('that is wrong is sent once, in this life and the next, and the node shows it', async () => {
    const bench = await locked();
    const handle = open(bench, '1234');
    const { web } = await bench.run(untilWeb(handle, 'ready'));
    assert.equal(web?.sim, 'pin-refused');
    await bench.pass(600_000);
    await bench.run(handle.act({ action: 'pin' }));
    await bench.run(handle.release());
    const again = open(bench, '1234');
    await bench.run(untilWeb(again, 'ready'));
    assert.equal(again.state.web?.sim, 'pin-refused');
    assert.equal(posts(bench, 'pin/operate'), 1);
    assert.equal(bench.stick.sim.pinTries, 2);
    await bench.run(again.release());
    assert.doesNotMatch(bench.host.readNote(PIN_NOTE) ?? '', /1234/);
  });

  it('is not sent where one try is left', async () => {
    const bench = await locked(1);
    const handle = open(bench, '4711');
    const told = events(handle);
    const { web } = await bench.run(untilWeb(handle, 'ready'));
    assert.equal(web?.sim, 'pin');
    assert.match(told[0]?.text ?? '', /1 tries left: the PIN was not sent/);
    const acted = await bench.run(handle.act({ action: 'pin' }));
    assert.deepEqual(acted.action === 'pin' && acted.sim?.pinTries, 1);
    assert.equal(posts(bench, 'pin/operate'), 0);
    await bench.run(handle.release());
  });

  it('that nobody has configured is not sent, and the log says so', async () => {
    const bench = await locked();
    const handle = open(bench);
    const told = events(handle);
    await bench.run(untilWeb(handle, 'ready'));
    await bench.pass(300_000);
    assert.deepEqual(told.length, 1);
    assert.match(told[0]?.text ?? '', /none is configured/);
    await bench.run(handle.release());
  });
});
