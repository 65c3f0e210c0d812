/** Programs of Debian's without udev: what they need is root and the bus. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Stick } from '../../../src/stick/stick';
import { BusStick, PORT_PATH, QUICK } from '../bus-stick';
import { ttyOf } from '../journey';
import { row, run } from '../strangers';

const MODEM = { firmware: 'stick', setport: 'FF;10,12', timing: QUICK } as const;

describe('strangers without udev', () => {
  let stick: BusStick;
  before(() => {
    stick = BusStick.start();
  });
  after(() => stick.stop());

  const modem = async (): Promise<Stick> => {
    await stick.fresh(MODEM);
    return stick.plugged();
  };

  describe('usb_modeswitch', () => {
    const CASES = [
      { options: {}, from: '1f01', flag: '-J', to: '14db' },
      { options: { sdReader: true }, from: '1f01', flag: '-J', to: '14dc' },
      { options: {}, from: '1f01', flag: '-X', to: '155e' },
      { options: {}, from: '1f01', flag: '-K', to: '1f01' },
      { options: { firmware: 'stick' }, from: '15ca', flag: '-J', to: '1506' },
      { options: { firmware: 'stick' }, from: '15ca', flag: '-X', to: '155e' },
      { options: { firmware: 'stick', cdrom: 'cdrom-pnp' }, from: '14fe', flag: '-J', to: '1506' },
    ] as const;
    for (const { options, from, flag, to } of CASES) {
      it(`${flag} leads from ${from} to ${to}`, async () => {
        await stick.fresh({ ...options, timing: QUICK });
        await stick.plugged();
        const { text } = await run('usb_modeswitch', [flag, '-v', '12d1', '-p', from]);
        assert.match(text, /OK, message successfully sent/);
        if (to === from) await stick.event((e) => e.what === 'cbw' && e.cdb.startsWith('1b'));
        const { device } = await stick.seen(({ device: d }) => d.productId === Number.parseInt(to, 16));
        assert.equal(device.portPath, PORT_PATH);
        const effect = to === from ? `stays ${to}: an eject alone switches nothing` : `comes back as ${to}`;
        await row('usb_modeswitch', 'usb-modeswitch', `${flag} at 12d1:${from}`, effect);
      });
    }

    it('switches as its own data file says', async () => {
      // The stick stays until its CSW has been read, on a busy machine too; else the program takes it for gone, which is as well.
      await stick.fresh({ timing: { ...QUICK, switch: 10_000 } });
      await stick.plugged();
      const pack = '/usr/share/usb_modeswitch/configPack.tar.gz';
      const { text: config } = await run('tar', ['-xOf', pack, '12d1:1f01']);
      assert.match(config, /HuaweiNewMode/);
      writeFileSync('/var/tmp/12d1:1f01', config);
      const { text } = await run('usb_modeswitch', ['-v', '12d1', '-p', '1f01', '-c', '/var/tmp/12d1:1f01']);
      assert.match(text, /Response successfully read \(13 bytes\), status 0/, text);
      await stick.seen(({ device }) => device.productId === 0x14db);
      await row(
        'usb_modeswitch',
        'usb-modeswitch',
        'its data file for 12d1:1f01',
        'comes back as 14db, a target of that file',
      );
    });
  });

  it('lsusb reads clean descriptors in every mode', async () => {
    const modes = [
      'cdrom-hilink',
      'cdrom-pnp',
      'hilink',
      'hilink-rndis',
      'hilink-sd',
      'tty',
      'tty-ncm',
      'bootrom',
    ] as const;
    for (const mode of modes) {
      await stick.fresh({ firmware: 'stick', setport: 'FF;10,12,16,A1,A2', timing: QUICK });
      stick.order({ fault: 'othermode', at: 'enumerate', mode });
      await stick.plugged();
      const said = await run('lsusb', ['-v', '-d', '12d1:']);
      // It reads the descriptors of CDC under class 02 only. Those of RNDIS and Huawei's NCM it shows as bytes, as for real ones.
      const text = said.text.replace(/\*\* UNRECOGNIZED: {2}[0-9a-f]{2} 24 .*/g, '');
      assert.match(text, /bNumInterfaces/);
      assert.doesNotMatch(text, /unrecognized|junk|INVALID|can't|Warning|\*\*\*|\?\?\?/i, `${mode}:\n${text}`);
    }
    await row('lsusb', 'usbutils', `-v in ${modes.length} modes`, 'clean descriptors, nothing unrecognised');
  });

  it('tio talks AT', async () => {
    const path = ttyOf(await modem(), 'pcui');
    // tio wants a terminal: script makes one. The first AT after the enumeration is lost, as on real sticks.
    const keys = `(sleep 1; printf 'AT\\r'; sleep 1; printf 'AT\\r'; sleep 1; printf 'ATI\\r'; sleep 3; printf '\\024q')`;
    const { text } = await run('bash', ['-c', `${keys} | script -qec 'tio -b 115200 ${path}' /dev/null`]);
    assert.match(text, /OK/);
    assert.match(text, /Model: E3272/);
    await row('tio', 'tio', 'AT, ATI', 'OK, Model: E3272');
  });

  describe('gammu', () => {
    const gammu = async (path: string, args: string[]): Promise<string> => {
      const config = `[gammu]\ndevice = ${path}\nconnection = at115200\nmodel = E3276\nlogformat = textall\nlogfile = /var/tmp/gammu.log\n`;
      writeFileSync('/var/tmp/gammurc', config);
      const { code, text } = await run('gammu', ['-c', '/var/tmp/gammurc', ...args]);
      assert.notEqual(
        code,
        undefined,
        `gammu hangs; its log ends in:\n${readFileSync('/var/tmp/gammu.log', 'latin1').slice(-2_500)}`,
      );
      return text;
    };
    let path: string;
    before(async () => {
      // URCs as rare as a real stick's: one between its first commands hangs gammu, as owners of real sticks report.
      await stick.fresh({ ...MODEM, timing: { ...QUICK, urcEvery: 20_000 } });
      path = ttyOf(await stick.plugged(), 'pcui');
    });

    it('identifies the stick', async () => {
      const text = await gammu(path, ['identify']);
      assert.match(text, /Manufacturer\s+: Huawei/i, text);
      assert.match(text, /Model\s+: .*E3272/, text);
      await row('gammu', 'gammu', 'identify', 'manufacturer, model, firmware, IMEI');
    });

    it('knows the network', async () => {
      const text = await gammu(path, ['networkinfo']);
      assert.match(text, /Network state\s+: home network/, text);
      await row('gammu', 'gammu', 'networkinfo', 'home network, operator');
    });

    it('sends an SMS', async () => {
      const text = await gammu(path, ['sendsms', 'TEXT', '+491701234567', '-text', 'Grüße {from} gammu']);
      assert.match(text, /OK, message reference/, text);
      await stick.event((e) => e.what === 'sms' && e.text === 'Grüße {from} gammu');
      await row('gammu', 'gammu', 'sendsms TEXT', 'the stick has sent it, text unharmed');
    });

    it('reads what came in', async () => {
      stick.order({ do: 'sms', from: '+491709876543', text: 'Guthaben: 3,50 €' });
      const text = await gammu(path, ['getallsms']);
      assert.match(text, /Guthaben: 3,50 €/, text);
      assert.match(text, /491709876543/, text);
      await row('gammu', 'gammu', 'getallsms', 'number and text');
    });

    it('watches the stick', async () => {
      const text = await gammu(path, ['monitor', '1']);
      assert.match(text, /Signal strength/, text);
      assert.doesNotMatch(text, /Unknown error/, text);
      await row('gammu', 'gammu', 'monitor', 'signal, network, counts of SMS, calls and messages as they come');
    });
  });
});
