import assert from 'node:assert/strict';
import { testModem, testStick } from '../sticks';
import { caught, completed, give, itGivesThePortBack, itNeedsAStick, load, out, outs, shown } from './bench';

const TYPE = 'e3272-status';
const PROPS = {
  every: '',
  signal: true,
  network: false,
  sim: false,
  data: false,
  temperature: false,
  identity: false,
  personal: false,
  changes: false,
  threshold: 3,
  urcs: false,
};

describe('e3272-status by itself', () => {
  itNeedsAStick(TYPE, PROPS);
  itGivesThePortBack(TYPE, PROPS, testModem);

  it('answers a message with the parts that are set, and shows the signal', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    give({ topic: 'mine' });
    const { topic, payload } = await out(0);
    assert.equal(topic, 'mine');
    assert.deepEqual(Object.keys(payload as object), ['signal']);
    const { signal } = payload as { signal: { system: string; rssi: number } };
    await shown(`${signal.system} ${signal.rssi} dBm`);
    assert.equal((await completed()).topic, 'mine');
  });

  it('tells by itself where a time is set', async () => {
    const stick = await testModem();
    await load(TYPE, { ...PROPS, every: 60 }, { stick });
    assert.equal((await out(0)).topic, stick.name);
  });

  it('tells of settings that make no sense, under the node and to each message', async () => {
    await load(TYPE, { ...PROPS, every: 1 }, { stick: await testModem() });
    await shown('status.error');
    give({});
    const { error } = await caught();
    assert.equal(error.code, 'BAD_ARGUMENT');
    assert.match(error.message, /between two readings is 1\. Give a number of seconds from 5/);
  });

  it('hands to Catch nodes that no stick is there', async () => {
    await load(TYPE, PROPS, { stick: await testStick() });
    await shown('status.absent');
    give({});
    assert.equal((await caught()).error.code, 'STICK_NOT_FOUND');
    assert.deepEqual(outs(0), []);
  });
});
