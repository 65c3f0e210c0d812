import assert from 'node:assert/strict';
import { cesu8, decodeBody } from '../../src/hilink/text';

const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('hilink: bytes as text', () => {
  it('are UTF-8, with each half of a pair as three bytes or not', () => {
    assert.equal(decodeBody(bytes('a', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], 'b')), 'a😀b');
    assert.equal(decodeBody(bytes('a😀ü€b')), 'a😀ü€b');
    // Both in one answer.
    assert.equal(decodeBody(bytes('😀', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])), '😀😀');
  });

  it('that are none become U+FFFD, and nothing behind them is lost', () => {
    assert.equal(decodeBody(bytes('a', [0xbe, 0xaf, 0xff], 'b')), 'a\ufffd\ufffd\ufffdb');
    // A lone half, an overlong slash, a start whose rest is missing, more than Unicode has.
    assert.equal(decodeBody(bytes([0xed, 0xa0, 0xbd], 'x')), '\ufffdx');
    assert.equal(decodeBody(bytes([0xc0, 0xaf], 'x')), '\ufffd\ufffdx');
    assert.equal(decodeBody(bytes([0xe0, 0x9f, 0xbf], 'x')), '\ufffd\ufffd\ufffdx');
    assert.equal(decodeBody(bytes([0xe2, 0x82], '<')), '\ufffd\ufffd<');
    assert.equal(decodeBody(bytes([0xf4, 0x90, 0x80, 0x80])), '\ufffd'.repeat(4));
  });

  it('lose control characters, and end lines with LF', () => {
    assert.equal(decodeBody(bytes('a\0\x1b[31m\x07b\tc\r\nd\re\x7f\u0085\ufffe')), 'a[31mb\tc\nd\ne');
  });

  it('may come in two bytes a character, or as they are declared', () => {
    const wide = Buffer.from('\ufeff<a>ü€</a>', 'utf16le');
    assert.equal(decodeBody(wide), '<a>ü€</a>');
    assert.equal(decodeBody(Buffer.from(wide).swap16()), '<a>ü€</a>');
    assert.equal(decodeBody(Buffer.from('<a>ü</a>', 'utf16le')), '<a>ü</a>');
    assert.equal(decodeBody(bytes([0xef, 0xbb, 0xbf], '<a/>')), '<a/>');
    const declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>';
    assert.equal(decodeBody(bytes(declared, [0xfc])), `${declared}ü`);
    // Declared wrongly: what is UTF-8 is UTF-8; and an encoding that nobody knows.
    assert.equal(decodeBody(bytes(declared, 'ü')), `${declared}ü`);
    assert.equal(decodeBody(bytes('<?xml encoding="none"?>', [0xfc])), '<?xml encoding="none"?>\ufffd');
  });

  it('of a request hold characters beyond 16 bits as sticks store them', () => {
    assert.deepEqual(cesu8('a😀ü'), bytes('a', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], 'ü'));
    assert.deepEqual(cesu8('a\ud83d'), bytes('a\ufffd'));
    assert.equal(decodeBody(cesu8('x👩‍👩‍👧y𝄞')), 'x👩‍👩‍👧y𝄞');
  });

  it('of a megabyte that is no text take no time to speak of', () => {
    assert.equal(decodeBody(Buffer.alloc(1 << 20, 0xbe)).length, 1 << 20);
  });
});
