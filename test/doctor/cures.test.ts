/** What to do about each finding: in both places, in the words of the place, and on the page. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CLI_FINDING_CURES } from '../../cli/cures-doctor';
import { peopleLines } from '../../cli/doctor';
import { NODE_FINDING_CURES } from '../../nodes/shared/cures-doctor';
import { PLACEHOLDERS } from '../../scripts/errors-page';
import { findingsPage } from '../../scripts/findings-page';
import { COMMON_FINDING_CURES, cureOfFinding, type FindingCures } from '../../src/cures/findings';
import { FINDING_IDS, FINDINGS } from '../../src/doctor';
import { say } from '../../src/errors';

/** Programs of the system, which have options too. */
const OTHERS = /`(?:usbguard|npm|systemctl|networkctl|fuser)[^`]*`|`e3272 virtual --host [^`]*`/g;

describe('the cures of findings', () => {
  it('do not compile where one is missing', () => {
    const { silent: _, ...without } = CLI_FINDING_CURES;
    // @ts-expect-error: nothing about `silent`.
    const lacking: FindingCures = without;
    // @ts-expect-error: there is no such finding.
    const more: FindingCures = { ...CLI_FINDING_CURES, nothing: null };
    assert.ok(lacking && more);
  });

  it('are sentences, in the words of their place', () => {
    const places = [
      [CLI_FINDING_CURES, /\bmsg\.|\be3272-[a-z]|settings\b|\bnodes?\b/],
      [NODE_FINDING_CURES, /(?<![\w-])--[a-z]|`e3272 /],
      [COMMON_FINDING_CURES as FindingCures, /`e3272 |\bmsg\.|\be3272-[a-z]+ node|settings\b/],
    ] as const;
    for (const [cures, foreign] of places) {
      for (const id of Object.keys(cures) as typeof FINDING_IDS) {
        const cure = cureOfFinding(cures, { id, params: PLACEHOLDERS });
        if (cure === undefined) continue;
        const [first = ''] = cure.split('\n');
        assert.match(first, /^[A-Z`].*[.:]$/, id);
        assert.doesNotMatch(cure, /undefined|NaN|\[object/, id);
        // What is to be copied is in the words of other programs.
        const prose = cure.split('\n').filter((line) => /[.:]$/.test(line));
        assert.doesNotMatch(prose.join(' ').replaceAll(OTHERS, ''), foreign, id);
      }
    }
  });

  it('stand behind findings that are sentences and give no advice', () => {
    for (const id of FINDING_IDS) {
      const text = String(say(FINDINGS, id, PLACEHOLDERS));
      assert.match(text, /^[A-Z{].*[.}]$/, id);
      assert.doesNotMatch(text, /undefined|\[object|\bplease\b|(?<![\w-])--[a-z]|`/, id);
    }
  });

  it('fit into 80 columns for people, what is to be copied apart', () => {
    for (const id of FINDING_IDS) {
      const text = String(say(FINDINGS, id, PLACEHOLDERS));
      const lines = peopleLines(
        { level: 'error', text },
        cureOfFinding(CLI_FINDING_CURES, { id, params: PLACEHOLDERS }),
      );
      for (const line of lines) {
        const copied = line.startsWith(' '.repeat(12));
        assert.ok(copied || line.length <= 80 || !line.trim().includes(' '), `${id}: ${line}`);
      }
    }
  });

  it('stand in docs/doctor.md', () => {
    const page = readFileSync('docs/doctor.md', 'utf8');
    assert.ok(page === findingsPage(), 'docs/doctor.md is out of date: npm run docs');
  });
});
