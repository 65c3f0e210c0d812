/**
 * The XML of the web interface. Requests are read as strictly as the sticks read them: no attributes, the elements in their
 * order, on some no white space between them. Answers are written in the stick's own way.
 */

import { encodeText } from './text';

export interface Element {
  name: string;
  /** Of an element without others in it. */
  text: string;
  children: Element[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** undefined: an entity that is none. */
function unescaped(raw: string): string | undefined {
  let good = true;
  const text = raw.replace(/&([^;&]*;?)/g, (_, name: string) => {
    const [, decimal, hex] = /^#(?:(\d{1,7})|x([\da-f]{1,6}));$/i.exec(name) ?? [];
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    const known = name.endsWith(';') && Object.hasOwn(ENTITIES, name.slice(0, -1)) ? ENTITIES[name.slice(0, -1)] : '';
    if (!known) good = false;
    return known ?? '';
  });
  return good ? text : undefined;
}

/** The root element; undefined where the stick says 100005. `spaces`: white space may stand between elements. */
export function parseRequest(source: string, spaces: boolean): Element | undefined {
  const trim = (text: string) => (spaces ? text.trim() : text);
  const text = trim(trim(source).replace(/^<\?xml [^<>]*\?>/, ''));
  const tags = /<(\/?)([A-Za-z_][\w-]*)(\/?)>|<|>/g;
  const top: Element = { name: '', text: '', children: [] };
  const open: Element[] = [top];
  let at = 0;
  for (let tag = tags.exec(text); tag; tag = tags.exec(text)) {
    const [, end, name, empty] = tag;
    const inside = open.at(-1);
    const between = text.slice(at, tag.index);
    at = tags.lastIndex;
    if (!inside || name === undefined || (end && empty)) return undefined;
    if (end) {
      if (open.length < 2 || inside.name !== name) return undefined;
      const content = unescaped(between);
      if (content === undefined || (inside.children.length > 0 && trim(content) !== '')) return undefined;
      inside.text = inside.children.length > 0 ? '' : content;
      open.pop();
    } else {
      if (trim(between) !== '') return undefined;
      const made: Element = { name, text: '', children: [] };
      inside.children.push(made);
      if (!empty) open.push(made);
    }
  }
  const [root, ...others] = top.children;
  return open.length === 1 && others.length === 0 && at === text.length ? root : undefined;
}

/**
 * What an element has in it, in this order: `Name`, `Name?` (may be missing), `Name+` (once or more), or a group of such with
 * a name. No entry: a text.
 */
export type Shape = readonly (string | { readonly name: string; readonly of: Shape })[];

export function fits({ children }: Element, shape: Shape): boolean {
  let at = 0;
  for (const entry of shape) {
    const [, name = '', mark = ''] = /^(\w+)([?+]?)$/.exec(typeof entry === 'string' ? entry : entry.name) ?? [];
    const inner = typeof entry === 'string' ? [] : entry.of;
    let count = 0;
    for (let next = children[at]; next?.name === name && (mark === '+' || count === 0); next = children[at]) {
      if (!fits(next, inner)) return false;
      count++;
      at++;
    }
    if (count === 0 && mark !== '?') return false;
  }
  return at === children.length;
}

/** An element of an answer. Bytes stand as they are, whatever becomes of the XML. */
export type Node = readonly [name: string, value: string | number | bigint | Uint8Array | readonly Node[]];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const REFERENCES: Readonly<Record<string, string>> = { '(': '&#40;', ')': '&#41;' };

/** As text of an element; `references`: brackets as numbers, as newer firmware has them. */
const escaped = (text: string, references: boolean): string =>
  text.replace(/[&<>"'()]/g, (c) => ESCAPES[c] ?? (references ? REFERENCES[c] : undefined) ?? c);

export interface Style {
  newline: '\n' | '\r\n';
  references: boolean;
}

function write(nodes: readonly Node[], style: Style): Buffer[] {
  return nodes.flatMap(([name, value]) => {
    const inner = Array.isArray(value)
      ? [encodeText(style.newline), ...write(value as readonly Node[], style)]
      : [value instanceof Uint8Array ? Buffer.from(value) : encodeText(escaped(String(value), style.references))];
    const empty = Array.isArray(value) && value.length === 0;
    return [encodeText(`<${name}>`), ...(empty ? [] : inner), encodeText(`</${name}>${style.newline}`)];
  });
}

/** A whole answer: its root, and what is in there. */
export function writeAnswer(root: string, value: string | readonly Node[], style: Style): Buffer {
  const head = encodeText(`<?xml version="1.0" encoding="UTF-8"?>${style.newline}`);
  return Buffer.concat([head, ...write([[root, value]], style)]);
}
