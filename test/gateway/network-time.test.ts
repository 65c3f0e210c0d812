/** A gateway whose machine does not know the time, with a stick that does. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import type { InfoPayload } from '../../src/gateway/payloads';
import { fates, type GatewayBench, gatewayBench, OTHER } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';
const BENCH_BEGINS = Date.UTC(2024, 0, 1);
/** Of the network, when the bench begins. */
const JUNE = Date.UTC(2027, 5, 1);
const DAY_S = 86_400;

const timeOf = (it: GatewayBench) =>
  (JSON.parse(it.broker.retained.get('e3272/gw1/info') ?? '{}') as Partial<InfoPayload>).time;
const setClock = (it: GatewayBench, beginning: number) => {
  it.machine.wall = beginning - BENCH_BEGINS;
};
const told = (it: GatewayBench, id: string, word: string) => it.until(() => fates(it.receipts(id)).endsWith(word));
/** What becomes of a message that was sent so many seconds ago, by the network. */
async function fateOf(it: GatewayBench, id: string, age: number): Promise<string> {
  const sent_at = new Date(JUNE + it.clock.now() - age * 1000).toISOString();
  it.send(SET, { id, to: OTHER, text: id, ttl: 900, sent_at });
  await it.until(() => / /.test(fates(it.receipts(id))));
  return fates(it.receipts(id));
}

describe("the network's time", () => {
  it('is what a clock that was never set is replaced by: times, and times to live, are right', async () => {
    const it = await gatewayBench({ away: true, stick: { epoch: JUNE }, parts: { clockIsRight: () => false } });
    setClock(it, 0);
    it.connect();
    await it.until(() => timeOf(it)?.source === 'network');
    const off = timeOf(it)?.offset_s ?? 0;
    assert.ok(Math.abs(off - JUNE / 1000) <= 2, String(off));
    assert.equal(await fateOf(it, 'old', 1_000), 'accepted expired');
    assert.equal(await fateOf(it, 'fresh', 100), 'accepted sent');
    assert.ok(it.receipts('fresh').every(({ at }) => at.startsWith('2027-06-01T')));
    assert.match(it.broker.retained.get('e3272/gw1/state') ?? '', /"at":"2027-06-01T/);
    // Once the machine knows better, it is the machine's.
    setClock(it, JUNE + 7_000);
    await it.wait(310_000);
    assert.equal(timeOf(it)?.source, 'system');
    assert.ok(Math.abs((timeOf(it)?.offset_s ?? 0) + 7) <= 2);
    await it.close();
  });

  it('says how far a clock is off that was set, which it leaves alone', async () => {
    const it = await gatewayBench({ stick: { epoch: JUNE }, parts: { clockIsRight: () => false } });
    await it.until(() => timeOf(it)?.offset_s !== null);
    assert.equal(timeOf(it)?.source, 'system');
    assert.ok(Math.abs((timeOf(it)?.offset_s ?? 0) - 151 * DAY_S) <= 2);
    it.send(SET, { id: 'a1', to: OTHER, text: 'a1' });
    await told(it, 'a1', 'sent');
    assert.match(String(it.receipts('a1')[0]?.at), /^2027-01-01T/);
    // Clocks that do not agree say nothing of how old a message is.
    assert.equal(await fateOf(it, 'a2', 200 * DAY_S), 'accepted sent');
    await it.close();
    const agreeing = await gatewayBench({ stick: { epoch: JUNE }, away: true, parts: { clockIsRight: () => false } });
    setClock(agreeing, JUNE + 20_000);
    agreeing.connect();
    await agreeing.until(() => timeOf(agreeing)?.offset_s === -20);
    assert.equal(await fateOf(agreeing, 'old', 1_000), 'accepted expired');
    await agreeing.close();
  });

  it('is asked for again when the network has told it', async () => {
    const it = await gatewayBench({ away: true, parts: { clockIsRight: () => false } });
    setClock(it, 0);
    it.connect();
    await it.wait(20_000);
    assert.deepEqual(timeOf(it), { source: 'unset', offset_s: null });
    // The clock of the stick is of 2024, from before this software.
    assert.equal(await fateOf(it, 'old', 1_000), 'accepted sent');
    const at = openAt(it.host, '1-1');
    await it.run(at.run('AT+CCLK="27/06/01,02:00:00+08"', { force: true }));
    it.stick.urc('^NWTIME: 27/06/01,00:00:00+08,01');
    await it.wait(5_000);
    assert.equal(timeOf(it)?.source, 'network');
    await it.run(at.release());
    await it.close();
  });

  it('is not told by a stick in HiLink mode', async () => {
    const it = await gatewayBench({ hilink: true });
    await it.wait(400_000);
    assert.deepEqual(timeOf(it), { source: 'system', offset_s: null });
    await it.close();
  });
});
