import assert from 'node:assert/strict';
import { processWide } from '../../src/process-wide';
import {
  type Caught,
  caught,
  deploy,
  errorsLogged,
  forget,
  inject,
  loadErrors,
  type Message,
  output,
  outputs,
  startRuntime,
  status,
  statusesOf,
  tab,
} from './runtime';
import { replaceMachine, smsInNode as smsIn, smsOutNode as smsOut, stickNode, testModem } from './sticks';

const FROM = '+491701234567';
const payload = (msg: Message) => msg.payload as Record<string, unknown>;
const text = (wanted: string) => (msg: Message) => payload(msg).text === wanted;
const event = (wanted: string) => (msg: Message) => payload(msg).event === wanted;

describe('e3272-sms-in', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('closed while it opens takes no message', async () => {
    const { stick, host } = await testModem();
    const restore = replaceMachine(host);
    try {
      let load = () => {};
      processWide<{ host?: unknown }>('machine', () => ({})).host = new Promise((resolve) => {
        load = () => resolve(host);
      });
      await deploy(tab([stickNode('auto'), smsIn('in', { remove: true })]));
      await deploy(tab([stickNode('auto'), smsOut('out')]));
      load();
      await status('out', 'status.ready');
      stick.receiveSms({ from: FROM, text: 'for somebody else' });
      forget();
      await deploy(tab([stickNode('auto'), smsOut('out'), smsIn('later')]));
      await output('later', 0, text('for somebody else'));
      assert.equal(outputs('in').length, 0);
    } finally {
      await deploy([]);
      restore();
    }
  });

  it('alone has the PIN of its stick entered', async () => {
    const { name, next } = await testModem({ sim: { state: 'pin', pin: '4711' } });
    const entered = next((e) => e.what === 'at' && e.command.startsWith('AT+CPIN='));
    await deploy(tab([{ ...stickNode(name), credentials: { pin: '4711' } }, smsIn('in')]));
    await entered;
  });

  it('loads with the rest of the package', () => {
    assert.deepEqual(loadErrors(), []);
  });

  it('hands over what the stick receives, once, also over a deploy', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), smsIn('in')]));
    await status('in', 'status.ready');
    // Answered after the first look: what comes later was not there before.
    inject('in', { payload: 'list' });
    await output('in', 1);
    stick.receiveSms({ from: FROM, text: 'hello', time: Date.UTC(2025, 4, 23, 10, 0, 34) });
    const { topic, payload: got } = await output('in');
    const { time, ...rest } = got as { time: string };
    assert.deepEqual(rest, { stick: name, from: FROM, text: 'hello', parts: 1 });
    assert.equal(Date.parse(time), Date.UTC(2025, 4, 23, 10, 0, 34));
    assert.equal(topic, name);
    await deploy(tab([stickNode(name), smsIn('in')]));
    await status('in', 'status.ready');
    stick.receiveSms({ from: 'Vodafone', text: 'second' });
    await output('in', 0, text('second'));
    assert.deepEqual(
      outputs('in').map((msg) => payload(msg).text),
      ['second'],
    );
  });

  it('puts long messages together, and hands over incomplete ones after the time for it', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), smsIn('in', { incomplete: 0.0001, poll: 0.2 })]));
    await status('in', 'status.ready');
    const long = 'water in the cellar '.repeat(20);
    stick.receiveSms({ from: FROM, text: long, order: [3, 1, 2, 1] });
    assert.equal(payload(await output('in')).text, long);
    stick.receiveSms({ from: FROM, text: `${'a'.repeat(153)}${'b'.repeat(153)}c`, order: [1, 3] });
    const cut = payload(await output('in', 0, (msg) => payload(msg).missing !== undefined));
    assert.deepEqual([cut.text, cut.missing], [`${'a'.repeat(153)}c`, [2]]);
  });

  it('leaves out flash messages and what was there before, if that is wished', async () => {
    const { name, stick } = await testModem();
    stick.receiveSms({ from: FROM, text: 'before' });
    await deploy(tab([stickNode(name), smsIn('all'), smsIn('some', { existing: false, flash: false })]));
    await output('all', 0, text('before'));
    stick.receiveSms({ from: FROM, text: 'flash', flash: true });
    stick.receiveSms({ from: FROM, text: 'plain' });
    await output('some', 0, text('plain'));
    assert.equal(outputs('some').length, 1);
    const all = outputs('all').map(payload);
    assert.equal(all.find((p) => p.text === 'before')?.existing, true);
    assert.equal(all.find((p) => p.text === 'flash')?.flash, true);
  });

  it('T42: warns before the SIM is full, shows it, lists and clears', async () => {
    const { name, stick } = await testModem({ sim: { messages: 5 } });
    await deploy(tab([stickNode(name), smsIn('in')]));
    await status('in', 'status.ready');
    for (let n = 1; n <= 4; n++) stick.receiveSms({ from: FROM, text: `${n}` });
    const low = payload(await output('in', 1, event('storage')));
    assert.deepEqual(low, { event: 'storage', stick: name, store: 'SM', used: 4, total: 5, level: 'low' });
    stick.receiveSms({ from: FROM, text: '5' });
    await output('in', 1, (msg) => payload(msg).level === 'full');
    await status('in', 'status.full');
    inject('in', { payload: 'list', topic: 'mine' });
    const list = await output('in', 1, event('list'));
    assert.equal(list.topic, 'mine');
    const messages = payload(list).messages as { handedOver: boolean; index: number }[];
    assert.deepEqual(
      messages.map(({ index, handedOver }) => [index, handedOver]),
      [0, 1, 2, 3, 4].map((index) => [index, true]),
    );
    forget();
    inject('in', { payload: 'clear' });
    assert.equal(payload(await output('in', 1, event('cleared'))).deleted, 5);
    stick.receiveSms({ from: FROM, text: 'again' });
    await output('in', 0, text('again'));
    await output('in', 1, (msg) => payload(msg).level === 'ok');
    inject('in', { payload: 'what?' });
    assert.equal((await caught('in')).error.code, 'BAD_ARGUMENT');
  });

  it('deletes what it has handed over, if that is wished', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), smsIn('in', { remove: true })]));
    await status('in', 'status.ready');
    stick.receiveSms({ from: FROM, text: 'gone' });
    await output('in');
    inject('in', { payload: 'list' });
    assert.deepEqual(payload(await output('in', 1, event('list'))).messages, []);
  });
});

