/** Tests that wait in vain: waits.test.ts has mocha run them, and looks at what is said. */

import assert from 'node:assert/strict';
import { Seen, until } from './waits';

const never = { listen: () => () => undefined, came: () => 'nothing at all' };
const seen = new Seen<{ id: number; round?: unknown }>();

const unhandled: unknown[] = [];
process.on('unhandledRejection', (error) => unhandled.push(error));

describe('hanging', () => {
  it('is silent of a wait that nobody waited for', () => {
    void until({ what: 'nobody', look: () => false, ...never });
  });

  it('says what it waited for and what came instead', async () => {
    const item: { id: number; round?: unknown } = { id: 0 };
    item.round = item;
    seen.add(item);
    for (let id = 1; id < 12; id++) seen.add({ id });
    await seen.find('number 17', ({ id }) => id === 17);
  });

  it('also when it began late', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await until({ what: 'what never comes', look: () => undefined, ...never });
  });

  it('also when nobody can tell what came', async () => {
    const came = () => {
      throw new Error('the log is gone');
    };
    await until({ ...never, what: 'news', look: () => false, came });
  });

  it('and of the one that lost a race', async () => {
    await Promise.race([until({ what: 'the loser', look: () => false, ...never }), Promise.resolve()]);
  });

  it('fails with the error of a look', async () => {
    await until({
      what: 'a look',
      look: () => {
        throw new Error('cannot look');
      },
      ...never,
    });
  });

  it('takes what is there already, and what comes', async () => {
    const later = seen.find('number 18', ({ id }) => id === 18);
    seen.add({ id: 18 });
    await later;
    await seen.find('number 3', ({ id }) => id === 3);
  });

  it('leaves no rejection to nobody', () => {
    assert.deepEqual(unhandled, []);
  });

  describe('hook', () => {
    before(async () => {
      await until({ what: 'the hook', look: () => false, ...never });
    });
    it('is not reached', () => undefined);
  });
});
