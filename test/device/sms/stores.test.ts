/** Messages in whatever store they come into. */

import assert from 'node:assert/strict';
import { receivingStores } from '../../../src/at/sms/store';
import { openAt } from '../../../src/device/at/open-at';
import type { SmsMessage } from '../../../src/device/sms/open-sms';
import { Pieces } from '../../../src/device/sms/pieces';
import { failure } from '../../../src/errors';
import { TIMEOUTS } from '../../../src/timeouts';
import { VirtualClock } from '../../../src/virtual/clock';
import { onWrites } from '../../support/bench';
import { deliver } from './sim';
import { FROM, LONG, opened, SENT, type SmsBench } from './sms-bench';

const brief = (got: readonly SmsMessage[]) => got.map(({ text, existing }) => [text, existing ?? false]);

/** The note of the only SIM. */
const noteOf = (it: SmsBench) => it.host.listNotes().find(({ key }) => key.startsWith('sms-'));

/** Node-RED is down while `work` happens. */
async function down(it: SmsBench, work: () => void): Promise<void> {
  await it.run(it.sms.release());
  work();
  await it.restart();
  await it.wait(2_000);
}

describe('SMS in several stores', () => {
  it('are found in each of them at the start, once, as ones that were there', async () => {
    const it = await opened({}, {}, ({ stick }) => {
      stick.receiveSms({ from: FROM, text: 'in ME', store: 'ME', time: SENT });
      stick.receiveSms({ from: FROM, text: 'in SM', store: 'SM', time: SENT + 1_000 });
    });
    await it.until(() => it.got.length === 2);
    await down(it, () => undefined);
    await it.wait(TIMEOUTS.sms.poll);
    assert.deepEqual(brief(it.got), [
      ['in ME', true],
      ['in SM', true],
    ]);
  });

  it('that came into ME while nobody was there are new ones', async () => {
    const it = await opened();
    await it.wait(2_000);
    await down(it, () => it.stick.receiveSms({ from: FROM, text: 'meanwhile', store: 'ME' }));
    assert.deepEqual(brief(it.got), [['meanwhile', false]]);
  });

  it('in a store that the note has not seen go out once as ones that were there, later ones do not', async () => {
    const it = await opened();
    await it.wait(2_000);
    const { key = '', text = '' } = noteOf(it) ?? {};
    const { stores, ...rest } = JSON.parse(text) as { stores: string[] };
    assert.equal(stores.length, 2);
    await down(it, () => {
      it.host.writeNote(key, JSON.stringify({ ...rest, stores: ['SM'] }));
      it.stick.receiveSms({ from: FROM, text: 'old alarm', store: 'ME', time: SENT });
      it.stick.receiveSms({ from: FROM, text: 'new on the SIM', store: 'SM', time: SENT + 1_000 });
    });
    await down(it, () => it.stick.receiveSms({ from: FROM, text: 'new alarm', store: 'ME' }));
    assert.deepEqual(brief(it.got), [
      ['old alarm', true],
      ['new on the SIM', false],
      ['new alarm', false],
    ]);
  });

  it('announced while we are there are new ones, whatever the note has seen', async () => {
    const it = await opened();
    it.got.length = 0;
    await it.run(it.sms.release());
    for (const { key } of it.host.listNotes()) it.host.writeNote(key, undefined);
    // Between the opening and the first look.
    onWrites(it.host, (bytes) => {
      if (Buffer.from(bytes).toString('latin1').startsWith('AT+CNMI=')) {
        it.clock.after(5, () => it.stick.receiveSms({ from: FROM, text: 'now', store: 'ME' }));
      }
      return bytes;
    });
    await it.restart();
    await it.until(() => it.got.length > 0);
    assert.deepEqual(brief(it.got), [['now', false]]);
  });

  it('of another stick are not its news: a SIM that moves finds what was there', async () => {
    const it = await opened();
    await it.wait(2_000);
    const { text = '' } = noteOf(it) ?? {};
    const [sm, me = ''] = (JSON.parse(text) as { stores: string[] }).stores.sort().reverse();
    assert.equal(sm, 'SM');
    assert.match(me, /^ME [0-9a-f]{8}$/);
    await down(it, () => {
      it.host.writeNote(noteOf(it)?.key ?? '', text.replace(me, 'ME 01234567'));
      it.stick.receiveSms({ from: FROM, text: 'there before the SIM', store: 'ME' });
    });
    assert.deepEqual(brief(it.got), [['there before the SIM', true]]);
  });

  it('come at once wherever they land, also if another user changes the store that receives', async () => {
    const it = await opened({ poll: 86_400_000 });
    await it.wait(2_000);
    const at = openAt(it.host, '1-1');
    await it.run(at.run('AT+CPMS="SM","SM","ME"'));
    const before = it.clock.now();
    it.stick.receiveSms({ from: FROM, text: 'in ME' });
    await it.until(() => it.got.length > 0);
    assert.ok(it.clock.now() - before < 2_000);
    assert.equal(it.stick.world.store('ME').used, 1);
    assert.match(
      (await it.run(at.run('AT+CPMS?'))).lines[0] ?? '',
      /"SM".*"SM".*"SM"/,
      'the store that receives is back',
    );
    await it.run(at.release());
  });

  it('are whole although their parts lie in two stores', async () => {
    const it = await opened();
    await it.wait(2_000);
    it.stick.receiveSms({ from: FROM, text: LONG, reference: 9, time: SENT, order: [1, 3], store: 'ME' });
    it.stick.receiveSms({ from: FROM, text: LONG, reference: 9, time: SENT, order: [2] });
    await it.until(() => it.got.length > 0);
    assert.deepEqual(it.texts(), [LONG]);
  });

  it('are deleted and cleared where they lie, and listed with their store', async () => {
    const it = await opened();
    await it.wait(2_000);
    it.stick.receiveSms({ from: FROM, text: 'one', store: 'ME' });
    it.stick.receiveSms({ from: FROM, text: 'two' });
    await it.until(() => it.got.length === 2);
    const list = await it.run(it.sms.list());
    assert.deepEqual(
      list.map(({ store, index, handedOver }) => [store, index, handedOver]),
      [
        ['ME', 0, true],
        ['SM', 0, true],
      ],
    );
    assert.equal(await it.run(it.sms.clear()), 2);
    assert.equal(it.stick.world.store('ME').used, 0);
    await it.restart({ onMessage: () => true });
    it.stick.receiveSms({ from: FROM, text: 'three', store: 'ME' });
    await it.wait(3_000);
    assert.equal(it.stick.world.store('ME').used, 0);
  });

  it('T42: fill each store, and each is told', async () => {
    const it = await opened();
    await it.wait(2_000);
    for (let n = 0; n < 100; n++) {
      it.stick.world.storePdu('ME', deliver({ text: `${n}`, at: n }), 1);
    }
    await it.wait(TIMEOUTS.sms.poll);
    const told = it.storages.filter(({ store }) => store === 'ME');
    assert.deepEqual(told.at(-1), { store: 'ME', used: 100, total: 100 });
  });

  it('come from the other stores although one can not be read; that is told once, and made up for later', async () => {
    const it = await opened();
    await it.wait(2_000);
    let refuses = true;
    onWrites(it.host, (bytes) => {
      const command = Buffer.from(bytes).toString('latin1');
      return refuses && command.startsWith('AT+CPMS="ME"') ? Buffer.from('AT+NONE \r') : bytes;
    });
    await it.restart();
    it.stick.receiveSms({ from: FROM, text: 'hidden', store: 'ME' });
    it.stick.receiveSms({ from: FROM, text: 'seen' });
    await it.wait(2 * TIMEOUTS.sms.poll);
    assert.deepEqual(it.texts(), ['seen']);
    assert.equal(it.errors.length, 1);
    refuses = false;
    await it.wait(TIMEOUTS.sms.poll);
    assert.deepEqual(brief(it.got), [
      ['seen', false],
      ['hidden', false],
    ]);
  });

  it('T25: are waited for in the place of what was deleted just before', async () => {
    const it = await opened({ onMessage: (message) => it.got.push(message) > 0 }, { quirks: ['cpms-lags'] });
    await it.wait(2_000);
    for (const text of ['one', 'two', 'three']) {
      const before = it.clock.now();
      it.stick.receiveSms({ from: FROM, text });
      await it.until(() => it.texts().includes(text));
      assert.ok(it.clock.now() - before < 3_000, text);
    }
  });

  it('without a time are told apart: an alarm that comes four times is four alarms', async () => {
    const alarm = deliver({ text: 'ALARM' }).replace('52503200000080', 'FFFFFFFFFFFFFF');
    for (const remove of [false, true]) {
      const it = await opened({ onMessage: (message) => it.got.push(message) > 0 && remove });
      await it.wait(2_000);
      for (let n = 1; n <= 4; n++) {
        it.stick.receivePdu(alarm);
        if (n === 2) await it.restart();
        await it.until(() => it.got.length >= n);
        await it.wait(TIMEOUTS.sms.poll);
        assert.equal(it.got.length, n, `${remove}`);
      }
      await it.restart();
      await it.wait(TIMEOUTS.sms.poll);
      assert.deepEqual(it.texts(), ['ALARM', 'ALARM', 'ALARM', 'ALARM']);
      assert.equal(it.stick.world.store('SM').used, remove ? 0 : 4);
    }
  });

  it('without a time and a place are four alarms, too', async () => {
    const it = await opened();
    await it.wait(2_000);
    const alarm = deliver({ text: 'ALARM' }).replace('52503200000080', 'FFFFFFFFFFFFFF');
    for (const together of [1, 1, 2]) {
      for (let n = 0; n < together; n++) it.stick.urc(`+CMT: ,${alarm.length / 2 - 1}\r\n${alarm}`);
      await it.wait(2_000);
    }
    assert.equal(it.got.length, 4);
    await it.restart();
    await it.wait(2_000);
    assert.equal(it.got.length, 4);
  });
});

