import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import type { StickOptions } from '../../src/virtual/options';
import { type Line, type Rig, rig } from './rig';

const OK = '\r\nOK\r\n';
const DIRECT = { firmware: 'stick', setport: 'FF;10,12,13' } as const;

/** A stick that is a modem at once, with ports modem 0, PCUI 1, diag 2; gives the PCUI. */
async function modem(r: Rig): Promise<Line> {
  r.stick.plug();
  await r.settle('tty', 3);
  return r.open(1);
}

/** Runs `body` on a modem's PCUI with echo off. */
function quiet(options: Partial<StickOptions>, body: (line: Line, r: Rig) => Promise<void>): Promise<void> {
  const r = rig({ ...DIRECT, ...options });
  return r.run(async () => {
    const line = await modem(r);
    await line.at('ATE0');
    await body(line, r);
  });
}

describe('virtual stick: AT parser', () => {
  it('echoes what it gets, LF after CR apart, until ATE0', () => {
    const r = rig(DIRECT);
    return r.run(async () => {
      const line = await modem(r);
      assert.equal(await line.at('AT'), `AT\r${OK}`);
      line.send('at \r\n');
      assert.equal(await line.until((t) => t.endsWith(OK)), `at \r${OK}`);
      assert.equal(await line.at('ATE0'), `ATE0\r${OK}`);
      assert.equal(await line.at('AT'), OK);
    });
  });

  it('says nothing to a line that is short or does not start with AT', () =>
    quiet({}, async (line, r) => {
      for (const text of ['\r', 'A\r', 'ZZ\r', 'HELLO\r', '\x1b\r']) line.send(text);
      await r.pass(1_000);
      assert.equal(line.text(), '');
      assert.equal(await line.at('AT'), OK, 'and goes on');
    }));

  it('keeps what has no CR, so that it spoils the next line', () =>
    quiet({}, async (line, r) => {
      line.send('garbage');
      await r.pass(1_000);
      line.send('AT\r');
      await r.pass(1_000);
      assert.equal(line.text(), '');
    }));

  it('throws away what comes on the same port while a command runs', () =>
    quiet({}, async (line, r) => {
      line.send('AT+CGMM\rAT+CGMI\r');
      line.send('AT+CGMR\r');
      await r.pass(1_000);
      assert.equal(line.text(), `\r\nE3272\r\n${OK}`);
    }));

  it('holds a line of the other port meanwhile, the newest only', () =>
    quiet({}, async (line, r) => {
      const other = r.open(0);
      line.send('AT+CGMM\r');
      other.send('AT+CGMI\r');
      other.send('AT+CGMR\r');
      await r.pass(1_000);
      assert.equal(line.text(), `\r\nE3272\r\n${OK}`);
      assert.equal(other.text(), `\r\n21.420.07.00.00\r\n${OK}`);
    }));

  it('diag is silent', () => {
    const r = rig(DIRECT);
    return r.run(async () => {
      await modem(r);
      const diag = r.open(2);
      diag.send('AT\r');
      await r.pass(5_000);
      assert.equal(diag.text(), '');
    });
  });

  it('loses the first AT after an enumeration, echo and all', () => {
    const r = rig({ ...DIRECT, losesFirstAt: true });
    return r.run(async () => {
      const line = await modem(r);
      line.send('AT\r');
      await r.pass(5_000);
      assert.equal(line.text(), '');
      assert.equal(await line.at('AT'), `AT\r${OK}`);
    });
  });

  it('runs commands joined by ; in order and stops at the first refusal', () =>
    quiet({}, async (line) => {
      assert.equal(await line.at('AT+CGMM;+CGMI'), `\r\nE3272\r\n\r\nhuawei\r\n${OK}`);
      assert.equal(await line.at('AT+CGMM;+XYZ;+CGMI'), '\r\nE3272\r\n\r\nCOMMAND NOT SUPPORT\r\n');
      assert.equal(await line.at(`AT${';'.repeat(40)}`), '\r\nERROR\r\n');
    }));

  it('A/ repeats the last line without waiting for a CR', () =>
    quiet({}, async (line) => {
      await line.at('AT+CGMM');
      line.send('A/');
      assert.equal(await line.until((t) => t.endsWith(OK)), `\r\nE3272\r\n${OK}`);
    }));

  it('V0 gives numbers for result codes', () =>
    quiet({}, async (line) => {
      line.send('ATV0\r');
      assert.equal(await line.until((t) => t.length > 0), '0\r');
    }));
});

