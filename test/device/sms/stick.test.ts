/** SMS through the whole driver, on a virtual stick. */

import assert from 'node:assert/strict';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { openAt } from '../../../src/device/at/open-at';
import { type DeliveryReport, openSms, type SmsMessage } from '../../../src/device/sms/open-sms';
import { TIMEOUTS } from '../../../src/timeouts';
import { onWrites, virtualBench } from '../../support/bench';
import { code, FROM, LONG, opened, SENT } from './sms-bench';

describe('SMS on a stick', () => {
  it('goes out as it is meant although another user of the port sets text mode all the time', async () => {
    const it = await opened();
    const at = openAt(it.host, '1-1');
    it.stick.onEvent((e) => {
      if (e.what === 'at' && e.command.startsWith('AT+CMGF=0')) at.run('AT+CMGF=1').catch(() => {});
    });
    await it.run(it.sms.send({ to: FROM, text: 'hello' }));
    assert.deepEqual(
      it.sent.map(({ to, text }) => [to, text]),
      [[FROM, 'hello']],
    );
    it.stick.receiveSms({ from: FROM, text: 'back' });
    await it.until(() => it.got.length > 0);
    assert.deepEqual(it.texts(), ['back']);
    await it.run(at.release());
  });

  it('tells of an error once, and when it is over', async () => {
    const heard: string[] = [];
    let bad = false;
    const it = await opened({ onError: () => heard.push('error'), onRecovered: () => heard.push('over') });
    for (const tty of it.stick.ttys) {
      const write = tty.write.bind(tty);
      tty.write = (data) =>
        write(bad && Buffer.from(data).toString('latin1').startsWith('AT+CMGL') ? Buffer.from('AT+XNONE\r') : data);
    }
    bad = true;
    it.stick.receiveSms({ from: FROM, text: 'x' });
    await it.until(() => heard.includes('error'));
    await it.wait(30_000);
    bad = false;
    await it.until(() => it.got.length > 0);
    await it.wait(1_000);
    assert.deepEqual(heard, ['error', 'over']);
  });

  it('arrives at once, not only with the next look', async () => {
    const it = await opened();
    const before = it.clock.now();
    it.stick.receiveSms({ from: FROM, text: 'Grüße §€', time: Date.UTC(2025, 4, 23, 10, 0, 34) });
    await it.until(() => it.got.length > 0);
    assert.ok(it.clock.now() - before < 2_000);
    const [message] = it.got;
    assert.equal(message?.from, FROM);
    assert.equal(message?.text, 'Grüße §€');
    assert.equal(Date.parse(message?.time ?? ''), Date.UTC(2025, 4, 23, 10, 0, 34));
    await it.run(it.sms.release());
  });

  it('is found by the next look where nothing announced it', async () => {
    const it = await opened();
    // Somebody else has turned the announcements off.
    const at = openAt(it.host, '1-1');
    await it.run(at.run('AT+CNMI=0,0,0,0,0'));
    it.stick.receiveSms({ from: FROM, text: 'quiet' });
    await it.wait(TIMEOUTS.sms.poll + 1_000);
    assert.deepEqual(it.texts(), ['quiet']);
    await it.run(Promise.all([at.release(), it.sms.release()]));
  });

  it('comes once and whole, with its parts out of order, twice, lost for a while, and restarts in between', async () => {
    const it = await opened();
    it.stick.receiveSms({ from: FROM, text: LONG, reference: 5, time: SENT, order: [3, 1, 1] });
    await it.wait(2_000);
    await it.restart();
    await it.wait(2_000);
    it.stick.unplug();
    await it.wait(5_000);
    it.stick.plug();
    await it.wait(10_000);
    assert.deepEqual(it.got, []);
    it.stick.receiveSms({ from: FROM, text: LONG, reference: 5, time: SENT, order: [2, 3] });
    await it.until(() => it.got.length > 0);
    await it.restart();
    await it.wait(70_000);
    assert.deepEqual(it.texts(), [LONG]);
    await it.run(it.sms.release());
  });

  it('T41: is announced again after the stick was pulled out and after it has restarted', async () => {
    const it = await opened({ poll: 86_400_000 });
    const at = openAt(it.host, '1-1');
    for (const restart of [
      async () => {
        it.stick.unplug();
        await it.wait(5_000);
        it.stick.plug();
      },
      () => it.run(at.run('AT^RESET')),
    ]) {
      await restart();
      await it.wait(30_000);
      it.got.length = 0;
      const before = it.clock.now();
      it.stick.receiveSms({ from: FROM, text: `after ${before}` });
      await it.until(() => it.got.length > 0);
      assert.ok(it.clock.now() - before < 2_000);
    }
    await it.run(Promise.all([at.release(), it.sms.release()]));
  });

  it('is read although another program has left text mode on', async () => {
    const it = await opened();
    const at = openAt(it.host, '1-1');
    await it.run(at.run('AT+CMGF=1'));
    it.stick.receiveSms({ from: FROM, text: 'pdu' });
    await it.until(() => it.got.length > 0);
    assert.deepEqual(it.texts(), ['pdu']);
    await it.run(at.run('AT+CMGF=1'));
    await it.run(it.sms.send({ to: '22922', text: 'sent' }));
    assert.equal(it.sent.at(-1)?.whole, 'sent');
    await it.run(Promise.all([at.release(), it.sms.release()]));
  });

  it('T12: may say OK, ERROR or anything else', async () => {
    const it = await opened();
    for (const text of ['OK', 'ERROR', '+CMTI: "SM",3', '> ', '\r\nOK\r\n']) it.stick.receiveSms({ from: FROM, text });
    await it.until(() => it.got.length === 5);
    assert.deepEqual(it.texts(), ['OK', 'ERROR', '+CMTI: "SM",3', '> ', '\r\nOK\r\n']);
    await it.run(it.sms.release());
  });

  it('T42: is deleted when that is asked for; a SIM that fills up is told before, and is not full for ever', async () => {
    const it = await opened({}, { sim: { messages: 5 } });
    for (let n = 1; n <= 7; n++) it.stick.receiveSms({ from: FROM, text: `message ${n}` });
    await it.until(() => it.storages.at(-1)?.used === 5);
    assert.equal(it.storages.at(-1)?.total, 5);
    assert.equal(it.got.length, 5);
    assert.equal(await it.run(it.sms.clear()), 5);
    it.stick.receiveSms({ from: FROM, text: 'room again' });
    await it.until(() => it.texts().includes('room again'));
    const before = it.got.length;
    await it.restart({ onMessage: () => true });
    it.stick.receiveSms({ from: FROM, text: 'deleted' });
    await it.until(() => it.storages.at(-1)?.used === 2);
    await it.wait(70_000);
    assert.equal((await it.run(it.sms.list())).length, 1, 'only what was asked for');
    assert.equal(it.got.length, before);
    await it.run(it.sms.release());
  });

  it('is sent, long ones in parts, with reports, which are deleted when they have been told', async () => {
    const it = await opened();
    const told: DeliveryReport[] = [];
    const result = await it.run(it.sms.send({ to: FROM, text: LONG, onReport: (report) => told.push(report) }));
    assert.equal(result.parts, 3);
    assert.equal(it.sent.at(-1)?.whole, LONG);
    assert.deepEqual(
      it.sent.map(({ reference }) => reference),
      result.refs,
    );
    await it.until(() => told.length === 3);
    assert.deepEqual(
      told.map(({ ref, part, outcome }) => [ref, part, outcome]),
      result.refs.map((ref, i) => [ref, i + 1, 'delivered']),
    );
    assert.deepEqual(it.reports, []);
    await it.until(() => it.storages.at(-1)?.used === 0);
    await it.run(it.sms.release());
  });

  it('tells reports without a receiver of messages, too', async () => {
    const it = await opened();
    await it.run(it.sms.release());
    const sms = openSms(it.host, '1-1');
    const told: DeliveryReport[] = [];
    it.stick.world.centre.settings.reportStatus = 0x46;
    await it.run(sms.send({ to: FROM, text: 'hi', onReport: (report) => told.push(report) }));
    await it.until(() => told.length > 0);
    assert.equal(told[0]?.outcome, 'failed');
    await it.run(sms.release());
  });

  it('T27: waits for an answer that takes 110 s', async () => {
    const it = await opened();
    it.stick.faults.order({ fault: 'late', at: 'sms', ms: 110_000 });
    assert.equal((await it.run(it.sms.send({ to: FROM, text: 'slow' }))).parts, 1);
    await it.run(it.sms.release());
  });

  it('T19: waits for the prompt, and sends nothing without it', async () => {
    const it = await opened();
    it.stick.faults.order({ fault: 'silence', at: 'at', nth: 2 });
    const result = await it.run(it.sms.send({ to: FROM, text: 'prompt' }));
    assert.equal(result.parts, 1);
    assert.equal(it.sent.length, 1, 'the one without a prompt was not sent');
    await it.run(it.sms.release());
  });

  it('is not sent again when its answer is lost, or the stick is', async () => {
    for (const fault of ['lost', 'unplug'] as const) {
      const it = await opened();
      it.stick.faults.order({ fault, at: 'sms' });
      await assert.rejects(it.run(it.sms.send({ to: FROM, text: 'alarm' })), code('MAYBE_SENT'), fault);
      if (fault === 'unplug') it.stick.plug();
      await it.wait(60_000);
      assert.ok(it.sent.length <= 1, fault);
      await it.run(it.sms.send({ to: FROM, text: 'next' }));
      assert.equal(it.sent.at(-1)?.whole, 'next', 'the next one works');
      await it.run(it.sms.release());
    }
  });

  it('waits in the queue while the stick is away, and is sent when it is back', async () => {
    const it = await opened();
    it.stick.unplug();
    await it.wait(5_000);
    const sent = it.run(it.sms.send({ to: FROM, text: 'later' }));
    it.clock.after(100_000, () => it.stick.plug());
    await sent;
    assert.equal(it.sent.at(-1)?.whole, 'later');
    it.stick.unplug();
    await it.wait(5_000);
    await assert.rejects(it.run(it.sms.send({ to: FROM, text: 'never', patience: 30_000 })), code('STICK_NOT_FOUND'));
    await it.run(it.sms.release());
  });

  it('is refused by the network with its number', async () => {
    const it = await opened();
    it.stick.world.centre.settings.refuse = 21;
    await assert.rejects(it.run(it.sms.send({ to: FROM, text: 'alarm' })), code('CMS_ERROR', 21));
    it.stick.world.centre.settings.refuse = 331;
    it.clock.after(60_000, () => {
      it.stick.world.centre.settings.refuse = 0;
    });
    await it.run(it.sms.send({ to: FROM, text: 'alarm' }));
    assert.equal(it.sent.at(-1)?.whole, 'alarm');
    await it.run(it.sms.release());
  });

  it('tells a missing SIM once, and reads it when it is there', async () => {
    const it = await opened({}, { sim: { state: 'ready' } });
    it.stick.removeSim();
    await it.wait(200_000);
    assert.ok(it.errors.length <= 1, `${it.errors.length} errors`);
    it.stick.insertSim();
    await it.wait(30_000);
    it.stick.receiveSms({ from: FROM, text: 'back' });
    await it.until(() => it.texts().includes('back'));
    await it.run(it.sms.release());
  });

  it('goes to every receiver, and is deleted if one of them wants that', async () => {
    const it = await opened();
    const second = openSms(it.host, '1-1');
    const theirs: string[] = [];
    second.receive({
      onMessage: ({ text }) => {
        theirs.push(text);
        return true;
      },
    });
    second.receive({
      onMessage: () => {
        throw new Error('of its own');
      },
    });
    it.stick.receiveSms({ from: FROM, text: 'both' });
    await it.until(() => it.got.length > 0 && it.storages.at(-1)?.used === 0);
    assert.deepEqual(theirs, ['both']);
    await it.run(Promise.all([second.release(), it.sms.release()]));
  });

  it('can be listed and sent while the port is being opened', async () => {
    const it = await opened();
    await it.run(it.sms.release());
    await it.wait(5_000);
    const sms = openSms(it.host, '1-1');
    const [list, sent] = await it.run(Promise.all([sms.list(), sms.send({ to: FROM, text: 'early' })]));
    assert.deepEqual(list, []);
    assert.equal(sent.parts, 1);
    await it.run(sms.release());
  });

  it('gives the stick back', async () => {
    const it = await opened();
    await it.run(it.sms.release());
    await it.wait(5_000);
    assert.ok(it.stick.ttys.every((tty) => !tty.isOpen));
    await assert.rejects(it.sms.send({ to: FROM, text: 'x' }), code('CANCELLED'));
  });

  it('is deleted in its own store although another user selects another one in between', async () => {
    const it = await opened({ onMessage: () => true });
    const at = openAt(it.host, '1-1');
    await it.run(it.sms.release());
    const [draft] = encodeSubmit({ to: FROM, text: 'a draft', reference: 0 });
    it.stick.world.storePdu('ME', draft?.hex ?? '', 2);
    it.stick.receiveSms({ from: FROM, text: 'in SM' });
    await it.wait(3_000);
    let done = false;
    it.stick.onEvent((event) => {
      if (done || event.what !== 'at' || !event.command.startsWith('AT+CMGL=4')) return;
      done = true;
      void at.run('AT+CPMS="ME"');
    });
    await it.restart({ onMessage: (message) => it.got.push(message) > 0 });
    await it.until(() => it.got.length > 0);
    await it.wait(2_000);
    assert.ok(done);
    assert.deepEqual(it.texts(), ['in SM']);
    await it.run(at.run('AT+CPMS="ME"'));
    assert.equal((await it.run(at.run('AT+CMGL=4'))).lines.length, 2);
    assert.equal(it.stick.world.store('SM').used, 0);
    await it.run(Promise.all([at.release(), it.sms.release()]));
  });

  it('is looked for as seldom as its receiver wishes', async () => {
    const it = await opened({ poll: 3_600_000 });
    let looks = 0;
    it.stick.onEvent((event) => {
      if (event.what === 'at' && event.command.startsWith('AT+CPMS=')) looks++;
    });
    await it.wait(3_500_000);
    assert.equal(looks, 0);
    await it.wait(200_000);
    assert.ok(looks > 0);
    await it.run(it.sms.release());
  });

  it('does not come again from a SIM that does not tell its IMSI at once', async () => {
    const it = await opened();
    await it.run(it.sms.release());
    it.stick.unplug();
    await it.wait(5_000);
    let refusals = 1;
    onWrites(it.host, (bytes) => {
      const asked = Buffer.from(bytes).toString('latin1').startsWith('AT+CIMI');
      return asked && refusals-- > 0 ? Buffer.from('AT+NONE \r') : bytes;
    });
    await it.plug();
    await it.restart();
    it.stick.receiveSms({ from: FROM, text: 'once' });
    await it.until(() => it.got.length > 0);
    it.stick.unplug();
    await it.wait(5_000);
    await it.plug();
    await it.wait(90_000);
    assert.deepEqual(it.texts(), ['once']);
    assert.ok(refusals <= 0, 'it was refused');
    await it.run(it.sms.release());
  });

  it('is not taken any more by who has left, however late it asks to receive', async () => {
    const it = await opened();
    const late = openSms(it.host, '1-1');
    await it.run(late.release());
    const lost: SmsMessage[] = [];
    late.receive({ onMessage: (message) => lost.push(message) > 0 });
    it.stick.receiveSms({ from: FROM, text: 'for those who are there' });
    await it.until(() => it.got.length > 0);
    assert.deepEqual(lost, []);
    await it.run(it.sms.release());
  });

  it('is read from a SIM whose PIN only the SMS user brings', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12', sim: { state: 'pin', pin: '4711' } });
    await bench.plug();
    const sms = openSms(bench.host, '1-1', { pin: '4711' });
    assert.deepEqual(await bench.run(sms.list()), []);
    assert.equal(bench.stick.sim.state, 'ready');
    await bench.run(sms.release());
  });
});
