import assert from 'node:assert/strict';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { sendByWeb } from '../../../src/device/hilink/outgoing';
import type { HilinkSession } from '../../../src/device/hilink/session';
import type { Entry } from '../../../src/device/outbox/entry';
import { openSms, type SmsHandle } from '../../../src/device/sms/open-sms';
import { isDriverError } from '../../../src/errors';
import type { StickEvent } from '../../../src/virtual/events';
import { VirtualHost } from '../../../src/virtual/host';
import { HILINK_NAMES } from '../../../src/virtual/web/firmware';
import { type WebBench, webBench } from './bench';

const TO = '+491713920000';

const open = ({ host }: WebBench): SmsHandle => openSms(host, '1-1', { web: { password: 'admin' } });

/** Whole messages that left the stick. */
function sentBy({ stick }: WebBench): string[] {
  const sent: string[] = [];
  stick.onEvent((event: StickEvent) => {
    if (event.what === 'sms' && event.whole !== undefined) sent.push(event.whole);
  });
  return sent;
}

const posts = ({ requests }: WebBench) => requests.filter((path) => path.endsWith('sms/send-sms')).length;

describe('SMS out in HiLink mode', () => {
  for (const hilink of HILINK_NAMES) {
    it(`sends what fits into one and what does not, once each, in their order: ${hilink}`, async () => {
      const bench = await webBench({ hilink });
      const sent = sentBy(bench);
      const sms = open(bench);
      const texts = ['short & <plain> "é"', 'x'.repeat(200), 'Привет \u{1F600}'];
      const results = await bench.run(Promise.all(texts.map((text) => sms.send({ to: TO, text }))));
      assert.deepEqual(
        results.map(({ state, parts, to, refs }) => [state, parts, to, refs]),
        [1, 2, 1].map((parts) => ['sent', parts, TO, []]),
      );
      assert.deepEqual(sent, texts);
      await bench.run(sms.release());
    });
  }

  it('what the stick gives up without a network is tried again until there is one, and leaves no drafts', async () => {
    const bench = await webBench();
    const sent = sentBy(bench);
    const { registration } = bench.stick.world.radio;
    bench.stick.world.changeRadio({ registration: 'searching' });
    const sms = open(bench);
    const sending = sms.send({ to: TO, text: 'late' });
    await bench.pass(60_000);
    const tries = posts(bench);
    assert.ok(tries >= 2, `${tries}`);
    assert.deepEqual(sent, []);
    bench.stick.world.changeRadio({ registration });
    assert.equal((await bench.run(sending)).state, 'sent');
    assert.deepEqual(sent, ['late']);
    const { draft, sent: kept } = await bench.run(sms.stored());
    assert.deepEqual([draft, kept], [0, 0]);
    await bench.run(sms.release());
  });

  it('an id that was sent is not sent again, also by the next life', async () => {
    const bench = await webBench();
    const sent = sentBy(bench);
    const sms = open(bench);
    await bench.run(sms.send({ to: TO, text: 'once', id: 'a' }));
    await bench.run(sms.release());
    const next = new VirtualHost({ sticks: [bench.stick], clock: bench.clock });
    for (const { key, text } of bench.host.listNotes()) next.writeNote(key, text);
    const again = open({ ...bench, host: next });
    const result = await bench.run(again.send({ to: TO, text: 'once', id: 'a' }));
    assert.deepEqual([result.state, result.duplicate, sent], ['sent', true, ['once']]);
    await bench.run(again.release());
  });

  it('what was with the stick when the process ended is unknown, and never sent again', async () => {
    const bench = await webBench();
    const sms = open(bench);
    const from = { owner: 'node' };
    bench.stick.changeTiming({ sms: 60_000 });
    void sms.send({ to: TO, text: 'on its way', from }).catch(() => undefined);
    const posted = new Promise<void>((resolve) => {
      bench.stick.onEvent((event) => {
        if (event.what === 'request' && event.path.endsWith('sms/send-sms')) resolve();
      });
    });
    await bench.run(posted);
    const next = new VirtualHost({ sticks: [bench.stick], clock: bench.clock });
    for (const { key, text } of bench.host.listNotes()) next.writeNote(key, text);
    const again = open({ ...bench, host: next });
    const fate = await bench.run(
      new Promise<string>((resolve) => void again.fates('node', ({ state }) => resolve(state))),
    );
    assert.equal(fate, 'unknown');
    await bench.pass(600_000);
    assert.equal(posts(bench), 1);
    await bench.run(again.release());
  });

  it('what the stick does not say the fate of is maybe sent; what it refuses is not; what it is busy with waits', async () => {
    const bench = await webBench();
    const sms = open(bench);
    const send = (text: string) => bench.run(sms.send({ to: TO, text }));
    await send('first');
    bench.stick.faults.order({ fault: 'nak', at: 'web', path: 'sms/send-sms', code: 113_004, count: 20 });
    // Longer than the client waits by itself.
    assert.equal((await send('busy')).state, 'sent');
    bench.stick.faults.order({ fault: 'nak', at: 'web', path: 'sms/send-sms', code: 100_006 });
    await assert.rejects(send('refused'), (e) => isDriverError(e, 'HILINK_ERROR'));
    bench.stick.faults.order({ fault: 'lost', at: 'web', path: 'sms/send-sms' });
    bench.stick.faults.order({ fault: 'nak', at: 'web', path: 'sms/send-status', nth: 2, count: 1000 });
    bench.stick.faults.order({ fault: 'nak', at: 'web', path: 'sms/sms-count', nth: 2, count: 1000 });
    const before = posts(bench);
    await assert.rejects(send('who knows'), (e) => isDriverError(e, 'MAYBE_SENT'));
    await bench.pass(600_000);
    assert.equal(posts(bench) - before, 1);
    await bench.run(sms.release());
  });

  it('a flash message is refused in words, and more than the pages take too', async () => {
    const bench = await webBench();
    const sms = open(bench);
    const refused = async (more: object, reason: string) =>
      assert.rejects(
        bench.run(sms.send({ to: TO, text: 'a', ...more })),
        (e) => isDriverError(e) && e.reason === reason,
      );
    await refused({ flash: true }, 'sms-form');
    await assert.rejects(bench.run(sms.send({ to: TO, text: 'x'.repeat(700) })), (e) =>
      isDriverError(e, 'BAD_ARGUMENT'),
    );
    assert.equal(posts(bench), 0);
    await bench.run(sms.release());
  });

  it('what has begun by AT is not sent once more as a whole', async () => {
    const pdus = encodeSubmit({ to: TO, text: 'x'.repeat(200), reference: 1, report: false });
    const web = { run: async () => ({ outcome: 'sent' }) } as unknown as HilinkSession;
    const entry = { to: TO, place: '1-1', parts: 2, pdus } as unknown as Entry;
    assert.equal(await sendByWeb(web, { ...entry, done: 0 }), true);
    await assert.rejects(sendByWeb(web, { ...entry, done: 1 }), (e) => isDriverError(e, 'HILINK_ERROR/sms-form'));
  });

  it('what waits while the stick is away goes out in the mode in which it comes back', async () => {
    const bench = await webBench();
    const sent = sentBy(bench);
    bench.stick.unplug();
    const sms = open(bench);
    const waiting = sms.send({ to: TO, text: 'later' });
    await bench.pass(10_000);
    await bench.toHilink();
    assert.equal((await bench.run(waiting)).state, 'sent');
    assert.deepEqual(sent, ['later']);
    await bench.run(sms.release());
  });
});
