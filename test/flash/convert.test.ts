import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crcX25 } from '../../src/codec/crc';
import type { FileInput } from '../../src/firmware/source';
import { convert } from '../../src/flash/convert';
import { holdStick } from '../../src/stick/hold';
import { TIMEOUTS } from '../../src/timeouts';
import { act } from '../../src/virtual/person';
import { cliHint, nodeHint } from '../support/errors';
import { tempFolder } from '../support/temp-folder';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };

/** What a stick noticed of a job: nothing here means that no byte reached it. */
function noticed(run: Journey): string[] {
  const seen: string[] = [];
  run.stick.onEvent((e) => e.what !== 'tty' && e.what !== 'mode' && seen.push(e.what));
  const open = run.host.openTty.bind(run.host);
  run.host.openTty = (path) => {
    seen.push(`opened ${path}`);
    return open(path);
  };
  return seen;
}

describe('the convert job', () => {
  it('asks for the boot pin again when the stick was plugged in without it', async () => {
    const run = journey(files);
    await run.plug();
    const asked: string[] = [];
    run.person = () => {
      asked.push('asked');
      // The first time the pin slips.
      void act(run.stick, asked.length === 1 ? 'replug' : 'boot-pin');
    };
    const report = await run.convert();
    assert.equal(asked.length, 2);
    assert.ok(run.events.some((e) => e.type === 'wait' && /the pin was not held/.test(e.text)));
    // The time of the first wait goes on.
    const [first = 0, second = 0] = run.events.flatMap((e) => (e.type === 'wait' ? [e.left ?? 0] : []));
    assert.equal(first, TIMEOUTS.person.act / 1_000);
    assert.ok(second > 0 && second < first, `${second}`);
    assert.equal(report.error, undefined);
  });

  it('sets SETPORT only, without files, when AT answers; a second run finds nothing to do', async () => {
    const run = journey(files, { firmware: 'stick' });
    await run.plug();
    const without = { loader: undefined, firmware: undefined };
    const first = await run.convert(without);
    assert.equal(first.error, undefined);
    assert.deepEqual(first.setport, { before: 'A1,A2;10,12,16,A1,A2', now: 'FF;10,12', changed: true });
    const second = await run.convert({ ...without, confirm: () => assert.fail('nothing to confirm') });
    assert.equal(second.error, undefined);
    assert.deepEqual(second.setport, { now: 'FF;10,12', changed: false });
  });

  it('takes another composition, and refuses one without an AT port', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await run.plug();
    const report = await run.convert({ setport: 'ff; 10,12,16' });
    assert.equal(report.error, undefined);
    assert.equal(report.modem?.setport, 'FF;10,12,16');
    const refused = await run.convert({ setport: 'FF;10,16' });
    assert.equal(refused.error?.code, 'COMMAND_REFUSED');
    assert.equal(run.stick.setport, 'FF;10,12,16');
    assert.equal((await run.convert({ setport: 'FF;10,12;3' })).error?.code, 'BAD_ARGUMENT');
  });

  it('takes a composition that begins with a CD-ROM, and switches once more to prove it', async () => {
    const run = journey(files, { firmware: 'stick' });
    await run.plug();
    const report = await run.convert({ setport: 'A1,A2;10,12' });
    assert.equal(report.error, undefined);
    assert.equal(report.modem?.setport, 'A1,A2;10,12');
  });

  it('a yes to new ports is no yes to a flash', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12,16' });
    await run.plug();
    // After the restart for the ports it comes back as HiLink: now it would have to be flashed.
    run.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode: 'cdrom-hilink' });
    run.stick.faults.order({ fault: 'othermode', at: 'enumerate', nth: 2, mode: 'hilink' });
    const plans: string[][] = [];
    const report = await run.convert({
      confirm: ({ steps }) => {
        plans.push(steps);
        return plans.length === 1;
      },
    });
    assert.equal(report.error?.code, 'NOT_CONFIRMED');
    assert.equal(plans.length, 2);
    assert.match(plans[1]?.join(' ') ?? '', /is written to its flash/);
  });

  it('a dry run refuses what the real run would refuse', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await run.plug();
    assert.equal((await run.convert({ dryRun: true, setport: 'FF;10,16' })).error?.code, 'COMMAND_REFUSED');
    run.host.intruderList = ['ModemManager runs (pid 7).'];
    await run.plug({ bootPin: true });
    assert.equal((await run.convert({ dryRun: true })).error?.code, 'PORT_BUSY');
  });

  it('is no success when the stick does not run the version that the file said, unless that is accepted', async () => {
    const lying = makeFirmware({
      images: [{ code: 0x550103, data: Buffer.alloc(9_000, 'VIRTUAL-VERSION:21.111.11.11.11;') }],
    });
    const run = journey({ ...files, firmware: lying });
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error?.code, 'VERSION_MISMATCH');
    assert.match(report.error?.message ?? '', /21\.111\.11\.11\.11/);
    // It has its ports all the same.
    assert.equal(run.stick.setport, 'FF;10,12');
    const accepted = await run.convert({ reflash: true, overrides: ['other-version'] });
    assert.equal(accepted.error, undefined);
    assert.equal(accepted.checks.find((c) => c.id === 'after')?.result, 'warned');
  });

  it('where ATI names no version, that of ^FHVER is compared', async () => {
    for (const [runs, code] of [
      ['21.111.11.11.11', 'VERSION_MISMATCH'],
      ['21.420.99.07.00', undefined],
    ] as const) {
      const data = Buffer.alloc(9_000, `VIRTUAL-VERSION:${runs};`);
      const run = journey({ ...files, firmware: makeFirmware({ images: [{ code: 0x550103, data }] }) });
      await run.plug();
      const open = run.host.openTty.bind(run.host);
      run.host.openTty = async (path) => {
        const port = await open(path);
        const write = port.write.bind(port);
        // Answered by OK alone.
        port.write = (bytes) => write(/^ATI *\r$/.test(Buffer.from(bytes).toString()) ? Buffer.from('AT\r') : bytes);
        return port;
      };
      const report = await run.convert();
      assert.equal(report.error?.code, code);
      assert.equal(report.modem?.model, undefined);
      assert.equal(report.modem?.revision, runs);
      assert.equal(report.checks.find((c) => c.id === 'after')?.result, code ? 'failed' : 'passed');
    }
  });

  it('compares versions as a whole: one digit is not the version of what begins with it', async () => {
    const data = Buffer.alloc(9_000, 'VIRTUAL-VERSION:21.111.11.11.11;');
    const run = journey({ ...files, firmware: makeFirmware({ images: [{ code: 0x550103, data, version: '1' }] }) });
    await run.plug();
    assert.equal((await run.convert()).error?.code, 'VERSION_MISMATCH');
  });

  it('a service pack that the file does not name is another version; what cannot be compared is a warning', async () => {
    const holds = (data: string, version: string) =>
      makeFirmware({ images: [{ code: 0x550103, data: Buffer.alloc(9_000, `VIRTUAL-VERSION:${data};`), version }] });
    const run = journey(files);
    await run.plug();
    const pack = await run.convert({ firmware: holds('21.180.01.00.00SP1', '21.180.01.00.00') });
    assert.equal(pack.error?.code, 'VERSION_MISMATCH');
    const nameless = await run.convert({ reflash: true, firmware: holds('21.180.01.00.00', 'V7R1') });
    assert.equal(nameless.error, undefined);
    const after = nameless.checks.find((c) => c.id === 'after');
    assert.equal(after?.result, 'warned');
    assert.match(after?.compared ?? '', /runs "21\.180\.01\.00\.00"; the file says "V7R1": these cannot be compared/);
  });

  it('returns its report and the stick also where nothing can be kept awake', async () => {
    const run = journey(files);
    await run.plug();
    run.host.stayAwake = () => Promise.reject(new Error('EMFILE'));
    assert.equal((await run.convert()).error, undefined);
    assert.equal((await run.convert()).error, undefined, 'the stick was given back');
  });

  it('writes over a stick that answers AT only when a reflash is asked for, and says that it runs another version', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await run.plug();
    const other = /works and runs 21\.420\.07\.00\.00; .* \(21\.420\.99\.07\.00\) was not written/;
    assert.match((await run.convert()).warnings.join(), other);
    assert.equal(run.stick.flash.get(0x100), undefined);
    const report = await run.convert({ reflash: true });
    assert.equal(report.error, undefined);
    assert.ok(run.stick.flash.get(0x100));
    assert.deepEqual((await run.convert()).warnings, [], 'now it runs that of the file');
  });

  it('says which file is missing before it asks for the boot pin', async () => {
    const run = journey(files);
    await run.plug();
    const report = await run.convert({ loader: undefined });
    assert.equal(report.error?.code, 'BAD_ARGUMENT');
    assert.match(report.error?.message ?? '', /a loader file is missing/);
    assert.ok(!run.events.some((e) => e.type === 'wait'));
  });

  it('changes nothing without a yes that names the stick', async () => {
    const run = journey(files);
    await run.plug({ bootPin: true });
    const plans: unknown[] = [];
    const seen = noticed(run);
    const report = await run.convert({
      confirm: (plan) => {
        plans.push(plan);
        return false;
      },
    });
    assert.equal(report.error?.code, 'NOT_CONFIRMED');
    assert.equal((plans[0] as { stick: string }).stick, '1-1');
    assert.deepEqual(
      seen.filter((s) => !s.startsWith('opened')),
      [],
    );
    assert.equal((await run.convert({ confirm: undefined })).error?.code, 'NOT_CONFIRMED');
  });

  for (const [name, options, how] of [
    ['a CD-ROM', {}, {}],
    ['a stick in its boot ROM', {}, { bootPin: true }],
    ['a modem', { firmware: 'stick', setport: 'FF;10,12,16' }, {}],
  ] as const) {
    it(`a dry run changes nothing on ${name}`, async () => {
      const run = journey(files, options);
      await run.plug(how);
      const before = run.stick.device?.address;
      const report = await run.convert({ dryRun: true, confirm: () => assert.fail('a dry run asks nothing') });
      assert.equal(report.error, undefined);
      assert.equal(report.dryRun, true);
      assert.match(report.firmware?.sha256 ?? '', /^[0-9a-f]{64}$/);
      assert.equal(run.stick.device?.address, before);
      assert.deepEqual([...run.stick.flash.keys()], []);
      assert.equal(run.stick.setport, options && 'setport' in options ? options.setport : 'A1,A2;10,12,16,A1,A2');
    });
  }

  it('ends with WRONG_MODE when the firmware that was written is HiLink', async () => {
    const hilink = makeFirmware({
      images: [{ code: 0x550103, data: Buffer.from('E3272-VIRTUAL-HILINK'.padEnd(9_000, '.')) }],
    });
    const run = journey({ ...files, firmware: hilink });
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error?.code, 'WRONG_MODE');
    assert.match(report.error?.message ?? '', /HiLink/);
  });

  it('refuses fastboot, and a stick that is held by another job', async () => {
    const run = journey(files);
    run.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode: 'fastboot' });
    await run.plug();
    assert.equal((await run.convert()).error?.code, 'WRONG_MODE');
    const hold = await holdStick(run.host, '1-1', { purpose: 'another job' });
    const busy = await run.convert();
    assert.equal(busy.error?.code, 'BUSY');
    assert.match(busy.error?.message ?? '', /another job/);
    hold.release();
  });

  it('can be cancelled while it waits for the person, and leaves the stick free and no timer behind', async () => {
    const run = journey(files);
    await run.plug();
    const cancel = new AbortController();
    const report = await run.run(
      convert(run.host, {
        which: 'auto',
        ...files,
        confirm: () => true,
        signal: cancel.signal,
        onEvent: (e) => e.type === 'wait' && run.clock.after(5_000, () => cancel.abort()),
      }),
    );
    assert.equal(report.error?.code, 'CANCELLED');
    (await holdStick(run.host, '1-1', { purpose: 'next' })).release();
    run.stick.unplug();
    assert.equal(run.clock.pending, 0);
  });

  it('a listener that throws does not end a job', async () => {
    const run = journey(files);
    await run.plug();
    const report = await run.convert({
      onEvent() {
        throw new Error('a listener of the caller');
      },
    });
    assert.equal(report.error, undefined);
  });
});

