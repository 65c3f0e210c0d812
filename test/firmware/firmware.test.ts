import assert from 'node:assert/strict';
import { crcX25 } from '../../src/codec/crc';
import { partitionName, roomFor } from '../../src/firmware/partitions';
import { otherDevice } from '../../src/firmware/policy';
import { type MadeImage, makeFirmware, makeLoader, SMALL_IMAGES } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { check, patchHeader, read, refused, smallest } from './help';

const MIB = 1024 * 1024;

describe('firmware/firmware', () => {
  it('knows the checksums of the format', () => {
    assert.equal(crcX25(Buffer.alloc(4096)), 0x0408);
    assert.equal(crcX25(Buffer.alloc(4096, 0xff)), 0x780f);
    assert.equal(crcX25(Buffer.alloc(98)), 0x4277);
  });

  it('reads the smallest firmware, every field', async () => {
    const { firmware } = await read(smallest());
    const { images, ...rest } = firmware;
    assert.deepEqual(rest, {
      name: 'buffer',
      size: 0x5c + 100 + 16,
      form: 'bin',
      chainOffset: 0x5c,
      dloadId: 1,
      signed: false,
      version: '21.000.00.00.00',
      trailing: 0,
      synthetic: false,
      problems: [],
      warnings: rest.warnings,
    });
    assert.match(rest.warnings.join(), /no VxWorks image/);
    assert.deepEqual(images, [
      {
        index: 0,
        code: 0x101,
        partition: 'Bootloader_R1',
        headerOffset: 0x5c,
        headerSize: 100,
        headerVersion: 1,
        offset: 0x5c + 100,
        storedSize: 16,
        size: 16,
        compression: 'none',
        blockSize: 4096,
        room: 0x20000,
        unlock: 'SYNTH1.0',
        date: '2000.01.01',
        time: '00:00:00',
        platform: 'E3272SYNTH',
        version: '21.000.00.00.00',
        signed: false,
      },
    ]);
  });

  it('makes the smallest firmware byte for byte', () => {
    const made = makeFirmware({
      images: [
        {
          code: 0x101,
          data: Buffer.from([...Array(16).keys()]),
          unlock: 'SYNTH1.0',
          platform: 'E3272SYNTH',
          version: '21.000.00.00.00',
        },
      ],
    });
    assert.deepEqual(made, smallest());
  });

  it('reads made-up firmware: alignment, names, the synthetic mark', async () => {
    const { firmware } = await read(makeFirmware());
    assert.deepEqual(
      firmware.images.map(({ partition, storedSize }) => [partition, storedSize]),
      [
        ['Ptable_R1', 2048],
        ['Bootloader_R1', 5000],
        ['VxWorks_R1', 12288],
      ],
    );
    assert.ok(firmware.images.every((image) => (image.headerOffset - 0x5c) % 4 === 0));
    assert.equal(firmware.synthetic, true);
    assert.deepEqual(firmware.problems, []);
    assert.deepEqual(firmware.warnings, []);
    assert.equal(partitionName(0x12345), 'U00012345');
  });

  it('finds the chain in a program, past stray constants, at any alignment', async () => {
    for (const exe of [4096, 5001, 70_002, MIB - 40, MIB + 3]) {
      const file = makeFirmware({ exe });
      const { firmware } = await read(Buffer.concat([file, noise(1000, 3)]));
      assert.equal(firmware.form, 'exe');
      assert.equal(firmware.chainOffset, exe + 0x5c);
      assert.equal(firmware.images.length, 3);
      assert.ok(firmware.trailing >= 1000);
    }
    await refused(read(Buffer.concat([Buffer.from('MZ'), noise(3000)])), 'FIRMWARE_INVALID', /without firmware/);
  });

  it('takes no constant with strings behind it for a damaged header, if there is a right one further on', async () => {
    const file = makeFirmware({ exe: 4096 });
    const strings =
      'Open port failed\0\0Download error %d\0Please insert device\0\0E3272s Update Wizard\0Next\0Cancel\0';
    file.fill(0, 0x400, 0x480).write('\x55\xaa\x5a\xa5', 0x400, 'latin1');
    file.write(strings, 0x408, 'latin1');
    const { firmware } = await read(file);
    assert.deepEqual([firmware.chainOffset, firmware.images.length], [4096 + 0x5c, 3]);
    // With nothing right behind it, it may be all that is left of an image.
    await refused(read(file.subarray(0, 4096)), 'FIRMWARE_CRC', /at byte 0x400 /);
  });

  it('refuses a program whose first image header is damaged, rather than leaving the image out', async () => {
    const file = makeFirmware({ exe: 5000 });
    for (const at of [0, 3, 4, 20, 24, 30, 92, 95]) {
      const damaged = Buffer.from(file);
      damaged[5000 + 0x5c + at] = (damaged[5000 + 0x5c + at] as number) ^ 0x10;
      await refused(read(damaged), 'FIRMWARE_CRC');
    }
  });

  it('refuses a program whose chain breaks off at a damaged header, rather than leaving images out', async () => {
    const file = makeFirmware({ exe: 5000 });
    const [, second, third] = (await read(file)).firmware.images;
    assert.ok(second && third);
    const damage = (at: number, length: number) => read(Buffer.from(file).fill(0x5a, at, at + length));
    await refused(damage(second.headerOffset, 1), 'FIRMWARE_CRC', /is damaged/);
    // All of the magic and a text: the lengths still agree. Two bytes of the magic, code and size: the texts still read.
    await refused(damage(second.headerOffset, 4), 'FIRMWARE_CRC', /is damaged/);
    const odd = Buffer.from(file);
    odd
      .fill(0x5b, second.headerOffset, second.headerOffset + 2)
      .fill(1, second.headerOffset + 20, second.headerOffset + 28);
    await refused(read(odd), 'FIRMWARE_CRC', /is damaged/);
    // Nothing of it is left: the next image shows that one is missing.
    const text = new RegExp(`image at byte 0x${third.headerOffset.toString(16)} that does not follow`);
    await refused(damage(second.headerOffset, 98), 'FIRMWARE_INVALID', text);
  });

  it('refuses what is no firmware', async () => {
    await refused(read(noise(3000)), 'FIRMWARE_INVALID', /no Balong firmware/);
    await refused(read(noise(20)), 'FIRMWARE_TRUNCATED');
    await refused(read(makeLoader()), 'FIRMWARE_INVALID');
    const odd = smallest();
    odd[0] = 0x10;
    await refused(read(odd), 'FIRMWARE_INVALID', /type/);
  });

  it('refuses headers that lie', async () => {
    const file = smallest();
    const lie = (patch: (header: Buffer) => void) => read(patchHeader(file, patch));
    await refused(
      lie((h) => h.writeUInt32LE(0, 94)),
      'FIRMWARE_INVALID',
      /block size of 0/,
    );
    await refused(
      lie((h) => h.writeUInt32LE(97, 4)),
      'FIRMWARE_INVALID',
      /97 bytes where 100/,
    );
    await refused(
      lie((h) => h.writeUInt32LE(102, 4)),
      'FIRMWARE_INVALID',
    );
    await refused(
      lie((h) => h.writeUInt32LE(0, 24)),
      'FIRMWARE_INVALID',
      /no bytes/,
    );
    await refused(
      lie((h) => h.writeUInt32LE(0xffffffff, 24)),
      'FIRMWARE_TOO_LARGE',
      /4294967295/,
    );
    const flipped = smallest();
    flipped[0x5c + 70] = 0x40;
    await refused(read(flipped), 'FIRMWARE_CRC', /header/);
    const magic = makeFirmware();
    magic[0x5c] = 0x54;
    await refused(read(magic), 'FIRMWARE_CRC');
  });

  it('refuses a file that was cut, wherever that can be told', async () => {
    const file = makeFirmware();
    const [first, second] = (await read(file)).firmware.images;
    assert.ok(first && second);
    const cuts = [
      [first.headerOffset + 50, /inside the header of image 1/],
      [first.headerOffset + 99, /inside the checksums of image 1/],
      [first.offset + 2047, /inside image 1/],
      [second.headerOffset + 97, /inside the header of image 2/],
      [second.headerOffset + 3, /inside the header/],
      [file.length - 1, /inside image 3/],
    ] as const;
    for (const [length, text] of cuts) await refused(read(file.subarray(0, length)), 'FIRMWARE_TRUNCATED', text);
    const iso = makeFirmware({ images: [{ code: 0x101 }, { code: 0xb0000 }] });
    const start = (await read(iso)).firmware.images[1]?.headerOffset;
    await refused(check(iso.subarray(0, start)), 'FIRMWARE_TRUNCATED', /an ISO/);
  });

  it('refuses bytes behind the last image unless they are filler', async () => {
    const file = makeFirmware();
    assert.equal((await read(Buffer.concat([file, Buffer.alloc(100)]))).firmware.trailing, 100);
    assert.equal((await read(Buffer.concat([file, Buffer.alloc(5, 0xff)]))).firmware.trailing, 5);
    await refused(read(Buffer.concat([file, Buffer.from([0, 0, 7])])), 'FIRMWARE_INVALID', /behind its last image/);
    const second = (await read(file)).firmware.images[1];
    assert.ok(second);
    const broken = Buffer.from(file);
    broken[second.headerOffset + 1] = 0;
    await refused(read(broken), 'FIRMWARE_CRC');
  });

  it('takes 20 images and not 21 or 130', async () => {
    const images = (n: number): MadeImage[] => Array.from({ length: n }, () => ({ code: 0x550103, size: 100 }));
    assert.equal((await read(makeFirmware({ images: images(20) }))).firmware.images.length, 20);
    for (const n of [21, 130]) await refused(read(makeFirmware({ images: images(n) })), 'FIRMWARE_TOO_LARGE', /20/);
  });
});

