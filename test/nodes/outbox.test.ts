/** SMS of a flow over deploys, and over the end of its Node-RED: each has one fate, by the log of the stick. */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StickEvent } from '../../src/virtual/events';
import { MODEM, ServedSticks } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { RedProcess } from './red-process';
import {
  type Caught,
  caught,
  deploy,
  errorsLogged,
  type FlowNode,
  forget,
  inject,
  type Message,
  output,
  outputs,
  startRuntime,
  status,
  tab,
} from './runtime';
import { smsOutNode, stickNode, testModem } from './sticks';

const TO = '+491701234567';
const LONG = 'A long text about water in the cellar. '.repeat(9);

const smsOut = (more: object = {}): FlowNode => smsOutNode('out', { to: TO, ...more });

const payload = (msg: Message) => msg.payload as Record<string, unknown>;
const texts = (events: StickEvent[]) => events.flatMap((event) => (event.what === 'sms' ? (event.whole ?? []) : []));
const isSms = (event: StickEvent) => event.what === 'sms';
const isWith = (id: string) => (msg: Message) => payload(msg).id === id;

describe('a deploy in the middle of an SMS', () => {
  before(startRuntime);
  after(() => deploy([]));

  for (const [what, text, more] of [
    ['of one part', 'short', {}],
    ['of many parts', LONG, {}],
    ['with reports', LONG, { report: true }],
  ] as const) {
    it(`${what} loses nothing: it comes out of the node's next life`, async () => {
      const { name, stick, next, events } = await testModem({ timing: { sms: 100 } });
      const flow = () => tab([stickNode(name), smsOut(more)]);
      await deploy(flow());
      await status('out', 'status.ready');
      const given = next((event) => event.what === 'at' && event.command.startsWith('AT+CMGS') && event.final === '>');
      inject('out', { topic: 'mine', _msgid: 'abc', payload: { text, id: 'a' } });
      inject('out', { topic: 'next', payload: { text: 'after it', id: 'b' } });
      await given;
      await deploy(flow());
      const first = await output('out', 0, isWith('a'));
      const { refs, ...rest } = payload(first);
      const parts = text === LONG ? 3 : 1;
      assert.deepEqual(rest, { ok: true, id: 'a', state: 'sent', stick: name, to: TO, parts });
      assert.deepEqual([first.topic, first._msgid], ['mine', 'abc']);
      assert.equal((refs as number[]).length, parts);
      await output('out', 0, isWith('b'));
      assert.equal(outputs('out').length, 2);
      assert.deepEqual(texts(events), [text, 'after it']);
      assert.equal(events.filter(isSms).length, parts + 1);
      assert.deepEqual(errorsLogged(), []);
      assert.equal(stick.plugged, true);
    });
  }

  it('that takes the node away sends nothing more, also of what an earlier life had left', async () => {
    const { name, stick, next, events } = await testModem();
    stick.world.centre.settings.refuse = 42;
    const refused = next((event) => event.what === 'at' && event.final === '+CMS ERROR: 42');
    await deploy(tab([stickNode(name), smsOut()]));
    inject('out', { payload: 'one' });
    await refused;
    await deploy(tab([stickNode(name), smsOut()]));
    await status('out', 'status.ready');
    inject('out', { payload: 'two' });
    await deploy(tab([stickNode(name), smsOut({ id: 'other' })]));
    stick.world.centre.settings.refuse = 0;
    inject('other', { payload: 'three' });
    await output('other');
    assert.deepEqual(texts(events), ['three']);
  });

  it('is told to a Catch node where it could not be sent in the end', async () => {
    const { name, stick, next } = await testModem();
    stick.world.centre.settings.refuse = 42;
    const refused = next((event) => event.what === 'at' && event.final === '+CMS ERROR: 42');
    await deploy(tab([stickNode(name), smsOut()]));
    inject('out', { topic: 'mine', payload: { text: 'very secret', id: 'a' } });
    await refused;
    stick.world.centre.settings.refuse = 21;
    await deploy(tab([stickNode(name), smsOut()]));
    const { error, topic, payload: rest } = await caught('out');
    assert.equal(error.code, 'CMS_ERROR');
    assert.match(error.message, /^The SMS was not sent: /);
    assert.doesNotMatch(JSON.stringify(error), /secret|1701234567/);
    assert.equal(topic, 'mine');
    assert.deepEqual(rest, { ok: false, stick: name, id: 'a', state: 'failed', to: TO, parts: 1, refs: [] });
  });
});

