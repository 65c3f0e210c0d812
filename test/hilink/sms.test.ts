import assert from 'node:assert/strict';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { openHilink } from '../../src/hilink/client';
import { messageKey } from '../../src/hilink/sms';
import { cutError } from '../../src/hilink/transport';
import type { WebMessage } from '../../src/values/web-sms';
import { VirtualClock } from '../../src/virtual/clock';
import { fault, OK, type Routes, TinyServer, xml } from './server';

const NUMBER = '+440000000000';

interface Stored {
  index: number;
  text: string;
  type?: number;
  from?: string;
  date?: string;
}

/** A store that hands out pages, deletes without a word, and may do something between two pages. */
class StoreServer extends TinyServer {
  inbox: Stored[] = [];
  between: (() => void) | undefined;
  /** Orders that it takes. */
  orders = ['0', '1', '2'];

  constructor(routes: Routes = {}) {
    super({
      'GET sms/sms-count': () => xml(`<LocalInbox>${this.inbox.length}</LocalInbox><LocalMax>500</LocalMax>`),
      'POST sms/sms-list': (_request, body) => this.page(body),
      'POST sms/delete-sms': (_request, body) => {
        this.inbox = this.inbox.filter(({ index }) => index !== Number(field(body, 'Index')));
        return OK;
      },
      ...routes,
    });
  }

  page(body: string): string {
    if (!this.orders.includes(field(body, 'SortType'))) return fault(100006);
    const [page, count] = [Number(field(body, 'PageIndex')), Number(field(body, 'ReadCount'))];
    assert.ok(count <= 50);
    const all = field(body, 'Ascending') === '1' ? this.inbox : [...this.inbox].reverse();
    const shown = all
      .slice((page - 1) * count, page * count)
      .map(
        ({ index, text, type = 1, from = NUMBER, date = '2024-02-29 23:59:59' }) =>
          `<Message><Smstat>0</Smstat><Index>${index}</Index><Phone>${from}</Phone><Content>${text}</Content>` +
          `<Date>${date}</Date><SmsType>${type}</SmsType></Message>`,
      );
    const answer = xml(`<Count>${all.length}</Count><Messages>${shown.join('')}</Messages>`);
    this.between?.();
    return answer;
  }
}

const field = (body: string, name: string): string => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1] ?? '';

function bench<S extends TinyServer>(server: S) {
  const clock = new VirtualClock();
  const { sms } = openHilink({ url: '192.168.8.1', clock, transport: server.transport });
  return { clock, server, sms, run: <T>(work: Promise<T>) => clock.run(work) };
}

const failure = (code: ErrorCode, about: RegExp | number) => (error: unknown) =>
  isDriverError(error, code) && (typeof about === 'number' ? error.number === about : about.test(error.message));

const pass = (clock: VirtualClock, ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)));

const many = (count: number): Stored[] =>
  Array.from({ length: count }, (_, at) => ({ index: 40_000 + at, text: `text ${at}` }));

