/** Flash nodes and the jobs of others: everybody may watch, the result is the owner's, and who may cancel. */

import assert from 'node:assert/strict';
import { blankReport, type JobEvent, type JobReport } from '../../src/flash/events';
import { systemClock } from '../../src/host/clock';
import { cancelJob, type JobView, jobAt, type OwnJob, startJob } from '../../src/jobs/registry';
import { processWide } from '../../src/process-wide';
import { VirtualHost } from '../../src/virtual/host';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { VirtualStick } from '../../src/virtual/stick';
import {
  admin,
  caught,
  deploy,
  forget,
  inject,
  type Message,
  output,
  outputs,
  startRuntime,
  status,
  statusesOf,
  tab,
} from './runtime';
import { flashNode, isWait, replaceMachine, stickNode, type TestStick, testStick } from './sticks';

const bytes = { loader: makeLoader(), firmware: makeFirmware() };
const stage = (name: 'write' | 'upload'): JobEvent => ({ type: 'stage', stage: name, text: name });
const other = (more: object = {}) => flashNode({ id: 'other', ...more });
const lastText = (id: string) => statusesOf(id).at(-1)?.text;

/** Resolves when the stick is on its bus. */
const plugged = (stick: VirtualStick): Promise<void> =>
  new Promise((resolve) => {
    const off = stick.onEvent(({ what }) => {
      if (what !== 'mode') return;
      off();
      resolve();
    });
    stick.plug();
  });

/** A CD-ROM, plugged in: a job of it waits for the boot pin. */
async function waitingStick(): Promise<TestStick> {
  const stick = await testStick();
  await plugged(stick.stick);
  return stick;
}

/** A job that belongs to no node, as an assistant begins it; the test leads it. */
function assistants(stick: string) {
  let tell: (event: JobEvent) => void = () => undefined;
  let finish: (report: Partial<JobReport>) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const job: OwnJob<undefined> = startJob({ stick, context: undefined }, (o) => {
    ({ onEvent: tell, signal } = o);
    return new Promise((resolve) => {
      finish = (report) => resolve({ ...blankReport(stick, 'bus'), ...report });
    });
  });
  return {
    job,
    tell: (event: JobEvent) => tell(event),
    end: (report: Partial<JobReport> = { ok: true }) => finish(report),
    cancelled: () => signal?.aborted === true,
  };
}

/** A round through the loop: whatever a message sets going without waiting for others has been done then. */
const settled = async () => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** How many wait for jobs to begin. */
const waiting = () => processWide('jobs', () => ({ begins: new Set() })).begins.size;

