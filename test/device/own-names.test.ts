/** A stick that is meant by its IMEI or its SIM card, in whatever socket it is. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { askNames } from '../../src/device/offered-names';
import { openSms } from '../../src/device/sms/open-sms';
import { findStick } from '../../src/stick/stick';
import { TIMEOUTS } from '../../src/timeouts';
import { makeIdentity } from '../../src/virtual/identity';
import { MODEM, until } from '../support/at-bench';
import { type BenchStick, virtualBench } from '../support/bench';
import { code, FROM } from './sms/sms-bench';

const [MINE, STRANGER] = [makeIdentity(1), makeIdentity(7)];
const NAME = `imei:${MINE.imei}`;
const CARD = `sim:${MINE.iccid}`;
const PIN = '4711';

/** Sticks that can be plugged in; the first is at 1-1. */
function sockets(first: BenchStick, ...more: BenchStick[]) {
  const bench = virtualBench(
    { ...MODEM, ...first },
    more.map((options) => ({ ...MODEM, ...options })),
  );
  const sticks = [bench.stick, ...bench.others];
  const commands = sticks.map((stick) => {
    const own: string[] = [];
    stick.onEvent((event) => {
      if (event.what === 'at') own.push(event.command.trimEnd());
    });
    return own;
  });
  const pass = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
  return { ...bench, sticks, commands, pass };
}

const texts = (sms: ReturnType<typeof openSms>): string[] => {
  const got: string[] = [];
  sms.receive({ onMessage: ({ text }) => got.push(text) < 0 });
  return got;
};

/** What reaches the SIM, in short. */
const touchy = (commands: readonly string[]) => commands.filter((c) => /^AT\+(CPIN=|CMGS|CUSD=1|CSQ)/.test(c));

