import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { VIRTUAL_MODELS } from '../../nodes/e3272-virtual/saved';
import { EVENTS } from '../../src/virtual/events';
import { FAULTS, FAULTS_AT, STAGES, type Stage } from '../../src/virtual/faults';
import { HOSTILE } from '../../src/virtual/make-files';
import { MODEL_NAMES, MODELS } from '../../src/virtual/models';
import { CURES } from '../../src/virtual/modem/hang';
import { QUIRKS } from '../../src/virtual/modem/quirks';
import type { Field } from '../../src/virtual/order-fields';
import { WEB } from '../../src/virtual/order-firmware';
import { COUNTERS, DATA, RADIO, REPLY } from '../../src/virtual/order-network';
import { DOINGS, obey } from '../../src/virtual/orders';
import { DEFAULT_TIMING } from '../../src/virtual/timing';
import { HILINK_WORDS } from '../../src/virtual/web/firmware';
import { WEB_QUIRKS } from '../../src/virtual/web/quirks';
import { rig } from './rig';

describe('docs/virtual-stick.md', () => {
  const text = readFileSync('docs/virtual-stick.md', 'utf8');

  /** The rows of the table whose head begins with `head`. */
  function rows(head: string): string[] {
    const [, rest] = text.split(`\n| ${head} |`, 2);
    assert.ok(rest, `no table "${head}"`);
    return (rest.split('\n\n')[0] ?? '').split('\n').slice(2);
  }

  const worded = (fields: Readonly<Record<string, Field>>): string[] =>
    Object.entries(fields).map(([name, { words }]) => `| \`${name}\` | ${words} |`);
  const named = (table: Readonly<Record<string, string>>): string[] =>
    Object.entries(table).map(([name, what]) => `| \`${name}\` | ${what} |`);

  it('lists every stage with its faults, and every fault, in the words of the code', () => {
    const stages = Object.entries(STAGES).map(([stage, where]) => {
      const faults = FAULTS_AT[stage as Stage].map((fault) => `\`${fault}\``).join(' ');
      return `| \`${stage}\` | ${where} | ${faults} |`;
    });
    assert.deepEqual(rows('stage'), stages);
    assert.deepEqual(rows('fault'), named(FAULTS));
  });

  it('lists every event and every loader that erases, in the words of the code', () => {
    assert.deepEqual(rows('event'), named(EVENTS));
    assert.deepEqual(rows('`hostile`'), named(HOSTILE));
  });

  it('lists every quirk and every cure of a hang, and nothing else', () => {
    assert.deepEqual(rows('quirk'), named(QUIRKS));
    assert.deepEqual(rows('`cure`'), named(CURES));
  });

  it('lists every model, in the words of the code, and Node-RED offers them', () => {
    const models = Object.entries(MODELS).map(([name, { about }]) => `| \`${name}\` | ${about} |`);
    assert.deepEqual(rows('model'), models);
    assert.deepEqual([...VIRTUAL_MODELS], MODEL_NAMES);
  });

  it('lists every HiLink firmware, the quirks of its web server, and what takes time', () => {
    assert.deepEqual(rows('`hilink`'), named(HILINK_WORDS));
    assert.deepEqual(rows('web quirk'), named(WEB_QUIRKS));
    const [, times = ''] = /^`timing` takes ([^:]*):/m.exec(text) ?? [];
    assert.deepEqual(times.replaceAll('`', '').split(', '), Object.keys(DEFAULT_TIMING));
  });

  it('lists the fields of the orders about the network, and nothing else', () => {
    assert.deepEqual(rows('`radio`'), worded(RADIO));
    assert.deepEqual(rows('`data`'), worded(DATA));
    assert.deepEqual(rows('counter'), worded(COUNTERS));
    assert.deepEqual(rows('`ussd`'), worded(REPLY));
    assert.deepEqual(rows('`web`'), worded(WEB));
  });

  it('shows every order, each as one that a stick obeys', () => {
    const r = rig({ firmware: 'stick', setport: 'FF;10,12' });
    return r.run(async () => {
      const shown = rows('order').flatMap((row) => [...row.matchAll(/`(\{.*?\})`/g)].map((m) => m[1] ?? ''));
      const doings = shown.map((line) => (JSON.parse(line) as { do?: string }).do);
      assert.deepEqual(new Set(doings), new Set([...Object.keys(DOINGS), undefined]));
      for (const line of [...shown, ...[...text.matchAll(/```json\n(.*)\n```/g)].map((m) => m[1] ?? '')]) {
        r.stick.plug();
        r.stick.insertSim();
        await r.settle('tty', 2);
        // The PDU is only hinted at.
        if (!line.includes('...')) assert.doesNotThrow(() => obey(r.stick, line), line);
      }
    });
  });
});
