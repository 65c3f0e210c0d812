/** From CD-ROM to AT on a real kernel: usbfs for the switch, /dev/ttyUSB* for all the rest. */

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { time, withDevice } from '../../../bench/pty';
import { BootRom } from '../../../src/flash/bootrom';
import { convert } from '../../../src/flash/convert';
import { writeImage } from '../../../src/flash/download';
import type { JobEvent, JobReport, Stage } from '../../../src/flash/events';
import { systemClock } from '../../../src/host/clock';
import { switchStick } from '../../../src/modeswitch/switch';
import { waitForStick, watchSticks } from '../../../src/stick/watch';
import { LoaderLink } from '../../../src/survey/loader-link';
import { sha256 } from '../../../src/virtual/events';
import { VirtualHost } from '../../../src/virtual/host';
import { makeFirmware, makeLoader } from '../../../src/virtual/make-files';
import { act } from '../../../src/virtual/person';
import { VirtualStick } from '../../../src/virtual/stick';
import { BusStick, QUICK } from '../bus-stick';
import { figure } from '../guest';
import { assertConverted, assertNothingLeft, convertOnBus, virtualMachine } from '../journey';
import { PATIENCE_MS } from '../told';

/** Large enough for a rate that means something. */
const FILES = {
  loader: makeLoader({ size: 100_000 }),
  firmware: makeFirmware({ images: [{ code: 0x550103, size: 400_000 }] }),
};

const totalOf = (report: JobReport): number => report.stages.reduce((sum, { ms }) => sum + ms, 0);

function rate(events: JobEvent[], wanted: Stage): string {
  const last = events.findLast((event) => event.type === 'progress' && event.stage === wanted);
  return `${wanted} ${last?.type === 'progress' ? Math.round(last.rate / 1024) : 0} kB/s`;
}

/** The same job without a kernel in between. */
async function convertInProcess(): Promise<{ total: number }> {
  const stick = new VirtualStick({ clock: systemClock, timing: QUICK });
  const host = new VirtualHost({ sticks: [stick], clock: systemClock });
  stick.plug();
  await waitForStick(host, stick.portPath, (now) => now !== undefined, { timeoutMs: 5_000 });
  const report = await convert(host, {
    which: 'auto',
    ...FILES,
    confirm: () => true,
    onEvent(event) {
      if (event.type === 'wait') void act(stick, event.act, { pauseMs: 200 });
    },
  });
  stick.unplug();
  assert.equal(report.error, undefined);
  return { total: totalOf(report) };
}

/** The two loops that move bytes, on a pty whose other end acknowledges at once. */
async function ratesOnPty(): Promise<string> {
  const loader = Buffer.alloc(100_000, 0x5a);
  const image = Buffer.alloc(400_000, 0x5a);
  const upload = await withDevice('bootrom', (port) => {
    const rom = new BootRom(port, { clock: systemClock, stick: 'pty' });
    return time(() => rom.upload([{ mode: 2, address: 0x30004000, data: loader }]));
  });
  const write = await withDevice('loader', (port) => {
    let end = 0;
    const source = {
      next(size: number) {
        end += size;
        return image.subarray(end - size, end);
      },
    };
    const link = new LoaderLink(port, systemClock, 'pty');
    const what = { code: 0x103, name: 'pty', size: image.length, sha256: sha256(image) };
    return time(() => writeImage(link, what, source, { stick: 'pty' }));
  });
  const per = (bytes: number, ms: number) => `${Math.round(bytes / 1.024 / ms)} kB/s`;
  return `upload ${per(loader.length, upload)}, write ${per(image.length, write)}`;
}

describe('the driver on a real kernel', () => {
  const host = virtualMachine();
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());
  beforeEach(() => stick.fresh({ timing: QUICK }));
  afterEach(() => assertNothingLeft(stick));

  it('switches a CD-ROM through usbfs, while usb-storage has it', async () => {
    const cdrom = await stick.plugged();
    assert.equal(cdrom.mode, 'storage');
    assert.equal(cdrom.device.interfaces[0]?.driver, 'usb-storage');
    const result = await switchStick(host, cdrom);
    assert.equal(result.by, 'message');
    assert.equal(result.to.productId, 0x14db);
    assert.ok(result.asExpected);
  });

  it('watches the stick come, change and go', async () => {
    const seen = new EventEmitter();
    const watch = watchSticks(host, ({ event, stick: { mode } }) => {
      seen.emit(`${event} ${mode}`);
    });
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      // An idle watcher looks every 800 ms: each change is awaited before the next is made.
      const appeared = once(seen, 'appeared storage', { signal });
      const cdrom = await stick.plugged();
      await appeared;
      const switched = Promise.race(
        ['changed hilink', 'appeared hilink'].map((event) => once(seen, event, { signal })),
      );
      assert.equal((await switchStick(host, cdrom)).to.mode, 'hilink');
      await switched;
      const vanished = once(seen, 'vanished hilink', { signal });
      stick.unplug();
      await vanished;
    } finally {
      watch.stop();
    }
  });

  it('converts it, and the figures', async () => {
    await stick.plugged();
    const { report, events } = await convertOnBus(stick, host, { ...FILES });
    await assertConverted(stick, report);
    assert.equal(report.provenBy, 'bus');
    const total = totalOf(report);
    const stages = report.stages.map(({ stage, ms }) => `${stage} ${ms}`).join(', ');
    const inProcess = await convertInProcess();
    figure(
      `convert on the kernel ${total} ms, on the stick in this process ${inProcess.total} ms; of the first: ${stages}`,
    );
    const pty = await ratesOnPty();
    figure(`on the kernel: ${rate(events, 'upload')}, ${rate(events, 'write')}; on a pty that answers at once: ${pty}`);
  });
});
