/** What may be wrong with the words of a language: held against those of en-US, as one sentence each. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../nodes/package-root';

/** Words by their full key: `label.stick`. */
export type Words = ReadonlyMap<string, string>;

interface Tree {
  readonly [key: string]: string | Tree;
}

const flat = (tree: Tree, above = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[above + key, value] as [string, string]] : flat(value, `${above}${key}.`),
  );

export const wordsOf = (json: string): Words => new Map(flat(JSON.parse(json) as Tree));

/** The folders of all catalogues by their name: the plugin, and each node. */
export const CATALOGUES: ReadonlyMap<string, string> = new Map([
  ['e3272', 'plugins/e3272'],
  ...readdirSync(join(packageRoot, 'nodes'))
    .filter((name) => name.startsWith('e3272-'))
    .map((name): [string, string] => [name, `nodes/${name}`]),
]);

export const PLUGIN = 'e3272';

export const pathOf = (name: string, language: string, ending: 'json' | 'html'): string =>
  join(packageRoot, CATALOGUES.get(name) ?? '', 'locales', language, `${name}.${ending}`);

export const readWords = (name: string, language: string): Words =>
  wordsOf(readFileSync(pathOf(name, language, 'json'), 'utf8'));

/** Other than en-US. */
export const LANGUAGES: readonly string[] = readdirSync(join(packageRoot, 'plugins/e3272/locales')).filter(
  (language) => language !== 'en-US',
);

export const isThere = (name: string, language: string, ending: 'json' | 'html'): boolean =>
  existsSync(pathOf(name, language, ending));

const PLURAL = /_(zero|one|two|few|many|other)$/;

/** `images` of `images_one`, where the word depends on a count: en-US has a form for the rest then. */
const countedBase = (key: string, english: Words): string | undefined => {
  const base = key.replace(PLURAL, '');
  return base !== key && english.has(`${base}_other`) ? base : undefined;
};

/** The keys that a language must have: of counted words the forms that the language knows. */
function keysFor(language: string, english: Words): Set<string> {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  return new Set(
    [...english.keys()].flatMap((key) => {
      const base = countedBase(key, english);
      return base === undefined ? [key] : pluralCategories.map((form) => `${base}_${form}`);
    }),
  );
}

export const placeholdersOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/__(\w+?)__/g)].map(([, name = '']) => name))].sort();

/** Faults of one catalogue; `alike`: values that may be as in en-US. */
export function faultsOf(language: string, english: Words, words: Words, alike: ReadonlySet<string>): string[] {
  const wanted = keysFor(language, english);
  const faults = [...wanted].filter((key) => !words.has(key)).map((key) => `${key} is missing`);
  for (const [key, text] of words) {
    if (!wanted.has(key)) {
      faults.push(`${key} is not in en-US, or no form of ${language}`);
      continue;
    }
    const base = countedBase(key, english);
    const original = english.get(base === undefined ? key : `${base}_other`) ?? '';
    if (text.trim() === '') faults.push(`${key} is empty`);
    if (String(placeholdersOf(text)) !== String(placeholdersOf(original))) {
      faults.push(`${key} has the placeholders ${placeholdersOf(text)}, en-US ${placeholdersOf(original)}`);
    }
    if (text === original && /\p{L}/u.test(text) && !alike.has(text)) faults.push(`${key} is not translated: ${text}`);
    // Texts of dialogs go into the page as html.
    if (/[<>&]/.test(text)) faults.push(`${key} holds a character of html: ${text}`);
  }
  return faults;
}

/** Keys of `words` that no source names, as a whole or by what they begin with: `named.${key}`. */
export function unusedKeys(words: Words, sources: readonly string[]): string[] {
  const text = sources.join('\n');
  const begun = new Set([...text.matchAll(/`([\w.-]*\.)\$\{/g)].map(([, start = '']) => start));
  return [...words.keys()].filter((key) => {
    const plain = countedBase(key, words) ?? key;
    return !named(text, plain) && ![...begun].some((start) => plain.startsWith(start));
  });
}

const named = (text: string, key: string): boolean =>
  [`'${key}'`, `"${key}"`, `]${key}"`].some((quoted) => text.includes(quoted));

/** Keys that a page's elements are labelled by and no catalogue has. */
export function unknownKeys(page: string, words: Words, shared: Words): string[] {
  const attributes = [...page.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, keys = '']) => keys.split(';'));
  return attributes
    .map((key) => key.replace(/^\[\w+\]/, ''))
    .filter((key) => {
      // Node-RED's own words.
      if (key.startsWith('node-red:')) return false;
      const [own = '', far] = key.split(':');
      return far === undefined ? !words.has(own) : !(own === '@e3272/node-red/e3272' && shared.has(far));
    });
}

/** What a help text is made of: its elements in their order, and what stands as code in them. */
export const shapeOf = (help: string): { tags: string; codes: string[] } => ({
  tags: [...help.matchAll(/<(\/?[a-z]\w*)/g)]
    .map(([, tag]) => tag)
    .filter((tag) => !/^\/?code$/.test(tag ?? ''))
    .join(' '),
  codes: [...help.matchAll(/<code>([^<]*)<\/code>/g)].map(([, code = '']) => code.replaceAll(/\s+/g, ' ')).sort(),
});
