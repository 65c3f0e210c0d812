/** What stands under a flash node while a stick is converted. */

import assert from 'node:assert/strict';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import {
  deploy,
  type FlowNode,
  forget,
  inject,
  type Message,
  output,
  startRuntime,
  status,
  statusesOf,
  tab,
} from './runtime';
import { flashNode, isWait, stickNode, type TestStick, testModem, testStick } from './sticks';

const bytes = { loader: makeLoader(), firmware: makeFirmware() };

/** Converts; the keys that were shown, one after the other, and what was shown beside them. */
async function shown(
  { name }: TestStick,
  msg: Message,
  hands?: FlowNode,
): Promise<{ keys: string[]; texts: string[] }> {
  await deploy(tab([stickNode(name), flashNode(), ...(hands ? [hands] : [])]));
  // What the stick is before that.
  await status('flash', hands ? 'status.storage' : 'status.tty');
  forget();
  inject('flash', { ...bytes, confirm: true, ...msg });
  if (hands) {
    await output('flash', 1, isWait);
    inject(hands.id, {});
  }
  const { payload } = await output('flash');
  assert.deepEqual((payload as { error?: unknown }).error, undefined);
  const all = statusesOf('flash').map(({ text = '' }) => text);
  const keys = all.filter((text) => text.startsWith('status.')).map((text) => text.slice('status.'.length));
  return {
    keys: keys.filter((key, i) => key !== keys[i - 1]),
    texts: all.filter((text) => !text.startsWith('status.')),
  };
}

describe('status of e3272-flash', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('says what is going on at each stage, with the boot pin', async () => {
    const stick = await testStick();
    const there = stick.next((e) => e.what === 'mode');
    stick.stick.plug();
    await there;
    const hands = { id: 'hands', type: 'e3272-virtual', virtual: stick.name, firmware: 'hilink', action: 'boot-pin' };
    const { keys, texts } = await shown(stick, {}, hands);
    assert.deepEqual(keys, [
      'files',
      'switching',
      'waiting',
      'upload',
      'starting',
      'identify',
      'write',
      'reset',
      'switching',
      'at',
      'setport',
      'at',
      'done',
    ]);
    // The last one is shown in any case: a job does not seem to stand at 1 % while the next stage is on.
    assert.ok(texts.includes('uploading 100 %') && texts.includes('writing 100 %'), texts.join());
    for (const text of texts) assert.match(text, /^(checking files|uploading|writing) \d+ %$/);
  });

  it('says so too when the firmware starts its loader by itself', async () => {
    const { keys } = await shown(await testModem(), { reflash: true });
    assert.deepEqual(keys.slice(0, 5), ['files', 'save', 'godload', 'identify', 'write']);
    assert.equal(keys.at(-1), 'done');
  });
});