describe('bad input is refused before a byte is sent', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('bad');
  });
  after(() => rmSync(folder, { recursive: true }));

  const good = Buffer.from(files.firmware);
  const HEADER = 0x5c;
  /** The first header with one change, its CRC made right again. */
  function header(change: (h: Buffer) => void): Buffer {
    const file = Buffer.from(good);
    const h = file.subarray(HEADER, HEADER + 98);
    change(h);
    h.writeUInt16LE(0, 92);
    h.writeUInt16LE(crcX25(h), 92);
    return file;
  }
  const flipped = Buffer.from(good);
  flipped[good.length - 100] = (flipped[good.length - 100] ?? 0) ^ 1;

  const inputs: [string, string, () => { loader?: FileInput; firmware?: FileInput }][] = [
    ['a truncated firmware', 'FIRMWARE_TRUNCATED', () => ({ firmware: good.subarray(0, good.length - 50) })],
    ['a firmware with one bit flipped', 'FIRMWARE_CRC', () => ({ firmware: flipped })],
    [
      'a firmware for a newer chip',
      'FIRMWARE_WRONG_DEVICE',
      () => ({ firmware: makeFirmware({ images: [{ code: 0x40000 }] }) }),
    ],
    ['an NV image', 'FIRMWARE_UNSUPPORTED', () => ({ firmware: makeFirmware({ images: [{ code: 0x66 }] }) })],
    ['blocksize 0', 'FIRMWARE_INVALID', () => ({ firmware: header((h) => h.writeUInt32LE(0, 94)) })],
    ['a header size below 98', 'FIRMWARE_INVALID', () => ({ firmware: header((h) => h.writeUInt32LE(97, 4)) })],
    [
      'an image size of 4 GB',
      'FIRMWARE_TOO_LARGE',
      () => ({ firmware: header((h) => h.writeUInt32LE(0xffffffff, 24)) }),
    ],
    [
      '130 images',
      'FIRMWARE_TOO_LARGE',
      () => ({ firmware: makeFirmware({ images: Array.from({ length: 130 }, () => ({ code: 0x101, size: 16 })) }) }),
    ],
    [
      'a zlib bomb',
      'FIRMWARE_TOO_LARGE',
      () => ({
        firmware: makeFirmware({ images: [{ code: 0x104, data: Buffer.alloc(20_000_000), compression: 'zlib' }] }),
      }),
    ],
    [
      'an LZMA file with a dictionary of 4 GiB',
      'FIRMWARE_TOO_LARGE',
      () => ({
        firmware: makeFirmware({
          images: [
            {
              code: 0x104,
              data: Buffer.from([0x5d, 0xff, 0xff, 0xff, 0xff, ...new Array(8).fill(0xff), ...new Array(64).fill(0)]),
            },
          ],
        }),
      }),
    ],
    ['a loader that would erase', 'LOADER_UNSAFE', () => ({ loader: makeLoader({ size: 20_000, erase: 'none' }) })],
    ['a damaged loader', 'LOADER_INVALID', () => ({ loader: Buffer.from(files.loader).fill(0, 0x24, 0x60) })],
    ['a missing file', 'FILE_NOT_FOUND', () => ({ firmware: join(folder, 'missing.bin') })],
    ['a folder', 'FILE_NOT_REGULAR', () => ({ firmware: folder })],
    ['an empty file', 'FILE_EMPTY', () => ({ firmware: new Uint8Array(0) })],
    [
      'a zip',
      'FIRMWARE_UNSUPPORTED',
      () => ({ firmware: Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(5_000)]) }),
    ],
    [
      'a rar',
      'FIRMWARE_UNSUPPORTED',
      () => ({ firmware: Buffer.concat([Buffer.from('Rar!\x1a\x07', 'latin1'), Buffer.alloc(5_000)]) }),
    ],
  ];
  for (const [name, code, input] of inputs) {
    it(`${name}: ${code}`, async () => {
      const run = journey(files);
      await run.plug({ bootPin: true });
      const seen = noticed(run);
      const report = await run.convert(input());
      assert.equal(report.error?.code, code, report.error?.message);
      assert.ok(cliHint(report.error) && nodeHint(report.error), 'it says what to do');
      assert.deepEqual(seen, []);
    });
  }

  it('a file without read permission: FILE_UNREADABLE', async () => {
    // Root reads everything: there the kernel's answer is not to be had by a mode.
    if (process.getuid?.() === 0) {
      const { fileError } = await import('../../src/firmware/source.js');
      const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
      assert.equal(fileError('firmware.bin', denied).code, 'FILE_UNREADABLE');
      return;
    }
    const path = join(folder, 'secret.bin');
    writeFileSync(path, good);
    chmodSync(path, 0);
    const run = journey(files);
    await run.plug({ bootPin: true });
    assert.equal((await run.convert({ firmware: path })).error?.code, 'FILE_UNREADABLE');
  });

  it('a path that is fine is fine', async () => {
    const path = join(folder, 'sub', 'firmware.bin');
    mkdirSync(join(folder, 'sub'));
    writeFileSync(path, good);
    const run = journey(files);
    await run.plug();
    assert.equal((await run.convert({ firmware: path })).error, undefined);
  });
});
