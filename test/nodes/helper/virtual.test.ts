import assert from 'node:assert/strict';
import { testStick } from '../sticks';
import { caught, completed, give, listeners, load, out, outs, remove, shown } from './bench';

const TYPE = 'e3272-virtual';
const PROPS = { firmware: 'hilink', action: 'msg' };

describe('e3272-virtual by itself', () => {
  it('does what a message says, tells what happens inside and shows it', async () => {
    const { name, stick } = await testStick();
    await load(TYPE, { ...PROPS, virtual: name });
    await shown('status.unplugged');
    give({ payload: 'plug', topic: 'mine' });
    const { topic, payload } = await out(0, (msg) => (msg.payload as { what: string }).what === 'mode');
    assert.deepEqual([topic, (payload as { mode: string }).mode], [name, 'cdrom-hilink']);
    await shown('status.plugged');
    assert.equal((await completed()).topic, 'mine');
    assert.equal(stick.plugged, true);
  });

  it('does what it is set to, whatever the message says', async () => {
    const { name, stick } = await testStick();
    await load(TYPE, { ...PROPS, virtual: name, action: 'remove-sim' });
    give({ payload: 'plug' });
    await completed();
    assert.deepEqual([stick.sim.state, stick.plugged], ['absent', false]);
  });

  it('hands what it does not understand to Catch nodes', async () => {
    const { name } = await testStick();
    await load(TYPE, { ...PROPS, virtual: name });
    give({ payload: 'explode' });
    const { error } = await caught();
    assert.equal(error.code, 'BAD_ARGUMENT');
    assert.match(error.message, /does not understand "explode"\. Send one of plug,/);
  });

  it('with a name that none can have says so, under the node and to each message', async () => {
    await load(TYPE, { ...PROPS, virtual: 'real-1' });
    await shown('status.noconfig');
    give({ payload: 'plug' });
    assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
  });

  it('hears nothing any more when it is closed', async () => {
    const stick = await testStick();
    const listening = listeners(stick);
    await load(TYPE, { ...PROPS, virtual: stick.name });
    await shown('status.unplugged');
    assert.ok(listening() > 0);
    await remove();
    assert.equal(listening(), 0);
    const up = stick.next((event) => event.what === 'mode');
    stick.stick.plug();
    await up;
    assert.deepEqual(outs(0), []);
  });
});
