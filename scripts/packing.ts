/** The package as it goes out: packed from a copy of the sources, so that a build that is in use stays, and looked through. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';

export interface Packed {
  /** Path of the .tgz. */
  readonly tarball: string;
  /** Bytes of the .tgz, and of what is in it. */
  readonly size: number;
  readonly unpackedSize: number;
  /** By path in the package. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Folder in which it was made: nothing of it may stand in a file. */
  readonly madeIn: string;
}

/**
 * A tarball of much more than the last ones holds something that does not belong there. The words and help texts of the
 * languages are 0.8 MB of it, 0.25 MB packed.
 */
const MOST_PACKED = 1_700_000;
const MOST_UNPACKED = 5_400_000;

/** The folder with the package.json above `folder`. */
export function packageFolder(folder = __dirname): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(join(folder, '..'));
}

const LEFT_OUT = new Set(['node_modules', 'build', 'coverage', '.git', '.node-red']);

/** A copy of the sources in `root` without what is made of them; its node_modules are those of `root`. */
export function copySources(root: string, into: string): void {
  cpSync(root, into, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(into, 'node_modules'));
}

/** `npm pack` of the package in `folder`, which `prepack` builds anew there; the tarball goes into `into`. */
export function pack(folder: string, into: string): Packed {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', into], {
    cwd: folder,
    encoding: 'utf8',
    // What `prepack` says; it is told with the error where there is one.
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 16_000_000,
  });
  const [told] = JSON.parse(packed) as [{ filename: string; size: number; unpackedSize: number }];
  const tarball = join(into, told.filename);
  return { tarball, size: told.size, unpackedSize: told.unpackedSize, files: filesIn(tarball), madeIn: folder };
}

function filesIn(tarball: string): ReadonlyMap<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-packed-'));
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', folder]);
    const names = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    return new Map(names.map((name) => [name.replace(/^package\//, ''), readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface PackageJson {
  main: string;
  types: string;
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
}

/** What the package.json promises, and what Node-RED looks for beside each node. */
function promised({ main, types, bin, exports, 'node-red': { nodes, plugins } }: PackageJson): string[] {
  const targets = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  );
  const beside = Object.entries(nodes).flatMap(([type, file]) => {
    const folder = posix.dirname(file);
    const words = join(folder, 'locales/en-US', type);
    return [file, join(folder, `${type}.html`), join(folder, 'icons', `${type}.svg`), `${words}.html`, `${words}.json`];
  });
  const words = Object.entries(plugins).flatMap(([id, file]) => [
    file,
    join(posix.dirname(file), 'locales/en-US', `${id}.json`),
  ]);
  const always = ['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md'];
  return [main, types, ...Object.values(bin), ...targets, ...beside, ...words, ...always].map(posix.normalize);
}

/** What may be in it. Nothing of a vendor has one of these names, and nothing that is only for tests. */
const PLACES =
  /^(build\/src\/.*\.(js|d\.ts)|build\/cli\/.*\.js|build\/(nodes|plugins)\/.*\.(js|html|json|svg)|resources\/.*\.js|examples\/.*\.json|docs\/.*\.(md|png|rules|conf|yaml)|schemas\/.*\.json|[A-Z]+(\.md)?|package\.json)$/;

/** Relative targets of the links of a Markdown text, without their anchors. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)[^)]*\)/g)].map((match) => decodeURI(match[1] ?? ''));

/** What must not go out like this: one sentence each. */
export function problemsOf({ size, unpackedSize, files, madeIn }: Packed): string[] {
  const about = JSON.parse(String(files.get('package.json'))) as PackageJson;
  const missing = promised(about).filter((path) => !files.has(path));
  const found = [...files].flatMap(([path, bytes]) => {
    const text = String(bytes);
    const dead = path.endsWith('.md')
      ? linksOf(text).filter((link) => !files.has(posix.normalize(join(posix.dirname(path), link))))
      : [];
    return [
      ...(PLACES.test(path) ? [] : [`${path} does not belong into the package.`]),
      ...(text.includes(madeIn) ? [`${path} names the folder in which it was made.`] : []),
      ...(/\n\/\/# sourceMappingURL=/.test(text) ? [`${path} names a source map, which is not in the package.`] : []),
      ...dead.map((link) => `${path} has a link to ${link}, which is not in the package.`),
    ];
  });
  return [
    ...missing.map((path) => `${path} is missing.`),
    ...found,
    ...(size > MOST_PACKED ? [`The tarball has ${size} bytes, more than ${MOST_PACKED}.`] : []),
    ...(unpackedSize > MOST_UNPACKED ? [`The files have ${unpackedSize} bytes, more than ${MOST_UNPACKED}.`] : []),
  ];
}
