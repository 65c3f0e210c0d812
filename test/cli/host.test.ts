/** Virtual sticks in a process of their own, as the command line serves and uses them. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { e3272, start } from './e3272';
import { HostProcess } from './host-process';

describe('e3272 virtual --host', () => {
  let served: HostProcess | undefined;
  const serve = async (mode: string, sticks?: number): Promise<HostProcess> => {
    served = await HostProcess.start(mode, sticks);
    return served;
  };
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  it('serves several sticks to other processes, and its log says what happened to which', async () => {
    const served = await serve('tty', 2);
    assert.deepEqual(
      served.names,
      [1, 2].map((n) => `virtual-${n}@127.0.0.1:${served.port}`),
    );
    const [first = '', second = ''] = served.names;
    const listed = await e3272('--stick', first, '--json', 'list');
    assert.equal(listed.code, 0, listed.stderr);
    assert.deepEqual(
      (listed.result['sticks'] as { stick: string }[]).map(({ stick }) => stick),
      [first],
    );

    const asked = await e3272('--stick', second, '--json', 'at', 'AT+CGSN');
    assert.equal(asked.code, 0, asked.stderr);
    const { stick } = await served.logged(
      ({ what, command }) => what === 'at' && String(command).startsWith('AT+CGSN'),
    );
    assert.equal(stick, 'virtual-2');

    served.order({ stick: 'virtual-2', do: 'unplug' });
    await served.logged((event) => event.what === 'mode' && event.stick === 'virtual-2' && event['mode'] === 'off');
    const away = await e3272('--stick', second, '--json', 'at', 'AT');
    assert.equal(away.result['code'], 'STICK_NOT_FOUND');
    assert.equal((await e3272('--stick', first, '--json', 'at', 'AT')).code, 0);

    served.order({ do: 'unplug' });
    const { message } = await served.logged(({ what }) => what === 'error');
    assert.match(String(message), /needs "stick" with one of virtual-1, virtual-2/);
    await served.close();
    const gone = await e3272('--stick', first, '--json', 'list');
    assert.equal(gone.result['code'], 'STICK_NOT_FOUND');
    assert.match(String(gone.result['hint']), new RegExp(`e3272 virtual --host ${served.port}`));
  });

  it('a stick is held by one program at a time, also from process to process', async () => {
    const served = await serve('tty');
    const [name = ''] = served.names;
    served.order({ fault: 'silence', at: 'at', count: 100 });
    const first = start('--stick', name, 'at', 'AT');
    await served.logged(({ what }) => what === 'fault');
    const second = await e3272('--stick', name, '--json', 'at', 'AT');
    assert.equal(second.result['code'], 'BUSY', second.stderr);
    first.child.kill('SIGKILL');
    await first.ended;
    await served.logged(({ what, present }) => what === 'client' && present === false);
  });

  it('is for this machine only, and refuses what makes no sense', async () => {
    const wrong: [string[], RegExp][] = [
      [['virtual', '--host', '0', '--listen', '0.0.0.0'], /same machine/],
      [['virtual', '--host', '0', '--tcp', '3272'], /--host.*--tcp/],
      [['virtual', '--host', '0', '--usbip'], /--host.*--usbip/],
      [['virtual', '--sticks', '2'], /--sticks needs --host/],
      [['virtual', '--host', '0', '--sticks', '51'], /1 to 50/],
      [['--stick', 'virtual-1@192.168.1.5:3300', 'list'], /same machine/],
      [['--stick', 'virtual-1@127.0.0.1', 'list'], /like virtual-1@127/],
      [['--virtual', '--stick', 'virtual-1@127.0.0.1:3300', 'list'], /exclude each other/],
      [['--tty', '/dev/ttyUSB0', '--stick', 'virtual-1@127.0.0.1:3300', 'list'], /exclude each other/],
    ];
    const all = await Promise.all(wrong.map(([args]) => e3272('--json', ...args)));
    for (const [index, ran] of all.entries()) {
      assert.equal(ran.code, 2, ran.stderr);
      assert.match(`${ran.stderr}`, wrong[index]?.[1] ?? /never/);
    }
  });

  it('says that its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const ran = await e3272('--json', 'virtual', '--host', String(port));
    assert.equal(ran.result['code'], 'PORT_BUSY', ran.stderr);
    taken.close();
  });
});

/** A web server that has not started yet drops the connection. */
async function answerOf(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return answer.text();
  }
}

describe('e3272 virtual --web', () => {
  it('has a web server in HiLink mode, of the firmware that is chosen', async () => {
    const options = ['--mode', 'hilink', '--hilink', 'sestok', '--host', '0', '--sticks', '2', '--web', '0'];
    const served = start('--json', 'virtual', ...options);
    const { web } = JSON.parse(await served.firstWords()) as { web: string[] };
    assert.equal(web.length, 2);
    for (const url of web) {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.match(await answerOf(`${url}/api/webserver/SesTokInfo`), /<SesInfo>SessionID=/);
    }
    served.child.kill('SIGTERM');
    assert.equal((await served.ended).code, 0);
    await assert.rejects(fetch(`${web[1]}/`));
  });

  it('says which firmware there is, and that a port is taken', async () => {
    assert.equal((await e3272('virtual', '--hilink', 'other')).code, 2);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ran = await e3272('--json', 'virtual', '--host', '0', '--web', `${port}`);
    assert.equal(ran.result['code'], 'PORT_BUSY');
    other.close();
  });
});
