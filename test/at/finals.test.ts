import assert from 'node:assert/strict';
import { parseFinal, splitGlued } from '../../src/at/finals';

describe('final result codes', () => {
  it('T14: knows all of them, with number and words', () => {
    assert.deepEqual(parseFinal('OK'), { kind: 'ok', text: 'OK' });
    assert.deepEqual(parseFinal('CONNECT 150000000'), { kind: 'ok', text: 'CONNECT 150000000' });
    for (const text of ['ERROR', 'COMMAND NOT SUPPORT', 'TOO MANY PARAMETERS', 'ABORT', 'MODEM ERROR']) {
      assert.deepEqual(parseFinal(text), { kind: 'error', text });
    }
    for (const text of ['NO CARRIER', 'NO DIALTONE', 'NO ANSWER', 'BUSY']) {
      assert.deepEqual(parseFinal(text), { kind: 'call', text });
    }
    const text = '+CME ERROR: 10';
    assert.deepEqual(parseFinal(text), { kind: 'cme', text, number: 10, words: 'SIM not inserted' });
    assert.equal(parseFinal('+CMS ERROR: 321')?.words, 'invalid memory index');
  });

  it('T14: takes CME errors in words, which are the default of this firmware', () => {
    assert.equal(parseFinal('+CME ERROR: SIM not inserted')?.number, 10);
    assert.equal(parseFinal('+CME ERROR: incorrect parameters')?.number, 50);
    const own = parseFinal('+CME ERROR: something of Huawei');
    assert.deepEqual([own?.kind, own?.number, own?.words], ['cme', undefined, 'something of Huawei']);
  });

  it('T12: only as a whole line', () => {
    for (const line of [
      'OKAY',
      'Is all OK',
      '+COPS: 0,0,"OK",7',
      'ERROR 5',
      'CONNECTED',
      '0',
      '4',
      'NO CARRIERS',
      'OK?',
    ]) {
      assert.equal(parseFinal(line), undefined, line);
    }
  });

  it('T13: finds an error glued in front of a line', () => {
    assert.deepEqual(splitGlued('ERROR+CNUM: "",""'), { error: 'ERROR', rest: '+CNUM: "",""' });
    assert.deepEqual(splitGlued('+CME ERROR: 25+CNUM: 1'), { error: '+CME ERROR: 25', rest: '+CNUM: 1' });
    assert.equal(splitGlued('+CME ERROR: 25'), undefined);
    assert.equal(splitGlued('+CMGL: 1,0,,20'), undefined);
  });
});
