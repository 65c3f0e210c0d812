import assert from 'node:assert/strict';
import type { StatusReport } from '../../../src/at/sms/decode';
import { Inbox } from '../../../src/device/sms/inbox';
import { openSms, type SmsHandle } from '../../../src/device/sms/open-sms';
import { type DeliveryReport, type ReportListener, Reports } from '../../../src/device/sms/reports';
import { SimNote } from '../../../src/device/sms/sim-note';
import { TIMEOUTS } from '../../../src/timeouts';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';
import { type Bench, type BenchStick, virtualBench } from '../../support/bench';
import { deliver, Sim } from './sim';
import { FROM } from './sms-bench';

const TO = '+491701234567';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Reports of one SIM, over several lives of the process. */
function bench() {
  const clock = new VirtualClock();
  const host = new VirtualHost({ sticks: [], clock });
  const told: string[] = [];
  const listener: ReportListener = ({ ref, part, outcome }, tag) => told.push(`${ref} ${part} ${outcome} ${tag}`);
  const life = (sim = '262011234567890') => {
    const reports = new Reports(host);
    reports.open(new SimNote(host, sim));
    return reports;
  };
  const pass = (ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)), 2 * ms);
  /** By the network's clock, which is years behind ours. */
  const network = (ms: number) => new Date(clock.date().getTime() - 3 * 365 * DAY + ms).toISOString();
  /** A report that comes now about what the network took `ago` ms ago, and was delivered `late` ms ago. */
  const report = (reference: number, ago: number, late = 0, to = TO): StatusReport => ({
    kind: 'report',
    reference,
    to,
    sent: network(-ago),
    time: network(-late),
    status: 0,
    outcome: 'delivered',
  });
  const sent = (tag: string, ref = 5, to = TO) => ({ ref, to, part: 1, parts: 1, owner: 'out', tag });
  return { clock, host, life, pass, report, sent, told, listener };
}

