import assert from 'node:assert/strict';
import { testModem } from '../sticks';
import { caught, completed, give, itGivesThePortBack, itNeedsAStick, load, out, outs, shown } from './bench';

const TYPE = 'e3272-at';
const PROPS = { command: 'payload', commandType: 'msg', timeout: '', urcs: '', dangerous: false };

interface Answer {
  command: string;
  ok: boolean;
  lines: string[];
}

describe('e3272-at by itself', () => {
  itNeedsAStick(TYPE, PROPS);
  itGivesThePortBack(TYPE, PROPS, testModem);

  it('sends the command of a message, answers with that message and ends it', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    const req = { of: 'somebody' };
    give({ payload: 'AT+CGMM', topic: 'mine', req });
    const answer = await out(0);
    const { command, ok, lines } = answer.payload as Answer;
    assert.deepEqual([command, ok, lines], ['AT+CGMM', true, ['E3272']]);
    assert.deepEqual([answer.topic, answer['req']], ['mine', req]);
    assert.equal((await completed()).topic, 'mine');
  });

  it('sends the command that is set, whatever the message says', async () => {
    await load(TYPE, { ...PROPS, command: 'AT+CGMM', commandType: 'str' }, { stick: await testModem() });
    give({ payload: 'AT+CGMI' });
    assert.equal(((await out(0)).payload as Answer).command, 'AT+CGMM');
  });

  it('tells on output 2 what comes unasked, as far as it is wanted', async () => {
    const stick = await testModem();
    await load(TYPE, { ...PROPS, urcs: '^rssi' }, { stick });
    await shown('status.ready');
    stick.stick.urc('^SRVST:2');
    stick.stick.urc('^RSSI:17');
    const { topic, payload } = await out(1);
    assert.equal(topic, stick.name);
    assert.equal((payload as { line: string }).line, '^RSSI:17');
    assert.equal(outs(1).length, 1);
  });

  for (const { payload, code } of [
    { payload: { nothing: true }, code: 'BAD_ARGUMENT' },
    { payload: 'AT^SFM=1', code: 'COMMAND_REFUSED' },
    { payload: 'AT^NOSUCH', code: 'AT_ERROR' },
  ]) {
    it(`hands ${JSON.stringify(payload)} to Catch nodes as ${code}`, async () => {
      await load(TYPE, PROPS, { stick: await testModem() });
      give({ payload, topic: 'mine' });
      const { error, topic } = await caught();
      assert.equal(error.code, code);
      assert.equal(topic, 'mine');
      assert.deepEqual(outs(0), []);
    });
  }

  it('shows whether the stick is there', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    await shown('status.ready');
    stick.stick.unplug();
    await shown('status.absent');
  });
});
