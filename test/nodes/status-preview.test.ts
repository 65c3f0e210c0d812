/** The message that the dialog of the status node shows: of the shapes that the driver has, all of them. */

import assert from 'node:assert/strict';
import { type Chosen, EXAMPLE, previewOf } from '../../nodes/e3272-status/preview';
import type { Member } from '../../src/values/shape';
import { STATUS, STATUS_PARTS } from '../../src/values/status';

const none: Chosen = {
  ...{ signal: false, network: false, sim: false, data: false, temperature: false, identity: false },
  personal: false,
};

const shown = (chosen: Partial<Chosen>): string =>
  previewOf({ ...none, ...chosen })
    .map(({ text }) => text)
    .join('\n');

/** What the example says of a value that its shape forbids. */
function wrong(value: unknown, { range, options, members }: Member, path: string): string[] {
  if (members) {
    return Object.entries(value as object).flatMap(([key, inner]) => {
      const member = members[key];
      return member ? wrong(inner, member, `${path}.${key}`) : [`${path} has no ${key}`];
    });
  }
  if (range && !(Number(value) >= range[0] && Number(value) <= range[1])) return [`${path} is out of range`];
  return options && !options.includes(String(value)) ? [`${path} is no choice`] : [];
}

describe('the preview of the status node', () => {
  it('is an example that a stick could send', () => {
    assert.deepEqual(wrong(EXAMPLE, STATUS, 'status'), []);
    assert.deepEqual(Object.keys(EXAMPLE), [...STATUS_PARTS]);
  });

  it('has the chosen parts, in their order, as JavaScript that can be read', () => {
    assert.equal(shown({}), '{}');
    for (const part of STATUS_PARTS) {
      const read = Function(`return ${shown({ [part]: true })}`)() as Record<string, unknown>;
      assert.deepEqual(Object.keys(read), [part]);
    }
    const all = Function(
      `return ${shown({ ...Object.fromEntries(STATUS_PARTS.map((part) => [part, true])), personal: true })}`,
    )();
    assert.deepEqual(all, EXAMPLE);
  });

  it('shows units, and what points to a person only where that is sent', () => {
    const notes = previewOf({ ...none, signal: true }).map(({ note }) => note);
    assert.ok(notes.includes('dBm, RSRP') && notes.includes('dB, SINR'));
    assert.doesNotMatch(shown({ identity: true }), /imei|imsi|iccid/);
    assert.match(shown({ identity: true, personal: true }), /imei/);
  });
});
