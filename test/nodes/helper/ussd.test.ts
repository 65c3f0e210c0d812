import assert from 'node:assert/strict';
import { testModem } from '../sticks';
import { caught, completed, give, itGivesThePortBack, itNeedsAStick, load, out, outs } from './bench';

const TYPE = 'e3272-ussd';
const PROPS = { code: '', timeout: '' };

describe('e3272-ussd by itself', () => {
  itNeedsAStick(TYPE, PROPS);
  itGivesThePortBack(TYPE, PROPS, testModem);

  it('asks with the code of a message, and answers with that message', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    give({ payload: '*100#', topic: 'mine' });
    const { topic, payload } = await out(0);
    const { text, menu } = payload as Record<string, unknown>;
    assert.deepEqual([topic, text, menu], ['mine', 'Balance: 9.91 EUR\nValid to 31.12.', false]);
    assert.equal((payload as { stick: string }).stick, stick.name);
    assert.equal((await completed()).topic, 'mine');
  });

  it('asks with the code that is set, whatever the message says', async () => {
    await load(TYPE, { ...PROPS, code: ' *101# ' }, { stick: await testModem() });
    give({ payload: '*100#' });
    assert.equal(((await out(0)).payload as { menu: boolean }).menu, true);
  });

  for (const payload of ['', ' ', undefined, { code: '*100#' }]) {
    it(`hands ${JSON.stringify(payload)} to Catch nodes`, async () => {
      await load(TYPE, PROPS, { stick: await testModem() });
      give({ payload });
      assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
      assert.deepEqual(outs(0), []);
    });
  }

  it('hands to Catch nodes that its time makes no sense', async () => {
    await load(TYPE, { ...PROPS, timeout: 'soon' }, { stick: await testModem() });
    give({ payload: '*100#' });
    assert.match((await caught()).error.message, /^The timeout is "soon"\./);
  });
});
