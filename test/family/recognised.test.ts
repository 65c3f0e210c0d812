/** Every id and name of the facts on the family is recognised as they say. */

import assert from 'node:assert/strict';
import { foreignOf } from '../../src/family/foreign';
import { dialectOf, isNeverWritten, kinOf, profileOf, soldAs, whyNotWritten } from '../../src/family/names';
import { judgeModel } from '../../src/flash/other-models';
import { modeEntry } from '../../src/stick/modes';
import { describeStick } from '../../src/stick/stick';
import { usbDevice } from '../support/devices';
import { MODELS, ONE_MODEL, OPERATORS, PORTS, rows, STRANGERS, SWITCHES } from './facts';

const hex = (text: string): number => Number.parseInt(text, 16);

describe('product ids of the facts', () => {
  for (const row of rows(SWITCHES)) {
    const [id = '', targets = ''] = row.split(': ');
    it(`12d1:${id} is a CD-ROM that becomes ${targets}`, () => {
      const entry = modeEntry(hex(id));
      assert.equal(entry?.mode, 'storage');
      assert.deepEqual(entry.switchesTo, targets.split(' ').map(hex));
    });
  }

  for (const row of rows(ONE_MODEL)) {
    const [id = '', model = ''] = row.split(' ');
    it(`12d1:${id} is ${model} alone, which is never written`, () => {
      assert.equal(modeEntry(hex(id))?.only, model);
      assert.ok(isNeverWritten(model));
    });
  }

  it('of models that are written are shared by others, or theirs: none is refused by its id', () => {
    for (const id of ['1f01', '15ca', '14fe', '156a', '157c', '14db', '14dc', '1506', '155e', '1443', '157d', '15cd']) {
      assert.equal(modeEntry(hex(id))?.only, undefined, id);
    }
  });
});

describe('names of the facts', () => {
  for (const row of rows(MODELS)) {
    const [text = '', model, chip, write] = row.split(' | ');
    it(`"${text}" is ${model}, chip ${chip}, ${write}`, () => {
      const kin = kinOf(text);
      assert.equal(kin?.names[0], model);
      assert.equal(kin?.chip?.generation ?? '-', chip);
      assert.equal(isNeverWritten(text), write === 'never');
      const why = whyNotWritten(text);
      if (write === 'never') {
        assert.match(why ?? '', new RegExp(`^The ${model} has .*\\.$`));
        if (chip !== '-') assert.ok(why?.includes(`(${chip}`), why);
      } else assert.equal(why, undefined);
      // Hardware versions are no answer to the question for the model.
      if (!text.startsWith('CL')) assert.equal(judgeModel(text), write === 'never' ? 'other' : 'ours');
    });
  }

  it('that are no model of the family name none', () => {
    for (const text of ['', 'HUAWEI Mobile', 'E33720', 'XE3372', 'E3372-325', 'ZTE MF823', 'LTE stick', 'CL2']) {
      assert.equal(kinOf(text), undefined, text);
      assert.equal(isNeverWritten(text), false, text);
    }
    assert.match(whyNotWritten('E3372-325') ?? '', /Marvell/);
  });

  it('of sticks that are locked say so', () => {
    for (const text of ['E8372h-517', 'E8372h-608'])
      assert.match(whyNotWritten(text) ?? '', /from firmware 21\.316 on .*locked/);
    assert.match(whyNotWritten('E5573') ?? '', /from firmware 21\.329 on .*locked/);
    assert.doesNotMatch(whyNotWritten('E8372h-153') ?? '', /locked/);
  });
});

describe('names of operators', () => {
  for (const row of rows(OPERATORS)) {
    const [text = '', model = ''] = row.split(': ');
    it(`"${text}" has been given to the ${model}, and decides nothing`, () => {
      assert.deepEqual(soldAs(text), [model]);
      assert.equal(kinOf(text), undefined);
      assert.equal(judgeModel(text), 'unknown');
      assert.equal(isNeverWritten(text), false);
    });
  }

  it('are whole words', () => {
    for (const text of ['M100-41', 'M100-3', '1824F', '824FTX', 'MTS', '']) assert.deepEqual(soldAs(text), [], text);
  });
});

describe('sticks of other vendors', () => {
  for (const row of rows(STRANGERS)) {
    const [id = '', name = ''] = row.split(' ');
    it(`${id} is ${name}: named, without a mode and without ports`, () => {
      const [vendorId = 0, productId = 0] = id.split(':').map(hex);
      const about = foreignOf(vendorId, productId);
      assert.ok(about);
      assert.ok(`${about.name} ${about.what}`.includes(name));
      const stick = describeStick(
        usbDevice({
          vendorId,
          productId,
          interfaces: [
            { number: 0, class: 0xff, subclass: 0xff, protocol: 0xff, driver: 'option', tty: '/dev/ttyUSB0' },
          ],
        }),
      );
      assert.deepEqual([stick.mode, stick.ttys, stick.withoutTty], ['unknown', [], 0]);
      assert.deepEqual(stick.foreign, { name: about.name, what: about.what });
    });
  }

  it('are those alone: other devices of ZTE and whatever has the product id of a stick of the family', () => {
    for (const [vendor, product] of [
      [0x19d2, 0x0117],
      [0x05c6, 0x1225],
      [0x12d1, 0x2001],
    ] as const) {
      assert.equal(foreignOf(vendor, product), undefined);
    }
    const other = usbDevice({ vendorId: 0x1234, productId: 0x1f01 });
    assert.equal(describeStick(other).mode, 'unknown');
    assert.ok(describeStick(other).foreign);
  });
});

describe('the ports that a model is given', () => {
  for (const row of rows(PORTS)) {
    const [model = '', serial, network] = row.split(' ');
    it(`${model}: ${serial}, with the network ${network}`, () => {
      assert.deepEqual(profileOf(model)?.setport, { serial, network });
    });
  }

  it('are not named for an E3372 that does not say which it is', () => {
    assert.equal(profileOf('E3372')?.setport, undefined);
  });
});

describe('the dialect of a model', () => {
  it('of an E3372h, and of one that may be one: +CCID hangs, USSD is plain text', () => {
    for (const text of ['E3372h-153', 'E3372', 'CL2E3372HM']) {
      assert.deepEqual(dialectOf(text), { hangs: ['+CCID'], plainUssd: true }, text);
    }
  });

  it('is the usual one for all others, and for a stick that does not say what it is', () => {
    for (const text of ['E3272', 'E3276s-150', 'E3372s-153', 'E3131', 'E8372h', 'B310', '', 'MTS 824F']) {
      assert.deepEqual(dialectOf(text), { hangs: [], plainUssd: false }, text);
    }
  });
});
