/** A URL with a password, or what was meant as one: it shows nowhere, neither where it fails nor where it is a path. */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { e3272 } from '../cli/e3272';
import { tempFolder } from '../support/temp-folder';
import { journey, makeFirmware, makeLoader } from './journey';

const loader = makeLoader({ size: 20_000 });
const firmware = makeFirmware();

const URLS = [
  'ftp://user:secret@host/fw.bin',
  'https:/user:secret@host/fw.bin',
  'user:secret@host/fw.bin',
  '//user:secret@host/fw.bin',
  'HTTPS://user:secret@host/fw.bin',
  'ftp%3A%2F%2Fuser%3Asecret%40host%2Ffw.bin',
  'https:/host/fw.bin?token=secret',
];

describe('a URL with a secret in it', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('urls');
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const url of URLS) {
    it(`shows it in no report, event and log of a job that cannot open it: ${url}`, async () => {
      for (const files of [{ firmware: url }, { loader: url }]) {
        const run = journey({ loader, firmware });
        await run.plug({ bootPin: true });
        const report = await run.convert(files);
        assert.match(report.error?.code ?? '', /^(FILE_NOT_FOUND|BAD_ARGUMENT)$/);
        assert.match(report.error?.message ?? '', /host/);
        const all = inspect([report, run.events, run.host.files], { depth: 20 });
        assert.ok(run.host.files.size > 0 && !all.includes('secret'), all);
      }
    });
  }

  it('says what was meant with another scheme, or with one slash', async () => {
    for (const url of ['ftp://user:secret@host/fw.bin', 'https:/user:secret@host/fw.bin']) {
      const { stderr, result } = await e3272('check', url, '--json');
      assert.equal(result.code, 'FILE_NOT_FOUND');
      assert.match(stderr, /Only URLs that begin with http:\/\/ or https:\/\/ are fetched/);
      assert.ok(!`${stderr}${JSON.stringify(result)}`.includes('secret'), stderr);
    }
  });

  it('shows it neither where it is a path that is there: report, events, log, and the note of an unfinished write', async () => {
    const place = join(folder, 'https:', 'user:secret@host');
    mkdirSync(place, { recursive: true });
    const path = join(place, 'fw.bin');
    writeFileSync(path, firmware);
    const run = journey({ loader, firmware });
    await run.plug({ bootPin: true });
    let note = '';
    const report = await run.convert({
      firmware: path,
      onEvent(event) {
        if (event.type === 'progress' && event.stage === 'write') note ||= run.host.readNote('1-1') ?? '';
      },
    });
    assert.equal(report.error, undefined);
    assert.equal(report.firmware?.name, join(folder, 'https:', '***@host', 'fw.bin'));
    assert.match(note, /\*\*\*@host/);
    const all = inspect([report, run.events, run.host.files, note], { depth: 20 });
    assert.ok(!all.includes('secret'), all);
  });
});
