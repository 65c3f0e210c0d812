import assert from 'node:assert/strict';
import { testStick } from '../sticks';
import { caught, completed, give, itNeedsAStick, load, modesOf, out, outs, remove, shown } from './bench';

const TYPE = 'e3272-modeswitch';
const PROPS = { message: 'new', timeout: 5, auto: false };

/** In CD-ROM mode. */
async function waiting() {
  const stick = await testStick({ firmware: 'stick', setport: 'A1;10,12' });
  const up = stick.next((event) => event.what === 'mode');
  stick.stick.plug();
  await up;
  return stick;
}

describe('e3272-modeswitch by itself', () => {
  itNeedsAStick(TYPE, PROPS);

  it('switches on a message, answers with it and shows the new mode', async () => {
    const stick = await waiting();
    await load(TYPE, PROPS, { stick });
    give({ topic: 'mine' });
    const { topic, payload } = await out(0);
    const { from, to, switched } = payload as Record<string, unknown>;
    assert.deepEqual([topic, from, to, switched], ['mine', 'storage', 'tty', true]);
    await shown('status.switching');
    await shown('status.tty');
    assert.equal((await completed()).topic, 'mine');
  });

  for (const more of [{ switch: 17 }, { switch: { message: 'loud' } }, { configuration: 'third' }]) {
    it(`hands ${JSON.stringify(more)} to Catch nodes, and switches nothing`, async () => {
      const stick = await waiting();
      await load(TYPE, PROPS, { stick });
      give(more);
      assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
      assert.deepEqual(modesOf(stick), ['cdrom-stick']);
    });
  }

  it('shows that it failed where no stick is', async () => {
    await load(TYPE, PROPS, { stick: await testStick() });
    give({});
    assert.equal((await caught()).error.code, 'STICK_NOT_FOUND');
    assert.deepEqual(outs(0), []);
  });

  it('switches by itself what comes, until it is closed', async () => {
    const stick = await testStick({ firmware: 'stick', setport: 'A1;10,12' });
    await load(TYPE, { ...PROPS, auto: true }, { stick });
    stick.stick.plug();
    const { topic, payload } = await out(0);
    assert.deepEqual([topic, (payload as { to: string }).to], [stick.name, 'tty']);
    await remove();
    stick.stick.unplug();
    const up = stick.next((event) => event.what === 'mode' && event.mode !== 'off');
    stick.stick.plug();
    await up;
    assert.equal(outs(0).length, 1);
  });
});
