import assert from 'node:assert/strict';
import { LineSplitter, MAX_LINE } from '../../src/at/lines';
import { random } from '../support/random';
import { bytesOf } from './port';

/** Everything that comes out for `chunks`. */
function split(chunks: Iterable<Uint8Array>, prompts = true): string[] {
  const seen: string[] = [];
  const splitter = new LineSplitter({
    line: (text, breaks) => seen.push(`${breaks}:${text}`),
    prompt: () => seen.push('prompt'),
    overflow: () => seen.push('overflow'),
  });
  splitter.prompts = prompts;
  for (const chunk of chunks) splitter.push(chunk);
  return seen;
}

const texts = (seen: string[]): string[] => seen.map((entry) => entry.replace(/^\d+:/, ''));

describe('line splitter', () => {
  it('T2: CR in one chunk and LF in the next', () => {
    assert.deepEqual(texts(split(['\r\n^RS', 'SI:1', '9\r', '\n\r\nOK\r', '\n'].map(bytesOf))), ['^RSSI:19', 'OK']);
  });

  it('T3: CR CR LF, doubled line ends, leading NULs', () => {
    assert.deepEqual(texts(split([bytesOf('\0\0\0AT\r\r\n\r\n\r\n&C\r\r\nOK\r\n')])), ['AT', '&C', 'OK']);
  });

  it('T19: the prompt has no line end', () => {
    assert.deepEqual(split([bytesOf('AT+CMGS=18\r\r\n> ')]), ['0:AT+CMGS=18', 'prompt']);
    assert.deepEqual(split(['\r\n>', ' '].map(bytesOf)), ['prompt']);
  });

  it('takes no ">" inside a line for a prompt, nor one where texts are listed', () => {
    assert.deepEqual(texts(split([bytesOf('a > b\r\n')])), ['a > b']);
    assert.deepEqual(texts(split([bytesOf('\r\n> b\r\n')], false)), ['> b']);
  });

  it('counts the line feeds between two lines', () => {
    assert.deepEqual(split([bytesOf('a\r\nb\r\n\r\nc\r')]), ['0:a', '1:b', '2:c']);
  });

  it('keeps UTF-8 as it is and loses no byte of anything else', () => {
    assert.deepEqual(texts(split([Buffer.from('“A1\r\n')])), ['“A1']);
    assert.deepEqual(texts(split([bytesOf('nn\xe9es\r\n')])), ['nn\xe9es']);
  });

  it('drops a flood without a line end in bounded memory and goes on after it', () => {
    const flood = new Uint8Array(65_536).fill(0x55);
    function* chunks() {
      for (let i = 0; i < 400; i++) yield flood;
      yield bytesOf('\r\nOK\r\n');
    }
    assert.deepEqual(texts(split(chunks())), ['overflow', 'OK']);
    assert.equal(split([flood.subarray(0, MAX_LINE), bytesOf('\r\n')])[0]?.length, MAX_LINE + 2);
  });

  it('gives the same for any bytes however they are cut', () => {
    const alphabet = bytesOf('\r\n\r\n> "^+:,AOK\0~\xe9\xc3\xa9');
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed);
      const bytes = Uint8Array.from({ length: 1 + next(300) }, () =>
        next(8) === 0 ? next(256) : (alphabet[next(alphabet.length)] ?? 0),
      );
      const chunks: Uint8Array[] = [];
      for (let from = 0; from < bytes.length; ) {
        const to = from + 1 + next(7);
        chunks.push(bytes.subarray(from, to));
        from = to;
      }
      const expected = split([bytes]);
      assert.deepEqual(split(chunks), expected, `seed ${seed}`);
      for (const text of texts(expected)) assert.doesNotMatch(text, /[\r\n\0]|^$/, `seed ${seed}`);
    }
  });
});
