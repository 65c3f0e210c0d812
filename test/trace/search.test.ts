import assert from 'node:assert/strict';
import { leaksIn, type Planted } from './search';

const NUMBER: Planted = { what: 'number', value: '+491701234567' };
const TEXT: Planted = { what: 'text', value: 'Meet Rosalinde behind the mill' };
const IMEI: Planted = { what: 'IMEI', value: '490154203237518' };
const ALL = [NUMBER, TEXT, IMEI, { what: 'MAC', value: '0C:5B:8F:27:9A:64' }];

const at = (...texts: string[]) => `${JSON.stringify({ kind: 'at', raw: texts.map((text) => ['stick', text]) })}\n`;
const octets = (text: string, bytes: BufferEncoding = 'utf8') => Buffer.from(text, bytes);

/** Each has something private in it, in another way. */
const HIDDEN: Record<string, string> = {
  plain: at('+CLIP: "+491701234567",145'),
  'as at home': at('+CLIP: "01701234567",129'),
  'in upper case': at('MEET ROSALINDE BEHIND THE MILL'),
  'the tail of an IMEI': at('^BOOT:03237518,0,0,0,75'),
  'swapped BCD': at('0791947110325476040B81'),
  'swapped BCD from the second nibble': at('411907214365F7'),
  'packed septets': at('CD329DD2349BD56C'.toLowerCase(), 'x', packedHex('Meet Rosalinde behind the mill')),
  'packed septets behind a header': at(packedHex('\0\0\0\0\0\0\0Meet Rosalinde behind the mill')),
  'packed septets in the middle': at(packedHex('abcMeet Rosalinde behind the mill')),
  'UCS-2 in hex': at(octets('Rosalinde behind', 'utf16le').swap16().toString('hex')),
  'UTF-8 in hex': at(octets('Rosalinde behind the').toString('hex')),
  base64: at(octets('xMeet Rosalinde behind the mill').toString('base64')),
  'over records': at('+CLIP: "+4917012') + at('34567",145'),
  'over entries with line ends': at('+CLIP: "+4917012\r\n', '34567",145'),
  'a MAC without colons': at('0c5b8f279a64'),
  'hex in XML': `${JSON.stringify({ response: { body: '<Content>Meet Rosalinde behind the mill</Content>' } })}\n`,
  'a number of JSON': `${JSON.stringify({ imei: 490154203237518 })}\n`,
};

function packedHex(text: string): string {
  let bits = '';
  for (const c of text) bits += [...c.charCodeAt(0).toString(2).padStart(7, '0')].reverse().join('');
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return bytes
    .map((byte) =>
      Number.parseInt([...byte.padEnd(8, '0')].reverse().join(''), 2)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')
    .toUpperCase();
}

describe('trace: the search for leaks', () => {
  for (const [how, file] of Object.entries(HIDDEN)) {
    it(`finds what is private ${how}`, () => assert.notDeepEqual(leaksIn(file, ALL), []));
  }

  it('finds nothing where nothing is', () => {
    const file = at(
      'AT+CSQ\r',
      '\r\n+CSQ: 20,99\r\n\r\nOK\r\n',
      '07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07',
    );
    assert.deepEqual(leaksIn(file, ALL), []);
  });
});
