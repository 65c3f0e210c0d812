import assert from 'node:assert/strict';
import { decodePdu } from '../../src/at/sms/decode';
import { encodeSubmit } from '../../src/at/sms/submit';
import { redactPdu, redactText, redactUssd } from '../../src/trace/pdu';
import { isLuhn, Pseudonyms } from '../../src/trace/pseudonyms';
import { makeIdentity } from '../../src/virtual/identity';

const names = () => new Pseudonyms(Buffer.alloc(32, 7));

describe('trace: what stands instead', () => {
  it('is the same for the same, other for another, and other in another trace', () => {
    const [one, same, other] = [names(), names(), new Pseudonyms()];
    assert.equal(one.number('+491701234567'), same.number('+491701234567'));
    assert.notEqual(one.number('+491701234567'), one.number('+491701234568'));
    assert.notEqual(one.number('+491701234567'), other.number('+491701234567'));
    assert.notEqual(one.label, other.label);
  });

  it('keeps lengths, forms and check digits', () => {
    for (let seed = 1; seed < 200; seed++) {
      const it = names();
      const { imei, imsi, iccid } = makeIdentity(seed);
      const [madeImei, madeIccid] = [it.imei(imei), it.iccid(iccid)];
      assert.ok(isLuhn(madeImei) && madeImei.length === 15 && madeImei !== imei, madeImei);
      assert.ok(isLuhn(madeIccid) === isLuhn(iccid) && madeIccid.length === iccid.length, madeIccid);
      assert.equal(it.imsi(imsi).slice(0, 5), imsi.slice(0, 5));
      const wrong = `${imei.slice(0, 14)}${(Number(imei.slice(14)) + 1) % 10}`;
      assert.ok(!isLuhn(it.imei(wrong)), 'a check digit that is wrong stays wrong');
    }
    const it = names();
    assert.match(it.number('+49 170/1234-567 *21#'), /^\+\d\d \d{3}\/\d{4}-\d{3} \*\d\d#$/);
    assert.match(it.mac('0C:5B:8F:27:9a:64'), /^02(:[0-9A-F]{2}){5}$/);
    assert.match(it.mac('0c5b8f279a64'), /^02[0-9a-f]{10}$/);
    assert.match(it.ip('10.19.188.4'), /^\d\d\.\d\d\.\d{3}\.\d$/);
    assert.equal(it.ip('192.168.8.1'), '192.168.8.1');
    assert.match(it.code('SessionID=aB9_x+/='), /^[A-Z][a-z]+[A-Z]{2}=[a-z][A-Z]\d_[a-z]\+\/=$/);
  });

  it('of an IMEI ends as its end in ^BOOT does, and its number with the version of the software too', () => {
    const it = names();
    const imei = '490154203237518';
    assert.equal(it.imei(imei).slice(7), it.imeiTail('03237518'));
    assert.equal(it.imei('4901542032375101').slice(0, 14), it.imei(imei).slice(0, 14));
  });

  it('of a number ends alike at home and abroad', () => {
    const it = names();
    assert.equal(it.number('+491701234567').slice(-9), it.number('01701234567').slice(-9));
  });

  it('of a text is as long in every coding, in the same scripts', () => {
    for (const text of ['Grüße aus Köln, 12!', 'Встретимся', '你好吗', '😀🍺', 'Ωμέγα', 'שלום', 'ŁódŹ']) {
      const made = names().text(text);
      assert.notEqual(made, text);
      assert.equal(made.length, text.length, text);
      assert.equal(Buffer.byteLength(made), Buffer.byteLength(text), text);
    }
  });

  it('of a PDU is a PDU with the same fields, other number and other text', () => {
    for (const text of ['Meet me at the old mill', 'Größe {1} €', 'Встретимся у мельницы', 'x'.repeat(300)]) {
      for (const { hex } of encodeSubmit({ to: '+491701234567', text, reference: 9 })) {
        const made = redactPdu(names(), hex) ?? assert.fail('it is none');
        assert.equal(made.length, hex.length);
        const [before, after] = [decodePdu(hex), decodePdu(made)];
        assert.ok(before.kind === 'submit' && after.kind === 'submit', after.kind);
        assert.notEqual(after.to, before.to);
        assert.notEqual(after.text, before.text);
        assert.equal(after.text?.length, before.text?.length);
        assert.deepEqual(after.part, before.part);
      }
    }
    for (const bad of [
      '',
      '00',
      'xyz',
      '0791',
      `07913306091093F0400B91${'0'.repeat(5)}`,
      '07913306091093F0400B913336157675F00008',
    ])
      assert.equal(redactPdu(names(), bad), undefined, bad);
  });

  it('of a USSD code keeps the service, and nothing behind it', () => {
    const it = names();
    assert.equal(redactUssd(it, '*100#', 15), '*100#');
    assert.match(redactUssd(it, '*104*8846201937315#', 15), /^\*104\*(?!8846201937315)\d{13}#$/);
    assert.notEqual(redactUssd(it, '4711', 15), '4711');
    assert.match(redactUssd(it, 'AA98CD6603', 15), /^[0-9A-F]{10}$/);
    assert.match(redactText(it, '00520061006D'), /^00[4-7][0-9A-F]00[4-7][0-9A-F]00[4-7][0-9A-F]$/);
  });
});
