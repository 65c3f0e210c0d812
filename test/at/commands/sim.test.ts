import assert from 'node:assert/strict';
import {
  iccidOf,
  parseCardlock,
  parseCardmode,
  parseCnum,
  parseCpin,
  parseCpinTries,
  parseIccid,
  parseImsi,
} from '../../../src/at/commands/sim';

describe('SIM', () => {
  it('reads +CPIN and ^CPIN with the tries that are left', () => {
    assert.deepEqual(parseCpin('READY'), { state: 'READY', ready: true });
    assert.deepEqual(parseCpin(' "SIM PIN" '), { state: 'SIM PIN', ready: false });
    assert.deepEqual(parseCpin('PH-NET PIN'), { state: 'PH-NET PIN', ready: false });
    assert.equal(parseCpin(''), undefined);
    assert.deepEqual(parseCpinTries('SIM PIN,3,10,3,10,3'), {
      state: 'SIM PIN',
      ready: false,
      tries: 3,
      pinTries: 3,
      pukTries: 10,
      pin2Tries: 3,
      puk2Tries: 10,
    });
  });

  it('T46: empty and 99 tries are not known; 0 is a number', () => {
    assert.deepEqual(parseCpinTries('READY,,10,0,99,'), { state: 'READY', ready: true, pukTries: 10, pinTries: 0 });
  });

  it('T47: turns the octets of a raw ICCID round and cuts it at the first F', () => {
    for (const [text, iccid] of [
      ['"983351509062559841F4"', '8933150509265589144'],
      ['8933150509265589144', '8933150509265589144'],
      ['89331505092655891445', '89331505092655891445'],
      ['8933150509265589144F', '8933150509265589144'],
      ['98000000000000000FF0', '8900000000000000'],
      ['983351509062559841f4', '8933150509265589144'],
    ] as const) {
      assert.equal(iccidOf(text), iccid, text);
    }
    for (const text of ['', '123', '12345678901234567890', 'FFFFFFFFFFFFFFFFFFFF'])
      assert.equal(iccidOf(text), undefined);
  });

  it('finds the ICCID with and without a prefix, and in the file of the SIM', () => {
    for (const line of [
      '^ICCID: "8933150509265589144"',
      '^iccid:983351509062559841F4',
      '8933150509265589144',
      '+CRSM: 144,0,"983351509062559841F4"',
    ]) {
      assert.equal(parseIccid([line]), '8933150509265589144', line);
    }
    assert.equal(parseIccid(['+CRSM: 106,130']), undefined);
  });

  it('T5: reads the bare digits of +CIMI', () => {
    assert.equal(parseImsi(['208150123456789']), '208150123456789');
    assert.equal(parseImsi(['+CIMI: 208150123456789']), '208150123456789');
    assert.equal(parseImsi(['^RSSI:10']), undefined);
  });

  it('reads the lines of +CNUM: with and without name, speed and service; not the places without a number', () => {
    assert.deepEqual(
      parseCnum([
        '+CNUM: "","+33606487754",145',
        '+CNUM: "Me, 1, 2","0151123456",129,7,4',
        '+CNUM: ,"+33671113830",145',
        '+CNUM: Data,+33671113831,145',
        '+CNUM: "Do"nnées","+33671113832",145',
        '+CNUM: "Fax","",0',
        '+CNUM: "041C0430043A0441","002B003300330031",145',
        '+CNUM: "CAFE","003361234567",129',
      ]),
      [
        { number: '+33606487754', type: 145 },
        { name: 'Me, 1, 2', number: '0151123456', type: 129 },
        { number: '+33671113830', type: 145 },
        { name: 'Data', number: '+33671113831', type: 145 },
        { name: 'Do"nnées', number: '+33671113832', type: 145 },
        { name: 'Макс', number: '+331', type: 145 },
        { name: 'CAFE', number: '003361234567', type: 129 },
      ],
    );
  });

  it('+CNUM: no number is a list without one; what cannot be read is none', () => {
    assert.deepEqual(parseCnum(['+CNUM: "Fax","",0']), []);
    for (const line of [
      '^RSSI:10',
      '+CNUM:',
      '+CNUM: 2',
      '+CNUM: "Me","+331"',
      '+CNUM: "Me","+331",999',
      '+CNUM: "","x",145',
    ])
      assert.equal(parseCnum([line]), undefined, line);
  });

  it('reads ^CARDMODE and ^CARDLOCK', () => {
    assert.deepEqual(parseCardmode('2'), { card: 'USIM' });
    assert.equal(parseCardmode('0'), undefined);
    assert.deepEqual(parseCardlock('2,10,0'), { lock: 'free', tries: 10 });
    assert.deepEqual(parseCardlock('1,7,26201'), { lock: 'open', tries: 7, operator: 26201 });
  });
});
