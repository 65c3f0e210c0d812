/** What stands between an open AT port and a network, as the stick tells of it. */

import assert from 'node:assert/strict';
import type { AtReply } from '../../../src/at/reply';
import { openAt } from '../../../src/device/at/open-at';
import { OutlookOfStick } from '../../../src/device/at/outlook';
import { watchState } from '../../../src/device/onlooker';
import { openSms } from '../../../src/device/sms/open-sms';
import { holdStick } from '../../../src/stick/hold';
import { sessionBench, until } from '../../support/at-bench';

const said = (command: string, line: string): AtReply => ({ command, ok: true, final: 'OK', lines: [line], ms: 1 });
const refused = (command: string, number: number): AtReply => {
  return { command, ok: false, final: `+CME ERROR: ${number}`, number, lines: [], ms: 1 };
};

function outlook() {
  let changes = 0;
  const of = new OutlookOfStick(() => changes++);
  return { of, changes: () => changes };
}

describe('the outlook of a stick', () => {
  it('is unknown until it says something, and is told when it changes', () => {
    const { of, changes } = outlook();
    assert.deepEqual(of.now, {});
    of.answered(said('AT+CPIN?', '+CPIN: READY'));
    of.answered(said('at+cpin? ', '+CPIN: READY'));
    assert.deepEqual([of.now, changes()], [{ sim: 'ready' }, 1]);
    of.heard('^SRVST:2');
    assert.deepEqual([of.now, changes()], [{ sim: 'ready', network: 'registered' }, 2]);
    of.forget();
    assert.deepEqual([of.now, changes()], [{}, 3]);
  });

  it('has the SIM from any error that is about it, but a PIN that was refused stays refused', () => {
    const { of } = outlook();
    const states: [number, string][] = [
      [10, 'absent'],
      [14, 'busy'],
      [13, 'failed'],
      [12, 'puk'],
      [11, 'pin'],
    ];
    for (const [number, sim] of states) {
      of.answered(refused('AT+CIMI', number));
      assert.equal(of.now.sim, sim);
    }
    of.pinRefused();
    of.answered(refused('AT+CIMI', 11));
    of.answered(said('AT+CPIN?', '+CPIN: SIM PIN'));
    assert.equal(of.now.sim, 'pin-refused');
    of.answered(refused('AT+COPS?', 30));
    assert.equal(of.now.sim, 'pin-refused');
    of.answered({ ...said('AT+CPIN="1234"', ''), lines: [] });
    assert.equal(of.now.sim, 'ready');
    // The same number says something else where it is no error of the modem.
    of.answered({ ...refused('AT^X', 10), final: 'ERROR' });
    assert.equal(of.now.sim, 'ready');
  });

  it('T48: has the network from the service; what registrations say is why', () => {
    const { of } = outlook();
    of.answered(said('AT^SYSINFOEX', '^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"'));
    of.answered(said('AT+CREG?', '+CREG: 0,2'));
    assert.equal(of.now.network, 'registered');
    of.heard('^SRVST:0');
    assert.equal(of.now.network, 'none');
    of.answered(said('AT+CREG?', '+CREG: 0,2'));
    assert.equal(of.now.network, 'searching');
    of.heard('+CEREG: 3');
    assert.equal(of.now.network, 'denied');
    // The one that says it is counts, also without a word on the service.
    of.heard('+CEREG: 5');
    assert.equal(of.now.network, 'registered');
    of.heard('+CEREG: 2');
    assert.equal(of.now.network, 'searching');
    of.heard('^SRVST:1');
    assert.equal(of.now.network, 'denied');
  });
});

describe('a stick that tells of SIM and network', () => {
  it('has nothing asked again by those who use it', async () => {
    const bench = sessionBench();
    await bench.plug();
    const sms = openSms(bench.host, '1-1');
    sms.receive({ onMessage: () => false });
    await bench.pass(10_000);
    assert.equal(sms.state.network, 'registered');
    bench.commands.length = 0;
    bench.stick.world.changeRadio({ registration: 'searching' });
    await bench.pass(1_000);
    assert.deepEqual([sms.state.network, bench.commands], ['none', []]);
    await bench.run(sms.release());
  });
});

describe('an onlooker', () => {
  it('opens nothing, sees the bus and who holds the stick, and the session while somebody has one', async () => {
    const bench = sessionBench();
    const seen: string[] = [];
    const look = watchState(bench.host, '1-1', ({ state, mode, sim }) => {
      seen.push([state, mode, sim].filter((word) => word !== undefined).join(' '));
    });
    await bench.pass(1_000);
    await bench.plug();
    assert.deepEqual([seen.splice(0), bench.commands.length], [['absent', 'mode tty'], 0]);
    const hold = await holdStick(bench.host, '1-1', { purpose: 'a job' });
    hold.release();
    assert.deepEqual(seen.splice(0), ['busy tty', 'mode tty']);
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(seen.splice(0), ['ready tty ready']);
    await bench.run(handle.release());
    assert.deepEqual(seen.splice(0), ['mode tty']);
    look.stop();
    bench.stick.unplug();
    await bench.pass(1_000);
    assert.deepEqual(seen, []);
  });
});
