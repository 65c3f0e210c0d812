/** A conversion that tries to leave HiLink by software before it asks for the boot pin: with consent, and without. */

import assert from 'node:assert/strict';
import type { StickEvent } from '../../src/virtual/events';
import type { BenchStick } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
const LEAVING = /^\/CGI$|switch\w+Mode|device\/mode/;

async function hilink(options: BenchStick = {}) {
  const run = journey(files, { hilink: 'sestok', web: { login: false }, ...options });
  const events: StickEvent[] = [];
  run.stick.onEvent((event) => events.push(event));
  const asked: string[] = [];
  const { person } = run;
  run.person = (act) => {
    asked.push(act);
    person(act);
  };
  await run.plug();
  const ways = () =>
    events.flatMap((event) => (event.what === 'request' && LEAVING.test(event.path) ? event.path : []));
  const cdbs = () => events.flatMap((event) => (event.what === 'cbw' && event.cdb.startsWith('1106') ? event.cdb : []));
  const did = (what: StickEvent['what']) => events.some((event) => event.what === what);
  return { run, asked, ways, cdbs, did };
}

const NEW = /^110620/;
const PROJECT = /^110600/;
/** The message `project` changes nothing: the usual one takes it to HiLink mode. */
const ignoresProject = (run: Journey) => {
  run.stick.faults.order({ fault: 'silence', at: 'cbw', nth: 2 });
};

describe('a conversion by software', () => {
  it('is not tried where nobody asked for it: the boot pin, as ever', async () => {
    const { run, asked, ways, cdbs } = await hilink();
    const { error, wayIn } = await run.convert();
    assert.equal(error, undefined);
    assert.deepEqual([asked, wayIn, ways()], [['boot-pin'], 'boot-pin', []]);
    assert.ok(cdbs().every((cdb) => NEW.test(cdb)));
  });

  it('by the message to the CD-ROM, and AT^GODLOAD from there: nobody has to hold a pin', async () => {
    const { run, asked, cdbs, did } = await hilink({ godload: true });
    const { error, wayIn, did: told, plan } = await run.convert({ trySoftware: true });
    assert.equal(error, undefined);
    assert.deepEqual([asked, wayIn], [[], 'godload']);
    assert.match(String(cdbs()[0]), PROJECT);
    assert.ok(!did('uploaded') && did('image'));
    assert.match(told.join(' '), /came back as 1-1 \(12d1:1442\)/);
    assert.match(plan?.join(' ') ?? '', /written to its flash/);
  });

  it('by the web where that message changes nothing, and with the boot pin where AT^GODLOAD is refused', async () => {
    const { run, asked, ways, did } = await hilink();
    ignoresProject(run);
    const { error, wayIn, did: told } = await run.convert({ trySoftware: true });
    assert.equal(error, undefined);
    assert.deepEqual([asked, wayIn, ways()], [['boot-pin'], 'boot-pin', ['/CGI']]);
    assert.match(told.join(' '), /taken out of HiLink mode by software \(cgi project: left HiLink\)/);
    assert.ok(did('uploaded') && did('image'));
  });

  it('goes on with the boot pin where no way is known, and says why', async () => {
    const { run, asked, ways } = await hilink({ hilink: 'metas' });
    ignoresProject(run);
    const { error, wayIn, warnings } = await run.convert({ trySoftware: true });
    assert.equal(error, undefined);
    assert.deepEqual([asked, wayIn, ways()], [['boot-pin'], 'boot-pin', []]);
    assert.match(warnings.join(' '), /no way out of it by software is known.*It goes on with the boot pin/);
  });

  it("is not tried on the machine's own line: the boot pin, with the reason", async () => {
    const { run, asked, ways } = await hilink();
    ignoresProject(run);
    run.host.ownLines.add('1-1');
    const { error, warnings } = await run.convert({ trySoftware: true });
    assert.equal(error, undefined);
    assert.deepEqual([asked, ways()], [['boot-pin'], []]);
    assert.match(warnings.join(' '), /machine's own line/);
  });

  it('takes a stick that restarts on its way as what it is then', async () => {
    const { run, asked } = await hilink();
    ignoresProject(run);
    run.stick.faults.order({ fault: 'reboot', at: 'web', path: '/CGI' });
    const { error, warnings } = await run.convert({ trySoftware: true });
    assert.equal(error, undefined);
    assert.deepEqual(asked, ['boot-pin']);
    assert.match(warnings.join(' '), /came back as 12d1:1f01 \(storage\)/);
  });

  it('without files sets the ports there, after a yes; where there is no way it says which files are missing', async () => {
    const none = { trySoftware: true, loader: undefined, firmware: undefined };
    const { run, did } = await hilink();
    const { error, setport, plan } = await run.convert(none);
    assert.equal(error, undefined);
    assert.equal(setport?.now, 'FF;10,12');
    assert.ok(!did('image') && plan);
    const stays = await hilink({ hilink: 'metas' });
    ignoresProject(stays.run);
    assert.equal((await stays.run.convert(none)).error?.reason, 'missing-files');
  });

  it('asks the stick for nothing before the yes, nor in a dry run', async () => {
    for (const more of [{ confirm: () => false }, { dryRun: true }]) {
      const { run, ways, cdbs } = await hilink();
      const { ok } = await run.convert({ trySoftware: true, ...more });
      assert.equal(ok, 'dryRun' in more);
      assert.deepEqual([ways(), cdbs()], [[], []]);
    }
  });
});
