import assert from 'node:assert/strict';
import { heard, modem, OK, order, refused } from './order-rig';
import { rig, unhex } from './rig';

describe('virtual stick: orders to hang', () => {
  it('the ports are mute, URCs go on, and the cure helps', () =>
    modem(async (line, r) => {
      order(r, { do: 'hang', cure: 'esc' });
      assert.equal(await heard(r, line, 'AT\r', 60_000), '');
      r.stick.urc('^RSSI: 1');
      assert.equal(line.text(), '\r\n^RSSI: 1\r\n');
      line.send('\x1b');
      assert.equal(await line.at('AT'), OK);
    }));

  it('ESC is no cure for what wants the port opened anew', () =>
    modem(async (line, r) => {
      order(r, { do: 'hang', cure: 'reopen' });
      assert.equal(await heard(r, line, '\x1bAT\r'), '');
      line.tty.close();
      assert.equal(await r.open(1).at('AT'), OK);
    }));

  it('the other port cures what yields to +CFUN, and only the ports that are named hang', () =>
    modem(async (line, r) => {
      const other = r.open(0);
      order(r, { do: 'hang', cure: 'cfun' });
      assert.equal(await heard(r, line, 'AT\r'), '');
      assert.equal(await other.at('AT+CFUN=1'), OK);
      assert.equal(await line.at('AT'), OK);
      order(r, { do: 'hang', cure: 'reset', ports: 'modem' });
      assert.equal(await heard(r, other, 'AT\r'), '');
      assert.equal(await line.at('AT'), OK);
      order(r, { do: 'hang', cure: 'esc', ports: 'both' });
      assert.equal((await heard(r, other, 'AT\r')) + (await heard(r, line, 'AT\r')), '');
    }));

  it('the hardest one outlives the bus, and yields to pulling it out', () =>
    modem(async (line, r) => {
      order(r, { do: 'hang', cure: 'replug' });
      line.tty.close();
      r.stick.reenumerate();
      await r.settle('tty', 2);
      const again = r.open(1);
      assert.equal(await heard(r, again, 'AT\r'), '');
      again.tty.close();
      order(r, { do: 'plug' });
      await r.settle('tty', 2);
      assert.equal(await r.open(1).at('AT'), `AT\r${OK}`);
    }));

  it('are refused, and the port goes on', () =>
    modem(async (line, r) => {
      refused(r, { do: 'hang' }, /"cure" of the hang must be one of esc, reopen, cfun, reset, reauthorize, replug/);
      refused(r, { do: 'hang', cure: 'prayer' }, /"cure"/);
      refused(r, { do: 'hang', cure: 'esc', ports: 'diag' }, /"ports" of the hang must be one of pcui, modem, both/);
      refused(r, { do: 'hang', cure: 'esc', port: 'pcui' }, /the hang has no "port", only cure, ports/);
      assert.equal(await line.at('AT'), OK);
      order(r, { do: 'unplug' });
      refused(r, { do: 'hang', cure: 'esc' }, /no firmware with AT ports is running/, 'WRONG_MODE');
    }));

  it('a port that the stick does not have cannot hang', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;12' });
    return r.run(async () => {
      order(r, { do: 'plug' });
      await r.settle('tty', 1);
      refused(r, { do: 'hang', cure: 'esc', ports: 'modem' }, /has no such port, only pcui/, 'WRONG_MODE');
      refused(r, { do: 'hdlc', port: 'modem' }, /has no such port, only pcui/, 'WRONG_MODE');
      assert.equal(await r.open(0).at('AT'), `AT\r${OK}`);
    });
  });
});

describe('virtual stick: a port left in HDLC mode, by order', () => {
  it('answers text with NAK 06, and comes back by frame 01; the other port talks AT', () =>
    modem(async (line, r) => {
      order(r, { do: 'hdlc', port: 'pcui' });
      line.send('AT\r');
      const nak = await line.until((t) => t.length > 0);
      assert.deepEqual([...Buffer.from(nak, 'latin1').subarray(0, 4)], [0x7e, 0x03, 0x00, 0x06]);
      assert.equal(await r.open(0).at('AT'), OK);
      line.send(unhex('7e01f1e17e'));
      await line.until((t) => t.length > 0);
      assert.equal(await line.at('AT'), OK);
    }));

  it('is refused for what is no such port', () =>
    modem(async (line, r) => {
      refused(r, { do: 'hdlc' }, /"port" of the HDLC order must be one of modem, pcui/);
      refused(r, { do: 'hdlc', port: 'diag' }, /"port"/);
      refused(r, { do: 'hdlc', port: 'pcui', on: true }, /has no "on", only port/);
      assert.equal(await line.at('AT'), OK);
    }));
});

describe('virtual stick: orders about quirks', () => {
  it('switch one on and off again, from the next command on', () =>
    modem(async (line, r) => {
      order(r, { do: 'quirk', name: 'cpin-no-ok', on: true });
      assert.equal(await heard(r, line, 'AT+CPIN?\r'), '\r\n+CPIN: READY\r\n');
      order(r, { do: 'quirk', name: 'cpin-no-ok', on: false });
      assert.equal(await line.at('AT+CPIN?'), `\r\n+CPIN: READY\r\n${OK}`);
      order(r, { do: 'quirk', name: 'nul-before' });
      assert.equal(await line.at('AT'), `\0${OK}`);
    }));

  it('one about URCs that nobody reads begins while nobody reads', () =>
    modem(
      async (line, r) => {
        line.tty.close();
        order(r, { do: 'quirk', name: 'unread-hangs' });
        await r.pass(400_000);
        assert.equal(await heard(r, r.open(0), 'AT\r'), '');
      },
      { timing: { urcEvery: 1_000 } },
    ));

  it('are refused, and none is on', () =>
    modem(async (_line, r) => {
      refused(r, { do: 'quirk' }, /"name" of the quirk must be one of blank-lines, /);
      refused(r, { do: 'quirk', name: 'toString' }, /"name"/);
      refused(r, { do: 'quirk', name: 'cpin-no-ok', on: 1 }, /"on" of the quirk must be true or false/);
      refused(r, { do: 'quirk', name: 'cpin-no-ok', off: true }, /has no "off", only name, on/);
      assert.equal(r.stick.world.quirks.size, 0);
    }));
});

describe('virtual stick: what a person does, by order', () => {
  it('has the fields that it knows, and no others', () =>
    modem(async (line, r) => {
      const bad: [object, RegExp][] = [
        [{ do: 'plug', bootPin: 'yes' }, /"bootPin" of plugging in must be true or false/],
        [{ do: 'plug', pin: true }, /has no "pin", only bootPin/],
        [{ do: 'unplug', now: true }, /pulling out has no "now"\./],
        [{ do: 'insertSim', state: 'busy' }, /"state" of the SIM must be one of ready, pin, puk/],
        [{ do: 'removeSim', state: 'pin' }, /has no "state"/],
        [{ do: 'urc' }, /"line" of the URC must be a text/],
        [{ do: 'toString' }, /"do" with one of plug, unplug, insertSim, .*, quirk/],
        [['plug'], /must be a JSON object/],
      ];
      for (const [what, message] of bad) refused(r, what, message);
      assert.equal(await line.at('AT+CPIN?'), `\r\n+CPIN: READY\r\n${OK}`, 'it is still plugged in, with its SIM');
    }));
});
