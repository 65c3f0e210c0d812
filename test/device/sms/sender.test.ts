import assert from 'node:assert/strict';
import { expectOk } from '../../../src/at/reply';
import { decodePdu, reportOutcome } from '../../../src/at/sms/decode';
import type { Ask } from '../../../src/at/sms/store';
import type { DeliveryReport } from '../../../src/device/sms/reports';
import { Sender, type SenderOptions, type SendRequest } from '../../../src/device/sms/sender';
import { type DriverError, failure, isDriverError } from '../../../src/errors';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';

/** What a stick does with one AT+CMGS: takes it, says a final result code, or throws before or after the text. */
type Deed = 'ok' | { final: string } | { before: DriverError } | { after: DriverError };

const gone = () => failure('STICK_GONE/at-port', { stick: '1-1' });
const silent = () =>
  failure('TIMEOUT/no-reply', { path: '/dev/ttyUSB1', command: 'AT+CMGS=23', seconds: 120 }, { stick: '1-1' });

const bench = (...deeds: Deed[]) => benchWith({}, ...deeds);

function benchWith(options: SenderOptions, ...deeds: Deed[]) {
  const clock = new VirtualClock();
  const host = new VirtualHost({ sticks: [], clock });
  const bodies: { hex: string; at: number }[] = [];
  let refs = 9;
  const ask: Ask = async (command, options) => {
    if (!command.startsWith('AT+CMGS=')) return { command, ok: true, final: 'OK', lines: [], ms: 0 };
    const deed = deeds.shift() ?? 'ok';
    if (typeof deed === 'object' && 'before' in deed) throw deed.before;
    const { body = '', onSent } = options?.prompt ?? {};
    assert.equal(Number(command.slice('AT+CMGS='.length)), body.length / 2 - 1);
    onSent?.();
    bodies.push({ hex: body, at: clock.now() });
    await new Promise<void>((resolve) => clock.after(1_000, resolve));
    if (typeof deed === 'object' && 'after' in deed) throw deed.after;
    const final = deed === 'ok' ? 'OK' : deed.final;
    return expectOk({ command, ok: final === 'OK', final, lines: [`+CMGS: ${++refs}`], ms: 0 }, { stick: '1-1' });
  };
  const outbox = new Sender(host, ask, options);
  const text = (i: number) => {
    const decoded = decodePdu(bodies[i]?.hex ?? '');
    return decoded.kind === 'submit' ? decoded.text : decoded.kind;
  };
  const send = (request: Partial<SendRequest> = {}) =>
    outbox.send({ to: '+49 170 1234567', text: 'Water in the cellar', ...request });
  return { clock, outbox, bodies, text, send, run: <T>(work: Promise<T>) => clock.run(work) };
}

const code = (wanted: string, number?: number) => (error: unknown) =>
  isDriverError(error) && error.code === wanted && (number === undefined || error.number === number);

