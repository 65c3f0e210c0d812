/** Which model a stick is: another one is refused wherever its name is known before a write; no name is a warning. */

import assert from 'node:assert/strict';
import { judgeModel } from '../../src/flash/other-models';
import { upload } from '../../src/flash/upload-and-write';
import type { UsbDevice } from '../../src/host/host';
import type { StickOptions } from '../../src/virtual/options';
import { onWrites } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
const STICK = { firmware: 'stick', setport: 'FF;10,12' } as const;
const UNKNOWN = /Whether the stick at 1-1 is an E3272 is not known yet/;

describe('the name of a model', () => {
  const names: Record<ReturnType<typeof judgeModel>, string[]> = {
    ours: ['E3272', 'E3276', 'e3272', 'E3272s-153', 'E3276s-920', 'HUAWEI E3272', 'HUAWEI_E3272', 'E3272 (K5150)'],
    // The first five were recorded from sticks.
    other: [
      ...['E3372', 'E3372h-320', 'E1550', 'K3520', 'E1752'],
      ...['E3372s', 'E3131', 'E3531', 'E303', 'E173', 'E5573', 'E8372', 'EC1561', 'EM770W', 'ME909u-521', 'MS2372h'],
      ...['K5150', 'K4203', 'Vodafone R216', 'B310s-22', 'HUAWEI E3372', 'E32720'],
    ],
    unknown: ['', 'HUAWEI Mobile', 'MegaFon M100-4', '824FT', 'MTS 824F', 'Vodafone', 'LTE stick'],
  };
  for (const [verdict, list] of Object.entries(names)) {
    it(`${verdict}: ${list.map((name) => `"${name}"`).join(', ')}`, () => {
      for (const name of list) assert.equal(judgeModel(name), verdict, name);
    });
  }
});

/** AT commands that reach the stick; those that begin with one of `refused` are answered ERROR. */
function listen(run: Journey, refused: readonly string[] = []): string[] {
  const commands: string[] = [];
  onWrites(run.host, (data) => {
    const command = Buffer.from(data).toString('latin1').trim();
    commands.push(command);
    return refused.some((name) => command.startsWith(name)) ? Buffer.from('AT+XNONE\r') : data;
  });
  return commands;
}

/** The product text of the USB descriptor. */
function called(run: Journey, product: string): void {
  const named = (devices: UsbDevice[]) => devices.map((device) => ({ ...device, product }));
  const scan = run.host.scan.bind(run.host);
  run.host.scan = async () => named(await scan());
  const watch = run.host.watch.bind(run.host);
  run.host.watch = (listener) => watch((devices) => listener(named(devices)));
}

