/** A whole life of a gateway, by Home Assistant's rules; `npm run slow:capture` gives the same to any other judge. */

import assert from 'node:assert/strict';
import { PLANTED_NUMBERS, PLANTED_TEXT, type Scene, scenesOf, VARIANTS } from './capture';
import type { Captured } from './gateway-bench';
import { faultsOf } from './rules';

const PLANTED = [...PLANTED_NUMBERS, PLANTED_TEXT];
const DEVICE = 'homeassistant/device/gw1/e3272/config';

describe('what Home Assistant hears of a gateway over its life', () => {
  const scenes = new Map<string, Scene[]>();
  const used = (): Captured[] => structuredClone([...(scenes.get('at-device')?.[0]?.captured ?? [])]);

  for (const variant of VARIANTS) {
    it(`is in order: ${variant.name}`, async () => {
      const all = await scenesOf(variant);
      scenes.set(variant.name, all);
      assert.deepEqual(
        all.map(({ name }) => name),
        ['used', 'restarted', 'turned-off', 'renamed', 'removed', 'moved'],
      );
      for (const { name, captured } of all) assert.deepEqual(faultsOf(captured, PLANTED), [], name);
      // Nothing of it is left once it is removed.
      const last = new Map<string, string>();
      for (const { topic, payload, retain } of all[4]?.captured ?? []) if (retain) last.set(topic, payload);
      assert.deepEqual(
        [...last].filter(([, payload]) => payload !== ''),
        [],
      );
    });
  }

  it('was heard with the numbers and texts that are looked for', () => {
    for (const text of PLANTED.slice(1))
      assert.ok(used().some(({ payload, retain }) => !retain && payload.includes(text)));
    const types = (topic: string) =>
      used()
        .filter((message) => message.topic === `e3272/gw1/${topic}`)
        .map(({ payload }) => (JSON.parse(payload) as { event_type: string }).event_type);
    const all = [...new Set(types('sms/receipt'))].sort();
    assert.deepEqual(all, ['accepted', 'delivered', 'expired', 'refused', 'sent']);
    assert.equal(types('sms/received').length, 2);
  });

  /** A stream with a fault, and the words for it. */
  const FAULTS: readonly (readonly [string, (message: Captured) => Captured | undefined, RegExp])[] = [
    ['a number in a state', change('/state', (text) => text.replace('{', `{"x":"${PLANTED[0]}",`)), /state holds 17/],
    ['discovery that is not kept', (m) => (m.topic === DEVICE ? { ...m, retain: false } : m), /config is not retained/],
    ['another topic', (m) => ({ ...m, topic: m.topic.replace('gw1/e3272', 'gw1/e 3272') }), /no topic of discovery/],
    ['no availability', (m) => (m.topic.endsWith('availability') ? undefined : m), /nothing is ever on .*availability/],
    ['a word of its own', change('/availability', () => 'gone'), /availability says gone/],
    [
      'states that are not kept',
      (m) => (m.topic.endsWith('/state') ? { ...m, retain: false } : m),
      /state is not retained/,
    ],
    ['no states', (m) => (m.topic.endsWith('/state') ? undefined : m), /nothing is ever on .*state/],
    ['kept events', (m) => (/received$/.test(m.topic) ? { ...m, retain: true } : m), /received is retained/],
    ['kept commands', (m) => (/command\/set$/.test(m.topic) ? { ...m, retain: true } : m), /set is retained/],
    [
      'an event that nobody expects',
      change('/receipt', (text) => text.replace('"sent"', '"gone"')),
      /receipt says gone/,
    ],
    [
      'a word that is no option',
      change('/state', (text) => text.replace('"roaming"', '"abroad"')),
      /abroad, which is no opt/,
    ],
    ['a figure that is none', change('/state', (text) => text.replace('-113', '"low"')), /low, which is no number/],
    [
      'a time without a zone',
      change('/state', (text) => text.replace(/(received_at":"[^"]+)Z/, '$1')),
      /no time with a zone/,
    ],
    ['a version that is a number', change('/firmware', () => '{"installed_version":1,"latest_version":1}'), /no text/],
    ['a member that is gone', change('/state', (text) => text.replace('"queued"', '"q"')), /sms.queued.* fails/],
    ['two of one id', change(DEVICE, (text) => text.replaceAll('gw1_rsrq', 'gw1_rsrp')), /has the id of/],
    [
      'one that is left out',
      change(DEVICE, (text, i) => (i === 0 ? text : text.replace('"rsrq":', '"q":'))),
      /left out/,
    ],
    ['a name twice', change(DEVICE, (text) => text.replace('"Temperature"', '"SMS gateway temperature"')), /repeats/],
    ['states too far apart', (m) => ({ ...m, tst: new Date(8 * Date.parse(m.tst)).toISOString() }), /expires/],
  ];
  for (const [what, spoil, words] of FAULTS) {
    it(`finds ${what}`, () => {
      const spoiled = used().flatMap((message) => spoil(message) ?? []);
      assert.match(faultsOf(spoiled, PLANTED).join('\n'), words);
    });
  }
});

/** Changes what is on topics that end so; `i`: how many there were before. */
function change(end: string, how: (text: string, i: number) => string): (message: Captured) => Captured {
  let i = 0;
  return (message) => (message.topic.endsWith(end) ? { ...message, payload: how(message.payload, i++) } : message);
}
