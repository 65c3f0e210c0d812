/** A stick that comes back as a CD-ROM is switched by the session itself. */

import assert from 'node:assert/strict';
import { type AtHandle, openAt } from '../../../src/device/at/open-at';
import { comesBackAsCdrom } from '../../../src/device/at/switch-back';
import { autoSwitch } from '../../../src/device/auto-switch';
import { isDriverError } from '../../../src/errors';
import { switchStick } from '../../../src/modeswitch/switch';
import { holdStick } from '../../../src/stick/hold';
import type { Mode } from '../../../src/stick/modes';
import type { Stick } from '../../../src/stick/stick';
import { watchSticks } from '../../../src/stick/watch';
import { briefly, deafen, eventsOf, type SessionBench, sessionBench, until } from '../../support/at-bench';

/** Shows its CD-ROM before its ports, after each start. */
const CDROM = { setport: 'A1,A2;10,12' };

/** Switched once by somebody, and open. */
async function opened(options: Parameters<typeof sessionBench>[0] = {}): Promise<SessionBench & { handle: AtHandle }> {
  const bench = sessionBench({ ...CDROM, ...options });
  const stick = await bench.plug();
  assert.equal(stick.mode, 'storage');
  await bench.run(switchStick(bench.host, stick));
  const handle = openAt(bench.host, '1-1');
  await bench.run(until(handle, 'ready'));
  // It has worked for a while.
  await bench.pass(60_000);
  return { ...bench, handle };
}

/** Switch messages since now. */
function messagesOf({ stick }: SessionBench): () => number {
  let messages = 0;
  stick.onEvent((event) => {
    if (event.what === 'cbw' && event.cdb.startsWith('11')) messages++;
  });
  return () => messages;
}

