/** The profiles: what may be written, and that what they say fits together and is what people are shown. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PORT_SETS } from '../../nodes/e3272-flash/saved';
import { parseComposition } from '../../src/at/commands/ports';
import { E3272 } from '../../src/family/e3272';
import { ALL_MODELS, ANY_MODEL, FAMILY, mayBeWritten, namesWritten, SETPORT } from '../../src/family/family';
import type { Profile } from '../../src/family/profile';
import type { ModeEntry } from '../../src/family/usb';
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

/** Mode and id; firmware if the id tells; `?` where only asking tells; what the switch leads to; serial ports by number, `(net)` where a network may stand in front. */
const OWN_IDS = `
  storage 1f01 hilink > 14db 14dc; storage 15ca stick > 1506; storage 14fe stick > 1506 150f 151d 1c1e;
  hilink 14db hilink; hilink 14dc hilink; tty 1506; tty 150f; tty 151d; tty 1c1e;
  tty 1001 = modem diag pcui; tty 155e = modem diag pcui; tty 1566 = (net) pcui unknown unknown diag unknown diag;
  tty 1441 = (net) pcui unknown unknown; tty 1442 ? = (net) pcui unknown; tty 1c05 ? = modem diag pcui; boot 1443;
  fastboot 36dd`;
const IDS: Readonly<Record<string, string>> = {
  E3272: OWN_IDS,
  E3276: `${OWN_IDS}; storage 156a > 156b 156c; storage 157c > 1506; storage 1597 > 1598; tty 156b; tty 156c; tty 1598`,
};

const idText = ({ mode, productId, firmware, ambiguous, switchesTo, serial, behindNetwork }: ModeEntry): string =>
  [
    ...[mode, productId.toString(16), firmware ?? [], ambiguous ? '?' : []],
    ...[
      switchesTo ? ['>', ...switchesTo.map((id) => id.toString(16))] : [],
      serial ? ['=', ...(behindNetwork ? ['(net)'] : []), ...serial] : [],
    ],
  ]
    .flat()
    .join(' ');

for (const profile of FAMILY) {
  const { names, usb, setport, flash, bootPin } = profile;
  describe(`the profile of the ${names[0]}`, () => {
    it('has names that no part of another word can be', () => {
      for (const name of names) assert.match(name, /^[A-Z]+\d{3,}[a-z]?$/);
    });

    const ids = IDS[names[0]];
    if (ids === undefined) {
      it('is never written, and shares its ids with others but for those that are its own', () => {
        assert.equal(mayBeWritten(profile), false);
        for (const entry of usb) {
          assert.equal(modeEntry(entry.productId), entry, entry.productId.toString(16));
          assert.ok(entry.only === undefined || entry.only === names[0]);
        }
      });
    } else {
      it('has the ids that the facts name, and knows those that its CD-ROMs become', () => {
        assert.deepEqual(
          usb.map(idText),
          ids.split(';').map((line) => line.trim()),
        );
        for (const { switchesTo = [] } of usb) {
          for (const id of switchesTo) assert.match(modeEntry(id)?.mode ?? 'none', /^(tty|hilink)$/, id.toString(16));
        }
      });
    }

    if (setport) {
      it('has port sets that leave no CD-ROM and keep an AT port', () => {
        const [serial, network] = [setport.serial, setport.network].map(parseComposition);
        assert.ok(serial);
        assert.deepEqual(serial.before, ['FF']);
        assert.ok(serial.after.includes('12'));
        assert.deepEqual(network, { before: ['FF'], after: [...serial.after, '16'] });
      });
    }

    if (bootPin) {
      it('shows the boot pin as the README does', () => {
        assert.ok(text('README.md').includes(`\n\`\`\`\n${bootPin.drawing.join('\n')}\n\`\`\`\n`));
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

      it('has a table of partitions without gap or overlap that fills the memory, and sizes of what is sent', () => {
        let end = 0;
        for (const { start, length } of flash.table) {
          assert.equal(start, end);
          assert.equal(length % flash.nand.block, 0);
          end += length;
        }
        assert.equal(end, flash.nand.size);
        assert.deepEqual([flash.frame, flash.buffer], [4096, 16 * flash.nand.block]);
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
    assert.deepEqual(PORT_SETS, { serial: SETPORT.serial, network: SETPORT.network });
  });
});
