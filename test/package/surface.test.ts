import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../nodes/package-root';
import { tempFolder } from '../support/temp-folder';
import { packageEntries, type Surface, surfaceOf, surfacePage } from './surface';

describe('the public surface', () => {
  let surface: Surface;
  before(() => {
    surface = surfaceOf(packageRoot, packageEntries(packageRoot));
  });

  it('has a name for every type in it: src/index.ts or src/testing.ts exports it, or `@internal` takes its user out', () => {
    assert.deepEqual(surface.unnamed, []);
  });

  it('is what docs/api.md says: after a change look at it, `npm run docs`, and write it into CHANGELOG.md', () => {
    assert.equal(surfacePage(surface), readFileSync(join(packageRoot, 'docs/api.md'), 'utf8'));
  });
});

describe('the public surface of what is planted', () => {
  /** Of these declarations; `index.d.ts` is the entry. */
  function planted(files: Readonly<Record<string, string>>): Surface {
    const folder = tempFolder('planted');
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      return surfaceOf(packageRoot, { planted: join(folder, 'index.d.ts') });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const PORT = `
    import type { Options } from './options';
    export declare class Port { #private; constructor(options: Options); open(): Promise<void>; }
    export declare const ports: readonly Port[];`;
  const OPTIONS = 'export interface Options { speed?: number }';

  it('tells a type that is named and not exported, in a file behind it too', () => {
    const { unnamed } = planted({
      'index.d.ts': "export { ports, Port } from './port'; export type { Late } from './late';",
      'port.d.ts': PORT,
      'options.d.ts': OPTIONS,
      'late.d.ts': "export type Late = Buffer | import('./options').Options;",
    });
    assert.deepEqual(unnamed, ['Late names Options of options.d.ts', 'Port names Options of options.d.ts']);
  });

  it('shows what a file keeps to itself beside what names it, and looks into it', () => {
    const { texts, unnamed } = planted({
      'index.d.ts': "export { open } from './open';",
      'open.d.ts':
        "import type { Options } from './options'; type Way = Options | 'fast'; export declare function open(way: Way): void; export {};",
      'options.d.ts': OPTIONS,
    });
    assert.equal(texts.get('planted'), "type Way = Options | 'fast';\nexport declare function open(way: Way): void;");
    assert.deepEqual(unnamed, ['Way names Options of options.d.ts']);
  });

  it('changes with a member, not with a comment or the order of the exports', () => {
    const index = "export { ports, Port } from './port'; export type { Options } from './options';";
    const text = (entry: string, options: string) =>
      planted({ 'index.d.ts': entry, 'port.d.ts': PORT, 'options.d.ts': options }).texts.get('planted');
    const before = text(index, OPTIONS);
    const turned = "export type { Options } from './options'; export { Port, ports } from './port';";
    assert.equal(text(turned, OPTIONS.replace('{', '{ /** In baud. */')), before);
    assert.notEqual(text(index, OPTIONS.replace('?', '')), before);
  });
});
