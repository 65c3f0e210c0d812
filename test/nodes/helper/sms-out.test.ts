import assert from 'node:assert/strict';
import type { StickEvent } from '../../../src/virtual/events';
import { testModem } from '../sticks';
import { caught, completed, give, itGivesThePortBack, itNeedsAStick, load, out, outs, shown } from './bench';

const TYPE = 'e3272-sms-out';
const PROPS = { to: '', allowed: '', flash: false, report: false, validity: '', patience: 5, limit: 100, parts: 10 };
const TO = '+491701234567';

describe('e3272-sms-out by itself', () => {
  itNeedsAStick(TYPE, PROPS);
  itGivesThePortBack(TYPE, PROPS, testModem);

  it('sends the text of a message, answers with that message and shows it meanwhile', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    const sent = stick.next((event) => event.what === 'sms');
    give({ payload: 'water in the cellar', to: TO, topic: 'mine' });
    const { to, text } = (await sent) as Extract<StickEvent, { what: 'sms' }>;
    assert.deepEqual([to, text], [TO, 'water in the cellar']);
    const { topic, payload } = await out(0);
    const { ok, parts } = payload as Record<string, unknown>;
    assert.deepEqual([topic, ok, parts], ['mine', true, 1]);
    await shown('status.sending');
    assert.equal((await completed()).topic, 'mine');
  });

  it('sends to the number that is set, whatever the message says, and brings the report', async () => {
    const stick = await testModem();
    await load(TYPE, { ...PROPS, to: TO, report: true }, { stick });
    give({ payload: { text: 'hello', to: '+4917000' }, topic: 'mine' });
    const { topic, payload } = await out(1);
    assert.deepEqual([topic, (payload as { to: string }).to], ['mine', TO]);
  });

  for (const [msg, code] of [
    [{ payload: '', to: TO }, 'BAD_ARGUMENT'],
    [{ payload: 'hello', to: 'somebody' }, 'BAD_ARGUMENT'],
    [{ payload: 'hello', to: '+44123456' }, 'COMMAND_REFUSED'],
  ] as const) {
    it(`hands ${JSON.stringify(msg)} to Catch nodes as ${code}, and sends nothing`, async () => {
      const stick = await testModem();
      await load(TYPE, { ...PROPS, allowed: '+49*' }, { stick });
      give(msg);
      assert.equal((await caught()).error.code, code);
      assert.deepEqual(outs(0), []);
      assert.ok(stick.events.every(({ what }) => what !== 'sms'));
    });
  }
});
