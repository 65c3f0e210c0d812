/** `e3272 doctor` as people and programs call it. */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { e3272, startWith } from './e3272';

describe('e3272 doctor', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('doctor');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('a stick that works: exit 0, each finding for people, within ten seconds', async () => {
    const began = performance.now();
    const ran = await e3272('--virtual-mode', 'tty', 'doctor');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^ok {5}AT is answered on .*ttyUSB1 \(pcui\) after \d+ ms\.$/m);
    assert.match(ran.stdout, /\nNothing keeps a stick from working\.\n$/);
    assert.ok(performance.now() - began < 10_000);
    for (const line of ran.stdout.split('\n')) assert.ok(line.length <= 80, line);
  });

  it('one that does not: exit 1, the cause first with its cure', async () => {
    const ran = await e3272('--virtual', 'doctor');
    assert.equal(ran.code, 1, ran.stderr);
    assert.match(
      ran.stdout,
      /^WRONG {2}The stick at 1-1 is still its CD-ROM: it has not been switched\.\n {7}-> Switch it: `e3272 switch`/,
    );
    assert.match(ran.stdout, /\n1 thing keeps a stick from working\. Begin with the first one\.\n$/);
  });

  it('--json: a line for each, then the result', async () => {
    const ran = await e3272('--virtual', '--json', 'doctor');
    assert.equal(ran.code, 1);
    const [first, ...more] = ran.objects;
    assert.deepEqual(Object.keys(first ?? {}), ['type', 'id', 'level', 'stick', 'params', 'text', 'cure']);
    assert.deepEqual(
      [first?.['type'], first?.['id'], first?.['level'], first?.['stick']],
      ['finding', 'is-storage', 'error', '1-1'],
    );
    assert.deepEqual(more.at(-1), { type: 'result', ok: false, errors: 1, warnings: 0 });
    for (const found of more.slice(0, -1)) assert.equal(found['type'], 'finding');
  });

  it('no stick there: exit 1; wrong usage: exit 2', async () => {
    const none = await e3272('--virtual', '--stick', '1-9', '--json', 'doctor');
    assert.deepEqual([none.code, none.objects[0]?.['id']], [1, 'no-stick-there']);
    assert.equal((await e3272('doctor', '--nothing')).code, 2);
    assert.equal((await e3272('--stick', 'imei:490154203237518', 'doctor')).code, 2);
  });

  it('looks at loader and firmware files: known, made up, damaged, no folder at all', async () => {
    const files = join(folder, 'files');
    mkdirSync(files);
    writeFileSync(join(files, 'loader.bin'), makeLoader());
    writeFileSync(join(files, 'firmware.bin'), makeFirmware());
    writeFileSync(join(files, 'page.bin'), '<html>');
    writeFileSync(join(files, 'notes.txt'), 'no firmware');
    const ran = await e3272('--virtual-mode', 'tty', '--json', 'doctor', '--files', files);
    const about = ran.objects.flatMap(({ id, params }) => {
      const { file } = Object(params) as { file?: string };
      return file === undefined || id === 'rule' ? [] : [`${id} ${file}`];
    });
    assert.deepEqual(about.sort(), ['file-bad page.bin', 'firmware-made-up firmware.bin', 'loader-made-up loader.bin']);
    const none = await e3272('--virtual-mode', 'tty', '--json', 'doctor', '--files', join(folder, 'nowhere'));
    assert.ok(none.objects.some(({ id }) => id === 'folder-missing'));
    assert.equal(none.code, 0);
  });

  it('writes nothing into its state folder', async () => {
    const state = join(folder, 'state');
    const ran = await startWith({ E3272_STATE: state, HOME: folder }, '--json', 'doctor').ended;
    assert.equal(ran.result['type'], 'result', ran.stderr);
    assert.throws(() => readdirSync(state), { code: 'ENOENT' });
  });
});
