import assert from 'node:assert/strict';
import { judgeAllowed, parseAllowList } from '../../src/at/allow';
import { checkRequest } from '../../src/at/check';
import { isDriverError } from '../../src/errors';
import { random } from '../support/random';

const list = parseAllowList('+CSQ, ^HCSQ?, AT+COPS=?\n+CMGL=*; I, +CMGD=3, +CPMS="SM", E0');
const allowed = (command: string): boolean => judgeAllowed(command, list) === undefined;

describe('white list of AT commands', () => {
  it('allows what is listed, in its form and with its value, however it is written', () => {
    for (const command of [
      'AT',
      'at ',
      'AT+CSQ',
      'at + csq',
      'AT^HCSQ?',
      'AT+COPS=?',
      'AT+CMGL=4',
      'AT+CMGL="ALL"',
      'ATI',
      'AT+CMGD=3',
      'AT+CPMS="SM"',
      'ATE0',
      'AT+CSQ;^HCSQ?',
      'ATE0+CSQ',
    ]) {
      assert.ok(allowed(command), command);
    }
  });

  it('refuses everything else, wherever in the line it stands', () => {
    for (const command of [
      'AT+CSQ=1',
      'AT+CSQ?',
      'AT^HCSQ',
      'AT+COPS?',
      'AT+COPS=0',
      'AT+COPS=?1',
      'AT+CMGD=3,4',
      'AT+CMGD=*',
      'AT+CPMS="ME"',
      'ATE1',
      'ATZ',
      'AT+CSQ;+CMGD=1',
      'AT+CSQ+CMGD=1',
      'ATI^RESET',
      'AT^RESET+CSQ',
      'AT+CMGL=4^RESET',
      'AT+CMGL=4;^RESET',
      'AT+CMGL="4";^RESET;"',
      'AT+CSQ"',
      'ATD112;',
      'AT!XYZ',
      'AT-',
      'AT1',
      'AT"+CSQ"',
      'A/',
      'AT+CSQ&F',
      'AT+CSQ"x"',
      'AT+CSQ,1',
      'AT+CSQ@',
      'AT1+CSQ',
      'AT@+CSQ',
    ]) {
      assert.ok(!allowed(command), command);
    }
  });

  it('allows dialling only as a whole', () => {
    const dial = parseAllowList('D*');
    assert.equal(judgeAllowed('ATD*99#', dial), undefined);
    assert.notEqual(judgeAllowed('ATD*99#', parseAllowList('D99, D')), undefined);
  });

  it('an empty list allows nothing but AT', () => {
    assert.deepEqual(parseAllowList(' \n , '), []);
    assert.equal(judgeAllowed('AT', []), undefined);
    assert.notEqual(judgeAllowed('ATI', []), undefined);
  });

  it('names an entry that is no single command', () => {
    for (const bad of ['+CSQ+CREG?', '17', '"x"', '+', 'hello world', '*']) {
      assert.throws(() => parseAllowList(`+CSQ\n${bad}`), { code: 'BAD_ARGUMENT' }, bad);
    }
  });

  it('is not lifted by force, and the guard goes on to judge', () => {
    const allow = parseAllowList('+CSQ, +CPIN=*, +CFUN=*');
    const refused = (command: string, force: boolean) =>
      isDriverError(checkRequest(command, { allow, force }, '1-1'), 'COMMAND_REFUSED');
    assert.ok(refused('AT^RESET', true));
    assert.ok(refused('AT+CPIN="1234"', true));
    assert.ok(refused('AT+CFUN=6', true));
    assert.ok(!refused('AT+CFUN=1', false));
    assert.ok(!refused('AT+CSQ', false));
  });

  it('lets no line pass in which a command that is not listed can be found', () => {
    const pieces = ['+CSQ', ';', '"', ' ', '^RESET', '=', '?', 'I', 'E0', 'AT', '+CMGL=', '4', '*', ',', 'a', '^hcsq?'];
    for (let seed = 1; seed <= 3_000; seed++) {
      const next = random(seed);
      const line = `AT${Array.from({ length: 1 + next(8) }, () => pieces[next(pieces.length)]).join('')}`;
      // Outside quotes: with an odd number of them nobody knows what is quoted.
      const open = (line.split('"').length - 1) % 2 === 1 ? line : line.replaceAll(/"[^"]*"/g, '""');
      if (/\^RESET/i.test(open.replaceAll(' ', ''))) assert.ok(!allowed(line), line);
    }
  });
});
