/** Whether what was told of messages is what the networks of virtual sticks got, by the logs of the sticks: nothing twice. */

import assert from 'node:assert/strict';
import { decodePdu } from '../../src/at/sms/decode';

/** `m12` and a text that begins with it. */
export interface Wanted {
  id: string;
  text: string;
}

/** A line of a stick's log, see {@link import('../../src/virtual/events').StickEvent}. */
interface Logged {
  what: string;
  pdu?: unknown;
}

const LONG = 'of a long text about water in the cellar, '.repeat(9);
/** What one part takes. */
const PART = 160;

/** A message of one part, or of three. */
export const wantedOf = (n: number, long: boolean): Wanted => ({
  id: `m${n}`,
  text: long ? `m${n} ${LONG}` : `m${n} is short`,
});

const partsOf = ({ text }: Wanted): number => (text.length > PART ? 3 : 1);

/** By message, which of its parts one network got, in order. */
function partsIn(log: readonly Logged[]): Map<string, number[]> {
  const got = new Map<string, number[]>();
  const references = new Map<number, string>();
  for (const { what, pdu } of log) {
    if (what !== 'sms') continue;
    const decoded = decodePdu(String(pdu));
    assert.ok(decoded.kind === 'submit');
    const { part, text } = decoded;
    // Only the first part says whose it is; the others follow it before another message begins with the same reference.
    const named = /^m\d+/.exec(text)?.[0];
    if (part && named) references.set(part.reference, named);
    const id = part ? references.get(part.reference) : named;
    assert.ok(id, `a part of nothing: ${text}`);
    got.set(id, [...(got.get(id) ?? []), part?.sequence ?? 1]);
  }
  return got;
}

export interface Verdict {
  /** Messages by fate. */
  fates: Record<string, number>;
  /** Parts that the networks got. */
  parts: number;
}

/**
 * Each message is `sent`, and all of it went out, or `unknown` where `mayBeUnknown` says so; no part went out twice, through
 * whichever stick. `logs`: one of each stick; `whys`: what was told of those that were not sent.
 */
export function judgeSent(
  wanted: Iterable<Wanted>,
  { fates, whys }: { fates: ReadonlyMap<string, string>; whys?: ReadonlyMap<string, string> },
  logs: readonly (readonly Logged[])[],
  mayBeUnknown: (id: string) => boolean,
): Verdict {
  const got = new Map<string, number[]>();
  for (const log of logs) {
    for (const [id, parts] of partsIn(log)) got.set(id, [...(got.get(id) ?? []), ...parts]);
  }
  for (const [id, parts] of got) assert.equal(parts.length, new Set(parts).size, `${id} was sent twice: ${parts}`);
  const told: Record<string, number> = {};
  for (const message of wanted) {
    const { id } = message;
    const fate = fates.get(id) ?? 'none';
    told[fate] = (told[fate] ?? 0) + 1;
    const went = got.get(id)?.length ?? 0;
    if (fate === 'sent') assert.equal(went, partsOf(message), `${id} is told to be sent: ${went} of its parts were`);
    else
      assert.ok(
        fate === 'unknown' && mayBeUnknown(id),
        `the fate of ${id} is ${fate}, ${went} parts went out: ${whys?.get(id)}`,
      );
  }
  return { fates: told, parts: [...got.values()].reduce((sum, { length }) => sum + length, 0) };
}
