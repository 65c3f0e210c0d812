/**
 * The cousins that are used and not written, and the E3276: from the CD-ROM on, whole journeys by AT (status, SMS both ways,
 * USSD), the web face, and where a conversion is refused.
 */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { StatusReader } from '../../src/device/status';
import { isDriverError } from '../../src/errors';
import { convert } from '../../src/flash/convert';
import { switchStick } from '../../src/modeswitch/switch';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import type { ModelName } from '../../src/virtual/models';
import { virtualBench } from '../support/bench';
import { untilWeb, webBench } from './hilink/bench';
import { FROM, opened } from './sms/sms-bench';

/** As the facts and the recorded sessions have them: CD-ROM of stick firmware, ports, name in ATI and hardware version. */
const COUSINS: readonly {
  model: ModelName;
  cdrom: string;
  setport: string;
  ati: string;
  hardware: RegExp;
  plain: boolean;
}[] = [
  { model: 'E3276', cdrom: '14fe', setport: 'A1,A2;10,12,16,A1,A2', ati: 'E3276', hardware: /E3276/, plain: false },
  { model: 'E3372s', cdrom: '15cf', setport: 'A1,A2;12,10,16,A1,A2', ati: 'E3372', hardware: /E3372S/, plain: false },
  { model: 'E3372h', cdrom: '14fe', setport: 'A1,A2;12,1,16,A1,A2', ati: 'E3372', hardware: /E3372H/, plain: true },
  {
    model: 'E3372h-320',
    cdrom: '14fe',
    setport: 'A1,A2;12,1,16,A1,A2',
    ati: 'E3372h-320',
    hardware: /E3372H/,
    plain: true,
  },
];

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };

for (const { model, cdrom, setport, ati, hardware, plain } of COUSINS) {
  describe(`a virtual ${model}`, () => {
    it('is a CD-ROM that is switched to its ports, and says who it is', async () => {
      const bench = virtualBench({ model, firmware: 'stick' });
      const stick = await bench.plug();
      assert.deepEqual([stick.mode, stick.productId.toString(16)], ['storage', cdrom]);
      const { stick: now, asExpected } = await bench.run(switchStick(bench.host, stick));
      assert.deepEqual([now.mode, now.productId.toString(16), asExpected], ['tty', '1506', true]);
      const at = openAt(bench.host, '1-1');
      const asked = await bench.run(Promise.all([at.run('ATI'), at.run('AT^HWVER'), at.run('AT^SETPORT?')]));
      assert.ok(asked[0].lines.includes(`Model: ${ati}`));
      assert.match(asked[1].lines.join(), hardware);
      assert.deepEqual(asked[2].lines, [`^SETPORT:${setport}`]);
      await bench.run(at.release());
    });

    it('tells its status, sends and receives SMS, and answers USSD', async () => {
      const bench = await opened({}, { model, setport: model === 'E3276' ? 'FF;10,12' : 'FF;12,1,16' });
      const commands: string[] = [];
      bench.stick.onEvent((event) => event.what === 'at' && commands.push(event.command.trim()));
      const at = openAt(bench.host, '1-1');
      const status = await bench.run(new StatusReader(at).read({ parts: ['signal', 'network', 'identity'] }));
      assert.deepEqual([status.network?.registered, status.network?.system], [true, 'LTE']);
      assert.equal(status.identity?.model, ati);
      assert.ok(typeof status.signal?.rssi === 'number');

      bench.stick.receiveSms({ from: FROM, text: 'Grüße aus dem Keller, 20 €' });
      await bench.until(() => bench.got.length > 0);
      assert.deepEqual(bench.texts(), ['Grüße aus dem Keller, 20 €']);
      const fate = await bench.run(bench.sms.send({ to: FROM, text: 'Danke' }));
      assert.equal(fate.parts, 1);
      assert.equal(bench.sent.length, 1);

      const reply = await bench.run(bench.sms.ussd('*100#'));
      assert.match(reply.text, /^Balance: 9\.91 EUR/);
      assert.equal(commands.includes('AT^USSDMODE=0'), plain);
      // A menu, and an answer in another alphabet.
      assert.equal((await bench.run(bench.sms.ussd('*101#'))).menu, true);
      assert.equal((await bench.run(bench.sms.ussd('1'))).text, '9.91 EUR');
      assert.equal((await bench.run(bench.sms.ussd('*102#'))).text, 'Баланс: 9.91 €');
      await bench.run(Promise.all([at.release(), bench.sms.release()]));
    });

    it(`${plain ? 'is never asked AT+CCID, which would hang it, unless by force' : 'is asked AT+CCID as anybody wants'}`, async () => {
      const bench = virtualBench({ model, firmware: 'stick', setport: 'FF;12,10' });
      await bench.plug();
      const commands: string[] = [];
      bench.stick.onEvent((event) => event.what === 'at' && commands.push(event.command.trim()));
      const at = openAt(bench.host, '1-1');
      for (const command of ['AT+CCID', 'AT+CSQ;+CCID', 'at +ccid?']) {
        const asked = bench.run(at.run(command));
        if (plain) {
          await assert.rejects(asked, (error) => {
            assert.ok(isDriverError(error, 'COMMAND_REFUSED'));
            assert.match(error.message, /never answers AT\+CCID.*AT\^ICCID\?/);
            return true;
          });
        } else await asked;
      }
      assert.equal(
        commands.some((command) => /CCID/i.test(command) && !command.includes('^')),
        !plain,
      );
      assert.equal((await bench.run(at.run('AT^ICCID?'))).ok, true);
      await bench.run(at.release());
    });

    it('has a web interface as HiLink, which tells its status', async () => {
      const bench = await webBench({ model });
      const at = openAt(bench.host, '1-1', { web: { password: 'admin' } });
      await bench.run(untilWeb(at, 'ready'));
      const status = await bench.run(at.webStatus({ parts: ['network', 'identity'] } as never));
      assert.equal(status.network?.registered, true);
      assert.equal(status.identity?.model, ati);
      assert.match(status.identity?.hardware ?? '', hardware);
      await bench.run(at.release());
    });

    it(`${model === 'E3276' ? 'is written as the E3272' : 'is not written, and called by its name'}`, async () => {
      const bench = virtualBench({ model, firmware: 'stick', setport: 'FF;12,10' });
      await bench.plug();
      const report = await bench.run(convert(bench.host, { which: '1-1', ...files, reflash: true, dryRun: true }));
      if (model === 'E3276') assert.equal(report.error, undefined);
      else {
        assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
        assert.match(report.error?.message ?? '', /calls itself E3372.*The E3372h? has another chip/);
      }
      assert.deepEqual([...bench.stick.flash.keys()], []);
    });
  });
}