describe('SMS outbox', () => {
  it('sends the parts in order, each after the answer to the one before, and tells their references', async () => {
    const it = bench();
    const long = `${'x'.repeat(153) + 'y'.repeat(153)}z`;
    const result = await it.run(it.send({ id: 'cellar', text: long }));
    assert.deepEqual(result, { id: 'cellar', state: 'sent', to: '+491701234567', parts: 3, refs: [10, 11, 12] });
    assert.deepEqual([0, 1, 2].map(it.text).join(''), long);
    assert.deepEqual(
      it.bodies.map(({ at }) => at - (it.bodies[0]?.at ?? 0)),
      [0, 1_000, 2_000],
    );
  });

  it('sends messages in the order in which they were asked for', async () => {
    const it = bench();
    await it.run(Promise.all(['one', 'two', 'three'].map((text) => it.send({ text }))));
    assert.deepEqual([0, 1, 2].map(it.text), ['one', 'two', 'three']);
  });

  it('begins no part when it is stopped while the stick is made ready for it', async () => {
    let ready = (): void => undefined;
    const asked = new Promise<void>((resolve) => (ready = resolve));
    let wants = (): void => undefined;
    const wanted = new Promise<void>((resolve) => (wants = resolve));
    const it = benchWith({
      ready: async () => {
        wants();
        await asked;
      },
    });
    void it.send();
    await wanted;
    it.outbox.stop();
    ready();
    await it.run(new Promise<void>((resolve) => it.clock.after(5_000, resolve)));
    assert.deepEqual(it.bodies, []);
  });

  it('gives each long message a reference of its own', async () => {
    const it = bench();
    await it.run(Promise.all([1, 2].map(() => it.send({ text: 'x'.repeat(161) }))));
    const refs = it.bodies.map(({ hex }) => {
      const decoded = decodePdu(hex);
      return decoded.kind === 'submit' ? decoded.part?.reference : undefined;
    });
    assert.equal(refs[0], refs[1]);
    assert.equal(refs[2], refs[3]);
    assert.notEqual(refs[0], refs[2]);
  });

  it('tries again with growing pauses what may pass', async () => {
    for (const number of [38, 41, 42, 47, 314, 331, 512]) {
      const it = bench({ final: `+CMS ERROR: ${number}` }, { final: `+CMS ERROR: ${number}` });
      const result = await it.run(it.send({ id: 'a' }));
      assert.deepEqual(result, { id: 'a', state: 'sent', to: '+491701234567', parts: 1, refs: [12] });
      assert.deepEqual(
        it.bodies.map(({ at }) => at),
        [0, 6_000, 17_000],
      );
    }
    const it = bench({ before: gone() }, { before: silent() }, { final: '+CME ERROR: 14' });
    assert.equal((await it.run(it.send())).parts, 1);
  });

  it('gives up after its time, with number, words and how many parts had been sent', async () => {
    const busy: Deed[] = Array.from({ length: 50 }, () => ({ final: '+CMS ERROR: 42' }));
    const it = bench('ok', ...busy);
    const started = it.clock.now();
    await assert.rejects(it.run(it.send({ text: 'x'.repeat(161), patience: 60_000 })), (error) => {
      assert.ok(code('CMS_ERROR', 42)(error));
      assert.match(
        (error as DriverError).message,
        /^The SMS was not sent: .*congestion.* 1 of 2 parts had been sent\./,
      );
      assert.deepEqual((error as DriverError).besides, [{ what: 'sms-tried', params: { sent: 1, parts: 2 } }]);
      return true;
    });
    assert.ok(it.clock.now() - started <= 62_000);
    const once = bench({ final: '+CMS ERROR: 42' });
    await assert.rejects(once.run(once.send({ patience: 0 })), code('CMS_ERROR', 42));
    assert.equal(once.bodies.length, 1);
  });

  it('its time runs from its turn on: what those before it took is not its fault', async () => {
    const busy: Deed[] = Array.from({ length: 5 }, () => ({ final: '+CMS ERROR: 42' }));
    const it = bench(...busy, 'ok', { final: '+CMS ERROR: 42' });
    const first = it.send({ patience: 600_000 });
    const second = it.send({ patience: 30_000 });
    await it.run(first);
    assert.ok(it.clock.now() > 60_000);
    assert.equal((await it.run(second)).parts, 1);
  });

  it('limits that are no numbers are none that let everything pass', async () => {
    const it = bench({ final: '+CMS ERROR: 42' });
    const no = Number.NaN;
    await assert.rejects(it.send({ limit: no }), code('QUEUE_FULL'));
    await assert.rejects(it.send({ maxParts: no }), code('BAD_ARGUMENT'));
    await assert.rejects(it.run(it.send({ patience: no })), code('CMS_ERROR', 42));
    assert.equal(it.bodies.length, 1);
  });

  it('does not try again what will not pass, and says why', async () => {
    for (const [final, reason] of [
      ['+CMS ERROR: 21', 'rejected'],
      ['+CMS ERROR: 330', 'no-service-centre'],
      ['+CMS ERROR: 500', 'unknown'],
      ['+CMS ERROR: 310', 'no-sim'],
      ['ERROR', 'refused'],
    ] as const) {
      const it = bench({ final });
      await assert.rejects(it.run(it.send()), (error) => {
        assert.ok(isDriverError(error));
        assert.equal(error.reason, reason);
        assert.deepEqual(error.besides, [{ what: 'sms-not-sent', params: { sent: 0, parts: 1 } }]);
        assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /170|cellar/);
        return true;
      });
      assert.equal(it.bodies.length, 1, final);
    }
  });

  it('T27: never sends again what may have been sent, and says so', async () => {
    for (const error of [silent(), gone(), failure('BUSY/job-began', { stick: '1-1' })]) {
      const it = bench({ after: error });
      await assert.rejects(it.run(it.send()), (thrown) => {
        assert.ok(code('MAYBE_SENT')(thrown));
        assert.match((thrown as DriverError).message, /^The SMS may have been sent: /);
        assert.equal((thrown as DriverError).cause, error);
        return true;
      });
      assert.equal(it.bodies.length, 1);
    }
  });

  it('says when a retry may have doubled a message: the network had not answered the stick', async () => {
    const it = bench({ final: '+CMS ERROR: 332' });
    const result = await it.run(it.send());
    assert.equal(result.maybeTwice, true);
    assert.equal(it.bodies.length, 2);
  });

  it('refuses wrong numbers, texts and lengths before anything is sent', async () => {
    const it = bench();
    for (const wrong of [
      { to: 'Mum' },
      { to: '' },
      { text: '' },
      { text: 17 },
      { text: 'x'.repeat(2_000) },
      { text: 'x'.repeat(161), maxParts: 1 },
      { validity: -1 },
    ]) {
      await assert.rejects(it.run(it.send(wrong)), code('BAD_ARGUMENT'), JSON.stringify(wrong).slice(0, 40));
    }
    assert.equal(it.bodies.length, 0);
  });

  it('takes no more messages than its queue is long', async () => {
    const it = bench();
    const sent = [1, 2, 3].map(() => it.send({ limit: 3 }));
    await assert.rejects(it.send({ limit: 3 }), code('QUEUE_FULL'));
    await it.run(Promise.all(sent));
    await it.run(it.send({ limit: 3 }));
    assert.equal(it.bodies.length, 4);
  });

  it('can be called off while it waits, not while it is on its way', async () => {
    const it = bench('ok', { final: '+CMS ERROR: 42' });
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const sent = [first, second, third].map(({ signal }) => it.send({ signal }));
    it.clock.after(500, () => first.abort());
    it.clock.after(3_000, () => second.abort());
    it.clock.after(2_500, () => third.abort());
    const outcomes = await it.run(Promise.allSettled(sent));
    assert.deepEqual(
      outcomes.map((o) => (o.status === 'fulfilled' ? 'sent' : (o.reason as DriverError).code)),
      ['sent', 'CANCELLED', 'CANCELLED'],
    );
    assert.equal(it.bodies.length, 2);
  });

  it('takes the tables of a language where they save a part, unless they are not wished', async () => {
    const it = bench();
    const text = 'ş'.repeat(78);
    await it.run(it.send({ text }));
    await it.run(it.send({ text, national: false }));
    assert.match(it.bodies[0]?.hex ?? '', /^0041000C91947110325476000053/);
    assert.deepEqual(
      it.bodies.map(({ hex }) => decodePdu(hex).kind),
      ['submit', 'submit', 'submit'],
    );
    assert.match(it.bodies[1]?.hex ?? '', /^0041000C919471103254760008/);
  });

  it('matches status reports to what was sent, also with the number written another way', async () => {
    const it = bench();
    const told: DeliveryReport[] = [];
    await it.run(it.send({ text: 'x'.repeat(161), onReport: (report) => told.push(report) }));
    assert.match(it.bodies[0]?.hex ?? '', /^0061/, 'the report is asked for');
    const report = (reference: number, status: number, to = '+491701234567') =>
      it.outbox.reports.reported({
        kind: 'report',
        reference,
        to,
        status,
        outcome: reportOutcome(status),
        time: '2025-05-23T12:10:34+02:00',
      }) === 'told';
    assert.equal(report(10, 0x30), true);
    assert.equal(report(10, 0, '01701234567'), true);
    assert.equal(report(10, 0), false, 'told already');
    assert.equal(report(11, 0x46), true);
    assert.equal(report(12, 0), false);
    assert.deepEqual(
      told.map(({ ref, part, parts, outcome }) => `${ref} ${part}/${parts} ${outcome}`),
      ['10 1/2 pending', '10 1/2 delivered', '11 2/2 failed'],
    );
    await it.run(it.send({ onReport: (r) => told.push(r) }));
    assert.equal(report(12, 0, '+15550000000'), false, 'another recipient');
  });

  it('asks for no report without somebody who wants it', async () => {
    const it = bench();
    await it.run(it.send());
    assert.match(it.bodies[0]?.hex ?? '', /^0001/);
  });
});
