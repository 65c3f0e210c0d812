import assert from 'node:assert/strict';
import { fuzz, mutantOf } from './fuzz';

// The long form: `node build/test/fuzz/firmware.js 1000000 --seed N`.
describe('fuzz: firmware and loader files', () => {
  it('makes the same mutant for the same numbers', () => {
    for (const number of [0, 1, 99]) assert.deepEqual(mutantOf(number, 5).file, mutantOf(number, 5).file);
    assert.notDeepEqual(mutantOf(0, 5).file, mutantOf(1, 5).file);
  });

  it('15000 mutants: none crashes a reader, none is accepted that is wrong in a checked byte', async () => {
    const result = await fuzz(15_000, 20);
    const refused = Object.values(result.refused).reduce((sum, n) => sum + n, 0);
    assert.equal(refused + result.same + result.other + result.collisions, 15_000);
    assert.equal(result.collisions, 0);
    // Mutants that are all refused, or none, would show nothing.
    assert.ok(refused > 5000 && result.same > 1000 && result.other > 200, JSON.stringify(result));
    for (const code of ['FIRMWARE_CRC', 'FIRMWARE_INVALID', 'FIRMWARE_TOO_LARGE', 'LOADER_INVALID', 'LOADER_UNSAFE']) {
      assert.ok((result.refused[code] ?? 0) > 20, `${code}: ${result.refused[code]}`);
    }
  });
});