describe('a stick meant by its IMEI', () => {
  it('is found among others, and shared with those who name it otherwise', async () => {
    const bench = sockets({ seed: 7 }, { portPath: '1-2', seed: 1 }, { portPath: '1-3', seed: 8 });
    for (const stick of bench.sticks) stick.plug();
    await bench.pass(5_000);
    const users = [NAME, '1-2', CARD].map((which) => openSms(bench.host, which));
    const got = users.map(texts);
    await bench.pass(10_000);
    assert.deepEqual(
      users.map(({ state }) => `${state.state} ${state.stick}`),
      Array(3).fill('ready 1-2'),
    );
    for (const stick of bench.sticks) stick.receiveSms({ from: FROM, text: stick.portPath });
    await bench.pass(2 * TIMEOUTS.sms.poll);
    assert.deepEqual(got, [['1-2'], ['1-2'], ['1-2']]);
    const [one, other] = users;
    assert.ok(one && other);
    const balance = one.ussd('*100#');
    await assert.rejects(bench.run(other.ussd('*101#')), code('BUSY'));
    await bench.run(balance);
    await bench.run(Promise.all(users.map((user) => user.release())));
    assert.equal(bench.clock.pending, 0);
    // Those that are not meant were asked who they are, and left alone.
    assert.ok(bench.commands[0]?.includes('AT+CGSN'));
    assert.deepEqual(touchy(bench.commands[0] ?? []), []);
  });

  it('is followed to another socket, with what waits to be sent', async () => {
    const bench = sockets({ seed: 1 }, { portPath: '1-2', seed: 1 }, { portPath: '1-3', seed: 7 });
    const [here, there, stranger] = bench.sticks;
    assert.ok(here && there && stranger);
    const sent: string[] = [];
    for (const stick of bench.sticks)
      stick.onEvent((event) => {
        if (event.what === 'sms') sent.push(`${stick.portPath} ${event.text}`);
      });
    const sms = openSms(bench.host, NAME);
    const early = sms.send({ to: FROM, text: 'early', patience: 600_000 });
    await bench.pass(3_000);
    assert.equal(sms.state.state, 'absent');
    stranger.plug();
    await bench.pass(10_000);
    assert.equal(sms.state.state, 'absent');
    here.plug();
    const before = bench.clock.now();
    await bench.run(early);
    assert.ok(bench.clock.now() - before < 10_000);
    here.unplug();
    const late = sms.send({ to: FROM, text: 'late', patience: 600_000 });
    await bench.pass(5_000);
    there.plug();
    await bench.run(late);
    assert.deepEqual(sent, ['1-1 early', '1-2 late']);
    await bench.run(sms.release());
    await bench.pass(5_000);
    assert.equal(bench.clock.pending, 0);
  });

  it('sends nothing to another one in its socket, not what waited and not the PIN', async () => {
    const bench = sockets({ seed: 1 }, { portPath: '1-1', seed: 7, sim: { state: 'pin', pin: '1234' } });
    const [mine, stranger] = bench.sticks;
    assert.ok(mine && stranger);
    await bench.plug();
    const at = openAt(bench.host, NAME, { pin: PIN });
    const sms = openSms(bench.host, NAME, { pin: PIN });
    const neighbour = openAt(bench.host, '1-1');
    await bench.run(until(at, 'ready'));
    mine.unplug();
    await bench.pass(2_000);
    stranger.plug();
    await bench.run(until(neighbour, 'connecting'));
    const waiting: Promise<unknown>[] = [
      at.run('AT+CSQ'),
      sms.send({ to: FROM, text: 'x', patience: 60_000 }),
      sms.ussd('*100#'),
      sms.clear(true),
    ];
    for (const one of waiting) one.catch(() => undefined);
    await bench.run(until(neighbour, 'ready'));
    await bench.pass(90_000);
    assert.equal(at.state.state, 'absent');
    assert.deepEqual(touchy(bench.commands[1] ?? []), []);
    for (const one of waiting) await assert.rejects(bench.run(one));
    // Whoever means the socket is served by what is in it.
    assert.equal((await bench.run(neighbour.run('AT'))).ok, true);
    await bench.run(Promise.all([at.release(), sms.release(), neighbour.release()]));
  });

  it('is not taken for another one that comes later, whoever asked it at first', async () => {
    const bench = sockets({ seed: 1 }, { portPath: '1-1', seed: 7 });
    await bench.plug();
    const card = openAt(bench.host, CARD);
    await bench.run(until(card, 'ready'));
    const at = openAt(bench.host, NAME);
    assert.equal(at.state.state, 'connecting');
    await bench.run(until(at, 'ready'));
    await bench.run(card.release());
    bench.stick.unplug();
    await bench.pass(5_000);
    bench.others[0]?.plug();
    await bench.run(until(at, 'absent'));
    await bench.run(at.release());
    await bench.pass(5_000);
    assert.equal(bench.clock.pending, 0);
  });

  it('has its PIN entered as soon as it is known to be the one', async () => {
    const bench = sockets(
      { seed: 7, sim: { state: 'pin', pin: PIN } },
      { portPath: '1-2', seed: 1, sim: { state: 'pin', pin: PIN } },
    );
    for (const stick of bench.sticks) stick.plug();
    const neighbour = openAt(bench.host, '1-1');
    await bench.run(until(neighbour, 'ready'));
    const at = openAt(bench.host, NAME, { pin: PIN });
    await bench.run(until(at, 'ready'));
    await bench.pass(10_000);
    assert.deepEqual(
      bench.sticks.map(({ sim }) => sim.state),
      ['pin', 'ready'],
    );
    assert.deepEqual(touchy(bench.commands[0] ?? []), []);
    await bench.run(Promise.all([at.release(), neighbour.release()]));
  });

  it('is remembered as a hash with its port path, and told by it while it cannot be asked', async () => {
    const bench = sockets({ seed: 1 }, { portPath: '1-1', seed: 1, firmware: 'hilink', setport: undefined });
    await bench.plug();
    const at = openAt(bench.host, NAME);
    await bench.run(until(at, 'ready'));
    await bench.run(at.release());
    const notes = JSON.stringify(bench.host.listNotes());
    assert.match(notes, /1-1/);
    for (const digits of [MINE.imei, MINE.iccid]) assert.ok(!notes.includes(digits));
    assert.equal((await findStick(bench.host, NAME)).path, '1-1');
    bench.stick.unplug();
    await bench.pass(5_000);
    await assert.rejects(findStick(bench.host, NAME), code('STICK_NOT_FOUND'));
    for (let i = 0; i < 2; i++) {
      bench.others[0]?.unplug();
      await bench.pass(5_000);
      // At another address than the one before.
      bench.others[0]?.plug();
      await bench.pass(5_000);
    }
    assert.equal((await findStick(bench.host, CARD)).path, '1-1');
    const again = openAt(bench.host, NAME);
    const { mode } = await bench.run(until(again, 'mode'));
    assert.equal(mode, 'storage');
    await bench.run(again.release());
  });

  it('is none of several that say so', async () => {
    const bench = sockets({ seed: 1 }, { portPath: '1-2', seed: 1 });
    for (const stick of bench.sticks) stick.plug();
    const at = openAt(bench.host, NAME);
    await bench.run(until(at, 'ready'));
    // Has them all asked.
    const other = openAt(bench.host, `imei:${STRANGER.imei}`);
    const { error } = await bench.run(until(at, 'error'));
    assert.equal(error?.code, 'STICK_AMBIGUOUS');
    await assert.rejects(findStick(bench.host, NAME), code('STICK_AMBIGUOUS'));
    await bench.run(Promise.all([at.release(), other.release()]));
  });

  it('is told in words, without its digits', async () => {
    const bench = sockets({ seed: 7 });
    await bench.plug();
    for (const which of [NAME, CARD]) {
      const at = openAt(bench.host, which);
      await bench.run(until(at, 'absent'));
      await assert.rejects(bench.run(at.run('AT')), (error: Error) => {
        assert.match(error.message, /^No stick with the (IMEI|SIM card) that was named is plugged in\.$/);
        return code('STICK_NOT_FOUND')(error);
      });
      await bench.run(at.release());
    }
    for (const wrong of ['imei:123', 'sim:1234567890123456789', 'imei:']) {
      assert.throws(() => openAt(bench.host, wrong), code('BAD_ARGUMENT'));
      await assert.rejects(findStick(bench.host, wrong), code('BAD_ARGUMENT'));
    }
  });

  it('offers its names to whoever picks one', async () => {
    const bench = sockets({ seed: 7 }, { portPath: '1-2', seed: 1, firmware: 'hilink', setport: undefined });
    for (const stick of bench.sticks) stick.plug();
    await bench.pass(5_000);
    assert.deepEqual(await bench.run(askNames(bench.host, '1-1')), [`imei:${STRANGER.imei}`, `sim:${STRANGER.iccid}`]);
    assert.deepEqual(await bench.run(askNames(bench.host, '1-2')), []);
    assert.equal(bench.clock.pending, 0);
  });
});

