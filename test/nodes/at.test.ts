import assert from 'node:assert/strict';
import {
  caught,
  deploy,
  forget,
  inject,
  loadErrors,
  logsOf,
  node,
  output,
  outputs,
  startRuntime,
  status,
  tab,
} from './runtime';
import { stickNode, testModem, testStick } from './sticks';

const at = (id: string, more: object = {}) => ({
  id,
  type: 'e3272-at',
  name: '',
  stick: 'stick',
  command: 'payload',
  commandType: 'msg',
  timeout: '',
  urcs: '',
  dangerous: false,
  ...more,
});

/** As version 0.1 has saved it. */
function savedBy01(id: string) {
  const { dangerous: _, ...saved } = at(id);
  return saved;
}

/** Answers, whatever took how long. */
const timeless = (payload: unknown): unknown =>
  JSON.parse(JSON.stringify(payload), (key, value) => (key === 'ms' ? undefined : value));

/** The stick has answered, well or ill. */
const answered = (id: string) =>
  Promise.race([
    output(id),
    output('catcher', 0, (m) => (m.payload as { final?: string } | undefined)?.final !== undefined),
  ]);

const isForced = (text: string): boolean => /"force".*"Allow dangerous commands"/.test(text);

describe('e3272-at', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('loads with the rest of the package', () => {
    assert.deepEqual(loadErrors(), []);
  });

  it('sends what the message says and keeps its other properties', async () => {
    const { name } = await testModem();
    await deploy(tab([stickNode(name), at('at')]));
    const req = { id: 17 };
    inject('at', { payload: 'AT^FHVER', req, topic: 'mine' });
    const answer = await output('at');
    assert.deepEqual(timeless(answer.payload), {
      command: 'AT^FHVER',
      ok: true,
      final: 'OK',
      lines: ['^FHVER:"E3272 21.420.07.00.00,VIRTUAL Ver.A"'],
      value: { product: 'E3272', software: '21.420.07.00.00', hardware: 'VIRTUAL Ver.A' },
    });
    assert.equal(answer.topic, 'mine');
    assert.equal(answer.req, req);
    assert.equal((await output('completer')).topic, 'mine');
  });

  it('takes the command from its settings, the named commands, a list and the context', async () => {
    const { name } = await testModem();
    await deploy(
      tab([
        stickNode(name),
        at('its-own', { command: 'AT+CGMI', commandType: 'str' }),
        at('picked', { command: 'ports', commandType: 'named' }),
        at('nowhere', { command: 'no.such.key', commandType: 'flow' }),
        at('at'),
      ]),
    );
    inject('its-own', { payload: 'ignored' });
    assert.equal(((await output('its-own')).payload as { command: string }).command, 'AT+CGMI');
    inject('picked', {});
    assert.deepEqual(((await output('picked')).payload as { value: unknown }).value, {
      before: ['FF'],
      after: ['10', '12'],
    });
    inject('nowhere', {});
    assert.equal((await caught('nowhere')).error.code, 'BAD_ARGUMENT');
    inject('at', { payload: ['AT', { command: 'ATI', timeout: 2 }, 'AT+CSQ'] });
    const list = (await output('at')).payload as { command: string; final: string }[];
    assert.deepEqual(
      list.map(({ command, final }) => `${command} ${final}`),
      ['AT OK', 'ATI OK', 'AT+CSQ OK'],
    );
  });

  it("hands the stick's refusal to Catch nodes with code, number and reply", async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), at('at')]));
    await status('at', 'status.ready');
    stick.removeSim();
    inject('at', { payload: ['AT', 'AT+CPIN?', 'ATI'], topic: 'mine' });
    const { error, payload, topic } = await caught('at');
    assert.equal(error.code, 'CME_ERROR');
    assert.equal(error.cause?.number, 10);
    assert.match(error.message, /^The stick refused AT\+CPIN\?/);
    assert.match(String(error.cause?.hint), /SIM/);
    const { reason, params } = error.cause ?? {};
    assert.equal(reason, 'no-sim');
    assert.deepEqual(
      { ...(params as object) },
      { command: 'AT+CPIN?', answer: '+CME ERROR: 10', words: 'SIM not inserted', stick: name },
    );
    assert.equal(topic, 'mine');
    // The list ends there, and its replies are not lost.
    assert.deepEqual(
      (payload as { final: string }[]).map(({ final }) => final),
      ['OK', '+CME ERROR: 10'],
    );
    assert.deepEqual(outputs('at'), []);
    assert.deepEqual(outputs('completer'), []);
  });

  it('refuses guarded commands with the reason, and sends them where the node allows it', async () => {
    const { name, events } = await testModem();
    await deploy(tab([stickNode(name), at('at'), at('free', { dangerous: true })]));
    const sent = (command: string) => events.filter((e) => e.what === 'at' && e.command.includes(command)).length;
    for (const payload of ['AT+CFUN=6', { command: 'AT+CFUN=6', force: true }]) {
      forget();
      inject('at', { payload });
      const { error } = await caught('at');
      assert.equal(error.code, 'COMMAND_REFUSED');
      assert.match(error.message, /out of service.*"Allow dangerous commands"/);
    }
    assert.equal(sent('CFUN'), 0);
    inject('free', { payload: 'AT^TMODE=0' });
    await answered('free');
    assert.equal(sent('TMODE'), 1);
    assert.deepEqual([...logsOf('at'), ...logsOf('free')].map(({ msg }) => String(msg)).filter(isForced), []);
  });

  it('a node of 0.1 still sends them when the message insists, and says each time where the setting is', async () => {
    const { name, events } = await testModem();
    await deploy(tab([stickNode(name), savedBy01('at')]));
    inject('at', { payload: 'AT^TMODE=0' });
    assert.equal((await caught('at')).error.code, 'COMMAND_REFUSED');
    for (let use = 1; use <= 2; use++) {
      forget();
      inject('at', { payload: { command: 'AT^TMODE=0', force: true } });
      await answered('at');
      assert.equal(events.filter((e) => e.what === 'at' && e.command.includes('TMODE')).length, use);
      assert.equal(
        logsOf('at')
          .map(({ msg }) => String(msg))
          .filter(isForced).length,
        1,
      );
    }
  });

  it('dials no emergency number, whatever is allowed', async () => {
    const { name, events } = await testModem();
    await deploy(tab([stickNode(name), at('free', { dangerous: true }), savedBy01('old')]));
    for (const id of ['free', 'old']) {
      for (const command of ['ATD112;', 'ATD#31#+911;', 'ATD>1;']) {
        forget();
        inject(id, { payload: { command, force: true } });
        assert.equal((await caught(id)).error.code, 'COMMAND_REFUSED');
      }
    }
    assert.ok(!events.some((e) => e.what === 'at' && /ATD/.test(e.command)));
  });

  it('sends only what is on its list, whatever a message says', async () => {
    const { name, events } = await testModem();
    const list = { commands: 'list', allow: '+CSQ, ^HCSQ?' };
    await deploy(tab([stickNode(name), at('at', list), at('wrong', { ...list, allow: '+CSQ+CREG' })]));
    inject('at', { payload: 'AT+CSQ;^HCSQ?' });
    await output('at');
    for (const payload of ['AT+CSQ;^RESET', { command: 'AT^RESET', force: true }, { port: 'release' }]) {
      forget();
      inject('at', { payload });
      assert.equal((await caught('at')).error.code, 'COMMAND_REFUSED');
    }
    // A list that can't be read allows nothing.
    inject('wrong', { payload: 'AT+CSQ' });
    assert.equal((await caught('wrong')).error.code, 'BAD_ARGUMENT');
    assert.ok(!events.some((e) => e.what === 'at' && /RESET/.test(e.command)));
  });

  it('leaves the port to another program and takes it back', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), at('at'), at('other')]));
    await Promise.all([status('at', 'status.ready'), status('other', 'status.ready')]);
    inject('at', { payload: { port: 'release' }, topic: 'mine' });
    const answer = await output('at');
    assert.deepEqual([answer.payload, answer.topic], [{ port: 'released', stick: name }, 'mine']);
    await status('other', 'status.released');
    assert.ok(stick.ttys.every((tty) => !tty.isOpen));
    inject('other', { payload: 'AT' });
    assert.equal((await caught('other')).error.code, 'BUSY');
    // A deploy is no reason to take it from the other program.
    await deploy(tab([stickNode(name), at('at')]));
    await status('at', 'status.released');
    inject('at', { payload: { port: 'take' } });
    await output('at');
    await status('at', 'status.ready');
    inject('at', { payload: { port: 'release', seconds: 0.05 } });
    await status('at', 'status.released');
    forget();
    await status('at', 'status.ready');
    for (const payload of [{ port: 'sell' }, { port: 'release', seconds: -1 }]) {
      forget();
      inject('at', { payload });
      assert.equal((await caught('at')).error.code, 'BAD_ARGUMENT');
    }
  });

  it('enters the PIN of the e3272-stick, and writes what becomes of it to the log once', async () => {
    const { name, stick } = await testModem({ sim: { state: 'pin', pin: '4711' } });
    stick.sim.pinTries = 1;
    await deploy(tab([stickNode(name, { credentials: { pin: '4711' } }), at('at'), at('other')]));
    await Promise.all([status('at', 'status.simPin'), status('other', 'status.simPin')]);
    const told = logsOf('stick').map(({ msg }) => String(msg));
    assert.equal(told.filter((text) => /1 tries left/.test(text)).length, 1);
    assert.ok(!told.join().includes('4711'));
    assert.equal(stick.sim.pinTries, 1);
  });

  it('takes the timeout from the message', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), at('at', { timeout: 30 })]));
    await status('at', 'status.ready');
    stick.faults.order({ fault: 'silence', at: 'at' });
    inject('at', { payload: 'AT+CSQ', timeout: 0.05 });
    const { error } = await caught('at');
    assert.equal(error.code, 'TIMEOUT');
    assert.match(error.message, /0\.05 s/);
    forget();
    inject('at', { payload: 'AT', timeout: 'soon' });
    assert.equal((await caught('at')).error.code, 'BAD_ARGUMENT');
  });

  it('sends URCs to its second output, filtered', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), at('all'), at('some', { urcs: '+cmti, ^rssi' })]));
    await Promise.all([status('all', 'status.ready'), status('some', 'status.ready')]);
    stick.urc('^BOOT:1,0,0,0,75');
    stick.urc('^RSSI:17');
    await output('some', 1);
    await output('all', 1, (msg) => (msg.payload as { urc: string }).urc === '^RSSI');
    assert.deepEqual(
      outputs('some', 1).map(({ topic, payload }) => ({ topic, payload })),
      [{ topic: name, payload: { urc: '^RSSI', line: '^RSSI:17', value: { rssi: -79 } } }],
    );
    assert.equal(outputs('all', 1).length, 2);
  });

  it('shares one port and one queue between flows, and closes it with the last node', async () => {
    const { name, stick, events } = await testModem();
    const other = [
      { id: 'tab2', type: 'tab', label: 'second' },
      { ...at('second'), z: 'tab2', wires: [['sink2'], []] },
      { id: 'sink2', type: 'junction', z: 'tab2', wires: [[]] },
    ];
    await deploy([...tab([stickNode(name), at('first')]), ...other]);
    await Promise.all([status('first', 'status.ready'), status('second', 'status.ready')]);
    for (let i = 0; i < 5; i++) {
      inject('first', { payload: 'AT+CSQ' });
      inject('second', { payload: 'ATI' });
    }
    await output('first', 0, () => outputs('first').length === 5);
    await output('second', 0, () => outputs('second').length === 5);
    assert.ok(outputs('first').every((m) => (m.payload as { command: string }).command === 'AT+CSQ'));
    assert.ok(outputs('second').every((m) => (m.payload as { command: string }).command === 'ATI'));
    assert.equal(stick.ttys.filter((tty) => tty.isOpen).length, 1);
    const before = events.length;
    await deploy(tab([stickNode(name), at('first')]), 'nodes');
    inject('first', { payload: 'AT' });
    await output('first');
    // The port stayed open: no opening handshake in between.
    assert.deepEqual(
      events.slice(before).flatMap((e) => (e.what === 'at' ? [e.command.trim()] : [])),
      ['AT'],
    );
    await deploy([]);
    assert.ok(stick.ttys.every((tty) => !tty.isOpen));
  });

  it('recovers from unplug and replug without a deploy', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), at('at')]));
    await status('at', 'status.ready');
    forget();
    stick.unplug();
    await status('at', 'status.absent');
    inject('at', { payload: 'AT' });
    assert.equal((await caught('at')).error.code, 'STICK_NOT_FOUND');
    forget();
    stick.plug();
    await status('at', 'status.ready');
    inject('at', { payload: 'AT' });
    await output('at');
  });

  it('says so when the stick has no AT port, and when no stick is configured', async () => {
    const { name, stick } = await testStick();
    stick.plug();
    await deploy(tab([stickNode(name), at('at'), at('missing', { stick: 'no.such.node' })]));
    await Promise.all([status('at', 'status.storage'), status('missing', 'status.noconfig')]);
    inject('at', { payload: 'AT' });
    assert.equal((await caught('at')).error.code, 'WRONG_MODE');
    inject('missing', { payload: 'AT' });
    assert.equal((await caught('missing')).error.code, 'BAD_ARGUMENT');
    await deploy(tab([stickNode(name, { d: true }), at('at')]));
    await status('at', 'status.noconfig');
  });

  it('tells two instances of a subflow apart', async () => {
    const { name } = await testModem();
    await deploy([
      {
        id: 'sub',
        type: 'subflow',
        name: 'ask',
        in: [{ wires: [{ id: 'inner' }] }],
        out: [{ wires: [{ id: 'inner', port: 0 }] }],
        env: [{ name: 'COMMAND', type: 'str', value: 'AT' }],
      },
      { ...at('inner', { command: 'COMMAND', commandType: 'env' }), z: 'sub', wires: [[], []] },
      ...tab([
        stickNode(name),
        { id: 'to-one', type: 'junction', wires: [['one']] },
        { id: 'to-two', type: 'junction', wires: [['two']] },
        {
          id: 'one',
          type: 'subflow:sub',
          env: [{ name: 'COMMAND', type: 'str', value: 'AT+CGMI' }],
          wires: [['sink']],
        },
        {
          id: 'two',
          type: 'subflow:sub',
          env: [{ name: 'COMMAND', type: 'str', value: 'AT+CGMM' }],
          wires: [['sink']],
        },
      ]),
    ]);
    inject('to-one', { topic: 'one' });
    inject('to-two', { topic: 'two' });
    const answers = await Promise.all([output('one-inner'), output('two-inner')]);
    assert.deepEqual(
      answers.map(({ topic, payload }) => [topic, (payload as { command: string }).command]),
      [
        ['one', 'AT+CGMI'],
        ['two', 'AT+CGMM'],
      ],
    );
  });

  it('is closed in time when the stick dies in the middle of it', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), at('at')]));
    await status('at', 'status.ready');
    stick.faults.order({ fault: 'silence', at: 'at' });
    inject('at', { payload: 'AT+CSQ' });
    const closing = deploy([]);
    stick.unplug();
    await closing;
    stick.plug();
    await deploy(tab([stickNode(name), at('at')]));
    await status('at', 'status.ready');
    inject('at', { payload: 'AT' });
    await output('at');
  });

  it('never lets a fault reach the process', async () => {
    const { name, host, stick } = await testModem();
    host.openTty = () => {
      throw new Error('a fault of the driver');
    };
    await deploy(tab([stickNode(name), at('at')]));
    inject('at', { payload: 'AT' });
    const { error } = await caught('at');
    assert.equal(error.code, 'PROTOCOL');
    assert.match(error.message, /a fault of the driver/);
    const running = node('at');
    const { watch } = host;
    host.watch = () => {
      throw new Error('another fault');
    };
    await deploy(tab([stickNode(name), at('other')]));
    // A message on its way to a node that has been closed.
    running.receive({ payload: 'AT' });
    inject('other', { payload: 'AT' });
    assert.match((await caught('other')).error.message, /another fault/);
    assert.deepEqual(outputs('at'), []);
    host.watch = watch;
    stick.unplug();
  });
});
