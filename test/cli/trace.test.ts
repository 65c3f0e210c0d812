import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace } from '../../src/record/format';
import { tempFolder } from '../support/temp-folder';
import { e3272, startWith } from './e3272';

const IMEI = '001013000126302';

describe('e3272 --trace', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('trace');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('records a command, for the owner alone, without what is private; says so, and settles nothing by a virtual stick', async () => {
    const file = join(folder, 'at.jsonl');
    const ran = await e3272('--virtual-mode', 'tty', '--json', '--trace', file, 'at', 'AT+CGSN', 'AT+CSQ');
    assert.equal(ran.code, 0, ran.stderr);
    assert.ok(ran.stdout.includes(IMEI), 'the user sees it');
    const text = readFileSync(file, 'utf8');
    assert.ok(!text.includes(IMEI));
    assert.match(text, /\+CSQ: \d+,\d+/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readTrace(text).at(-1)?.kind, 'end');
    assert.match(ran.stderr, /The trace is in .*at\.jsonl: \d+ records.*\nIt is of a virtual stick/);
    const told = ran.objects.find((object) => object['type'] === 'trace');
    assert.deepEqual([told?.['path'], told?.['settles']], [file, []]);
    const again = await e3272('--virtual-mode', 'tty', '--trace', file, 'at', 'AT');
    assert.equal(again.code, 2);
    assert.match(again.stderr, /is there already/);
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  it('goes by E3272_TRACE too, where the file before is kept beside it, and by nothing else', async () => {
    const file = join(folder, 'round.jsonl');
    for (let n = 0; n < 2; n++) await startWith({ E3272_TRACE: file }, '--virtual-mode', 'tty', 'at', 'AT').ended;
    assert.equal(readTrace(readFileSync(file, 'utf8')).length, readTrace(readFileSync(`${file}.1`, 'utf8')).length);
    const bare = join(folder, 'bare.jsonl');
    await startWith({ E3272_TRACE: bare }, 'check', file).ended;
    assert.throws(() => statSync(bare), /ENOENT/);
  });

  it('is played, and held against ours', async () => {
    const file = join(folder, 'played.jsonl');
    const ran = await e3272('--virtual-mode', 'tty', '--trace', file, 'at', 'AT+CGMR', 'AT^HCSQ?');
    assert.equal(ran.code, 0, ran.stderr);
    const same = await e3272('--json', 'virtual', '--against', file);
    assert.deepEqual([same.code, same.result['differences']], [0, []], same.stderr);
    const none = await e3272('--json', 'virtual', '--like', join(folder, 'none.jsonl'));
    assert.equal(none.code, 2);
  });
});
