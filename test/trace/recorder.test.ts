import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDriverError } from '../../src/errors';
import { type AtRecord, readTrace } from '../../src/record/format';
import { traceFile } from '../../src/trace/file';
import { Pseudonyms } from '../../src/trace/pseudonyms';
import { Recorder } from '../../src/trace/recorder';
import { tapHost } from '../../src/trace/tap';
import { VirtualClock } from '../../src/virtual/clock';
import { virtualBench } from '../support/bench';
import { tempFolder } from '../support/temp-folder';
import { memorySink } from './made-bench';

const at = (text: string): AtRecord => ({ kind: 'at', raw: [['stick', text]] });

function recording(most?: number) {
  const sink = memorySink();
  const names = new Pseudonyms();
  const recorder = new Recorder({ clock: new VirtualClock(), sink, names, ...(most !== undefined && { most }) });
  return { sink, names, recorder };
}

const kinds = (text: string) => readTrace(text).map(({ kind }) => kind);

describe('trace: the last look', () => {
  /** An original that somebody has forgotten to replace, in each way that a wire has. */
  const FORGOTTEN: Record<string, string> = {
    plain: '+CLIP: "+491701234567"',
    'in groups': 'call 49 170 1234-567 now',
    'swapped digits': '0791947110325476',
    'swapped digits from the second half on': '411907214365F7',
    'UCS-2': Buffer.from('491701234567', 'utf16le').swap16().toString('hex'),
    'UTF-8 in hex': Buffer.from('x491701234567').toString('hex'),
    base64: Buffer.from('xx491701234567y').toString('base64'),
    'packed septets': 'b41c6e17136ab1c3'.length > 0 ? packed('a491701234567') : '',
  };
  function packed(text: string): string {
    let bits = 0n;
    for (const [n, c] of [...text].entries()) bits |= BigInt(c.charCodeAt(0)) << BigInt(7 * n);
    return Buffer.from(bits.toString(16).padStart(24, '0'), 'hex').reverse().toString('hex');
  }

  for (const [how, text] of Object.entries(FORGOTTEN)) {
    it(`withholds what was forgotten: ${how}`, () => {
      const { sink, names, recorder } = recording();
      names.number('+491701234567');
      recorder.add(at(`\r\n${text}\r\n`));
      assert.equal(recorder.end().withheld, 1);
      assert.deepEqual(kinds(sink.text()), ['trace', 'withheld', 'end']);
      assert.ok(!sink.text().includes(text));
    });
  }

  it('withholds runs of digits that nobody here has made, and lets those pass that it has', () => {
    const { sink, names, recorder } = recording();
    recorder.add(at('\r\n862147043182076\r\n'));
    recorder.add(at(`\r\n${names.imei('862147043182076')}\r\n`));
    recorder.add(at('\r\n^RSSI: 20\r\n'));
    assert.equal(recorder.end().withheld, 1);
    assert.deepEqual(kinds(sink.text()), ['trace', 'withheld', 'at', 'at', 'end']);
  });

  it('looks over the border of two records', () => {
    const { sink, names, recorder } = recording();
    names.text('Rosalinde waits');
    recorder.add(at('Rosalin'));
    recorder.add(at('de waits\r\n'));
    recorder.add(at('\r\nOK\r\n'));
    assert.equal(recorder.end().withheld, 2);
    assert.deepEqual(kinds(sink.text()), ['trace', 'withheld', 'withheld', 'at', 'end']);
  });
});

describe('trace: its file', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('trace-file');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('goes round: each is whole, begins with the bus as it is, and there are two at most', () => {
    const { sink, recorder } = recording(2_000);
    recorder.add({ kind: 'bus', t: 0, devices: [] });
    for (let n = 0; n < 200; n++) recorder.add(at(`\r\n^RSSI: ${n % 30}\r\n`));
    recorder.end();
    assert.ok(sink.files.length > 3);
    for (const text of sink.files) {
      assert.deepEqual(kinds(text).slice(0, 2), ['trace', 'bus']);
      assert.ok(text.length <= 2_000, `${text.length}`);
    }
  });

  it('is for its owner alone, refuses one that is there, or keeps it', () => {
    const path = join(folder, 'a.jsonl');
    const first = traceFile({ path, existing: 'refuse' });
    first.begin();
    first.append('one');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.throws(
      () => traceFile({ path, existing: 'refuse' }).begin(),
      (error) => isDriverError(error, 'FILE_NOT_WRITTEN'),
    );
    const next = traceFile({ path, existing: 'keep' });
    next.begin();
    next.append('two');
    assert.deepEqual([readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')], ['two', 'one']);
    next.begin();
    assert.deepEqual([readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')], ['', 'two']);
    assert.ok(!existsSync(`${path}.2`));
  });

  it('that breaks later is told once, and the stick goes on', () => {
    const told: unknown[] = [];
    const path = join(folder, 'sub.jsonl');
    const sink = traceFile({ path, existing: 'keep', complain: (error) => told.push(error) });
    sink.begin();
    rmSync(path);
    // A folder in its place cannot be appended to.
    traceFile({ path: join(folder, 'other.jsonl'), existing: 'keep' }).begin();
    rmSync(folder, { recursive: true });
    sink.append('lost');
    sink.append('lost');
    assert.equal(told.length, 1);
    folder = tempFolder('trace-file');
  });
});

describe('trace: the tap', () => {
  it('is a host like the one that it is on, and errors of the recording stay with it', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
    await bench.plug();
    const sink = memorySink();
    const recorder = new Recorder({ clock: bench.clock, sink });
    const host = tapHost(bench.host, recorder);
    assert.equal(host.clock, bench.clock);
    assert.equal(host.readNote, host.readNote);
    host.writeNote('a', 'b');
    assert.equal(bench.host.readNote('a'), 'b');
    recorder.add = () => {
      throw new Error('the recording has a fault');
    };
    const [device] = await host.scan();
    const path = device?.interfaces.find(({ tty }) => tty !== undefined)?.tty ?? assert.fail('no tty');
    const port = await host.openTty(path);
    await port.write(Buffer.from('AT\r'));
    await port.close();
    assert.equal(port.isOpen, false);
  });
});
