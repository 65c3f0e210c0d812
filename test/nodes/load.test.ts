import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const NODES = join(__dirname, '../../nodes');
const TYPES = readdirSync(NODES).filter((name) => name.startsWith('e3272-'));

/** Loads all node files as Node-RED does, with nothing behind them, and tells which modules that took. */
const SCRIPT = `
  const RED = {
    nodes: { registerType() {} },
    httpAdmin: { get() {}, post() {} },
    auth: { needsPermission() {} },
  };
  for (const file of ${JSON.stringify(TYPES.map((type) => join(NODES, type, `${type}.js`)))}) require(file)(RED);
  process.stdout.write(JSON.stringify(Object.keys(require.cache)));
`;

describe('nodes that are loaded but not used', () => {
  it('load neither the driver nor a native module', () => {
    const loaded: string[] = JSON.parse(execFileSync(process.execPath, ['-e', SCRIPT], { encoding: 'utf8' }));
    for (const type of TYPES) assert.ok(loaded.some((file) => file.endsWith(`${type}.js`)));
    const heavy = loaded.filter((file) => /node_modules|\.node$|src.(flash|at|host|virtual|firmware|stick)/.test(file));
    assert.deepEqual(heavy, []);
  });
});
