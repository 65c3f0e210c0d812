import assert from 'node:assert/strict';
import { NEVER, nextStep, REPORTS, triesOf, WAYS, type Way, waysOf } from '../../src/hilink/ways';

const hereOf = (model: string, revision?: string) => {
  const ways = waysOf({ model, ...(revision !== undefined && { revision }) });
  return Object.fromEntries(ways.map(({ way, here }) => [way, here])) as Record<Way, string>;
};

describe('hilink: ways out of it', () => {
  it('of an E3272: none by the web from 22.470 on, unknown before', () => {
    for (const revision of ['22.470.07.00.00', '22.491.09.00.00', '23.100']) {
      const { cgi, mode, pages, updater } = hereOf('E3272s-153', revision);
      assert.deepEqual([cgi, mode, pages, updater], [...Array(3).fill('does not work'), 'works'], revision);
    }
    for (const revision of ['22.286.03.00.00', '22.469.99', '9.999', undefined]) {
      const { cgi, mode, pages } = hereOf('E3272', revision);
      assert.deepEqual([cgi, mode, pages], Array(3).fill('unknown'), revision);
    }
    assert.match(nextStep(waysOf({ model: 'E3272', revision: '22.470.07' })), /boot pin is the way/);
    assert.match(nextStep(waysOf({ model: 'E3272', revision: '22.286.03' })), /may be tried/);
  });

  it('of its kin: what was reported of that firmware, whatever follows the digits of the name', () => {
    assert.equal(hereOf('E3372h', '22.333.01').cgi, 'works');
    assert.equal(hereOf('e3372H-320', '10.0.3.1').pages, 'does not work');
    assert.equal(hereOf('E8372', '21.328.03').mode, 'does not work');
    assert.equal(hereOf('E8372', '21.333.01').mode, 'works');
    assert.equal(hereOf('E3131').pages, 'works');
    assert.deepEqual([hereOf('E3276', '21.192.00').pages, hereOf('E3276', '22.260.03').pages], ['works', 'unknown']);
    assert.match(nextStep(waysOf({ model: 'E3131' })), /"pages" is known to work/);
    for (const model of ['E33720', 'E337', 'B310', '']) assert.equal(hereOf(model).cgi, 'unknown', model);
    assert.deepEqual(
      waysOf({}).map(({ here }) => here),
      Object.keys(WAYS).map(() => 'unknown'),
    );
  });

  it('are tried in this order: what is known to work, what is unknown, and only by force what does not work', () => {
    const order = (model: string, revision: string, first = false, force = false) =>
      triesOf(waysOf({ model, revision }), { first, force }).map(({ way, to }) => `${way} ${to}`);
    const [cgi, mode, pages] = [
      ['cgi project', 'cgi debug'],
      ['mode debug'],
      ['pages project', 'pages debug'],
    ] as const;
    assert.deepEqual(order('E3272', '22.470.07'), []);
    assert.deepEqual(order('E3272', '22.470.07', false, true), [...cgi, ...mode, ...pages]);
    assert.deepEqual(order('E3272', '22.286'), [...cgi, ...mode, ...pages]);
    assert.deepEqual(order('E3372h', '22.333'), [...cgi, ...mode]);
    assert.deepEqual(order('E8372', '21.328.03'), [...cgi, ...pages]);
    assert.deepEqual(order('E3131', '22.157', true), [...pages, ...cgi, ...mode]);
    assert.deepEqual(order('E3531', '22.1', true), [...pages, ...cgi, ...mode]);
    assert.ok(REPORTS.every(({ source }) => source.length > 3));
  });

  it('that can lock a stick out, or need its leave, are never offered, nor is the update program', () => {
    const offered = waysOf({ model: 'E8372' }).filter((one) => one.offered);
    assert.deepEqual(
      offered.map(({ way }) => way),
      ['cgi', 'mode', 'pages', 'cd-rom'],
    );
    assert.deepEqual(NEVER, ['usb', 'web-update']);
    assert.ok(REPORTS.every(({ what }) => /^[A-Zs].*\.$/.test(what)));
  });
});
