import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFirmware } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { e3272, start } from './e3272';
import { Served } from './served';

describe('e3272 --tty, on a real tty of a served virtual stick', () => {
  let served: Served;
  afterEach(() => served.close());

  it('at talks through it, a second process is BUSY meanwhile', async () => {
    served = await Served.open('tty', 1);
    const ran = await e3272('--tty', served.link, 'at', 'AT', 'ATI');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /Model: E3272/);

    served.order({ fault: 'silence', at: 'at', count: 100 });
    const first = start('--tty', served.link, 'at', 'AT');
    // The lock is taken before the port is asked: the first line that the modem misses proves it.
    await served.noticed('fault');
    const second = await e3272('--tty', served.link, '--json', 'at', 'AT');
    assert.equal(second.code, 1);
    assert.equal(second.result['code'], 'BUSY', second.stderr);
    first.child.kill('SIGKILL');
    await first.ended;
  });

  it('convert sets the ports and waits for the tty to answer again; proven by answers only, and it says so', async () => {
    served = await Served.open('tty', 1);
    const ran = await e3272('--tty', served.link, '--json', 'convert', '--setport', 'FF;10,12,16', '--yes');
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.result['provenBy'], 'acknowledgements');
    assert.equal((ran.result['modem'] as { setport: string }).setport, 'FF;10,12,16');
  });

  it('keeps its state where --state says, or E3272_STATE', async () => {
    const folder = tempFolder('cli-state');
    const convert = ['--json', 'convert', '--setport', 'FF;10,12,16', '--yes'];
    try {
      served = await Served.open('tty', 1);
      const given = await e3272('--tty', served.link, '--state', join(folder, 'given'), ...convert);
      assert.equal(given.code, 0, given.stderr);
      process.env['E3272_STATE'] = join(folder, 'named');
      const named = await e3272('--tty', served.link, ...convert);
      assert.equal(named.code, 0, named.stderr);
      for (const place of ['given', 'named']) {
        const logs = readdirSync(join(folder, place)).filter((name) => name.endsWith('.log'));
        assert.equal(logs.length, 1, logs.join());
      }
      process.env['E3272_STATE'] = 'named';
      const relative = await e3272('--tty', served.link, '--json', 'at', 'AT');
      assert.match(String(relative.result['message']), /E3272_STATE must be an absolute path/);
      delete process.env['E3272_STATE'];
      const empty = await e3272('--tty', served.link, '--state', '', '--json', 'at', 'AT');
      assert.match(String(empty.result['message']), /--state needs/);
      for (const { code, result } of [relative, empty]) assert.deepEqual([code, result['code']], [2, 'BAD_ARGUMENT']);
    } finally {
      delete process.env['E3272_STATE'];
      rmSync(folder, { recursive: true });
    }
  });

  it('write refuses a made-up file, dry run or not', async () => {
    served = await Served.open('loader', 2);
    const firmware = join(tmpdir(), `e3272-tty-${process.pid}.bin`);
    writeFileSync(firmware, makeFirmware());
    try {
      const ran = await e3272('--tty', served.link, '--json', 'write', firmware, '--yes', '--keep');
      // The local machine takes no made-up file, whatever is behind the tty.
      assert.equal(ran.code, 1);
      assert.equal(ran.result['code'], 'FIRMWARE_SYNTHETIC');
      const dry = await e3272('--tty', served.link, '--json', 'write', firmware, '--dry-run');
      assert.equal(dry.result['code'], 'FIRMWARE_SYNTHETIC');
    } finally {
      rmSync(firmware);
    }
  });

  it('a tty that is none, or is not there, is refused with the reason', async () => {
    served = await Served.open('tty', 1);
    const missing = await e3272('--tty', join(tmpdir(), 'no-such-tty'), '--json', 'at', 'AT');
    assert.equal(missing.result['code'], 'STICK_NOT_FOUND');
    const regular = await e3272('--tty', __filename, '--json', 'at', 'AT');
    assert.equal(regular.code, 2);
    assert.equal(regular.result['code'], 'BAD_ARGUMENT');
  });
});
