/**
 * What Home Assistant is told, held against its rules as they are known: a payload whose root is closed, components with a
 * platform and an id, states that their templates can read. Every payload fits the schema that others check it with.
 */

import assert from 'node:assert/strict';
import { entitiesOf, RECEIPT_TYPES, STICK_MODES } from '../../src/gateway/entities';
import { faultOf, schema } from '../../src/gateway/schemas';
import { ENTITY_GROUPS, type GatewaySettings } from '../../src/gateway/settings';
import { topicsOf } from '../../src/gateway/topics';
import { LANGUAGES } from '../../src/gateway/words';
import { REGISTRATION_STATUS } from '../../src/values/registration';
import { type Captured, gatewayBench, OTHER, settingsOf } from './gateway-bench';

const CONFIG = 'homeassistant/device/gw1/e3272/config';
/** Any other key at the root makes Home Assistant drop the whole message. */
const ROOT = ['dev', 'cmps', 'o', 'qos', 'avty', 'avty_mode'];
const DEVICE = ['ids', 'name', 'mf', 'mdl', 'sw', 'hw'];
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  sensor: ['stat_t', 'uniq_id'],
  binary_sensor: ['stat_t', 'uniq_id'],
  event: ['stat_t', 'evt_typ', 'uniq_id'],
  notify: ['cmd_t', 'cmd_tpl', 'uniq_id'],
  button: ['cmd_t', 'uniq_id'],
  update: ['stat_t', 'uniq_id'],
  device_automation: ['atype', 'type', 'stype', 't'],
};

interface Config {
  dev: object;
  o: { name: string };
  cmps: Record<string, Record<string, unknown> & { p: string }>;
}

const last = (captured: readonly Captured[], topic = CONFIG): Config =>
  JSON.parse(captured.findLast((message) => message.topic === topic)?.payload ?? '{}') as Config;
const home = (more: Partial<GatewaySettings['homeAssistant']>) => ({
  homeAssistant: { ...settingsOf().homeAssistant, ...more },
});

function judge({ dev, o, cmps, ...rest }: Config): void {
  assert.deepEqual(
    Object.keys(rest).filter((key) => !ROOT.includes(key)),
    [],
  );
  assert.deepEqual(
    Object.keys(dev).filter((key) => !DEVICE.includes(key)),
    [],
  );
  assert.ok(o.name);
  const ids = new Set<unknown>();
  for (const [id, { p, ...component }] of Object.entries(cmps)) {
    assert.match(id, /^[\w-]+$/);
    if (Object.keys(component).length === 0) continue;
    for (const key of NEEDS[p] ?? assert.fail(`${id} is a ${p}`)) assert.ok(key in component, `${id} lacks ${key}`);
    if (p === 'device_automation') continue;
    assert.ok(!ids.has(component['uniq_id']), id);
    ids.add(component['uniq_id']);
    // Both forms in one component are refused.
    assert.ok(Array.isArray(component['avty']) && !('avty_t' in component), id);
    if (p === 'sensor' && component['ops'])
      assert.ok(component['dev_cla'] === 'enum' && !('unit_of_meas' in component));
    if (component['dev_cla'] === 'signal_strength') assert.match(String(component['unit_of_meas']), /^dBm?$/);
    if (p === 'update') assert.ok(!('cmd_t' in component), 'a write of firmware is no matter of one click');
  }
}

