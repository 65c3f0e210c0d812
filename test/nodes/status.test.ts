import assert from 'node:assert/strict';
import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { StatusLine } from '../../nodes/shared/status';
import { wordKey } from '../../nodes/shared/words';

describe('status of a node', () => {
  const shown: (NodeStatus | string)[] = [];
  const node: Pick<Node, 'status'> = { status: (status) => shown.push(status) };
  const translate = ((key: string, { percent }: { percent: number }) => `${key} ${percent}`) as NodeAPI['_'];
  const closing = new AbortController();
  const line = new StatusLine(node as Node, closing.signal);

  it('is a key of the locale, told when it changes', () => {
    line.show('ready');
    line.show('ready');
    assert.deepEqual(shown, [{ fill: 'green', shape: 'dot', text: '@e3272/node-red/e3272:status.ready' }]);
  });

  it('does not flood the editors with progress, but tells its end', () => {
    shown.length = 0;
    for (let done = 0; done < 10_000; done++) line.progress('writeDone', done, 10_000, translate);
    assert.deepEqual(shown, [{ fill: 'yellow', shape: 'dot', text: `${wordKey('writeDone')} 0` }]);
    for (let again = 0; again < 3; again++) line.progress('writeDone', 10_000, 10_000, translate);
    assert.deepEqual(shown.slice(1), [{ fill: 'yellow', shape: 'dot', text: `${wordKey('writeDone')} 100` }]);
    line.show('done');
    assert.equal(shown.length, 3);
  });

  it('ends with the node', () => {
    shown.length = 0;
    closing.abort();
    line.show('failed');
    line.progress('writeDone', 1, 2, translate);
    assert.deepEqual(shown, []);
  });
});
