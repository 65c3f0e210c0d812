/** The nine checks: what a dry run prints, what a refusal leaves behind, and what may be switched off by whom. */

import assert from 'node:assert/strict';
import type { FileInput } from '../../src/firmware/source';
import { type CheckId, type CheckResult, checkText } from '../../src/flash/checks';
import type { JobReport } from '../../src/flash/events';
import type { Override } from '../../src/flash/overrides';
import { RULES } from '../../src/flash/rules';
import { upload, write } from '../../src/flash/upload-and-write';
import type { Power } from '../../src/host/host';
import type { StickOptions } from '../../src/virtual/options';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };

/** `file: passed` and so on, in the report's order. */
const results = ({ checks }: JobReport): string[] => checks.map((c) => `${c.id}: ${c.result}`);

const check = ({ checks }: JobReport, id: CheckId) => {
  const found = checks.find((c) => c.id === id);
  assert.ok(found, id);
  return found;
};

async function inLoader(run: Journey): Promise<void> {
  await run.plug({ bootPin: true });
  assert.equal(
    (await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }))).error,
    undefined,
  );
}

describe('the nine checks', () => {
  it('stand in their order, each with its rule and what was compared, after a conversion', async () => {
    const run = journey(files);
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.deepEqual(
      report.checks.map((c) => [c.number, c.id, c.rule]),
      Object.entries(RULES).map(([id, rule], i) => [i + 1, id, rule]),
    );
    assert.ok(
      report.checks.every((c) => c.result === 'passed'),
      results(report).join(),
    );
    assert.match(check(report, 'file').compared, /3 images.*every header right.*sha256 [0-9a-f]{64}/);
    assert.match(
      check(report, 'fit').compared,
      /the known table of the E3272 .*: Ptable_R1 2048 of 131072.*unsigned.*21\.420/,
    );
    assert.match(check(report, 'loader').compared, /sha256 [0-9a-f]{64}\. It is made up.*H6920-VIRTUAL .*17 rows/);
    assert.match(check(report, 'port').compared, /ttyUSB\d+, interface 0 of 1-1 \(12d1:1443\).*boot ROM/);
    assert.match(check(report, 'port').compared, /interface 2 of 1-1 \(12d1:1c05\).*a loader/);
    assert.match(check(report, 'device').compared, /"E3272", identify "HUAWEI E3272".*22\.470.*in the file 21\.420/);
    assert.match(check(report, 'power').compared, /Autosuspend: off\. Hubs: none/);
    assert.match(check(report, 'plan').compared, /1-1 this was confirmed/);
    assert.match(check(report, 'write').compared, /3 of 3 images; 0 frames/);
    assert.match(
      check(report, 'after').compared,
      /runs 21\.420\.99\.07\.00, as the file says\. AT\^SETPORT\? says FF;10,12/,
    );
    assert.ok(run.events.some((e) => e.type === 'check' && e.check.id === 'after'));
  });

  it('tell a refusal by its reason first, then by the rule', async () => {
    const made = { number: 2, id: 'fit', rule: RULES.fit } as const;
    const text = (result: CheckResult, compared: string) => checkText({ ...made, result, compared });
    assert.equal(text('failed', 'It is for E5776.'), `failed: It is for E5776. Rule: ${RULES.fit}`);
    assert.equal(text('warned', 'It names nothing.'), `warned: It names nothing. Rule: ${RULES.fit}`);
    assert.equal(text('passed', 'All fits.'), `passed: ${RULES.fit} All fits.`);

    const run = journey({ ...files, firmware: makeFirmware({ images: [{ code: 0x40000 }] }) });
    await run.plug();
    const { error } = await run.convert();
    const refused = run.events.flatMap((e) => (e.type === 'check' && e.check.result === 'failed' ? [e.text] : []));
    assert.deepEqual(refused, [`failed: ${error?.message} Rule: ${RULES.fit}`]);
  });

  const ALL = ['file', 'fit', 'loader', 'port', 'device', 'power', 'plan', 'write', 'after'];
  const dry: [string, Partial<StickOptions>, object, CheckId[], RegExp][] = [
    ['a CD-ROM', {}, {}, ['file', 'fit', 'loader', 'power'], /is a CD-ROM now/],
    ['a boot ROM', {}, { bootPin: true }, ['file', 'fit', 'loader', 'port', 'power'], /in its boot ROM now/],
    [
      'a modem to be reflashed',
      { firmware: 'stick', setport: 'FF;10,12' },
      {},
      ['file', 'fit', 'loader', 'power'],
      /running its firmware/,
    ],
  ];
  for (const [name, options, how, passed, why] of dry) {
    it(`a dry run on ${name} says which of them it could make, why not the others, and the plan`, async () => {
      const run = journey(files, options);
      await run.plug(how);
      const report = await run.convert({ dryRun: true, reflash: true });
      assert.equal(report.error, undefined);
      assert.deepEqual(
        results(report),
        ALL.map((id) => `${id}: ${passed.includes(id as CheckId) ? 'passed' : 'not possible yet'}`),
      );
      assert.match(check(report, 'device').compared, why);
      assert.match(check(report, 'plan').compared, /would be asked: .*written to its flash/);
      assert.match(report.plan?.join(' ') ?? '', /SETPORT is set to FF;10,12/);
    });
  }

  it('a dry run on a running loader asks it, and writes nothing', async () => {
    const run = journey(files);
    await inLoader(run);
    const report = await run.run(write(run.host, { which: '1-1', firmware: files.firmware, dryRun: true }));
    assert.equal(report.error, undefined);
    assert.equal(check(report, 'device').result, 'passed');
    assert.match(check(report, 'loader').compared, /runs already/);
    assert.equal(check(report, 'write').compared, 'A dry run writes nothing.');
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  const flipped = Buffer.from(files.firmware);
  flipped[flipped.length - 100] = (flipped[flipped.length - 100] ?? 0) ^ 1;
  const refused: [string, CheckId, string, { loader?: FileInput; firmware?: FileInput }, RegExp][] = [
    ['one wrong bit', 'file', 'FIRMWARE_CRC', { firmware: flipped }, /checksum|CRC/i],
    [
      'a newer chip',
      'fit',
      'FIRMWARE_WRONG_DEVICE',
      { firmware: makeFirmware({ images: [{ code: 0x40000 }] }) },
      /0x40000.*another chip/,
    ],
    [
      'an NV image',
      'fit',
      'FIRMWARE_UNSUPPORTED',
      { firmware: makeFirmware({ images: [{ code: 0x66 }] }) },
      /NV image/,
    ],
    ['a signed file', 'fit', 'FIRMWARE_UNSUPPORTED', { firmware: makeFirmware({ dloadId: 9 }) }, /signed/],
    [
      'an image larger than its partition',
      'fit',
      'FIRMWARE_TOO_LARGE',
      { firmware: makeFirmware({ images: [{ code: 0x104, size: 400_000 }] }) },
      /400000.*393216|393216.*400000/,
    ],
    [
      'another device in the texts',
      'fit',
      'FIRMWARE_WRONG_DEVICE',
      { firmware: makeFirmware({ images: [{ code: 0x101, version: 'E3372 22.1' }] }) },
      /E3372/,
    ],
    [
      'a loader that erases',
      'loader',
      'LOADER_UNSAFE',
      { loader: makeLoader({ size: 20_000, erase: 'none' }) },
      /may erase/,
    ],
  ];
  for (const [name, id, code, input, words] of refused) {
    it(`${name}: ${code}, and check ${id} says why; no port is opened`, async () => {
      const run = journey(files);
      await run.plug({ bootPin: true });
      const opened: string[] = [];
      run.host.openTty = (path) => {
        opened.push(path);
        throw new Error('opened');
      };
      const report = await run.convert(input);
      assert.equal(report.error?.code, code);
      assert.equal(check(report, id).result, 'failed');
      assert.match(check(report, id).compared, words);
      assert.equal(check(report, 'port').result, 'not possible yet');
      assert.deepEqual(opened, []);
    });
  }

  it('all that is wrong with a file is told, not the first thing only', async () => {
    const run = journey(files);
    await run.plug();
    const firmware = makeFirmware({ images: [{ code: 0x40000 }, { code: 0x66 }] });
    const report = await run.convert({ firmware });
    assert.match(check(report, 'fit').compared, /NV image/);
    assert.match(check(report, 'fit').compared, /another chip/);
  });

  it('other programs on the port, a stick of another name, no yes: each fails its own check', async () => {
    const busy = journey(files);
    await busy.plug({ bootPin: true });
    busy.host.intruderList = ['ModemManager runs (pid 7).'];
    assert.equal(check(await busy.convert(), 'port').result, 'failed');

    const stranger = journey(files, { product: 'E3372' });
    await stranger.plug({ bootPin: true });
    const other = await stranger.convert();
    assert.equal(check(other, 'device').result, 'failed');
    assert.match(check(other, 'device').compared, /E3372/);

    const silent = journey(files);
    await silent.plug({ bootPin: true });
    assert.equal(check(await silent.convert({ confirm: () => false }), 'plan').result, 'failed');
  });

  it('turns autosuspend off before it writes; a hub without a supply is a warning, and no more', async () => {
    const run = journey(files);
    run.host.powerState = { autosuspend: 'allowed', hub: 'unpowered' };
    await run.plug({ bootPin: true });
    const look = await run.convert({ dryRun: true });
    assert.match(check(look, 'power').compared, /turned off when it is written/);
    assert.equal(run.host.powerState.autosuspend, 'allowed');
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.equal(run.host.powerState.autosuspend, 'off');
    assert.equal(check(report, 'power').result, 'warned');
  });

  const held: [string, Partial<StickOptions>, (run: Journey) => Promise<unknown>][] = [
    ['of a boot ROM', {}, (run) => run.plug({ bootPin: true })],
    ['of a loader', {}, inLoader],
    ['of a modem', { firmware: 'stick', setport: 'FF;10,12' }, (run) => run.plug()],
  ];
  for (const [name, options, begin] of held) {
    it(`a port ${name} that another program holds: check 4 fails, names the port, the program and its number`, async () => {
      const run = journey(files, options);
      await begin(run);
      for (const { path } of run.stick.ttys) run.host.occupy(path, 'minicom (pid 99)');
      for (const dryRun of [true, false]) {
        const report = await run.convert({ dryRun, reflash: true });
        assert.equal(report.error?.code, 'PORT_BUSY');
        const { result, compared } = check(report, 'port');
        assert.equal(result, 'failed');
        assert.match(compared, /^The port \S+ttyUSB\d+ is in use by minicom \(pid 99\)\.$/);
        assert.ok(run.stick.ttys.some(({ path }) => compared.includes(path)));
        assert.equal(check(report, 'write').result, 'not possible yet');
      }
      assert.deepEqual([...run.stick.flash.keys()], []);
      // Let go, the same call works.
      for (const { path } of run.stick.ttys) run.host.free(path);
      assert.equal(check(await run.convert({ reflash: true }), 'port').result, 'passed');
    });
  }

  const unsure: [string, Power, boolean, RegExp][] = [
    ['hubs', { autosuspend: 'off', hub: 'unknown' }, true, /Hubs: not known.*What is not known/],
    ['autosuspend', { autosuspend: 'unknown', hub: 'none' }, true, /Autosuspend: not known.*What is not known/],
    ['both', { autosuspend: 'unknown', hub: 'unknown' }, false, /not known.*Hubs: not known.*What is not known/],
  ];
  for (const [name, power, awake, words] of unsure) {
    it(`power that is not known (${name}) is a warning in words, in a dry run and in the real one`, async () => {
      const run = journey(files);
      run.host.powerState = power;
      if (!awake) run.host.stayAwake = () => Promise.resolve(undefined);
      await run.plug({ bootPin: true });
      for (const dryRun of [true, false]) {
        const report = await run.convert({ dryRun });
        assert.equal(report.error, undefined);
        assert.equal(check(report, 'power').result, 'warned', dryRun ? 'dry' : 'real');
        assert.match(check(report, 'power').compared, words);
      }
    });
  }

  it('a machine that nothing keeps awake is a warning, whatever the reason, and the job goes on', async () => {
    const reasons: (() => Promise<undefined>)[] = [
      () => Promise.resolve(undefined),
      () => Promise.reject(Object.assign(new Error('spawn systemd-inhibit EMFILE'), { code: 'EMFILE' })),
    ];
    for (const stayAwake of reasons) {
      const run = journey(files);
      run.host.stayAwake = stayAwake;
      await run.plug({ bootPin: true });
      const report = await run.convert();
      assert.equal(report.error, undefined);
      assert.equal(check(report, 'power').result, 'warned');
      assert.match(check(report, 'power').compared, /nothing here can keep it awake/);
    }
  });

  it('keeps the machine awake until the job has ended, however it ends', async () => {
    const run = journey(files);
    let held = 0;
    Object.defineProperty(run.host, 'stayAwake', {
      value: () => {
        held++;
        return Promise.resolve(() => held--);
      },
    });
    await run.plug({ bootPin: true });
    run.stick.faults.order({ fault: 'unplug', at: 'block', nth: 2 });
    const awake: number[] = [];
    const report = await run.convert({
      onEvent: (e) => e.type === 'progress' && e.stage === 'write' && awake.push(held),
    });
    assert.equal(report.error?.code, 'STICK_GONE');
    assert.ok(awake.length > 0 && awake.every((n) => n === 1));
    assert.equal(held, 0);
    assert.match(check(report, 'power').compared, /kept awake/);
  });
});

describe('overrides', () => {
  const cases: [Override, { loader?: FileInput; firmware?: FileInput }, CheckId][] = [
    ['unsafe-loader', { loader: makeLoader({ size: 20_000, erase: 'none' }) }, 'loader'],
    [
      'other-device',
      { firmware: makeFirmware({ images: [{ code: 0x101, version: 'E3999 22.1' }, { code: 0x550103 }] }) },
      'fit',
    ],
    ['signed-firmware', { firmware: makeFirmware({ dloadId: 9 }) }, 'fit'],
  ];
  for (const [override, input, id] of cases) {
    it(`${override}: refused without, done with it; named in report, warnings and log`, async () => {
      const run = journey(files);
      await run.plug({ bootPin: true });
      assert.notEqual((await run.convert(input)).error, undefined);
      const others = cases.map(([name]) => name).filter((name) => name !== override);
      assert.notEqual((await run.convert({ ...input, overrides: others })).error, undefined, 'others do not help');
      const report = await run.convert({ ...input, overrides: [override] });
      assert.equal(report.error, undefined);
      assert.deepEqual(report.overrides, [override]);
      assert.equal(check(report, id).result satisfies CheckResult, 'warned');
      assert.ok(report.warnings.some((w) => /Switched off by the caller/.test(w)));
      const log = run.host.files.get(report.log?.replace('virtual:', '') ?? '') ?? '';
      assert.match(log, /warn.*Switched off by the caller/);
    });
  }

  it('none leads past image codes, the chip, NV, room, or made-up files on a real stick', async () => {
    const overrides: Override[] = ['unsafe-loader', 'other-device', 'signed-firmware'];
    const bad: [string, FileInput][] = [
      ['FIRMWARE_WRONG_DEVICE', makeFirmware({ images: [{ code: 0x40000 }] })],
      ['FIRMWARE_UNSUPPORTED', makeFirmware({ images: [{ code: 0x66 }] })],
      ['FIRMWARE_UNSUPPORTED', makeFirmware({ images: [{ code: 0x66 }], dloadId: 9 })],
      ['FIRMWARE_TOO_LARGE', makeFirmware({ images: [{ code: 0x104, size: 400_000 }] })],
      ['FIRMWARE_WRONG_DEVICE', makeFirmware({ images: [{ code: 0x101, version: 'Hi6930 V7R2' }] })],
      ['FIRMWARE_WRONG_DEVICE', makeFirmware({ images: [{ code: 0x101, version: 'E3372 22.1 Hi6930' }] })],
      // The name hides the size from the first look.
      ['FIRMWARE_TOO_LARGE', makeFirmware({ images: [{ code: 0x104, size: 400_000, version: 'E3999 22.1' }] })],
    ];
    for (const [code, firmware] of bad) {
      const run = journey(files);
      await run.plug({ bootPin: true });
      assert.equal((await run.convert({ firmware, overrides })).error?.code, code);
      assert.deepEqual([...run.stick.flash.keys()], []);
    }
    const real = journey(files);
    await real.plug();
    Object.defineProperty(real.host, 'real', { value: true });
    assert.equal((await real.convert({ overrides })).error?.code, 'FIRMWARE_SYNTHETIC');
  });
});
