import assert from 'node:assert/strict';
import type { StickConfig } from '../../../nodes/shared/config';
import { testModem, testStick } from '../sticks';
import { load, node, request } from './bench';

const TYPE = 'e3272-at';
const AT = { command: 'payload', commandType: 'msg', timeout: '', urcs: '', dangerous: false };

/** What other nodes see of it. */
const config = (): StickConfig => node('stick')['config'] as StickConfig;

describe('e3272-stick by itself', () => {
  it('has its settings for others, and the PIN among its credentials', async () => {
    const stick = await testStick();
    await load(TYPE, AT, { stick, credentials: { pin: '4711' } });
    const { which, timeoutMs, pin, space, pulseMs } = config();
    assert.deepEqual([which, timeoutMs, pin, space, pulseMs], [stick.name, 5_000, '4711', 'auto', undefined]);
    assert.equal(await config().host(), stick.host);
  });

  it('lists sticks for the editor, virtual ones that exist among them', async () => {
    const stick = await testModem();
    await load(TYPE, AT, { stick });
    const { status, body } = await request().get('/e3272/sticks');
    assert.equal(status, 200);
    const found = (body as { stick: string; mode: string; virtual?: true }[]).find((s) => s.stick === stick.name);
    assert.deepEqual([found?.mode, found?.virtual], ['tty', true]);
  });
});