describe('a stick that comes back as a CD-ROM', () => {
  it('after a hang and a restart answers AT again, without anybody else', async () => {
    const it = await opened();
    const events = eventsOf(it.handle);
    deafen(
      it,
      (line) => line.startsWith('AT^RESET'),
      () => true,
    );
    await it.run(until(it.handle, 'recovering'));
    await it.run(until(it.handle, 'ready'));
    assert.deepEqual(briefly(events).slice(-3), ['recovering reset', 'switching', 'recovered reset']);
    assert.match(events.find(({ event }) => event === 'switching')?.text ?? '', /AT\^SETPORT="FF;10,12" prevents it/);
    assert.equal((await it.run(it.handle.run('AT+CSQ'))).ok, true);
    await it.run(it.handle.release());
  });

  it('after a restart that a flow has asked for is switched, once, with an automatic switch beside it', async () => {
    const it = await opened();
    const messages = messagesOf(it);
    const ends: string[] = [];
    const watch = watchSticks(it.host, (change) =>
      autoSwitch(it.host, change, {
        onEnd: (outcome) => ends.push('error' in outcome ? outcome.error.code : outcome.result.to.mode),
      }),
    );
    for (let round = 1; round <= 3; round++) {
      await it.run(it.handle.run('AT^RESET'));
      await it.run(until(it.handle, 'connecting'));
      await it.run(until(it.handle, 'ready'));
      assert.equal(messages(), round);
      await it.pass(40_000);
    }
    watch.stop();
    await it.run(it.handle.release());
  });

  it('is switched twice at most, then every user is told NOT_SWITCHED, with the SETPORT that prevents it', async () => {
    const it = await opened();
    const messages = messagesOf(it);
    const other = openAt(it.host, 'auto');
    await it.run(until(other, 'ready'));
    it.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode: 'cdrom-stick', count: 3 });
    await it.run(it.handle.run('AT^RESET'));
    const { error } = await it.run(until(it.handle, 'error'));
    assert.equal(messages(), 2);
    await it.pass(3_600_000);
    assert.equal(messages(), 2);
    for (const handle of [it.handle, other]) {
      assert.equal(handle.state.error, error);
      await assert.rejects(it.run(handle.run('AT')), (thrown) => {
        assert.ok(isDriverError(thrown, 'NOT_SWITCHED/again'));
        return true;
      });
    }
    // A hand that pulls it out begins anew.
    it.stick.unplug();
    await it.pass(5_000);
    it.stick.plug();
    await it.run(until(it.handle, 'ready'));
    await it.run(Promise.all([it.handle.release(), other.release()]));
  });

  it('and goes on to do so is left alone: what comes back at once uses up its two switches', async () => {
    const it = await opened();
    const messages = messagesOf(it);
    for (let round = 1; round <= 2; round++) {
      await it.run(it.handle.run('AT^RESET'));
      await it.run(until(it.handle, 'connecting'));
      await it.run(until(it.handle, 'ready'));
    }
    await it.run(it.handle.run('AT^RESET'));
    await it.run(until(it.handle, 'error'));
    assert.ok(isDriverError(it.handle.state.error, 'NOT_SWITCHED'));
    assert.equal(messages(), 2);
    await it.run(it.handle.release());
  });

  it('is switched, too, if it never answered and we have restarted it', async () => {
    const it = sessionBench(CDROM);
    const stick = await it.plug();
    await it.run(switchStick(it.host, stick));
    const handle = openAt(it.host, '1-1');
    assert.equal(handle.state.state, 'connecting');
    // The modem port talks, but not to us: only the step's own command gets through.
    const open = it.host.openTty.bind(it.host);
    let deaf = true;
    it.host.openTty = async (path) => {
      const port = await open(path);
      const write = port.write.bind(port);
      port.write = (data) => {
        const line = Buffer.from(data).toString('latin1');
        if (line.startsWith('AT^RESET')) deaf = false;
        return deaf && !line.startsWith('AT^RESET') ? Promise.resolve() : write(data);
      };
      return port;
    };
    const events = eventsOf(handle);
    await it.run(until(handle, 'ready'));
    assert.ok(briefly(events).includes('recovering reset'));
    assert.ok(briefly(events).includes('switching'));
    await it.run(handle.release());
  });

  it('is nobody to be switched if it never answered: somebody may have plans for it', async () => {
    const it = sessionBench(CDROM);
    const messages = messagesOf(it);
    await it.plug();
    const handle = openAt(it.host, '1-1');
    await it.run(until(handle, 'mode'));
    await it.pass(3_600_000);
    assert.equal(messages(), 0);
    assert.equal(handle.state.mode, 'storage');
    await it.run(handle.release());
  });

  it('is left alone while a job holds it, and switched afterwards', async () => {
    const it = await opened();
    const messages = messagesOf(it);
    const hold = await it.run(holdStick(it.host, '1-1', { purpose: 'test job' }));
    it.stick.unplug();
    await it.pass(2_000);
    await it.plug();
    await it.pass(60_000);
    assert.equal(messages(), 0);
    assert.equal(it.handle.state.state, 'busy');
    hold.release();
    await it.run(until(it.handle, 'ready'));
    assert.equal(messages(), 1);
    await it.run(it.handle.release());
  });

  it('gets no message unless it calls itself HUAWEI', async () => {
    const it = sessionBench({ inquiryVendor: 'ACME' });
    const messages = messagesOf(it);
    await it.plug();
    const handle = openAt(it.host, '1-1');
    await it.run(until(handle, 'ready'));
    await it.run(handle.run('AT^SETPORT="A1,A2;10,12"', { force: true }));
    await it.run(handle.run('AT^RESET'));
    const { error } = await it.run(until(handle, 'error'));
    assert.ok(isDriverError(error, 'WRONG_MODE'));
    await it.pass(3_600_000);
    assert.equal(messages(), 0);
    await it.run(handle.release());
  });

  it('is one by the table of modes, and no HiLink one: that leads to a router', () => {
    const stick = (productId: number, mode: Mode) => ({ productId, mode }) as Stick;
    for (const productId of [0x15ca, 0x14fe, 0x1446]) assert.ok(comesBackAsCdrom(stick(productId, 'storage')));
    for (const productId of [0x1f01, 0x157d, 0x1506, 0x107e]) {
      assert.ok(!comesBackAsCdrom(stick(productId, 'storage')), productId.toString(16));
    }
    assert.ok(!comesBackAsCdrom(stick(0x1506, 'tty')));
    assert.ok(!comesBackAsCdrom(undefined));
  });
});
