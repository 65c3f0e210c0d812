import assert from 'node:assert/strict';
import { floor, raised, shortfalls } from './coverage';

describe('coverage', () => {
  const least = { lines: 90, branches: 80.5, functions: 70 };

  it('below the floor is told, by its kind; at the floor it is enough', () => {
    assert.deepEqual(shortfalls(least, least), []);
    assert.deepEqual(shortfalls({ lines: 95, branches: 80.49, functions: 70 }, least), [
      '80.49 % of the branches of src/ are covered, and 80.5 % once were: test what is new',
    ]);
    assert.equal(shortfalls({ lines: Number.NaN, branches: 99, functions: 99 }, least).length, 1);
  });

  it('raises the floor, with room for what varies, and never lowers it', () => {
    assert.deepEqual(raised({ lines: 95.57, branches: 80.6, functions: 10 }, least), {
      lines: 95.2,
      branches: 80.5,
      functions: 70,
    });
  });

  it('has a floor for each kind', () => {
    for (const percent of Object.values(floor())) assert.ok(percent > 90 && percent <= 100);
    assert.deepEqual(Object.keys(floor()), Object.keys(least));
  });
});