describe('firmware/policy', () => {
  const only = (image: MadeImage) => check(makeFirmware({ images: [image] }));

  it('takes the codes of an E3272 and no others', async () => {
    const accepted = [
      ...[0x100, 0x101, 0x102, 0x103, 0x550103, 0x104, 0x105, 0x107],
      ...[0x109, 0x113, 0xa0000, 0xb0000, 0x550000, 0x560000],
    ];
    for (const code of accepted) assert.equal((await only({ code, size: 200 })).images.length, 1);
    for (const code of [0x66, 0x106, 0x10d, 0x10e]) await refused(only({ code }), 'FIRMWARE_UNSUPPORTED', /NV image/);
    for (const code of [4, 5, 0x65, 0x110, 0x1ff]) await refused(only({ code }), 'FIRMWARE_UNSUPPORTED', /not among/);
    for (const code of [0x200, 0x20000, 0x110000, 0x1e0000]) await refused(only({ code }), 'FIRMWARE_WRONG_DEVICE');
  });

  it('holds each image against its partition', async () => {
    const limits: [number, number][] = [
      [0x101, 128 * 1024],
      [0x102, 2 * MIB],
      [0x104, 384 * 1024],
      [0x105, 3 * MIB],
      [0xa0000, 500],
      [0x550000, 200],
    ];
    for (const [code, limit] of limits) {
      assert.equal((await only({ code, size: limit })).images[0]?.size, limit);
      await refused(only({ code, size: limit + 1 }), 'FIRMWARE_TOO_LARGE');
    }
    assert.equal(roomFor(0x550103), 32 * MIB);
    assert.equal(roomFor(0x103), 32 * MIB);
    assert.equal(roomFor(0x107), 28 * MIB);
    assert.equal(roomFor(0xb0000), 170 * MIB);
    assert.equal(roomFor(0x66), undefined);
  });

  it('warns of partitions without room that a firmware may bring room for itself', async () => {
    for (const [code, name] of [
      [0x109, 'APP_R1'],
      [0x113, 'WEBUI_R1'],
    ] as const) {
      const report = await only({ code, size: 10 });
      assert.deepEqual(report.problems, []);
      assert.match(report.warnings.join(), new RegExp(`no room for ${name}`));
      assert.equal(roomFor(code), 0x570 * 0x20000);
    }
  });

  it('refuses firmware of another device by its texts', async () => {
    await refused(only({ code: 0x101, platform: 'E3372S' }), 'FIRMWARE_WRONG_DEVICE', /E3372/);
    await refused(only({ code: 0x101, platform: 'X', version: 'B310s-22' }), 'FIRMWARE_WRONG_DEVICE', /B310/);
    for (const text of ['E3272S', 'E3276s-920', 'H6920CS_STICK', 'E3272-VIRTUAL', '21.420.99.07.00', 'V7R1']) {
      assert.equal(otherDevice(text), undefined, text);
    }
    for (const text of ['E8372', 'E5573s', 'H6921', 'Hi6930', 'V7R11', 'V7R2', 'V7R22']) {
      assert.equal(otherDevice(text), text.replace('s', ''), text);
    }
  });

  it('refuses signed firmware', async () => {
    await refused(check(makeFirmware({ dloadId: 9 })), 'FIRMWARE_UNSUPPORTED', /signed/);
    const signature = Buffer.concat([noise(100), Buffer.from([0xfa, 0xaf, 0xaa, 0xff])]);
    await refused(only({ code: 0x101, data: signature }), 'FIRMWARE_UNSUPPORTED', /signed/);
    // 6 unknown bytes, the hash of the key, filler, the length, 4 unknown bytes, the mark: 60 bytes behind the image's own.
    const trailer = Buffer.alloc(60, 1);
    trailer.fill(0xab, 6, 38).writeUInt32LE(60, 48);
    trailer.write('faafaaff', 56, 'hex');
    const image = { code: 0x101, data: Buffer.concat([noise(500), trailer]) };
    const { firmware } = await read(makeFirmware({ dloadId: 9, images: [image] }));
    assert.deepEqual(firmware.images[0]?.signature, { length: 60, keyHash: 'AB'.repeat(32) });
    assert.match(
      firmware.problems[0]?.message ?? '',
      /signed \(its type 9 says so, Bootloader_R1 ends in one of 60 bytes\)/,
    );
    // A length that does not fit: signed all the same.
    trailer.writeUInt32LE(561, 48);
    const { firmware: odd } = await read(
      makeFirmware({ images: [{ code: 0x101, data: Buffer.concat([noise(500), trailer]) }] }),
    );
    assert.deepEqual([odd.signed, odd.images[0]?.signature], [true, undefined]);
    // The shortest that has all fields, one less, and one that is the whole image.
    const said = async (length: number, before: number) => {
      trailer.writeUInt32LE(length, 48);
      const data = Buffer.concat([noise(before), trailer]);
      return (await read(makeFirmware({ images: [{ code: 0x101, data }] }))).firmware.images[0]?.signature?.length;
    };
    assert.deepEqual(
      [await said(49, 100), await said(50, 100), await said(160, 100), await said(161, 100)],
      [undefined, 50, 160, undefined],
    );
    // Images as short as the mark, or with no room for a length: signed.
    for (const bytes of [4, 5, 11, 12]) {
      const data = Buffer.concat([noise(bytes - 4), Buffer.from('faafaaff', 'hex')]);
      const { images: short } = (await read(makeFirmware({ images: [{ code: 0x101, data }] }))).firmware;
      assert.deepEqual([short[0]?.signed, short[0]?.signature], [true, undefined]);
    }
    for (const bytes of [1, 2, 3]) {
      const data = Buffer.from('afaaff', 'hex').subarray(3 - bytes);
      assert.equal((await read(makeFirmware({ images: [{ code: 0x101, data }] }))).firmware.signed, false);
    }
    const images = [...SMALL_IMAGES.slice(0, 2), { code: 0x103, data: signature }];
    assert.equal((await check(makeFirmware({ images }))).images.length, 3);
  });
});
