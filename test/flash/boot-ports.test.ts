/** A boot ROM with more than one port: which of them it is on, nothing tells. */

import assert from 'node:assert/strict';
import type { UsbDevice } from '../../src/host/host';
import { onWrites } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };

/** What is written to the ports of a stick in its boot ROM before the first packet: the port's place, and the bytes. */
function probes({ host, stick }: Journey): string[] {
  const seen: string[] = [];
  let over = false;
  onWrites(host, (data, path) => {
    if (data[0] === 0xfe) over = true;
    const tty = stick.ttys.find((t) => t.path === path);
    if (!over) seen.push(`${tty?.interfaceNumber}: ${Buffer.from(data).toString('hex')}`);
    return data;
  });
  return seen;
}

describe('boot ROM with three ports', () => {
  it('is looked for on each of them, and on the one that answers only once', async () => {
    const run = journey(files, { bootPorts: 3 });
    await run.plug({ bootPin: true });
    const seen = probes(run);
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.ok(run.stick.flash.get(0x550103));
    // A, and a CR behind it where it was no boot ROM.
    assert.deepEqual(seen, ['0: 41', '0: 0d', '1: 41', '1: 0d', '2: 41']);
    assert.match(report.checks.find((c) => c.id === 'port')?.compared ?? '', /interface 2 .* answers as a/);
  });

  it('with one port the product id tells, and the boot ROM is asked right before the upload', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    const seen = probes(run);
    assert.equal((await run.convert()).error, undefined);
    assert.deepEqual(seen, ['0: 41']);
  });

  it('may be a loader, which some sticks show under the same product id', async () => {
    const run = journey(files);
    const { host } = run;
    const watch = host.watch.bind(host);
    const scan = host.scan.bind(host);
    const as = (devices: UsbDevice[]) =>
      devices.map((device) => (device.productId === 0x1c05 ? { ...device, productId: 0x1443 } : device));
    host.watch = (listener) => watch((devices) => listener(as(devices)));
    host.scan = async () => as(await scan());
    await run.plug({ bootPin: true });
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.ok(report.images.every((image) => image.complete));
  });

  it('that answers on none: all of them are named', async () => {
    const run = journey(files, { bootPorts: 3 });
    const stick = await run.plug({ bootPin: true });
    onWrites(run.host, () => undefined);
    const { error } = await run.convert();
    assert.equal(error?.code, 'TIMEOUT');
    for (const { path } of stick.ttys) assert.ok(error?.message.includes(path));
    assert.ok(run.stick.ttys.every((tty) => !tty.isOpen));
  });
});
