/** The words of all languages: none missing, none left over, and none that says something else than en-US. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODES } from '../../nodes/shared/cures';
import { NODE_MESSAGES } from '../../nodes/shared/messages';
import { ADDON_CURES } from '../../src/cures/addon';
import { cureFor } from '../../src/cures/cure';
import { ADDITIONS, MESSAGES } from '../../src/errors';
import type { Sentence } from '../../src/errors/catalogue';
import { RULES } from '../../src/flash/rules';
import { SAID, type SaidId } from '../../src/flash/said';
import { packageRoot } from '../nodes/package-root';
import { inAddon } from '../support/in-addon';
import {
  CATALOGUES,
  faultsOf,
  isThere,
  LANGUAGES,
  PLUGIN,
  pathOf,
  placeholdersOf,
  readWords,
  shapeOf,
  unknownKeys,
  unusedKeys,
  type Words,
  wordsOf,
} from './locales';
import { alike } from './words-alike';

/** What people meet most: in the other languages at least so many. */
const FEWEST_ERRORS = 30;
/** Of a status under its node, in letters. */
const LONGEST_STATUS = 32;

/** Sentences of the driver: their English is in its sources. */
const OF_DRIVER = /^(errors|cures|addon|rules|said)\./;
const below = (words: Words, start: string): Words =>
  new Map([...words].filter(([key]) => key.startsWith(start)).map(([key, text]) => [key.slice(start.length), text]));
const withoutErrors = (words: Words): Words => new Map([...words].filter(([key]) => !OF_DRIVER.test(key)));

/** The scripts of a folder, and of the folders in it, as they are written. */
const sourcesIn = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder), { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith('.ts'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));

const sentences: Readonly<Record<string, Sentence>> = { ...MESSAGES, ...NODE_MESSAGES, ...ADDITIONS };

/** The dialog of a node with its rows written out. */
const pageOf = (name: string): string => readFileSync(join(packageRoot, 'build/nodes', name, `${name}.html`), 'utf8');

/** The names of the values that `use` reads from what it is given. */
function namesRead(use: (params: object) => unknown): Set<string> {
  const names = new Set<string>();
  const params = new Proxy(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        // A list is a text and has a length; both are asked for.
        return ['x'];
      },
    },
  );
  use(params);
  return names;
}

const say = (key: string) => (params: object) => (sentences[key] as (params: object) => string)(params);
const cure = (key: string) => (params: object) => cureFor(NODES, key, params);
const hasCure = (key: string): boolean => {
  let text = '';
  namesRead((params) => {
    text = cure(key)(params);
  });
  return text !== '';
};

describe('languages', () => {
  it('are en-US, and German for all there is', () => {
    assert.ok(LANGUAGES.includes('de'));
    for (const name of CATALOGUES.keys()) {
      for (const language of ['en-US', ...LANGUAGES]) {
        assert.ok(isThere(name, language, 'json'), `${name} has no words in ${language}`);
      }
      if (name === PLUGIN) continue;
      for (const language of ['en-US', 'de']) {
        assert.ok(isThere(name, language, 'html'), `${name} has no help in ${language}`);
      }
    }
  });

  for (const language of LANGUAGES) {
    it(`${language}: every word once, with its placeholders and plurals, and translated`, () => {
      const faults = [...CATALOGUES.keys()].flatMap((name) =>
        faultsOf(language, readWords(name, 'en-US'), withoutErrors(readWords(name, language)), alike(language)).map(
          (fault) => `${name}: ${fault}`,
        ),
      );
      assert.deepEqual(faults, []);
    });

    it(`${language}: says which language it is, and its status words are short`, () => {
      const words = readWords(PLUGIN, language);
      assert.equal(words.get('lang'), language);
      const long = [...below(words, 'status.')].filter(([, text]) => text.length > LONGEST_STATUS);
      assert.deepEqual(long, []);
    });

    it(`${language}: the nine checks, and what a job will do and has done, each made of what it is made of`, () => {
      const words = readWords(PLUGIN, language);
      assert.deepEqual([...below(words, 'rules.').keys()], Object.keys(RULES));
      const texts = below(words, 'said.');
      assert.deepEqual([...texts.keys()], Object.keys(SAID));
      for (const [id, text] of texts) {
        const names = namesRead(SAID[id as SaidId] as (params: object) => string);
        assert.deepEqual(placeholdersOf(text), [...names].sort(), id);
      }
      for (const text of [...texts.values(), ...below(words, 'rules.').values()]) assert.doesNotMatch(text, /[<>&]/);
      const english = new Set<string>(Object.values(RULES));
      for (const text of below(words, 'rules.').values()) assert.ok(!english.has(text), text);
    });

    it(`${language}: errors that there are, made of what they are made of`, () => {
      const words = readWords(PLUGIN, language);
      const errors = below(words, 'errors.');
      const cures = below(words, 'cures.');
      assert.ok(errors.size >= FEWEST_ERRORS, `${errors.size} errors`);
      // What has a cure of an add-on is said in German, and in other languages where people meet it most.
      const wanted = [...below(readWords(PLUGIN, 'de'), 'errors.').keys()];
      assert.deepEqual(
        wanted.filter((key) => !errors.has(key) && !Object.hasOwn(ADDON_CURES, key)),
        [],
      );
      assert.deepEqual(
        [...errors.keys()].filter((key) => !wanted.includes(key)),
        [],
      );
      for (const [key, text] of errors) {
        assert.ok(Object.hasOwn(sentences, key), `there is no error ${key}`);
        const names = namesRead(say(key));
        for (const name of placeholdersOf(text)) assert.ok(names.has(name), `${key} has no __${name}__`);
        if (!key.includes('/')) assert.match(text, /__message__/, key);
        assert.equal(cures.has(key), hasCure(key), `what to do about ${key}`);
      }
      for (const [key, text] of cures) {
        assert.ok(errors.has(key), `there is a cure and no error ${key}`);
        const names = new Set([...namesRead(say(key)), ...namesRead(cure(key))]);
        for (const name of placeholdersOf(text)) assert.ok(names.has(name), `the cure of ${key} has no __${name}__`);
      }
    });
  }

  it('have words for all cures of an add-on or for none, German for all, with the same values', () => {
    for (const language of LANGUAGES) {
      const words = readWords(PLUGIN, language);
      const cures = below(words, 'addon.');
      if (language !== 'de' && cures.size === 0) continue;
      assert.deepEqual([...cures.keys()].sort(), Object.keys(ADDON_CURES).sort(), language);
      for (const [key, text] of cures) {
        assert.ok(words.has(`errors.${key}`), `${language} has a cure and no error ${key}`);
        const values = new Proxy({}, { get: (_, name) => `__${String(name)}__` });
        const english = inAddon(() => cureFor(NODES, key, values));
        assert.deepEqual(placeholdersOf(text), placeholdersOf(english), key);
        assert.doesNotMatch(text, /sudo|modprobe|dialout|npm |nmcli|als root|[<>]/, key);
      }
    }
  });

  it('have a help text of the same build as in en-US', () => {
    for (const language of LANGUAGES) {
      for (const name of CATALOGUES.keys()) {
        if (name === PLUGIN || !isThere(name, language, 'html')) continue;
        const [english, other] = ['en-US', language].map((one) => readFileSync(pathOf(name, one, 'html'), 'utf8'));
        assert.deepEqual(shapeOf(other ?? ''), shapeOf(english ?? ''), `${name} in ${language}`);
        assert.match(other ?? '', new RegExp(`data-help-name="${name}"`));
      }
    }
  });
});