describe('e3272-flash and the jobs of others', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('another node of the stick shows the job; output and error are the owner’s alone', async () => {
    const stick = await waitingStick();
    await deploy(tab([stickNode(stick.name), flashNode(), other()]));
    inject('flash', { ...bytes, confirm: true });
    await output('flash', 1, isWait);
    await status('other', 'status.waiting');
    inject('other', { payload: 'cancel' });
    assert.equal((await caught('flash')).error.code, 'CANCELLED');
    await status('other', 'status.cancelled');
    await output('completer', 0, () => true);
    assert.equal(outputs('flash').length, 1);
    assert.deepEqual([outputs('other'), outputs('other', 1)], [[], []]);
    const errors = outputs('catcher').map((msg) => (msg as Message & { error: { source: { id: string } } }).error);
    assert.deepEqual(
      errors.map(({ source }) => source.id),
      ['flash'],
    );
  });

  it('a job that belongs to nobody shows as a status, to its end, and gives no message', async () => {
    const stick = await waitingStick();
    await deploy(tab([stickNode(stick.name), flashNode(), other()]));
    const { tell, end } = assistants(stick.name);
    tell(stage('write'));
    for (const id of ['flash', 'other']) await status(id, 'status.write');
    end();
    for (const id of ['flash', 'other']) await status(id, 'status.done');
    for (const id of ['flash', 'other']) assert.deepEqual([outputs(id), outputs(id, 1)], [[], []]);
  });

  it('a node that comes late shows what is under way, and nothing of what is over', async () => {
    const stick = await waitingStick();
    await deploy([]);
    const { tell, end, job } = assistants(stick.name);
    tell(stage('upload'));
    tell(stage('write'));
    await deploy(tab([stickNode(stick.name), flashNode()]));
    await status('flash', 'status.write');
    end();
    await status('flash', 'status.done');
    assert.ok(job.report);
    await deploy([]);
    forget();
    await deploy(tab([stickNode(stick.name), flashNode()]));
    await status('flash', 'status.storage');
    await settled();
    const over = statusesOf('flash').filter(({ text = '' }) => /write|done/.test(text));
    assert.deepEqual(over, []);
  });

  it('a node with a job of its own shows that one', async () => {
    const stick = await waitingStick();
    const second = await waitingStick();
    await deploy(tab([stickNode(stick.name), stickNode(second.name, { id: 'second' }), flashNode()]));
    inject('flash', { ...bytes, confirm: true });
    await output('flash', 1, isWait);
    // Its own job goes on at the first stick, while it is set to the second.
    await deploy(
      tab([stickNode(stick.name), stickNode(second.name, { id: 'second' }), flashNode({ stick: 'second' })]),
    );
    await status('flash', 'status.waiting');
    const { tell, end } = assistants(second.name);
    tell(stage('write'));
    await settled();
    assert.equal(lastText('flash'), 'status.waiting');
    end({ ok: false });
    await settled();
    assert.equal(lastText('flash'), 'status.waiting');
    inject('flash', { payload: 'cancel' });
    assert.equal((await caught('flash')).error.code, 'CANCELLED');
  });

  it("a stranger's cancel ends nothing: that of a node with another stick, or none", async () => {
    const stick = await waitingStick();
    const second = await waitingStick();
    await deploy(
      tab([
        stickNode(stick.name),
        stickNode(second.name, { id: 'second' }),
        flashNode(),
        other({ stick: 'second' }),
        flashNode({ id: 'lost', stick: '' }),
      ]),
    );
    const { end, cancelled, tell } = assistants(stick.name);
    tell(stage('write'));
    await status('flash', 'status.write');
    for (const id of ['other', 'lost']) {
      forget();
      inject(id, { payload: 'cancel' });
      await output('completer');
    }
    assert.equal(cancelled(), false);
    tell(stage('upload'));
    await status('flash', 'status.upload');
    assert.equal(lastText('other'), undefined);
    forget();
    inject('flash', { payload: 'cancel' });
    await output('completer');
    assert.equal(cancelled(), true);
    end({ ok: false });
  });

  it('a deleted node’s job is cancelled at another node of the stick', async () => {
    const stick = await waitingStick();
    await deploy(tab([stickNode(stick.name), flashNode({ id: 'gone' })]));
    inject('gone', { ...bytes, confirm: true });
    await output('gone', 1, isWait);
    await deploy(tab([stickNode(stick.name), other()]));
    await status('other', 'status.waiting');
    inject('other', { payload: 'cancel' });
    await status('other', 'status.cancelled');
    assert.equal(jobAt(stick.name)?.report?.error?.code, 'CANCELLED');
    assert.deepEqual(outputs('other'), []);
  });

  it('who may write may cancel over the admin API', async () => {
    const { job, end, cancelled } = assistants('virtual-of-nobody');
    const path = `/e3272/jobs/${job.stick}/cancel`;
    assert.equal((await admin('POST', '/e3272/jobs/virtual-of-none/cancel')).status, 404);
    assert.equal(cancelled(), false);
    assert.equal((await admin('POST', path)).status, 204);
    assert.equal(cancelled(), true);
    const over = new Promise<void>((resolve) => job.watch({ onEvent() {}, onEnd: () => resolve() }));
    end({ ok: false });
    await over;
    assert.equal((await admin('POST', path)).status, 404);
  });

  it('the admin API asks for the permission to write', () => {
    const routes = new Map<string, unknown>();
    const init: (red: unknown) => void = require('../../nodes/e3272-flash/e3272-flash');
    init({
      nodes: { registerType() {} },
      httpAdmin: { get() {}, post: (path: string, allowed: unknown) => routes.set(path, allowed) },
      auth: { needsPermission: (permission: string) => permission },
    });
    assert.deepEqual([...routes], [['/e3272/jobs/:stick/cancel', 'e3272.write']]);
  });

  it('what a flow does to its result, or to an event, changes nothing for others', async () => {
    const stick = await waitingStick();
    await deploy(tab([stickNode(stick.name), flashNode()]));
    inject('flash', { ...bytes, dryRun: true });
    const { payload } = await output('flash');
    const mine = payload as JobReport;
    mine.checks.length = 0;
    mine.stages.length = 0;
    const kept = jobAt(stick.name)?.report;
    assert.ok(kept && kept.checks.length > 0 && kept.stages.length > 0);
  });

  it('closing a node leaves nobody behind who listens', async () => {
    const stick = await waitingStick();
    await deploy([]);
    const before = waiting();
    const { end, tell } = assistants(stick.name);
    let watching = 0;
    const job = jobAt(stick.name) as JobView;
    const { watch } = job;
    Object.assign(job, {
      watch(watcher: Parameters<typeof watch>[0]) {
        const stop = watch.call(job, watcher);
        watching++;
        return () => {
          watching--;
          stop();
        };
      },
    });
    for (const _ of [1, 2, 3]) {
      await deploy(tab([stickNode(stick.name), flashNode(), other()]));
      tell(stage('write'));
      await status('other', 'status.write');
      // Each of the two for the stages, and for whether a person is waited for.
      assert.equal(watching, 4);
      assert.equal(waiting(), before + 4);
    }
    await deploy([]);
    assert.equal(watching, 0);
    assert.equal(waiting(), before);
    end();
  });

  it('`auto` means the only stick, and the one that its job has taken off the bus', async () => {
    const made = (portPath: string) =>
      new VirtualStick({ clock: systemClock, name: portPath, portPath, firmware: 'hilink' });
    const [one, two] = [made('1-1'), made('1-2')];
    const restore = replaceMachine(new VirtualHost({ sticks: [one, two], clock: systemClock }));
    try {
      await plugged(one);
      await deploy(tab([stickNode('auto'), flashNode()]));
      const cancel = async () => {
        forget();
        inject('flash', { payload: 'cancel' });
        await output('completer');
      };
      const first = assistants('1-1');
      const elsewhere = assistants('1-2');
      first.tell(stage('write'));
      await status('flash', 'status.write');
      elsewhere.tell(stage('upload'));
      await cancel();
      assert.deepEqual([first.cancelled(), elsewhere.cancelled()], [true, false]);
      first.end();
      await status('flash', 'status.done');
      // Nothing of the other stick was shown.
      assert.ok(statusesOf('flash').every(({ text }) => text !== 'status.upload'));

      one.unplug();
      await cancel();
      assert.equal(elsewhere.cancelled(), true);
      elsewhere.end();

      await plugged(one);
      await plugged(two);
      const both = assistants('1-2');
      await cancel();
      assert.equal(both.cancelled(), false);
      cancelJob('1-2');
      both.end();
    } finally {
      await deploy([]);
      restore();
    }
  });
});
