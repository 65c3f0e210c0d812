/**
 * What every node of a stick shows, state by state. Green means that it works: no node may be green on the way to a state that
 * is not.
 */

import assert from 'node:assert/strict';
import { STATUS, type StatusKey } from '../../nodes/shared/words';
import { blankReport, type JobEvent, type JobReport } from '../../src/flash/events';
import { startJob } from '../../src/jobs/registry';
import { holdStick } from '../../src/stick/hold';
import { VirtualHost } from '../../src/virtual/host';
import { obey } from '../../src/virtual/orders';
import { VirtualStick } from '../../src/virtual/stick';
import { deploy, type FlowNode, forget, inject, output, startRuntime, status, statusesOf, tab } from './runtime';
import {
  atNode,
  flashNode,
  replaceMachine,
  smsInNode,
  smsOutNode,
  stickNode,
  type TestStick,
  testModem,
  testStick,
} from './sticks';

/** With a share in the session of the stick, and without one. */
const SHARING = ['at', 'status', 'in', 'out', 'ussd'];
const LOOKING = ['detect', 'switch', 'flash'];
const ALL = [...SHARING, ...LOOKING];

const node = (id: string, type: string, more: object = {}): FlowNode => ({
  id,
  type,
  name: '',
  stick: 'stick',
  ...more,
});

const nodes = (): FlowNode[] => [
  { ...atNode },
  // Without figures: those stand in the place of the word.
  node('status', 'e3272-status', { every: '', threshold: '' }),
  smsInNode('in', { poll: 3600 }),
  smsOutNode('out'),
  node('ussd', 'e3272-ussd', { code: '', timeout: '' }),
  node('detect', 'e3272-detect', { auto: false, message: 'new' }),
  node('switch', 'e3272-modeswitch', { auto: false, message: 'new', timeout: 0.3 }),
  flashNode(),
];

const flow = (stick?: FlowNode): FlowNode[] => tab([...(stick ? [stick] : []), ...nodes()]);

/** Waits until `ids` show `key`, in its colour; on the way there nothing has been green that is not. */
async function show(key: StatusKey, ids: readonly string[] = ALL, { fill }: { fill: string }): Promise<void> {
  for (const id of ids) {
    const seen = await status(id, `status.${key}`);
    assert.deepEqual([seen.fill, seen.shape], [fill, STATUS[key].shape], `${id}: ${key}`);
    const green = statusesOf(id).filter((one) => one.fill === 'green');
    if (fill !== 'green') assert.deepEqual(green, [], `${id} on the way to ${key}`);
  }
}

const event = (more: object): JobEvent => ({ text: '', ...more }) as JobEvent;

/** A job of somebody else, told by hand. */
function job({ name }: TestStick) {
  let tell: (event: JobEvent) => void = () => undefined;
  let end: (report: Partial<JobReport>) => void = () => undefined;
  startJob({ stick: name, context: undefined }, ({ onEvent }) => {
    tell = onEvent;
    return new Promise((resolve) => {
      end = (report) => resolve({ ...blankReport(name, 'bus'), ok: true, ...report });
    });
  });
  return { tell: (more: object) => tell(event(more)), end: (report: Partial<JobReport> = {}) => end(report) };
}

/** One state after the other on one stick that begins as a CD-ROM. */
interface Step {
  what: string;
  act: (stick: TestStick) => unknown;
  key: StatusKey;
  fill: 'green' | 'yellow' | 'red' | 'grey' | 'blue';
  ids?: readonly string[];
}

