import assert from 'node:assert/strict';
import { receiveAll, sendAll } from './soak';

describe('many SMS', () => {
  it('hands each received one over exactly once, parts lost, repeated and out of order, with restarts', async () => {
    for (const seed of [1, 2, 3]) {
      const figures = await receiveAll(300, seed);
      assert.equal(figures.received, 300);
      assert.ok(figures.repeated > 10 && figures.lost > 10 && figures.restarts > 5, JSON.stringify(figures));
    }
  });

  it('sends each one exactly once, or tells that nobody knows', async () => {
    const figures = await sendAll(400, 5);
    assert.ok(figures.refused > 5 && figures.unknown > 5, JSON.stringify(figures));
  });
});
