import assert from 'node:assert/strict';
import { crcX25, crcXmodem, X25_INIT, x25Update } from '../../src/codec/crc';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex');

describe('CRC-16/X-25', () => {
  const vectors: [string, Uint8Array, number][] = [
    ['the check string', ascii('123456789'), 0x906e],
    ['nothing', Buffer.alloc(0), 0x0000],
    ['98 zero bytes', Buffer.alloc(98), 0x4277],
    ['4096 zero bytes', Buffer.alloc(4096), 0x0408],
    ['4096 bytes FF', Buffer.alloc(4096, 0xff), 0x780f],
    ['00 to FF', Uint8Array.from({ length: 256 }, (_, i) => i), 0x303c],
  ];
  for (const [name, data, sum] of vectors) it(`of ${name}`, () => assert.equal(crcX25(data), sum));

  it('gives the same sum in pieces of any size, and leaves the residue F0B8 over data and sum', () => {
    const data = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31 + (i >> 3)) & 0xff);
    for (const cut of [0, 1, 7, 8, 9, 500, 999, 1000]) {
      const register = x25Update(x25Update(X25_INIT, data, 0, cut), data, cut);
      assert.equal(register ^ 0xffff, crcX25(data), `cut at ${cut}`);
    }
    const sum = crcX25(data);
    assert.equal(x25Update(x25Update(X25_INIT, data), Uint8Array.of(sum & 0xff, sum >> 8)), 0xf0b8);
  });
});

describe('CRC-16/XMODEM', () => {
  const vectors: [string, Uint8Array, string][] = [
    ['the check string', ascii('123456789'), '31c3'],
    ['nothing', Buffer.alloc(0), '0000'],
    ['the head of a raminit component', hex('FE 00 FF 01 00 00 03 6C 2F FE 40 00'), 'f288'],
    ['the head of a loader component', hex('FE 00 FF 02 00 1A C1 8C 30 00 40 00'), '229f'],
    ['a data packet of 8 zero bytes', Buffer.concat([hex('DA 01 FE'), Buffer.alloc(8)]), '9224'],
    ['a data packet of 1024 zero bytes', Buffer.concat([hex('DA 01 FE'), Buffer.alloc(1024)]), '2470'],
    ['an end packet', hex('ED 02 FD'), 'bab0'],
  ];
  for (const [name, data, wire] of vectors) {
    it(`of ${name}; over packet and sum it is 0`, () => {
      const sum = crcXmodem(data);
      assert.equal(sum.toString(16).padStart(4, '0'), wire);
      assert.equal(crcXmodem(Buffer.concat([data, hex(wire)])), 0);
    });
  }
});
