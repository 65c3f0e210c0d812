/**
 * Who imports whom, by the compiler's own parser: static imports, exports, types, `import()` and `require()` alike. The rules
 * stand in layers.test.ts.
 */

import { dirname, join, posix, relative, sep } from 'node:path';
import type { Node } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
} from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

/** What a file imports: another one by its path from the root (`src/host/host.ts`), a package by its name (`usb`, `node:fs`). */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Of every file of the projects in `root` that these files describe. */
export function importsOf(root: string, configs: readonly string[] = ['tsconfig.json']): Imports {
  const api = new API({ cwd: root });
  try {
    const paths = configs.map((config) => join(root, config));
    const snapshot = api.updateSnapshot({ openProjects: paths });
    const projects = paths.map((config) => {
      const project = snapshot.getProject(config);
      if (!project) throw new Error(`The compiler finds no project in ${config}`);
      return project;
    });
    const own = (file: string): string => relative(root, file).split(sep).join('/');
    const files = new Set(projects.flatMap(({ rootFiles }) => rootFiles.map(own)));
    return new Map(
      projects.flatMap(({ program, rootFiles }) =>
        rootFiles.map((path) => {
          const source = program.getSourceFile(path);
          if (!source) throw new Error(`The compiler has not read ${path}`);
          const named = source.imports.flatMap(textOf);
          const required = source.text.includes('require(') ? requires(source) : [];
          const file = own(path);
          return [file, [...new Set([...named, ...required].map((name) => targetOf(file, name, files)))]] as const;
        }),
      ),
    );
  } finally {
    api.close();
  }
}

/** None of what is put together only when it runs. */
const textOf = (node: Node): string[] =>
  isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) ? [node.text] : [];

/** The names in `require('...')`, which the compiler takes for an ordinary call. */
function requires(node: Node): string[] {
  const found: string[] = [];
  const look = (child: Node): void => {
    if (isCallExpression(child) && isIdentifier(child.expression) && child.expression.text === 'require') {
      const [name] = child.arguments;
      if (name) found.push(...textOf(name));
    }
    child.forEachChild(look);
  };
  look(node);
  return found;
}

function targetOf(file: string, name: string, files: ReadonlySet<string>): string {
  if (!name.startsWith('.')) return packageOf(name);
  const path = posix.join(dirname(file), name);
  return [path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}/index.ts`].find((ts) => files.has(ts)) ?? path;
}

/** Without the file inside it: `@scope/name/file` is `@scope/name`. */
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * What each layer may import beside itself: layers, packages and built-in modules (`node:*` = all of them), or `*`. A layer is a
 * folder of `src/` or `nodes/`, a file directly in there, or another folder of the root; `nodes/*` stands for all nodes.
 */
export type Layers = Readonly<Record<string, readonly string[]>>;

export function layerOf(file: string): string {
  const parts = file.split('/');
  return parts.slice(0, ['src', 'nodes'].includes(parts[0] ?? '') ? 2 : 1).join('/');
}

/** Imports that `layers` do not name, and files in no layer: `src/at/a.ts may not import src/flash/b.ts`. */
export function wrongImports(imports: Imports, layers: Layers): string[] {
  return [...imports].flatMap(([file, targets]) => {
    const own = layerOf(file);
    const allowed = layers[own] ?? (own.startsWith('nodes/') ? layers['nodes/*'] : undefined);
    if (!allowed) return [`${file} is in no layer`];
    if (allowed.includes('*')) return [];
    const may = (target: string): boolean => {
      // No source perhaps, but words or data of its own.
      if (target.startsWith(`${own}/`)) return true;
      if (target.startsWith('node:') && allowed.includes('node:*')) return true;
      const other = imports.has(target) ? layerOf(target) : target;
      return other === own || allowed.includes(other);
    };
    return targets.filter((target) => !may(target)).map((target) => `${file} may not import ${target}`);
  });
}

/** Circles, each as the files on its shortest way round: `a.ts -> b.ts -> a.ts`. */
export function circles(imports: Imports): string[] {
  const found: string[] = [];
  const told = new Set<string>();
  for (const file of imports.keys()) {
    if (told.has(file)) continue;
    const way = wayBack(file, imports);
    if (!way) continue;
    for (const each of way) told.add(each);
    found.push([...way, file].join(' -> '));
  }
  return found;
}

/** The shortest way from `file` to itself. */
function wayBack(file: string, imports: Imports): string[] | undefined {
  const ways: string[][] = [[file]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const target of imports.get(way.at(-1) ?? file) ?? []) {
      if (target === file) return way;
      if (seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return undefined;
}
