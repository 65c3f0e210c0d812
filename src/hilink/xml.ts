/**
 * Answers as a tree. XML is checked as a whole first: of half an answer nothing is read. No entities but the five of XML and
 * numbers, no document type, no more than {@link MOST_BYTES}. The newest firmware answers JSON to the same paths.
 */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { failure } from '../errors';
import { cleanText } from './text';

/** 50 messages of 1000 characters, each as three bytes, are 150 kB. */
export const MOST_BYTES = 1 << 20;
const MOST_DEPTH = 16;
/** Characters that are added to an answer at most. */
const MOST_ESCAPED = 10_000;

export interface Element {
  readonly name: string;
  /** As it came, blanks included; of an element with children what stands between them. */
  readonly text: string;
  readonly children: readonly Element[];
}

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: '#cdata',
  maxNestedTags: MOST_DEPTH,
  removeNSPrefix: true,
});

/** Error: HILINK_ERROR, where `text` is no answer: a page, nothing, half an answer, two of them. */
export function readTree(text: string): Element {
  const plain = once(text.trim());
  if (plain === '') throw failure('HILINK_ERROR/empty', {});
  if (/^<!doctype html|^<html\b|^<head\b/i.test(plain)) {
    throw failure('HILINK_ERROR/web-page', {});
  }
  if (plain.startsWith('{')) return fromJson(plain);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(plain)) throw failure('HILINK_ERROR/document-type', {});
  // What the parser says of a fault quotes the answer, which may be somebody's message.
  let line: number | null = null;
  try {
    const whole = escaped(plain);
    const valid = XMLValidator.validate(whole);
    if (valid === true) {
      const [root, ...more] = elements(parser.parse(whole));
      // Behind a self-closed root the check lets anything pass.
      if (root && more.length === 0 && plain.endsWith('>')) return root;
    } else line = valid.err.line;
  } catch {
    // As below.
  }
  throw failure('HILINK_ERROR/no-xml', { line });
}

/** What firmware has let through as it is, and can be no markup: `<-120dBm`, `AT&T`. A flood of it stays as it came. */
function escaped(text: string): string {
  if (text.includes('<![CDATA[')) return text;
  const plain = text
    .replaceAll(/<(?=[-=\d\s])/g, '&lt;')
    .replaceAll(/&(?!#\d{1,7};|#x[\da-f]{1,6};|[a-z]\w{0,31};)/gi, '&amp;');
  return plain.length - text.length > MOST_ESCAPED ? text : plain;
}

/** The same answer twice, one behind the other, is that answer. */
function once(text: string): string {
  const middle = Math.ceil(text.length / 2);
  const first = text.slice(0, middle).trimEnd();
  return first !== '' && first === text.slice(middle).trim() ? first : text;
}

/** A parser that keeps the order gives a list of objects, each with one name beside its attributes. */
function elements(list: unknown): Element[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: Record<string, unknown>) =>
    Object.entries(item).flatMap(([name, inner]) =>
      name.startsWith('#') || name === ':@' ? [] : [{ name, text: textOf(inner), children: elements(inner) }],
    ),
  );
}

function textOf(list: unknown, read = decodeEntities): string {
  if (!Array.isArray(list)) return '';
  return list
    .map((item: Record<string, unknown>) => {
      if (typeof item['#text'] === 'string') return read(item['#text']);
      return '#cdata' in item ? textOf(item['#cdata'], cleanText) : '';
    })
    .join('');
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Also halves of pairs, as CESU-8 in numbers; an entity that XML does not define stays as it is. */
export const decodeEntities = (text: string): string =>
  cleanText(
    text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
      if (name) return NAMED[name.toLowerCase()] ?? all;
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    }),
  );

function fromJson(text: string): Element {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw failure('HILINK_ERROR/no-json', {});
  }
  const [only, ...more] = jsonChildren(value, 0);
  if (only && more.length === 0 && /^(response|error|config|items)$/i.test(only.name)) return only;
  const children = jsonChildren(value, 0);
  const failed = children.some(({ name }) => /^(?:error)?code$/i.test(name));
  return { name: failed ? 'error' : 'response', text: '', children };
}

function jsonChildren(value: unknown, depth: number): Element[] {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return [];
  return Object.entries(value).flatMap(([name, inner]): Element[] =>
    (Array.isArray(inner) ? inner : [inner]).map((item: unknown) => ({
      name,
      text: typeof item === 'object' || item === undefined ? '' : cleanText(String(item)),
      children: jsonChildren(item, depth + 1),
    })),
  );
}
