/** gammu on one side, our SMS on the other: what one sends, the other reads, through the same stick. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { openSms, type SmsMessage } from '../../../src/device/sms/open-sms';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { ttyOf, virtualMachine } from '../journey';
import { row, run } from '../strangers';

/** The stick's own number: what is sent to it comes back in. */
const OWN = '+491710000001';
const SHORT = 'Grüße €uro {[~]}';
const LONG = `${'Ein langer Text in mehreren Teilen, mit ä, ö und €. '.repeat(5)}Ende`;
const OTHER = 'Привет 你好 😀';

describe('gammu and our SMS', () => {
  const host = virtualMachine();
  let stick: BusStick;
  let path: string;
  before(async () => {
    stick = BusStick.start();
    await stick.fresh({ firmware: 'stick', setport: 'FF;10,12', timing: { ...QUICK, urcEvery: 20_000 } });
    path = ttyOf(await stick.plugged(), 'pcui');
    writeFileSync('/var/tmp/gammu-sms', `[gammu]\ndevice = ${path}\nconnection = at115200\nmodel = E3276\n`);
  });
  after(() => stick.stop());

  const gammu = async (...args: string[]): Promise<string> => {
    const { text } = await run('gammu', ['-c', '/var/tmp/gammu-sms', ...args]);
    return text;
  };

  it('our inbox reads what gammu sends', async () => {
    const sent = [SHORT, LONG, OTHER];
    for (const text of sent) {
      const unicode = text === OTHER ? ['-unicode'] : [];
      const said = await gammu('sendsms', 'TEXT', OWN, ...unicode, '-len', '500', '-text', text);
      assert.match(said, /OK, message reference/, said);
    }
    const sms = openSms(host, PORT_PATH);
    try {
      const got: SmsMessage[] = [];
      const texts = await new Promise<string[]>((resolve, reject) => {
        sms.receive({
          onMessage(message) {
            got.push(message);
            if (got.length === sent.length) resolve(got.map((m) => m.text));
            return true;
          },
          onError: reject,
        });
      });
      assert.deepEqual(texts.toSorted(), sent.toSorted());
      assert.ok(got.every((m) => m.from === OWN));
    } finally {
      await sms.release();
    }
    await row(
      'gammu',
      'gammu',
      'sends three messages to the stick itself: GSM-7, in parts, UCS-2',
      'our inbox has the same texts',
    );
  });

  it('gammu reads what our outbox sends', async () => {
    const sms = openSms(host, PORT_PATH);
    try {
      for (const text of [SHORT, LONG, OTHER]) await sms.send({ to: OWN, text });
    } finally {
      await sms.release();
    }
    const said = await gammu('getallsms');
    for (const text of [SHORT, OTHER]) assert.ok(said.includes(text), said);
    // gammu shows each part by itself.
    assert.ok(said.includes(LONG.slice(0, 100)) && said.includes('Ende'), said);
    await row('gammu', 'gammu', 'getallsms, after our outbox sent the same three', 'the same texts');
  });
});
