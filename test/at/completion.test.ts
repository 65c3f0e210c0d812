import assert from 'node:assert/strict';
import { completions, findCommands } from '../../src/at/completion';

const typed = (start: string): string[] => completions(start).map(({ command }) => command);

describe('completion of AT commands', () => {
  it('offers each form that begins like what was typed, with what it is about', () => {
    assert.deepEqual(typed(' at+cs'), ['AT+CSQ', 'AT+CSQ=?', 'AT+CSCA?', 'AT+CSCA=']);
    assert.deepEqual(completions('AT+CSQ')[0], { command: 'AT+CSQ', about: 'Signal strength' });
    assert.deepEqual(typed('AT^NOSUCH'), []);
  });

  it('offers nothing that the guard refuses', () => {
    assert.deepEqual(typed('AT+CPIN'), ['AT+CPIN?', 'AT+CPIN=?', 'AT+CPIN2?']);
    assert.deepEqual(typed('AT^GODLOAD'), []);
    assert.deepEqual(typed('ATS3'), ['ATS3?']);
  });

  it('finds them by words of what they are about, or of their names, in any order', () => {
    const found = (words: string) => findCommands(words).map(({ command }) => command);
    assert.deepEqual(found('quality  SIGNAL'), ['AT^HCSQ?', 'AT^HCSQ=?', 'AT+CESQ', 'AT+CESQ=?']);
    assert.deepEqual(found('csq strength'), ['AT+CSQ', 'AT+CSQ=?', 'AT^HCSQ?', 'AT^HCSQ=?']);
    assert.deepEqual(
      found('cat'),
      findCommands('CAT').map(({ command }) => command),
    );
    assert.deepEqual(found('no such words'), []);
    assert.deepEqual(findCommands(''), completions(''));
  });
});
