import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import type { StickOptions } from '../../src/virtual/options';
import { obey } from '../../src/virtual/orders';
import { decodePdu } from '../../src/virtual/sms/pdu';
import { type Line, type Rig, rig } from './rig';

const OK = '\r\nOK\r\n';
const DIRECT = { firmware: 'stick', setport: 'FF;10,12' } as const;
const FROM = '+491701234567';

/** Runs `body` on a PCUI without echo and with numeric errors. */
function quiet(options: Partial<StickOptions>, body: (line: Line, r: Rig) => Promise<void>): Promise<void> {
  const r = rig({ ...DIRECT, ...options });
  return r.run(async () => {
    r.stick.plug();
    await r.settle('tty', 2);
    const line = r.open(1);
    await line.at('ATE0+CMEE=1');
    await body(line, r);
  });
}

const prompt = (line: Line, command: string): Promise<string> => {
  line.send(`${command}\r`);
  return line.until((t) => t.endsWith('> '));
};
const body = (line: Line, text: string): Promise<string> => {
  line.send(text);
  return line.until((t) => /(OK|ERROR.*)\r\n$/.test(t));
};

/** A SUBMIT to +491710123456 with "hellohello". */
const SUBMIT = '0001000C9194710121436500000AE8329BFD4697D9EC37';
const WITH_REPORT = SUBMIT.replace('0001', '0021');

