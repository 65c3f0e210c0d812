import assert from 'node:assert/strict';
import { decodeCbw, decodeCsw, encodeCsw } from '../../src/codec/cbw';
import { SWITCH_CBWS } from '../../src/modeswitch/messages';

const wire = (message: keyof typeof SWITCH_CBWS) => SWITCH_CBWS[message].map((c) => Buffer.from(c).toString('hex'));

describe('the switch messages, byte for byte', () => {
  it('new is what usb_modeswitch -J sends', () => {
    assert.deepEqual(wire('new'), ['55534243123456780000000000000011062000000101000100000000000000']);
  });
  it('alt is what usb_modeswitch -X sends', () => {
    assert.deepEqual(wire('alt'), ['55534243123456780000000000000011063000000000010000000000000000']);
  });
  it('project has PC type Windows and green mode 0', () => {
    assert.deepEqual(wire('project'), ['55534243123456780000000000000011060000000000000000000000000000']);
  });
  it('eject is what usb_modeswitch -K sends', () => {
    assert.deepEqual(wire('eject'), [
      '5553424387654321000000000000061e000000000000000000000000000000',
      '5553424397654321000000000000061b000000020000000000000000000000',
      '5553424387654321000000000001061e000000000000000000000000000000',
      '5553424397654321000000000001061b000000020000000000000000000000',
    ]);
  });
});

describe('CBW and CSW', () => {
  it('a CBW is valid only with 31 bytes, its signature, flags of bit 7 only and a length byte up to 16', () => {
    const good = Buffer.from(SWITCH_CBWS.new[0] ?? []);
    const bad = (at: number, value: number) => {
      const copy = Buffer.from(good);
      copy[at] = value;
      return decodeCbw(copy);
    };
    const cbw = decodeCbw(good);
    assert.equal(cbw?.tag, 0x78563412);
    assert.equal(cbw?.cbLength, 0);
    assert.equal(Buffer.from(cbw?.cdb ?? []).toString('hex'), '11062000000101000100000000000000');
    assert.equal(bad(0, 0x54), undefined);
    assert.equal(bad(12, 0x01), undefined);
    assert.equal(bad(14, 17), undefined);
    assert.notEqual(bad(12, 0x80), undefined);
    assert.equal(decodeCbw(good.subarray(0, 30)), undefined);
    assert.equal(decodeCbw(Buffer.concat([good, Buffer.alloc(1)])), undefined);
  });
  it('a CSW comes back as it was made; other lengths and signatures do not count', () => {
    const csw = encodeCsw({ tag: 0x78563412, residue: 7, status: 1 });
    assert.equal(Buffer.from(csw).toString('hex'), '55534253123456780700000001');
    assert.deepEqual(decodeCsw(csw), { tag: 0x78563412, residue: 7, status: 1 });
    assert.equal(decodeCsw(csw.subarray(0, 12)), undefined);
    assert.equal(decodeCsw(Buffer.alloc(13)), undefined);
  });
});
