/** Which port of a stick a session talks to, and what others have left on it. */

import assert from 'node:assert/strict';
import { openAt } from '../../../src/device/at/open-at';
import type { UsbDevice } from '../../../src/host/host';
import { obey } from '../../../src/virtual/orders';
import { deafen, sessionBench, until } from '../../support/at-bench';
import { onWrites } from '../../support/bench';

/** Interface numbers of the ports that were opened, in order. */
function spy({ host, stick }: ReturnType<typeof sessionBench>): number[] {
  const opened: number[] = [];
  const open = host.openTty.bind(host);
  host.openTty = (path) => {
    opened.push(stick.ttys.find((tty) => tty.path === path)?.interfaceNumber ?? -1);
    return open(path);
  };
  return opened;
}

/** The virtual stick is 1506 in every composition; a real one is not. */
function renumber({ host }: ReturnType<typeof sessionBench>, productId: number): void {
  const watch = host.watch.bind(host);
  const scan = host.scan.bind(host);
  const as = (devices: UsbDevice[]) => devices.map((device) => ({ ...device, productId }));
  host.watch = (listener) => watch((devices) => listener(as(devices)));
  host.scan = async () => as(await scan());
}

/** The virtual stick as a factory composition: other product id and numbers, and triples that say nothing. */
function asFactory({ host }: ReturnType<typeof sessionBench>, numbers: readonly number[]): void {
  const watch = host.watch.bind(host);
  const scan = host.scan.bind(host);
  const as = (devices: UsbDevice[]) =>
    devices.map((device) => ({
      ...device,
      productId: 0x1c05,
      interfaces: device.interfaces.map((face, i) => ({
        ...face,
        number: numbers[i] ?? i,
        class: 0xff,
        subclass: 0xff,
        protocol: 0xff,
      })),
    }));
  host.watch = (listener) => watch((devices) => listener(as(devices)));
  host.scan = async () => as(await scan());
}

