/** `e3272 status|identity|sms|ussd`: the same by a stick with AT ports, by one in HiLink mode, and by an address. */

import assert from 'node:assert/strict';
import { STATUS } from '../../src/values/status';
import { fits } from '../support/fits';
import { e3272 } from './e3272';
import { HostProcess } from './host-process';
import { WebProcess } from './web-process';

type Json = Record<string, unknown>;

describe('e3272 status, identity, sms and ussd', () => {
  let served: { close(): Promise<void> } | undefined;
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  /** What each way must tell; ids are its own. */
  const asks = async (order: (order: object) => void, log: () => Json[], where: string[], head: Json) => {
    const run = async (...args: string[]) => {
      const ran = await e3272('--json', ...args, ...where);
      assert.equal(ran.code, 0, ran.stderr);
      return ran.result;
    };
    const tells = (result: Json, more: Json) =>
      assert.deepEqual(result, { type: 'result', ok: true, ...head, ...more });

    const { type, ok, source, stick, url, ...parts } = await run('status');
    tells({ type, ok, source, ...(stick !== undefined && { stick }), ...(url !== undefined && { url }) }, {});
    fits(parts, STATUS, where.join());
    assert.deepEqual(Object.keys(parts), ['signal', 'network', 'sim']);
    assert.equal((parts['sim'] as Json)['state'], 'READY');

    const { identity } = await run('identity');
    assert.match(String((identity as Json)['imei']), /^\d{15}$/);

    const text = 'long '.repeat(50);
    order({ do: 'sms', from: '+491713920000', text: 'Grüße', time: Date.UTC(2024, 1, 29, 23, 59, 59) });
    order({ do: 'sms', from: '+491713920000', text, time: Date.UTC(2024, 2, 1) });
    const { messages } = await run('sms', 'list');
    const [first = {}, second = {}] = messages as Json[];
    const { id, time, ...rest } = first;
    assert.deepEqual(rest, { from: '+491713920000', text: 'Grüße', read: false });
    assert.match(String(time), /^2024-0[23]-\d\dT\d\d:\d\d:\d\d/);
    assert.deepEqual([(messages as Json[]).length, second['text']], [2, text]);
    await run('sms', 'read', String(id));
    assert.equal(((await run('sms', 'list'))['messages'] as Json[])[0]?.['read'], true);
    tells(await run('sms', 'delete', String(id)), { deleted: [id] });
    assert.deepEqual(((await run('sms', 'list'))['messages'] as Json[]).length, 1);

    const sent = await run('sms', 'send', '--to', '+49 171 3920001', '--text', 'a <&> b');
    tells(sent, { to: '+491713920001', parts: 1, outcome: 'sent' });
    assert.deepEqual(
      log().flatMap(({ what, text }) => (what === 'sms' ? [text] : [])),
      ['a <&> b'],
    );
    const { text: answer, menu } = await run('ussd', '*101#', '1');
    assert.deepEqual([menu, typeof answer], [false, 'string']);
  };

  it('by a stick with AT ports', async () => {
    const host = await HostProcess.start('tty', 1, 0);
    served = host;
    const where = ['--stick', host.place];
    await asks(
      (one) => host.order(one),
      () => host.log,
      where,
      { source: 'at', stick: host.place },
    );

    const wrong = await e3272('--json', ...where, 'sms', 'delete', 'first');
    assert.deepEqual([wrong.code, wrong.result['reason']], [2, 'message-id']);
    const none = await e3272('--json', ...where, 'sms', 'read', 'SM:19');
    assert.deepEqual([none.code, none.result['reason']], [2, 'no-such-message']);
    const web = await e3272('--json', ...where, 'hilink', 'data');
    assert.deepEqual([web.code, web.result['reason']], [1, 'only-hilink']);
  });

  it('by a stick in HiLink mode, and by its address', async () => {
    const web = await WebProcess.start('metas', false);
    served = web;
    // The other process shares no network with it: so the address is given by hand.
    const where = ['--stick', web.place, '--url', web.url];
    await asks(
      (one) => web.order(one),
      () => web.log,
      where,
      { source: 'hilink', stick: web.place, url: web.url },
    );
    const { result } = await e3272('--json', 'status', '--url', web.url);
    assert.deepEqual([result['source'], result['url'], result['stick']], ['hilink', web.url, undefined]);
    const none = await e3272('--json', 'sms', 'delete', '1', '--url', web.url);
    assert.deepEqual([none.code, none.result['reason']], [2, 'no-such-message']);
  });

  it('a message that the stick refuses has failed, with its number, and is sent once', async () => {
    const host = await HostProcess.start('tty', 1, 0);
    served = host;
    host.order({ do: 'centre', refuse: 38 });
    const { code, result } = await e3272('--json', '--stick', host.place, 'sms', 'send', '--to', '1', '--text', 'x');
    assert.deepEqual([code, result['ok'], result['outcome'], result['code']], [1, false, 'failed', 'CMS_ERROR']);
    assert.equal(host.log.filter(({ what }) => what === 'sms').length, 0);
  });

  it('by a virtual stick of this process, which has AT ports unless it is told otherwise', async () => {
    const at = await e3272('--json', '--virtual', 'status');
    assert.deepEqual([at.code, at.result['source']], [0, 'at'], at.stderr);
    const web = await e3272('--json', '--virtual-mode', 'hilink', 'status');
    assert.deepEqual([web.code, web.result['source']], [0, 'hilink'], web.stderr);
    const pin = await e3272('--json', '--virtual', 'hilink', 'pin');
    assert.deepEqual([pin.code, (pin.result['sim'] as Json)['state']], [0, 'READY'], pin.stderr);
  });

  it('refuses an address beside a tty or a virtual stick', async () => {
    for (const other of [['--tty', '/dev/ttyUSB0'], ['--virtual']]) {
      const { code, result } = await e3272('--json', ...other, 'status', '--url', 'http://127.0.0.1:9');
      assert.deepEqual([code, result['reason']], [2, 'usage']);
    }
  });
});
