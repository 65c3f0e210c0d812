import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { decodeMessage } from '../../../src/at/sms/message';
import { splitText } from '../../../src/at/sms/split';
import { encodeSubmit } from '../../../src/at/sms/submit';

const how = (text: string, ...more: [boolean?, boolean?]) => {
  const { alphabet, tables, parts } = splitText(text, ...more);
  return { alphabet, ...tables, lengths: parts.map((part) => part.length) };
};
const submit = (text: string, more: object = {}) =>
  encodeSubmit({ to: '+491701234567', text, reference: 0xa5, ...more }).map(({ hex }) => hex);

describe('national tables in sending', () => {
  it('are taken where they save a part, and only there', () => {
    const turkish = `Şu ${'a'.repeat(80)}`;
    assert.deepEqual(how(turkish), { alphabet: 'gsm7', single: 1, lengths: [83] });
    // In one part anyhow: UCS-2, which every phone reads.
    assert.deepEqual(how('Şu çarşıya gidiyorum'), { alphabet: 'ucs2', lengths: [20] });
    assert.deepEqual(how(`Ş${'a'.repeat(69)}`), { alphabet: 'ucs2', lengths: [70] });
    assert.deepEqual(how(`Ş${'a'.repeat(70)}`), { alphabet: 'gsm7', single: 1, lengths: [71] });
    // The default alphabet holds it, in two parts; Turkish locking shift, where the euro has one septet, would in one.
    assert.deepEqual(how('€'.repeat(81)), { alphabet: 'gsm7', lengths: [76, 5] });
    assert.deepEqual(how(`Жş${'a'.repeat(80)}`).alphabet, 'ucs2', 'no table has it all');
  });

  it('take a single shift first, whose letters a phone without the table shows nearly right, then the others', () => {
    // 155 septets fit behind a header with one table, 152 behind one with two.
    assert.deepEqual(how('ş'.repeat(77)), { alphabet: 'gsm7', single: 1, lengths: [77] });
    assert.deepEqual(how('ş'.repeat(78)), { alphabet: 'gsm7', locking: 1, lengths: [78] });
    assert.deepEqual(how('ş'.repeat(155)), { alphabet: 'gsm7', locking: 1, lengths: [155] });
    // In parts 149 septets.
    assert.deepEqual(how('ş'.repeat(156)), { alphabet: 'gsm7', locking: 1, lengths: [149, 7] });
    const hindi = 'नमस्ते दुनिया '.repeat(8);
    assert.deepEqual(how(hindi), { alphabet: 'gsm7', locking: 6, lengths: [112] });
    // A capital letter stands in the single shift table only.
    assert.deepEqual(how(`A ${hindi}`), { alphabet: 'gsm7', locking: 6, single: 6, lengths: [114] });
    assert.deepEqual(how(`${'A'.repeat(20)}${hindi}`), { alphabet: 'gsm7', locking: 6, single: 6, lengths: [132] });
  });

  it('serve every language that has them', () => {
    const alone: [string, object][] = [
      ['áíóú', { single: 2 }],
      ['ãõ', { single: 3 }],
      ['ঀ', {}],
      ['অআ', { locking: 4 }],
      ['અઆ', { locking: 5 }],
      ['अआ', { locking: 6 }],
      ['ಅಆ', { locking: 7 }],
      ['അആ', { locking: 8 }],
      ['ଅଆ', { locking: 9 }],
      ['ਅਆ', { locking: 10 }],
      ['அஆ', { locking: 11 }],
      ['అఆ', { locking: 12 }],
      ['پٹ', { locking: 13 }],
    ];
    for (const [letters, tables] of alone) {
      const split = splitText(`${letters}${'a'.repeat(75)}`);
      assert.deepEqual(split.tables, tables, letters);
      assert.equal(split.alphabet, Object.keys(tables).length > 0 ? 'gsm7' : 'ucs2', letters);
    }
  });

  it('can be done without', () => {
    assert.deepEqual(how('ş'.repeat(78), false, false), { alphabet: 'ucs2', lengths: [67, 11] });
    const [first = '', second = ''] = submit('ş'.repeat(78), { national: false });
    assert.match(first, /^0041000C9194711032547600088C050003A50201/);
    assert.match(second, /^0041000C9194711032547600081C050003A50202/);
  });

  it('are named in the header of each part', () => {
    const [one = ''] = submit('ş'.repeat(78));
    // 4 octets of header are 5 septets: 83 in all.
    assert.match(one, /^0041000C9194711032547600005303250101E8/);
    const parts = submit('ş'.repeat(156));
    assert.equal(parts.length, 2);
    for (const [n, hex] of parts.entries()) assert.match(hex, new RegExp(`080003A5020${n + 1}250101`));
    const both = submit(`A ${'नमस्ते दुनिया '.repeat(12)}`, { reference: 0x1234 });
    for (const [n, hex] of both.entries()) assert.match(hex, new RegExp(`0C08041234020${n + 1}250106240106`));
    const decoded = decodeMessage(both);
    assert.ok(decoded.kind === 'submit');
    assert.equal(decoded.text, `A ${'नमस्ते दुनिया '.repeat(12)}`);
  });

  it('fill a part to its last septet, with one table and with both', () => {
    for (const [text, most] of [
      [`Ş${'a'.repeat(153)}`, 155],
      ['ş'.repeat(155), 155],
      [`A${'अ'.repeat(150)}`, 152],
    ] as const) {
      const [hex = '', ...more] = submit(text);
      assert.deepEqual(more, [], text);
      const decoded = decodePdu(hex);
      assert.ok(decoded.kind === 'submit');
      assert.equal(decoded.text, text);
      assert.equal(submit(`${text}aa`).length, 2, `${most} septets and two more`);
    }
  });

  it('are cut between characters, whatever they take', () => {
    const text = `${'ş'.repeat(148)}€${'ş'.repeat(20)}^`;
    const { parts, tables } = splitText(text);
    assert.deepEqual([parts, tables], [[`${'ş'.repeat(148)}€`, `${'ş'.repeat(20)}^`], { locking: 1 }]);
    const brackets = splitText(`${'ş'.repeat(148)}[${'ş'.repeat(20)}`);
    assert.deepEqual(brackets.parts, ['ş'.repeat(148), `[${'ş'.repeat(20)}`]);
  });
});
