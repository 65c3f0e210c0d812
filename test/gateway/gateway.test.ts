/** What is asked of a gateway, and what it answers. */

import assert from 'node:assert/strict';
import { parseAllowList } from '../../src/at/allow';
import { CONTACT, fates, type GatewayBench, gatewayBench, OTHER, settingsOf } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';

const told = (it: GatewayBench, id: string, word: string) => it.until(() => fates(it.receipts(id)).endsWith(word));
/** The codes of what was refused. */
const codes = (it: GatewayBench) => it.refused.map(({ error }) => `${error.code}/${error.reason}`);

describe('a gateway', () => {
  it('sends what it is told to, and says so under the id of the sender', async () => {
    const it = await gatewayBench();
    it.send(SET, { id: 'a1', to: OTHER, text: 'Water in the cellar' });
    await told(it, 'a1', 'sent');
    assert.deepEqual(it.texts, ['Water in the cellar']);
    const [accepted, sent] = it.receipts('a1');
    assert.equal(accepted?.parts, 1);
    assert.deepEqual([sent?.to, sent?.refs?.length], [OTHER, 1]);
    await it.close();
  });

  it('answers what comes again with what it has said, and sends nothing', async () => {
    const it = await gatewayBench();
    const command = { id: 'a1', to: OTHER, text: 'once' };
    it.send(SET, command);
    it.send(SET, command);
    await told(it, 'a1', 'sent');
    // Other members that say nothing of the message are no difference.
    it.send(SET, { ...command, v: 1, ttl: 60 });
    await told(it, 'a1', 'sent!');
    it.send(SET, { ...command, text: 'other' });
    await told(it, 'a1', 'refused');
    assert.equal(it.receipts('a1').at(-1)?.code, 'ID_REUSED');
    it.send(SET, command);
    await told(it, 'a1', 'sent!');
    assert.deepEqual(it.texts, ['once']);
    await it.close();
  });

  it('refuses a retained command, each time, without putting it on record', async () => {
    const it = await gatewayBench();
    it.send(SET, { id: 'a1', to: OTHER, text: 'retained' }, { retain: true });
    await told(it, 'a1', 'refused');
    assert.deepEqual(codes(it), ['COMMAND_REFUSED/retained']);
    it.send(SET, '', { retain: true });
    it.send(SET, { id: 'a1', to: OTHER, text: 'not retained' });
    await told(it, 'a1', 'sent');
    assert.deepEqual(it.texts, ['not retained']);
    await it.close();
  });

  it('refuses what its schema does not know', async () => {
    const it = await gatewayBench({ settings: { ussd: ['*100#'] } });
    for (const [id, command, topic] of [
      ['typo', { to: OTHER, txt: 'Water' }, SET],
      ['more', { to: OTHER, text: 'Water', colour: 'red' }, SET],
      ['version', { v: 2, to: OTHER, text: 'Water' }, SET],
      ['empty', { to: OTHER, text: '' }, SET],
      ['type', { to: OTHER, text: 5 }, SET],
    ] as const) {
      it.send(topic, { id, ...command });
      await told(it, id, 'refused');
      assert.equal(it.receipts(id)[0]?.code, 'BAD_ARGUMENT', id);
    }
    it.send('e3272/gw1/command/set', { id: 'order', do: 'format' });
    await it.until(() => it.results('order').length === 1);
    assert.deepEqual([it.results('order')[0]?.ok, it.results('order')[0]?.error?.code], [false, 'BAD_ARGUMENT']);
    it.send(SET, 'no JSON');
    await it.until(() => codes(it).includes('BAD_ARGUMENT/command-json'));
    it.send(SET, `{"to":"${OTHER}","text":"${'x'.repeat(20_000)}"}`);
    await it.until(() => codes(it).includes('BAD_ARGUMENT/command-length'));
    assert.deepEqual(it.texts, []);
    // What was wrong may come again in order under its id.
    it.send(SET, { id: 'typo', to: OTHER, text: 'Water' });
    await told(it, 'typo', 'sent');
    await it.close();
  });

  it('makes an id for a command without one, and takes the same packet once', async () => {
    const it = await gatewayBench({ settings: { defaultTo: '@anna' } });
    it.send(SET, 'plain text', { packet: 7 });
    it.send(SET, 'plain text', { packet: 7 });
    it.send(SET, 'plain text', { packet: 8 });
    await it.until(() => it.texts.length === 2);
    await it.wait(5_000);
    assert.deepEqual(it.texts, ['plain text', 'plain text']);
    const receipts = it.broker.captured.filter(({ topic }) => topic.endsWith('/receipt'));
    for (const { payload } of receipts) {
      const { id_made, to } = JSON.parse(payload) as { id_made?: boolean; to: string };
      assert.deepEqual([id_made, to], [true, '@anna']);
    }
    await it.close();
  });

  it('knows whom it may send to: contacts, the list, no short numbers', async () => {
    const it = await gatewayBench({ settings: { numbers: ['+4917139*', '22922'] } });
    for (const [id, to, code] of [
      ['contact', '@anna', undefined],
      ['nobody', '@bob', 'BAD_ARGUMENT/contact'],
      ['listed', OTHER, undefined],
      ['stranger', '+15551234567', 'COMMAND_REFUSED/gateway-number'],
      ['short', '22922', undefined],
      ['shorter', '229', 'COMMAND_REFUSED/gateway-number'],
      ['whom', undefined, 'BAD_ARGUMENT/command-recipient'],
    ] as const) {
      it.send(SET, { id, text: id, ...(to !== undefined && { to }) });
      await told(it, id, code === undefined ? 'sent' : 'refused');
      if (code !== undefined) assert.equal(codes(it).at(-1), code, id);
    }
    assert.deepEqual(it.texts, ['contact', 'listed', 'short']);
    await it.close();
    const open = await gatewayBench();
    open.send(SET, { id: 'short', to: '22922', text: 'dear' });
    await told(open, 'short', 'refused');
    assert.equal(codes(open)[0], 'COMMAND_REFUSED/gateway-short-number');
    await open.close();
  });

  it('sends AT and USSD only where they are listed, and answers with what came', async () => {
    const it = await gatewayBench({ settings: { at: parseAllowList('+CSQ\n+CREG?'), ussd: ['*100#', '*10?*?#'] } });
    const ask = async (kind: string, command: object) => {
      const id = `r${it.broker.captured.length}`;
      it.send(`e3272/gw1/${kind}/set`, { id, ...command });
      await it.until(() => it.results(id).length === 1);
      return it.results(id)[0];
    };
    const csq = await ask('at', { command: 'AT+CSQ' });
    assert.equal(csq?.ok, true);
    assert.match(String(csq?.['lines']), /^\+CSQ: \d+,\d+$/);
    for (const command of ['AT+CSQ;+CFUN=0', 'AT+CPIN?', 'AT+CREG=1']) {
      assert.equal((await ask('at', { command }))?.error?.code, 'COMMAND_REFUSED', command);
    }
    assert.equal((await ask('ussd', { code: '*100#' }))?.ok, true);
    // Listed, but no code of this network.
    assert.notEqual((await ask('ussd', { code: '*104*7#' }))?.error?.code, 'COMMAND_REFUSED');
    for (const code of ['**21*5551234#', '*100#*1', '*1000#']) {
      assert.equal((await ask('ussd', { code }))?.error?.code, 'COMMAND_REFUSED', code);
    }
    await it.close();
    const off = await gatewayBench();
    off.send('e3272/gw1/at/set', { id: 'at', command: 'AT+CSQ' });
    await off.until(() => off.results('at').length === 1);
    assert.equal(codes(off)[0], 'COMMAND_REFUSED/gateway-off');
    await off.close();
  });

  it('carries out orders: figures, radio, restart', async () => {
    const it = await gatewayBench();
    const commands: string[] = [];
    it.stick.onEvent((event) => {
      if (event.what === 'at') commands.push(event.command.trim());
    });
    for (const order of ['rescan', 'radio_off', 'radio_on', 'restart']) {
      it.send('e3272/gw1/command/set', { id: order, do: order });
      await it.until(() => it.results(order).length === 1);
      assert.equal(it.results(order)[0]?.ok, true, order);
      it.send('e3272/gw1/command/set', { id: order, do: order });
      await it.until(() => it.results(order).length === 2);
      assert.equal(it.results(order)[1]?.duplicate, true);
    }
    assert.deepEqual(
      commands.filter((command) => /CFUN=|RESET/.test(command)),
      ['AT+CFUN=0', 'AT+CFUN=1', 'AT^RESET'],
    );
    await it.close();
  });

  it('restarts a stick in HiLink mode by its web API, unless the machine goes out through it', async () => {
    const it = await gatewayBench({ hilink: true });
    const path = it.stick.portPath;
    const order = async (id: string) => {
      it.send('e3272/gw1/command/set', { id, do: 'restart' });
      await it.until(() => it.results(id).length === 1);
      return it.results(id)[0];
    };
    it.host.ownLines.add(path);
    assert.equal((await order('cut'))?.error?.code, 'COMMAND_REFUSED');
    it.host.ownLines.delete(path);
    const before = it.stick.device?.address;
    assert.equal((await order('go'))?.ok, true);
    await it.until(() => it.stick.device !== undefined && it.stick.device.address !== before);
    await it.close();
  });

  it('switches no radio of a stick in HiLink mode, and says why', async () => {
    const it = await gatewayBench({ hilink: true });
    for (const id of ['radio_off', 'radio_on']) {
      it.send('e3272/gw1/command/set', { id, do: id });
      await it.until(() => it.results(id).length === 1);
      const { ok, error } = it.results(id)[0] ?? {};
      assert.deepEqual([ok, error?.code], [false, 'COMMAND_REFUSED']);
      assert.match(String(error?.text), /radio was not switched/);
    }
    assert.equal(it.broker.retained.get('e3272/gw1/stick')?.includes('"ready":true'), true);
    await it.close();
  });

  it('tells of a delivery, of each message that comes, once, and counts them', async () => {
    const it = await gatewayBench();
    it.send(SET, { id: 'a1', to: '@anna', text: 'x'.repeat(200), report: true });
    await told(it, 'a1', 'delivered');
    it.stick.receiveSms({ from: OTHER, text: 'The door is open' });
    const received = () => it.broker.captured.filter(({ topic }) => topic.endsWith('/sms/received'));
    await it.until(() => received().length === 1);
    await it.wait(130_000);
    const state = JSON.parse(it.broker.retained.get('e3272/gw1/state') ?? '{}') as { sms: object };
    const { last_received_at: _, ...sms } = state.sms as { last_received_at: string };
    assert.deepEqual(sms, { sent: 1, failed: 0, received: 1, queued: 0, limit_left: 28 });
    assert.equal(received()[0]?.retain, false);
    await it.close();
  });

  it('answers where MQTT 5 asks for it, below its own topics and those that are set, and nowhere else', async () => {
    const it = await gatewayBench({ settings: { replies: ['flows/'] } });
    const correlationData = Buffer.from([1, 2, 0, 255]);
    const ask = (id: string, responseTopic: string) =>
      it.send(SET, { id, to: OTHER, text: id }, { responseTopic, correlationData });
    ask('own', 'e3272/gw1/reply/7');
    ask('set', 'flows/7');
    ask('foreign', 'locks/door/set');
    ask('state', 'e3272/gw1/state');
    ask('command', 'e3272/gw1/sms/set');
    for (const id of ['own', 'set', 'foreign', 'state', 'command']) await told(it, id, 'sent');
    const on = (topic: string) => it.broker.captured.filter((message) => message.topic === topic);
    for (const topic of ['e3272/gw1/reply/7', 'flows/7']) {
      assert.equal(on(topic).length, 2, topic);
      for (const { correlationData: told } of on(topic)) assert.deepEqual(told, correlationData);
    }
    assert.deepEqual(on('locks/door/set'), []);
    assert.ok(!on('e3272/gw1/state').some(({ payload }) => payload.includes('event_type')));
    assert.equal(it.texts.length, 5);
    await it.close();
  });

  it('takes what comes between two lives', async () => {
    const it = await gatewayBench();
    await it.close();
    it.send(SET, { id: 'a1', to: OTHER, text: 'between' });
    it.restart();
    it.connect();
    await told(it, 'a1', 'accepted sent');
    assert.deepEqual(it.texts, ['between']);
    await it.close();
  });

  it('tells the first refusal of a day apart', async () => {
    const it = await gatewayBench();
    for (const id of ['a', 'b']) it.send(SET, { id, to: '229', text: 'short' });
    it.machine.wall += 86_400_000;
    it.send(SET, { id: 'c', to: '229', text: 'short' });
    assert.deepEqual(
      it.refused.map(({ first }) => first),
      [true, false, true],
    );
    await it.close();
  });

  it('tells no number, no text in what is retained', async () => {
    const it = await gatewayBench({ settings: settingsOf({ defaultTo: '@anna' }) });
    it.send(SET, { id: 'a1', to: '@anna', text: 'planted text' });
    it.send(SET, { id: 'a2', to: OTHER, text: 'planted text 2' });
    it.stick.receiveSms({ from: OTHER, text: 'planted text 3' });
    await told(it, 'a2', 'sent');
    await it.wait(300_000);
    for (const { topic, payload, retain } of it.broker.captured) {
      if (!retain) continue;
      assert.ok(!/planted/.test(payload), topic);
      for (const number of [CONTACT, OTHER]) assert.ok(!payload.includes(number.slice(3)), topic);
    }
    // By its contact the number of a recipient is told nowhere.
    assert.ok(!it.broker.captured.some(({ payload }) => payload.includes(CONTACT.slice(3))));
    await it.close();
  });
});