describe('e3272-sms-out', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('sends a text to the number in the message, the payload or the node, which wins', async () => {
    const { name, next } = await testModem();
    await deploy(tab([stickNode(name), smsOut('out'), smsOut('fixed', { to: '+49 170 1234567' })]));
    for (const [id, msg, to] of [
      ['out', { payload: 'one', to: '22922' }, '22922'],
      ['out', { payload: { to: '0170/999', text: 'two' } }, '0170999'],
      ['fixed', { payload: { to: '0900', text: 'three' }, to: '0900' }, '+491701234567'],
    ] as const) {
      const sent = next((e) => e.what === 'sms');
      forget();
      inject(id, { ...msg, topic: 'mine' });
      const result = await output(id);
      assert.equal(result.topic, 'mine');
      const { refs, id: made, ...rest } = payload(result);
      assert.deepEqual(rest, { ok: true, state: 'sent', stick: name, to, parts: 1 });
      assert.match(String(made), /^[0-9a-f-]{36}$/);
      assert.equal((refs as number[]).length, 1);
      const seen = await sent;
      assert.ok(seen.what === 'sms' && seen.to === to);
    }
  });

  it('sends flash messages, and reports come later, with the topic and id of what was sent', async () => {
    const { name, next, stick } = await testModem();
    stick.world.centre.settings.delayMs = 20;
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM, report: true })]));
    const sent = next((e) => e.what === 'sms');
    // Awaited from the start: a busy machine may have it as soon as the first output is seen.
    const report = output('out', 1, (msg) => payload(msg).part === 2);
    inject('out', { _msgid: 'abc', topic: 'mine', payload: { text: 'x'.repeat(200), flash: true } });
    const { refs } = payload(await output('out'));
    const seen = await sent;
    assert.ok(seen.what === 'sms' && seen.flash && seen.report);
    const second = await report;
    const { time, ...rest } = payload(second);
    assert.equal(typeof time, 'string');
    assert.deepEqual(rest, {
      stick: name,
      to: FROM,
      ref: (refs as number[])[1],
      part: 2,
      parts: 2,
      outcome: 'delivered',
      status: 0,
    });
    assert.deepEqual([second.topic, second._msgid], ['mine', 'abc']);
  });

  it("hands the network's refusal to Catch nodes, with its number and without number or text of people", async () => {
    const { name, stick } = await testModem();
    stick.world.centre.settings.refuse = 21;
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM })]));
    inject('out', { payload: 'very secret', topic: 'mine' });
    const { error, topic } = await caught('out');
    assert.equal(error.code, 'CMS_ERROR');
    assert.equal(error.cause?.number, 21);
    assert.match(error.message, /^The SMS was not sent: The stick refused AT\+CMGS=.*short message transfer rejected/);
    assert.equal(topic, 'mine');
    assert.doesNotMatch(JSON.stringify(error), /secret|1701234567/);
  });

  it('says MAYBE_SENT when the stick is lost after it got the text, and does not send again', async () => {
    const { name, stick, events } = await testModem();
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM })]));
    await status('out', 'status.ready');
    stick.faults.order({ fault: 'unplug', at: 'sms' });
    inject('out', { payload: 'alarm' });
    assert.equal((await caught('out')).error.code, 'MAYBE_SENT');
    assert.ok(events.filter((e) => e.what === 'sms').length <= 1);
  });

  it('sends only to numbers that are allowed', async () => {
    const { name, events } = await testModem();
    await deploy(tab([stickNode(name), smsOut('out', { allowed: '+49 170 1234567, 229*' })]));
    const refused = async (to: string): Promise<Caught['error']> => {
      forget();
      inject('out', { payload: 'x', to });
      return (await caught('out')).error;
    };
    for (const to of ['+491701234568', '0900123', '1229', '+4917012345678']) {
      const error = await refused(to);
      assert.equal(error.code, 'COMMAND_REFUSED', to);
      assert.doesNotMatch(error.message, /\d{5}/);
    }
    for (const to of ['+49 (170) 123-4567', '22922']) {
      forget();
      inject('out', { payload: 'x', to });
      await output('out');
    }
    assert.equal(events.filter((e) => e.what === 'sms').length, 2);
  });

  it('refuses what is no message, a full queue and too long a text, without telling what it was', async () => {
    const { name, events } = await testModem();
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM, parts: 2 })]));
    for (const wrong of [
      undefined,
      '',
      { to: FROM },
      ['secret'],
      Buffer.from('secret'),
      { text: 'secret'.repeat(100) },
    ]) {
      forget();
      inject('out', { payload: wrong });
      const { error } = await caught('out');
      assert.equal(error.code, 'BAD_ARGUMENT');
      assert.doesNotMatch(error.message, /secret/);
    }
    assert.equal(events.filter((e) => e.what === 'sms').length, 0);
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM, limit: 2 })]));
    for (const n of [1, 2, 3]) inject('out', { payload: `${n}` });
    assert.equal((await caught('out')).error.code, 'QUEUE_FULL');
    await output('out', 0, () => outputs('out').length === 2);
  });

  it('shows that it is sending, says what a deploy has cut off, and stays silent then', async () => {
    const { name, stick } = await testModem({ timing: undefined as never });
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM })]));
    await status('out', 'status.ready');
    stick.world.centre.settings.refuse = 42;
    inject('out', { payload: 'one' });
    inject('out', { payload: 'two' });
    await status('out', 'status.sending');
    await deploy(tab([stickNode(name)]));
    assert.deepEqual(errorsLogged(), []);
    assert.deepEqual(
      statusesOf('out').filter((s) => s.text === 'status.error'),
      [],
    );
  });

  it('without a stick says so', async () => {
    await deploy(tab([smsOut('out', { stick: 'nowhere' }), smsIn('in', { stick: '' })]));
    await Promise.all([status('out', 'status.noconfig'), status('in', 'status.noconfig')]);
    inject('out', { payload: 'x' });
    assert.equal((await caught('out')).error.code, 'BAD_ARGUMENT');
  });
});