describe('words of en-US', () => {
  const shared = readWords(PLUGIN, 'en-US');
  const everybody = sourcesIn('editor');

  for (const [name, folder] of CATALOGUES) {
    it(`${name}: all are used`, () => {
      // The status words have a list of their own, and a test of that: editor-files.test.ts.
      const words = new Map(
        [...readWords(name, 'en-US')]
          .filter(([key]) => !key.startsWith('status.'))
          .map(([key, text]): [string, string] => [key.replace(/^panel\./, ''), text]),
      );
      const page = name === PLUGIN ? [] : [pageOf(name)];
      assert.deepEqual(unusedKeys(words, [...sourcesIn(folder), ...everybody, ...page]), []);
    });
  }

  for (const name of CATALOGUES.keys()) {
    if (name === PLUGIN) continue;
    it(`${name}: all that its dialog names are there`, () => {
      assert.deepEqual(unknownKeys(pageOf(name), readWords(name, 'en-US'), shared), []);
    });
  }
});

describe('languages: what is planted', () => {
  const english = wordsOf('{"a": {"one": "Bars: __count__", "file_one": "a file", "file_other": "__count__ files"}}');
  const faults = (json: string, language = 'de', same: string[] = []) =>
    faultsOf(language, english, wordsOf(json), new Set(same));
  const files = '"file_one": "__count__ Datei", "file_other": "__count__ Dateien"';

  it('is found: missing, unused, empty, as in en-US, html', () => {
    assert.deepEqual(faults(`{"a": {"one": "Balken: __count__", ${files}}}`), []);
    assert.match(String(faults(`{"a": {${files}}}`)), /a\.one is missing/);
    assert.match(String(faults(`{"a": {"one": "__count__ x", ${files}, "two": "x"}}`)), /a\.two is not in en-US/);
    assert.match(String(faults(`{"a": {"one": "Bars: __count__", ${files}}}`)), /a\.one is not translated/);
    assert.deepEqual(faults(`{"a": {"one": "Bars: __count__", ${files}}}`, 'de', ['Bars: __count__']), []);
    assert.match(String(faults(`{"a": {"one": " ", ${files}}}`)), /a\.one is empty/);
    assert.match(String(faults(`{"a": {"one": "<b>__count__", ${files}}}`)), /character of html/);
  });

  it('is found: placeholders and plurals that are wrong', () => {
    assert.match(String(faults(`{"a": {"one": "Balken: __cuont__", ${files}}}`)), /placeholders cuont, en-US count/);
    assert.match(String(faults(`{"a": {"one": "Б: __count__", ${files}}}`, 'ru')), /file_few is missing,a\.file_many/);
    assert.match(
      String(faults(`{"a": {"one": "B: __count__", ${files}, "file_few": "__count__"}}`)),
      /file_few is not in en-US, or no form of de/,
    );
  });

  it('is found: keys that nobody uses, and keys that nobody has', () => {
    const words = wordsOf('{"do": {"stop": "Stop"}, "seen": {"boot": "x"}, "left": "over", "n_other": "x"}');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a source.
    assert.deepEqual(unusedKeys(words, ["t('do.stop') t('n', { count })", 't(`seen.${mode}`)']), ['left']);
    const page =
      '<i data-i18n="do.stop;[title]left"></i><i data-i18n="[title]no;node-red:x;@e3272/node-red/e3272:far"></i>';
    assert.deepEqual(unknownKeys(page, words, new Map()), ['no', '@e3272/node-red/e3272:far']);
  });
});
