import assert from 'node:assert/strict';
import { modem, OK, order, refused } from './order-rig';

const FROM = '+491701234567';
const PDU = '0791947107160000040C919471103254760000421010100000400AE8329BFD4697D9EC37';

describe('virtual stick: orders about stores and calls', () => {
  it('a message lands in the store that the order names, and +CMTI names it', () =>
    modem(async (line, r) => {
      await line.at('AT+CNMI=2,1,0,2,0');
      order(r, { do: 'sms', from: FROM, text: 'one', store: 'ME' });
      assert.equal(line.text(), '\r\n+CMTI: "ME",0\r\n');
      order(r, { do: 'pdu', hex: PDU, store: 'ME' });
      assert.equal(line.text(), '\r\n+CMTI: "ME",1\r\n');
      order(r, { do: 'sms', from: FROM, text: 'three' });
      assert.equal(line.text(), '\r\n+CMTI: "SM",0\r\n');
      assert.equal(await line.at('AT+CPMS="ME"'), `\r\n+CPMS: 2,100,1,20,1,20\r\n${OK}`);
      refused(r, { do: 'sms', from: FROM, text: 'x', store: 'MT' }, /"store" of the SMS must be one of SM, ME/);
    }));

  it('a stored PDU lies there unannounced, with the status of the order', () =>
    modem(async (line, r) => {
      await line.at('AT+CNMI=2,1,0,2,0');
      order(r, { do: 'stored', hex: PDU.toLowerCase(), store: 'ME', status: 1 });
      order(r, { do: 'stored', hex: PDU });
      assert.equal(line.text(), '');
      assert.match(await line.at('AT+CMGL=0'), new RegExp(`^\r\n\\+CMGL: 0,0,,\\d+\r\n${PDU}\r\n`));
      await line.at('AT+CPMS="ME"');
      assert.match(await line.at('AT+CMGL=1'), new RegExp(`^\r\n\\+CMGL: 0,1,,\\d+\r\n${PDU}\r\n`));
      refused(
        r,
        { do: 'stored', hex: PDU, status: 4 },
        /"status" of the stored PDU must be a whole number from 0 to 3/,
      );
      refused(r, { do: 'stored', hex: 'no' }, /The SMS is not possible/);
      for (let n = 1; n < 20; n++) order(r, { do: 'stored', hex: PDU });
      refused(r, { do: 'stored', hex: PDU }, /The store SM is full/);
    }));

  it('a call rings until the caller gives up, in the words of +CRC and +CLIP', () =>
    modem(async (line, r) => {
      order(r, { do: 'call', rings: 2 });
      await r.pass(20_000);
      assert.equal(line.text(), '\r\nRING\r\n\r\nRING\r\n\r\nNO CARRIER\r\n');
      await line.at('AT+CLIP=1');
      await line.at('AT+CRC=1');
      order(r, { do: 'call', from: FROM, rings: 1 });
      await r.pass(20_000);
      assert.equal(line.text(), `\r\n+CRING: VOICE\r\n\r\n+CLIP: "${FROM}",145,,,,0\r\n\r\nNO CARRIER\r\n`);
      refused(r, { do: 'call', rings: 0 }, /"rings" of the call/);
      order(r, { do: 'radio', registration: 'searching' });
      refused(r, { do: 'call' }, /not registered/, 'WRONG_MODE');
    }));

  it('with call-mutes nothing is announced after a call until +CNMI is set again', () =>
    modem(
      async (line, r) => {
        await line.at('AT+CNMI=2,1,0,2,0');
        order(r, { do: 'call', rings: 1 });
        await r.pass(5_000);
        line.text();
        order(r, { do: 'sms', from: FROM, text: 'unheard' });
        assert.equal(line.text(), '');
        await line.at('AT+CNMI=2,1,0,2,0');
        order(r, { do: 'sms', from: FROM, text: 'heard' });
        assert.equal(line.text(), '\r\n+CMTI: "SM",1\r\n');
      },
      { quirks: ['call-mutes'] },
    ));
});
