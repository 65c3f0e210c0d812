/**
 * No firmware for anything but an E3272 or E3276: every other model of the facts, on every way into a write, with each
 * override that there is, and with all of them.
 */

import assert from 'node:assert/strict';
import { OVERRIDES } from '../../src/flash/overrides';
import { upload, write } from '../../src/flash/upload-and-write';
import type { UsbDevice } from '../../src/host/host';
import type { StickOptions } from '../../src/virtual/options';
import { MODELS, ONE_MODEL, rows } from '../family/facts';
import { onWrites } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
const STICK = { firmware: 'stick', setport: 'FF;10,12' } as const;

/** How they call themselves, and what they are. Hardware versions are no answer to who a stick is. */
const COUSINS = rows(MODELS)
  .map((row) => row.split(' | '))
  .filter(([text = '', , , write]) => write === 'never' && !text.startsWith('CL'))
  .map(([text = '', model = '']) => ({ text, model }));

/** None, each by itself, and all. */
const SETS = [[], ...OVERRIDES.map((one) => [one]), [...OVERRIDES]];
const named = (overrides: readonly string[]): string =>
  overrides.length > 1 ? 'all of them' : (overrides[0] ?? 'none');

/** A journey in which nobody is asked for anything, nobody does anything, and what reaches the ports is kept. */
function watched(options: Partial<StickOptions>): { run: Journey; sent: string[] } {
  const run = journey(files, options);
  const sent: string[] = [];
  onWrites(run.host, (data) => {
    sent.push(Buffer.from(data).toString('latin1').trim());
    return data;
  });
  run.person = () => assert.fail('nobody has to do anything');
  return { run, sent };
}

const confirm = () => assert.fail('nobody is asked');

describe('another model than E3272 and E3276', () => {
  for (const overrides of SETS) {
    for (const { text, model } of COUSINS) {
      it(`${text}, overridden: ${named(overrides)}: refused by its name when its firmware is asked`, async () => {
        for (const wayIn of ['auto', 'boot-pin'] as const) {
          const { run, sent } = watched({ ...STICK, product: text });
          await run.plug();
          const report = await run.convert({
            reflash: true,
            newTable: true,
            asIs: true,
            wayIn,
            overrides,
            confirm,
          } as object);
          assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
          assert.ok(
            report.error?.message.includes(`calls itself ${text}: no E3272. The ${model} has `),
            report.error?.message,
          );
          assert.deepEqual(
            sent.filter((line) => /GODLOAD|SETPORT=|RESET/.test(line)),
            [],
          );
          assert.deepEqual([...run.stick.flash.keys()], []);
        }
      });

      it(`${text}, overridden: ${named(overrides)}: refused by what its loader calls it, and nothing is written`, async () => {
        const run = journey(files, { ...STICK, product: text.slice(0, 20), identity: text.slice(0, 20) });
        await run.plug({ bootPin: true });
        const first = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
        assert.equal(first.error, undefined);
        for (const dryRun of [true, false]) {
          const report = await run.run(
            write(run.host, { which: '1-1', firmware: files.firmware, asIs: true, overrides, confirm, dryRun }),
          );
          assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
          assert.ok(report.error?.message.includes(`The ${model} has `), report.error?.message);
        }
        assert.deepEqual([...run.stick.flash.keys()], []);
      });
    }
  }

  for (const row of rows(ONE_MODEL)) {
    const [id = '', model = ''] = row.split(' ');
    it(`with the CD-ROM 12d1:${id} alone is ${model}: refused before it is switched, whatever is overridden`, async () => {
      for (const overrides of SETS) {
        for (const dryRun of [true, false]) {
          const { run } = watched({});
          await run.plug();
          shown(run, Number.parseInt(id, 16));
          run.host.openBulk = () => assert.fail('opened');
          const report = await run.convert({ overrides, dryRun, confirm });
          assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
          assert.ok(report.error?.message.includes(`is an ${model} by its USB id: no E3272. The ${model} `));
          assert.equal(run.stick.enumerations, 1);
        }
      }
    });
  }
});

/** The stick is on the bus with this product id. */
function shown(run: Journey, productId: number): void {
  const named = (devices: UsbDevice[]) => devices.map((device) => ({ ...device, productId }));
  const scan = run.host.scan.bind(run.host);
  run.host.scan = async () => named(await scan());
  const watch = run.host.watch.bind(run.host);
  run.host.watch = (listener) => watch((devices) => listener(named(devices)));
}

describe('a firmware for another model', () => {
  for (const { text, model } of COUSINS) {
    it(`that names ${text} is refused, whatever is overridden`, async () => {
      for (const overrides of SETS) {
        const { run, sent } = watched(STICK);
        await run.plug();
        for (const image of [{ platform: `X ${text}` }, { version: `22.1 ${text}` }]) {
          const firmware = makeFirmware({ images: [{ code: 0x101, ...image }, { code: 0x550103 }] });
          const report = await run.convert({ firmware, reflash: true, overrides, confirm });
          assert.match(report.error?.code ?? '', /^FIRMWARE_(WRONG_DEVICE|SYNTHETIC)$/, model);
          assert.equal(report.checks.find(({ id }) => id === 'fit')?.result, 'failed');
        }
        assert.deepEqual(sent, []);
      }
    });
  }

  it('is refused for its chip, in platform and version, whatever is overridden', async () => {
    for (const chip of ['H6930CS', 'Hi6921', 'V7R2', 'BV7R11HS', 'V7R22', 'V7R65', 'V3R3_MBB']) {
      for (const overrides of SETS) {
        for (const image of [{ platform: chip }, { version: chip }, { platform: `E3272 ${chip}` }]) {
          const { run, sent } = watched(STICK);
          await run.plug();
          const firmware = makeFirmware({ images: [{ code: 0x101, ...image }, { code: 0x550103 }] });
          assert.equal(
            (await run.convert({ firmware, reflash: true, overrides, confirm })).error?.code,
            'FIRMWARE_WRONG_DEVICE',
            chip,
          );
          assert.deepEqual(sent, []);
        }
      }
    }
  });
});

describe('a loader for another model', () => {
  it('is refused for the chip in its table, whatever is overridden', async () => {
    for (const product of ['H6930CS_STICK', 'H6921CS', 'V3R3_MBB_STICK', 'V3R3_MBB_E5', 'H6920CS_WINGLE', '']) {
      for (const overrides of SETS) {
        const { run, sent } = watched({});
        await run.plug({ bootPin: true });
        const report = await run.convert({ loader: makeLoader({ product }), overrides, confirm });
        assert.equal(report.error?.code, 'LOADER_INVALID', product);
        assert.deepEqual(sent, []);
      }
    }
  });
});
