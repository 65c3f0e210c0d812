import assert from 'node:assert/strict';
import { testModem } from '../sticks';
import { caught, completed, give, itGivesThePortBack, itNeedsAStick, load, out, outs, shown } from './bench';

const TYPE = 'e3272-sms-in';
const PROPS = { remove: false, existing: true, flash: true, incomplete: '', poll: '' };
const FROM = '+491701234567';

describe('e3272-sms-in by itself', () => {
  itNeedsAStick(TYPE, PROPS);
  itGivesThePortBack(TYPE, PROPS, testModem);

  it('hands over what comes', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    await shown('status.ready');
    stick.stick.receiveSms({ from: FROM, text: 'water in the cellar' });
    const { topic, payload } = await out(0);
    const { from, text, parts } = payload as Record<string, unknown>;
    assert.deepEqual([topic, from, text, parts], [stick.name, FROM, 'water in the cellar', 1]);
  });

  it('leaves out what was there before, and deletes what it has handed over, if that is set', async () => {
    const stick = await testModem();
    stick.stick.receiveSms({ from: FROM, text: 'before' });
    await load(TYPE, { ...PROPS, existing: false, remove: true }, { stick });
    await shown('status.ready');
    give({ payload: 'list' });
    await out(1);
    stick.stick.receiveSms({ from: FROM, text: 'after' });
    assert.equal(((await out(0)).payload as { text: string }).text, 'after');
    assert.equal(outs(0).length, 1);
  });

  it('lists on a message, in that message', async () => {
    const stick = await testModem();
    stick.stick.receiveSms({ from: FROM, text: 'there' });
    await load(TYPE, PROPS, { stick });
    await out(0);
    give({ payload: 'list', topic: 'mine' });
    const { topic, payload } = await out(1);
    assert.equal(topic, 'mine');
    const { event, messages } = payload as { event: string; messages: { handedOver: boolean }[] };
    assert.deepEqual([event, messages.map(({ handedOver }) => handedOver)], ['list', [true]]);
    assert.equal((await completed()).topic, 'mine');
  });

  it('hands a message that asks for nothing to Catch nodes', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    give({ payload: 'delete everything' });
    assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
  });
});