const STEPS: readonly Step[] = [
  { what: 'plugged in as a CD-ROM', act: ({ stick }) => stick.plug(), key: 'storage', fill: 'grey' },
  {
    what: 'switched in vain',
    act: ({ stick }) => {
      stick.faults.order({ fault: 'silence', at: 'cbw', nth: 2 });
      inject('switch', {});
    },
    key: 'notSwitched',
    fill: 'red',
  },
  { what: 'switched', act: () => inject('switch', { switch: { timeout: 10 } }), key: 'ready', fill: 'green' },
  { what: 'without its SIM', act: ({ stick }) => stick.removeSim(), key: 'simAbsent', fill: 'red' },
  { what: 'with a SIM that wants its PIN', act: ({ stick }) => stick.insertSim('pin'), key: 'simPin', fill: 'yellow' },
  { what: 'with a SIM that wants its PUK', act: ({ stick }) => stick.insertSim('puk'), key: 'simPuk', fill: 'red' },
  { what: 'with a SIM that works', act: ({ stick }) => stick.insertSim('ready'), key: 'ready', fill: 'green' },
  {
    what: 'out of its network',
    act: ({ stick }) => stick.world.changeRadio({ registration: 'idle' }),
    key: 'noNetwork',
    fill: 'red',
  },
  {
    what: 'searching, as an answer that passes by tells',
    act: ({ stick }) => {
      stick.world.changeRadio({ registration: 'searching' });
      inject('at', { payload: 'AT+CREG?' });
    },
    key: 'searching',
    fill: 'yellow',
  },
  {
    what: 'denied, as a URC tells',
    act: async ({ stick }) => {
      inject('at', { payload: 'AT+CREG=1' });
      await output('at');
      stick.world.changeRadio({ registration: 'denied' });
    },
    key: 'denied',
    fill: 'red',
  },
  {
    what: 'in its network again',
    act: ({ stick }) => stick.world.changeRadio({ registration: 'home' }),
    key: 'ready',
    fill: 'green',
  },
  { what: 'handed over', act: () => inject('at', { payload: { port: 'release' } }), key: 'released', fill: 'blue' },
  { what: 'back again', act: () => inject('at', { payload: { port: 'take' } }), key: 'ready', fill: 'green' },
  { what: 'pulled out', act: ({ stick }) => stick.unplug(), key: 'absent', fill: 'grey' },
  {
    what: 'in its boot ROM',
    act: ({ stick }) => stick.plug({ bootPin: true }),
    key: 'boot',
    fill: 'yellow',
  },
];

