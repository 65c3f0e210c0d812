import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobReport } from '../../src/flash/events';
import { startJob } from '../../src/jobs/registry';
import { imageData, makeFirmware, makeLoader, SMALL_IMAGES } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import {
  caught,
  deploy,
  type FlowNode,
  forget,
  inject,
  type Message,
  output,
  outputs,
  settings,
  startRuntime,
  status,
  statusesOf,
  tab,
} from './runtime';
import { atNode as at, flashNode as flash, isWait, stickNode, type TestStick, testModem, testStick } from './sticks';

/** Presses the boot pin when the flash node waits for a person: the way a demo flow is wired. */
const person = (stick: TestStick): FlowNode[] => [
  {
    id: 'waits',
    type: 'switch',
    property: 'payload.type',
    propertyType: 'msg',
    rules: [{ t: 'eq', v: 'wait', vt: 'str' }],
    checkall: 'false',
    outputs: 1,
    wires: [['hands']],
  },
  { id: 'hands', type: 'e3272-virtual', virtual: stick.name, firmware: 'hilink', action: 'boot-pin' },
];
const helped = { wires: [['sink'], ['waits']] };

const reportOf = (msg: Message) => msg.payload as JobReport & { error?: { code: string } };
const stageIs = (stage: string) => (msg: Message) => (msg.payload as { stage?: string }).stage === stage;

/** Every image of the made-up firmware lies in the stick, byte by byte. */
function assertStored({ stick }: TestStick): void {
  for (const image of SMALL_IMAGES) {
    assert.ok(imageData(image).equals(stick.flash.get(image.code) ?? Buffer.alloc(0)), `image ${image.code}`);
  }
}

