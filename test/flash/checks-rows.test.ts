/** The rows of the report: what is written into them, by whom, and what is left alone. */

import assert from 'node:assert/strict';
import { type CheckId, type CheckReport, type CheckResult, Checks } from '../../src/flash/checks';
import { made as errorOf } from '../support/errors';

interface Made {
  checks: Checks;
  told: CheckReport[];
  /** Result and words of one row. */
  row(id: CheckId): [CheckResult | undefined, string | undefined];
}

function made(notNeeded: Partial<Record<CheckId, string>> = {}): Made {
  const rows: CheckReport[] = [];
  const told: CheckReport[] = [];
  const checks = new Checks(rows, (check) => told.push(check));
  assert.equal(rows.length, 0, 'none before it begins');
  checks.begin(notNeeded);
  const row = (id: CheckId): [CheckResult | undefined, string | undefined] => {
    const found = rows.find((r) => r.id === id);
    return [found?.result, found?.compared];
  };
  return { checks, told, row };
}

const NOT_REACHED = 'The job did not get this far.';
const busy = errorOf('PORT_BUSY', 'It is held.');

describe('a row of the nine checks', () => {
  it('says why it is empty: not needed, or not reached', () => {
    const { row } = made({ after: 'Nobody asks.' });
    assert.deepEqual(row('after'), ['not possible yet', 'Nobody asks.']);
    assert.deepEqual(row('write'), ['not possible yet', NOT_REACHED]);
  });

  it('keeps the worse of two results, and the words of both, each once', () => {
    for (const [first, second, kept] of [
      ['passed', 'warned', 'warned'],
      ['warned', 'passed', 'warned'],
      ['failed', 'warned', 'failed'],
      ['passed', 'passed', 'passed'],
    ] as const) {
      const { checks, row, told } = made();
      checks.set('power', first, 'One.');
      checks.set('power', second, 'Two.');
      checks.set('power', second, 'One.');
      assert.deepEqual(row('power'), [kept, 'One. Two.']);
      assert.deepEqual(
        told.map((t) => t.compared),
        ['One.', 'One. Two.', 'One. Two.'],
        'what was told before does not change',
      );
    }
  });

  it('is failed by the error of its work, which goes on its way; a cancel says nothing of it', async () => {
    for (const [error, expected] of [
      [busy, ['failed', 'It is held.']],
      [new Error('odd'), ['failed', 'The check ended in an error: odd']],
      [errorOf('CANCELLED', 'Ctrl-C'), ['not possible yet', NOT_REACHED]],
    ] as const) {
      const { checks, row } = made();
      await assert.rejects(
        checks.run('port', () => {
          throw error;
        }),
        (e) => e === error,
      );
      const [result, compared] = row('port');
      assert.equal(result, expected[0]);
      assert.ok(compared?.startsWith(expected[1].slice(0, 11)), compared);
    }
  });

  it('is blamed for an error of the job that belongs to it, unless another one has failed', () => {
    const first = made();
    first.checks.blame(busy);
    assert.deepEqual(first.row('port'), ['failed', 'It is held.']);
    const second = made();
    second.checks.set('file', 'failed', 'Damaged.');
    second.checks.blame(busy);
    assert.deepEqual(second.row('port'), ['not possible yet', NOT_REACHED]);
    const third = made();
    third.checks.blame(errorOf('TIMEOUT', 'Too slow.'));
    assert.deepEqual(third.told, [], 'that belongs to none');
  });

  it('of a job that has nothing to write says so, and only where nothing else is said', () => {
    const { checks, row } = made({ file: 'No firmware.' });
    checks.set('port', 'passed', 'Asked.');
    checks.notNeeded('Nothing had to be written.');
    assert.deepEqual(row('file'), ['not possible yet', 'No firmware.']);
    assert.deepEqual(row('port'), ['passed', 'Asked.']);
    assert.deepEqual(row('write'), ['not possible yet', 'Nothing had to be written.']);
  });

  it('of a dry run that could not be made says why, and no other one does', () => {
    const { checks, row } = made({ file: 'No firmware.', loader: 'No loader.' });
    checks.set('device', 'passed', 'It says E3272.');
    checks.explain('Not running.', 'Nobody is asked.');
    assert.deepEqual(row('file'), ['not possible yet', 'No firmware.']);
    assert.deepEqual(row('loader'), ['not possible yet', 'No loader.']);
    assert.deepEqual(row('port'), ['not possible yet', 'Not running.']);
    assert.deepEqual(row('device'), ['passed', 'It says E3272.']);
    assert.deepEqual(row('plan'), ['not possible yet', 'Nobody is asked.']);
    assert.deepEqual(row('write'), ['not possible yet', 'A dry run writes nothing.']);
    assert.deepEqual(row('after'), ['not possible yet', 'A dry run writes nothing.']);
  });

  it('about power tells each of its parts, in a dry run as what will be done', () => {
    for (const [power, awake, dryRun, result, words] of [
      [
        { autosuspend: 'off', hub: 'none' },
        true,
        false,
        'passed',
        'Autosuspend: off. Hubs: none. Machine: kept awake.',
      ],
      [
        { autosuspend: 'allowed', hub: 'powered' },
        false,
        true,
        'passed',
        'Autosuspend: on, turned off when it is written. Hubs: with their own supply. Machine: to be kept awake while it is written.',
      ],
      [
        { autosuspend: 'allowed', hub: 'none' },
        true,
        false,
        'warned',
        'Autosuspend: on. Hubs: none. Machine: kept awake.',
      ],
      [
        { autosuspend: 'off', hub: 'unpowered' },
        false,
        false,
        'warned',
        'Autosuspend: off. Hubs: one without a supply. Machine: nothing here can keep it awake.',
      ],
      [
        { autosuspend: 'off', hub: 'unpowered' },
        true,
        true,
        'warned',
        'Autosuspend: off. Hubs: one without a supply. Machine: kept awake.',
      ],
      [
        { autosuspend: 'off', hub: 'none', addon: true },
        true,
        true,
        'warned',
        'Autosuspend: off. Hubs: none. Machine: kept awake. It is an add-on of Home Assistant: an update restarts it in the ' +
          'middle, and it cannot bring back a stick that hangs. Another machine is the better place for a conversion.',
      ],
    ] as const) {
      const { checks, row } = made();
      checks.power(power, awake, dryRun);
      assert.deepEqual(row('power'), [result, words]);
    }
  });
});
