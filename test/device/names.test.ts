/** One stick under several names: whoever uses one of them shares everything with those who use another. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { openSms, type Receiver, type SmsHandle } from '../../src/device/sms/open-sms';
import { TIMEOUTS } from '../../src/timeouts';
import type { StickEvent } from '../../src/virtual/events';
import type { VirtualStick } from '../../src/virtual/stick';
import { MODEM, until } from '../support/at-bench';
import { type Bench, virtualBench } from '../support/bench';
import { code, FROM, LONG } from './sms/sms-bench';

/** Sticks at 1-1 and 1-2; with one `seed` as one and the same. */
function twoSockets(seed?: number): Bench & { other: VirtualStick; pass(ms: number): Promise<void> } {
  const same = seed === undefined ? {} : { seed };
  const bench = virtualBench({ ...MODEM, ...same }, [{ ...MODEM, ...same, portPath: '1-2' }]);
  const [other] = bench.others;
  assert.ok(other);
  const pass = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
  return { ...bench, other, pass };
}

/** A user under `which`, with the texts that it gets. */
function user(bench: Bench, which: string, more: Partial<Receiver> & { remove?: boolean } = {}) {
  const sms = openSms(bench.host, which);
  const texts: string[] = [];
  const { remove = false, ...rest } = more;
  sms.receive({
    onMessage: ({ text }) => {
      texts.push(text);
      return remove;
    },
    ...rest,
  });
  return { sms, texts };
}

const release = (bench: Bench, users: readonly { sms: SmsHandle }[]) =>
  bench.run(Promise.all(users.map(({ sms }) => sms.release())));

const sentBy = (stick: VirtualStick): string[] => {
  const texts: string[] = [];
  stick.onEvent((event: StickEvent) => {
    if (event.what === 'sms') texts.push(event.text ?? '');
  });
  return texts;
};

describe('a stick under two names', () => {
  it('delivers each message once to each of them, also to those who do not delete it', async () => {
    const bench = twoSockets();
    await bench.plug();
    const users = [user(bench, 'auto', { remove: true }), user(bench, '1-1')] as const;
    await bench.pass(5_000);
    for (const text of ['one', 'two']) {
      bench.stick.receiveSms({ from: FROM, text });
      await bench.pass(3_000);
    }
    bench.stick.receiveSms({ from: FROM, text: LONG });
    await bench.pass(2 * TIMEOUTS.sms.poll);
    for (const { texts } of users) assert.deepEqual(texts, ['one', 'two', LONG]);
    assert.deepEqual(await bench.run(users[1].sms.list()), [], 'deleted once all had it');
    await release(bench, users);
    assert.equal(bench.clock.pending, 0);
  });

  it('does so whichever comes first, before the stick is there, and after a deploy of one of them', async () => {
    for (const names of [
      ['auto', '1-1'],
      ['1-1', 'auto'],
    ]) {
      const bench = twoSockets();
      const users = names.map((which) => user(bench, which, { remove: true }));
      await bench.pass(2_000);
      await bench.plug();
      await bench.pass(5_000);
      bench.stick.receiveSms({ from: FROM, text: 'one' });
      await bench.pass(3_000);
      const [first, second] = users;
      assert.ok(first && second);
      await release(bench, [first]);
      bench.stick.receiveSms({ from: FROM, text: 'two' });
      await bench.pass(3_000);
      const again = user(bench, names[0] ?? '', { remove: true });
      await bench.pass(3_000);
      bench.stick.receiveSms({ from: FROM, text: 'three' });
      await bench.pass(3_000);
      assert.deepEqual(first.texts, ['one']);
      assert.deepEqual(second.texts, ['one', 'two', 'three']);
      assert.deepEqual(again.texts, ['three']);
      await release(bench, [second, again]);
      assert.equal(bench.clock.pending, 0);
    }
  });

  it('has one USSD conversation: answers and menus reach who asked', async () => {
    const bench = twoSockets();
    await bench.plug();
    const [one, other] = [openSms(bench.host, 'auto'), openSms(bench.host, '1-1')];
    await bench.pass(3_000);
    const balance = one.ussd('*100#');
    await assert.rejects(bench.run(other.ussd('*101#')), code('BUSY'));
    const answer = await bench.run(balance);
    assert.equal(answer.menu, false);
    const menu = await bench.run(other.ussd('*101#'));
    assert.equal(menu.menu, true);
    await assert.rejects(bench.run(one.ussd('1')), code('BUSY'));
    await one.cancelUssd();
    assert.equal((await bench.run(other.ussd('1'))).menu, false, 'its menu was left alone');
    await bench.run(Promise.all([one.release(), other.release()]));
  });

  it('has one queue of messages to be sent', async () => {
    const bench = twoSockets();
    await bench.plug();
    const [one, other] = [openSms(bench.host, 'auto'), openSms(bench.host, '1-1')];
    await bench.pass(3_000);
    const long = one.send({ to: FROM, text: LONG });
    await assert.rejects(bench.run(other.send({ to: FROM, text: 'short', limit: 1 })), code('QUEUE_FULL'));
    await bench.run(long);
    await bench.run(Promise.all([one.release(), other.release()]));
  });

  it('is handed over and taken back under either', async () => {
    const bench = twoSockets();
    await bench.plug();
    const [one, other] = [openAt(bench.host, 'auto'), openAt(bench.host, '1-1')];
    await bench.run(until(one, 'ready'));
    await bench.run(one.releasePort());
    assert.deepEqual([one.state.state, other.state.state], ['released', 'released']);
    other.takePort();
    await bench.run(until(one, 'ready'));
    await bench.run(Promise.all([one.release(), other.release()]));
  });
});

