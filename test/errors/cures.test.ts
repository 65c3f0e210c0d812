/** What to do about an error: in both places, for each error, in the words of the place. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CLI } from '../../cli/cures';
import { CLI_MESSAGES } from '../../cli/messages';
import { NODES } from '../../nodes/shared/cures';
import { NODE_MESSAGES } from '../../nodes/shared/messages';
import { errorsPage, PLACEHOLDERS } from '../../scripts/errors-page';
import { COMMON_ADDED, COMMON_CURES } from '../../src/cures/common';
import { cureFor, hintOf, type Place, placeOf } from '../../src/cures/cure';
import { ADDITIONS, curedLike, DriverError, failure, MESSAGES, withMore } from '../../src/errors';
import { cliHint, nodeHint } from '../support/errors';

const SMALL = {
  'NAK/one': (p: { name: string }) => `${p.name}.`,
  'NAK/two': () => 'Two.',
  'BUSY/three': () => 'Three.',
};

/** Errors of the driver about which nobody can do anything: they end what was asked to end. */
const HOPELESS = /^CANCELLED\//;

/** Options of programs of the system, and the command that serves virtual sticks to both places. */
const OTHERS =
  /`(?:mmcli|usbguard|npm|systemctl|modprobe|adduser|fuser|usb_modeswitch)[^`]*`|`e3272 virtual --host [^`]*`/g;

describe('the cures of a place', () => {
  it('do not compile where one is missing, unless its code has one', () => {
    const small = placeOf<typeof SMALL>();
    small({ NAK: 'Again.', 'BUSY/three': null }, COMMON_ADDED);
    small({ 'NAK/one': (p: { name: string }) => `Not ${p.name}.`, 'NAK/two': 'Again.', BUSY: 'Wait.' }, COMMON_ADDED);
    // @ts-expect-error: NAK/two has none.
    small({ 'NAK/one': 'Again.', BUSY: 'Wait.' }, COMMON_ADDED);
    // @ts-expect-error: one, of an error that there is not.
    small({ NAK: 'Again.', BUSY: 'Wait.', 'NAK/four': 'Never.' }, COMMON_ADDED);
    // @ts-expect-error: nothing for what may be added.
    small({ NAK: 'Again.', BUSY: 'Wait.' }, {});
  });

  it('are there for every error, as sentences; for what was cancelled there need be none', () => {
    const check = (place: Place, key: string) => {
      const cure = cureFor(place, key, PLACEHOLDERS);
      if (cure === '' && HOPELESS.test(key)) return;
      assert.match(cure, /^[A-Z`{].*[.?}]$/s, key);
      assert.doesNotMatch(cure, /undefined|NaN|\[object/, key);
    };
    for (const key of Object.keys({ ...MESSAGES, ...NODE_MESSAGES })) check(NODES, key);
    for (const key of Object.keys({ ...MESSAGES, ...CLI_MESSAGES })) check(CLI, key);
    for (const what of Object.keys(ADDITIONS)) {
      assert.ok(Object.hasOwn(NODES.added, what) && Object.hasOwn(CLI.added, what), what);
    }
  });

  it('are of errors that there are, in the words of that place', () => {
    const words = [
      [NODES, { ...MESSAGES, ...NODE_MESSAGES }, /(?<![\w-])--[a-z]|`e3272 |\bE3272_[A-Z]/],
      [
        CLI,
        { ...MESSAGES, ...CLI_MESSAGES },
        /\bmsg\.|\be3272-(?:stick|detect|modeswitch|flash|at|status|sms|ussd|virtual)\b|settings\b|\bnodes?\b/,
      ],
      [
        { cures: COMMON_CURES, added: COMMON_ADDED },
        MESSAGES,
        /(?<![\w-])--[a-z]|`e3272 |\bmsg\.|\be3272-[a-z]|\bE3272_[A-Z]|settings\b/,
      ],
    ] as const;
    for (const [place, messages, foreign] of words) {
      for (const key of Object.keys(place.cures)) {
        assert.ok(
          Object.keys(messages).some((each) => each === key || each.startsWith(`${key}/`)),
          key,
        );
        const cure = cureFor(place, key, PLACEHOLDERS).replaceAll(OTHERS, '').replace('device node', 'device');
        assert.doesNotMatch(cure, foreign, key);
      }
    }
  });

  it('are words of the place: where the PIN belongs, how a yes is given, which option it is', () => {
    const pin = failure('CME_ERROR/sim-pin', { command: 'AT+COPS?', answer: '+CME ERROR: 11', words: '', stick: null });
    assert.match(nodeHint(pin), /SIM PIN in the stick's settings/);
    assert.match(cliHint(pin), /AT\+CPIN/);
    const unsaid = failure('NOT_CONFIRMED/changes', { stick: '1-1', steps: 'It is written.' });
    assert.match(nodeHint(unsaid), /^This would happen: It is written\. .*msg\.confirm/);
    assert.match(cliHint(unsaid), /^This would happen: It is written\. .*--yes/);
    const other = failure('NOT_CONFIRMED/as-is', { stick: '1-3', place: '1-1', what: 'x', which: '1-3' });
    assert.match(nodeHint(other), /msg\.asIs = "1-3"\. .*at 1-1 is gone/);
    assert.match(cliHint(other), /--as-is 1-3\. .*at 1-1 is gone/);
  });
});

describe('the hint of an error', () => {
  const left = () => failure('STICK_GONE/left', { stick: '1-1' });

  it('is its own cure, then those of what was added', () => {
    const own = cliHint(left());
    assert.equal(cliHint(withMore(left(), 'not-written', {})), `${own} ${COMMON_ADDED['not-written']}`);
    assert.equal(cliHint(withMore(left(), 'images', { complete: 'A', open: 'B' })), own);
    const obstacle = failure('DRIVER_MISSING/no-interfaces', { which: '1-1', stick: '1-1' });
    assert.equal(cliHint(curedLike(left(), obstacle)), `${own} ${cliHint(obstacle)}`);
  });

  it('is undefined where there is none', () => {
    assert.equal(hintOf(NODES, failure('CANCELLED/switch-over', {})), undefined);
  });

  it('is that of its code, or none, where a file or another process has words of another version', () => {
    const foreign = (code: 'STICK_NOT_FOUND' | 'FIRMWARE_INVALID', reason: string) =>
      new DriverError({ code, reason, params: {}, message: 'x' });
    // Its params are not those that the cure asks for.
    assert.equal(hintOf(NODES, foreign('STICK_NOT_FOUND', 'place')), undefined);
    assert.equal(hintOf(NODES, foreign('STICK_NOT_FOUND', 'constructor')), undefined);
    assert.equal(hintOf(NODES, foreign('FIRMWARE_INVALID', '')), COMMON_CURES.FIRMWARE_INVALID);
    const odd = new DriverError({ ...left(), message: 'x', besides: [{ what: 'toString', params: {} }] });
    assert.equal(hintOf(NODES, odd), nodeHint(left()));
  });
});

describe('docs/errors.md', () => {
  it('has what the catalogues have: npm run docs writes it', () => {
    assert.equal(readFileSync('docs/errors.md', 'utf8'), errorsPage());
  });
});
