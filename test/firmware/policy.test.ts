import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { otherChip, otherDevice } from '../../src/firmware/policy';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { type MadeImage, makeFirmware } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { tempFolder } from '../support/temp-folder';
import { read } from './help';

const VXWORKS: MadeImage = { code: 0x550103, size: 300 };
const FASTBOOT: MadeImage = { code: 0x104, size: 300 };
const ISO: MadeImage = { code: 0xb0000, size: 300 };
const PAGES: MadeImage[] = [
  { code: 0x113, size: 300 },
  { code: 0x560000, size: 300 },
];

/** Problems as codes with what they say, and warnings. */
async function look(dloadId: number, ...images: MadeImage[]): Promise<{ problems: string[]; warnings: string[] }> {
  const { firmware } = await read(makeFirmware({ dloadId, images }));
  return {
    problems: firmware.problems.map(({ code, message }) => `${code}: ${message}`),
    warnings: firmware.warnings,
  };
}

const lacks = (what: string) => [
  `FIRMWARE_TRUNCATED: buffer says that it holds ${what}, but there is none in it: it was cut between two images.`,
];
const NOTHING_SAID =
  'The file does not say what it holds, so a file cut between two images cannot be told from a whole one.';
const NO_VXWORKS =
  'The file says that it holds firmware, but has no VxWorks image: if it is not a partial update, it was cut.';

describe('what a firmware file says that it holds', () => {
  it('must be in it: firmware, an ISO, a web UI', async () => {
    const parts = ['firmware', 'an ISO', 'a web UI'];
    for (const [held, images] of [
      [0b001, [{ code: 0x66 }]],
      [0b001, [VXWORKS]],
      [0b001, [FASTBOOT, VXWORKS]],
      [0b010, [ISO]],
      ...PAGES.map((pages) => [0b100, [pages]] as const),
      [0b011, [ISO, VXWORKS]],
      [0b110, [ISO, PAGES[1] as MadeImage]],
      [0b111, [VXWORKS, ISO, PAGES[0] as MadeImage]],
    ] as const) {
      for (let type = 1; type <= 7; type++) {
        const missing = parts.filter((_, i) => type & (1 << i) && !(held & (1 << i)));
        const { problems } = await look(type, ...images);
        assert.deepEqual(
          problems.filter((problem) => problem.startsWith('FIRMWARE_TRUNCATED')),
          missing.length > 0 ? lacks(missing.join(' and ')) : [],
          `type ${type}, ${images.map(({ code }) => code.toString(16))}`,
        );
      }
      const silent = await look(0, ...images);
      assert.deepEqual(silent.warnings, [NOTHING_SAID]);
      assert.ok(!silent.problems.some((problem) => problem.startsWith('FIRMWARE_TRUNCATED')));
    }
  });

  it('is a warning where it is firmware without VxWorks', async () => {
    for (const type of [1, 3, 5, 7]) assert.deepEqual((await look(type, FASTBOOT)).warnings, [NO_VXWORKS]);
    for (const type of [2, 4, 6]) assert.deepEqual((await look(type, FASTBOOT)).warnings, []);
    for (const code of [0x103, 0x550103]) assert.deepEqual((await look(1, { code, size: 300 })).warnings, []);
    // The signature is no part of it.
    assert.deepEqual((await look(8, FASTBOOT)).warnings, [NOTHING_SAID]);
  });

  it('a folder does not say', async () => {
    const folder = tempFolder('policy');
    try {
      writeFileSync(join(folder, '00-00000104-Fastboot_R1.bin'), noise(300));
      const source = await openSource(folder);
      const { warnings, problems } = await readFirmware(source);
      await source.close();
      assert.deepEqual(problems, []);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', /^A folder of images has no checksums/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('firmware that an E3272 must not get', () => {
  it('is signed, by its type or in an image, and that is said once for the file', async () => {
    const mark = Buffer.from('faafaaff', 'hex');
    const signed: MadeImage = { code: 0x104, data: Buffer.concat([noise(100), mark]) };
    const problem = (where: string) => [
      `FIRMWARE_UNSUPPORTED: buffer is signed (${where}); the E3272 loader knows no signatures.`,
    ];
    assert.deepEqual((await look(9, VXWORKS)).problems, problem('its type 9 says so'));
    assert.deepEqual((await look(1, signed, VXWORKS)).problems, problem('Fastboot_R1 ends in one'));
    assert.deepEqual(
      (await look(15, signed, ISO, ...PAGES)).problems,
      problem('its type 15 says so, Fastboot_R1 ends in one'),
    );
    for (const type of [0, 1, 7]) assert.deepEqual((await look(type, VXWORKS, ISO, ...PAGES)).problems, []);
  });

  it('is for another device by the texts in its headers', async () => {
    const wrong = (other: string) => [
      `FIRMWARE_WRONG_DEVICE: The image 1 (VxWorks_R1) of buffer says that it is for ${other}, not for an E3272.`,
    ];
    assert.deepEqual((await look(1, { ...VXWORKS, platform: 'E3372h' })).problems, wrong('E3372'));
    assert.deepEqual((await look(1, { ...VXWORKS, platform: 'X', version: 'b310s-22' })).problems, wrong('B310'));
    assert.deepEqual((await look(1, { ...VXWORKS, platform: 'H6930', version: 'B310' })).problems, wrong('H6930'));
    assert.deepEqual((await look(1, { ...VXWORKS, platform: 'E3276', version: 'E3272' })).problems, []);
  });

  it('names a chip or a device that is another one', () => {
    const chips = ['H6930', 'Hi6921', 'hi6950', 'V7R2', 'V7R11', 'x V7R2', 'E3272 V7R22'];
    for (const text of chips) {
      assert.equal(otherChip(text), text.split(' ').at(-1), text);
      assert.equal(otherDevice(text), otherChip(text), text);
    }
    assert.equal(otherChip('BV7R11HS'), 'V7R11');
    assert.equal(otherChip('V7R1 and V3R3_MBB'), 'V3R3');
    for (const text of ['', 'BV7R1', 'H6920', 'Hi6920', 'HI6920CS', 'V7R1', 'E3372', 'AV7R2', '1H6930', 'H693']) {
      assert.equal(otherChip(text), undefined, text);
    }
    const devices: [string, string | undefined][] = [
      ['E3372s-153', 'E3372'],
      ['for e8372', 'E8372'],
      ['B310', 'B310'],
      ['k5160', 'K5160'],
      ['E3272', undefined],
      ['e3276s', undefined],
      ['H6920 E5573', 'E5573'],
      ['E33721', undefined],
      ['XE3372', undefined],
      ['E4372', undefined],
      ['', undefined],
    ];
    for (const [text, device] of devices) assert.equal(otherDevice(text), device, text);
  });

  it('has a file that is too large for the loader itself, which no partition table changes', async () => {
    for (const [code, limit] of [
      [0xa0000, 500],
      [0x550000, 200],
      [0x100, 0x20000],
    ] as const) {
      assert.deepEqual((await look(2, { code, size: limit }, ISO)).problems, []);
      const [problem, ...more] = (await look(2, { code, size: limit + 1 }, ISO)).problems;
      assert.deepEqual(more, []);
      assert.match(problem ?? '', /^FIRMWARE_TOO_LARGE: The image 1 /);
    }
    // Partitions are measured by the check, which knows the tables.
    assert.deepEqual((await look(1, { ...FASTBOOT, size: 4 * 0x20000 }, VXWORKS)).problems, []);
  });
});
