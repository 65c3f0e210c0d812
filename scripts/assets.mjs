/** Copies what Node-RED loads beside each node's .js: the editor's html, the locales and the node's own icon. */

import { cpSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

for (const type of readdirSync(join(root, 'nodes'))) {
  const from = join(root, 'nodes', type);
  const to = join(root, 'build', 'nodes', type);
  if (!existsSync(join(from, `${type}.html`))) continue;
  cpSync(join(from, `${type}.html`), join(to, `${type}.html`));
  cpSync(join(from, 'locales'), join(to, 'locales'), { recursive: true });
  cpSync(join(root, 'icons', `${type}.svg`), join(to, 'icons', `${type}.svg`));
}
