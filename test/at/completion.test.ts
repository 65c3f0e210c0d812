import assert from 'node:assert/strict';
import { completions } from '../../src/at/completion';

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
});
