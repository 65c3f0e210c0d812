/** The test of the stick dialog, as the browser gets it. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { StickTest } from '../../nodes/shared/stick-test';
import { unusable } from '../../plugins/e3272/stick-test';
import { switchHeard } from '../../src/device/auto-switch';
import type { Host } from '../../src/host/host';
import { holdStick } from '../../src/stick/hold';
import { findStick } from '../../src/stick/stick';
import { tempFolder } from '../support/temp-folder';
import { admin, deploy, startRuntime, status } from './runtime';
import { replaceMachine, testModem, testStick } from './sticks';

const JSON_TYPE = { 'content-type': 'application/json' };

const asked = (body: unknown, headers: Record<string, string> = JSON_TYPE): Promise<Response> =>
  admin('POST', '/e3272/sticks/test', { headers, body: JSON.stringify(body) });

async function tested(stick: string, more: object = {}): Promise<StickTest> {
  const answer = await asked({ stick, ...more });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  // Who has the right to test a stick need not see whose it is.
  assert.doesNotMatch(text, /\d{14}/);
  return JSON.parse(text) as StickTest;
}

describe('the test of a stick', () => {
  before(async () => {
    await startRuntime();
    await deploy([{ id: 'tab', type: 'tab', label: 'empty' }]);
  });

  it('asks a modem who it is, and about SIM and network, and leaves its port as it was', async () => {
    const { name, host } = await testModem();
    const { found, ports, holder, answer, sim, network, faults } = await tested(name);
    assert.deepEqual(faults, {});
    assert.deepEqual([found?.stick, found?.mode, found?.virtual], [name, 'tty', true]);
    assert.ok(ports?.some(({ role }) => role === 'pcui'));
    assert.deepEqual(holder, { by: 'free' });
    assert.deepEqual([answer?.by, answer?.model], ['at', 'E3272']);
    assert.equal(sim?.state, 'READY');
    assert.ok(network?.operator);
    // A job has it at once.
    (await holdStick(host, name, { purpose: 'a check' })).release();
  });

  it('asks nothing while a job holds it, and says so', async () => {
    const { name, host } = await testModem();
    const hold = await holdStick(host, name, { purpose: 'convert job' });
    try {
      const { holder, answer, sim, faults } = await tested(name);
      assert.deepEqual(holder, { by: 'job', who: 'convert job' });
      assert.deepEqual([answer, sim, faults], [undefined, undefined, {}]);
    } finally {
      hold.release();
    }
  });

  it('asks the web page of a router', async () => {
    const { name, stick, host, next } = await testStick();
    const up = next((event) => event.what === 'mode' && event.mode !== 'off');
    stick.plug();
    await up;
    const web = next((event) => event.what === 'web' && event.up);
    await switchHeard(host, await findStick(host, name), {});
    await web;
    const { answer, sim, faults } = await tested(name);
    assert.deepEqual(faults, {});
    assert.equal(answer?.by, 'web');
    assert.ok(answer?.model);
    assert.equal(sim?.state, 'READY');
  });

  it('takes the password of the deployed node that it is for, and no other', async () => {
    const { name, stick, host, next } = await testStick({ hilink: 'sestok' });
    const up = next((event) => event.what === 'mode' && event.mode !== 'off');
    stick.plug();
    await up;
    const web = next((event) => event.what === 'web' && event.up);
    await switchHeard(host, await findStick(host, name), {});
    await web;
    const node = {
      id: 'stick',
      type: 'e3272-stick',
      stick: name,
      credentials: { hilinkPassword: 'wrong' },
      version: 3,
    };
    await deploy([node]);
    assert.deepEqual((await tested(name)).faults, {});
    // Where it would be used it is refused.
    const { faults } = await tested(name, { id: 'stick' });
    assert.match(faults.answer?.message ?? '', /password/);
    await deploy([{ id: 'tab', type: 'tab', label: 'empty' }]);
  });

  it('says where nothing is plugged in, and what a CD-ROM lacks', async () => {
    const { name, stick, next } = await testStick();
    const gone = await tested(name);
    assert.deepEqual([gone.found, Object.keys(gone.faults)], [undefined, ['stick']]);
    assert.ok(gone.faults.stick?.hint);
    const up = next((event) => event.what === 'mode' && event.mode !== 'off');
    stick.plug();
    await up;
    const { found, ports, faults } = await tested(name);
    assert.deepEqual([found?.mode, ports, Object.keys(faults)], ['storage', [], ['answer']]);
  });

  it('tells a SIM that wants its PIN, and enters none', async () => {
    const { name } = await testModem({ sim: { state: 'pin', pin: '2468' } });
    const { sim } = await tested(name);
    assert.deepEqual(sim, { state: 'SIM PIN', pinTries: 3 });
    // Deployed nodes of the same stick have one: it is not taken for the test.
    await deploy([{ id: 'stick', type: 'e3272-stick', stick: name }]);
    assert.equal((await tested(name, { id: 'stick' })).sim?.state, 'SIM PIN');
  });

  it('of a stick of this machine: its device nodes, who may use them, and who has them', async () => {
    const { host } = await testModem();
    const [device] = await host.scan();
    assert.ok(device);
    const folder = tempFolder('stick-test');
    const ttys = device.interfaces.flatMap(({ tty }, i) => (tty === undefined ? [] : [join(folder, `ttyUSB${i}`)]));
    const interfaces = device.interfaces.map((one, i) =>
      one.tty === undefined ? one : { ...one, tty: join(folder, `ttyUSB${i}`) },
    );
    const place = { ...device, portPath: '7-1', interfaces };
    // As a local host, with files where its ttys would be.
    const own: Partial<Host> = {
      kind: 'local',
      scan: async () => [place],
      watch(listener) {
        listener([place]);
        return { stop() {} };
      },
      intruders: async () => ['ModemManager writes into it.'],
    };
    const machine = new Proxy(host, {
      get: (target, name) => {
        const value: unknown = Reflect.get(name in own ? own : target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const back = replaceMachine(machine);
    let holder: ChildProcess | undefined;
    try {
      for (const tty of ttys.slice(1)) writeFileSync(tty, '');
      const gone = await tested('7-1');
      assert.deepEqual([gone.rights, Object.keys(gone.faults)], [undefined, ['rights']]);
      const { code, reason, params, hint } = gone.faults.rights ?? {};
      assert.deepEqual([code, reason, params], ['STICK_GONE', 'port', { path: ttys[0] }]);
      assert.ok(hint);
      for (const tty of ttys) writeFileSync(tty, '');
      holder = spawn('tail', ['-f', ttys[0] ?? ''], { stdio: ['ignore', 'pipe', 'ignore'] });
      writeFileSync(ttys[0] ?? '', 'x');
      await once(holder.stdout as Readable, 'data');
      const held = await tested('7-1');
      assert.deepEqual([held.rights, held.faults], [ttys, {}]);
      assert.deepEqual(held.holder, { by: 'program', who: `tail (pid ${holder.pid})` });
      assert.deepEqual(held.warnings, ['ModemManager writes into it.']);
      assert.deepEqual([held.answer, held.sim], [undefined, undefined]);
    } finally {
      holder?.kill();
      back();
    }
  });

  it('tells what may not be opened from what is not there', () => {
    const because = (code: string) => unusable('/dev/ttyUSB0', '1-1', Object.assign(new Error(code), { code }));
    for (const code of ['EACCES', 'EPERM', 'EROFS']) assert.equal(because(code).code, 'NO_PERMISSION', code);
    for (const code of ['ENOENT', 'ENXIO', 'ENODEV']) assert.equal(because(code).code, 'STICK_GONE', code);
  });

  it('says that nodes use it, and that it was handed over', async () => {
    const { name } = await testModem();
    await deploy([
      { id: 'tab', type: 'tab', label: 'test' },
      { id: 'stick', type: 'e3272-stick', stick: name },
      { id: 'at', type: 'e3272-at', z: 'tab', stick: 'stick', command: 'AT', commandType: 'str', wires: [[], []] },
    ]);
    await status('at', 'status.ready');
    const used = await tested(name);
    assert.deepEqual([used.holder, used.answer?.by], [{ by: 'nodes' }, 'at']);
    const order = (what: string) =>
      admin('POST', '/e3272/panel/order', { headers: JSON_TYPE, body: JSON.stringify({ stick: name, order: what }) });
    await admin('GET', '/e3272/panel');
    assert.equal((await order('release')).status, 200);
    const released = await tested(name);
    assert.deepEqual([released.holder, released.answer], [{ by: 'program', who: '' }, undefined]);
    assert.equal((await order('take')).status, 200);
    await deploy([{ id: 'tab', type: 'tab', label: 'empty' }]);
  });

  it('is for pages of this Node-RED, and for one stick', async () => {
    const status = async (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
      (await asked(body, headers)).status;
    assert.equal(await status({ stick: 'auto' }, { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await status({ stick: 'auto' }, { 'content-type': 'text/plain' }), 415);
    assert.equal(await status({}), 400);
  });
});
