/** The wrapper around everything that Node-RED calls in a node, with a node that is none. */

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Node } from 'node-red';
import { NodeLife } from '../../nodes/shared/node';

function bench() {
  const told: unknown[][] = [];
  const events = new EventEmitter();
  const tell =
    (what: string) =>
    (...given: unknown[]) =>
      told.push([what, ...given]);
  const node = Object.assign(events, { status: () => undefined, error: tell('error'), warn: tell('warn') });
  const life = new NodeLife(node as unknown as Node);
  let done = 0;
  return {
    life,
    told,
    /** How often Node-RED was told that a message is done with. */
    get done() {
      return done;
    },
    input: () =>
      events.emit('input', {}, tell('send'), (error?: unknown) => {
        done++;
        if (error) told.push(['done', error]);
      }),
    close: () => new Promise<void>((resolve) => events.emit('close', false, resolve)),
  };
}

/** A promise, and how to settle it. */
function later() {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a node that is closed', () => {
  for (const end of ['well', 'badly'] as const) {
    it(`says nothing of a message that ends ${end} after that`, async () => {
      const it = bench();
      const work = later();
      it.life.input(async (_msg, send) => {
        await work.promise;
        send({ payload: 'late' });
      });
      it.input();
      await it.close();
      if (end === 'well') work.resolve();
      else work.reject(new Error('too late'));
      await settled();
      await settled();
      assert.equal(it.done, 0);
      assert.deepEqual(it.told, []);
    });

    it(`has said it of one that has ended ${end} before, once`, async () => {
      const it = bench();
      it.life.input(async (_msg, send) => {
        send({ payload: 'in time' });
        if (end === 'badly') throw new Error('of its own');
      });
      it.input();
      while (it.done === 0) await settled();
      await it.close();
      assert.equal(it.done, 1);
      assert.deepEqual(
        it.told.map(([what]) => what),
        end === 'well' ? ['send'] : ['send', 'done'],
      );
    });
  }

  it('takes no message, calls nothing back, and tells of no failure', async () => {
    const it = bench();
    let called = 0;
    it.life.input(() => {
      called++;
    });
    const callback = it.life.guard(() => {
      called++;
    });
    await it.close();
    it.input();
    callback();
    it.life.fail(new Error('too late'));
    await settled();
    assert.equal(called, 0);
    assert.equal(it.done, 0);
    assert.deepEqual(it.told, []);
  });

  it('has closed when all is closed, whatever one of it throws; what comes late is closed at once', async () => {
    const it = bench();
    const closed: string[] = [];
    const slow = later();
    it.life.onClose(() => {
      throw new Error('cannot be closed');
    });
    it.life.onClose(async () => {
      await slow.promise;
      closed.push('slow');
    });
    it.life.onClose(() => closed.push('called off'))();
    const over = it.close().then(() => closed.push('node'));
    slow.resolve();
    await over;
    it.life.onClose(() => closed.push('late'));
    assert.deepEqual(closed, ['slow', 'node', 'late']);
    assert.deepEqual(
      it.told.map(([what]) => what),
      ['warn'],
    );
  });
});
