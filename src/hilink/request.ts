/** Bodies of requests. Strict firmware wants this order, and no white space between the elements. */

import { cesu8 } from './text';
import type { Element } from './xml';

export type Item = readonly [name: string, content: string | number | readonly Item[]];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no XML may hold them.
  text.replaceAll(/[\0-\x08\x0b-\x1f]/g, '').replaceAll(/[&<>"']/g, (c) => ESCAPES[c] ?? c);

const inner = (content: Item[1]): string =>
  Array.isArray(content)
    ? content.map(([name, value]: Item) => `<${name}>${inner(value)}</${name}>`).join('')
    : escaped(String(content));

/** All of what was read, in its order, with some of it changed. */
export const changed = ({ children }: Element, changes: Readonly<Record<string, string>>): Item[] =>
  children.map(({ name, text }) => [name, changes[name] ?? text.trim()]);

export const requestXml = (items: readonly Item[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><request>${inner(items)}</request>`;

export const requestBody = (items: readonly Item[]): Buffer => cesu8(requestXml(items));