describe('a stick meant by its SIM card', () => {
  it('is another one when the card is', async () => {
    const bench = sockets({ seed: 1 });
    await bench.plug();
    const [card, stick] = [openAt(bench.host, CARD), openAt(bench.host, NAME)];
    await bench.run(until(card, 'ready'));
    bench.stick.removeSim();
    await bench.run(until(card, 'absent'));
    assert.equal(stick.state.state, 'ready');
    bench.stick.insertSim();
    await bench.run(until(card, 'ready'));
    await bench.run(Promise.all([card.release(), stick.release()]));
  });

  it('is found behind the PIN that somebody else has entered', async () => {
    const bench = sockets({ seed: 1, sim: { state: 'pin', pin: PIN } });
    await bench.plug();
    const card = openAt(bench.host, CARD);
    await bench.run(until(card, 'absent'));
    const other = openAt(bench.host, '1-1', { pin: PIN });
    await bench.run(until(other, 'ready'));
    await bench.run(other.release());
    const again = openAt(bench.host, '1-1', { pin: PIN });
    const waiting = again.run('AT+CSQ');
    await bench.run(until(card, 'ready'));
    assert.equal((await bench.run(waiting)).ok, true);
    await bench.run(Promise.all([card.release(), again.release()]));
  });

  it('is found where the SIM is busy at first', async () => {
    const bench = sockets({ seed: 1, timing: { ...MODEM.timing, simBusy: 15_000 } });
    await bench.plug();
    const card = openAt(bench.host, CARD);
    await bench.run(until(card, 'ready'));
    await bench.run(card.release());
  });
});