describe('virtual stick: answers in pieces', () => {
  it('cuts everything it says, URCs too, and loses nothing', () =>
    quiet({ pieces: 3 }, async (line, r) => {
      r.stick.urc('^RSSI: 1');
      assert.deepEqual(
        line.chunks.map((c) => c.toString('latin1')),
        ['\r\n^', 'RSS', 'I: ', '1\r\n'],
      );
      line.take();
      line.send('AT+CGMM\r');
      await r.pass(100);
      assert.ok(line.chunks.every((c) => c.length <= 3));
      assert.equal(line.text(), `\r\nE3272\r\n${OK}`);
    }));
});

describe('virtual stick: AT commands', () => {
  it('ATI has the five lines of an E3272', () =>
    quiet({}, async (line) => {
      const answer = await line.at('ATI');
      assert.match(
        answer,
        /^\r\nManufacturer: huawei\r\nModel: E3272\r\nRevision: 21\.420\.07\.00\.00\r\nIMEI: 00101300\d{7}\r\n\+GCAP: \+CGSM,\+DS,\+ES\r\n\r\nOK\r\n$/,
      );
    }));

  it('gives its identity in the shapes of the facts', () =>
    quiet({}, async (line) => {
      const shapes: [string, RegExp][] = [
        ['AT+CGSN', /^\r\n\d{15}\r\n\r\nOK\r\n$/],
        ['AT+CIMI', /^\r\n00101\d{10}\r\n/],
        ['AT^ICCID?', /^\r\n\^ICCID: 89\d{17}\r\n/],
        ['AT^FHVER', /^\r\n\^FHVER:"E3272 21\.420\.07\.00\.00,[^"]+"\r\n/],
        ['AT^VERSION?', /\^VERSION:BDT:.*\r\n\^VERSION:EXTS:21\.420\.07\.00\.00\r\n/],
        ['AT^DLOADVER?', /^\r\n2\.0\r\n\r\nOK\r\n$/],
        ['AT^GETPORTMODE', /huawei,,3g_modem:0,pcui:1,3g_diag:2\r\n/],
        ['AT+CSQ', /^\r\n\+CSQ: 26,99\r\n/],
        ['AT^HCSQ?', /^\r\n\^HCSQ:"LTE",61,51,66,20\r\n/],
        ['AT^SYSINFOEX', /^\r\n\^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"\r\n/],
        ['AT+COPS?', /^\r\n\+COPS: 0,0,"[^"]+",7\r\n/],
        ['AT+CEREG?', /^\r\n\+CEREG: 0,1\r\n/],
        ['AT+CPIN?', /^\r\n\+CPIN: READY\r\n/],
        ['AT^CPIN?', /^\r\n\^CPIN: READY,,10,3,10,3\r\n/],
      ];
      for (const [command, shape] of shapes) assert.match(await line.at(command), shape, command);
    }));

  it('the IMEI has a right check digit', () =>
    quiet({ seed: 7 }, async (line) => {
      const digits = [...((await line.at('AT+CGSN')).match(/\d{15}/)?.[0] ?? '')].map(Number);
      const sum = digits.reverse().reduce((s, d, i) => s + (i % 2 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d), 0);
      assert.equal(digits.length, 15);
      assert.equal(sum % 10, 0);
    }));

  it('without a SIM: verbose CME errors, numeric or plain ERROR as +CMEE says', () =>
    quiet({ sim: { state: 'absent' } }, async (line) => {
      assert.equal(await line.at('AT+CPIN?'), '\r\n+CME ERROR: SIM not inserted\r\n');
      await line.at('AT+CMEE=1');
      assert.equal(await line.at('AT+CIMI'), '\r\n+CME ERROR: 10\r\n');
      await line.at('AT+CMEE=0');
      assert.equal(await line.at('AT^ICCID?'), '\r\nERROR\r\n');
      assert.equal(await line.at('AT+COPS?'), `\r\n+COPS: 0\r\n${OK}`);
      assert.match(await line.at('AT^SYSINFOEX'), /:0,0,0,255,/);
    }));

  it('a locked SIM counts tries, opens with the right PIN, and wants the PUK after three wrong ones', () =>
    quiet({ sim: { state: 'pin', pin: '4711' } }, async (line, r) => {
      assert.match(await line.at('AT+CPIN?'), /SIM PIN/);
      await line.at('AT+CMEE=1');
      assert.equal(await line.at('AT+CPIN="1111"'), '\r\n+CME ERROR: 16\r\n');
      assert.match(await line.at('AT^CPIN?'), /\^CPIN: SIM PIN,2,10,2,10,3/);
      assert.ok((await line.at('AT+CPIN="4711"')).startsWith(`${OK}\r\n^SIMST:1\r\n\r\n^SRVST:2\r\n`));
      assert.match(await line.at('AT+CPIN?'), /READY/);
      r.stick.insertSim('pin');
      for (const wrong of ['1', '2', '3']) await line.at(`AT+CPIN="${wrong}"`);
      assert.match(await line.at('AT+CPIN?'), /SIM PUK/);
    }));

  it('unknown commands: COMMAND NOT SUPPORT on stick firmware', () =>
    quiet({}, async (line) => {
      assert.equal(await line.at('AT+CPROT=?'), '\r\nCOMMAND NOT SUPPORT\r\n');
    }));

  it('unknown commands: ERROR on HiLink firmware, ^SETPORT too where it does not know it', () => {
    const r = rig({ firmware: 'hilink', quirks: ['setport-unknown'] });
    return r.run(async () => {
      r.stick.faults.order({ fault: 'othermode', at: 'enumerate', mode: 'tty-ncm' });
      r.stick.plug();
      await r.settle('tty-ncm', 3);
      const pcui = r.open(2);
      await pcui.at('ATE0');
      assert.equal(await pcui.at('AT+CPROT=?'), '\r\nERROR\r\n');
      assert.equal(await pcui.at('AT^SETPORT?'), '\r\nERROR\r\n');
    });
  });
});

describe('virtual stick: SETPORT', () => {
  it('lists the codes of a real E3272, both PCUI among them', () =>
    quiet({}, async (line) => {
      const answer = await line.at('AT^SETPORT=?');
      const codes = [...answer.matchAll(/\^SETPORT:(\w+): [\w ]+\r\n/g)].map(([, code]) => code);
      assert.deepEqual(codes, ['1', '2', '3', '5', 'A', '16', 'A1', 'A2', '10', '12', '13', '14']);
      assert.ok(answer.includes('^SETPORT:2: 3G PCUI\r\n') && answer.includes('^SETPORT:12: 4G PCUI\r\n'));
    }));

  it('refuses unknown codes, duplicates, a before that does not begin with A1, and more than 50 characters', () =>
    quiet({}, async (line, r) => {
      for (const bad of ['FF;99', 'FF;12,12', 'A2;12', 'FF', 'FF;', 'A1,12;12', `FF;${'12,'.repeat(20)}10`]) {
        assert.equal(await line.at(`AT^SETPORT="${bad}"`), '\r\nERROR\r\n', bad);
      }
      assert.equal(r.stick.setport, DIRECT.setport);
    }));

  it('a stick can not be made with a SETPORT that it would refuse', () => {
    for (const options of [{ setport: 'FF;99' }, { pieces: 0 }]) {
      assert.throws(
        () => rig(options),
        (error: unknown) => isDriverError(error, 'BAD_ARGUMENT'),
      );
    }
  });

  it('takes effect at the next start, survives unplugging, and decides what comes up', () =>
    quiet({}, async (line, r) => {
      assert.equal(await line.at('AT^SETPORT="A1,A2;12,16"'), OK);
      assert.equal(await line.at('AT^SETPORT?'), `\r\n^SETPORT:${DIRECT.setport}\r\n${OK}`, 'the running one');
      r.stick.plug();
      await r.settle('cdrom-stick', 0);
      r.stick.unplug();
      assert.equal(r.stick.setport, 'A1,A2;12,16');
    }));

  it('^RESET: OK, gone 2.5 s later, back in the new composition', () =>
    quiet({}, async (line, r) => {
      await line.at('AT^SETPORT="FF;12,10"');
      assert.equal(await line.at('AT^RESET'), OK);
      const answered = r.clock.now();
      await r.event('mode');
      assert.ok(line.gone);
      assert.equal(r.clock.now() - answered + 5, 2_500, 'counted from the command, which takes 5 ms');
      line.tty.close();
      await r.settle('tty', 2);
      const protocols = r.stick.device?.interfaces.map((i) => i.protocol);
      assert.deepEqual(protocols, [0x12, 0x10]);
    }));

  it('^GODLOAD: OK, then the loader as 1442 on interface 0', () =>
    quiet({}, async (line, r) => {
      assert.equal(await line.at('AT^GODLOAD'), OK);
      await r.settle('loader-godload', 2);
      const port = r.open(0);
      port.send('AT^DLOADVER?\r');
      assert.equal(port.text(), `\r\n2.0\r\n${OK}`);
      port.send('AT\r');
      assert.equal(port.text(), '');
    }));

  it('^GODLOAD can be refused, as newer firmware does', () =>
    quiet({ godload: false }, async (line) => assert.equal(await line.at('AT^GODLOAD'), '\r\nERROR\r\n')));
});

describe('virtual stick: URCs', () => {
  it('come while somebody listens, in the middle of a command too, and stop with ^CURC=0', () => {
    const r = rig({ ...DIRECT, timing: { urcEvery: 1_000, command: 2_500 } });
    return r.run(async () => {
      const line = await modem(r);
      const answer = await line.at('AT+CGMM');
      assert.match(answer, /^AT\+CGMM\r\r\n\^RSSI: 26\r\n\r\n\^HCSQ:"LTE",61,51,66,20\r\n\r\nE3272\r\n\r\nOK\r\n$/);
      await line.at('AT^CURC=0');
      line.take();
      await r.pass(20_000);
      assert.equal(line.text(), '');
      line.tty.close();
      assert.equal(r.clock.pending, 0, 'no timer is left once the port is closed');
    });
  });

  it('go to the modem port after ^PORTSEL=1', () =>
    quiet({}, async (line, r) => {
      const other = r.open(0);
      r.stick.removeSim();
      const gone = '\r\n^SIMST:255\r\n\r\n^SRVST:0\r\n\r\n^MODE:0,0\r\n\r\n^RSSI: 99\r\n\r\n^HCSQ:"NOSERVICE"\r\n';
      assert.equal(line.text(), gone);
      await line.at('AT^PORTSEL=1');
      r.stick.insertSim();
      assert.equal(line.text(), '');
      assert.match(other.text(), /^\r\n\^SIMST:1\r\n/);
    }));

  it('a new SIM is busy at first when made so', () =>
    quiet({ timing: { simBusy: 3_000 } }, async (line, r) => {
      r.stick.insertSim();
      await line.at('AT+CMEE=1');
      assert.equal(await line.at('AT+CPIN?'), '\r\n+CME ERROR: 14\r\n');
      await r.pass(3_000);
      assert.match(await line.at('AT+CPIN?'), /READY/);
    }));
});

describe('virtual stick: tty numbers', () => {
  it('move on when an old tty is still held open, and come back when it is closed', () => {
    const r = rig(DIRECT);
    return r.run(async () => {
      const line = await modem(r);
      assert.equal(line.tty.number, 1);
      r.stick.plug();
      await r.settle('tty', 3);
      assert.deepEqual(
        r.stick.ttys.map((t) => t.number),
        [0, 2, 3],
      );
      line.tty.close();
      r.stick.plug();
      await r.settle('tty', 3);
      assert.deepEqual(
        r.stick.ttys.map((t) => t.number),
        [0, 1, 2],
      );
    });
  });
});
