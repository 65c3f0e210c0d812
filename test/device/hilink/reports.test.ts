/** Reports of what has become of messages in HiLink mode: no reference, no part; known by number, in the order of sending. */

import assert from 'node:assert/strict';
import { type DeliveryReport, openSms, type SmsHandle, type WebReport } from '../../../src/device/sms/open-sms';
import { TIMEOUTS } from '../../../src/timeouts';
import { VirtualHost } from '../../../src/virtual/host';
import { type WebBench, webBench } from './bench';

const TO = '+491713920001';

const open = ({ host }: WebBench): SmsHandle => openSms(host, '1-1', { web: {} });

const nextLife = (bench: WebBench): VirtualHost => {
  const next = new VirtualHost({ sticks: [bench.stick], clock: bench.clock });
  for (const { key, text } of bench.host.listNotes()) next.writeNote(key, text);
  return next;
};

describe('reports in HiLink mode', () => {
  it('are for whoever has sent the message, in the order of sending, and are cleared away', async () => {
    const bench = await webBench();
    const sms = open(bench);
    const got: [unknown, string, DeliveryReport][] = [];
    sms.reports('me', (report, tag) => got.push([tag, report.outcome, report]));
    const messages: string[] = [];
    const others: WebReport[] = [];
    sms.receive({
      onMessage({ text }) {
        messages.push(text);
        return false;
      },
      onWebReport(report) {
        others.push(report);
        return true;
      },
    });
    for (const tag of ['a', 'b']) {
      await bench.run(sms.send({ to: TO, text: tag, report: { owner: 'me', tag } }));
      await bench.pass(2 * TIMEOUTS.sms.poll);
      bench.stick.world.centre.settings.reportStatus = 64;
    }
    assert.deepEqual(
      got.map(([tag, outcome]) => [tag, outcome]),
      [
        ['a', 'delivered'],
        ['b', 'failed'],
      ],
    );
    const { time, ...rest } = got[0]?.[2] ?? { time: '' };
    assert.deepEqual(rest, { to: TO, part: 1, parts: 1, outcome: 'delivered' });
    assert.match(time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.deepEqual([messages, others], [[], []]);
    assert.equal((await bench.run(sms.stored())).inbox, 0);
    await bench.run(sms.release());
  });

  it('of a message of an earlier life are told to its owner in this one, once', async () => {
    const bench = await webBench();
    bench.stick.world.centre.settings.delayMs = 600_000;
    const sms = open(bench);
    await bench.run(sms.send({ to: TO, text: 'x', report: { owner: 'me', tag: 7 } }));
    await bench.run(sms.release());
    const host = nextLife(bench);
    const again = open({ ...bench, host });
    const tags: unknown[] = [];
    again.reports('me', (_, tag) => tags.push(tag));
    await bench.pass(600_000 + 2 * TIMEOUTS.sms.poll);
    assert.deepEqual(tags, [7]);
    await bench.run(again.release());
  });

  it('that nobody awaits are for those who take messages, and no message', async () => {
    const bench = await webBench();
    const sms = open(bench);
    await bench.run(sms.send({ to: TO, text: 'x', onReport: () => undefined }));
    await bench.run(sms.release());
    const again = open({ ...bench, host: new VirtualHost({ sticks: [bench.stick], clock: bench.clock }) });
    const told: WebReport[] = [];
    const texts: string[] = [];
    again.receive({
      onMessage({ text }) {
        texts.push(text);
        return false;
      },
      onWebReport(report) {
        told.push(report);
        return true;
      },
    });
    await bench.pass(3 * TIMEOUTS.sms.poll);
    assert.deepEqual(
      told.map(({ to, outcome }) => [to, outcome]),
      [[TO, 'delivered']],
    );
    assert.deepEqual(texts, []);
    assert.equal((await bench.run(again.list())).length, 0);
    await bench.run(again.release());
  });

  it('of a long message are counted, and the last one ends it', async () => {
    const bench = await webBench();
    const sms = open(bench);
    const parts: number[] = [];
    const report = { owner: 'me' };
    sms.reports('me', ({ part, parts: of }) => parts.push(part * 10 + of));
    await bench.run(sms.send({ to: TO, text: 'x'.repeat(200), report }));
    await bench.pass(3 * TIMEOUTS.sms.poll);
    assert.deepEqual(parts, [12, 22]);
    await bench.run(sms.release());
  });

  it('are asked for only where somebody wants them', async () => {
    const bench = await webBench();
    const sms = open(bench);
    await bench.run(sms.send({ to: TO, text: 'x' }));
    assert.ok(!bench.requests.some((path) => path.endsWith('sms/config')));
    await bench.run(sms.release());
  });
});