describe('a stick of another model', () => {
  for (const product of ['E3372', 'E3131', 'ME909u-521', 'K5150', 'E173']) {
    for (const [way, options] of [
      ['AT^GODLOAD', {}],
      ['the boot pin', { wayIn: 'boot-pin' }],
      ['a dry run', { dryRun: true }],
    ] as const) {
      it(`${product}, before ${way}: refused, nothing asked of a person, nothing changed`, async () => {
        const run = journey(files, { ...STICK, product });
        await run.plug();
        const commands = listen(run);
        run.person = () => assert.fail('nobody has to do anything');
        const confirm = () => assert.fail('nobody is asked');
        const report = await run.convert({ reflash: true, confirm, ...options });
        assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
        assert.ok(report.error?.message.includes(product));
        const check = report.checks.find((c) => c.id === 'device');
        assert.equal(check?.result, 'failed');
        assert.ok(check?.compared.includes(product));
        assert.ok(!commands.includes('AT^GODLOAD'));
        assert.deepEqual([...run.stick.flash.keys()], []);
      });
    }
  }

  it('is known by ATI, ^FHVER or ^VERSION?, whichever is the only one that tells', async () => {
    for (const refused of [
      ['AT^FHVER', 'AT^VERSION?'],
      ['ATI', 'AT^VERSION?'],
      ['ATI', 'AT^FHVER'],
    ]) {
      const run = journey(files, { ...STICK, product: 'E3131' });
      await run.plug();
      const commands = listen(run, refused);
      assert.equal((await run.convert({ reflash: true })).error?.code, 'FIRMWARE_WRONG_DEVICE');
      assert.ok(!commands.includes('AT^GODLOAD'));
    }
  });

  const faces: [string, Partial<StickOptions>, { bootPin?: boolean }][] = [
    ['HiLink', {}, {}],
    ['its boot ROM', {}, { bootPin: true }],
    ['its firmware', STICK, {}],
  ];
  for (const [face, options, how] of faces) {
    it(`in ${face} is known by its USB descriptor, where that names it`, async () => {
      const run = journey(files, options);
      await run.plug(how);
      called(run, 'HUAWEI E3372');
      run.person = () => assert.fail('nobody has to do anything');
      const report = await run.convert({ reflash: true });
      assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
      assert.match(report.error?.message ?? '', /calls itself "HUAWEI E3372" on the bus/);
      assert.deepEqual([...run.stick.flash.keys()], []);
    });
  }

  it('in HiLink mode is known by its web server, where its USB descriptor says nothing', async () => {
    const run = journey(files, { product: 'E3372h-153', hilink: 'sestok' });
    await run.plug();
    called(run, 'HUAWEI Mobile');
    run.person = () => assert.fail('nobody has to do anything');
    const report = await run.convert({ reflash: true });
    assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
    assert.match(report.error?.message ?? '', /calls itself E3372h-153: no E3272/);
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  it('gets no loader by an upload of its own either', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    called(run, 'HUAWEI E3372');
    const report = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
    assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
    assert.equal(report.mode, 'boot');
  });
});

describe('a stick whose model nobody tells', () => {
  it('is a warning in the report when its firmware names none, and its loader is asked', async () => {
    const run = journey(files, STICK);
    await run.plug();
    listen(run, ['ATI', 'AT^FHVER', 'AT^VERSION?']);
    const report = await run.convert({ reflash: true });
    assert.ok(report.warnings.some((w) => UNKNOWN.test(w) && /names no model/.test(w)));
    assert.match(report.checks.find((c) => c.id === 'device')?.compared ?? '', /AT\^DLOADINFO\? "E3272"/);
    assert.ok(run.stick.flash.size > 0);
  });

  it("with an operator's name: the warning tells it, and what the loader says decides", async () => {
    const run = journey(files, { ...STICK, product: 'MTS 824F' });
    await run.plug();
    const report = await run.convert({ reflash: true });
    assert.ok(report.warnings.some((w) => UNKNOWN.test(w) && /"MTS 824F"/.test(w)));
    assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
    assert.match(report.error?.message ?? '', /The loader .* calls it "MTS 824F"/);
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  it('with one name to each question: it is told once', async () => {
    const run = journey(files, { ...STICK, product: '824FT' });
    await run.plug();
    const report = await run.convert({ reflash: true });
    assert.equal(report.warnings.filter((w) => UNKNOWN.test(w) && /: it calls itself "824FT"\./.test(w)).length, 1);
  });

  it('because it is gone: nobody is asked for anything', async () => {
    const run = journey(files, STICK);
    await run.plug();
    onWrites(run.host, (data) => {
      if (!Buffer.from(data).toString('latin1').startsWith('ATI')) return data;
      run.stick.unplug();
      return undefined;
    });
    const report = await run.convert({ reflash: true, confirm: () => assert.fail('nobody is asked') });
    assert.equal(report.error?.code, 'STICK_GONE');
    assert.ok(!report.warnings.some((w) => UNKNOWN.test(w)));
  });

  it('in HiLink: the warning says why nobody could be asked', async () => {
    const run = journey(files);
    await run.plug();
    run.stick.faults.order({ fault: 'silence', at: 'web', count: 1_000 });
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.ok(report.warnings.some((w) => UNKNOWN.test(w) && /HiLink/.test(w)));
  });

  it('in HiLink, whose web server calls it E3272, is none', async () => {
    const run = journey(files);
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.ok(!report.warnings.some((w) => UNKNOWN.test(w)));
  });

  it('that says E3272 is none', async () => {
    const run = journey(files, STICK);
    await run.plug();
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.ok(!report.warnings.some((w) => UNKNOWN.test(w)));
  });
});
