/** A password that the stick refuses, over restarts of the process: a few wrong ones lock it. */

import assert from 'node:assert/strict';
import { openAt } from '../../../src/device/at/open-at';
import { PASSWORD_NOTE } from '../../../src/device/hilink/password-note';
import { VirtualHost } from '../../../src/virtual/host';
import { untilWeb, type WebBench, webBench } from './bench';

const logins = ({ requests }: WebBench) =>
  requests.filter((path) => /\/user\/(login|authentication_login)$/.test(path)).length;

/** One that knows nothing but the notes: as after a restart of the process. */
function restarted({ host, stick, others, clock }: WebBench, boot = host.bootName): VirtualHost {
  const next = new VirtualHost({ sticks: [stick, ...others], clock });
  next.bootName = boot;
  next.writeNote(PASSWORD_NOTE, host.readNote(PASSWORD_NOTE));
  return next;
}

/** The life of a process: ends as soon as the web API is at `state`. Returns the reason of the error. */
async function life(bench: WebBench, host: VirtualHost, password: string, state: 'ready' | 'error' = 'error') {
  const handle = openAt(host, '1-1', { web: { password } });
  const { web } = await bench.run(untilWeb(handle, state));
  await bench.run(handle.release());
  return web?.error && `${web.error.code} ${web.error.number}`;
}

/** With a password that was refused by the first process. */
async function refused(hilink: 'sestok' | 'scram' = 'sestok') {
  const bench = await webBench({ hilink });
  const told = await life(bench, bench.host, 'wrong');
  assert.equal(logins(bench), 1);
  return { bench, told };
}

describe('a password of the web page that was refused', () => {
  for (const hilink of ['sestok', 'scram'] as const) {
    it(`is not sent again by the next processes, which say the same: ${hilink}`, async () => {
      const { bench, told } = await refused(hilink);
      assert.match(told ?? '', /^LOGIN_REFUSED 108/);
      const note = bench.host.readNote(PASSWORD_NOTE);
      for (let i = 0; i < 4; i++) {
        const next = restarted(bench);
        assert.equal(await life(bench, next, 'wrong'), told);
        // Nothing was refused anew.
        assert.equal(next.readNote(PASSWORD_NOTE), note);
      }
      assert.equal(logins(bench), 1);
      // The stick has counted no others: it is not locked.
      await life(bench, restarted(bench), 'admin', 'ready');
    });
  }

  it('is forgotten when another one is given', async () => {
    const { bench } = await refused();
    const second = restarted(bench);
    await life(bench, second, 'admin', 'ready');
    assert.equal(second.readNote(PASSWORD_NOTE), undefined);
    assert.equal(logins(bench), 2);
  });

  it('is sent once more to a stick that was plugged in anew, or after a start of the machine', async () => {
    const { bench } = await refused();
    await life(bench, restarted(bench, 'another'), 'wrong');
    assert.equal(logins(bench), 2);
    bench.stick.unplug();
    await bench.toHilink();
    await life(bench, restarted(bench), 'wrong');
    assert.equal(logins(bench), 3);
  });

  it('stands in the note as a salted hash, and of another stick nothing is said', async () => {
    const { bench } = await refused();
    const text = bench.host.readNote(PASSWORD_NOTE) ?? '';
    assert.doesNotMatch(text, /wrong/);
    const { sticks } = JSON.parse(text) as { sticks: Record<string, { salt: string; hash: string }> };
    assert.deepEqual(Object.keys(sticks), ['1-1']);
    assert.match(sticks['1-1']?.salt ?? '', /^[\da-f]{32}$/);
    const other = (await refused()).bench.host.readNote(PASSWORD_NOTE);
    assert.notEqual(JSON.parse(other ?? '').sticks['1-1'].hash, sticks['1-1']?.hash);
    bench.host.writeNote(PASSWORD_NOTE, text.replace('"1-1"', '"1-2"'));
    const next = restarted(bench);
    await life(bench, next, 'wrong');
    assert.equal(logins(bench), 2);
    assert.deepEqual(Object.keys(JSON.parse(next.readNote(PASSWORD_NOTE) ?? '').sticks), ['1-2', '1-1']);
  });

  it('has a note that is left alone where a later version wrote it, and is written anew where it is damaged', async () => {
    const newer = JSON.stringify({ version: 2, sticks: [] });
    for (const [text, left] of [
      [newer, newer],
      ['{', undefined],
      ['half', undefined],
      ['null', undefined],
    ] as const) {
      const bench = await webBench({ hilink: 'sestok' });
      const { address } = bench.stick.device ?? {};
      const half = { version: 1, sticks: { '1-1': { address, boot: bench.host.bootName, number: 108_006 } } };
      bench.host.writeNote(PASSWORD_NOTE, text === 'half' ? JSON.stringify(half) : text);
      assert.match((await life(bench, bench.host, 'wrong')) ?? '', /^LOGIN_REFUSED/, text);
      assert.equal(logins(bench), 1, text);
      const now = bench.host.readNote(PASSWORD_NOTE) ?? '';
      if (left === undefined) assert.ok('1-1' in JSON.parse(now).sticks, text);
      else assert.equal(now, left);
    }
  });
});
