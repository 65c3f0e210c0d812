/** From any mode to serial ports, for as long as the stick is plugged in, or for good. */

import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { type ToSerialOptions, toSerial } from '../../src/leave-hilink/to-serial';
import { triedTexts } from '../../src/leave-hilink/tried';
import { holdStick } from '../../src/stick/hold';
import { findStick } from '../../src/stick/stick';
import type { StickEvent } from '../../src/virtual/events';
import { type BenchStick, onWrites, virtualBench } from '../support/bench';

function serial(options: BenchStick = {}) {
  const bench = virtualBench({ firmware: 'hilink', hilink: 'sestok', ...options });
  const events: StickEvent[] = [];
  bench.stick.onEvent((event) => events.push(event));
  const go = async (more: ToSerialOptions = {}) => {
    const stick = await findStick(bench.host, '1-1');
    const hold = await holdStick(bench.host, '1-1', { purpose: 'test' });
    return bench.run(toSerial(bench.host, stick, more).finally(hold.release));
  };
  const cbws = () => events.flatMap((event) => (event.what === 'cbw' && event.cdb.startsWith('11') ? event.cdb : []));
  const commands = () => events.flatMap((event) => (event.what === 'at' ? event.command : []));
  return { ...bench, go, cbws, commands };
}

const PROJECT = '11060000000000000000000000000000';
const NEW = '11062000000101000100000000000000';

describe('to serial ports', () => {
  it('from the CD-ROM of HiLink firmware by the message "project" alone, where it knows it', async () => {
    const { plug, go, cbws, stick } = serial();
    await plug();
    const { tried, temporary, from, to, switched } = await go();
    assert.deepEqual([triedTexts(tried), temporary, switched], ['cd-rom project: left HiLink', true, true]);
    assert.deepEqual([from.productId, to.productId], [0x1f01, 0x1442]);
    assert.deepEqual(cbws(), [PROJECT]);
    assert.equal(stick.appearance, 'upgrade');
  });

  it('by the web where that message led to HiLink all the same, as soon as its web server is up', async () => {
    const { plug, go, cbws } = serial({ hilink: 'scram' });
    await plug();
    await assert.rejects(go(), (error) => isDriverError(error, 'NOT_SWITCHED/no-way-worked'));
    assert.deepEqual(cbws(), [PROJECT]);
  });

  it('by the usual message, and then by the web, where that one changed nothing', async () => {
    const { plug, go, cbws, stick } = serial();
    await plug();
    stick.faults.order({ fault: 'silence', at: 'cbw', nth: 2 });
    const { tried, to } = await go();
    assert.equal(triedTexts(tried), 'cd-rom project: nothing happened; cgi project: left HiLink');
    assert.equal(to.productId, 0x1442);
    assert.equal(cbws().at(-1), NEW);
  });

  it('with a message that was asked for no other one is sent', async () => {
    const { plug, go, cbws } = serial();
    await plug();
    assert.equal(triedTexts((await go({ message: 'new' })).tried), 'cgi project: left HiLink');
    assert.deepEqual(cbws(), [NEW]);
  });

  it('stick firmware goes the usual way, and stays what it is', async () => {
    const { plug, go, cbws } = serial({ firmware: 'stick' });
    await plug();
    const { tried, temporary } = await go();
    assert.deepEqual([tried, temporary, cbws()], [[], false, [NEW]]);
    const { switched } = await go();
    assert.equal(switched, false);
  });

  it('a boot ROM has no such way', async () => {
    const { plug, go } = serial();
    await plug({ bootPin: true });
    await assert.rejects(go(), (error) => isDriverError(error, 'WRONG_MODE/no-cd-rom'));
  });

  it('until it is plugged in anew: then it is HiLink again', async () => {
    const { plug, go, stick, commands } = serial();
    await plug();
    await go();
    assert.ok(!commands().some((command) => /SETPORT/.test(command)));
    await plug();
    assert.equal(stick.appearance, 'cdrom-hilink');
  });

  it('for good where that was asked for: by AT^SETPORT alone, read back, with the old value told', async () => {
    const { plug, go, stick, commands } = serial();
    await plug();
    const { setport, temporary, to } = await go({ permanent: true });
    assert.deepEqual(setport, { before: 'A1,A2;10,12,16,A1,A2', now: 'FF;10,12' });
    assert.equal(temporary, false);
    assert.equal(to.productId, 0x1506);
    assert.ok(!commands().some((command) => /U2DIAG/.test(command)));
    await plug();
    assert.equal(stick.appearance, 'tty');
  });

  it('not where its own list names no AT port, nor where it knows no ^SETPORT: nothing is set', async () => {
    for (const [quirk, key] of [
      ['setport-no-pcui', 'COMMAND_REFUSED/no-pcui'],
      ['setport-unknown', 'AT_ERROR'],
    ] as const) {
      const { plug, go, stick, commands } = serial({ quirks: [quirk] });
      await plug();
      await assert.rejects(go({ permanent: true }), (error) => isDriverError(error, key), quirk);
      assert.ok(!commands().some((command) => /SETPORT="|RESET/.test(command)), quirk);
      await plug();
      assert.equal(stick.appearance, 'cdrom-hilink');
    }
  });

  it('what it says afterwards is compared with what was set', async () => {
    const { plug, go, host } = serial();
    await plug();
    onWrites(host, (data) =>
      Buffer.from(Buffer.from(data).toString('latin1').replace('"FF;10,12"', '"FF;12"'), 'latin1'),
    );
    await assert.rejects(go({ permanent: true }), (error) => {
      assert.ok(isDriverError(error, 'PROTOCOL/setport'));
      assert.match(error.message, /FF;12/);
      return true;
    });
  });
});
