import assert from 'node:assert/strict';
import { isAllowed } from '../../nodes/e3272-sms-out/request';
import {
  caught,
  deploy,
  errorsLogged,
  forget,
  inject,
  type Message,
  output,
  startRuntime,
  status,
  tab,
} from './runtime';
import { stickNode, testModem } from './sticks';

const FROM = '+491701234567';

const smsIn = (id: string, more: object = {}) => ({
  id,
  type: 'e3272-sms-in',
  stick: 'stick',
  remove: false,
  existing: true,
  flash: true,
  incomplete: '',
  poll: '',
  ...more,
});

const smsOut = (id: string, more: object = {}) => ({
  id,
  type: 'e3272-sms-out',
  stick: 'stick',
  to: '',
  allowed: '',
  flash: false,
  report: false,
  validity: '',
  patience: 5,
  limit: 100,
  parts: 10,
  ...more,
});

const payload = (msg: Message) => msg.payload as Record<string, unknown>;

describe('limits of the SMS nodes', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('a list of allowed numbers that names nothing lets nothing pass', () => {
    for (const none of ['', undefined, null]) assert.ok(isAllowed('22922', none));
    for (const empty of [',', ' ', ';', '\n', ' , ;', '-', '[]', '{}', [], [''], {}, 0, false]) {
      assert.ok(!isAllowed('22922', empty), JSON.stringify(empty));
    }
    for (const list of ['22922', ',22922,', ['1', '22922'], '229*', '*', 22922]) {
      assert.ok(isAllowed('22922', list), JSON.stringify(list));
    }
  });

  it('nor does a list from a variable that is not there, and that of e3272-at', async () => {
    const { name, events } = await testModem();
    const at = (id: string, more: object) => ({
      id,
      type: 'e3272-at',
      stick: 'stick',
      command: '',
      commandType: 'msg',
      ...more,
    });
    await deploy(
      tab([
        stickNode(name),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Node-RED
        smsOut('env', { allowed: '${E3272_NOT_SET}' }),
        smsOut('comma', { allowed: ',' }),
        ...[',', ' ', ';', ''].map((allow, i) => at(`at${i}`, { commands: 'list', allow })),
        at('at4', { commands: 'LIST', allow: '+CSQ' }),
        at('at5', { commands: 'guarded' }),
      ]),
    );
    for (const id of ['env', 'comma']) {
      inject(id, { payload: 'x', to: FROM });
      assert.equal((await caught(id)).error.code, 'COMMAND_REFUSED', id);
    }
    for (const i of [0, 1, 2, 3, 4]) {
      inject(`at${i}`, { payload: 'AT+CREG?' });
      assert.equal((await caught(`at${i}`)).error.code, 'COMMAND_REFUSED', `at${i}`);
    }
    assert.ok(!events.some((e) => e.what === 'sms' || (e.what === 'at' && e.command.startsWith('AT+CREG'))));
    inject('at5', { payload: 'AT+CREG?' });
    await output('at5');
  });

  it('validity is in hours, as the network gets it', async () => {
    const { name, next } = await testModem();
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM, validity: 1 })]));
    for (const [msg, vp] of [
      [{ payload: 'one' }, '0B'],
      [{ payload: { text: 'two', validity: 24 } }, 'A7'],
    ] as const) {
      const sent = next((e) => e.what === 'sms');
      inject('out', msg);
      const seen = await sent;
      assert.ok(seen.what === 'sms');
      // Behind the coding scheme: 11 = (11 + 1) * 5 min, 167 = a day (3GPP TS 23.040, 9.2.3.12.1).
      assert.match(seen.pdu, new RegExp(`0000${vp}`));
    }
  });

  it('a store that is full is told, whichever it is, but shows as such only while the stick is there', async () => {
    const { name, stick } = await testModem();
    for (let n = 0; n < 100; n++) stick.world.storePdu('ME', '07919730071111F1000B9197', 1);
    await deploy(tab([stickNode(name), smsIn('in')]));
    const told = payload(await output('in', 1, (msg) => payload(msg).event === 'storage'));
    assert.deepEqual(told, { event: 'storage', stick: name, store: 'ME', used: 100, total: 100, level: 'full' });
    await status('in', 'status.full');
    forget();
    stick.unplug();
    await status('in', 'status.absent');
  });
});

describe('reports of the SMS nodes', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('come out of the node that has sent, also after a deploy, with topic and id', async () => {
    const { name, stick, next } = await testModem();
    stick.world.centre.settings.delayMs = 500;
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM, report: true })]));
    const sent = next((e) => e.what === 'sms');
    inject('out', { _msgid: 'abc', topic: 'mine', payload: 'hello' });
    await Promise.all([sent, output('out')]);
    await deploy(tab([stickNode(name), smsOut('out', { to: FROM, report: true })]));
    const { _msgid, topic, payload: report } = await output('out', 1);
    assert.deepEqual([_msgid, topic], ['abc', 'mine']);
    assert.equal((report as { outcome: string }).outcome, 'delivered');
    assert.deepEqual(errorsLogged(), []);
  });

  it('that nobody waits for are told by the node that receives, and fill no SIM, also where it keeps messages', async () => {
    const { name, stick, next } = await testModem();
    await deploy(tab([stickNode(name), smsIn('in', { remove: false })]));
    await status('in', 'status.ready');
    stick.receiveSms({ from: FROM, text: 'a message' });
    await output('in');
    const deleted = next((e) => e.what === 'at' && e.command.startsWith('AT+CMGD='));
    stick.receivePdu('0006070C91947110325476525032210043805250322101438000');
    const report = payload(await output('in', 1, (msg) => payload(msg).event === 'report'));
    assert.deepEqual([report.kind, report.reference, report.outcome], ['report', 7, 'delivered']);
    await deleted;
    assert.equal(stick.world.store('SM').used, 1);
  });
});
