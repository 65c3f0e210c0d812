import assert from 'node:assert/strict';
import { parseUssd, parseUssdMode, ussdCommand } from '../../src/at/ussd';
import { type DriverError, isDriverError } from '../../src/errors';

const textOf = (line: string, form?: 'plain' | 'hex') => parseUssd(line, form)?.text;

describe('USSD codes and answers', () => {
  it('packs a code as the stick wants it, or leaves it plain', () => {
    assert.equal(ussdCommand('*100#', 'hex'), 'AT+CUSD=1,"AA180C3602",15');
    assert.equal(ussdCommand('*100#', 'plain'), 'AT+CUSD=1,"*100#",15');
    assert.equal(ussdCommand('Ж', 'hex'), 'AT+CUSD=1,"0416",72');
    // Seven septets: a CR behind them, or the spare bits would be an @.
    assert.equal(ussdCommand('1234567', 'hex'), 'AT+CUSD=1,"31D98C56B3DD1A",15');
    assert.equal(ussdCommand('12345678', 'hex'), 'AT+CUSD=1,"31D98C56B3DD70",15');
  });

  it('refuses what can not be sent, and codes that change a PIN, without telling them', () => {
    for (const text of ['', 'x'.repeat(183), 'Ж'.repeat(81)]) {
      assert.throws(
        () => ussdCommand(text, 'hex'),
        (e) => isDriverError(e, 'BAD_ARGUMENT'),
      );
    }
    assert.throws(
      () => ussdCommand('a"b', 'plain'),
      (e) => isDriverError(e, 'BAD_ARGUMENT'),
    );
    assert.throws(
      () => ussdCommand('a\rAT', 'plain'),
      (e) => isDriverError(e, 'BAD_ARGUMENT'),
    );
    for (const pin of [
      '**04*1234*5678*5678#',
      ' **05*12345678#',
      '**042*1#',
      '*,*04*1#',
      '* *04*1#',
      '**03*330*1*2*2#',
    ]) {
      for (const form of ['hex', 'plain'] as const) {
        assert.throws(
          () => ussdCommand(pin, form),
          (e) => isDriverError(e, 'COMMAND_REFUSED') && !/\d{4}/.test((e as DriverError).message),
        );
      }
    }
  });

  it('refuses the codes of call barring with their password, and no code of an operator that begins like them', () => {
    for (const code of ['33', '330', '331', '332', '333', '35', '351', '353']) {
      for (const act of ['*', '#', '**', '##']) {
        assert.throws(
          () => ussdCommand(`${act}${code}*0000#`, 'plain'),
          (e) => isDriverError(e, 'COMMAND_REFUSED'),
        );
      }
      assert.equal(ussdCommand(`*#${code}#`, 'plain'), `AT+CUSD=1,"*#${code}#",15`);
    }
    // M-PESA, and others of its kind.
    for (const code of ['*334*1#', '*336*2*1#', '*350*1#', '*355*7#', '*3300*1#', '*334#', '33']) {
      assert.equal(ussdCommand(code, 'plain'), `AT+CUSD=1,"${code}",15`);
    }
  });

  it('reads packed answers, as recorded', () => {
    assert.deepEqual(parseUssd('+CUSD: 0,"A0E09A5E2FB3D9E539E858A7A3C3E2B25B07CAB9723150B12A7501",15', 'hex'), {
      status: 0,
      text: ' Aktuelles Guthaben: 9.91 EUR.',
    });
    assert.equal(
      textOf(
        '+CUSD: 0,"49B41C74ACD3D16171D90D32FBE52072BA0C72CA5DB45CAC76C3CD603899AD260389CB74F9FE4C07D55C371CA85897BF1B",15',
      ),
      'Ihr Guthaben für die Nr.4915783082652 beträgt 5.78 Euro',
    );
  });

  it('takes padding off: a CR, and the @ of spare bits', () => {
    assert.equal(textOf('+CUSD: 0,"31D98C56B3DD1A",15'), '1234567');
    assert.equal(textOf('+CUSD: 0,"31D98C56B3DD00",15'), '1234567');
    assert.equal(textOf('+CUSD: 0,"31D98C56B3DD70",15'), '12345678');
  });

  it('reads UCS-2 by its coding scheme', () => {
    assert.equal(textOf('+CUSD: 0,"04120430044804350020D83DDE00",72'), 'Ваше 😀');
    assert.equal(textOf('+CUSD: 1,"0416",17'), 'Ж');
    assert.equal(textOf('+CUSD: 1,"0416",72', 'plain'), 'Ж');
  });

  it('takes digits for what they are where the stick is plain', () => {
    assert.equal(textOf('+CUSD: 0,"1234",15', 'plain'), '1234');
    assert.equal(textOf('+CUSD: 0,"Balance: 5 EUR",15', 'hex'), 'Balance: 5 EUR');
    assert.equal(textOf('+CUSD: 0,"Balance: 5 EUR",15'), 'Balance: 5 EUR');
  });

  it('T8: reads data over several lines, with quotes and commas in it', () => {
    assert.deepEqual(parseUssd('+CUSD: 1,"1 Balance\n2 "Top", up\n\n3 More",15', 'plain'), {
      status: 1,
      text: '1 Balance\n2 "Top", up\n\n3 More',
    });
  });

  it('reads answers without data, without a coding scheme and without quotes', () => {
    assert.deepEqual(parseUssd('+CUSD: 2', 'hex'), { status: 2 });
    assert.deepEqual(parseUssd('+CUSD:4,', 'hex'), { status: 4 });
    assert.deepEqual(parseUssd('+CUSD: 0,"Hi"', 'plain'), { status: 0, text: 'Hi' });
    assert.deepEqual(parseUssd('+CUSD: 0,Hi,15', 'plain'), { status: 0, text: 'Hi' });
    assert.equal(parseUssd('+CUSD: x', 'hex'), undefined);
    assert.equal(parseUssd('^RSSI:17', 'hex'), undefined);
  });

  it("reads the stick's mode", () => {
    assert.equal(parseUssdMode(['^USSDMODE: 0']), 'plain');
    assert.equal(parseUssdMode(['^USSDMODE:1']), 'hex');
    assert.equal(parseUssdMode(['^USSDMODE: 7']), undefined);
    assert.equal(parseUssdMode([]), undefined);
  });
});