describe('virtual stick: SMS received', () => {
  it('is stored on the SIM, told as +CNMI says, and read once as unread', () =>
    quiet({}, async (line, r) => {
      r.stick.receiveSms({ from: FROM, text: 'one' });
      assert.equal(line.text(), '', '+CNMI is 0 after a start');
      await line.at('AT+CNMI=2,1,0,2,0');
      r.stick.receiveSms({ from: FROM, text: 'two' });
      assert.equal(line.text(), '\r\n+CMTI: "SM",1\r\n');
      const unread = await line.at('AT+CMGL=0');
      assert.match(unread, /^\r\n\+CMGL: 0,0,,\d+\r\n[0-9A-F]+\r\n\+CMGL: 1,0,,\d+\r\n[0-9A-F]+\r\n\r\nOK\r\n$/);
      assert.equal(await line.at('AT+CMGL=0'), OK, 'it has been read now');
      const [, length, pdu = ''] =
        /^\r\n\+CMGR: 1,,(\d+)\r\n([0-9A-F]+)\r\n\r\nOK/.exec(await line.at('AT+CMGR=1')) ?? [];
      const message = decodePdu(pdu, 'to host');
      assert.ok(message.kind === 'deliver');
      assert.deepEqual([message.from, message.text, message.length], [FROM, 'two', Number(length)]);
      assert.equal(await line.at('AT+CMGR=7'), OK, 'an empty place');
      assert.equal(await line.at('AT+CMGR=20'), '\r\n+CMS ERROR: 321\r\n');
      assert.equal(await line.at('AT+CPMS?'), `\r\n+CPMS: "SM",2,20,"SM",2,20,"SM",2,20\r\n${OK}`);
    }));

  it('+CPMS chooses the store for reading and the one for receiving', () =>
    quiet({}, async (line, r) => {
      assert.equal(await line.at('AT+CPMS="SM","SM","ME"'), `\r\n+CPMS: 0,20,0,20,0,100\r\n${OK}`);
      await line.at('AT+CNMI=2,1');
      r.stick.receiveSms({ from: FROM, text: 'x' });
      assert.equal(line.text(), '\r\n+CMTI: "ME",0\r\n');
      assert.equal(await line.at('AT+CMGL=4'), OK);
      await line.at('AT+CPMS="ME"');
      assert.match(await line.at('AT+CMGL=4'), /\+CMGL: 0,0,,/);
      assert.equal(await line.at('AT+CPMS="XX"'), '\r\n+CMS ERROR: 302\r\n');
    }));

  it('a full SIM says ^SMMEMFULL once and then loses in silence, until there is room', () =>
    quiet({ sim: { messages: 2 } }, async (line, r) => {
      await line.at('AT+CNMI=2,1');
      for (const text of ['1', '2', '3']) r.stick.receiveSms({ from: FROM, text });
      assert.equal(line.text(), '\r\n+CMTI: "SM",0\r\n\r\n+CMTI: "SM",1\r\n\r\n^SMMEMFULL: "SM"\r\n');
      assert.equal(r.events.filter((e) => e.what === 'sms-lost').length, 1);
      await line.at('AT+CMGD=0');
      r.stick.receiveSms({ from: FROM, text: '4' });
      assert.match(line.text(), /CMTI: "SM",0/);
    }));

  it('+CMGD deletes one, or all of a kind', () =>
    quiet({}, async (line, r) => {
      for (const text of ['1', '2', '3']) r.stick.receiveSms({ from: FROM, text });
      await line.at('AT+CMGR=1');
      assert.equal(await line.at('AT+CMGD=?'), `\r\n+CMGD: (0,1,2),(0-4)\r\n${OK}`);
      assert.equal(await line.at('AT+CMGD=0,1'), OK, 'what has been read');
      assert.equal(await line.at('AT+CMGD=?'), `\r\n+CMGD: (0,2),(0-4)\r\n${OK}`);
      assert.equal(await line.at('AT+CMGD=2'), OK);
      assert.equal(await line.at('AT+CMGD=0,4'), OK);
      assert.equal(await line.at('AT+CMGL=4'), OK);
      assert.equal(await line.at('AT+CMGD=20'), '\r\n+CMS ERROR: 321\r\n');
    }));

  it('long ones come in parts, out of order, lost or twice as ordered', () =>
    quiet({}, async (line, r) => {
      const text = 'abcdefghij'.repeat(40);
      obey(r.stick, JSON.stringify({ do: 'sms', from: FROM, text, order: [3, 1, 1] }));
      const pdus = [...(await line.at('AT+CMGL=4')).matchAll(/\r\n([0-9A-F]{20,})/g)].map(([, pdu = '']) => pdu);
      const parts = pdus.map((pdu) => decodePdu(pdu, 'to host'));
      assert.deepEqual(
        parts.map((p) => p.kind === 'deliver' && p.part),
        [3, 1, 1].map((sequence) => ({ reference: 1, total: 3, sequence })),
      );
    }));

  it('are written with the national tables that are ordered', () =>
    quiet({}, async (line, r) => {
      obey(r.stick, JSON.stringify({ do: 'sms', from: FROM, text: 'ışğ', locking: 1, single: 1 }));
      const [, pdu = ''] = /\r\n([0-9A-F]{20,})/.exec(await line.at('AT+CMGR=0')) ?? [];
      const message = decodePdu(pdu, 'to host');
      assert.ok(message.kind === 'deliver');
      assert.deepEqual([message.text, message.dcs, message.locking, message.single], ['ışğ', 0, 1, 1]);
      await line.at('AT+CMGF=1;+CSCS="UCS2"');
      assert.match(await line.at('AT+CMGR=0'), /\r\n0131015F011F\r\n/, 'in text mode too');
    }));

  it('direct delivery with +CNMI=2,2 is a URC of two lines; with +CSMS=1 it wants +CNMA', () =>
    quiet({}, async (line, r) => {
      await line.at('AT+CNMI=2,2');
      r.stick.receiveSms({ from: FROM, text: 'x' });
      assert.match(line.text(), /^\r\n\+CMT: ,\d+\r\n[0-9A-F]+\r\n$/);
      assert.equal(await line.at('AT+CMGL=4'), OK, 'not stored');
      assert.equal(await line.at('AT+CNMA'), '\r\n+CMS ERROR: 340\r\n');
      await line.at('AT+CSMS=1');
      for (const text of ['y', 'z']) r.stick.receiveSms({ from: FROM, text });
      assert.equal((line.text().match(/\+CMT:/g) ?? []).length, 1, 'the second waits for the acknowledgement');
      assert.match(await line.at('AT+CNMA'), /^\r\nOK\r\n\r\n\+CMT: /);
      await r.pass(15_000);
      assert.equal(await line.at('AT+CNMI?'), `\r\n+CNMI: 2,0,0,0,0\r\n${OK}`, 'nobody acknowledged');
      assert.match(await line.at('AT+CMGL=4'), /\+CMGL: 0,0,,/, 'and the network has sent it again');
    }));

  it('waits in the network while the stick is not there, and comes in order', () => {
    const r = rig(DIRECT);
    return r.run(async () => {
      r.stick.receiveSms({ from: FROM, text: '1' });
      r.stick.plug();
      await r.settle('tty', 2);
      await r.pass(1_000);
      const line = r.open(1);
      assert.match(await line.at('AT+CMGL=4'), /\+CMGL: 0,0,,/);
      await line.at('AT+CFUN=4');
      r.stick.receiveSms({ from: FROM, text: '2' });
      assert.equal(r.stick.world.centre.waiting, 1);
      await line.at('AT+CFUN=1');
      assert.equal(r.stick.world.centre.waiting, 0);
    });
  });

  it('what +CNMI mode 0 has held back is said when the mode changes', () =>
    quiet({}, async (line, r) => {
      await line.at('AT+CNMI=0,1');
      r.stick.receiveSms({ from: FROM, text: 'x' });
      assert.equal(line.text(), '');
      assert.match(await line.at('AT+CNMI=2,1'), /\+CMTI: "SM",0/);
    }));
});

