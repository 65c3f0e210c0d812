import assert from 'node:assert/strict';
import { modem, OK, order, refused } from './order-rig';
import { type Line, type Rig, rig } from './rig';

describe('virtual stick: orders about the radio', () => {
  it('show in the answers, and the firmware says what is new', () =>
    modem(async (line, r) => {
      await line.at('AT+CREG=2');
      order(r, {
        do: 'radio',
        system: 'WCDMA',
        registration: 'roaming',
        operator: 'Über Mobil',
        plmn: '26201',
        rssi: -81,
        rscp: -91,
        ecio: -7.5,
        area: '12AB',
        cell: '0123CDEF',
        temperature: 40.5,
      });
      assert.equal(
        line.text(),
        '\r\n^MODE:5,9\r\n\r\n+CREG: 5,"12AB","0123CDEF",2\r\n\r\n^RSSI: 16\r\n\r\n^HCSQ:"WCDMA",40,30,50\r\n',
      );
      assert.equal(await line.at('AT+CREG?'), `\r\n+CREG: 2,5,"12AB","0123CDEF",2\r\n${OK}`);
      assert.equal(await line.at('AT+CSQ'), `\r\n+CSQ: 16,99\r\n${OK}`);
      assert.equal(await line.at('AT+COPS?'), `\r\n+COPS: 0,0,"Über Mobil",2\r\n${OK}`);
      assert.match(await line.at('AT^SYSINFOEX'), /\^SYSINFOEX:2,3,1,1,,3,"WCDMA",45,"HSPA\+"\r\n/);
      assert.match(await line.at('AT^CHIPTEMP?'), /\^CHIPTEMP:405,405,/);
    }));

  it('a level of null is one that the stick does not know; no service is none', () =>
    modem(async (line, r) => {
      order(r, { do: 'radio', rsrp: null, temperature: null });
      assert.equal(await line.until((t) => t.includes('^HCSQ')), '\r\n^HCSQ:"LTE",61,255,66,20\r\n');
      assert.match(await line.at('AT^CHIPTEMP?'), /\^CHIPTEMP:65535,/);
      order(r, { do: 'radio', system: 'NOSERVICE' });
      assert.match(line.text(), /\^SRVST:0\r\n.*\^HCSQ:"NOSERVICE"\r\n$/s);
      assert.equal(await line.at('AT+COPS?'), `\r\n+COPS: 0\r\n${OK}`);
    }));

  it('work while nothing is plugged in', () => {
    const r = rig();
    order(r, { do: 'radio', rssi: -70 });
    assert.equal(r.stick.world.radio.rssi, -70);
  });

  it('are refused as a whole', () =>
    modem(async (line, r) => {
      const before = JSON.stringify(r.stick.world.radio);
      const bad: [object, RegExp][] = [
        [{ sytem: 'LTE' }, /the radio has no "sytem", only system, registration, /],
        [{ system: '5G' }, /"system" of the radio must be one of LTE, WCDMA, GSM, NOSERVICE/],
        [{ registration: 5 }, /"registration" of the radio must be one of idle, home, /],
        [{ rssi: -50.5 }, /"rssi" of the radio must be a whole number of dBm from -150 to 0, or null/],
        [{ rsrp: 44 }, /"rsrp"/],
        [{ rsrq: '-10' }, /"rsrq"/],
        [{ sinr: 51 }, /"sinr"/],
        [{ operator: 'a "name"' }, /"operator"/],
        [{ operator: 'line\nbreak' }, /"operator"/],
        [{ short: 'МТС' }, /"short"/],
        [{ plmn: '2620' }, /"plmn"/],
        [{ plmn: 26201 }, /"plmn"/],
        [{ area: 'G' }, /"area"/],
        [{ cell: '123456789' }, /"cell"/],
        [{ submode: -1 }, /"submode"/],
        [{ temperature: true }, /"temperature"/],
      ];
      for (const [fields, message] of bad) refused(r, { do: 'radio', rscp: -99, ...fields }, message);
      assert.equal(JSON.stringify(r.stick.world.radio), before);
      await r.pass(1_000);
      assert.equal(line.text(), '');
    }));
});

