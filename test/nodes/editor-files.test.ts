/** What the editor loads, as files: every label has a text, and the runtime's tables are the dialogs' tables. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnyNode, type ObjectExpression, type Property, parse } from 'acorn';
import { type Look, STATUS } from '../../nodes/shared/words';
import { NAMED } from '../../src/at/commands/table';
import { FAULTS, STAGES } from '../../src/virtual/faults';
import { CURES } from '../../src/virtual/modem/hang';
import { DATA, RADIO } from '../../src/virtual/order-network';
import { DOINGS } from '../../src/virtual/orders';
import { definition, html, script, TYPES } from './definitions';
import { packageRoot } from './package-root';

const help = (type: string) => readFileSync(join(packageRoot, 'nodes', type, 'locales/en-US', `${type}.html`), 'utf8');
const texts = (type: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(packageRoot, 'nodes', type, 'locales/en-US', `${type}.json`), 'utf8'));

function textOf(type: string, key: string): unknown {
  return key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts(type));
}

/** Keys in the markup; those in the script are the compiler's business. */
const keysUsed = (type: string): string[] =>
  [...html(type).matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)]
    .map((m) => m[1] ?? '')
    .filter((key) => !key.startsWith('node-red:'));

/** What a type registers as it is written, for readers that run nothing; undefined where it is put together first. */
function registered(type: string): ObjectExpression | undefined {
  let found: ObjectExpression | undefined;
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type: kind, callee, arguments: given } = node as Extract<AnyNode, { type: 'CallExpression' }>;
    const called = kind === 'CallExpression' && callee.type === 'MemberExpression' && callee.property;
    if (called && called.type === 'Identifier' && called.name === 'registerType') {
      const [name, object] = given;
      if (name?.type === 'Literal' && name.value === type && object?.type === 'ObjectExpression') found = object;
    }
    for (const child of Object.values(node)) look(child);
  };
  look(parse(script(type), { ecmaVersion: 2020 }));
  return found;
}

/** The properties of an object as they are written; one that is spread has no name. */
const written = ({ properties }: ObjectExpression): Map<string, Property['value']> =>
  new Map(
    properties.map((property) => {
      assert.ok(property.type === 'Property' && property.key.type === 'Identifier');
      return [property.key.name, property.value];
    }),
  );

const DEFAULTS: Record<string, Record<string, unknown>> = {
  'e3272-stick': { name: '', stick: 'auto', timeout: '', space: 'auto', pulse: '', hilinkAddress: '', version: 3 },
  'e3272-detect': { name: '', stick: '', auto: false, message: 'new', version: 1 },
  'e3272-modeswitch': {
    name: '',
    stick: '',
    message: 'new',
    timeout: 20,
    auto: false,
    configuration: '',
    target: 'comes',
    version: 3,
  },
  'e3272-flash': {
    name: '',
    stick: '',
    loader: '',
    firmware: '',
    setport: 'FF;10,12',
    webui: '',
    wayIn: 'auto',
    trySoftware: false,
    reflash: false,
    dryRun: false,
    armed: false,
    version: 3,
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
    version: 2,
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
    version: 1,
  },
  'e3272-sms-in': {
    name: '',
    stick: '',
    remove: false,
    existing: true,
    flash: true,
    incomplete: '',
    poll: '',
    version: 1,
  },
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
    version: 1,
  },
  'e3272-ussd': { name: '', stick: '', code: '', timeout: '', version: 1 },
  'e3272-gateway': {
    name: '',
    stick: '',
    broker: '',
    gw: '',
    title: '',
    prefix: 'homeassistant',
    birth: 'homeassistant/status',
    discovery: 'device',
    language: 'en',
    to: '',
    allowed: '',
    ussd: '',
    at: '',
    hour: 30,
    day: 200,
    number: 20,
    reserve: 10,
    parts: 10,
    ttl: 900,
    replies: '',
    every: 30,
    signal: true,
    network: true,
    sim: true,
    data: true,
    temperature: true,
    sms: true,
    events: true,
    notify: true,
    buttons: true,
    firmware: true,
    triggers: true,
    version: 1,
  },
  'e3272-virtual': {
    name: '',
    virtual: 'virtual-1',
    firmware: 'hilink',
    action: 'msg',
    web: '',
    model: 'E3272',
    version: 3,
  },
};