describe('virtual stick: SMS sent', () => {
  it('prompt, PDU, Ctrl-Z: the network has it, decoded', () =>
    quiet({}, async (line, r) => {
      assert.equal(await prompt(line, 'AT+CMGS=22'), '\r\n> ');
      assert.equal(await body(line, `\r${SUBMIT}\x1a`), `\r\n+CMGS: 0\r\n${OK}`);
      const sent = r.events.find((e) => e.what === 'sms');
      assert.deepEqual(sent, {
        what: 'sms',
        to: '+491710123456',
        text: 'hellohello',
        whole: 'hellohello',
        dcs: 0,
        report: false,
        reference: 0,
        pdu: SUBMIT,
      });
      await prompt(line, 'AT+CMGS=22');
      assert.match(await body(line, `${SUBMIT}\x1a`), /\+CMGS: 1\r\n/, 'numbers count up');
    }));

  it('echoes command and body as it gets them', () =>
    quiet({}, async (line) => {
      await line.at('ATE1');
      assert.equal(await prompt(line, 'AT+CMGS=22'), 'AT+CMGS=22\r\r\n> ');
      assert.equal(await body(line, `${SUBMIT}\x1a`), `${SUBMIT}\x1a\r\n+CMGS: 0\r\n${OK}`);
    }));

  it('a wrong length, CR LF before Ctrl-Z and junk are CMS error 304; ESC is a CMS error too', () =>
    quiet({}, async (line) => {
      for (const bad of [`${SUBMIT}\r\n`, 'hello', SUBMIT.slice(2), '']) {
        await prompt(line, 'AT+CMGS=22');
        assert.equal(await body(line, `${bad}\x1a`), '\r\n+CMS ERROR: 304\r\n', bad);
      }
      await prompt(line, 'AT+CMGS=22');
      assert.equal(await body(line, `${SUBMIT}\x1b`), '\r\n+CMS ERROR: 500\r\n');
      assert.equal(await line.at('AT'), OK);
      assert.equal(await line.at('AT+CMGS=0'), '\r\n+CMS ERROR: 304\r\n');
    }));

  it('says why not: no SIM, PIN, no network, no service centre, the network refuses', () =>
    quiet({}, async (line, r) => {
      const send = async () => {
        await prompt(line, 'AT+CMGS=22');
        return body(line, `${SUBMIT}\x1a`);
      };
      r.stick.removeSim();
      assert.match(await line.at('AT+CMGS=22'), /\r\n\+CMS ERROR: 310\r\n$/);
      r.stick.insertSim('pin');
      assert.match(await line.at('AT+CMGS=22'), /\r\n\+CMS ERROR: 311\r\n$/);
      r.stick.insertSim();
      line.take();
      await line.at('AT+CFUN=4');
      assert.equal(await send(), '\r\n+CMS ERROR: 331\r\n');
      await line.at('AT+CFUN=1');
      await line.at('AT+CSCA=""');
      assert.equal(await send(), '\r\n+CMS ERROR: 330\r\n');
      await line.at('AT+CSCA="+491"');
      obey(r.stick, '{"do":"centre","refuse":21}');
      assert.equal(await send(), '\r\n+CMS ERROR: 21\r\n');
      await line.at('AT+CMEE=2');
      r.stick.removeSim();
      assert.match(await line.at('AT+CMGL=4'), /\+CMS ERROR: SIM not inserted/);
    }));

  it('while one port is in the prompt the other waits; ESC there frees it', () =>
    quiet({}, async (line, r) => {
      const other = r.open(0);
      await prompt(other, 'AT+CMGS=22');
      line.send('AT+CGMM\r');
      await r.pass(300_000);
      assert.equal(line.text(), '');
      other.send('\x1b');
      assert.match(await line.until((t) => t.endsWith(OK)), /E3272/);
      await prompt(other, 'AT+CMGS=22');
      line.send('AT\r');
      await r.pass(360_001);
      other.send('\x1b');
      await r.pass(1_000);
      assert.equal(line.text(), '', 'no line is held for longer than 360 s');
      assert.equal(await line.at('AT'), OK);
    }));

  it('a status report comes as +CDS, as +CDSI, or not at all', () =>
    quiet({}, async (line, r) => {
      const send = async () => {
        await prompt(line, 'AT+CMGS=22');
        await body(line, `${WITH_REPORT}\x1a`);
        await r.pass(1_000);
        return line.text();
      };
      await line.at('AT+CNMI=2,1,0,1,0');
      const [, pdu = ''] = /^\r\n\+CDS: \d+\r\n([0-9A-F]+)\r\n$/.exec(await send()) ?? [];
      const report = decodePdu(pdu, 'to host');
      assert.ok(report.kind === 'report');
      assert.deepEqual([report.reference, report.to, report.status], [0, '+491710123456', 0]);
      await line.at('AT+CNMI=2,1,0,2,0');
      assert.equal(await send(), '\r\n+CDSI: "SM",0\r\n');
      await line.at('AT+CNMI=2,1,0,0,0');
      assert.equal(await send(), '');
    }));

  it('comes back when it goes to the own number, or always with loopback', () =>
    quiet({ sim: { number: '+491710123456' } }, async (line, r) => {
      await prompt(line, 'AT+CMGS=22');
      await body(line, `${SUBMIT}\x1a`);
      await r.pass(1_000);
      const [, pdu = ''] = /\r\n([0-9A-F]{20,})/.exec(await line.at('AT+CMGR=0')) ?? [];
      const back = decodePdu(pdu, 'to host');
      assert.ok(back.kind === 'deliver');
      assert.deepEqual([back.from, back.text], ['+491710123456', 'hellohello']);
    }));

  it('+CMGW stores what +CMSS sends, and a list with it has a SUBMIT', () =>
    quiet({}, async (line, r) => {
      await prompt(line, 'AT+CMGW=22');
      assert.equal(await body(line, `${SUBMIT}\x1a`), `\r\n+CMGW: 0\r\n${OK}`);
      assert.equal(await line.at('AT+CMGL=2'), `\r\n+CMGL: 0,2,,22\r\n${SUBMIT}\r\n${OK}`);
      assert.equal(await line.at('AT+CMSS=0'), `\r\n+CMSS: 0\r\n${OK}`);
      assert.equal(await line.at('AT+CMGL=3'), `\r\n+CMGL: 0,3,,22\r\n${SUBMIT}\r\n${OK}`);
      assert.equal(r.events.filter((e) => e.what === 'sms').length, 1);
      assert.equal(await line.at('AT+CMSS=5'), '\r\n+CMS ERROR: 321\r\n');
    }));

  it('text mode: another prompt for each CR, words instead of PDUs', () =>
    quiet({}, async (line, r) => {
      await line.at('AT+CMGF=1');
      assert.equal(await prompt(line, 'AT+CMGS="+491710123456"'), '\r\n> ');
      line.send('Hello\r');
      assert.equal(await line.until((t) => t.endsWith('> ')), '\r\n> ');
      assert.equal(await body(line, 'OK\x1a'), `\r\n+CMGS: 0\r\n${OK}`);
      const sent = r.events.find((e) => e.what === 'sms');
      assert.ok(sent?.what === 'sms');
      assert.equal(sent.text, 'Hello\nOK');
      r.stick.receiveSms({ from: FROM, text: 'ERROR' });
      assert.equal(
        await line.at('AT+CMGL="ALL"'),
        `\r\n+CMGL: 0,"REC UNREAD","${FROM}",,"24/01/01,01:00:01+04"\r\nERROR\r\n${OK}`,
      );
      await line.at('AT+CSCS="UCS2"');
      assert.match(await line.at('AT+CMGR=0'), /\+CMGR: "REC READ","002B00340039[0-9A-F]+",,"24[^"]+"\r\n00450052/);
    }));
});