describe('auto', () => {
  it('goes with the stick to another socket, where the port path does not', async () => {
    const bench = twoSockets();
    await bench.plug();
    const users = [user(bench, 'auto'), user(bench, '1-1'), user(bench, '1-2')];
    const at = openAt(bench.host, 'auto');
    const urcs: string[] = [];
    at.onUrc(({ line }) => urcs.push(line));
    const opened: string[] = [];
    at.afterOpen(async () => {
      opened.push(at.state.stick ?? '');
    });
    await bench.pass(5_000);
    bench.stick.receiveSms({ from: FROM, text: 'here' });
    bench.stick.urc('^RSSI: 11');
    await bench.pass(3_000);
    bench.stick.unplug();
    await bench.pass(2_000);
    bench.other.plug();
    await bench.pass(15_000);
    bench.other.receiveSms({ from: FROM, text: 'there' });
    bench.other.urc('^RSSI: 12');
    bench.stick.urc('^RSSI: 13');
    await bench.pass(3_000);
    assert.deepEqual(
      users.map(({ texts }) => texts),
      [['here', 'there'], ['here'], ['there']],
    );
    assert.deepEqual(
      urcs.filter((line) => line.startsWith('^RSSI')),
      ['^RSSI: 11', '^RSSI: 12'],
    );
    assert.deepEqual(opened, ['1-1', '1-2']);
    assert.equal(at.state.stick, '1-2');
    await bench.run(at.release());
    await release(bench, users);
    assert.equal(bench.clock.pending, 0);
  });

  it('takes what waits to be sent along, and sends nothing twice', async () => {
    const bench = twoSockets(1);
    const [here, there] = [sentBy(bench.stick), sentBy(bench.other)];
    const sms = openSms(bench.host, 'auto');
    const patience = 600_000;
    const early = sms.send({ to: FROM, text: 'early', patience });
    await bench.pass(5_000);
    await bench.plug();
    await bench.run(early);
    assert.deepEqual(here, ['early']);
    bench.stick.unplug();
    await bench.pass(3_000);
    const [late, later] = ['late', 'later'].map((text) => sms.send({ to: FROM, text, patience }));
    await bench.pass(5_000);
    bench.other.plug();
    await bench.run(Promise.all([late, later]));
    assert.deepEqual(here, ['early']);
    assert.deepEqual(there, ['late', 'later']);
    await bench.run(sms.release());
  });

  it('takes many commands at once without a warning of a leak', async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on('warning', onWarning);
    const bench = twoSockets();
    await bench.plug();
    const at = openAt(bench.host, 'auto');
    await bench.run(until(at, 'ready'));
    await bench.run(Promise.all(Array.from({ length: 30 }, () => at.run('AT'))));
    await bench.run(at.release());
    // Warnings are told in a turn of their own.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });

  it('says that several are plugged in, and means none of them then', async () => {
    const bench = twoSockets();
    await bench.plug();
    const [auto, path] = [openAt(bench.host, 'auto'), openAt(bench.host, '1-1')];
    const commands: string[] = [];
    bench.stick.onEvent((event) => {
      if (event.what === 'at') commands.push(event.command.trimEnd());
    });
    const urcs: string[] = [];
    auto.onUrc(({ line }) => urcs.push(line));
    const receiver = user(bench, 'auto');
    await bench.run(until(auto, 'ready'));
    await bench.pass(3_000);
    bench.other.plug();
    await bench.run(until(auto, 'error'));
    urcs.length = 0;
    bench.stick.urc('^RSSI: 11');
    bench.stick.receiveSms({ from: FROM, text: 'whose' });
    await bench.pass(2 * TIMEOUTS.sms.poll);
    assert.deepEqual([urcs, receiver.texts], [[], []]);
    await assert.rejects(bench.run(auto.run('AT+CSQ')), code('STICK_AMBIGUOUS'));
    await assert.rejects(bench.run(auto.releasePort()), code('STICK_AMBIGUOUS'));
    assert.equal(path.state.state, 'ready');
    assert.ok(!commands.includes('AT+CSQ'));
    bench.other.unplug();
    await bench.run(until(auto, 'ready'));
    assert.equal((await bench.run(auto.run('AT+CSQ'))).ok, true);
    await bench.run(Promise.all([auto.release(), path.release(), receiver.sms.release()]));
  });

  it('sends the rest of a message where its SIM is now, and nothing of it by another one', async () => {
    const bench = twoSockets(1);
    await bench.plug();
    const [here, there] = [sentBy(bench.stick), sentBy(bench.other)];
    const sms = openSms(bench.host, 'auto');
    await bench.pass(3_000);
    const first = new Promise<void>((resolve) => {
      bench.stick.onEvent((event) => {
        if (event.what === 'sms') resolve();
      });
    });
    const sending = sms.send({ to: FROM, text: LONG, patience: 600_000 });
    sending.catch(() => undefined);
    await bench.run(first);
    // The answer has come, and the next part has not been begun.
    await bench.pass(1);
    bench.stick.unplug();
    await bench.pass(3_000);
    bench.other.plug();
    await bench.run(sending).catch((error: unknown) => assert.ok(code('MAYBE_SENT')(error)));
    const parts = [...here, ...there];
    assert.equal(new Set(parts).size, parts.length);
    await bench.run(sms.release());
  });

  it('sends nothing that waits for one SIM by another one', async () => {
    const bench = twoSockets();
    await bench.plug();
    const there = sentBy(bench.other);
    const sms = openSms(bench.host, 'auto');
    await bench.run(sms.send({ to: FROM, text: 'early' }));
    bench.stick.unplug();
    const late = sms.send({ to: FROM, text: 'late', patience: 600_000, ttl: 60_000 });
    late.catch(() => undefined);
    await bench.pass(3_000);
    bench.other.plug();
    await assert.rejects(bench.run(late), code('EXPIRED'));
    assert.deepEqual(there, []);
    await bench.run(sms.release());
  });

  it('does not leave what it has taken to a socket with a stick that it does not mean any more', async () => {
    const bench = virtualBench({ firmware: 'hilink' }, [{ ...MODEM, portPath: '1-2' }]);
    const [other] = bench.others;
    assert.ok(other);
    await bench.plug();
    const pass = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
    const [sms, neighbour] = [openSms(bench.host, 'auto'), openSms(bench.host, '1-1')];
    await pass(1_000);
    assert.equal(sms.state.stick, '1-1');
    const sending = sms.send({ to: FROM, text: 'waits', patience: 3_600_000 });
    await pass(5_000);
    bench.stick.unplug();
    await pass(5_000);
    other.plug();
    const before = bench.clock.now();
    await bench.run(sending);
    assert.ok(bench.clock.now() - before < 2 * TIMEOUTS.sms.retryMax);
    await bench.run(Promise.all([sms.release(), neighbour.release()]));
  });

  it('has what waited in another life sent, under whichever name it was accepted', async () => {
    for (const to of ['auto', '1-1']) {
      const earlier = twoSockets(1);
      const before = openSms(earlier.host, 'auto');
      const onRecord = new Promise<void>((resolve) => {
        const request = { to: FROM, text: to, from: { owner: 'me' }, onAccepted: () => resolve() };
        before.send(request).catch(() => undefined);
      });
      await earlier.run(onRecord);
      await earlier.run(before.release());

      const bench = twoSockets(1);
      for (const { key, text } of earlier.host.listNotes()) bench.host.writeNote(key, text);
      const sent = sentBy(bench.stick);
      const users = [openSms(bench.host, to)];
      await bench.plug();
      await bench.pass(20_000);
      // A name that comes to mean a stick whose SIM is known.
      users.push(openSms(bench.host, 'auto'));
      await bench.pass(20_000);
      assert.deepEqual(sent, [to]);
      const notes = bench.host.listNotes().filter(({ key }) => key.startsWith('outbox-'));
      assert.equal(notes.length, 1, 'it is on record with its SIM, and nowhere else');
      await bench.run(Promise.all(users.map((sms) => sms.release())));
    }
  });
});