describe('the discovery of a gateway', () => {
  it('is what Home Assistant takes, is told again when it starts, and names each contact', async () => {
    const it = await gatewayBench();
    const config = last(it.broker.captured);
    judge(config);
    assert.equal(config.cmps['notify_anna']?.['name'], 'Anna');
    assert.match(String(config.cmps['notify_anna']?.['cmd_tpl']), /'to': '@anna'/);
    assert.deepEqual(config.cmps['registration']?.['ops'], REGISTRATION_STATUS.options);
    const told = () => it.broker.captured.filter(({ topic }) => topic === CONFIG).length;
    const before = told();
    it.send('homeassistant/status', 'offline');
    it.send('homeassistant/status', 'online', { retain: true });
    await it.wait(15_000);
    assert.equal(told(), before);
    it.send('homeassistant/status', 'online');
    await it.wait(15_000);
    assert.ok(told() > before);
    await it.close();
  });

  it('takes away what is turned off, and who is no contact any more', async () => {
    const it = await gatewayBench();
    await it.close();
    it.restart({ ...home({ groups: ['signal'] }), contacts: [] });
    it.connect();
    await it.wait(5_000);
    const config = last(it.broker.captured);
    judge(config);
    for (const [id, component] of Object.entries(config.cmps)) {
      const isGone = !['rssi', 'rsrp', 'rsrq', 'sinr'].includes(id);
      assert.equal(Object.keys(component).length === 1, isGone, id);
    }
    assert.deepEqual(config.cmps['notify_anna'], { p: 'notify' });
    await it.close();
    it.restart(home({ prefix: undefined }));
    it.connect();
    await it.wait(5_000);
    assert.equal(it.broker.retained.has(CONFIG), false);
    await it.close();
  });

  it('can be one message for each entity, and moves from one form to the other and back', async () => {
    const it = await gatewayBench();
    await it.close();
    const from = it.broker.captured.length;
    it.restart(home({ form: 'single' }));
    it.connect();
    await it.wait(5_000);
    const moved = it.broker.captured.slice(from).filter(({ topic }) => topic.startsWith('homeassistant/'));
    assert.deepEqual(moved[0]?.payload, '{"migrate_discovery":true}');
    assert.equal(it.broker.retained.has(CONFIG), false);
    const rssi = JSON.parse(it.broker.retained.get('homeassistant/sensor/gw1/rssi/config') ?? '{}') as Config;
    assert.ok(rssi.dev && rssi.o);
    await it.close();
    const back = it.broker.captured.length;
    it.restart();
    it.connect();
    await it.wait(5_000);
    const [first] = it.broker.captured.slice(back).filter(({ topic }) => topic.startsWith('homeassistant/'));
    assert.deepEqual(first?.payload, '{"migrate_discovery":true}');
    const left = [...it.broker.retained.keys()].filter((topic) => topic.startsWith('homeassistant/'));
    assert.deepEqual(left, [CONFIG]);
    await it.close();
  });

  it('has a name for each entity in each language, and options that are those of the values', () => {
    for (const language of LANGUAGES) {
      const settings = settingsOf({ ...home({ language }), defaultTo: '@anna' });
      const names = [...entitiesOf(settings, topicsOf('gw1')).values()].flatMap(({ p, name }) =>
        p === 'device_automation' ? [] : [name],
      );
      assert.ok(names.every((name) => typeof name === 'string' && name !== ''));
      assert.equal(new Set(names).size, names.length, language);
    }
    const groups = new Set(
      ENTITY_GROUPS.filter((group) => entitiesOf(settingsOf(home({ groups: [group] })), topicsOf('g')).size),
    );
    assert.deepEqual([...groups], [...ENTITY_GROUPS]);
    const options = (name: string, member: string) =>
      (schema(name).schema as { properties: Record<string, { enum: string[] }> }).properties[member]?.enum;
    assert.deepEqual(options('stick', 'mode'), [...STICK_MODES]);
    assert.deepEqual(options('sms-receipt', 'event_type'), [...RECEIPT_TYPES]);
  });

  for (const what of ['AT', 'HiLink']) {
    it(`has states that fit their schemas over a day of a gateway, by ${what}`, async () => {
      const it = await gatewayBench({ hilink: what === 'HiLink' });
      it.send('e3272/gw1/sms/set', { id: 'a1', to: '@anna', text: 'out', report: true });
      it.send('e3272/gw1/sms/set', { id: 'a2', to: '229', text: 'out' });
      it.send('e3272/gw1/command/set', { id: 'c1', do: 'rescan' });
      it.stick.receiveSms({ from: OTHER, text: 'in' });
      await it.wait(400_000);
      it.stick.unplug();
      await it.wait(20_000);
      await it.back();
      await it.wait(400_000);
      await it.close(true);
      const names: Readonly<Record<string, string>> = {
        ...{ stick: 'stick', state: 'state', info: 'info', health: 'health', 'sms/received': 'sms-received' },
        ...{ 'sms/receipt': 'sms-receipt', 'command/result': 'result' },
      };
      const seen = new Set<string>();
      for (const { topic, payload, retain } of it.broker.captured) {
        const name = names[topic.replace('e3272/gw1/', '')];
        if (!name || payload === '') continue;
        seen.add(name);
        assert.equal(faultOf(name, JSON.parse(payload)), undefined, `${topic} ${payload}`);
        assert.equal(retain, !/^(sms-|result)/.test(name), topic);
      }
      const missing = Object.values(names).filter((name) => !seen.has(name));
      assert.deepEqual(missing, []);
    });
  }
});