describe('virtual stick: orders about the data connection', () => {
  async function up(line: Line, r: Rig): Promise<void> {
    await line.at('AT^CURC=0');
    await line.at('AT^NDISDUP=1,1,"internet"');
    await r.event('data');
    line.take();
  }

  it('set the counters, one by one, beyond what a number in JSON can hold', () =>
    modem(async (line, r) => {
      order(r, { do: 'data', total: { sent: 65_536, received: '18446744073709551615' }, last: { seconds: 60 } });
      assert.equal(
        await line.at('AT^DSFLOWQRY'),
        `\r\n^DSFLOWQRY:0000003C,0000000000000000,0000000000000000,00000000,0000000000010000,FFFFFFFFFFFFFFFF\r\n${OK}`,
      );
      order(r, { do: 'data', total: { sent: '1' } });
      assert.match(await line.at('AT^DSFLOWQRY'), /,00000000,0000000000000001,FFFFFFFFFFFFFFFF\r\n/, 'the rest stays');
    }));

  it('a counter at its end begins anew, in a field as wide as before', () =>
    modem(async (line, r) => {
      order(r, { do: 'data', total: { seconds: 0xffffffff }, sendRate: 16, receiveRate: 0 });
      await up(line, r);
      await r.pass(3_000);
      assert.match(await line.at('AT^DSFLOWQRY'), /,00000002,0000000000000030,0000000000000000\r\n/);
    }));

  it('set since when it is up, and end it', () =>
    modem(async (line, r) => {
      await up(line, r);
      order(r, { do: 'data', since: r.stick.world.now().time - 100_000, sendRate: 2 });
      assert.match(await line.at('AT^DSFLOWQRY'), /\^DSFLOWQRY:00000064,00000000000000C8,/);
      order(r, { do: 'data', up: false });
      assert.equal(line.text(), '\r\n^NDISSTAT:0,,,"IPV4"\r\n');
      assert.match(await line.at('AT^NDISSTATQRY?'), /\^NDISSTATQRY:0,/);
      assert.deepEqual(r.events.at(-2), { what: 'data', up: false });
    }));

  it('are refused as a whole', () =>
    modem(async (line, r) => {
      const bad: [object, RegExp][] = [
        [{ state: 'up' }, /the data connection has no "state", only up, /],
        [{ up: true }, /"up" of the data connection must be false/],
        [{ receiveRate: -1 }, /"receiveRate" of the data connection must be a whole number of bytes a second/],
        [{ receiveRate: 2 ** 32 }, /"receiveRate"/],
        [{ since: r.stick.world.now().time + 10_000 }, /later than now/],
        [{ total: 5 }, /"total" of the data connection must be an object/],
        [{ total: { bytes: 5 } }, /"total" of the data connection has no "bytes"/],
        [{ total: { sent: -1 } }, /"sent" of "total" of the data connection must be a whole number from 0/],
        [{ total: { sent: 2 ** 53 } }, /"sent"/],
        [{ total: { sent: '18446744073709551616' } }, /"sent"/],
        [{ total: { sent: '0x10' } }, /"sent"/],
        [{ total: { sent: '' } }, /"sent"/],
        [{ last: { seconds: 2 ** 32 } }, /"seconds"/],
        [{ last: [] }, /"last"/],
      ];
      const before = await line.at('AT^DSFLOWQRY');
      for (const [fields, message] of bad) {
        refused(r, { do: 'data', total: { received: 7 }, last: { sent: 7 }, ...fields }, message);
      }
      assert.equal(await line.at('AT^DSFLOWQRY'), before);
      r.stick.unplug();
      refused(r, { do: 'data', sendRate: 1 }, /no firmware is running/, 'WRONG_MODE');
    }));
});