describe('AT port of a stick', () => {
  it('is found by the number of its interface where nothing else tells, also if the first serial one is not 0', async () => {
    // Of 1c05: shell 0, storage 1, PCUI 2.
    const bench = sessionBench({ setport: 'FF;10,12' });
    asFactory(bench, [1, 2]);
    const stick = await bench.plug();
    assert.deepEqual(
      stick.ttys.map((tty) => [tty.interface, tty.role]),
      [
        [1, 'diag'],
        [2, 'pcui'],
      ],
    );
    const opened = spy(bench);
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(opened, [1]);
    assert.ok(bench.commands.includes('AT^PORTSEL=0'));
    await bench.run(handle.release());
  });

  it('is found although its place says another role: every port is asked before one gives up', async () => {
    // What the table takes for the PCUI is the diagnosis, and the other way round.
    const bench = sessionBench({ setport: 'FF;13,12' });
    asFactory(bench, [2, 1]);
    await bench.plug();
    const opened = spy(bench);
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(opened, [0, 1]);
    assert.equal((await bench.run(handle.run('AT+CSQ'))).ok, true);
    await bench.run(handle.release());
  });

  it('is not stuck in download framing where only the diagnosis speaks frames', async () => {
    const bench = sessionBench({ setport: 'FF;12' });
    asFactory(bench, [1]);
    await bench.plug();
    obey(bench.stick, JSON.stringify({ do: 'hdlc', port: 'pcui' }));
    onWrites(bench.host, (data) => (Buffer.from(data).toString('hex') === '7e01f1e17e' ? undefined : data));
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'error'));
    assert.equal(handle.state.error?.code, 'TIMEOUT');
    await bench.run(handle.release());
  });

  it('that answers nowhere: all ports that were asked are named, and no other', async () => {
    for (const [setport, factory, asked] of [
      ['FF;13,10,12', false, [2, 1]],
      ['FF;13,10,12', true, [2, 0, 1]],
    ] as const) {
      const bench = sessionBench({ setport });
      if (factory) asFactory(bench, [0, 1, 2]);
      const stick = await bench.plug();
      const opened = spy(bench);
      deafen(
        bench,
        () => false,
        () => false,
      );
      const handle = openAt(bench.host, '1-1');
      await bench.run(until(handle, 'error'));
      assert.deepEqual([...new Set(opened)], asked);
      const { error } = handle.state;
      assert.equal(error?.code, 'TIMEOUT');
      const named = stick.ttys.filter(({ path }) => error?.message.includes(path)).map((tty) => tty.interface);
      assert.deepEqual(named.sort(), [...asked].sort());
      await bench.run(handle.release());
    }
  });

  it('T32, T33: is found by the function of its interface, whatever order and product id the composition leads to', async () => {
    for (const [setport, productId] of [
      ['FF;10,12', 0x1506],
      ['FF;12,10', 0x1506],
      ['FF;12,10,16,A2', 0x15b6],
      ['FF;12,16', 0x1506],
      ['FF;10,12,16', 0x15b6],
      ['FF;13,10,12', 0x1506],
      ['FF;3,1,2', 0x15b7],
    ] as const) {
      const bench = sessionBench({ setport });
      renumber(bench, productId);
      const stick = await bench.plug();
      assert.equal(stick.productId, productId);
      const pcui = stick.ttys.find(({ role }) => role === 'pcui');
      const opened = spy(bench);
      const handle = openAt(bench.host, '1-1');
      await bench.run(until(handle, 'ready'));
      assert.deepEqual(opened, [pcui?.interface], setport);
      await bench.run(handle.release());
    }
  });

  it('T30: is never the diag port, which has a tty too and is silent: not even when no other port answers', async () => {
    const bench = sessionBench({ setport: 'FF;13,10,12' });
    const stick = await bench.plug();
    const diag = stick.ttys.find(({ role }) => role === 'diag');
    assert.ok(diag);
    const opened = spy(bench);
    deafen(
      bench,
      () => false,
      () => false,
    );
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'error'));
    await bench.pass(3600_000);
    assert.ok(opened.length > 10);
    assert.ok(!opened.includes(diag.interface));
    await bench.run(handle.release());
  });

  it('T24: a prompt that somebody has left on the modem port, which keeps the PCUI waiting, is left', async () => {
    const bench = sessionBench();
    const stick = await bench.plug();
    const pcui = stick.ttys.find(({ role }) => role === 'pcui');
    const modem = stick.ttys.find(({ role }) => role === 'modem');
    // While the prompt is there neither port gives an answer; ESC on the modem port ends it.
    let prompt = true;
    deafen(
      bench,
      () => !prompt,
      () => false,
    );
    onWrites(bench.host, (data, path) => {
      if (path === modem?.path && data[0] === 0x1b) prompt = false;
      return data;
    });
    const opened = spy(bench);
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    assert.equal((await bench.run(handle.run('AT+CSQ'))).ok, true);
    // And the PCUI it is that is used in the end.
    assert.deepEqual(opened, [pcui?.interface, modem?.interface, pcui?.interface]);
    await bench.run(handle.release());
  });

  it('T20: is opened when all ttys of the stick are there, and asked more than once: the first AT is lost', async () => {
    const bench = sessionBench({ timing: { urcEvery: 0, firstTty: 500, nextTty: 1_500 } });
    const opened = spy(bench);
    const handle = openAt(bench.host, '1-1');
    bench.stick.plug();
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(opened, [1]);
    assert.equal(bench.stick.ttys.length, 2);
    await bench.run(handle.release());
  });

  it('T31: is let go at once when the stick restarts, so that it comes back under the same name', async () => {
    const bench = sessionBench();
    const stick = await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.run('AT^RESET'));
    await bench.run(until(handle, 'absent'));
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(
      bench.stick.ttys.map(({ path }) => path),
      stick.ttys.map(({ path }) => path),
    );
    await bench.run(handle.release());
  });
});
