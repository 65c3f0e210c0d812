/** The profiles: what may be written, and that what they say fits together and is what people are shown. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseComposition } from '../../src/at/setport';
import { E3272 } from '../../src/family/e3272';
import { ALL_MODELS, ANY_MODEL, FAMILY, mayBeWritten, namesWritten, SETPORT } from '../../src/family/family';
import type { Profile } from '../../src/family/profile';
import { modeEntry } from '../../src/stick/modes';

const text = (...path: string[]): string => readFileSync(join(__dirname, '../../..', ...path), 'utf8');

describe('the models that may be written', () => {
  it('are E3272 and E3276, no other', () => {
    assert.deepEqual(
      FAMILY.filter(mayBeWritten).map(({ names }) => names),
      [['E3272'], ['E3276']],
    );
    assert.equal(ANY_MODEL, 'E3272 or E3276');
    assert.equal(ALL_MODELS, 'E3272 and E3276');
    for (const name of ['E3272', 'e3276s-920', 'HUAWEI_E3272']) assert.ok(namesWritten(name), name);
    for (const name of ['', 'E327', 'E3271', 'E32720', 'XE3272', 'E3372s', 'H6920'])
      assert.ok(!namesWritten(name), name);
  });

  it('have the very flash memory and chip that files are judged by, and proof', () => {
    const cousin: Profile = { ...E3272, names: ['E9999'] };
    const { flash: _, ...without } = cousin;
    assert.equal(mayBeWritten(cousin), true);
    assert.equal(mayBeWritten(without), false);
    assert.equal(mayBeWritten({ ...cousin, flash: { ...E3272.flash } }), false);
    assert.equal(mayBeWritten({ ...cousin, chip: { name: 'Hi6930', generation: 'V7R2', product: 'H6930' } }), false);
    assert.equal(mayBeWritten({ ...cousin, proven: { switch: 'owners', at: 'recorded' } }), false);
  });
});

for (const { names, usb, setport, flash, bootPin } of FAMILY) {
  describe(`the profile of the ${names[0]}`, () => {
    it('has names that no part of another word can be', () => {
      for (const name of names) assert.match(name, /^[A-Z]+\d{3,}$/);
    });

    it('knows the ids that its CD-ROMs become', () => {
      assert.ok(usb.some(({ mode }) => mode === 'storage'));
      for (const { switchesTo = [] } of usb) {
        for (const id of switchesTo) assert.match(modeEntry(id)?.mode ?? 'none', /^(tty|hilink)$/, id.toString(16));
      }
    });

    it('has port sets that leave no CD-ROM and keep an AT port', () => {
      const [serial, network] = [setport.serial, setport.network].map(parseComposition);
      assert.deepEqual(serial?.before, ['FF']);
      assert.ok(serial.after.includes('12'));
      assert.deepEqual(network, { before: ['FF'], after: [...serial.after, '16'] });
    });

    if (bootPin) {
      it('shows the boot pin as the README does', () => {
        assert.ok(text('README.md').includes(`\n${bootPin.drawing.join('\n')}\n`));
        assert.ok(text('README.md').includes(`The boot pin is ${bootPin.place},`));
      });
    }

    if (flash) {
      it('writes no NV, and nothing where it lies', () => {
        const codes = flash.images.map(({ code }) => code);
        assert.equal(new Set(codes).size, codes.length);
        const nv = flash.nv.map(({ code }) => code);
        assert.deepEqual(nv, [0x66, 0x106, 0x10d, 0x10e]);
        for (const { code, type, max } of flash.images) {
          assert.ok(!nv.includes(code) && !nv.includes(type ?? 0), code.toString(16));
          assert.ok((type === undefined) !== (max === undefined), code.toString(16));
          if (type !== undefined)
            assert.ok(
              flash.table.some((row) => row.type === type),
              code.toString(16),
            );
        }
      });

      it('has a table of partitions without gap or overlap that fills the memory', () => {
        let end = 0;
        for (const { start, length } of flash.table) {
          assert.equal(start, end);
          assert.equal(length % flash.nand.block, 0);
          end += length;
        }
        assert.equal(end, flash.nand.size);
        assert.equal(flash.table.at(-1)?.type, flash.spare);
        for (const type of flash.fixed)
          assert.ok(
            flash.table.some((row) => row.type === type),
            type.toString(16),
          );
      });
    }
  });
}

describe('what people are offered', () => {
  it('are the port sets of the profile', () => {
    const html = text('nodes', 'e3272-flash', 'e3272-flash.html');
    const offered = [...html.matchAll(/value: '(FF;[^']*)'/g)].map(([, value]) => value);
    assert.deepEqual(offered, [SETPORT.serial, SETPORT.serial, SETPORT.network]);
  });
});
