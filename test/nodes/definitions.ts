/** What the editor is given of each node, as it is built. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { packageRoot } from './package-root';

export interface Definition {
  category: string;
  icon: string;
  defaults: Record<string, { value: unknown; validate?: (this: object, value: unknown, opt?: object) => unknown }>;
  outputs?: number;
  inputLabels?: (this: object, index: number) => string;
  outputLabels?: (this: object, index: number) => string;
  label: (this: object) => string;
  labelStyle?: (this: object) => string;
  oneditsave: (this: object) => void;
}

/** As package.json names them. */
export const TYPES = Object.keys(
  (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { 'node-red': { nodes: object } })['node-red']
    .nodes,
);

/** As it is built: script and rows are put in. */
export const html = (type: string) => readFileSync(join(__dirname, '../../nodes', type, `${type}.html`), 'utf8');

/** The script that a type's html brings. */
export const script = (type: string): string =>
  /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html(type))?.[1] ?? '';

/** The definition that a type's html registers. */
export function definition(type: string, globals: object = {}): Definition {
  const registered = new Map<string, Definition>();
  const RED = { nodes: { registerType: (name: string, d: Definition) => registered.set(name, d) } };
  runInContext(script(type), createContext({ RED, ...globals }));
  const found = registered.get(type);
  assert.ok(found, `${type}.html registers no ${type}`);
  return found;
}