describe('status reports that are awaited', () => {
  it('belong to reference, recipient and time: a reference comes again after 256 messages', async () => {
    for (const first of ['old', 'new']) {
      const it = bench();
      const reports = it.life();
      reports.listen('out', it.listener);
      reports.sent(it.sent('old'));
      await it.pass(10 * HOUR);
      reports.sent(it.sent('new'));
      await it.pass(5 * 60_000);
      const old = it.report(5, 10 * HOUR + 5 * 60_000);
      const fresh = it.report(5, 5 * 60_000);
      const order = first === 'old' ? [old, fresh] : [fresh, old];
      for (const report of order) assert.equal(reports.reported(report), 'told');
      assert.deepEqual(
        it.told,
        (first === 'old' ? ['old', 'new'] : ['new', 'old']).map((tag) => `5 1 delivered ${tag}`),
      );
    }
  });

  it('are about nothing that was sent later than they say', async () => {
    const it = bench();
    const reports = it.life();
    reports.listen('out', it.listener);
    reports.sent(it.sent('new'));
    await it.pass(60_000);
    // Of a message that is not on record any more.
    assert.equal(reports.reported(it.report(5, DAY)), undefined);
    assert.equal(reports.reported(it.report(5, 60_000, 0, '+15550000000')), undefined);
    assert.equal(reports.reported(it.report(6, 60_000)), undefined);
    assert.equal(reports.reported(it.report(5, 60_000, 0, '01701234567')), 'told', 'written another way');
    assert.equal(reports.reported(it.report(5, 60_000)), undefined, 'told already');
  });

  it('may come late: the stick was off', async () => {
    const it = bench();
    const reports = it.life();
    reports.listen('out', it.listener);
    reports.sent(it.sent('one'));
    await it.pass(3 * DAY);
    assert.equal(reports.reported(it.report(5, 3 * DAY, 3 * DAY - 10_000)), 'told');
    // Without times, or a number that can be read, the newest one is meant.
    reports.sent(it.sent('two'));
    reports.sent(it.sent('three'));
    assert.equal(reports.reported({ kind: 'report', reference: 5, to: '', status: 0x46, outcome: 'failed' }), 'told');
    assert.deepEqual(it.told, ['5 1 delivered one', '5 1 failed three']);
  });

  it('outlive the process with their owner, and wait for it', async () => {
    const it = bench();
    const first = it.life();
    first.sent(it.sent('one'));
    first.sent({ ref: 6, to: TO, part: 1, parts: 1, onReport: () => it.told.push('never') });
    await it.pass(60_000);
    const second = it.life();
    assert.equal(second.awaited, true);
    assert.equal(second.reported(it.report(5, 60_000)), 'waits');
    assert.equal(second.reported(it.report(6, 60_000)), undefined, 'nobody could be told');
    second.listen('out', it.listener)();
    assert.equal(second.reported(it.report(5, 60_000)), 'waits', 'left again');
    second.listen('out', it.listener);
    assert.equal(second.reported({ ...it.report(5, 60_000), status: 0x30, outcome: 'pending' }), 'told');
    assert.equal(second.awaited, true, 'pending: another one follows');
    assert.equal(second.reported(it.report(5, 60_000)), 'told');
    assert.deepEqual(it.told, ['5 1 pending one', '5 1 delivered one']);
    assert.equal(it.life().awaited, false);
  });

  it('belong to their SIM', () => {
    const it = bench();
    const reports = it.life();
    reports.sent(it.sent('one'));
    reports.open(new SimNote(it.host, '262029999999999'));
    assert.equal(reports.awaited, false);
    reports.open(new SimNote(it.host, '262011234567890'));
    assert.equal(reports.awaited, true);
  });

  it('are not awaited for ever, and there are no more than 500', async () => {
    const it = bench();
    const reports = it.life();
    reports.sent({ ...it.sent('short'), validity: HOUR });
    await it.pass(HOUR + TIMEOUTS.sms.reportLate - 1_000);
    assert.equal(reports.awaited, true);
    await it.pass(2_000);
    assert.equal(reports.awaited, false);
    for (let n = 0; n < 600; n++) reports.sent(it.sent(`${n}`, n % 256));
    const { content } = new SimNote(it.host, '262011234567890');
    assert.equal(content.reports.length, 500);
    assert.equal(content.reports[0]?.tag, '100');
  });

  it("come with a tag that is nobody else's, and to a listener that may throw", () => {
    const it = bench();
    const reports = it.life();
    const tag = { topic: ['mine'] };
    reports.sent({ ...it.sent(''), tag });
    reports.listen('out', (_report, given) => {
      assert.deepEqual(given, tag);
      (given as typeof tag).topic.push('changed');
      throw new Error('of its own');
    });
    assert.equal(reports.reported({ ...it.report(5, 0), status: 0x30, outcome: 'pending' }), 'told');
    assert.deepEqual(tag, { topic: ['mine'] });
  });
});

