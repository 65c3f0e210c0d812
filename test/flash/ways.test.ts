/** Ways into the loader, what is saved before, the log, and HiLink as what the stick is to become. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import type { StickEvent } from '../../src/virtual/events';
import type { MadeImage } from '../../src/virtual/make-files';
import { imageData } from '../../src/virtual/make-files';
import { cliHint } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
const STICK = { firmware: 'stick', setport: 'FF;10,12' } as const;

function watch(run: Journey): StickEvent[] {
  const events: StickEvent[] = [];
  run.stick.onEvent((event) => events.push(event));
  return events;
}
const commands = (events: StickEvent[]): string[] => events.flatMap((e) => (e.what === 'at' ? [e.command.trim()] : []));
const fileOf = (run: Journey, path: string | undefined): string =>
  run.host.files.get(path?.replace('virtual:', '') ?? '') ?? '';
const IMEI = /\d{15}/;

describe('files about a stick', () => {
  it('are kept of its newest 20 jobs: log, and what its firmware said of itself', async () => {
    const run = journey(files, STICK);
    await run.plug();
    const day = (n: number) => `202001${String(n).padStart(2, '0')}T000000`;
    const names = (kind: string) => [...run.host.files.keys()].filter((name) => name.startsWith(kind));
    for (let n = 1; n <= 20; n++) {
      run.host.files.set(`job-1-1-${day(n)}.log`, 'old');
      run.host.files.set(`saved-1-1-${day(n)}.txt`, 'old');
    }
    run.host.files.set(`job-1-1.4-${day(1)}.log`, 'of another stick');
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    for (const [kind, path] of [
      ['job-1-1-', report.log],
      ['saved-1-1-', report.saved],
    ] as const) {
      assert.equal(names(kind).length, 20, kind);
      assert.ok(!names(kind).some((name) => name.includes(day(1))), kind);
      assert.ok(fileOf(run, path).length > 100, kind);
    }
    assert.equal(names('job-1-1.4-').length, 1);
  });
});

describe('ways into the loader', () => {
  it('AT^GODLOAD, where the firmware allows it: no boot pin, no loader upload, no loader file needed', async () => {
    for (const loader of [files.loader, undefined]) {
      const run = journey(files, STICK);
      await run.plug();
      const events = watch(run);
      run.person = () => assert.fail('nobody has to do anything');
      const report = await run.convert({ reflash: true, loader });
      assert.equal(report.error, undefined);
      assert.equal(report.wayIn, 'godload');
      assert.ok(commands(events).includes('AT^GODLOAD'));
      assert.ok(!events.some((e) => e.what === 'uploaded'));
      assert.ok(events.some((e) => e.what === 'mode' && e.mode === 'loader-godload'));
      assert.ok(run.stick.flash.get(0x550103));
      assert.match(report.checks.find((c) => c.id === 'loader')?.compared ?? '', /GODLOAD|own loader/);
    }
  });

  it('falls back to the boot pin when the firmware refuses, and says why', async () => {
    const run = journey(files, { ...STICK, godload: false });
    await run.plug();
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.equal(report.wayIn, 'boot-pin');
    assert.ok(
      run.events.some(
        (e) => e.type === 'stage' && e.stage === 'boot-pin' && /refuses AT\^GODLOAD \(ERROR\)/.test(e.text),
      ),
    );
  });

  it('is not sent to a stick that calls itself another model', async () => {
    const run = journey(files, { ...STICK, product: 'E3372' });
    await run.plug();
    const events = watch(run);
    const report = await run.convert({ reflash: true });
    assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
    assert.ok(!commands(events).includes('AT^GODLOAD'));
    assert.equal(report.mode, 'tty');
  });

  it('a stick that is done already: the report says that nothing had to be written', async () => {
    const run = journey(files, STICK);
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.match(report.checks.find((c) => c.id === 'write')?.compared ?? '', /Nothing had to be written/);
  });

  it('has led into a loader that is then refused: the way back is told', async () => {
    const run = journey(files, STICK);
    await run.plug();
    run.stick.faults.order({ fault: 'silence', at: 'identify', count: 99 });
    const report = await run.convert({ reflash: true });
    assert.equal(report.mode, 'loader');
    assert.match(cliHint(report.error), /plug it in again: it starts its own firmware/);
  });

  it('a loader that runs already is not the file that was named', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    run.stick.faults.order({ fault: 'nak', at: 'start' });
    assert.equal((await run.convert()).error?.code, 'NAK');
    const report = await run.convert();
    assert.equal(report.error, undefined);
    const loader = report.checks.find((c) => c.id === 'loader');
    assert.equal(loader?.result, 'warned');
    assert.match(loader?.compared ?? '', /A loader runs already/);
  });

  it('a job whose files are refused is logged, with the checks that were switched off', async () => {
    const run = journey(files);
    await run.plug();
    const report = await run.convert({ firmware: Buffer.alloc(100), overrides: ['other-device'] });
    assert.ok(report.error);
    assert.match(fileOf(run, report.log), /Switched off by the caller/);
  });

  it('refused, and no loader file to upload: says so', async () => {
    const run = journey(files, { ...STICK, godload: false });
    await run.plug();
    const report = await run.convert({ reflash: true, loader: undefined });
    assert.equal(report.error?.code, 'BAD_ARGUMENT');
    assert.match(report.error?.message ?? '', /a loader file is missing.*refuses AT\^GODLOAD/);
  });

  it('comes back as it was, or not at all: the boot pin, too', async () => {
    for (const mode of ['tty', 'fastboot'] as const) {
      const run = journey(files, STICK);
      await run.plug();
      run.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode });
      const report = await run.convert({ reflash: true });
      assert.equal(report.error, undefined, mode);
      assert.equal(report.wayIn, 'boot-pin');
    }
  });

  it('is not sent without the yes, in a dry run, or when the boot pin was asked for', async () => {
    const run = journey(files, STICK);
    await run.plug();
    const events = watch(run);
    assert.equal((await run.convert({ reflash: true, confirm: () => false })).error?.code, 'NOT_CONFIRMED');
    assert.equal((await run.convert({ reflash: true, dryRun: true })).error, undefined);
    const report = await run.convert({ reflash: true, wayIn: 'boot-pin' });
    assert.equal(report.error, undefined);
    assert.equal(report.wayIn, 'boot-pin');
    assert.ok(!commands(events).includes('AT^GODLOAD'));
  });
});

describe('what is saved before a change', () => {
  it('is asked with questions only, before AT^GODLOAD; IMEI hidden', async () => {
    const run = journey(files, STICK);
    await run.plug();
    const events = watch(run);
    const report = await run.convert({ reflash: true });
    const saved = fileOf(run, report.saved);
    assert.match(saved, /Revision: 21\.420\.07\.00\.00/);
    assert.match(saved, /\^SETPORT:FF;10,12/);
    assert.match(saved, /\^CARDLOCK: 2,10,0/);
    assert.match(saved, /\^VERSION:EXTS/);
    assert.doesNotMatch(saved, IMEI);
    const asked = commands(events);
    assert.ok(asked.indexOf('AT^CARDLOCK?') < asked.indexOf('AT^GODLOAD'));
    assert.ok(!asked.some((c) => /INFORBU|NVBACKUP|NVR/.test(c)));
  });

  it('the IMEI is in it when that was asked for', async () => {
    const run = journey(files, STICK);
    await run.plug();
    assert.match(fileOf(run, (await run.convert({ reflash: true, saveImei: true })).saved), IMEI);
  });

  it('is saved before new ports, too, and not when there is nothing to change', async () => {
    const run = journey(files, { firmware: 'stick' });
    await run.plug();
    assert.match(fileOf(run, (await run.convert()).saved), /\^SETPORT:A1,A2;10,12,16,A1,A2/);
    assert.equal((await run.convert()).saved, undefined);
  });

  it('firmware that answers nothing any more can be flashed all the same', async () => {
    const run = journey(files, STICK);
    await run.plug();
    for (const nth of [6, 7, 8]) run.stick.faults.order({ fault: 'silence', at: 'at', nth });
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.match(fileOf(run, report.saved), /\(no answer\)/);
  });

  it('where nothing can be kept, that is a warning', async () => {
    const run = journey(files, STICK);
    await run.plug();
    Object.defineProperty(run.host, 'keepFile', { value: () => undefined });
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.ok(report.warnings.some((w) => /could not be kept/.test(w)));
    assert.equal(report.log, undefined);
  });
});

describe('the event log', () => {
  it("tells the whole job with times, checks, progress in tenths, images and the end, and nobody's numbers", async () => {
    const run = journey(files, STICK);
    await run.plug();
    const report = await run.convert({ reflash: true });
    const log = fileOf(run, report.log);
    const lines = log.trimEnd().split('\n');
    assert.ok(
      lines.every((line) => /^2024-\d\d-\d\dT[\d:.]+Z (stage|check|progress|wait|warn|image|end) /.test(line)),
      log,
    );
    assert.match(log, /stage {4}Writing/);
    assert.match(log, /check {4}passed: The loader calls the stick/);
    assert.match(log, /image {4}VxWorks_R1, 12288 bytes, sha256 [0-9a-f]{64}, complete/);
    assert.match(lines.at(-1) ?? '', /end {6}done The stick is now: tty/);
    assert.ok(lines.filter((line) => / progress /.test(line)).length <= 2 * 12);
    assert.doesNotMatch(log, IMEI);
  });

  it('of a failure ends with its code and reason, and its words', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    run.stick.faults.order({ fault: 'nak', at: 'block', nth: 2 });
    const report = await run.convert();
    assert.match(fileOf(run, report.log).trimEnd().split('\n').at(-1) ?? '', /end {6}NAK\/image: .*Complete: /);
  });
});

describe('to HiLink', () => {
  const system: MadeImage[] = [
    { code: 0x101, size: 5_000 },
    { code: 0x550103, data: Buffer.from('E3272-VIRTUAL-HILINK VIRTUAL-VERSION:22.470.07.00.00;'.padEnd(9_000, '.')) },
  ];
  const pages: MadeImage[] = [
    { code: 0x560000, size: 30_000 },
    { code: 0x550000, size: 100 },
  ];
  const firmware = makeFirmware({ images: system });
  const webui = makeFirmware({ images: pages });

  function assertStored(run: Journey, report: JobReport): void {
    for (const image of [...system, ...pages]) {
      assert.ok(imageData(image).equals(run.stick.flash.get(image.code) ?? Buffer.alloc(0)), image.code.toString(16));
    }
    assert.ok(report.images.every((i) => i.complete));
  }

  it('firmware first, web UI second, through one run of the loader; it comes back as the CD-ROM of HiLink', async () => {
    const run = journey({ ...files, firmware }, STICK);
    await run.plug();
    const events = watch(run);
    const report = await run.convert({ webui });
    assert.equal(report.error, undefined);
    assertStored(run, report);
    assert.deepEqual(
      events.flatMap((e) => (e.what === 'image' ? [e.code] : [])),
      [0x101, 0x550103, 0x560000, 0x550000],
    );
    assert.equal(events.filter((e) => e.what === 'reset' && e.by === 'loader').length, 1);
    assert.equal(report.mode, 'storage');
    assert.equal(report.productId, 0x1f01);
    assert.match(report.checks.find((c) => c.id === 'after')?.compared ?? '', /HiLink/);
    assert.match(report.plan?.join(' ') ?? '', /The web UI .* is written.*HiLink router/);
    assert.equal(run.stick.setport, 'FF;10,12', 'ports are left alone');
  });

  it('HiLink already: nothing is written, unless a reflash is asked for', async () => {
    const run = journey({ ...files, firmware });
    await run.plug();
    const report = await run.convert({ webui });
    assert.equal(report.error, undefined);
    assert.ok(report.warnings.some((w) => /HiLink already/.test(w)));
    assert.deepEqual([...run.stick.flash.keys()], []);
    const again = await run.convert({ webui, reflash: true });
    assert.equal(again.error, undefined);
    assertStored(run, again);
  });

  it('is taken up between the two files', async () => {
    const run = journey({ ...files, firmware });
    await run.plug();
    run.stick.faults.order({ fault: 'nak', at: 'start', nth: 4 });
    assert.equal((await run.convert({ webui, reflash: true })).error?.code, 'NAK');
    const events = watch(run);
    const report = await run.convert({ webui });
    assert.equal(report.error, undefined);
    assert.deepEqual(
      events.flatMap((e) => (e.what === 'image' ? [e.code] : [])),
      [0x550000],
    );
    assertStored(run, report);
  });

  it('stick firmware where HiLink was meant: refused after the write, with the reason', async () => {
    const run = journey(files);
    await run.plug();
    const report = await run.convert({ webui, reflash: true });
    assert.equal(report.error?.code, 'WRONG_MODE');
    assert.match(report.error?.message ?? '', /no HiLink/);
    assert.equal(report.checks.find((c) => c.id === 'after')?.result, 'failed');
  });

  it('files in the wrong order, or a web UI alone, are refused before anything is opened', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    const swapped = await run.convert({ firmware: webui, webui: firmware });
    assert.equal(swapped.error?.code, 'BAD_ARGUMENT');
    assert.match(cliHint(swapped.error), /written first/);
    assert.equal((await run.convert({ firmware: undefined, webui })).error?.code, 'BAD_ARGUMENT');
    assert.match((await run.convert({ firmware: webui })).error?.message ?? '', /only the web UI/);
    const iso = makeFirmware({ images: [{ code: 0xb0000, size: 30_000 }] });
    assert.match((await run.convert({ firmware: iso, webui })).error?.message ?? '', /no system/);
    assert.match((await run.convert({ firmware, webui: iso })).error?.message ?? '', /holds no web UI/);
    assert.deepEqual([...run.stick.flash.keys()], []);
  });
});