describe('virtual stick: orders about USSD', () => {
  const MENU = {
    text: '1 Yes\n2 No',
    next: { '1': { text: 'Thanks' }, '*': { text: 'Sure?', next: { yes: { text: 'Bye', status: 2 } } } },
  };

  /** Says `text`, and waits for what the network says to it. */
  async function say(line: Line, text: string): Promise<string> {
    await line.at(`AT+CUSD=1,"${text}",15`);
    return line.until((t) => t.includes('+CUSD'));
  }

  async function plain(line: Line): Promise<void> {
    await line.at('AT^USSDMODE=0');
    await line.at('AT+CUSD=1');
  }

  it('the network speaks by itself, in GSM-7 or UCS-2, and takes the answer', () =>
    modem(async (line, r) => {
      await plain(line);
      order(r, { do: 'ussd', text: 'News' });
      assert.equal(line.text(), '\r\n+CUSD: 0,"News",15\r\n');
      order(r, { do: 'ussd', text: 'Жук' });
      assert.equal(line.text(), '\r\n+CUSD: 0,"04160443043A",72\r\n');
      order(r, { do: 'ussd', text: 'No', status: 2, dcs: 17 });
      assert.equal(line.text(), '\r\n+CUSD: 2,"004E006F",17\r\n');
      order(r, { do: 'ussd', ...MENU });
      assert.equal(line.text(), '\r\n+CUSD: 1,"1 Yes\n2 No",15\r\n');
      assert.equal(await say(line, '1'), '\r\n+CUSD: 0,"Thanks",15\r\n');
    }));

  it('teach the network a code with its menu, and to know one no more', () =>
    modem(async (line, r) => {
      await plain(line);
      assert.equal(await say(line, '*123#'), '\r\n+CUSD: 4\r\n');
      order(r, { do: 'ussd', code: '*123#', ms: 10, ...MENU });
      assert.equal(line.text(), '', 'nothing is said before somebody asks');
      assert.equal(await say(line, '*123#'), '\r\n+CUSD: 1,"1 Yes\n2 No",15\r\n');
      assert.equal(await say(line, 'maybe'), '\r\n+CUSD: 1,"Sure?",15\r\n');
      assert.equal(await say(line, 'yes'), '\r\n+CUSD: 2,"Bye",15\r\n');
      order(r, { do: 'ussd', code: '*100#', text: '', status: 4 });
      assert.equal(await say(line, '*100#'), '\r\n+CUSD: 4\r\n');
    }));

  it('a menu has no answers but its own', () =>
    modem(async (line, r) => {
      await plain(line);
      order(r, { do: 'ussd', text: 'Menu', next: { '1': { text: 'One' } } });
      line.take();
      assert.equal(await say(line, 'constructor'), '\r\n+CUSD: 2,"Not understood",15\r\n');
    }));

  it('take as much text as a USSD string holds', () =>
    modem(async (line, r) => {
      await plain(line);
      for (const [text, longest] of [
        ['a', 182],
        ['€', 91],
        ['Ж', 80],
      ] as const) {
        order(r, { do: 'ussd', text: text.repeat(longest) });
        assert.ok(line.text().startsWith('\r\n+CUSD: 0,"'));
        refused(r, { do: 'ussd', text: text.repeat(longest + 1) }, /longer than 182 characters, or 80 in UCS-2/);
      }
    }));

  it('are refused as a whole', () =>
    modem(async (line, r) => {
      await plain(line);
      const bad: [object, RegExp][] = [
        [{ text: undefined }, /"text" of the USSD text must be a text/],
        [{ text: 5 }, /"text"/],
        [{ menu: {} }, /the USSD text has no "menu", only text, status, /],
        [{ status: 6 }, /"status"/],
        [{ status: 0, next: {} }, /the status is 1/],
        [{ dcs: 256 }, /"dcs"/],
        [{ text: 'Ж', dcs: 15 }, /needs UCS-2/],
        [{ next: [] }, /"next"/],
        [{ next: { '1': 'One' } }, /what follows the USSD answer "1" must be an object/],
        [{ next: { '1': { text: 'One', next: { '2': {} } } } }, /"text" of the USSD text after "2"/],
      ];
      for (const [fields, message] of bad) {
        refused(r, { do: 'ussd', text: 'x', ...fields }, message);
        refused(r, { do: 'ussd', code: '*100#', text: 'x', ...fields }, message);
      }
      for (const code of ['', 'abc', 100, null])
        refused(r, { do: 'ussd', code, text: 'x' }, /"code" must be of digits/);
      refused(r, { do: 'ussd', text: 'x', ms: 5 }, /without "code" it is said at once/);
      await r.pass(1_000);
      assert.equal(line.text(), '');
      assert.match(await say(line, '*100#'), /Balance/);
    }));

  it('the network does not reach a stick that is not registered', () =>
    modem(async (line, r) => {
      await plain(line);
      r.stick.removeSim();
      line.take();
      refused(r, { do: 'ussd', text: 'x' }, /the stick is not registered/, 'WRONG_MODE');
      assert.equal(line.text(), '');
      r.stick.unplug();
      refused(r, { do: 'ussd', text: 'x' }, /the stick is not registered/, 'WRONG_MODE');
    }));
});
