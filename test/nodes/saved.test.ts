/** Settings of earlier releases: what they become, and that flows which hold them run. */

import assert from 'node:assert/strict';
import { readSaved } from '../../nodes/shared/config';
import { upToDate, type Versions, versionOf, versions } from '../../nodes/shared/versions';
import { demoFlows } from '../../scripts/demo-flows';
import { deploy, errorsLogged, inject, loadErrors, logsOf, node, output, startRuntime } from './runtime';
import { FLOWS_01, flows01, nodes01, OLDEST, VERSIONS } from './saved';
import { testModem } from './sticks';

/** Every node of ours has settings. */
const versionsOf = (type: string): Versions<object> => {
  const found = VERSIONS[type];
  assert.ok(found, type);
  return found;
};

describe('settings by version', () => {
  const steps = versions(
    { size: 1, unit: 'm', wide: false },
    ({ length, ...old }: { length: number }) => ({ ...old, size: length }),
    (old: { size: number }) => ({ ...old, unit: 'mm', wide: old.size > 5 }),
  );

  it('go through each step from their own version on, and keep what no step knows', () => {
    assert.deepEqual(steps.fresh, { name: '', size: 1, unit: 'm', wide: false, version: 3 });
    const today = { id: 'a', size: 7, unit: 'mm', wide: true, version: 3 };
    assert.deepEqual(upToDate(steps, { id: 'a', length: 7 }), today);
    assert.deepEqual(upToDate(steps, { id: 'a', size: 7, version: 2 }), today);
    assert.deepEqual(upToDate(steps, today), today);
  });

  it('are of version 1 where no number can be read', () => {
    for (const version of [undefined, null, '', 'new', 0, -1, 1.5]) assert.equal(versionOf({ version }), 1);
    assert.equal(versionOf({}), 1);
    assert.equal(versionOf({ version: '2' }), 2);
  });

  it('of a later release stay as they are, and the node says so', () => {
    const warned: unknown[] = [];
    const teller = { warn: (text: unknown) => warned.push(text) };
    const saved = { id: 'a', type: 'a', name: '', z: '', version: 4, size: 'large' } as const;
    assert.deepEqual(readSaved(teller, steps, saved), saved);
    assert.match(String(warned[0]), /later release/);
    assert.equal(warned.length, 1);
    const today = { ...saved, version: 3 };
    readSaved(teller, steps, today);
    assert.equal(warned.length, 1);
  });
});

describe('settings of 0.1', () => {
  it('become those of today, whole, and are not changed themselves', () => {
    for (const saved of nodes01) {
      assert.ok(!('version' in saved));
      const all = versionsOf(saved.type);
      const before = structuredClone(saved);
      const now: Record<string, unknown> = upToDate(all, saved);
      assert.deepEqual(saved, before);
      assert.deepEqual(upToDate(all, now), now);
      for (const [key, value] of Object.entries(saved)) assert.equal(now[key], value, `${saved.type} ${key}`);
      for (const key of Object.keys(all.fresh)) assert.notEqual(now[key], undefined, `${saved.type} ${key}`);
    }
    assert.deepEqual(new Set(nodes01.map(({ type }) => type)), new Set(Object.keys(VERSIONS)));
  });

  it('mean what they meant where a setting was not known yet', () => {
    const oldest = flows01.find(({ title }) => title === OLDEST)?.flow ?? [];
    const added = Object.fromEntries(
      oldest
        .filter(({ type }) => type in VERSIONS)
        .map((saved) => {
          const now = Object.entries(upToDate(versionsOf(saved.type), saved));
          return [saved.type, Object.fromEntries(now.filter(([key]) => !(key in saved) && key !== 'version'))];
        }),
    );
    assert.deepEqual(added, {
      'e3272-at': { commands: 'guarded', allow: '', dangerous: 'asked' },
      'e3272-flash': { webui: '', wayIn: 'auto', trySoftware: false },
      'e3272-modeswitch': { configuration: '', target: 'comes' },
      'e3272-stick': { pulse: '', hilinkAddress: '' },
    });
  });
});

describe('flows of 0.1', () => {
  before(startRuntime);
  after(() => deploy([]));

  for (const { title, flow } of flows01) {
    it(`are deployed: ${title}`, async () => {
      await deploy(flow);
      assert.deepEqual(loadErrors(), []);
      for (const { id, type } of flow) {
        if (type in VERSIONS) assert.equal(node(id).id, id);
        assert.deepEqual(logsOf(id), []);
      }
      assert.deepEqual(errorsLogged(), []);
    });
  }

  it('run: a command that the oldest node was set to send', async () => {
    const { name } = await testModem();
    const flow = flows01.find(({ title }) => title === OLDEST)?.flow ?? [];
    await deploy(flow.map((n) => (n.type === 'e3272-stick' ? { ...n, stick: name } : n)));
    const at = flow.find(({ type }) => type === 'e3272-at')?.id ?? '';
    inject(at, { payload: 'whatever' });
    const { payload } = await output(at);
    assert.equal((payload as { command: string }).command, 'AT+CSQ');
  });

  it('run: those of npm start', async () => {
    const { name } = await testModem();
    const flow = demoFlows(FLOWS_01, 'virtual');
    await deploy(flow.map((n) => (n.type === 'e3272-stick' ? { ...n, stick: name } : n)));
    const at = flow.find(({ type }) => type === 'e3272-at')?.id ?? '';
    inject(at, { payload: 'AT' });
    const { payload } = await output(at);
    assert.deepEqual({ ...(payload as object), ms: 0 }, { command: 'AT', ok: true, final: 'OK', lines: [], ms: 0 });
  });
});
