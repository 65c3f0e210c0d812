import assert from 'node:assert/strict';
import { Listeners } from '../src/listeners';

describe('listeners', () => {
  it('are all told, whatever one of them does wrong, until they stop', () => {
    const listeners = new Listeners<string>();
    const heard: string[] = [];
    listeners.add(() => {
      throw new Error('a fault of the first');
    });
    const rejecting = async () => Promise.reject(new Error('a fault of the second'));
    listeners.add(rejecting);
    const listener = (text: string) => heard.push(text);
    const stop = listeners.add(listener);
    listeners.add(listener);
    listeners.tell('one');
    assert.deepEqual(heard, ['one', 'one']);
    stop();
    stop();
    listeners.tell('two');
    assert.deepEqual(heard, ['one', 'one', 'two']);
  });
});
