import assert from 'node:assert/strict';
import { decodeCbw } from '../../src/codec/cbw';
import { inquiryCbw, inquiryVendor } from '../../src/codec/inquiry';

/** As a kernel shows the CD-ROM of a Huawei stick: "CD-ROM HUAWEI Mass Storage 2.31 ANSI: 2". */
const CDROM = Buffer.from(
  '05800202 1f000000 4855415745492020 4d6173732053746f7261676520202020 322e3331'.replaceAll(' ', ''),
  'hex',
);

describe('SCSI INQUIRY', () => {
  it('asks the first unit for its 36 bytes', () => {
    const cbw = decodeCbw(inquiryCbw(0x12345678));
    assert.ok(cbw);
    const { cdb, ...rest } = cbw;
    assert.deepEqual(rest, { tag: 0x12345678, dataLength: 36, flags: 0x80, lun: 0, cbLength: 6 });
    assert.equal(Buffer.from(cdb).toString('hex'), '120000002400'.padEnd(32, '0'));
  });

  it('the vendor is read without its padding, whatever that is', () => {
    assert.equal(inquiryVendor(CDROM), 'HUAWEI');
    for (const padding of [0, 0x20, 0xff]) {
      const padded = Buffer.from(CDROM).fill(padding, 14, 16);
      assert.equal(inquiryVendor(padded), 'HUAWEI');
    }
  });

  it('an answer that is cut, or says that there is no such unit, is none', () => {
    for (const length of [0, 1, 8, 13, 35]) assert.equal(inquiryVendor(CDROM.subarray(0, length)), undefined);
    for (const type of [0x7f, 0x25])
      assert.equal(inquiryVendor(Buffer.concat([Buffer.of(type), CDROM.subarray(1)])), undefined);
  });
});
