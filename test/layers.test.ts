import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { circles, type Imports, importsOf, type Layers, layerOf, wrongImports } from './layers';
import { tempFolder } from './support/temp-folder';

const src = (names: string): string[] => names.split(' ').map((name) => `src/${name}`);

/** Each may import what is named, which stands further down: whatever is new in the house needs a word here. */
const LAYERS: Layers = {
  test: ['*'],
  bench: ['*'],
  // The drawings are the editor's too.
  scripts: [
    'cli',
    'editor',
    'nodes/shared',
    ...src('cures doctor unproven at host stick family values errors'),
    'node:*',
  ],
  cli: [
    ...src(
      'cures virtual trace unproven record doctor device flash leave-hilink modeswitch hilink stick at firmware family values host served-name.ts errors',
    ),
    ...['commander', 'cli-progress', '../package.json', 'node:*'],
  ],
  plugins: [
    'editor',
    // Their settings, for flows that are made here.
    ...['nodes/e3272-at', 'nodes/e3272-status', 'nodes/e3272-stick'],
    'nodes/shared',
    ...src('cures virtual doctor jobs device flash stick at firmware family values host errors'),
    ...['node-red', '../package.json', 'node:*'],
  ],
  'nodes/*': [
    'editor',
    'nodes/shared',
    ...src(
      'virtual gateway jobs device process-wide.ts flash leave-hilink modeswitch stick at firmware values urls.ts errors',
    ),
    ...['node-red', '../package.json', 'node:*'],
  ],
  editor: ['nodes/shared', 'node-red'],
  'nodes/shared': [
    ...src(
      'cures virtual trace doctor gateway jobs device flash leave-hilink modeswitch stick at host process-wide.ts served-name.ts urls.ts errors',
    ),
    ...['node-red', 'node:*'],
  ],
  'src/cures': src('doctor family host errors'),
  'src/testing.ts': src('virtual served-name.ts'),
  'src/index.ts': src('doctor device flash leave-hilink modeswitch hilink at firmware family stick values host errors'),
  'src/virtual': [...src('record codec host served-name.ts listeners.ts timeouts.ts errors'), 'node:*'],
  'src/trace': [
    ...src('unproven record hilink at codec host process-wide.ts errors'),
    ...['node:crypto', 'node:fs', 'node:path', 'node:util'],
  ],
  'src/unproven': src('record host'),
  'src/record': src('host'),
  'src/doctor': src('device flash hilink stick at firmware family values host timeouts.ts errors'),
  'src/gateway': [
    ...src('device at values host timeouts.ts errors'),
    ...['ajv', 'node:crypto', 'node:fs', 'node:path'],
  ],
  'src/jobs': src('device flash process-wide.ts errors'),
  'src/device': [
    ...src('hilink survey modeswitch stick at family values host process-wide.ts signals.ts listeners.ts timeouts.ts'),
    ...src('errors'),
    ...['node:crypto', 'node:events'],
  ],
  'src/flash': [
    ...src('leave-hilink survey modeswitch hilink stick at firmware family values codec host timeouts.ts errors'),
    'node:crypto',
  ],
  'src/leave-hilink': src('survey modeswitch hilink stick at values host timeouts.ts errors'),
  'src/hilink': [
    ...src('at values host urls.ts signals.ts timeouts.ts errors'),
    ...['fast-xml-parser', 'node:crypto', 'node:http'],
  ],
  'src/survey': src('stick codec host timeouts.ts errors'),
  'src/modeswitch': src('stick codec host signals.ts timeouts.ts errors'),
  'src/stick': [...src('family host listeners.ts timeouts.ts errors'), 'node:crypto'],
  'src/at': [...src('values codec host urls.ts listeners.ts timeouts.ts errors'), 'node:buffer'],
  'src/firmware': [...src('family codec host urls.ts timeouts.ts errors'), 'node:*'],
  'src/values': [],
  'src/codec': [],
  'src/host': [...src('family timeouts.ts errors'), 'usb', 'serialport', 'node:*'],
  'src/family': [],
  'src/process-wide.ts': [],
  'src/served-name.ts': src('errors'),
  'src/urls.ts': [],
  'src/signals.ts': [],
  'src/listeners.ts': [],
  'src/timeouts.ts': [],
  'src/errors': [],
};

describe('layers', () => {
  let imports: Imports;
  before(() => {
    imports = importsOf(join(__dirname, '../..'), ['tsconfig.json', 'tsconfig.editor.json']);
  });

  it('import what the table allows', () => {
    assert.deepEqual(wrongImports(imports, LAYERS), []);
  });

  it('have no circle of imports, types included', () => {
    assert.deepEqual(circles(imports), []);
  });

  it('stand in the order of their imports, and none is left over', () => {
    const rows = Object.keys(LAYERS);
    const layers = new Set([...imports.keys()].map(layerOf));
    for (const [index, row] of rows.entries()) {
      assert.ok(layers.has(row) || row === 'nodes/*', `there is no ${row}`);
      const upwards = LAYERS[row]?.filter((name) => rows.indexOf(name) >= 0 && rows.indexOf(name) <= index);
      assert.deepEqual(upwards, [], row);
    }
  });
});

