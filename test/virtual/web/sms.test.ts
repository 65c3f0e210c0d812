import assert from 'node:assert/strict';
import type { StickEvent } from '../../../src/virtual/events';
import { codeOf, inHilink, listOf, messagesOf, request, sms, tag, textOf, type WebRig } from './rig';

const NUMBER = '+491713920000';

const inbox = async ({ client }: WebRig, page = 1, read = 20) =>
  messagesOf(await client.post('sms/sms-list', listOf(1, page, read, { sort: 2, ascending: 1 })));

type Sent = StickEvent & { what: 'sms' };
const sent = ({ events }: WebRig): Sent[] => events.filter((event): event is Sent => event.what === 'sms');

async function status({ client }: WebRig) {
  const answer = await client.get('sms/send-status');
  return ['Phone', 'SucPhone', 'FailPhone', 'TotalCount', 'CurIndex'].map((name) => tag(answer, name));
}

describe('virtual web face: messages that come', () => {
  it(
    'are in the list, escaped, with the date of their centre, unread until that is said',
    inHilink({ zone: 8 }, async (r) => {
      r.stick.receiveSms({ from: NUMBER, text: `<a> & "b" 'c'\nΔ`, time: Date.UTC(2024, 1, 29, 21, 59, 59) });
      const answer = await r.client.post('sms/sms-list', listOf(1));
      assert.match(textOf(answer), /<Content>&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;\nΔ<\/Content>/);
      const [message] = messagesOf(answer);
      assert.deepEqual(
        { ...message, text: '' },
        { state: 0, index: 40_000, phone: NUMBER, text: '', date: '2024-02-29 23:59:59', type: 1 },
      );
      assert.equal(tag(await r.client.get('monitoring/check-notifications'), 'UnreadMessage'), '1');
      assert.equal(codeOf(await r.client.post('sms/set-read', request(['Index', 40_000]))), undefined);
      assert.equal(codeOf(await r.client.post('sms/set-read', request(['Index', 40_000]))), 113055);
      assert.equal(codeOf(await r.client.post('sms/set-read', request(['Index', 1]))), 113114);
      assert.equal((await inbox(r))[0]?.state, 1);
      assert.equal(tag(await r.client.get('sms/sms-count'), 'LocalUnread'), '0');
    }),
  );

  it(
    'long ones are whole, of type 2, with what is there so far; emoji as two surrogates',
    inHilink({}, async (r) => {
      const text = 'ä'.repeat(100) + '😀'.repeat(30);
      r.stick.receiveSms({ from: NUMBER, text, reference: 7, order: [3] });
      const [part] = await inbox(r);
      assert.equal(part?.type, 2);
      r.stick.receiveSms({ from: NUMBER, text, reference: 7, order: [1, 2] });
      const whole = await r.client.post('sms/sms-list', listOf(1));
      assert.equal(tag(whole, 'Count'), '1');
      const cesu = Buffer.from('eda0bdedb880'.repeat(30), 'hex');
      assert.ok(Buffer.from(whole.body).includes(Buffer.concat([Buffer.from('ä'.repeat(100)), cesu])));
      assert.ok(!Buffer.from(whole.body).includes(Buffer.from('😀')));
    }),
  );

  it(
    'the same reference again is another message, and so is another sender',
    inHilink({}, async (r) => {
      const text = 'x'.repeat(200);
      for (const from of [NUMBER, NUMBER, '+491713920001']) r.stick.receiveSms({ from, text, reference: 9 });
      assert.deepEqual(
        (await inbox(r)).map((message) => message.text),
        [text, text, text],
      );
    }),
  );

  it(
    'have the index of the part that came first, wherever it lies',
    inHilink({}, async (r) => {
      r.stick.receiveSms({ from: NUMBER, text: 'short' });
      const text = 'x'.repeat(200);
      r.stick.receiveSms({ from: NUMBER, text, reference: 9, order: [1] });
      await r.client.post('sms/delete-sms', request(['Index', 40_000]));
      r.stick.receiveSms({ from: NUMBER, text, reference: 9, order: [2] });
      assert.deepEqual(
        (await inbox(r)).map((message) => [message.index, message.text]),
        [[40_001, text]],
      );
    }),
  );

  it(
    'come in pages, sorted as asked; Count is the whole box',
    inHilink({}, async (r) => {
      for (let n = 0; n < 5; n++) r.stick.receiveSms({ from: NUMBER, text: `${n}` });
      const first = await r.client.post('sms/sms-list', listOf(1, 1, 2, { sort: 2, ascending: 0 }));
      assert.equal(tag(first, 'Count'), '5');
      assert.deepEqual(
        messagesOf(first).map(({ text }) => text),
        ['4', '3'],
      );
      assert.deepEqual(
        (await inbox(r, 3, 2)).map(({ text }) => text),
        ['4'],
      );
      assert.deepEqual(await inbox(r, 4, 2), []);
      await r.client.post('sms/set-read', request(['Index', 40_004]));
      const unread = listOf(1).replace('<UnreadPreferred>0', '<UnreadPreferred>1');
      assert.equal(messagesOf(await r.client.post('sms/sms-list', unread))[0]?.index, 40_003);
      assert.match(textOf(await r.client.post('sms/sms-list', listOf(2))), /<Count>0<\/Count>\n<Messages><\/Messages>/);
      assert.equal(codeOf(await r.client.post('sms/sms-list', listOf(1, 1, 51))), 100006);
    }),
  );

  it(
    'deleted ones are gone, unknown ones are OK; an index is not used again unless that is ordered',
    inHilink({}, async (r) => {
      for (const text of ['a', 'b']) r.stick.receiveSms({ from: NUMBER, text });
      const erase = request(['Index', 40_000], ['Index', 40_001], ['Index', 99]);
      assert.equal(codeOf(await r.client.post('sms/delete-sms', erase)), undefined);
      assert.equal(codeOf(await r.client.post('sms/delete-sms', request(['Index', 99]))), undefined);
      r.stick.receiveSms({ from: NUMBER, text: 'c' });
      assert.deepEqual(
        (await inbox(r)).map(({ index }) => index),
        [40_002],
      );
      r.order({ do: 'quirk', name: 'web-index-reused' });
      assert.deepEqual(
        (await inbox(r)).map(({ index }) => index),
        [40_000],
      );
    }),
  );

  it(
    'those of the SIM are in a box of their own, and in the one of both',
    inHilink({}, async (r) => {
      r.stick.receiveSms({ from: NUMBER, text: 'on the SIM', store: 'SM' });
      r.stick.receiveSms({ from: NUMBER, text: 'in the stick' });
      const texts = async (box: number) =>
        messagesOf(await r.client.post('sms/sms-list', listOf(box, 1, 20, { sort: 2, ascending: 1 }))).map(
          (m) => m.text,
        );
      assert.deepEqual(await texts(1), ['in the stick']);
      assert.deepEqual(await texts(5), ['on the SIM']);
      assert.deepEqual(await texts(8), ['in the stick', 'on the SIM']);
      const count = await r.client.get('sms/sms-count');
      assert.deepEqual(
        ['LocalInbox', 'SimInbox', 'LocalMax', 'SimMax'].map((name) => tag(count, name)),
        ['1', '1', '500', '20'],
      );
    }),
  );

  it(
    'are lost when 500 are there, and it says so',
    inHilink({}, async (r) => {
      for (let n = 0; n < 501; n++) r.stick.receiveSms({ from: NUMBER, text: `${n}` });
      const lost = r.events.filter(({ what }) => what === 'sms-lost');
      assert.equal(lost.length, 1);
      assert.equal(tag(await r.client.get('monitoring/check-notifications'), 'SmsStorageFull'), '1');
      assert.equal(tag(await r.client.get('sms/sms-count'), 'LocalInbox'), '500');
    }),
  );

  it(
    '8-bit ones have no text, or raw bytes that are no XML',
    inHilink({}, async (r) => {
      // DELIVER from 12345, 8-bit data be af 3c.
      r.order({ do: 'pdu', hex: '00040581214305000442108111000004 03beaf3c'.replace(' ', '') });
      assert.equal((await inbox(r))[0]?.text, '');
      r.order({ do: 'quirk', name: 'web-raw-mms' });
      const answer = await r.client.post('sms/sms-list', listOf(1));
      assert.ok(Buffer.from(answer.body).includes(Buffer.from('beaf3c', 'hex')));
    }),
  );
});

