/** What a stick has told lately, to whoever asked. */

import assert from 'node:assert/strict';
import type { AtReply } from '../../src/at/reply';
import { openAt } from '../../src/device/at/open-at';
import { deviceAt } from '../../src/device/device';
import { askInUse } from '../../src/device/in-use';
import { Readings } from '../../src/device/readings';
import { isDriverError } from '../../src/errors';
import { sessionBench, until } from '../support/at-bench';

const said = (command: string, ...lines: string[]): AtReply => ({ command, ok: true, final: 'OK', lines, ms: 1 });

function readings() {
  let now = 0;
  let told = 0;
  const of = new Readings(() => now);
  of.on(() => told++);
  return {
    of,
    told: () => told,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('readings', () => {
  it('are read off whatever is answered', () => {
    const { of, told } = readings();
    of.answered(said('AT+CGMI', 'huawei'));
    assert.deepEqual([of.latest, told()], [{}, 0]);
    of.answered(said('at^hcsq? ', '^HCSQ:"LTE",61,51,66,20'));
    of.answered(said('AT+COPS?', '+COPS: 0,0,"Operator",7'));
    of.answered(said('AT^CPIN?', '^CPIN: READY,,10,3,10,3'));
    of.answered(said('AT+CPMS="SM","SM","SM"', '+CPMS: 3,20,3,20,3,20'));
    of.answered({ ...said('AT+COPS?', '+COPS: 0,0,"Other",7'), ok: false });
    assert.deepEqual(of.latest, {
      signal: { system: 'LTE', rssi: -60, rsrp: -90, sinr: -7, rsrq: -10, bars: 4 },
      operator: 'Operator',
      pinTries: 3,
      pukTries: 10,
      messages: { used: 3, total: 20 },
      at: 0,
    });
  });

  it('have the store whether its name comes with it or not', () => {
    const { of } = readings();
    of.answered(said('AT+CPMS?', '+CPMS: "SM",7,25,"SM",7,25,"SM",7,25'));
    assert.deepEqual(of.latest.messages, { used: 7, total: 25 });
  });

  it('keep the better of two kinds of signal', () => {
    const { of } = readings();
    of.answered(said('AT+CSQ', '+CSQ: 20,99'));
    assert.equal(of.latest.signal?.rssi, -73);
    of.heard('^HCSQ:"LTE",61,51,66,20');
    of.answered(said('AT+CSQ', '+CSQ: 20,99'));
    assert.equal(of.latest.signal?.rsrp, -90);
  });

  it('keep the signals of an hour, none closer than 5 s to the next', () => {
    const { of, pass } = readings();
    for (let i = 0; i < 2_000; i++) {
      of.heard(`^HCSQ:"LTE",61,${40 + (i % 10)},66,20`);
      pass(2_500);
    }
    const { signals } = of;
    assert.ok(signals.length <= 720 && signals.length >= 700, String(signals.length));
    assert.ok(signals.every(({ at }, i) => i === 0 || at - (signals[i - 1]?.at ?? 0) >= 5_000));
    pass(3_600_001);
    assert.deepEqual(of.signals, []);
  });

  it('are about one enumeration', () => {
    const { of } = readings();
    of.from(5);
    of.heard('^HCSQ:"LTE",61,51,66,20');
    of.from(5);
    assert.equal(of.signals.length, 1);
    of.from(6);
    assert.deepEqual([of.latest, of.signals], [{}, []]);
  });

  it('are nobody else’s to change', () => {
    const { of } = readings();
    of.heard('^HCSQ:"LTE",61,51,66,20');
    const { signal } = of.latest;
    if (signal) signal.rsrp = 0;
    assert.equal(of.latest.signal?.rsrp, -90);
  });
});

describe('a look at a stick that is in use', () => {
  it('is refused, and opens nothing, where nobody uses it', async () => {
    const bench = sessionBench();
    await bench.plug();
    const device = deviceAt(bench.host, bench.stick.portPath);
    await assert.rejects(bench.run(askInUse(device)), (error) => isDriverError(error));
    assert.deepEqual(bench.commands, []);
  });

  it('goes over the port that is open', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, bench.stick.portPath);
    await bench.run(until(handle, 'ready'));
    const device = deviceAt(bench.host, bench.stick.portPath);
    const status = await bench.run(askInUse(device));
    assert.equal(status.network?.operator, device.readings?.latest.operator);
    assert.equal(device.readings?.latest.signal?.rsrp, status.signal?.rsrp);
    assert.equal(device.readings?.signals.length, 1);
    await bench.run(handle.release());
    await assert.rejects(bench.run(askInUse(device)), (error) => isDriverError(error));
  });
});
