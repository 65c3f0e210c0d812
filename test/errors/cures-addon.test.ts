/** What to do in an add-on of Home Assistant: something that can be done there, about each error and each finding. */

import assert from 'node:assert/strict';
import { CLI } from '../../cli/cures';
import { CLI_FINDING_CURES } from '../../cli/cures-doctor';
import { CLI_MESSAGES } from '../../cli/messages';
import { NODES } from '../../nodes/shared/cures';
import { NODE_FINDING_CURES } from '../../nodes/shared/cures-doctor';
import { NODE_MESSAGES } from '../../nodes/shared/messages';
import { PLACEHOLDERS } from '../../scripts/errors-page';
import { ADDON_CURES, ADDON_FINDING_CURES } from '../../src/cures/addon';
import { cureFor, type Place } from '../../src/cures/cure';
import { cureOfFinding } from '../../src/cures/findings';
import { FINDING_IDS } from '../../src/doctor';
import { failure, MESSAGES } from '../../src/errors';
import { cliHint, nodeHint } from '../support/errors';
import { IMPOSSIBLE, inAddon } from '../support/in-addon';

/** Home Assistant OS takes these from a USB drive. */
const CONFIG = /Home Assistant OS takes udev rules from a USB drive called CONFIG/;
/** Of the machine's own rules, which are not looked for in a container. */
const NEVER_THERE: readonly string[] = ['rule-missing', 'rule-late', 'rule-half'];

const possible = (cure: string, key: string): void => assert.doesNotMatch(cure.replace(CONFIG, ''), IMPOSSIBLE, key);

describe('the cures in an add-on', () => {
  const places: readonly (readonly [Place, object])[] = [
    [NODES, { ...MESSAGES, ...NODE_MESSAGES }],
    [CLI, { ...MESSAGES, ...CLI_MESSAGES }],
  ];

  it('of errors are possible there, in both places', () => {
    for (const [place, messages] of places) {
      for (const key of Object.keys(messages)) {
        possible(
          inAddon(() => cureFor(place, key, PLACEHOLDERS)),
          key,
        );
      }
    }
  });

  it('of findings are possible there, in both places', () => {
    for (const cures of [NODE_FINDING_CURES, CLI_FINDING_CURES]) {
      for (const id of FINDING_IDS.filter((each) => !NEVER_THERE.includes(each))) {
        possible(inAddon(() => cureOfFinding(cures, { id, params: PLACEHOLDERS })) ?? '', id);
      }
    }
  });

  it('are sentences that name no option, node or member of a message, and elsewhere nobody reads them', () => {
    for (const key of Object.keys(ADDON_CURES)) {
      const cure = inAddon(() => cureFor(NODES, key, PLACEHOLDERS));
      assert.match(cure, /^[A-Z].*\.$/s, key);
      assert.doesNotMatch(cure, /undefined|(?<![\w-])--[a-z]|`e3272 |\bmsg\.|\be3272-[a-z]|settings\b/, key);
      assert.equal(
        cure,
        inAddon(() => cureFor(CLI, key, PLACEHOLDERS)),
        key,
      );
      assert.notEqual(cureFor(CLI, key, PLACEHOLDERS), cure, key);
    }
    for (const id of FINDING_IDS.filter((each) => Object.hasOwn(ADDON_FINDING_CURES, each))) {
      const cure = inAddon(() => cureOfFinding(CLI_FINDING_CURES, { id, params: PLACEHOLDERS })) ?? '';
      assert.match(cure, /^[A-Z].*\.$/, id);
      assert.doesNotMatch(cure, /undefined|(?<![\w-])--[a-z]|`e3272 |\bmsg\.|\be3272-[a-z]|settings\b/, id);
      assert.notEqual(cureOfFinding(CLI_FINDING_CURES, { id, params: PLACEHOLDERS }), cure, id);
    }
  });

  it('say that the system switches sticks, and to plug it in again', () => {
    const closed = failure('NO_PERMISSION/addon', { stick: '1-1' });
    assert.match(closed.message, /no USB access/);
    for (const hint of [nodeHint, cliHint]) {
      assert.match(
        inAddon(() => hint(closed)),
        /^Home Assistant OS switches sticks itself: plug it in again/,
      );
    }
  });
});
