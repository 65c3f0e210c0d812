/** National tables: ours and the virtual stick's were written down apart, from different sources. */

import assert from 'node:assert/strict';
import { fromSeptets, septetsOf, toSeptets } from '../../../src/at/sms/alphabet';
import { LANGUAGES, lockingTable, singleTable } from '../../../src/at/sms/national';
import { gsm7Characters, gsm7Text } from '../../../src/virtual/sms/gsm7';
import { LOCKING, SINGLE } from '../../../src/virtual/sms/national';

const ESC = 0x1b;
const CODES = Array.from({ length: 128 }, (_, code) => code);

describe('national language tables', () => {
  it('are the same in the driver and in the virtual stick, code by code', () => {
    for (let language = 0; language <= 20; language++) {
      const [locking, single] = [lockingTable(language), singleTable(language)];
      assert.deepEqual([locking?.length, LOCKING[language]?.has(ESC)], locking ? [128, true] : [undefined, undefined]);
      for (const code of CODES) {
        assert.equal(locking?.[code], LOCKING[language]?.get(code), `locking ${language} ${code}`);
        assert.equal(single?.get(code), SINGLE[language]?.get(code), `single ${language} ${code}`);
      }
    }
  });

  it('are there for thirteen languages; Spanish has no locking shift', () => {
    assert.deepEqual(Object.values(LANGUAGES), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    const without = Object.entries(LANGUAGES).filter(([, language]) => !lockingTable(language));
    assert.deepEqual(without, [['spanish', LANGUAGES.spanish]]);
    assert.ok(Object.values(LANGUAGES).every((language) => singleTable(language)));
  });

  it('hold what the standard shows', () => {
    const locking = (language: keyof typeof LANGUAGES, ...codes: number[]) =>
      fromSeptets(codes, { locking: LANGUAGES[language] });
    const single = (language: keyof typeof LANGUAGES, ...codes: number[]) =>
      fromSeptets(
        codes.flatMap((code) => [ESC, code]),
        { single: LANGUAGES[language] },
      );
    assert.equal(locking('turkish', 0x04, 0x07, 0x0b, 0x0c, 0x1c, 0x1d, 0x40, 0x60), '€ıĞğŞşİç');
    assert.equal(locking('portuguese', 0x12, 0x15, 0x18, 0x24, 0x60, 0x7d), 'ª∞€º~`');
    assert.equal(single('turkish', 0x47, 0x49, 0x53, 0x63, 0x67, 0x69, 0x73), 'ĞİŞçğış');
    assert.equal(single('spanish', 0x09, 0x41, 0x49, 0x4f, 0x55, 0x61, 0x69, 0x6f, 0x75), 'çÁÍÓÚáíóú');
    assert.equal(single('portuguese', 0x05, 0x0b, 0x1f, 0x41, 0x61, 0x7b, 0x7f), 'êÔÊÀÂãâ');
    // The first letter, the last vowel sign, what stands behind z.
    assert.equal(locking('bengali', 0x03, 0x5f, 0x7f), '\u0985\u09cd\u09f1');
    assert.equal(locking('gujarati', 0x03, 0x5f, 0x7f), '\u0a85\u0acd\u0af1');
    assert.equal(locking('hindi', 0x03, 0x5f, 0x7f), '\u0905\u094d\u097f');
    assert.equal(locking('kannada', 0x24, 0x3d, 0x7f), '\u0ca1\u0caa\u0ce3');
    assert.equal(locking('malayalam', 0x03, 0x5f, 0x7f), '\u0d05\u0d4d\u0d79');
    assert.equal(locking('oriya', 0x03, 0x5f, 0x7f), '\u0b05\u0b4d\u0b63');
    assert.equal(locking('punjabi', 0x03, 0x5f, 0x7f), '\u0a05\u0a4d\u0a74');
    assert.equal(locking('tamil', 0x03, 0x5f, 0x7f), '\u0b85\u0bcd\u0bf9');
    assert.equal(locking('telugu', 0x03, 0x5f, 0x7f), '\u0c05\u0c4d\u0c63');
    assert.equal(locking('urdu', 0x00, 0x05, 0x5f, 0x7f), '\u0627\u067e\u0657\u0670');
    assert.equal(single('hindi', 0x1a, 0x1c, 0x39, 0x3a), '\u0965\u0966\u0970\u0971');
    assert.equal(single('tamil', 0x24, 0x25, 0x2e), '\u0bee\u0bef\u0bfa');
    assert.equal(single('urdu', 0x19, 0x27, 0x3f), '\u0600\u060d\u06d4');
    for (const language of Object.keys(LANGUAGES)) {
      const name = language as keyof typeof LANGUAGES;
      assert.equal(single(name, 0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65), '\f^{}\\[~]|€', name);
    }
  });

  it('a code without a character is a space, or behind an escape what the locking table has there', () => {
    assert.equal(fromSeptets([0x00, 0x61], { locking: LANGUAGES.tamil }), ' a');
    assert.equal(fromSeptets([ESC, 0x61], { single: LANGUAGES.turkish }), 'a');
    assert.equal(fromSeptets([ESC, 0x0b], { locking: LANGUAGES.turkish, single: LANGUAGES.turkish }), 'Ğ');
    assert.equal(fromSeptets([ESC, 0x00], { locking: LANGUAGES.tamil, single: LANGUAGES.turkish }), ' ');
  });

  it('a language that nobody knows means the default tables', () => {
    for (const odd of [0, 14, 255]) {
      assert.equal(fromSeptets([0x00, 0x04, ESC, 0x65], { locking: odd, single: odd }), '@è€');
    }
    assert.equal(fromSeptets([0x00, 0x04], { locking: LANGUAGES.spanish }), '@è');
    for (const tables of [{}, { locking: 14 }, { single: 14 }]) assert.equal(septetsOf('ş', tables), undefined);
  });

  it('every character of every alphabet is read as it was written, here and there', () => {
    for (const locking of [undefined, ...Object.values(LANGUAGES)]) {
      for (const single of [undefined, ...Object.values(LANGUAGES)]) {
        const tables = { ...(locking !== undefined && { locking }), ...(single !== undefined && { single }) };
        const basic = CODES.filter((code) => code !== ESC);
        const text = fromSeptets([...basic, ...basic.flatMap((code) => [ESC, code])], tables);
        const septets = toSeptets(text, tables) ?? assert.fail(JSON.stringify(tables));
        assert.equal(fromSeptets(septets, tables), text);
        assert.equal(gsm7Text(septets, tables), text);
        assert.deepEqual(septets, gsm7Characters(text, tables)?.flat());
        for (const code of basic) {
          const c = lockingTable(locking ?? 0)?.[code];
          if (c !== undefined) assert.deepEqual(septetsOf(c, tables), [code], 'one septet where one does');
        }
      }
    }
  });
});
