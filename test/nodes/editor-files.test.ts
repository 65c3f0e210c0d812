/** What the editor loads, as files: every label has a text, and the runtime's tables are the dialogs' tables. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { StatusKey } from '../../nodes/shared/status';
import { NAMED } from '../../src/at/commands/table';
import { FAULTS, STAGES } from '../../src/virtual/faults';
import { CURES } from '../../src/virtual/modem/hang';
import { DATA, RADIO } from '../../src/virtual/order-network';
import { DOINGS } from '../../src/virtual/orders';
import { packageRoot } from './package-root';

/** All that the runtime can show: the compiler finds one that is missing here. */
const STATUSES: Readonly<Record<StatusKey, true>> = {
  absent: true,
  storage: true,
  hilink: true,
  tty: true,
  boot: true,
  loader: true,
  fastboot: true,
  unknown: true,
  busy: true,
  connecting: true,
  released: true,
  recovering: true,
  ready: true,
  error: true,
  switching: true,
  waiting: true,
  done: true,
  checked: true,
  failed: true,
  cancelled: true,
  noconfig: true,
  noserver: true,
  plugged: true,
  unplugged: true,
  sending: true,
  full: true,
  files: true,
  save: true,
  godload: true,
  upload: true,
  starting: true,
  identify: true,
  write: true,
  reset: true,
  at: true,
  setport: true,
};

interface Definition {
  category: string;
  icon: string;
  defaults: Record<string, { value: unknown; validate?: (this: object, value: unknown, opt?: object) => unknown }>;
  named?: { id: string; command: string }[];
}

/** As package.json names them. */
const TYPES = Object.keys(
  (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { 'node-red': { nodes: object } })['node-red']
    .nodes,
);

/** Statuses that only these types show. */
const ONLY: Partial<Record<string, string>> = {
  plugged: 'e3272-virtual',
  unplugged: 'e3272-virtual',
  sending: 'e3272-sms-out',
  full: 'e3272-sms-in',
  files: 'e3272-flash',
  checked: 'e3272-flash',
  save: 'e3272-flash',
  godload: 'e3272-flash',
  upload: 'e3272-flash',
  starting: 'e3272-flash',
  identify: 'e3272-flash',
  write: 'e3272-flash',
  reset: 'e3272-flash',
  at: 'e3272-flash',
  setport: 'e3272-flash',
};

/** As it is built: the driver's tables are filled in. */
const html = (type: string) => readFileSync(join(__dirname, '../../nodes', type, `${type}.html`), 'utf8');
const help = (type: string) => readFileSync(join(packageRoot, 'nodes', type, 'locales/en-US', `${type}.html`), 'utf8');
const texts = (type: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(packageRoot, 'nodes', type, 'locales/en-US', `${type}.json`), 'utf8'));

/** The definition that a type's html registers. */
function definition(type: string): Definition {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html(type))?.[1] ?? '';
  const registered = new Map<string, Definition>();
  const RED = { nodes: { registerType: (name: string, d: Definition) => registered.set(name, d) } };
  runInContext(script, createContext({ RED }));
  const found = registered.get(type);
  assert.ok(found, `${type}.html registers no ${type}`);
  return found;
}

function textOf(type: string, key: string): unknown {
  return key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts(type));
}