describe('the id of an SMS', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('is msg.id or that of the payload, and never _msgid', async () => {
    const { name, events } = await testModem();
    await deploy(tab([stickNode(name), smsOut()]));
    const ask = async (msg: Message) => {
      forget();
      inject('out', msg);
      return payload(await output('out'));
    };
    const same = { _msgid: 'abc', payload: 'same' };
    const made = [await ask({ ...same }), await ask({ ...same })].map(({ id, duplicate }) => [id === 'abc', duplicate]);
    assert.deepEqual(made, [
      [false, undefined],
      [false, undefined],
    ]);
    assert.equal((await ask({ id: 7, payload: 'seven' })).id, '7');
    assert.equal((await ask({ id: 7, payload: 'seven' })).duplicate, true);
    assert.equal((await ask({ id: 7, payload: { text: 'eight', id: 'eight' } })).id, 'eight');
    inject('out', { id: 7, payload: 'other' });
    assert.equal((await caught('out')).error.code, 'ID_REUSED');
    assert.deepEqual(texts(events), ['same', 'same', 'seven', 'eight']);
    for (const wrong of [{ id: 'a b' }, { id: {} }, { ttl: 0 }, { ttl: 'x' }]) {
      forget();
      inject('out', { payload: { text: 'x', ...wrong } });
      assert.equal((await caught('out')).error.code, 'BAD_ARGUMENT', JSON.stringify(wrong));
    }
  });

  it('comes with a time to live in seconds', async () => {
    const { name, stick, events } = await testModem();
    stick.world.centre.settings.refuse = 42;
    await deploy(tab([stickNode(name), smsOut()]));
    inject('out', { payload: 'first' });
    inject('out', { payload: { text: 'x', ttl: 0.05 } });
    assert.equal((await caught('out')).error.code, 'EXPIRED');
    assert.deepEqual(texts(events), []);
  });
});

describe('a Node-RED that ends in the middle of an SMS', () => {
  let folder: string;
  let machine: string;
  let served: ServedSticks;
  let red: RedProcess | undefined;

  beforeEach(() => {
    folder = tempFolder('outbox');
    machine = join(folder, 'machine');
    mkdirSync(machine);
  });
  afterEach(async () => {
    await red?.kill();
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const flow = (): FlowNode[] => [
    { id: 'tab', type: 'tab', label: 'tab' },
    stickNode(served.place),
    { ...smsOut(), z: 'tab', wires: [['sink'], ['sink']] },
    { id: 'catcher', type: 'catch', z: 'tab', scope: null, uncaught: false, wires: [['sink']] },
    { id: 'sink', type: 'junction', z: 'tab', wires: [[]] },
  ];
  async function start(): Promise<RedProcess> {
    mkdirSync(join(folder, 'user'), { recursive: true });
    red = await RedProcess.start(join(folder, 'user'), machine, served.place, flow());
    return red;
  }
  /** What tells one run of the machine from another. */
  function boot(name: string): void {
    const path = join(machine, 'proc/sys/kernel/random/boot_id');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name);
  }
  /** Three messages, and an end of the process while the stick has the second part of the first one. */
  async function killInTheMiddle(): Promise<void> {
    served = await ServedSticks.start([MODEM]);
    served.order({ do: 'plug' });
    const first = await start();
    await first.shows('out', 'status.ready');
    served.order({ fault: 'silence', at: 'sms', nth: 2 });
    for (const [id, text] of Object.entries({ a: LONG, b: 'second', c: 'third' })) {
      first.inject('out', { topic: `about ${id}`, payload: { id, text } });
    }
    await served.logged(({ what }) => what === 'fault');
    await first.kill();
    await served.logged(({ what, present }) => what === 'client' && present === false);
    // A firmware that has fallen silent starts anew.
    const before = served.log.length;
    served.stick.unplug();
    served.order({ do: 'plug' });
    await served.logged(({ what, present }) => what === 'tty' && present === true, before);
  }
  const sent = () => served.log.filter(({ what }) => what === 'sms').map(({ whole = '(a part)' }) => whole);

  it('goes on with what waited, and says what nobody knows', async () => {
    await killInTheMiddle();
    const again = await start();
    const { topic, error, payload: rest } = (await again.output('catcher', 0)) as Caught;
    assert.deepEqual([topic, error.code], ['about a', 'MAYBE_SENT']);
    assert.equal((rest as { state: string }).state, 'unknown');
    assert.equal((await again.output('out', 0, isWith('b'))).topic, 'about b');
    await again.output('out', 0, isWith('c'));
    assert.deepEqual(sent(), ['(a part)', 'second', 'third']);
    again.inject('out', { payload: { id: 'b', text: 'second' } });
    await again.output('out', 0, (msg) => payload(msg).duplicate === true);
    assert.deepEqual(sent(), ['(a part)', 'second', 'third']);
  });

  it('sends nothing of it after a start of the machine, as from a restored backup', async () => {
    boot('one');
    await killInTheMiddle();
    boot('two');
    const again = await start();
    for (const [id, code] of Object.entries({ a: 'MAYBE_SENT', b: 'EXPIRED', c: 'EXPIRED' })) {
      const { error } = (await again.output('catcher', 0, isWith(id))) as Caught;
      assert.equal(error.code, code, id);
    }
    again.inject('out', { payload: { id: 'd', text: 'fourth' } });
    await again.output('out', 0, isWith('d'));
    assert.deepEqual(sent(), ['(a part)', 'fourth']);
  });
});
