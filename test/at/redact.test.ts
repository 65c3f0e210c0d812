import assert from 'node:assert/strict';
import { redact, redactError } from '../../src/at/redact';
import { DriverError } from '../../src/errors';

/** Text, and what must not be in it any more. */
const SECRETS: [text: string, ...secrets: string[]][] = [
  ['AT+CPIN="1234"', '1234'],
  ['AT+CPIN=1234', '1234'],
  ['at+cpin = 1234', '1234'],
  ['AT+CPIN="12345678","8765"', '12345678', '8765'],
  ['AT+CSQ;+CPIN=1234;+CREG?', '1234'],
  ['AT^CPIN="0000"', '0000'],
  ['AT+CPWD="SC","1234","5678"', '1234', '5678'],
  ['AT+CLCK="SC",0,"1234"', '1234'],
  ['AT^CARDLOCK="12345678"', '12345678'],
  ['AT^PHYNUM=IMEI,867010023456789', '867010023456789'],
  ['/dev/ttyUSB0 did not answer AT+CPIN="1234" within 30 s.', '1234'],
  ['IMEI: 863781014954441', '863781014954441'],
  ['359853033124388', '359853033124388'],
  ['the stick 863781014954441 is gone', '863781014954441'],
  ['^PHYNUM: IMEI,867010023456789', '867010023456789'],
  ['^ICCID: "983351509062559841F4"', '983351509062559841F4'],
  ['^ICCID: 8949000000000000001', '8949000000000000001'],
  ['+CRSM: 144,0,"98000000000000000FF0"', '98000000000000000FF0'],
  ['^BOOT:27987687,0,0,0,72', '27987687'],
  ['+CNUM: "Me","+33606487754",145', '33606487754', 'Me'],
  ['+CNUM: Max,123,129', 'Max', '123'],
  ['AT^NDISDUP=1,1,"internet","rosa","secret",2', 'rosa', 'secret'],
  ['+CNUM: 004D00610078,0110,129,7,4', '004D', '0110'],
  ['+CPBR: 1,1234,129,Max', '1234', 'Max'],
  ['+CPBF: 2,"110",129,Rosa Pfeffer', '110', 'Rosa'],
  ['+CSCA: "+491722270000",145', '491722270000'],
  ['+CLIP: "015112345678",129', '015112345678'],
  ['AT+CMGS="+4915112345678"', '4915112345678'],
  ['ATD015112345678;', '015112345678'],
  ['ATD+4915112345678', '4915112345678'],
  ['AT+CPBW=1,"5550123",129,"Mum"', '5550123', 'Mum'],
  ['+CMT: "+4915112345",,"17/02/06,00:04:32+04"\nSee you at the\nstation', '4915112345', 'See you', 'station'],
  ['+CMGL: 1,"REC READ","+4915112345",,"17/02/06"\nSecret words\n\nmore words\nOK', '4915112345', 'Secret', 'more'],
  ['+CMGL: 0,1,,21\n07913306091040F0040B913336157675F0000071205281500040024B32', '07913306091040'],
  ['07913306091040F0040B913336157675F0000071205281500040024B32', '3336157675'],
  ['+CUSD: 0,"A0E09A5E2FB3D9E539E858A7A3C3E2B25B07CAB9723150B12A7501",15', 'A0E09A5E'],
  ['+CUSD: 0,"Your number is\n0151 2345678",15', '0151', 'Your number'],
  ['<request><Username>admin</Username><Password>c2VjcmV0</Password></request>', 'c2VjcmV0'],
  ['<CurrentPin>1234</CurrentPin><NewPin></NewPin><PukCode>87654321</PukCode>', '1234', '87654321'],
  ['<Phone>22922</Phone><Content>Secret\nwords &lt;3</Content>', '22922', 'Secret', 'words'],
  ['<SerialNumber>VQNDW20914001873</SerialNumber><imei>1</imei>', 'VQNDW'],
  ['Cookie: SessionID=abc+/=\r\n__RequestVerificationToken: tok+/=', 'abc', 'tok'],
];

describe('redactor', () => {
  it('hides PIN, IMEI, IMSI, ICCID, numbers and texts, wherever they stand', () => {
    for (const [text, ...secrets] of SECRETS) {
      const redacted = redact(text);
      for (const secret of secrets) assert.ok(!redacted.includes(secret), `${text} -> ${redacted}`);
      assert.ok(redacted.includes('***'), text);
    }
  });

  it('is idempotent', () => {
    for (const [text] of SECRETS) assert.equal(redact(redact(text)), redact(text), text);
  });

  it('leaves alone what a person needs to find a fault', () => {
    for (const text of [
      'AT+CPIN?',
      '+CPIN: READY',
      '+CPIN: SIM PIN',
      '^CPIN: SIM PIN,3,10,3,10,3',
      'Revision: 21.436.11.00.372',
      '+CPBR: (1-250),20,18',
      '+CNUM: ,"",129',
      '+CSQ: 20,99',
      '+CREG: 2,1,"1607","14DB"',
      '^SETPORT:A1,A2;10,12,16,A1,A2',
      '+CMGL: 11,0,,159',
      '+CMTI: "SM",28',
      'AT+CMGL=4',
      '+COPS: 0,2,"29370",2',
      '+CME ERROR: 10',
      '^SYSCFGEX:"00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF',
      'The image 0x104 has 12345678 bytes at offset 9876543210.',
      'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bd22cd15d6c15b0f00a08 does not match',
      'The stick at 1-1.4 on /dev/ttyUSB2 did not answer AT^RESET within 5 s.',
      '+CMGL: 1,0,,20\n+CMGL: 2,0,,20\nOK',
    ]) {
      assert.equal(redact(text), text);
    }
  });

  it('shows the whole of a refused command but its code', () => {
    const text = '/dev/ttyUSB0 did not answer AT+CPIN="1234" within 30 s.';
    assert.equal(redact(text), '/dev/ttyUSB0 did not answer AT+CPIN=*** within 30 s.');
  });

  it('goes through an error and its causes, keeping code, number and stick', () => {
    const inner = new TypeError('bad reply +CNUM: "","+33606487754",145');
    const error = new DriverError(
      {
        code: 'CME_ERROR',
        reason: 'refused',
        params: { command: 'AT+CPIN=1234 ', lines: ['IMEI: 863781014954441'] },
        message: 'AT+CPIN=1234 was refused',
        stick: '1-1.4',
        number: 16,
        besides: [{ what: 'sms-not-sent', params: { to: '+33606487754' } }],
      },
      new Error('IMSI 262011234567890', { cause: inner }),
    );
    const redacted = redactError(error);
    assert.ok(redacted instanceof DriverError);
    assert.deepEqual([redacted.code, redacted.number, redacted.stick], ['CME_ERROR', 16, '1-1.4']);
    const cause = redacted.cause;
    assert.ok(cause instanceof Error && cause.cause instanceof Error);
    assert.equal(cause.cause.name, 'TypeError');
    const everything = [
      JSON.stringify(redacted),
      redacted.message,
      cause.message,
      cause.cause.message,
      cause.stack,
    ].join();
    for (const secret of ['1234 ', '863781014954441', '262011234567890', '33606487754']) {
      assert.ok(!everything.includes(secret), secret);
    }
  });

  it('survives causes in a circle and things that are no errors', () => {
    const error = new Error('a');
    error.cause = error;
    assert.ok(redactError(error).cause instanceof Error);
    assert.equal(redactError('IMEI 863781014954441').message, 'IMEI ***');
  });
});
