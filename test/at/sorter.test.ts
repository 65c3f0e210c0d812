/** The sorter alone: what a port in good order never shows. */

import assert from 'node:assert/strict';
import { parseParts } from '../../src/at/command';
import { LineSorter } from '../../src/at/sorter';

function bench() {
  const told: string[] = [];
  const sorter = new LineSorter({
    info: (line) => told.push(`info ${line}`),
    echo: () => told.push('echo'),
    final: ({ text }) => told.push(`final ${text}`),
    urc: ({ line }, known) => told.push(`${known ? 'urc' : 'unknown'} ${line}`),
    stale: (prefix) => told.push(`stale ${prefix}`),
    stray: () => told.push('stray'),
  });
  const begin = (text: string) => sorter.begin({ text, parts: parseParts(text), dials: false });
  const lines = (...texts: string[]) => {
    for (const text of texts) sorter.line(text, 1);
    return told.splice(0);
  };
  return { sorter, begin, lines };
}

describe('sorting of lines', () => {
  it("T22: a late reply in the middle of a PDU is nobody's, with its final", () => {
    const { sorter, begin, lines } = bench();
    begin('AT^SYSINFOEX');
    sorter.abandon();
    begin('AT+CMGL=4');
    assert.deepEqual(lines('+CMGL: 0,1,,21', '0791', '^SYSINFOEX:2,3,0,1,,6,"LTE"', 'OK', 'OK'), [
      'info +CMGL: 0,1,,21',
      'info 0791',
      'stale ^SYSINFOEX',
      'final OK',
    ]);
  });

  it('outside a command too a line of unknown prefix does not end a PDU', () => {
    const { lines } = bench();
    assert.deepEqual(lines('+CMT: ,2', '00AB', '^XNEW: 1', 'CD'), ['unknown ^XNEW: 1', 'urc +CMT: ,2\n00ABCD']);
    assert.deepEqual(lines('+CMT: ,2', '00AB', 'what is that', 'CD'), ['urc +CMT: ,2\n00AB', 'stray', 'stray']);
  });
});