describe('status reports on a stick', () => {
  interface Life {
    sms: SmsHandle;
    told: [DeliveryReport, unknown][];
  }

  async function plugged(options: BenchStick = {}): Promise<Bench & { wait(ms: number): Promise<void> }> {
    const it = virtualBench({ firmware: 'stick', setport: 'FF;10,12', ...options });
    await it.plug();
    return { ...it, wait: (ms) => it.run(new Promise<void>((resolve) => it.clock.after(ms, resolve))) };
  }

  /** A process of its own, with the notes of those before it. */
  function life(it: Bench, notes: VirtualHost = it.host): { host: VirtualHost; open(owner?: string): Life } {
    const host = new VirtualHost({ sticks: it.host.sticks, clock: it.clock });
    for (const { key, text } of notes.listNotes()) host.writeNote(key, text);
    return {
      host,
      open(owner) {
        const sms = openSms(host, '1-1');
        const told: Life['told'] = [];
        if (owner !== undefined) sms.reports(owner, (...report) => told.push(report));
        return { sms, told };
      },
    };
  }

  const used = ({ stick }: Bench) => stick.world.store('SM').used + stick.world.store('ME').used;

  it('reach who sends and does not receive, over a deploy and over a restart', async () => {
    const it = await plugged();
    it.stick.world.centre.settings.delayMs = 5_000;
    const process = life(it);
    const first = process.open('out');
    const send = (sms: SmsHandle, text: string) =>
      it.run(sms.send({ to: FROM, text, report: { owner: 'out', tag: { topic: text } } }));
    await send(first.sms, 'deploy');
    await it.run(first.sms.release());
    const second = process.open('out');
    await it.wait(8_000);
    assert.deepEqual(first.told, []);
    assert.deepEqual(
      second.told.map(([{ outcome, part }, tag]) => [outcome, part, tag]),
      [['delivered', 1, { topic: 'deploy' }]],
    );
    await send(second.sms, 'restart');
    await it.run(second.sms.release());
    // The report comes while nobody is there.
    await it.wait(60_000);
    assert.equal(used(it), 1);
    const third = life(it, process.host).open('out');
    await it.wait(8_000);
    assert.deepEqual(
      third.told.map(([, tag]) => tag),
      [{ topic: 'restart' }],
    );
    await it.wait(2_000);
    assert.equal(used(it), 0);
    await it.run(third.sms.release());
  });

  it('wait for a sender that comes a little later, and are for those who receive after that', async () => {
    const it = await plugged();
    it.stick.world.centre.settings.delayMs = 3_000;
    const before = life(it);
    const { sms } = before.open('out');
    for (const text of ['one', 'two']) await it.run(sms.send({ to: FROM, text, report: { owner: text } }));
    await it.run(sms.release());
    const process = life(it, before.host);
    const receiver = process.open();
    const given: number[] = [];
    receiver.sms.receive({ onMessage: () => false, onReport: ({ reference }) => given.push(reference) > 0 });
    await it.wait(20_000);
    assert.equal(used(it), 2);
    const late = process.open('one');
    await it.wait(5_000);
    assert.equal(late.told.length, 1);
    assert.deepEqual(given, []);
    await it.wait(2 * TIMEOUTS.sms.poll);
    assert.deepEqual(given, [1]);
    assert.equal(used(it), 0);
    await it.run(Promise.all([late.sms.release(), receiver.sms.release()]));
  });

  it('that nobody awaits do not fill the SIM, and messages are not touched by that', async () => {
    const it = await plugged();
    const { open } = life(it);
    // Somebody who only sends, and asks for none.
    const { sms } = open();
    await it.wait(5_000);
    it.stick.receiveSms({ from: FROM, text: 'for somebody' });
    for (const reference of ['02', '03', '04']) {
      it.stick.receivePdu(`0006${reference}0C91947110325476525032210043805250322101438000`);
    }
    await it.wait(1_000);
    assert.equal(used(it), 4);
    await it.wait(3 * TIMEOUTS.sms.owner);
    assert.equal(used(it), 1);
    const [[, message] = []] = [...it.stick.world.store('SM').entries()];
    assert.equal(message?.status, 0, 'nobody has read it');
    await it.run(sms.release());
  });

  it('are cleared only where they still lie: what has come into their place is a message', async () => {
    const clock = new VirtualClock();
    const host = new VirtualHost({ sticks: [], clock });
    const sim = new Sim();
    const message = deliver({ text: 'alarm' });
    const got: string[] = [];
    const inbox = new Inbox(host, sim.ask, {
      wanted: () => true,
      message: ({ text }) => {
        got.push(text);
        return 'kept';
      },
      report: () => {
        // Between the list and the deletion.
        sim.slots[0] = message;
        return 'deleted';
      },
      storage: () => undefined,
      incompleteAfter: () => undefined,
    });
    await clock.run(inbox.open(new SimNote(host, sim.imsi)));
    sim.store('0006020C91947110325476525032210043805250322101438000');
    await clock.run(inbox.look(new AbortController().signal));
    assert.deepEqual(sim.slots[0], message);
    await clock.run(inbox.look(new AbortController().signal));
    assert.deepEqual(got, ['alarm']);
  });
});
