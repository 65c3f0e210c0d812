/** `e3272 switch --to serial` on a virtual stick in another process. */

import assert from 'node:assert/strict';
import { e3272, startWith } from './e3272';
import { PASSWORD, WebProcess } from './web-process';

describe('e3272 switch --to serial', () => {
  let web: WebProcess | undefined;
  const serve = async (firmware: string, login = false): Promise<WebProcess> => {
    web = await WebProcess.start(firmware, login);
    return web;
  };
  const go = ({ place, url }: WebProcess, ...more: string[]) =>
    startWith(
      { E3272_HILINK_PASSWORD: PASSWORD },
      ...['--json', '--stick', place, 'switch', '--to', 'serial', '--address', url, ...more],
    ).ended;
  afterEach(async () => {
    await web?.close();
    web = undefined;
  });

  it('goes by the web, says which way, and that it lasts until the next plug', async () => {
    const stick = await serve('sestok', true);
    stick.order({ fault: 'nak', at: 'web', path: '/CGI', code: 100002, count: 2 });
    const { code, result, stderr, objects } = await go(stick);
    assert.equal(code, 0, stderr);
    const { ok, stick: place, mode, productId, tried, temporary, model, switched } = result;
    assert.deepEqual(
      { ok, place, mode, productId, temporary, model, switched },
      { ok: true, place: stick.place, mode: 'tty', productId: 0x1566, temporary: true, model: 'E3272', switched: true },
    );
    assert.deepEqual(tried, [
      { way: 'cgi', to: 'project', outcome: 'refused', number: 100002 },
      { way: 'cgi', to: 'debug', outcome: 'refused', number: 100002 },
      { way: 'mode', to: 'debug', outcome: 'left' },
    ]);
    const stages = objects.filter(({ type }) => type === 'stage').map(({ text }) => String(text));
    assert.match(stages.join(' '), /project mode \(cgi\).*debug mode \(cgi\).*debug mode \(mode\)/);
    assert.equal(stick.requests.filter((request) => /CGI|device\/mode/.test(request)).length, 3);
    const at = await e3272('--json', '--stick', stick.place, 'at', 'AT');
    assert.equal(at.code, 0, at.stderr);
  });

  it('keeps the ports only where that was asked for', async () => {
    const stick = await serve('token');
    const { code, result, stderr } = await go(stick, '--permanent');
    assert.equal(code, 0, stderr);
    assert.deepEqual(result['setport'], { before: 'A1,A2;10,12,16,A1,A2', now: 'FF;10,12' });
    assert.equal(result['temporary'], false);
    const from = stick.log.length;
    stick.order({ do: 'plug' });
    const { mode } = await stick.logged(({ what, mode }) => what === 'mode' && mode !== 'off', from);
    assert.equal(mode, 'tty');
  });

  it('22.470: not possible, with the next step; nothing was sent', async () => {
    const stick = await serve('metas');
    const { code, result } = await go(stick);
    assert.equal(code, 1);
    assert.deepEqual([result['code'], result['reason']], ['NOT_SWITCHED', 'no-way-known']);
    assert.match(String(result['hint']), /boot pin is the way: `e3272 convert`/);
    assert.ok(stick.requests.every((request) => request.startsWith('GET')));
  });

  it('the message "project" alone is one for the CD-ROM, and what came of it is said', async () => {
    const there = await e3272('--virtual', '--json', 'switch', '--message', 'project');
    assert.deepEqual([there.code, there.result['mode'], there.result['asExpected']], [0, 'tty', true]);
  });

  it('convert tries it where that was asked for, and goes on with the boot pin', async () => {
    const { code, result, stderr } = await e3272('--virtual', '--json', 'convert', '--yes', '--try-software');
    assert.equal(code, 0, stderr);
    assert.equal(result['wayIn'], 'boot-pin');
    assert.match((result['did'] as string[]).join(' '), /came back as 1-1 \(12d1:1442\)/);
  });

  it('options that say nothing together are wrong usage', async () => {
    for (const args of [
      ['--permanent'],
      ['--force'],
      ['--address', 'http://192.168.8.1'],
      ['--to', 'serial', '--configuration', '1'],
      ['--to', 'hilink'],
    ]) {
      assert.equal((await e3272('--virtual', 'switch', ...args)).code, 2, args.join(' '));
    }
  });
});
