/** The client on the virtual stick's web face, which was made from the same facts by other hands. */

import assert from 'node:assert/strict';
import { failure, isDriverError, textOf } from '../../src/errors';
import { type HilinkOptions, openHilink } from '../../src/hilink/client';
import { cutError, type Transport } from '../../src/hilink/transport';
import { STATUS_PARTS } from '../../src/values/status';
import { FAULTS_AT } from '../../src/virtual/faults';
import type { StickOptions } from '../../src/virtual/options';
import { HILINK_NAMES } from '../../src/virtual/web/firmware';
import { WEB_QUIRKS } from '../../src/virtual/web/quirks';
import { type WebRig, webRig } from '../virtual/web/rig';

const NUMBER = '+440000000000';

/** A stick, and how clients of it are opened; `log` holds all requests. */
function faced(options: Partial<StickOptions>) {
  const rig = webRig(options);
  const log: string[] = [];
  const transport: Transport = async ({ method, path, headers, body = new Uint8Array() }) => {
    log.push(`${method} ${path}`);
    const { web } = rig.stick;
    if (!web?.up) throw failure('STICK_GONE/web', { stick: '192.168.8.1' });
    const small = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = await web.handle({ method, path, headers: small, body });
    if (!answer || answer.cut) throw cutError();
    const named = answer.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status: answer.status, headers: Object.fromEntries(named), body: answer.body };
  };
  const open = (more: Partial<HilinkOptions> = {}) =>
    openHilink({ url: '192.168.8.1', clock: rig.clock, transport, password: 'admin', ...more });
  return { rig, log, open };
}

const inHilink = (options: Partial<StickOptions>, work: (it: ReturnType<typeof faced>) => Promise<void>) => () => {
  const it = faced(options);
  return it.rig.run(async () => {
    await it.rig.toHilink();
    await work(it);
  });
};

const messagesSent = ({ events }: WebRig) => events.filter(({ what }) => what === 'sms').length;

/** Every quirk but the one that sends every question to a page. */
const QUIRKS = Object.keys(WEB_QUIRKS).filter((name) => name !== 'web-redirects' && name !== 'web-emoji-lost');

for (const hilink of HILINK_NAMES) {
  describe(`hilink: client on the web face, ${hilink}`, () => {
    for (const quirks of [[], QUIRKS]) {
      it(
        `tells, sends, receives, deletes and sets${quirks.length > 0 ? ', whatever its quirks' : ''}`,
        inHilink({ hilink }, async ({ rig, open }) => {
          for (const name of quirks) rig.order({ do: 'quirk', name });
          const first = open();
          const { imei = '' } = await first.identity();
          await first.close();
          const client = open({ expect: { imei } });
          const { signal, network, sim, identity } = await client.status({ parts: STATUS_PARTS, personal: true });
          assert.equal(signal?.bars, 5);
          assert.deepEqual([network?.registered, network?.system], [true, 'LTE']);
          assert.equal(sim?.state, 'READY');
          assert.match(identity?.imei ?? '', /^\d{15}$/);
          const text = 'Hello <&> "\'" 😀 ';
          assert.deepEqual(await client.sms.send({ to: NUMBER, text }), { to: NUMBER, parts: 1, outcome: 'sent' });
          assert.equal((await client.sms.list('sent'))[0]?.text, text);
          rig.order({ do: 'sms', from: NUMBER, text: 'in 😀 <b>' });
          await rig.pass(1_000);
          const inbox = await client.sms.list();
          assert.deepEqual(
            inbox.map((message) => [message.from, message.text, message.read]),
            [[NUMBER, 'in 😀 <b>', false]],
          );
          await client.sms.markRead(inbox);
          assert.equal((await client.sms.storage()).unread, 0);
          assert.equal((await client.sms.delete(inbox)).length, 1);
          assert.match((await client.ussd('*100#')).text, /^Balance/);
          assert.deepEqual((await client.setOrder(['LTE']))?.order, ['LTE']);
          assert.equal((await client.setData(false))?.connection, 'down');
          assert.equal((await client.setData(true))?.connection, 'up');
          assert.match((await client.lan())?.ip ?? '', /^192\.168\.[18]\.1$/);
          await client.close();
          assert.equal(messagesSent(rig), 1);
        }),
      );
    }

    it(
      'sends a refused password once, and leaves nobody logged in',
      inHilink({ hilink, web: { login: true, user: 'admin', password: 'right' } }, async ({ rig, open }) => {
        const wrong = open({ password: 'wrong' });
        for (let nth = 0; nth < 3; nth++) {
          await assert.rejects(wrong.sms.list(), (error) => isDriverError(error, 'LOGIN_REFUSED'));
        }
        for (let nth = 0; nth < 10; nth++) {
          const right = open({ password: 'right' });
          await right.sms.list();
          await right.close();
        }
        await wrong.close();
        const another = open({ password: 'right' });
        assert.deepEqual(await another.sms.list(), []);
        await rig.pass(31_000);
        const last = open({ password: 'right' });
        assert.deepEqual(await last.sms.list(), [], 'the one before has logged out by itself');
        await last.close();
      }),
    );

    for (const fault of FAULTS_AT.web) {
      it(`a message is never sent twice, nor called unsent when it went: ${fault} at each request`, async () => {
        for (let nth = 1, struck = true; struck; nth++) {
          await inHilink({ hilink }, async ({ rig, open, log }) => {
            const client = open();
            rig.order({ fault, at: 'web', nth });
            const outcome = await client.sms
              .send({ to: NUMBER, text: 'once' })
              .then((result) => result.outcome, textOf);
            struck = rig.stick.faults.open === 0;
            // What is on its way arrives.
            await rig.pass(15_000);
            const sent = messagesSent(rig);
            const told = `${fault} at request ${nth}: ${outcome}, ${sent} sent\n${log.join('\n')}`;
            assert.ok(sent <= 1, told);
            if (outcome === 'sent') assert.equal(sent, 1, told);
            else if (outcome !== 'unknown') assert.equal(sent, 0, told);
            if (!struck) assert.equal(outcome, 'sent', told);
          })();
        }
      });
    }
  });
}
