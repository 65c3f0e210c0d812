import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localHost } from '../../nodes/shared/hosts';
import type { Host } from '../../src/host/host';
import { processWide } from '../../src/process-wide';
import { readTrace } from '../../src/record/format';
import { tempFolder } from '../support/temp-folder';

/** The one host of this process, which other tests may have made. */
const machine = processWide('machine', (): { host?: Promise<Host> } => ({}));

describe('trace: of Node-RED', () => {
  const before = machine.host;
  let folder: string;
  beforeEach(() => {
    delete machine.host;
    folder = tempFolder('trace-node');
  });
  afterEach(() => {
    delete process.env['E3272_TRACE'];
    delete machine.host;
    if (before) machine.host = before;
    rmSync(folder, { recursive: true });
  });

  const RED = () => ({ settings: { userDir: folder } }) as Parameters<typeof localHost>[0];

  it('is made where E3272_TRACE names a file, and nowhere else', async () => {
    await localHost(RED());
    delete machine.host;
    const file = join(folder, 'red.jsonl');
    assert.ok(!existsSync(file));
    process.env['E3272_TRACE'] = file;
    await (await localHost(RED())).scan();
    assert.equal(readTrace(readFileSync(file, 'utf8'))[0]?.kind, 'trace');
  });
});
