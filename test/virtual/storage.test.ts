import assert from 'node:assert/strict';
import { decodeCsw, encodeCbw } from '../../src/codec/cbw';
import { type Rig, rig, unhex } from './rig';

const NEW_MODE = unhex('55534243123456780000000000000011062000000101000100000000000000');
const ALT_MODE = unhex('55534243123456780000000000000011063000000000010000000000000000');
const EJECT = ['1e', '1b000000', '1e', '1b'];

const rewind = (cdb: string) =>
  encodeCbw({ tag: 1, dataLength: 0, flags: 0, lun: 0, cbLength: 0, cdb: unhex(cdb.padEnd(32, '0')) });
const scsi = (cdb: string, dataLength = 0, lun = 0) =>
  encodeCbw({ tag: 7, dataLength, flags: dataLength ? 0x80 : 0, lun, cbLength: 10, cdb: unhex(cdb.padEnd(32, '0')) });

function face(r: Rig, interfaceNumber = 0) {
  const found = r.stick.storage(interfaceNumber);
  assert.ok(found, 'no storage interface');
  return found;
}

const statusOf = (bytes: unknown) => {
  assert.ok(bytes instanceof Uint8Array, `no CSW: ${String(bytes)}`);
  const csw = decodeCsw(bytes);
  assert.ok(csw);
  return csw.status;
};

/** Sends a message on interface 0, wants a good CSW, and tells what the stick is some seconds later. */
async function afterMessage(r: Rig, cbw: Uint8Array): Promise<string | undefined> {
  assert.equal(face(r).bulkOut(cbw), 'ok');
  assert.equal(statusOf(face(r).bulkIn(13)), 0, 'a good CSW whatever it means');
  await r.pass(10_000);
  return r.stick.appearance;
}

describe('virtual stick: the switch message', () => {
  const cases: [string, 'hilink' | 'stick', string, Uint8Array, string][] = [
    ['-J', 'hilink', 'cdrom-hilink', NEW_MODE, 'hilink'],
    ['-X', 'hilink', 'cdrom-hilink', ALT_MODE, 'tty-ncm'],
    ['gateway, profile 0', 'hilink', 'cdrom-hilink', rewind('1106300000010000'), 'tty-only'],
    ['gateway, unknown profile', 'hilink', 'cdrom-hilink', rewind('1106300000010005'), 'cdrom-hilink'],
    ['Windows, green 0', 'hilink', 'cdrom-hilink', rewind('110600'), 'upgrade'],
    ['Windows, green 1', 'hilink', 'cdrom-hilink', rewind('110600000001000001'), 'hilink-rndis'],
    ['Windows, green 2', 'hilink', 'cdrom-hilink', rewind('110600000000000002'), 'cdrom-hilink'],
    ['Linux, green 0', 'hilink', 'cdrom-hilink', rewind('110620000001000000'), 'cdrom-hilink'],
    ['Mac, green 1', 'hilink', 'cdrom-hilink', rewind('110610000001000001'), 'hilink'],
    ['unknown PC type', 'hilink', 'cdrom-hilink', rewind('110640000001000001'), 'cdrom-hilink'],
    ['-J', 'stick', 'cdrom-stick', NEW_MODE, 'tty'],
    ['-X', 'stick', 'cdrom-stick', ALT_MODE, 'tty-ncm'],
    ['Windows, green 0', 'stick', 'cdrom-stick', rewind('110600'), 'tty'],
  ];
  for (const [name, firmware, before, message, after] of cases) {
    it(`${name} on ${firmware} firmware: ${after}`, () => {
      const r = rig({ firmware });
      return r.run(async () => {
        r.stick.plug();
        await r.settle(before, 0);
        assert.equal(await afterMessage(r, message), after);
      });
    });
  }

  it('Windows, green 0: firmware that has no upgrade mode comes as HiLink', () => {
    const r = rig({ firmware: 'hilink', hilink: 'scram' });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
      assert.equal(await afterMessage(r, rewind('110600')), 'hilink-rndis');
    });
  });

  it('is refused with a good CSW once the stick has switched', () => {
    const r = rig({ firmware: 'stick' });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-stick', 0);
      assert.equal(await afterMessage(r, NEW_MODE), 'tty');
      const { address } = r.stick.device ?? {};
      // The composition of the default SETPORT has storage interfaces 3 and 4.
      assert.equal(face(r, 3).bulkOut(ALT_MODE), 'ok');
      assert.equal(statusOf(face(r, 3).bulkIn(13)), 0);
      await r.pass(10_000);
      assert.equal(r.stick.appearance, 'tty');
      assert.equal(r.stick.device?.address, address);
    });
  });

  it('sent twice in a row switches once, to the first target', () => {
    const r = rig();
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
      for (const message of [NEW_MODE, ALT_MODE]) {
        assert.equal(face(r).bulkOut(message), 'ok');
        assert.equal(statusOf(face(r).bulkIn(13)), 0);
      }
      await r.pass(10_000);
      assert.equal(r.stick.appearance, 'hilink');
    });
  });

  it('an eject alone does nothing', () => {
    const r = rig({ firmware: 'stick' });
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-stick', 0);
      for (const [n, cdb] of EJECT.entries()) {
        assert.equal(face(r).bulkOut(scsi(cdb, 0, n < 2 ? 0 : 1)), 'ok');
        assert.equal(statusOf(face(r).bulkIn(13)), 0);
      }
      await r.pass(10_000);
      assert.equal(r.stick.appearance, 'cdrom-stick');
    });
  });

  it('takes the stick off the bus for about a second and gives it another address', () => {
    const r = rig();
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
      const before = r.stick.device?.address;
      face(r).bulkOut(NEW_MODE);
      await r.event('mode');
      assert.equal(r.stick.appearance, undefined);
      const left = r.clock.now();
      await r.settle('hilink', 0);
      assert.equal(r.clock.now() - left, 1_000);
      assert.notEqual(r.stick.device?.address, before);
    });
  });
});