describe('messages that only their place tells apart', () => {
  const hex = deliver({ text: 'ALARM' }).replace('52503200000080', 'FFFFFFFFFFFFFF');

  it('are others when they are unread again or announced, but not where a stick marks nothing as read', () => {
    const pieces = new Pieces(new VirtualClock());
    const renewed: string[] = [];
    const look = (status: number, announced = false) => {
      const before = renewed.length;
      pieces.read([{ store: 'SM', index: 0, status, hex, announced }], ['SM'], [], (key) => renewed.push(key));
      return renewed.length - before;
    };
    assert.deepEqual(
      [0, 1, 1, 0, 0, 0].map((status) => look(status)),
      [1, 0, 0, 1, 0, 0],
    );
    assert.deepEqual([look(0, true), look(0), look(1), look(1, true)], [1, 0, 0, 0]);
    // Gone, and there again.
    pieces.read([], ['SM'], [], () => undefined);
    assert.equal(look(0), 1);
    // A store that can not be read for once has changed nothing.
    pieces.read([], ['ME'], [], () => undefined);
    assert.equal(look(0), 0);
  });
});

describe('the stores that a stick can receive into', () => {
  const told = (...lines: string[]) =>
    receivingStores(async (command) => ({ command, ok: true, final: 'OK', lines, ms: 0 }));

  it('are those that are in its lists for receiving and for reading, the SIM first', async () => {
    assert.deepEqual(await told('+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")'), ['SM', 'ME']);
    assert.deepEqual(await told('+CPMS: ("ME","MT","SM","SR"),("ME","MT","SM","SR"),("ME","MT","SM","SR")'), [
      'SM',
      'ME',
      'SR',
    ]);
    assert.deepEqual(await told('+CPMS:(SM,ME), (SM), (SM)'), ['SM']);
    assert.deepEqual(await told('+CPMS: ("SM","BM","SR"),("SM"),("SM")'), ['SM', 'SR']);
    assert.deepEqual(await told('+CPMS: ("MT"),("MT"),("MT")'), ['MT']);
    assert.deepEqual(await told('+CPMS: "SM","ME"'), ['SM', 'ME']);
    assert.deepEqual(await told(), []);
  });

  it('are not known where the stick refuses to tell', async () => {
    const refusing = () =>
      Promise.reject(
        failure(
          'CMS_ERROR/refused',
          { command: 'AT+CPMS=?', answer: '+CMS ERROR: 303', words: null, stick: null },
          { number: 303 },
        ),
      );
    assert.deepEqual(await receivingStores(refusing), []);
    const silent = () => Promise.reject(failure('TIMEOUT/out-of-step', { path: '/dev/ttyUSB0' }));
    await assert.rejects(receivingStores(silent), { code: 'TIMEOUT' });
  });
});