describe('what the nodes of a stick show', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('without a stick, and with one that is disabled, until it is set', async () => {
    const { name } = await testModem();
    for (const how of ['nodes', 'flows', 'full'] as const) {
      const unset = flow(stickNode(name)).map((one) =>
        'stick' in one && one.id !== 'stick' ? { ...one, stick: '' } : one,
      );
      await deploy(unset, how);
      // Without a stick it tells of every one on this machine.
      await show(
        'noconfig',
        ALL.filter((id) => id !== 'detect'),
        { fill: 'red' },
      );
      await deploy(flow(stickNode(name)), how);
      await show('ready', ALL, { fill: 'green' });
      await deploy(flow(stickNode(name, { d: true })), how);
      await show('noconfig', ALL, { fill: 'red' });
      await deploy(flow(stickNode(name)), how);
      await show('ready', ALL, { fill: 'green' });
    }
  });

  it('in every state that a stick can be in', async () => {
    const it = await testStick({ firmware: 'stick', setport: 'A1;10,12', sim: { pin: '4711' } });
    await deploy(flow(stickNode(it.name)));
    await show('absent', ALL, { fill: 'grey' });
    for (const { what, act, key, fill, ids } of STEPS) {
      forget();
      await act(it);
      try {
        await show(key, ids, { fill });
      } catch (error) {
        throw new Error(what, { cause: error });
      }
    }
    it.stick.unplug();
  });

  it('with a job of somebody else, until that has ended', async () => {
    const it = await testModem();
    await deploy(flow(stickNode(it.name)));
    await show('ready', ALL, { fill: 'green' });
    forget();
    const others = ALL.filter((id) => id !== 'flash');
    const hold = await holdStick(it.host, it.name, { purpose: 'a job of a test' });
    const { tell, end } = job(it);
    await show('busy', others, { fill: 'yellow' });
    tell({ type: 'stage', stage: 'write' });
    await show('write', ['flash'], { fill: 'yellow' });
    forget();
    tell({ type: 'wait', act: 'boot-pin', stick: it.name });
    await show('waiting', ALL, { fill: 'yellow' });
    forget();
    tell({ type: 'stage', stage: 'upload' });
    await show('busy', others, { fill: 'yellow' });
    forget();
    hold.release();
    end();
    await show('ready', others, { fill: 'green' });
    await show('done', ['flash'], { fill: 'green' });
    // What was done stands no longer than it works.
    forget();
    it.stick.removeSim();
    await show('simAbsent', ALL, { fill: 'red' });
  });

  it('after a dry run: checked, and not green', async () => {
    const it = await testModem();
    await deploy(flow(stickNode(it.name)));
    await show('ready', ALL, { fill: 'green' });
    forget();
    inject('flash', { dryRun: true });
    await show('checked', ['flash'], { fill: 'grey' });
    forget();
    it.stick.unplug();
    await show('absent', ALL, { fill: 'grey' });
    it.stick.plug();
    await show('ready', ALL, { fill: 'green' });
    const after = statusesOf('flash').filter(({ text }) => text === 'status.checked');
    assert.deepEqual(after, []);
  });

  it('from HiLink through a conversion, whose end no node misses', async () => {
    const it = await testStick();
    const there = it.next(({ what }) => what === 'mode');
    it.stick.plug();
    await there;
    await deploy(flow(stickNode(it.name)));
    await show('storage', ALL, { fill: 'grey' });
    inject('switch', { switch: { timeout: 10 } });
    await show('hilink', LOOKING, { fill: 'grey' });
    await show('noAt', ['at'], { fill: 'grey' });
    await show('hilinkReady', ['status', 'in', 'out', 'ussd'], { fill: 'green' });
    forget();
    inject('flash', { confirm: true });
    await show('waiting', ALL, { fill: 'yellow' });
    it.stick.unplug();
    it.stick.plug({ bootPin: true });
    await output('flash');
    await show('done', ['flash'], { fill: 'green' });
    for (const id of ALL.filter((other) => other !== 'flash')) await status(id, 'status.ready');
  });

  it('with a PIN that was refused, whoever looks', async () => {
    const it = await testModem({ sim: { state: 'pin', pin: '4711' } });
    await deploy(flow(stickNode(it.name, { credentials: { pin: '1111' } })));
    await show('pinRefused', ALL, { fill: 'red' });
    forget();
    inject('at', { payload: 'AT+CPIN?' });
    await output('at');
    for (const id of ALL) assert.deepEqual(statusesOf(id), [], id);
  });

  it('with a SIM that is still starting', async () => {
    const it = await testModem({ timing: { simBusy: 3_600_000 }, sim: { state: 'absent' } });
    await deploy(flow(stickNode(it.name)));
    await show('simAbsent', ALL, { fill: 'red' });
    forget();
    it.stick.insertSim();
    inject('at', { payload: 'AT+CPIN?' });
    await show('simBusy', ALL, { fill: 'yellow' });
    // It would go on starting for an hour.
    it.stick.unplug();
  });

  it('that does not answer, and is brought back', async () => {
    const it = await testModem();
    await deploy(flow(stickNode(it.name)));
    await show('ready', ALL, { fill: 'green' });
    forget();
    obey(it.stick, JSON.stringify({ do: 'hang', cure: 'reopen' }));
    inject('at', { payload: 'AT+CSQ', timeout: 0.05 });
    await show('silent', ALL, { fill: 'yellow' });
    await show('recovering', ALL, { fill: 'red' });
    for (const id of ALL) await status(id, 'status.ready');
  });

  it('in another socket, and of several', async () => {
    const { clock } = (await testStick()).host;
    const [one, other] = ['1-2', '1-3'].map(
      (portPath, seed) => new VirtualStick({ clock, portPath, seed, losesFirstAt: false }),
    );
    assert.ok(one && other);
    const back = replaceMachine(new VirtualHost({ sticks: [one, other], clock }));
    try {
      one.plug();
      await deploy(flow(stickNode('1-1')));
      await show('elsewhere', ALL, { fill: 'yellow' });
      other.plug();
      await deploy(flow(stickNode('auto')));
      await show(
        'ambiguous',
        ALL.filter((id) => id !== 'detect'),
        { fill: 'red' },
      );
      await show('storage', ['detect'], { fill: 'grey' });
    } finally {
      await deploy([]);
      back();
    }
  });

  it('of a server that is not there', async () => {
    await deploy(flow(stickNode('virtual-1@127.0.0.1:9')));
    await show('noserver', ALL, { fill: 'red' });
  });
});
