import assert from 'node:assert/strict';
import { crcX25 } from '../../src/codec/crc';
import { suffixSums, windowSums } from '../../src/codec/crc-runs';
import { noise } from '../../src/virtual/make-noise';

describe('codec/crc-runs', () => {
  const data = noise(700, 3);

  it('gives the sum of every window', () => {
    for (const width of [1, 2, 7, 64, 699, 700]) {
      const sums = windowSums(data, width);
      assert.equal(sums.length, data.length - width + 1);
      sums.forEach((sum, i) => {
        assert.equal(sum, crcX25(data, i, i + width), `${width} bytes from ${i}`);
      });
    }
    assert.equal(windowSums(data, 701).length, 0);
  });

  it('gives the sum of every end', () => {
    const sums = suffixSums(data);
    assert.equal(sums.length, data.length + 1);
    sums.forEach((sum, n) => {
      assert.equal(sum, crcX25(data, data.length - n), `the last ${n} bytes`);
    });
    assert.deepEqual([...suffixSums(new Uint8Array(0))], [0]);
  });
});