describe('virtual web face: messages that go', () => {
  it(
    'OK is only the beginning: the status tells the end, and they lie in the sent box',
    inHilink({ timing: { sms: 3_000 } }, async (r) => {
      const other = '22922';
      assert.equal(
        codeOf(await r.client.post('sms/send-sms', sms([NUMBER, other], 'Grüße &amp; &lt;Kuss&gt;'))),
        undefined,
      );
      assert.deepEqual(await status(r), [`${NUMBER},${other}`, '', '', '2', '0']);
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms([NUMBER], 'too soon'))), 113004);
      await r.pass(3_000);
      assert.deepEqual(await status(r), [other, NUMBER, '', '2', '1']);
      await r.pass(3_000);
      assert.deepEqual(await status(r), ['', `${NUMBER},${other}`, '', '2', '2']);
      assert.deepEqual(
        sent(r).map(({ to, whole }) => [to, whole]),
        [
          [NUMBER, 'Grüße & <Kuss>'],
          [other, 'Grüße & <Kuss>'],
        ],
      );
      const box = messagesOf(await r.client.post('sms/sms-list', listOf(2, 1, 20, { sort: 2, ascending: 1 })));
      assert.deepEqual(
        box.map(({ state, phone, date }) => [state, phone, date.slice(0, 16)]),
        [
          [3, NUMBER, '2024-01-01 01:00'],
          [3, other, '2024-01-01 01:00'],
        ],
      );
    }),
  );

  it(
    'long ones go in parts, emoji as UTF-8 and as CESU-8',
    inHilink({}, async (r) => {
      const text = `${'x'.repeat(160)}😀`;
      await r.client.post('sms/send-sms', sms([NUMBER], text));
      await r.pass(5_000);
      const cesu = Buffer.from(sms([NUMBER], 'E'), 'utf8')
        .toString('latin1')
        .replace('E', '\xed\xa0\xbd\xed\xb8\x80');
      const headers = {
        cookie: `SessionID=${r.client.cookie}`,
        __requestverificationtoken: r.client.tokens.shift() ?? '',
      };
      const body = Buffer.from(cesu, 'latin1');
      await r.stick.web?.handle({ method: 'POST', path: '/api/sms/send-sms', headers, body });
      await r.event('sms');
      assert.deepEqual(
        sent(r).flatMap(({ whole }) => whole ?? []),
        [text, '😀'],
      );
      r.order({ do: 'quirk', name: 'web-emoji-lost' });
      await r.pass(10_000);
      await r.client.post('sms/send-sms', sms([NUMBER], 'a😀b'));
      await r.event('sms');
      assert.equal(sent(r).at(-1)?.whole, 'ab');
    }),
  );

  for (const [name, spoil] of [
    ['the network refuses', { do: 'centre', refuse: 38 }],
    ['there is no network', { do: 'radio', registration: 'denied' }],
  ] as const) {
    it(
      `fail when ${name}, and lie among the drafts`,
      inHilink({}, async (r) => {
        r.order(spoil);
        assert.equal(codeOf(await r.client.post('sms/send-sms', sms([NUMBER], 'x'))), undefined);
        await r.pass(5_000);
        assert.deepEqual(await status(r), ['', '', NUMBER, '1', '1']);
        assert.equal(sent(r).length, 0);
        const [draft] = messagesOf(await r.client.post('sms/sms-list', listOf(3)));
        assert.deepEqual([draft?.state, draft?.phone, draft?.text], [2, NUMBER, 'x']);
        // Sent from there, it is a draft no more.
        r.order({ do: 'centre', refuse: 0 });
        r.order({ do: 'radio', registration: 'home' });
        const body = sms([NUMBER], 'x').replace('<Index>-1', `<Index>${draft?.index}`);
        await r.client.post('sms/send-sms', body);
        await r.event('sms');
        assert.deepEqual(messagesOf(await r.client.post('sms/sms-list', listOf(3))), []);
      }),
    );
  }

  it(
    'fail without a service centre, and are not kept where there is no room for all parts',
    inHilink({}, async (r) => {
      const config = (centre: string) =>
        request(['SaveMode', 0], ['Validity', 10752], ['Sca', centre], ['UseSReport', 0], ['SendType', 1]);
      await r.client.post('sms/config', config(''));
      await r.client.post('sms/send-sms', sms([NUMBER], 'x'));
      await r.pass(5_000);
      assert.deepEqual(await status(r), ['', '', NUMBER, '1', '1']);
      await r.client.post('sms/config', config('+491770610000'));
      const store = r.stick.world.store('ME');
      while (store.used < 499) r.stick.receiveSms({ from: NUMBER, text: 'full' });
      await r.client.post('sms/send-sms', sms([NUMBER], 'x'.repeat(200)));
      await r.pass(5_000);
      assert.deepEqual(await status(r), ['', NUMBER, '', '1', '1']);
      assert.equal(store.used, 499);
      assert.equal(codeOf(await r.client.post('sms/save-sms', sms([NUMBER], 'x'.repeat(200)))), 100001);
    }),
  );

  it(
    'wait no longer when they are cancelled',
    inHilink({ timing: { sms: 3_000 } }, async (r) => {
      await r.client.post('sms/send-sms', sms([NUMBER], 'x'));
      assert.equal(codeOf(await r.client.post('sms/cancel-send', '<request>1</request>')), undefined);
      assert.deepEqual(await status(r), ['', '', NUMBER, '1', '1']);
      await r.pass(10_000);
      assert.equal(sent(r).length, 0);
    }),
  );

  it(
    'are kept as drafts where that is asked for',
    inHilink({}, async (r) => {
      assert.equal(codeOf(await r.client.post('sms/save-sms', sms([NUMBER], 'later'))), undefined);
      assert.equal(tag(await r.client.get('sms/sms-count'), 'LocalDraft'), '1');
    }),
  );

  it(
    'are refused with a hyphen in the number, a date that is none, without a SIM',
    inHilink({}, async (r) => {
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms(['0171-3920000'], 'x'))), 100005);
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms([NUMBER], 'x', 'today'))), 100005);
      const many = Array.from({ length: 51 }, () => NUMBER);
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms(many, 'x'))), 100005);
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms([NUMBER], 'x', '-1'))), undefined);
      r.stick.removeSim();
      await r.pass(10_000);
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms([NUMBER], 'x'))), 101001);
      r.stick.insertSim('pin');
      assert.equal(codeOf(await r.client.post('sms/send-sms', sms([NUMBER], 'x'))), 101002);
    }),
  );

  it(
    'bring reports into the inbox, where that is set',
    inHilink({}, async (r) => {
      const config = (reports: number) =>
        request(
          ['SaveMode', 0],
          ['Validity', 10752],
          ['Sca', '+491770610000'],
          ['UseSReport', reports],
          ['SendType', 1],
        );
      assert.equal(codeOf(await r.client.post('sms/config', config(1))), undefined);
      for (const reportStatus of [0, 64]) {
        r.order({ do: 'centre', reportStatus });
        await r.client.post('sms/send-sms', sms([NUMBER], 'x'));
        await r.pass(5_000);
      }
      const reports = (await inbox(r)).map(({ type, phone, text }) => [type, phone, text]);
      assert.deepEqual(reports, [
        [7, NUMBER, ''],
        [8, NUMBER, ''],
      ]);
    }),
  );
});
