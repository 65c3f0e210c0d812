/**
 * Puts beside each node's .js what Node-RED loads with it: the editor's html with the bundled script, the locales and the node's
 * own icon. What the compiler left there of sources that are gone is removed first.
 */

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'build');
const require = createRequire(import.meta.url);
const { version } = require('../package.json');
const { NAMED } = require('../build/src/at/commands/table.js');
const { writeOutDrawings } = require('../build/scripts/help-pictures.js');
const { writeOutRows } = require('../build/scripts/rows.js');
const { removeStale } = require('../build/scripts/stale.js');

removeStale(root, built);

const PLUGIN = 'e3272';
const types = readdirSync(join(root, 'nodes')).filter((name) => name.startsWith('e3272-'));

/** The script of each type, and of the plugin, by its file. */
async function scripts() {
  const { outputFiles } = await build({
    entryPoints: {
      ...Object.fromEntries(types.map((type) => [type, join(root, 'nodes', type, 'editor.ts')])),
      [PLUGIN]: join(root, 'plugins', PLUGIN, 'editor.ts'),
    },
    loader: { '.css': 'text' },
    bundle: true,
    write: false,
    outdir: built,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    minify: true,
    tsconfig: join(root, 'tsconfig.editor.json'),
    // What the editor takes over from the driver, without the driver.
    define: { NAMED_COMMANDS: JSON.stringify(NAMED), PACKAGE_VERSION: JSON.stringify(version) },
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

/** Named, so that the browser's console can say where something happened. */
const inPage = (name, script) =>
  `<script type="text/javascript">\n${script.replaceAll('</script', '<\\/script')}//# sourceURL=${name}.js\n</script>\n`;

function page(type, script) {
  const [{ fresh }] = Object.values(require(`../build/nodes/${type}/saved.js`)).filter((value) => value.fresh);
  const properties = Object.keys(fresh).filter((name) => name !== 'version');
  const html = readFileSync(join(root, 'nodes', type, `${type}.html`), 'utf8');
  try {
    const rows = writeOutRows({ html, config: type === 'e3272-stick', properties });
    return `${inPage(type, script)}\n${rows}`;
  } catch (error) {
    throw new Error(`nodes/${type}/${type}.html: ${error.message}`);
  }
}

const bundled = await scripts();
for (const type of types) {
  const to = join(built, 'nodes', type);
  writeFileSync(join(to, `${type}.html`), page(type, bundled.get(join(built, `${type}.js`))));
  rmSync(join(to, 'locales'), { recursive: true, force: true });
  cpSync(join(root, 'nodes', type, 'locales'), join(to, 'locales'), { recursive: true });
  for (const language of readdirSync(join(to, 'locales'))) {
    const help = join(to, 'locales', language, `${type}.html`);
    if (existsSync(help)) writeFileSync(help, writeOutDrawings(readFileSync(help, 'utf8')));
  }
  cpSync(join(root, 'icons', `${type}.svg`), join(to, 'icons', `${type}.svg`));
}

// What the sidebar loads when it is opened: Node-RED hands out what lies in this folder, to everybody.
const FINDINGS = join(root, 'plugins', PLUGIN, 'findings');
const languages = readdirSync(join(root, 'plugins', PLUGIN, 'locales')).filter((language) =>
  existsSync(join(FINDINGS, `${language}.ts`)),
);
await build({
  entryPoints: {
    'e3272-assistant': join(root, 'plugins', PLUGIN, 'assistant/assistant.ts'),
    ...Object.fromEntries(languages.map((name) => [`e3272-findings-${name}`, join(FINDINGS, `${name}.ts`)])),
  },
  outdir: join(root, 'resources'),
  bundle: true,
  format: 'esm',
  target: 'es2020',
  charset: 'utf8',
  minify: true,
  tsconfig: join(root, 'tsconfig.editor.json'),
});

// The sidebar, and what nodes, dialogs and sidebar share: the one catalogue of their words.
const plugin = join(built, 'plugins', PLUGIN);
writeFileSync(join(plugin, `${PLUGIN}.html`), inPage(PLUGIN, bundled.get(join(built, `${PLUGIN}.js`))));
rmSync(join(plugin, 'locales'), { recursive: true, force: true });
cpSync(join(root, 'plugins', PLUGIN, 'locales'), join(plugin, 'locales'), { recursive: true });