describe('hilink: SMS in the store', () => {
  it('are listed over all pages, the stick made to look first', async () => {
    const { server, sms, run } = bench(new StoreServer());
    server.inbox = many(45);
    const all = await run(sms.list());
    assert.deepEqual(
      all.map(({ text }) => text),
      server.inbox.map(({ text }) => text),
    );
    assert.deepEqual(server.log.slice(-4), ['GET sms/sms-count', ...Array<string>(3).fill('POST sms/sms-list')]);
    assert.match(
      server.body('POST sms/sms-list'),
      /<request><PageIndex>3<\/PageIndex><ReadCount>20<\/ReadCount><BoxType>1<\/BoxType><SortType>2<\/SortType><Ascending>1<\/Ascending><UnreadPreferred>0<\/UnreadPreferred><\/request>$/,
    );
  });

  it('are listed once each when one comes between two pages', async () => {
    const { server, sms, run } = bench(new StoreServer());
    server.inbox = many(30);
    server.orders = ['0'];
    let more = 40_030;
    server.between = () => {
      server.inbox.push({ index: more++, text: 'new' });
    };
    const all = await run(sms.list());
    const ids = all.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { index } of many(30)) assert.ok(ids.includes(index), String(index));
    // It is asked by date from then on.
    const before = server.count('POST sms/sms-list');
    server.between = undefined;
    await run(sms.list());
    assert.equal(server.count('POST sms/sms-list'), before + 2);
  });

  it('are without reports, which have a list of their own', async () => {
    const { server, sms, run } = bench(new StoreServer());
    server.inbox = [
      { index: 1, text: 'a' },
      { index: 2, text: '', type: 7 },
      { index: 3, text: '', type: 8 },
    ];
    assert.deepEqual(
      (await run(sms.list())).map(({ id }) => id),
      [1],
    );
    assert.deepEqual(
      (await run(sms.reports())).map(({ id, delivered }) => [id, delivered]),
      [
        [2, true],
        [3, false],
      ],
    );
  });

  it('are never listed without an end, whatever a stick says of their number', async () => {
    const same = '<Message><Smstat>0</Smstat><Index>1</Index><Phone>1</Phone><Content>x</Content></Message>';
    const { server, sms, run } = bench(
      new TinyServer({ 'POST sms/sms-list': xml(`<Count>9999</Count><Messages>${same}</Messages>`) }),
    );
    assert.equal((await run(sms.list())).length, 1);
    assert.equal(server.count('POST sms/sms-list'), 2);
  });

  it('are not taken to be none where the answer is no list', async () => {
    for (const answer of [xml('OK'), xml(''), xml('<Other/>')]) {
      const { sms, run } = bench(new TinyServer({ 'POST sms/sms-list': answer }));
      await assert.rejects(run(sms.list()), failure('HILINK_ERROR', /another kind/));
    }
    const { sms, run } = bench(new TinyServer({ 'POST sms/sms-list': xml('<Count>0</Count>') }));
    assert.deepEqual(await run(sms.list()), []);
  });

  it('that are long count as arriving until their text has been the same for half a minute', async () => {
    const { clock, server, sms, run } = bench(new StoreServer());
    server.inbox = [{ index: 1, text: 'first part', type: 2 }];
    const arriving = async () => (await run(sms.list())).map((message) => message.arriving ?? false);
    assert.deepEqual(await arriving(), [true]);
    await pass(clock, 29_000);
    server.inbox = [{ index: 1, text: 'first part, second part', type: 2 }];
    assert.deepEqual(await arriving(), [true]);
    await pass(clock, 29_999);
    assert.deepEqual(await arriving(), [true]);
    const [early] = await run(sms.list());
    assert.deepEqual(await run(sms.delete(early ? [early] : [])), []);
    await pass(clock, 1);
    assert.deepEqual(await arriving(), [false]);
    const [late] = await run(sms.list());
    assert.deepEqual((await run(sms.delete(late ? [late] : []))).length, 1);
    assert.deepEqual(server.inbox, []);
  });

  it('that are long are deleted by whoever waits for them, once they have come whole', async () => {
    const { server, sms, run } = bench(new StoreServer());
    server.inbox = [
      { index: 1, text: 'long', type: 2 },
      { index: 2, text: 'short' },
    ];
    let waits = 0;
    const onWait = () => {
      waits++;
    };
    const gone = await run(sms.deleteWhole(await run(sms.list()), { onWait }));
    assert.deepEqual([gone.length, waits, server.inbox], [2, 1, []]);
  });

  it('are deleted where they are still the same, and only what is gone is said to be', async () => {
    const { server, sms, run } = bench(new StoreServer());
    server.inbox = many(3);
    const all = await run(sms.list());
    // The place of the second was given anew.
    server.inbox = [...many(1), { index: 40_001, text: 'another', date: '2024-03-01 00:00:00' }, ...many(3).slice(2)];
    const gone = await run(sms.delete(all));
    assert.deepEqual(
      gone.map(({ id }) => id),
      [40_000, 40_002],
    );
    assert.deepEqual(
      server.inbox.map(({ text }) => text),
      ['another'],
    );
    // Of the same sender, in the same second, with other words.
    server.inbox = many(1);
    const [first] = await run(sms.list());
    server.inbox = [{ index: 40_000, text: 'other words' }];
    assert.deepEqual(await run(sms.delete(first ? [first] : [])), []);
    assert.equal(server.inbox.length, 1);
    const kept = new StoreServer({ 'POST sms/delete-sms': OK });
    kept.inbox = many(1);
    const other = bench(kept);
    assert.deepEqual(await other.run(other.sms.delete(await other.run(other.sms.list()))), []);
  });

  it('are marked as read, twice is no matter', async () => {
    const { server, sms, run } = bench(new TinyServer({ 'POST sms/set-read': [OK, fault(113055), fault(113114)] }));
    const message: WebMessage = { id: 7, read: false, state: 'received', kind: 'text' };
    await run(sms.markRead([message, message]));
    assert.match(server.body('POST sms/set-read'), /<Index>7<\/Index>/);
    await assert.rejects(run(sms.markRead([message])), failure('HILINK_ERROR', 113114));
  });

  it('are known by more than their place', () => {
    const message: WebMessage = { id: 1, from: 'a', time: 't', read: true, state: 'received', kind: 'text' };
    const others = [{ id: 2 }, { from: 'b' }, { time: 'u' }].map((change) => messageKey({ ...message, ...change }));
    assert.equal(new Set([messageKey(message), ...others]).size, 4);
    assert.equal(messageKey({ ...message, read: false }), messageKey(message));
  });

  it('and how full it is: what comes in is lost then', async () => {
    const { sms, run } = bench(
      new TinyServer({
        'GET sms/sms-count': xml('<LocalInbox>480</LocalInbox><LocalOutbox>20</LocalOutbox><LocalMax>500</LocalMax>'),
        'GET monitoring/check-notifications': xml('<UnreadMessage>0</UnreadMessage><SmsStorageFull>1</SmsStorageFull>'),
      }),
    );
    assert.deepEqual(await run(sms.storage()), { inbox: 480, sent: 20, max: 500, used: 500, full: true });
    assert.deepEqual(await run(sms.news()), { unread: 0, full: true });
  });
});

