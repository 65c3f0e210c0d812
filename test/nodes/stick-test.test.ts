/** The test of the stick dialog, as the browser gets it. */

import assert from 'node:assert/strict';
import type { StickTest } from '../../nodes/shared/stick-test';
import { switchHeard } from '../../src/device/auto-switch';
import { holdStick } from '../../src/stick/hold';
import { findStick } from '../../src/stick/stick';
import { admin, deploy, startRuntime } from './runtime';
import { testModem, testStick } from './sticks';

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

  it('is for pages of this Node-RED, and for one stick', async () => {
    const status = async (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
      (await asked(body, headers)).status;
    assert.equal(await status({ stick: 'auto' }, { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await status({ stick: 'auto' }, { 'content-type': 'text/plain' }), 415);
    assert.equal(await status({}), 400);
  });
});