describe('editor files', () => {
  for (const type of TYPES) {
    describe(type, () => {
      it('saves the properties that the runtime reads, and starts harmless', () => {
        const { defaults } = definition(type);
        const values = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
        assert.deepEqual(values, DEFAULTS[type]);
      });

      it('saves a node of 0.1 as one of today, and leaves one alone that is the same today', () => {
        const { defaults, oneditsave } = definition(type);
        const today = defaults['version']?.value;
        const node = { version: undefined };
        oneditsave.call(node);
        assert.equal(node.version, today === 1 ? undefined : today);
      });

      it('has a text for every key in its dialog', () => {
        const keys = keysUsed(type);
        assert.ok(keys.length > 2);
        for (const key of keys) assert.equal(typeof textOf(type, key), 'string', key);
      });

      it('can be read by a scorecard, which parses the html and runs nothing', () => {
        const object = registered(type);
        assert.ok(object);
        const properties = written(object);
        const plain = ['category', 'color', 'icon', ...(type === 'e3272-stick' ? [] : ['inputs', 'outputs'])];
        for (const name of plain) assert.equal(properties.get(name)?.type, 'Literal', name);
        const defaults = properties.get('defaults');
        assert.ok(defaults?.type === 'ObjectExpression');
        assert.deepEqual([...written(defaults).keys()].sort(), Object.keys(DEFAULTS[type] ?? {}).sort());
      });

      it('tells its ports apart, and shows the name that it was given', () => {
        const { inputLabels, outputLabels, outputs = 0, label, labelStyle } = definition(type);
        const self = { name: 'mine', _: (key: string) => key };
        const names = Array.from({ length: outputs }, (_, index) => outputLabels?.call(self, index));
        if (inputLabels) names.push(inputLabels.call(self, 0));
        for (const name of names) assert.match(String(name), /^port\.\w+$/);
        assert.equal(new Set(names).size, names.length);
        assert.equal(label.call(self), 'mine');
        assert.notEqual(label.call({ ...self, name: '' }), '');
        if (labelStyle) assert.equal(labelStyle.call(self), 'node_label_italic');
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
    });
  }

  it('has one short word for every status, in one place, and no other', () => {
    const { status } = JSON.parse(
      readFileSync(join(packageRoot, 'plugins/e3272/locales/en-US/e3272.json'), 'utf8'),
    ) as {
      status: Record<string, string>;
    };
    assert.deepEqual(Object.keys(status).sort(), Object.keys(STATUS).sort());
    for (const [key, { params = [] }] of Object.entries<Look>(STATUS)) {
      const word = status[key] ?? '';
      const shown = word.replace('__percent__', '100');
      assert.ok(shown.length > 0 && shown.length < 25, `${key}: ${word}`);
      assert.deepEqual(
        [...word.matchAll(/__(\w+)__/g)].map((m) => m[1]),
        params,
        key,
      );
    }
    for (const type of TYPES) assert.equal(textOf(type, 'status'), undefined, type);
  });

  it('names every order to a virtual stick, and every fault, in the help', () => {
    const page = help('e3272-virtual');
    for (const doing of Object.keys(DOINGS)) assert.ok(page.includes(`{"do": "${doing}"`), doing);
    for (const name of [RADIO, DATA, CURES, FAULTS, STAGES].flatMap(Object.keys)) {
      assert.match(page, new RegExp(`\\b${name}\\b`), name);
    }
  });

  it('shows no more of a number than its end', () => {
    const { label } = definition('e3272-stick');
    const shown = (stick: string) => label.call({ stick, _: (key: string) => key });
    assert.equal(shown('imei:123456789012345'), 'imei \u20262345');
    assert.equal(shown('1-1.4'), '1-1.4');
    assert.equal(shown('auto'), 'label.auto');
  });

  it('names the same commands in the dialog, the locale and the runtime', () => {
    const { label } = definition('e3272-at');
    for (const [command, text] of Object.entries(NAMED)) {
      assert.equal(label.call({ commandType: 'named', command }), text);
    }
    assert.deepEqual(Object.keys(textOf('e3272-at', 'named') as object), Object.keys(NAMED));
  });
});
