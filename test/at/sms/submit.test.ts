import assert from 'node:assert/strict';
import { cleanNumber } from '../../../src/at/sms/number';
import { splitText } from '../../../src/at/sms/split';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { type DriverError, isDriverError } from '../../../src/errors';

const submit = (text: string, more: object = {}) =>
  encodeSubmit({ to: '+491701234567', text, reference: 0xa5, ...more });
const hexOf = (text: string, more: object = {}) => submit(text, more).map(({ hex }) => hex);

describe('SMS-SUBMIT', () => {
  it('is what the standard says, octet by octet', () => {
    // SMSC empty | SUBMIT | reference | 12 digits, international | number | PID | GSM-7 | 10 septets | text
    assert.deepEqual(hexOf('hellohello'), ['0001000C919471103254760000' + '0AE8329BFD4697D9EC37']);
    assert.deepEqual(submit('hellohello')[0]?.length, 22);
    // Five digits, type unknown, a filler in the last half.
    assert.deepEqual(hexOf('A', { to: '22922' }), ['0001000581' + '2229F2' + '00000141']);
    assert.deepEqual(hexOf('A', { to: '*100#' }), ['0001000581' + '1A00FB' + '00000141']);
  });

  it('takes UCS-2 only where GSM-7 does not do', () => {
    assert.deepEqual(hexOf('Ж'), ['0001000C91947110325476' + '0008' + '02' + '0416']);
    assert.deepEqual(hexOf('😀'), ['0001000C91947110325476' + '0008' + '04' + 'D83DDE00']);
    assert.equal(splitText('§ΔÄß€').alphabet, 'gsm7');
    assert.equal(splitText('`').alphabet, 'ucs2');
  });

  it('says flash, report and validity in first octet and coding', () => {
    assert.match(hexOf('A', { flash: true })[0] ?? '', /^0001000C919471103254760010/);
    assert.match(hexOf('Ж', { flash: true })[0] ?? '', /^0001000C919471103254760018/);
    assert.match(hexOf('A', { report: true })[0] ?? '', /^0021/);
    const validity = (minutes: number) => hexOf('A', { validity: minutes })[0]?.slice(26, 28);
    assert.match(hexOf('A', { validity: 5 })[0] ?? '', /^0011000C91947110325476000000/);
    const octets: [number, number][] = [
      [1, 0],
      [5, 0],
      [6, 1],
      [720, 143],
      [721, 144],
      [750, 144],
      [751, 145],
      [1440, 167],
      [1441, 168],
      [43_200, 196],
      [43_201, 197],
      [63 * 7 * 1440, 255],
      [1e9, 255],
    ];
    for (const [minutes, octet] of octets) {
      assert.equal(validity(minutes), octet.toString(16).padStart(2, '0').toUpperCase(), `${minutes} minutes`);
    }
  });

  it('cuts at 160 and 153 septets, 70 and 67 characters; one fewer with a 16-bit reference', () => {
    const lengths = (text: string, wide = false) => splitText(text, wide).parts.map((part) => part.length);
    assert.deepEqual(lengths('x'.repeat(160)), [160]);
    assert.deepEqual(lengths('x'.repeat(161)), [153, 8]);
    assert.deepEqual(lengths('x'.repeat(306)), [153, 153]);
    assert.deepEqual(lengths('x'.repeat(161), true), [152, 9]);
    assert.deepEqual(lengths('ж'.repeat(70)), [70]);
    assert.deepEqual(lengths('ж'.repeat(71)), [67, 4]);
    assert.deepEqual(lengths('ж'.repeat(71), true), [66, 5]);
    // The first reference of 16 bits: no part is longer than 140 octets, header included.
    for (const reference of [255, 256]) {
      const [first] = submit('x'.repeat(400), { reference });
      assert.equal(first?.length, 13 + 140, `${reference}`);
      assert.equal(first?.hex.slice(26, 28), 'A0', `${reference}: septets, header included`);
    }
  });

  it('never cuts inside an escape pair or a surrogate pair', () => {
    assert.deepEqual(splitText(`${'x'.repeat(152)}€${'x'.repeat(10)}`).parts, ['x'.repeat(152), `€${'x'.repeat(10)}`]);
    assert.deepEqual(splitText(`${'x'.repeat(151)}€${'x'.repeat(10)}`).parts[0], `${'x'.repeat(151)}€`);
    assert.deepEqual(splitText('€'.repeat(80)).parts, ['€'.repeat(80)]);
    assert.deepEqual(splitText('€'.repeat(81)).parts, ['€'.repeat(76), '€'.repeat(5)]);
    assert.deepEqual(splitText(`${'ж'.repeat(66)}😀жжж`).parts, ['ж'.repeat(66), '😀жжж']);
  });

  it('numbers the parts, with the reference in one octet or two', () => {
    const [first = '', second = ''] = hexOf('x'.repeat(161));
    assert.match(first, /^0041000C919471103254760000A0050003A50201/);
    assert.match(second, /^0041000C919471103254760000/);
    // 8 septets behind 7 of header with one fill bit: x = 0x78, shifted by one.
    assert.equal(second.slice(26), '0F050003A50202F0783C1E8FC7E301');
    const [last = ''] = hexOf('x'.repeat(161), { reference: 0xff });
    assert.match(last, /^0041000C919471103254760000A0050003FF0201/);
    const [wide = ''] = hexOf('ж'.repeat(71), { reference: 0x1234 });
    assert.match(wide, /^0041000C9194711032547600088B060804123402010436/);
  });

  it('refuses more than 255 parts without the text or the number', () => {
    assert.equal(submit('x'.repeat(255 * 153)).length, 255);
    assert.throws(
      () => submit('secret'.repeat(10_000)),
      (e) => isDriverError(e, 'BAD_ARGUMENT') && !/secret|4917/.test(`${e.message}${JSON.stringify(e)}`),
    );
  });
});

describe('numbers', () => {
  it('are taken as people write them', () => {
    assert.equal(cleanNumber('+49 (170) 123-45.67'), '+491701234567');
    assert.equal(cleanNumber(' 0170/1234567 '), '01701234567');
    assert.equal(cleanNumber(22922), '22922');
    assert.equal(cleanNumber('00491701234567'), '00491701234567');
    assert.equal(cleanNumber('*100#'), '*100#');
    assert.equal(cleanNumber(0), '0');
    for (const longest of ['1'.repeat(20), `+${'1'.repeat(20)}`]) assert.equal(cleanNumber(longest), longest);
  });

  it('are refused without being told', () => {
    for (const wrong of [
      '',
      ' ',
      undefined,
      null,
      {},
      'Mum',
      '+',
      '++49',
      '1'.repeat(21),
      `+${'1'.repeat(21)}`,
      '170\u001a1',
      -1,
      1.5,
    ]) {
      assert.throws(
        () => cleanNumber(wrong),
        (e) => isDriverError(e, 'BAD_ARGUMENT') && !/Mum|\d{5,}/.test((e as DriverError).message),
        String(wrong),
      );
    }
  });
});
