import assert from 'node:assert/strict';
import type { JobReport } from '../../../src/flash/events';
import { flashNode, isWait, testStick } from '../sticks';
import { caught, completed, give, itNeedsAStick, load, modesOf, out, outs, remove, request, shown } from './bench';

const TYPE = 'e3272-flash';
const { id: _, type: __, stick: ___, ...PROPS } = flashNode();

/** In CD-ROM mode, and a job of it that waits for the boot pin. */
async function waiting() {
  const stick = await testStick();
  const up = stick.next((event) => event.what === 'mode');
  stick.stick.plug();
  await up;
  await load(TYPE, PROPS, { stick });
  give({ payload: 'go', confirm: true, topic: 'mine' });
  await out(1, isWait);
  return stick;
}

describe('e3272-flash by itself', () => {
  itNeedsAStick(TYPE, PROPS);

  it('without a yes changes nothing, and its report goes out before the error', async () => {
    const stick = await testStick();
    const up = stick.next((event) => event.what === 'mode');
    stick.stick.plug();
    await up;
    await load(TYPE, PROPS, { stick });
    give({ payload: 'go', topic: 'mine' });
    const { topic, payload } = await out(0);
    const { ok, error } = payload as JobReport & { error: { code: string } };
    assert.deepEqual([topic, ok, error.code], ['mine', false, 'NOT_CONFIRMED']);
    assert.equal((await caught()).error.code, 'NOT_CONFIRMED');
    await shown('status.failed');
    assert.deepEqual(modesOf(stick), ['cdrom-hilink']);
  });

  for (const more of [{ dryRun: 'true' }, { wayIn: 'door' }, { setport: 17 }, { loader: 17 }]) {
    it(`hands ${JSON.stringify(more)} to Catch nodes`, async () => {
      await load(TYPE, PROPS, { stick: await testStick() });
      give({ payload: 'go', confirm: true, ...more });
      assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
      assert.deepEqual(outs(1), []);
    });
  }

  it('tells what it does and shows that it waits; a message cancels it', async () => {
    await waiting();
    await shown('status.waiting');
    give({ payload: 'cancel', topic: 'the end' });
    assert.equal((await completed()).topic, 'the end');
    assert.equal((await caught()).error.code, 'CANCELLED');
    await shown('status.cancelled');
  });

  it('leaves its job going when it is closed, and says no more of it', async () => {
    const { name } = await waiting();
    await remove();
    const before = [outs(0).length, outs(1).length];
    assert.equal((await request().post(`/e3272/jobs/${name}/cancel`)).status, 204);
    assert.deepEqual([outs(0).length, outs(1).length], before);
  });

  it('has nothing to cancel where no job is', async () => {
    await load(TYPE, PROPS, { stick: await testStick() });
    assert.equal((await request().post('/e3272/jobs/nowhere/cancel')).status, 404);
  });
});