/** Keys that the html uses as they stand, in attributes and in `_('...')`. */
function keysUsed(type: string): string[] {
  const page = html(type);
  const attributes = [...page.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map((m) => m[1] ?? '');
  const calls = [...page.matchAll(/_\(\s*'([^']+)'/g)].map((m) => m[1] ?? '');
  return [...attributes, ...calls].filter((key) => !key.startsWith('node-red:'));
}

const DEFAULTS: Record<string, Record<string, unknown>> = {
  'e3272-stick': { name: '', stick: 'auto', timeout: '', space: 'auto', pulse: '' },
  'e3272-detect': { name: '', stick: '', auto: false, message: 'new' },
  'e3272-modeswitch': { name: '', stick: '', message: 'new', timeout: 20, auto: false, configuration: '' },
  'e3272-flash': {
    name: '',
    stick: '',
    loader: '',
    firmware: '',
    setport: 'FF;10,12',
    webui: '',
    wayIn: 'auto',
    reflash: false,
    dryRun: false,
    armed: false,
  },
  'e3272-at': {
    name: '',
    stick: '',
    command: 'payload',
    commandType: 'msg',
    timeout: '',
    urcs: '',
    commands: 'guarded',
    dangerous: false,
    allow: '',
  },
  'e3272-status': {
    name: '',
    stick: '',
    every: 60,
    signal: true,
    network: true,
    sim: true,
    data: false,
    temperature: false,
    identity: false,
    personal: false,
    changes: false,
    threshold: 3,
    urcs: false,
  },
  'e3272-sms-in': { name: '', stick: '', remove: false, existing: true, flash: true, incomplete: '', poll: '' },
  'e3272-sms-out': {
    name: '',
    stick: '',
    to: '',
    allowed: '',
    flash: false,
    report: false,
    validity: '',
    patience: 5,
    limit: 100,
    parts: 10,
  },
  'e3272-ussd': { name: '', stick: '', code: '', timeout: '' },
  'e3272-virtual': { name: '', virtual: 'virtual-1', firmware: 'hilink', action: 'msg', web: '' },
};

describe('editor files', () => {
  for (const type of TYPES) {
    describe(type, () => {
      it('saves the properties that the runtime reads, and starts harmless', () => {
        const { defaults } = definition(type);
        const values = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
        assert.deepEqual(values, DEFAULTS[type]);
      });

      it('has a text for every key in its dialog', () => {
        const keys = keysUsed(type);
        assert.ok(keys.length > 5);
        for (const key of keys) assert.equal(typeof textOf(type, key), 'string', key);
      });

      it('has an icon of its own', () => {
        assert.equal(definition(type).icon, `${type}.svg`);
        const svg = readFileSync(join(packageRoot, 'icons', `${type}.svg`), 'utf8');
        assert.match(svg, /width="40" height="60"/);
        assert.deepEqual(
          [...svg.matchAll(/(?:fill|stroke)="(#?\w+)"/g)].map((m) => m[1]).filter((c) => c !== 'none' && c !== '#fff'),
          [],
        );
      });

      it('has no colour but that of the node', () => {
        assert.deepEqual([...html(type).matchAll(/#[0-9a-f]{6}\b|rgba?\(/gi)].map(String), ['#3FADB5']);
      });

      it('has help in the order of the style guide', () => {
        const page = help(type);
        assert.match(page, new RegExp(`data-help-name="${type}">\\s*<p>`));
        const order = ['Inputs', 'Outputs', 'Details', 'References'];
        const sections = [...page.matchAll(/<h3>(\w+)<\/h3>/g)].map((m) => m[1] ?? '');
        assert.deepEqual(sections, type === 'e3272-stick' ? ['Details'] : order);
        assert.doesNotMatch(page, /<(b|i|strong|em)>/);
      });

      if (type !== 'e3272-stick') {
        it('has a text for every status', () => {
          for (const key of Object.keys(STATUSES)) {
            if ((ONLY[key] ?? type) !== type) continue;
            const text = textOf(type, `status.${key}`);
            assert.ok(typeof text === 'string' && text.length < 20, `status.${key}: ${String(text)}`);
          }
        });
      }
    });
  }

  it('names every order to a virtual stick, and every fault, in the help', () => {
    const page = help('e3272-virtual');
    for (const doing of Object.keys(DOINGS)) assert.ok(page.includes(`{"do": "${doing}"`), doing);
    for (const name of [RADIO, DATA, CURES, FAULTS, STAGES].flatMap(Object.keys)) {
      assert.match(page, new RegExp(`\\b${name}\\b`), name);
    }
  });

  it('marks a USSD code that is none', () => {
    const marked = (code: string) => {
      const answer = definition('e3272-ussd').defaults['code']?.validate?.call({ _: (key: string) => key }, code, {});
      return answer === 'invalid.code';
    };
    for (const code of ['', '*100#', ' *123*1# ', '**21*+49170123456#']) assert.ok(!marked(code), code);
    for (const code of ['credit', '*100#;', '+CUSD']) assert.ok(marked(code), code);
  });

  it('names the same commands in the dialog, the locale and the runtime', () => {
    const named = definition('e3272-at').named ?? [];
    assert.deepEqual(Object.fromEntries(named.map(({ id, command }) => [id, command])), NAMED);
    assert.deepEqual(Object.keys(textOf('e3272-at', 'named') as object), Object.keys(NAMED));
  });
});
