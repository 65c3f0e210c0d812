import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY } from '../../../nodes/e3272-gateway/saved';
import { tempFolder } from '../../support/temp-folder';
import { testModem } from '../sticks';
import { caught, give, itNeedsAStick, load, out, outs, shown } from './bench';

const TYPE = 'e3272-gateway';
const { stick: _stick, ...FRESH } = GATEWAY.fresh;
const PROPS = { ...FRESH, gw: 'gw1' };

describe('e3272-gateway by itself', () => {
  itNeedsAStick(TYPE, PROPS);

  it('sends by its input what it is told to, and puts out what is to be published', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    const command = { id: `a${Date.now()}`, to: '+491713920000', text: 'by wire' };
    give({ topic: 'e3272/gw1/sms/set', payload: JSON.stringify(command) });
    const sent = await out(0, ({ topic, payload }) => /receipt$/.test(String(topic)) && /"sent"/.test(String(payload)));
    assert.deepEqual([sent['qos'], sent['retain']], [1, false]);
    assert.ok(stick.events.some((event) => event.what === 'sms' && event.whole === 'by wire'));
    const config = outs(0).find(({ topic }) => topic === 'homeassistant/device/gw1/e3272/config');
    assert.equal(config?.['retain'], true);
  });

  it('shows that its broker has gone', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    await out(0, ({ topic }) => /availability$/.test(String(topic)));
    give({ status: { text: 'node-red:common.status.disconnected' } });
    await shown('status.noBroker');
  });

  it('shows the first refusal of a day, and tells it as an event', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    await out(0, ({ topic }) => /availability$/.test(String(topic)));
    await shown('status.ready');
    give({ topic: 'e3272/gw1/sms/set', payload: '{"id":"r1","to":"110","text":"x"}' });
    await shown('status.error');
    const refused = await out(0, ({ topic }) => /receipt$/.test(String(topic)));
    assert.match(String(refused['payload']), /"refused"/);
  });

  it('begins when its journal can be written, where it cannot be at first', async () => {
    const folder = tempFolder('gateway-room');
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const before = { ...process.env };
    // Nothing can be written below a file.
    for (const name of ['E3272_STATE', 'XDG_STATE_HOME', 'HOME']) process.env[name] = join(file, name);
    try {
      await load(TYPE, PROPS, { stick: await testModem() });
      await shown('status.error');
    } finally {
      Object.assign(process.env, before);
      if (before['E3272_STATE'] === undefined) delete process.env['E3272_STATE'];
    }
    await out(0, ({ topic }) => /availability$/.test(String(topic)));
    rmSync(folder, { recursive: true });
  });

  it('refuses a name that cannot be one', async () => {
    await load(TYPE, { ...PROPS, gw: 'Not this' }, { stick: await testModem() });
    give({ topic: 'e3272/gw1/sms/set', payload: '{}' });
    assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
  });
});
