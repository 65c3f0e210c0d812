/** The report, as it is made of what a job has told. */

import assert from 'node:assert/strict';
import { blankReport } from '../../src/flash/events';
import { foldReport, type JobFact } from '../../src/flash/facts';
import { said } from '../../src/flash/said';
import { made } from '../support/errors';

const image = (index: number) => ({
  index,
  code: 0x100 + index,
  name: `image ${index}`,
  size: 1,
  sha256: `sum ${index}`,
});
const fold = (...facts: JobFact[]) => foldReport('1-1', 'bus', false, facts);

describe('the report of a job', () => {
  it('begins with what was asked for: `auto` is no stick yet', () => {
    assert.deepEqual(foldReport('auto', 'acknowledgements', undefined, []), blankReport('', 'acknowledgements'));
    assert.deepEqual(foldReport('1-1', 'bus', true, []), blankReport('1-1', 'bus', true));
    assert.equal(foldReport('auto', 'bus', false, [{ type: 'stick', stick: '1-2' }]).stick, '1-2');
  });

  it('is not ok before its end was told, nor with an error', () => {
    const error = made('NAK', 'No.');
    assert.equal(fold({ type: 'did', said: said('did.godload', {}) }).ok, false);
    assert.deepEqual([fold({ type: 'end' }).ok, fold({ type: 'end' }).error], [true, undefined]);
    const failed = fold({ type: 'end', error });
    assert.deepEqual([failed.ok, failed.error], [false, error]);
  });

  it('has the images of all files in their order, and of each whether it is written', () => {
    const { images } = fold(
      { type: 'images', images: [image(0), image(1)] },
      { type: 'images', images: [image(2)] },
      { type: 'written', index: 0, earlier: true },
      { type: 'written', index: 2 },
    );
    assert.deepEqual(images, [
      { ...image(0), complete: true, earlier: true },
      { ...image(1), complete: false },
      { ...image(2), complete: true },
    ]);
  });

  it('keeps what was said of the ports before; nothing was changed until that was told', () => {
    const before: JobFact = { type: 'setport', before: 'A' };
    assert.deepEqual(fold(before).setport, { before: 'A', changed: false });
    assert.deepEqual(fold({ type: 'setport', now: 'B' }).setport, { now: 'B', changed: false });
    assert.deepEqual(fold(before, { type: 'setport', changed: true }, { type: 'setport', now: 'B' }).setport, {
      before: 'A',
      now: 'B',
      changed: true,
    });
  });

  it('has a remark and a comparison once, a warning as often as it was told', () => {
    const { warnings, compared } = fold(
      { type: 'remark', text: 'one' },
      { type: 'remark', text: 'one' },
      { type: 'warn', text: 'two' },
      { type: 'warn', text: 'two' },
      { type: 'compared', what: 'imei' },
      { type: 'compared', what: 'imei' },
    );
    assert.deepEqual([warnings, compared], [['one', 'two', 'two'], ['imei']]);
  });

  it('is its own: what is told later, or done to what was told, does not change it', () => {
    const facts: JobFact[] = [{ type: 'images', images: [image(0)] }];
    const step = said('plan.hilink', {});
    const steps = [step];
    facts.push({ type: 'plan', steps }, { type: 'table-changes', rows: ['a row'] });
    const report = foldReport('1-1', 'bus', false, facts);
    facts.push({ type: 'written', index: 0 });
    steps.push(said('plan.loader', { name: 'another' }));
    const { images, plan, said: told, tableChanges } = report;
    assert.deepEqual([images[0]?.complete, plan, tableChanges], [false, [step.text], ['a row']]);
    assert.deepEqual(told, { plan: [step] });
  });

  it('says what the stick is at the end, with its product id where there is a bus', () => {
    const { mode, productId, ttys } = fold({ type: 'now', mode: 'tty', productId: 0x1506, ttys: ['/dev/ttyUSB0'] });
    assert.deepEqual([mode, productId, ttys], ['tty', 0x1506, ['/dev/ttyUSB0']]);
    assert.equal('productId' in fold({ type: 'now', mode: 'tty', ttys: [] }), false);
  });
});