describe('e3272-flash', () => {
  let folder = '';
  let files = { loader: '', firmware: '' };
  const bytes = { loader: makeLoader(), firmware: makeFirmware() };

  before(async () => {
    folder = tempFolder('flash');
    files = { loader: join(folder, 'loader.bin'), firmware: join(folder, 'firmware.bin') };
    writeFileSync(files.loader, bytes.loader);
    writeFileSync(files.firmware, bytes.firmware);
    await startRuntime();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await deploy([]);
  });
  afterEach(() => {
    delete settings.e3272FlashFolder;
  });

  it('takes a stick from CD-ROM to AT, with the boot pin pressed by e3272-virtual', async () => {
    const stick = await testStick();
    await deploy(tab([stickNode(stick.name), flash({ ...files, ...helped }), at, ...person(stick)]));
    stick.stick.plug();
    await status('at', 'status.storage');
    inject('flash', { payload: 'go', confirm: true, topic: 'mine' });
    const result = await output('flash');
    const report = reportOf(result);
    assert.deepEqual(report.error, undefined);
    assert.equal(report.ok, true);
    assert.equal(report.modem?.at, 'OK');
    assert.equal(report.setport?.now, 'FF;10,12');
    assert.equal(result.topic, 'mine');
    assertStored(stick);
    await output('completer');

    const progress = outputs('flash', 1);
    assert.ok(progress.every((msg) => msg.topic === stick.name));
    const stages = progress.flatMap((m) =>
      (m.payload as { type: string }).type === 'stage' ? [(m.payload as { stage: string }).stage] : [],
    );
    assert.deepEqual(stages, [
      'files',
      'switch',
      'boot-pin',
      'upload',
      'loader',
      'identify',
      'write',
      'reset',
      'switch',
      'at',
      'setport',
      'at',
    ]);
    const texts = statusesOf('flash').map((s) => s.text);
    assert.ok(texts.includes('status.waiting'));
    assert.equal(texts.at(-1), 'status.done');

    await status('at', 'status.ready');
    inject('at', { payload: 'AT' });
    assert.equal(((await output('at')).payload as { final: string }).final, 'OK');
  });

  it('needs no files on a virtual stick: they are made up', async () => {
    const stick = await testStick();
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    await deploy(tab([stickNode(stick.name), flash()]));
    inject('flash', { confirm: true });
    const report = reportOf(await output('flash'));
    assert.equal(report.error, undefined);
    assert.deepEqual(
      report.images.map(({ complete }) => complete),
      [true, true, true],
    );
    assert.deepEqual([report.loader?.name, report.firmware?.name], ['virtual-loader.bin', 'virtual-firmware.bin']);
  });

  it('takes the name of the very stick for a yes, and that of another for none', async () => {
    const stick = await testStick();
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    await deploy(tab([stickNode(stick.name), flash(files)]));
    for (const [confirm, code] of [
      ['virtual-999', 'NOT_CONFIRMED'],
      ['true', 'NOT_CONFIRMED'],
      ['', 'NOT_CONFIRMED'],
      [stick.name, undefined],
    ] as const) {
      forget();
      inject('flash', { confirm });
      const { error } = reportOf(await output('flash'));
      assert.equal(error?.code, code, confirm);
    }
  });

  it('takes files as buffers from the message', async () => {
    const stick = await testStick();
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    await deploy(tab([stickNode(stick.name), flash()]));
    inject('flash', { ...bytes, confirm: true });
    assert.equal(reportOf(await output('flash')).ok, true);
    assertStored(stick);
  });

  for (const type of ['full', 'nodes'] as const) {
    it(`goes on with the write when somebody deploys (${type}), and the new node tells the rest`, async () => {
      const stick = await testStick();
      stick.stick.plug({ bootPin: true });
      await stick.next((e) => e.what === 'tty' && e.present);
      const flow = (name: string) => tab([stickNode(stick.name), flash({ ...files, name })]);
      await deploy(flow('before'));
      stick.stick.faults.order({ fault: 'late', at: 'close', ms: 600 });
      inject('flash', { confirm: true, topic: 'mine' });
      await output('flash', 1, stageIs('write'));
      await deploy(flow('after'), type);
      // Its progress first, at least what was told last.
      await output('flash', 1, stageIs('write'));
      inject('flash', { confirm: true, topic: 'another' });
      assert.equal((await caught('flash')).error.code, 'BUSY');
      const result = await output('flash');
      assert.equal(result.topic, 'mine');
      assert.equal(reportOf(result).ok, true);
      assert.equal((await output('completer')).topic, 'mine');
      assertStored(stick);
      assert.equal(stick.events.filter((e) => e.what === 'uploaded').length, 2);
      assert.equal(outputs('flash').length, 1);
    });
  }

  it('tells the result of a job that ended while the flows were being deployed', async () => {
    const stick = await testStick();
    const report: JobReport = {
      ok: true,
      dryRun: false,
      stick: stick.name,
      ttys: [],
      provenBy: 'bus',
      stages: [],
      images: [],
      warnings: [],
      checks: [],
      overrides: [],
      did: [],
      compared: [],
    };
    const context = { msg: { _msgid: 'before', topic: 'mine' } };
    startJob({ stick: stick.name, owner: 'flash', context }, async () => report);
    await new Promise((resolve) => setImmediate(resolve));
    await deploy(tab([stickNode(stick.name), flash(files)]));
    const result = await output('flash');
    assert.equal(result.topic, 'mine');
    assert.equal(reportOf(result).ok, true);
    assert.equal((await output('completer')).topic, 'mine');
  });

  it('begins no job that was cancelled while its files were looked up', async () => {
    const stick = await testStick();
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    await deploy(tab([stickNode(stick.name), flash(files)]));
    inject('flash', { confirm: true });
    inject('flash', { payload: 'cancel' });
    assert.equal((await caught('flash')).error.code, 'CANCELLED');
    assert.equal(stick.events.filter((e) => e.what === 'uploaded').length, 0);
  });

  it('takes the stick from AT nodes, which say so and come back by themselves', async () => {
    const stick = await testModem();
    await deploy(tab([stickNode(stick.name), flash({ setport: 'FF;10,12,16' }), at]));
    await status('at', 'status.ready');
    forget();
    inject('flash', { confirm: true });
    await status('at', 'status.busy');
    inject('at', { payload: 'AT' });
    assert.equal((await caught('at')).error.code, 'BUSY');
    const report = reportOf(await output('flash'));
    assert.deepEqual(report.setport, { before: 'FF;10,12', now: 'FF;10,12,16', changed: true });
    await status('at', 'status.ready');
    inject('at', { payload: 'AT^SETPORT?' });
    assert.deepEqual(((await output('at')).payload as { lines: string[] }).lines, ['^SETPORT:FF;10,12,16']);
  });

  it('changes nothing without a real yes', async () => {
    const stick = await testStick();
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    await deploy(tab([stickNode(stick.name), flash(files)]));
    for (const confirm of [undefined, 'true', 1]) {
      forget();
      inject('flash', { confirm, payload: '' });
      const { error } = await caught('flash');
      assert.equal(error.code, 'NOT_CONFIRMED');
      assert.equal(reportOf(await output('flash')).error?.code, 'NOT_CONFIRMED');
    }
    forget();
    inject('flash', { dryRun: true });
    const report = reportOf(await output('flash'));
    assert.equal(report.ok && report.dryRun, true);
    // A dry run in words is no dry run, and no write either.
    inject('flash', { dryRun: 'true', confirm: true });
    assert.equal((await caught('flash')).error.code, 'BAD_ARGUMENT');
    assert.deepEqual(
      stick.events.filter((e) => e.what === 'uploaded' || e.what === 'image'),
      [],
    );
    await deploy(tab([stickNode(stick.name), flash({ ...files, armed: true })]));
    inject('flash', {});
    assert.equal(reportOf(await output('flash')).ok, true);
  });

  it('is cancelled by a message', async () => {
    const stick = await testStick();
    stick.stick.plug();
    await stick.next((e) => e.what === 'mode');
    await deploy(tab([stickNode(stick.name), flash(files)]));
    inject('flash', { payload: 'cancel' });
    await output('completer');
    inject('flash', { confirm: true });
    await output('flash', 1, isWait);
    inject('flash', { payload: 'cancel' });
    assert.equal((await caught('flash')).error.code, 'CANCELLED');
    await status('flash', 'status.cancelled');
    // The stick is free again.
    forget();
    inject('flash', { dryRun: true });
    await output('flash');
  });

  it('is told BUSY when another node has the stick', async () => {
    const stick = await testStick();
    stick.stick.plug();
    await stick.next((e) => e.what === 'mode');
    await deploy(tab([stickNode(stick.name), flash(files), flash({ ...files, id: 'other' })]));
    inject('flash', { confirm: true });
    await output('flash', 1, isWait);
    inject('other', { confirm: true });
    assert.equal((await caught('other')).error.code, 'BUSY');
    inject('flash', { payload: 'cancel' });
    await output('flash');
  });

  it('takes files from no other folder than the one that is set', async () => {
    const stick = await testStick();
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    const home = join(folder, 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'loader.bin'), bytes.loader);
    symlinkSync(files.firmware, join(home, 'link.bin'));
    symlinkSync(join(home, 'loader.bin'), join(home, 'inside.bin'));
    settings.e3272FlashFolder = home;
    await deploy(tab([stickNode(stick.name), flash()]));
    const refused = async (loader: string, code: string) => {
      forget();
      inject('flash', { loader, firmware: bytes.firmware, dryRun: true });
      assert.equal((await caught('flash')).error.code, code, loader);
    };
    await refused(files.loader, 'NO_PERMISSION');
    await refused('../loader.bin', 'NO_PERMISSION');
    await refused(join(home, '..', 'loader.bin'), 'NO_PERMISSION');
    await refused('link.bin', 'NO_PERMISSION');
    await refused('../no-such-file', 'NO_PERMISSION');
    await refused('no-such-file', 'FILE_NOT_FOUND');
    for (const url of ['https:/user:secret@host/fw.bin', 'ftp://user:secret@host/fw.bin']) {
      await refused(url, 'FILE_NOT_FOUND');
      forget();
      inject('flash', { loader: url, firmware: bytes.firmware, dryRun: true });
      const { error } = await caught('flash');
      assert.match(error.message, /\*\*\*@host/);
      assert.ok(!JSON.stringify(error).includes('secret'), JSON.stringify(error));
    }
    Object.assign(settings, { e3272FlashFolder: [home] });
    await refused('loader.bin', 'BAD_ARGUMENT');
    settings.e3272FlashFolder = home;
    for (const loader of [join(home, 'loader.bin'), 'loader.bin', 'inside.bin']) {
      forget();
      inject('flash', { loader, firmware: bytes.firmware, dryRun: true });
      assert.equal(reportOf(await output('flash')).ok, true, loader);
    }
  });

  it('makes a HiLink router of it when a web UI is set, or comes with the message', async () => {
    const firmware = makeFirmware({
      images: [
        {
          code: 0x550103,
          data: Buffer.from('E3272-VIRTUAL-HILINK VIRTUAL-VERSION:22.470.07.00.00;'.padEnd(9_000, '.')),
        },
      ],
    });
    const webui = makeFirmware({ images: [{ code: 0x560000, size: 30_000 }] });
    const file = join(folder, 'webui.bin');
    writeFileSync(file, webui);
    for (const [set, sent] of [
      [{ webui: file }, {}],
      [{}, { webui }],
    ]) {
      const stick = await testStick();
      stick.stick.plug({ bootPin: true });
      await stick.next((e) => e.what === 'tty' && e.present);
      await deploy(tab([stickNode(stick.name), flash({ ...files, ...set })]));
      forget();
      inject('flash', { firmware, confirm: true, ...sent });
      const report = reportOf(await output('flash'));
      assert.equal(report.error, undefined);
      assert.equal(report.mode, 'storage');
      assert.equal(stick.stick.flash.get(0x560000)?.length, 30_000);
    }
  });

  it('takes the way in that is set, or that the message names, and no other word', async () => {
    const asked = (stick: TestStick) => stick.events.some((e) => e.what === 'at' && e.command.startsWith('AT^GODLOAD'));
    for (const [set, sent, wayIn] of [
      [{ wayIn: 'boot-pin' }, {}, 'boot-pin'],
      [{}, { wayIn: 'boot-pin' }, 'boot-pin'],
      [{ wayIn: 'boot-pin' }, { wayIn: 'auto' }, 'godload'],
      [{ wayIn: '' }, {}, 'godload'],
    ] as const) {
      const stick = await testModem();
      await deploy(tab([stickNode(stick.name), flash({ ...files, ...helped, ...set }), ...person(stick)]));
      forget();
      inject('flash', { confirm: true, reflash: true, ...sent });
      const report = reportOf(await output('flash'));
      assert.equal(report.error, undefined);
      assert.equal(report.wayIn, wayIn);
      assert.equal(asked(stick), wayIn === 'godload');
    }
    for (const wayIn of ['window', false, 0]) {
      forget();
      inject('flash', { confirm: true, wayIn });
      assert.equal((await caught('flash')).error.code, 'BAD_ARGUMENT');
    }
  });

  it('accepts another version, a stick as it is, and an IMEI in the saved file only when the message says so', async () => {
    const stick = await testStick();
    const lying = makeFirmware({
      images: [{ code: 0x550103, data: Buffer.alloc(9_000, 'VIRTUAL-VERSION:21.111.11.11.11;') }],
    });
    stick.stick.plug({ bootPin: true });
    await stick.next((e) => e.what === 'tty' && e.present);
    await deploy(tab([stickNode(stick.name), flash({ ...files, reflash: true, ...helped }), ...person(stick)]));
    const run = async (msg: object) => {
      forget();
      inject('flash', { firmware: lying, confirm: true, ...msg });
      return reportOf(await output('flash'));
    };
    assert.equal((await run({})).error?.code, 'VERSION_MISMATCH');
    const accepted = await run({ otherVersion: true });
    assert.equal(accepted.error, undefined);
    assert.deepEqual(accepted.overrides, ['other-version']);
    const saved = ({ saved }: JobReport) => stick.host.files.get(saved?.replace('virtual:', '') ?? '') ?? '';
    assert.doesNotMatch(saved(accepted), /\d{15}/);
    assert.match(saved(await run({ otherVersion: true, saveImei: true })), /\d{15}/);

    // A write that breaks off is remembered, whatever answers AT at this place then.
    stick.stick.faults.order({ fault: 'nak', at: 'block', nth: 2 });
    assert.equal((await run({ firmware: bytes.firmware })).error?.code, 'NAK');
    const up = stick.next((e) => e.what === 'tty' && e.interface === 1 && e.present);
    stick.stick.unplug();
    stick.stick.plug();
    await up;
    // With a loader alone nothing is made up.
    const look = { reflash: false, firmware: '' };
    assert.equal((await run(look)).ok, false);
    assert.equal((await run({ ...look, asIs: true })).error, undefined);
    for (const property of ['otherVersion', 'asIs', 'saveImei']) {
      forget();
      inject('flash', { confirm: true, [property]: 'yes' });
      assert.equal((await caught('flash')).error.code, 'BAD_ARGUMENT', property);
    }
  });

  it('says so when no stick is configured or plugged in', async () => {
    const stick = await testStick();
    await deploy(tab([stickNode(stick.name), flash(), flash({ id: 'lost', stick: 'no.such.node' })]));
    await status('lost', 'status.noconfig');
    inject('lost', { confirm: true });
    assert.equal((await caught('lost')).error.code, 'BAD_ARGUMENT');
    inject('flash', { confirm: true });
    assert.equal((await caught('flash')).error.code, 'STICK_NOT_FOUND');
    assert.equal(reportOf(await output('flash')).error?.code, 'STICK_NOT_FOUND');
  });
});
