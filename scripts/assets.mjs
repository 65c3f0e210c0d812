/** Copies what Node-RED loads beside each node's .js: the editor's html, the locales and the node's own icon. */

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { NAMED } = createRequire(import.meta.url)('../build/src/at/commands/table.js');

/** What the editor's html takes over from the driver. */
const FILLED = { named: Object.entries(NAMED).map(([id, command]) => ({ id, command })) };
const fill = (html) => html.replaceAll(/'\{\{(\w+)\}\}'/g, (_all, name) => JSON.stringify(FILLED[name]));

for (const type of readdirSync(join(root, 'nodes'))) {
  const from = join(root, 'nodes', type);
  const to = join(root, 'build', 'nodes', type);
  if (!existsSync(join(from, `${type}.html`))) continue;
  writeFileSync(join(to, `${type}.html`), fill(readFileSync(join(from, `${type}.html`), 'utf8')));
  cpSync(join(from, 'locales'), join(to, 'locales'), { recursive: true });
  cpSync(join(root, 'icons', `${type}.svg`), join(to, 'icons', `${type}.svg`));
}

// What nodes, dialogs and sidebar share: the one catalogue of their words.
cpSync(join(root, 'plugins/e3272/locales'), join(root, 'build/plugins/e3272/locales'), { recursive: true });