describe('hilink: SMS out', () => {
  const state = (waiting: string, sent = '', failed = '') =>
    xml(`<Phone>${waiting}</Phone><SucPhone>${sent}</SucPhone><FailPhone>${failed}</FailPhone>`);
  const counts = (sent: number, draft = 0) =>
    xml(`<LocalOutbox>${sent}</LocalOutbox><LocalDraft>${draft}</LocalDraft>`);
  const send = (sms: ReturnType<typeof bench>['sms'], text = 'x') => sms.send({ to: '+44 (0) 000-000 000', text });

  it('go in the order of elements that strict firmware wants, and are followed to the end', async () => {
    const { clock, server, sms, run } = bench(
      new TinyServer({
        'POST sms/send-sms': OK,
        'GET sms/send-status': [state(''), state(NUMBER), state(NUMBER), state('', NUMBER)],
      }),
    );
    const result = await run(sms.send({ to: '+44 (0) 000-000 000', text: `a<b>&"'\n😀 ` }));
    assert.deepEqual(result, { to: NUMBER, parts: 1, outcome: 'sent' });
    assert.equal(clock.now(), 4_500);
    const body = Buffer.from(server.requests[server.log.indexOf('POST sms/send-sms')]?.body ?? []);
    const date = /<Date>(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)<\/Date>/.exec(body.toString())?.[1];
    const head = `<request><Index>-1</Index><Phones><Phone>${NUMBER}</Phone></Phones><Sca></Sca><Content>`;
    const expected = Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${head}a&lt;b&gt;&amp;&quot;&apos;\n`),
      Buffer.of(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80),
      Buffer.from(` </Content><Length>11</Length><Reserved>1</Reserved><Date>${date}</Date></request>`),
    ]);
    assert.deepEqual(body, expected);
  });

  it('that fail are told as failed', async () => {
    const { sms, run } = bench(
      new TinyServer({ 'POST sms/send-sms': OK, 'GET sms/send-status': [state(''), state('', '', NUMBER)] }),
    );
    assert.equal((await run(send(sms))).outcome, 'failed');
  });

  it('are not taken for the one before, to the same number', async () => {
    const { clock, sms, run } = bench(
      new TinyServer({
        'POST sms/send-sms': OK,
        'GET sms/send-status': [
          state('', NUMBER),
          state('', NUMBER),
          state('', NUMBER),
          state(NUMBER),
          state('', '', NUMBER),
        ],
      }),
    );
    assert.equal((await run(send(sms))).outcome, 'failed');
    assert.equal(clock.now(), 4_500);
  });

  it('to the same number are seen on their way, where no boxes tell that they are gone', async () => {
    let now = () => 0;
    let handedAt: number | undefined;
    const { clock, sms, run } = bench(
      new TinyServer({
        'POST sms/send-sms': () => {
          handedAt = now();
          return OK;
        },
        'GET sms/send-status': () =>
          handedAt !== undefined && now() - handedAt < 1_000 ? state(NUMBER) : state('', NUMBER),
      }),
    );
    now = () => clock.now();
    assert.equal((await run(send(sms))).outcome, 'sent');
    assert.equal(clock.now(), 1_500);
  });

  it('are known by the boxes where the stick says the same as before', async () => {
    for (const [after, outcome] of [
      [counts(6), 'sent'],
      [counts(5, 1), 'failed'],
    ] as const) {
      const { sms, run } = bench(
        new TinyServer({ 'POST sms/send-sms': OK, 'GET sms/sms-count': [counts(5), counts(5), after] }),
      );
      assert.equal((await run(send(sms))).outcome, outcome);
    }
  });

  it('of which nothing is heard are unknown, not sent again', async () => {
    const { clock, server, sms, run } = bench(
      new TinyServer({ 'POST sms/send-sms': OK, 'GET sms/send-status': state(NUMBER) }),
    );
    assert.equal((await run(send(sms))).outcome, 'unknown');
    assert.ok(clock.now() >= 120_000);
    assert.equal(server.count('POST sms/send-sms'), 1);
  });

  it('whose OK does not come are looked for, not sent again', async () => {
    const cut = () => {
      throw cutError();
    };
    for (const lost of [cut, () => new Promise<never>(() => undefined)]) {
      const { server, sms, run } = bench(
        new TinyServer({ 'POST sms/send-sms': lost, 'GET sms/sms-count': [counts(5), counts(6)] }),
      );
      assert.equal((await run(send(sms))).outcome, 'sent');
      assert.equal(server.count('POST sms/send-sms'), 1);
    }
    // An answer that is none tells no more; a page in its place comes from a stick that has not done it.
    const garbled = bench(
      new TinyServer({ 'POST sms/send-sms': '<respo', 'GET sms/sms-count': [counts(5), counts(6)] }),
    );
    assert.equal((await garbled.run(send(garbled.sms))).outcome, 'sent');
    const page = bench(
      new TinyServer({ 'POST sms/send-sms': { status: 307, headers: { location: '/html/index.html' } } }),
    );
    await assert.rejects(page.run(send(page.sms)), failure('HILINK_ERROR', /one of its pages/));
    // The stick is gone from then on.
    const gone = bench(new TinyServer({ 'POST sms/send-sms': cut, 'GET sms/send-status': [state(''), cut] }));
    assert.equal((await gone.run(send(gone.sms))).outcome, 'unknown');
    assert.equal(gone.server.count('POST sms/send-sms'), 1);
  });

  it('are followed although a look fails', async () => {
    const { sms, run } = bench(
      new TinyServer({
        'POST sms/send-sms': OK,
        'GET sms/send-status': [
          state(''),
          '<html></html>',
          fault(108003),
          () => new Promise(() => undefined),
          state('', NUMBER),
        ],
      }),
    );
    assert.equal((await run(send(sms))).outcome, 'sent');
  });

  it('may be called off before they are handed over, not on their way', async () => {
    const stop = new AbortController();
    const server = new TinyServer({
      'POST sms/send-sms': () => {
        stop.abort(new Error('called off'));
        return OK;
      },
    });
    const { sms, run } = bench(server);
    const request = { to: NUMBER, text: 'x', signal: stop.signal };
    assert.equal((await run(sms.send(request))).outcome, 'unknown');
    await assert.rejects(run(sms.send(request)), /called off/);
    assert.equal(server.count('POST sms/send-sms'), 1);
  });

  it('that need a login which is cut were not sent', async () => {
    const server = new TinyServer({
      'POST sms/send-sms': fault(100003),
      'GET user/state-login': xml('<State>-1</State><password_type>0</password_type>'),
      'POST user/login': () => {
        throw cutError();
      },
    });
    const clock = new VirtualClock();
    const { sms } = openHilink({ url: '192.168.8.1', clock, transport: server.transport, password: 'x' });
    await assert.rejects(clock.run(send(sms)), failure('HILINK_ERROR', /cut the connection/));
    assert.equal(server.count('POST user/login'), 1);
  });

  it('wait while another is on its way, longer each time, not for ever', async () => {
    const { clock, server, sms, run } = bench(
      new TinyServer({
        'POST sms/send-sms': [fault(113004), fault(113018), fault(113004), OK],
        'GET sms/send-status': [state(''), state('', NUMBER)],
      }),
    );
    assert.equal((await run(send(sms))).outcome, 'sent');
    assert.equal(clock.now(), 1_000 + 2_000 + 3_000 + 1_500);
    const busy = bench(new TinyServer({ 'POST sms/send-sms': fault(113004) }));
    await assert.rejects(busy.run(send(busy.sms)), failure('HILINK_ERROR', 113004));
    assert.ok(busy.clock.now() <= 60_000);
    assert.ok(server.count('POST sms/send-sms') === 4);
  });

  it('that the stick refuses were not sent, and are an error', async () => {
    const { sms, run } = bench(new TinyServer({ 'POST sms/send-sms': fault(100005) }));
    await assert.rejects(run(send(sms)), failure('HILINK_ERROR', 100005));
  });

  it('that cannot be sent are refused before anything is asked', async () => {
    const { server, sms, run } = bench(new TinyServer());
    const wrong = (request: { to: unknown; text: unknown }, about: RegExp) =>
      assert.rejects(run(sms.send(request)), failure('BAD_ARGUMENT', about));
    await wrong({ to: 'Bob', text: 'x' }, /no number has/);
    await wrong({ to: '22922', text: '' }, /empty/);
    await wrong({ to: '22922', text: undefined }, /missing/);
    await wrong({ to: '22922', text: 'x'.repeat(4 * 153 + 1) }, /needs 5 SMS/);
    await wrong({ to: '22922', text: 'ж'.repeat(4 * 67 + 1) }, /needs 5 SMS/);
    assert.deepEqual(server.log, []);
  });
});