describe('virtual stick: orders about SMS', () => {
  it('what makes no sense is refused, and nothing arrives', () =>
    quiet({}, async (_line, r) => {
      const bad = [
        { do: 'sms' },
        { do: 'sms', from: 'x'.repeat(12), text: '' },
        { do: 'sms', from: FROM, text: 'ж', alphabet: 'gsm7' },
        { do: 'sms', from: FROM, text: '', typo: 1 },
        { do: 'sms', from: FROM, text: '', order: [0] },
        { do: 'sms', from: FROM, text: '', time: 'now' },
        { do: 'sms', from: FROM, text: '', flash: 1 },
        { do: 'sms', from: FROM, text: '', reference: -1 },
        { do: 'sms', from: FROM, text: '', locking: 'tr' },
        { do: 'sms', from: FROM, text: '', single: 256 },
        { do: 'pdu', hex: '0' },
        { do: 'pdu' },
        { do: 'centre', refuse: 'all' },
        { do: 'centre', colour: 1 },
      ];
      for (const order of bad) {
        assert.throws(
          () => obey(r.stick, JSON.stringify(order)),
          (error: unknown) => isDriverError(error, 'BAD_ARGUMENT'),
          JSON.stringify(order),
        );
      }
      assert.equal(r.stick.sim.messages.used, 0);
    }));
});
