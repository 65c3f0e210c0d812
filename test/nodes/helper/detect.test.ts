import assert from 'node:assert/strict';
import { testModem, testStick } from '../sticks';
import { completed, give, listeners, load, out, outs, remove, shown } from './bench';

const TYPE = 'e3272-detect';
const PROPS = { auto: false, message: 'new' };

const event = (wanted: string) => (msg: { payload?: unknown }) => (msg.payload as { event: string }).event === wanted;

describe('e3272-detect by itself', () => {
  it('tells what comes and goes, and shows it', async () => {
    const stick = await testStick();
    await load(TYPE, PROPS, { stick });
    await shown('status.absent');
    stick.stick.plug();
    const { topic, payload } = await out(0, event('appeared'));
    assert.equal(topic, stick.name);
    assert.equal((payload as { mode: string }).mode, 'storage');
    await shown('status.storage');
    stick.stick.unplug();
    await out(0, event('vanished'));
  });

  it('answers a message with what is there, in that message', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    give({ topic: 'mine' });
    const { topic, payload } = await out(0, event('present'));
    assert.equal(topic, 'mine');
    assert.equal((payload as { mode: string }).mode, 'tty');
    assert.equal((await completed()).topic, 'mine');
  });

  it('says absent where none is', async () => {
    const stick = await testStick();
    await load(TYPE, PROPS, { stick });
    give({});
    assert.deepEqual((await out(0)).payload, { event: 'absent', stick: stick.name });
  });

  it('switches what comes, if it is set to', async () => {
    const stick = await testStick({ firmware: 'stick', setport: 'A1;10,12' });
    await load(TYPE, { ...PROPS, auto: true }, { stick });
    await shown('status.absent');
    stick.stick.plug();
    await shown('status.switching');
    await shown('status.tty');
  });

  it('hears nothing any more when it is closed', async () => {
    const stick = await testStick();
    const listening = listeners(stick);
    await load(TYPE, PROPS, { stick });
    await shown('status.absent');
    assert.ok(listening() > 0);
    await remove();
    assert.equal(listening(), 0);
    const up = stick.next((e) => e.what === 'mode');
    stick.stick.plug();
    await up;
    assert.deepEqual(outs(0), []);
  });
});