const UP = 'may not import src/device/session.ts';

/** Files with an import that is wrong, and what is said of each. */
const PLANTED: readonly { file: string; text: string; told?: string }[] = [
  { file: 'src/errors/index.ts', text: 'export class DriverError {}' },
  { file: 'src/host/host.ts', text: "import '../errors'; import 'node:fs'; import 'usb'; export interface Host {}" },
  { file: 'nodes/shared/hosts.ts', text: "import { Host } from '../../src/host/host'; export type Hosts = Host[];" },
  { file: 'src/stray.ts', text: 'export const x = 1;', told: 'is in no layer' },
  { file: 'src/fresh/a.ts', text: "import '../errors';", told: 'is in no layer' },
  { file: 'web/a.ts', text: 'export const x = 1;', told: 'is in no layer' },
  { file: 'src/at/a.ts', text: "import '../stray';", told: 'may not import src/stray.ts' },
  { file: 'src/at/b.ts', text: "export { x } from '../fresh/a.js';", told: 'may not import src/fresh/a.ts' },
  { file: 'src/at/c.ts', text: "import type { Session } from '../device/session';", told: UP },
  { file: 'src/at/d.ts', text: "export let s: import('../device/session').Session;", told: UP },
  { file: 'src/at/e.ts', text: "void import('../device/session.js');", told: UP },
  { file: 'src/at/f.ts', text: 'void import(`../device/session.js`);', told: UP },
  { file: 'src/at/g.ts', text: "const s = require('../device/session');", told: UP },
  { file: 'src/at/h.ts', text: "import s = require('../device/session');", told: UP },
  { file: 'src/at/i.ts', text: "import '../nowhere';", told: 'may not import src/nowhere' },
  { file: 'src/at/j.ts', text: "import '@serialport/bindings-cpp';", told: 'may not import @serialport/bindings-cpp' },
  { file: 'src/device/session.ts', text: "import 'node:fs/promises';", told: 'may not import node:fs' },
  { file: 'src/values/a.ts', text: "import 'node:buffer';", told: 'may not import node:buffer' },
  { file: 'src/values/b.ts', text: "import '../errors';", told: 'may not import src/errors/index.ts' },
  { file: 'nodes/e3272-at/a.ts', text: "import 'usb';", told: 'may not import usb' },
  { file: 'nodes/e3272-at/b.ts', text: "import '../../cli/main';", told: 'may not import cli/main.ts' },
  { file: 'nodes/e3272-at/c.ts', text: "import '../e3272-sms/a';", told: 'may not import nodes/e3272-sms/a.ts' },
  { file: 'nodes/e3272-sms/a.ts', text: "import '../shared/hosts';" },
  { file: 'cli/main.ts', text: "import '../test/help';", told: 'may not import test/help.ts' },
  { file: 'test/help.ts', text: "import 'anything';" },
];

describe('layers: what is planted', () => {
  /** Imports of a project of these files. */
  function planted(files: readonly { file: string; text: string }[]) {
    const root = tempFolder('layers');
    try {
      const config = { compilerOptions: { module: 'NodeNext', types: [] }, include: ['*/**/*.ts'] };
      writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(config));
      for (const { file, text } of files) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), text);
      }
      return importsOf(root);
    } finally {
      rmSync(root, { recursive: true });
    }
  }

  it('is told, each wrong import once', () => {
    const told = wrongImports(planted(PLANTED), LAYERS);
    const expected = PLANTED.flatMap(({ file, told }) => (told === undefined ? [] : `${file} ${told}`));
    assert.deepEqual(told.sort(), expected.sort());
  });

  it('is told as a circle: of types, of lazy imports, of three, of one', () => {
    const found = circles(
      planted([
        { file: 'src/a.ts', text: "import type { B } from './b'; export type A = B;" },
        { file: 'src/b.ts', text: "import type { A } from './a'; export type B = A;" },
        { file: 'src/c.ts', text: "export const d = () => import('./d.js');" },
        { file: 'src/d.ts', text: "import './e'; import './a';" },
        { file: 'src/e.ts', text: "export * from './c';" },
        { file: 'src/f.ts', text: "import * as f from './f';" },
        { file: 'src/g.ts', text: "import './a'; import './c'; import './f';" },
      ]),
    );
    assert.deepEqual(found.sort(), [
      'src/a.ts -> src/b.ts -> src/a.ts',
      'src/c.ts -> src/d.ts -> src/e.ts -> src/c.ts',
      'src/f.ts -> src/f.ts',
    ]);
  });
});
