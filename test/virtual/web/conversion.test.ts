import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/virtual/sms/pdu';
import { journey, makeFirmware, makeLoader } from '../../flash/journey';
import { codeOf, inHilink, listOf, messagesOf, NEW_MODE, request, sms } from './rig';

const FROM = '+491713920000';

describe('virtual web face: the same stick as behind the AT ports', () => {
  it('an SMS that came in HiLink mode is there after the conversion', async () => {
    const run = journey({ loader: makeLoader(), firmware: makeFirmware() }, { sim: { state: 'ready', pin: '1234' } });
    await run.run(
      (async () => {
        run.stick.plug();
        const until = (ready: () => boolean) =>
          new Promise<void>((resolve) => {
            const stop = run.stick.onEvent(() => {
              if (!ready()) return;
              stop();
              resolve();
            });
          });
        await until(() => run.stick.appearance === 'cdrom-hilink');
        assert.equal(run.stick.storage(0)?.bulkOut(NEW_MODE), 'ok');
        await until(() => run.stick.web?.up === true);
        run.stick.receiveSms({ from: FROM, text: 'x'.repeat(200) });
      })(),
    );
    assert.equal(run.stick.world.store('ME').used, 2);
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.equal(run.stick.web, undefined);
    const texts = [...run.stick.world.store('ME').entries()].map(([, { pdu }]) => {
      const read = decodePdu(pdu, 'to host');
      return read.kind === 'deliver' ? [read.from, read.text] : undefined;
    });
    assert.deepEqual(texts, [
      [FROM, 'x'.repeat(153)],
      [FROM, 'x'.repeat(47)],
    ]);
  });

  it(
    'AT sees what the web interface has read, sent, deleted, and which PIN it has set',
    inHilink({ hilink: 'token' }, async (r) => {
      const { client } = r;
      const post = async (path: string, body: string) => {
        await client.fetchToken();
        return client.post(path, body);
      };
      for (const text of ['read', 'deleted', 'unread']) r.stick.receiveSms({ from: FROM, text });
      const [, gone, read] = messagesOf(await post('sms/sms-list', listOf(1, 1, 20, { sort: 2 })));
      assert.equal(codeOf(await post('sms/set-read', request(['Index', read?.index ?? 0]))), undefined);
      assert.equal(codeOf(await post('sms/delete-sms', request(['Index', gone?.index ?? 0]))), undefined);
      assert.equal(codeOf(await post('sms/send-sms', sms([FROM], 'sent'))), undefined);
      await r.event('sms');
      const change = request(['OperateType', 1], ['CurrentPin', '0000'], ['NewPin', ''], ['PukCode', '']);
      assert.equal(codeOf(await post('pin/operate', change)), undefined);
      await client.raw('POST', '/CGI', '<function>switchMode</function><switchType>0</switchType>');
      await r.settle('upgrade', 1);
      const at = r.open(0);
      assert.match(await at.at('AT+CPIN?'), /SIM PIN/);
      assert.match(await at.at('AT+CPIN="0000"'), /OK/);
      await at.at('AT+CPMS="ME"');
      await at.at('AT+CMGF=1');
      const list = await at.at('AT+CMGL="ALL"');
      assert.deepEqual(
        [...list.matchAll(/\+CMGL: \d+,"([^"]+)","([^"]+)".*\r\n(.*)\r\n/g)].map((m) => m.slice(1)),
        [
          ['REC READ', FROM, 'read'],
          ['STO SENT', FROM, 'sent'],
          ['REC UNREAD', FROM, 'unread'],
        ],
      );
    }),
  );

  it(
    'what waits in the network comes once it is registered, in either mode',
    inHilink({}, async (r) => {
      r.order({ do: 'radio', registration: 'searching' });
      r.stick.receiveSms({ from: FROM, text: 'waits' });
      assert.equal(r.stick.world.store('ME').used, 0);
      assert.equal(r.stick.world.reachable, false);
      r.order({ do: 'radio', registration: 'home' });
      assert.equal(r.stick.world.store('ME').used, 1);
      assert.equal(codeOf(await r.client.get('sms/sms-count')), undefined);
    }),
  );
});
