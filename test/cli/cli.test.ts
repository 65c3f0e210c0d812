import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PHRASES } from '../../cli/jobs';
import { makeFirmware, makeLoader, partitionsWith } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { e3272, start } from './e3272';

describe('e3272, the command line', () => {
  let folder: string;
  let loader: string;
  let firmware: string;
  before(() => {
    folder = tempFolder('cli');
    loader = join(folder, 'loader.bin');
    firmware = join(folder, 'firmware.bin');
    writeFileSync(loader, makeLoader());
    writeFileSync(firmware, makeFirmware());
  });
  after(() => rmSync(folder, { recursive: true }));

  it('convert --virtual goes from CD-ROM to AT -> OK with ports that stay', async () => {
    const ran = await e3272('--virtual', 'convert', '--loader', loader, '--firmware', firmware, '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^AT -> OK\n\^SETPORT:FF;10,12\n$/m);
    assert.match(ran.stderr, /Your turn: Unplug the stick, hold its boot pin/);
    for (const word of ['Switching', 'Uploading', 'Writing', 'Restarting', 'Setting the ports']) {
      assert.match(ran.stderr, new RegExp(word));
    }
  });

  it('convert --json tells stages, waits and progress, and the result last', async () => {
    const ran = await e3272('--virtual-mode', 'boot', '--json', 'convert', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    const types = new Set(ran.objects.map((o) => o['type']));
    assert.deepEqual([...types].sort(), ['check', 'progress', 'result', 'stage']);
    const { result } = ran;
    assert.equal(result['type'], 'result');
    assert.equal(result['ok'], true);
    assert.equal(result['stick'], '1-1');
    assert.equal(result['mode'], 'tty');
    assert.equal(result['provenBy'], 'bus');
    assert.deepEqual((result['modem'] as { setport: string }).setport, 'FF;10,12');
  });

  it('a stick in its MBIM configuration: list, at and switch say so, and switch --configuration sets another', async () => {
    const list = await e3272('--virtual-mode', 'mbim', 'list');
    assert.match(list.stdout, /1506 .*in configuration 2 \(MBIM\): no serial ports there; configuration 1 has them$/m);
    const at = await e3272('--virtual-mode', 'mbim', '--json', 'at', 'AT');
    assert.deepEqual([at.code, at.result['code']], [1, 'WRONG_MODE']);
    assert.match(String(at.result['hint']), /e3272 switch --configuration 1/);
    const plain = await e3272('--virtual-mode', 'mbim', 'switch');
    assert.match(plain.stdout, /^Nothing to switch: .*in configuration 2 \(MBIM\)/m);
    const set = await e3272('--virtual-mode', 'mbim', '--json', 'switch', '--configuration', '1');
    assert.equal(set.code, 0, set.stderr);
    const { from, to, changed, configuration, problem } = set.result;
    assert.deepEqual([from, to, changed, configuration, problem], [2, 1, true, 1, undefined]);
    const none = await e3272('--virtual-mode', 'mbim', '--json', 'switch', '--configuration', '4');
    assert.deepEqual([none.code, none.result['code'], none.result['reason']], [2, 'BAD_ARGUMENT', 'configuration']);
    const { which, value, has } = none.result['params'] as Record<string, unknown>;
    assert.deepEqual([value, has], [4, '2 (MBIM), 1 (serial ports)']);
    assert.equal(none.result['message'], `The stick at ${which} has no configuration 4.`);
    assert.equal(none.result['hint'], `Nothing was changed. It has: ${has}.`);
    assert.equal((await e3272('--virtual', 'switch', '--configuration', '0')).code, 2);
  });

  it('writes nothing without a yes where nobody can be asked: NOT_CONFIRMED, exit 1', async () => {
    const ran = await e3272('--virtual-mode', 'loader', '--json', 'write', firmware);
    assert.equal(ran.code, 1);
    assert.equal(ran.result['code'], 'NOT_CONFIRMED');
    assert.match(String(ran.result['message']), /1-1/);
  });

  it('says that something was done only of what was done', async () => {
    const refused = await e3272('--virtual-mode', 'loader', 'write', firmware);
    assert.match(refused.stdout, /^Did +nothing that changes the stick$/m);
    assert.match(refused.stdout, /^Asked +The firmware .* is written to its flash\.$/m);
    const dry = await e3272('--virtual-mode', 'loader', 'write', firmware, '--dry-run');
    assert.doesNotMatch(dry.stdout, /^Did/m);
    assert.match(dry.stdout, /^Would do +The firmware .* is written/m);
    const done = await e3272('--virtual-mode', 'loader', 'write', firmware, '--yes');
    assert.equal(done.code, 0, done.stderr);
    assert.match(
      done.stdout,
      /^Did +VxWorks_R1 was written, 12288 bytes\.\nDid +It was restarted and came back as 1-1/m,
    );
    assert.match(done.stdout, /^Check 9 +warned: It came back as .*nobody asked what it runs/m);
  });

  it('--dry-run checks and changes nothing', async () => {
    const ran = await e3272('--virtual-mode', 'loader', '--json', 'write', firmware, '--dry-run');
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.result['dryRun'], true);
    assert.match(String((ran.result['device'] as { product: string }).product), /E3272/);
    assert.ok((ran.result['images'] as { complete: boolean }[]).every((i) => !i.complete));
  });

  it('upload, then write, each in its mode; elsewhere WRONG_MODE', async () => {
    assert.equal((await e3272('--virtual-mode', 'boot', 'upload', loader, '--yes')).code, 0);
    const written = await e3272('--virtual-mode', 'loader', '--json', 'write', firmware, '--yes', '--keep');
    assert.equal(written.code, 0, written.stderr);
    assert.equal(written.result['mode'], 'loader');
    const wrong = await e3272('--virtual-mode', 'tty', '--json', 'upload', loader, '--yes');
    assert.equal(wrong.code, 1);
    assert.equal(wrong.result['code'], 'WRONG_MODE');
  });

  it('switch, list and at', async () => {
    const switched = await e3272('--virtual', '--json', 'switch');
    assert.equal(switched.code, 0, switched.stderr);
    assert.equal(switched.result['mode'], 'hilink');
    const list = await e3272('--virtual-mode', 'tty', 'list');
    assert.match(list.stdout, /^1-1 .*12d1:1506 .*tty .*pcui/);
    const at = await e3272('--virtual-mode', 'tty', 'at', 'ATI', 'AT^SETPORT?');
    assert.equal(at.code, 0, at.stderr);
    assert.match(at.stdout, /Model: E3272/);
    assert.match(at.stdout, /\^SETPORT: ?FF;10,12/);
    assert.match(at.stdout, /OK\n$/);
  });

  it('at refuses what can lock or damage the stick, and reports what the modem refuses', async () => {
    const refused = await e3272('--virtual-mode', 'tty', '--json', 'at', 'at^nvwr=1,2');
    assert.equal(refused.code, 1);
    assert.equal(refused.result['code'], 'COMMAND_REFUSED');
    const unknown = await e3272('--virtual-mode', 'tty', '--json', 'at', 'AT+NOSUCH');
    assert.equal(unknown.code, 1);
    const [reply] = unknown.result['replies'] as { ok: boolean; final: string }[];
    assert.equal(reply?.ok, false);
  });

  it('check shows what is in a file, and what is wrong with it', async () => {
    const good = await e3272('check', firmware);
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /sha256 +[0-9a-f]{64}/);
    const shown = await e3272('check', loader);
    assert.equal(shown.code, 0);
    assert.match(shown.stdout, /^Was patched {2}block count .*: 00 00 A0 E3, what stood there before is not known$/m);
    assert.match(shown.stdout, /^Is patched {3}call .*: [0-9A-F ]{9}EB is sent as 00 00 A0 E3$/m);
    assert.match(shown.stdout, /^ +VxWorks +0x35 +0x100 +33554432 +0x103 +0x0$/m);
    assert.match(shown.stdout, /^Verdict {4}unknown, made up$/m);
    assert.match(shown.stderr, /^Note: a made-up loader stands for a known one on a virtual stick only/m);
    const missing = await e3272('--json', 'check', join(folder, 'missing.bin'));
    assert.equal(missing.code, 1);
    assert.equal(missing.result['code'], 'FILE_NOT_FOUND');
  });

  it('check says whether a loader is known, erases, or is unknown, and calls none safe', async () => {
    const file = join(folder, 'hostile.bin');
    for (const [options, verdict] of [
      [{ hostile: 'middle' }, 'erases'],
      [{ hostile: 'pointer' }, 'unknown'],
      [{ product: 'H6920CS_STICK' }, 'unknown'],
    ] as const) {
      writeFileSync(file, makeLoader(options));
      const ran = await e3272('--json', 'check', file);
      assert.equal(ran.code, 1);
      assert.equal(ran.result['code'], 'LOADER_UNSAFE');
      const { verdict: told, finding } = ran.result['loader'] as { verdict: string; finding: string };
      assert.equal(told, verdict);
      assert.ok(String(ran.result['message']).endsWith(finding));
      const shown = await e3272('check', file);
      assert.match(shown.stdout, new RegExp(`^Verdict {4}${verdict}$`, 'm'));
      assert.doesNotMatch(ran.stdout + shown.stdout + shown.stderr, /\bsafe\b/);
    }
    writeFileSync(file, makeLoader({ product: 'H6920CS_WINGLE' }));
    assert.equal((await e3272('--json', 'check', file)).result['code'], 'LOADER_INVALID');
  });

  it('a loader that is not known takes the phrase, one that erases takes none', async () => {
    const file = join(folder, 'insist.bin');
    const upload = () =>
      e3272('--virtual-mode', 'boot', '--json', 'upload', file, '--yes', '--unsafe-loader', PHRASES['unsafe-loader']);
    writeFileSync(file, makeLoader({ erase: 'none' }));
    assert.equal((await e3272('--virtual-mode', 'boot', 'upload', file, '--yes')).code, 1);
    const forced = await upload();
    assert.equal(forced.code, 0, forced.stderr);
    writeFileSync(file, makeLoader({ hostile: 'do-while' }));
    const refused = await upload();
    assert.equal(refused.code, 1);
    assert.equal(refused.result['code'], 'LOADER_UNSAFE');
  });

  it('check reads the partition table in a boot image', async () => {
    const file = join(folder, 'table.bin');
    const boot = (table: object) => writeFileSync(file, makeFirmware({ images: [{ code: 0x102, table }] }));
    boot({ product: 'H6920CS_WINGLE' });
    const foreign = await e3272('--json', 'check', file);
    assert.equal(foreign.code, 1);
    assert.equal(foreign.result['code'], 'FIRMWARE_WRONG_DEVICE');
    boot({ partitions: partitionsWith(0x104, { length: 2 }) });
    const other = await e3272('--json', 'check', file);
    assert.equal(other.code, 0, other.stderr);
    const { tableChanges, warnings } = other.result['firmware'] as { tableChanges: string[]; warnings: string[] };
    assert.equal(tableChanges.length, 1);
    assert.match(
      tableChanges[0] ?? '',
      /^FastBoot .* becomes block 0x195 \(byte 53084160\), 0x2 blocks \(262144 bytes\)/,
    );
    assert.ok(warnings.some((warning) => warning.includes(tableChanges[0] ?? '-')));
    assert.match((await e3272('check', file)).stderr, /^Note: .* divides the flash memory of the stick anew/m);
  });

  it('export takes a firmware apart into a folder that check reads, and overwrites nothing', async () => {
    const to = join(folder, 'images');
    const ran = await e3272('--json', 'export', firmware, '--to', to);
    assert.equal(ran.code, 0, ran.stderr);
    const images = ran.result['images'] as { file: string; size: number }[];
    assert.deepEqual(
      images.map(({ size }) => size),
      [2048, 5000, 12288],
    );
    const back = await e3272('--json', 'check', to);
    assert.equal(back.code, 0, back.stderr);
    const { form, synthetic } = back.result['firmware'] as { form: string; synthetic: boolean };
    assert.deepEqual([form, synthetic], ['folder', true]);
    const again = await e3272('--json', 'export', firmware, '--to', to, '--with-headers');
    assert.equal(again.code, 2);
    assert.equal(again.result['code'], 'BAD_ARGUMENT');
    const listed = await e3272('export', firmware, '--to', join(folder, 'headed'), '--with-headers');
    assert.match(listed.stdout, /^[0-9a-f]{64} {2}00-00000100-Ptable_R1\.E3272-VIRTUAL\.bin/);
  });

  it('a real host is never given a made-up file', async () => {
    // No stick is needed: the file is refused first.
    const ran = await e3272('--json', 'convert', '--loader', loader, '--firmware', firmware, '--yes');
    assert.equal(ran.code, 1);
    assert.equal(ran.result['code'], 'FIRMWARE_SYNTHETIC');
  });

  it('wrong usage is exit 2', async () => {
    for (const args of [
      [],
      ['nonsense'],
      ['switch', '--message', 'loud'],
      ['--tty', '/dev/null', '--virtual', 'list'],
      ['--virtual-mode', 'boot', 'upload', loader, '--yes', '--unsafe-loader', 'please'],
      ['--virtual', 'convert', '--setport', 'everything'],
      ['--stick', 'imei:001013000443061', 'at', 'ATI'],
    ]) {
      assert.equal((await e3272(...args)).code, 2, args.join(' '));
    }
    assert.equal((await e3272('--help')).code, 0);
  });

  it('goes on with the write when whoever reads its output has gone', async () => {
    const { child, ended } = start('--virtual-mode', 'loader', '--json', 'write', firmware, '--yes', '--keep');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    // Its own reader is cut off as well.
    ended.catch(() => undefined);
    child.stdout.destroy();
    child.stderr.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });

  it('virtual serves until it is told to stop, and obeys orders on stdin', async () => {
    const log = join(folder, 'log.jsonl');
    const { child, ended } = start('--json', 'virtual', '--mode', 'tty', '--tcp', '0', '--log', log);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write('{"do":"unplug"}\n');
    child.kill('SIGTERM');
    const ran = await ended;
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.result['ok'], true);
  });
});
