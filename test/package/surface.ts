/**
 * What a program that uses the package sees of it, read by the compiler from the declarations that are packed: docs/api.md,
 * which `npm run docs` makes anew, and what stands in it without a name that can be imported.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { isIdentifier, isVariableDeclaration, type Node } from 'typescript/unstable/ast';
import { API, type Symbol as Found, type Project, SymbolFlags } from 'typescript/unstable/sync';
import { packageRoot } from '../nodes/package-root';

/** The .d.ts of each entry, by the name under which it is imported. */
export type Entries = Readonly<Record<string, string>>;

export interface Surface {
  /** By entry the text of all that it exports, in the order of the names, without comments. */
  readonly texts: ReadonlyMap<string, string>;
  /** `read names AtRunner of at/ask.d.ts`: types of ours that no entry exports. */
  readonly unnamed: readonly string[];
}

/** `root`: the folder whose node_modules have the types of Node.js. */
export function surfaceOf(root: string, entries: Entries): Surface {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-surface-'));
  const api = new API({ cwd: root });
  try {
    const config = join(folder, 'tsconfig.json');
    const typeRoots = [join(root, 'node_modules/@types')];
    const compilerOptions = { module: 'NodeNext', lib: ['ES2023'], types: ['node', 'w3c-web-usb'], typeRoots };
    writeFileSync(config, JSON.stringify({ compilerOptions, files: Object.values(entries) }));
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error('The compiler does not open the declarations');
    return readSurface(project, entries);
  } finally {
    api.close();
    rmSync(folder, { recursive: true });
  }
}

function readSurface(project: Project, entries: Entries): Surface {
  const home = dirname(Object.values(entries)[0] ?? '');
  const shown = new Map(
    Object.entries(entries).map(([entry, file]) => [entry, withHelpers(project, exportsOf(project, file), home)]),
  );
  const all = [...shown.values()].flat();
  const ids = new Set(all.map(({ id }) => id));
  const unnamed = all.flatMap((symbol) =>
    typesIn(project, symbol, home)
      .filter(({ id }) => !ids.has(id))
      .map((used) => `${symbol.name} names ${used.name} of ${relative(home, placeOf(used))}`),
  );
  const texts = [...shown].map(
    ([entry, symbols]) => [entry, symbols.map((it) => textOf(project, it)).join('\n')] as const,
  );
  return { texts: new Map(texts), unnamed: [...new Set(unnamed)].sort() };
}

const byName = (a: Found, b: Found): number => (a.name < b.name ? -1 : 1);

/** What `file` exports, wherever it comes from. */
function exportsOf({ program, checker }: Project, file: string): Found[] {
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (!symbol) throw new Error(`${file} exports nothing`);
  return checker
    .getExportsOfModule(symbol)
    .map((it) => (it.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(it) : it));
}

/** `exported` and the types beside them that their own file does not export: nobody can import those, but they can be seen. */
function withHelpers(project: Project, exported: readonly Found[], home: string): Found[] {
  const shown = new Map(exported.map((symbol) => [symbol.id, symbol]));
  // What is put in on the way is looked at as well.
  for (const symbol of shown.values()) {
    for (const used of typesIn(project, symbol, home)) {
      if (!/^export /.test(textOf(project, used))) shown.set(used.id, used);
    }
  }
  return [...shown.values()].sort(byName);
}

const textOf = (project: Project, symbol: Found): string =>
  statements(project, symbol)
    .map((statement) => project.emitter.printNode(statement))
    .join('\n');

/** The statements that declare it. */
const statements = (project: Project, { declarations }: Found): Node[] =>
  declarations.flatMap((handle) => {
    const node = handle.resolve(project);
    // `declare const x: T` is a declaration in a list in a statement.
    return node ? [isVariableDeclaration(node) ? node.parent.parent : node] : [];
  });

const TYPES = SymbolFlags.Class | SymbolFlags.Interface | SymbolFlags.TypeAlias | SymbolFlags.Enum;

const placeOf = ({ declarations }: Found): string => declarations[0]?.path ?? '';

/** All types of ours, in the folder `home`, that the text of `symbol` names. */
function typesIn(project: Project, symbol: Found, home: string): Found[] {
  const { checker } = project;
  const names: Node[] = [];
  const look = (node: Node): void => {
    if (isIdentifier(node)) names.push(node);
    node.forEachChild(look);
  };
  for (const statement of statements(project, symbol)) look(statement);
  return checker.getSymbolAtLocation(names).flatMap((it) => {
    const used = it && it.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(it) : it;
    return used && used.flags & TYPES && !relative(home, placeOf(used)).startsWith('..') ? [used] : [];
  });
}

/** As package.json says: `@e3272/node-red` and `@e3272/node-red/testing`. */
export function packageEntries(root: string): Entries {
  const { name, exports } = require(join(root, 'package.json')) as PackageJson;
  return Object.fromEntries(
    Object.entries(exports).flatMap(([path, entry]) =>
      typeof entry === 'string' ? [] : [[join(name, path), join(root, entry.types)]],
    ),
  );
}

interface PackageJson {
  name: string;
  exports: Record<string, string | { types: string }>;
}

const HEAD = `# The public surface

All that programs may import from this package, as the compiler sees it; \`npm run docs\` makes this page from the declarations.
What stands here stays, or its change stands in the [changelog](../CHANGELOG.md): a test compares the page with the code, so
that no change goes in unseen. What the parts are for stands beside them in the declarations, which your editor shows;
[Use it from Node.js](use-from-node.md) begins at the beginning.
`;

export const surfacePage = ({ texts }: Surface): string =>
  [HEAD, ...[...texts].map(([entry, text]) => `## ${entry}\n\n\`\`\`ts\n${text}\n\`\`\`\n`)].join('\n');

if (require.main === module)
  writeFileSync(join(packageRoot, 'docs/api.md'), surfacePage(surfaceOf(packageRoot, packageEntries(packageRoot))));