describe('virtual stick: mass storage', () => {
  const plugged = async (r: Rig) => {
    r.stick.plug();
    await r.settle('cdrom-hilink', 0);
    return face(r);
  };

  it("answers INQUIRY as Huawei's CD-ROM, echoes the tag, says the residue", () => {
    const r = rig();
    return r.run(async () => {
      const f = await plugged(r);
      assert.equal(f.bulkOut(scsi('1200000024', 96)), 'ok');
      const inquiry = f.bulkIn(96);
      assert.ok(inquiry instanceof Uint8Array);
      assert.equal(inquiry.length, 36);
      assert.equal(inquiry[0], 5);
      assert.equal(inquiry[2], 2);
      assert.equal(Buffer.from(inquiry).toString('latin1', 8), 'HUAWEI  Mass Storage    2.31');
      assert.deepEqual(decodeCsw(f.bulkIn(13) as Uint8Array), { tag: 7, residue: 60, status: 0 });
    });
  });

  it('stalls both pipes on what is no CBW, until the transport is reset', () => {
    const r = rig();
    return r.run(async () => {
      const f = await plugged(r);
      const good = scsi('00');
      const bad = [good.subarray(0, 30), Buffer.concat([good, Buffer.of(0)]), Buffer.from(good).fill(0x41, 0, 1)];
      bad.push(Buffer.from(good).fill(0x81, 12, 13), Buffer.from(good).fill(17, 14, 15), Buffer.from(scsi('00', 0, 2)));
      for (const cbw of bad) {
        assert.equal(f.bulkOut(cbw), 'stall');
        assert.equal(f.bulkOut(good), 'stall');
        assert.equal(f.bulkIn(13), 'stall');
        f.reset();
      }
      assert.equal(f.bulkOut(good), 'ok');
      assert.equal(statusOf(f.bulkIn(13)), 0);
    });
  });

  it('reads its tiny medium and refuses to read behind it, with the reason as sense data', () => {
    const r = rig();
    return r.run(async () => {
      const f = await plugged(r);
      f.bulkOut(scsi('25', 8));
      const capacity = Buffer.from(f.bulkIn(8) as Uint8Array);
      assert.equal(statusOf(f.bulkIn(13)), 0);
      assert.equal(capacity.readUInt32BE(4), 2048);
      const last = capacity.readUInt32BE(0);
      const read = (block: number) => `2800${block.toString(16).padStart(8, '0')}00000100`;
      f.bulkOut(scsi(read(last), 2048));
      assert.equal((f.bulkIn(2048) as Uint8Array).length, 2048);
      assert.equal(statusOf(f.bulkIn(13)), 0);
      f.bulkOut(scsi(read(last + 1), 2048));
      assert.equal(f.bulkIn(2048), 'stall');
      assert.equal(statusOf(f.bulkIn(13)), 1);
      f.bulkOut(scsi('0300000012', 18));
      const sense = f.bulkIn(18) as Uint8Array;
      assert.deepEqual([sense[2], sense[12]], [5, 0x21]);
      assert.equal(statusOf(f.bulkIn(13)), 0);
    });
  });

  it('has an empty card reader as second unit', () => {
    const r = rig();
    return r.run(async () => {
      const f = await plugged(r);
      f.bulkOut(scsi('00', 0, 1));
      assert.equal(statusOf(f.bulkIn(13)), 1);
    });
  });

  it('has nothing to read before it was asked', () => {
    const r = rig();
    return r.run(async () => {
      const f = await plugged(r);
      assert.equal(f.bulkIn(13), 'pending');
    });
  });
});
