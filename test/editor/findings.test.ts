/** What the doctor finds, in other languages: the same values as in English, and the same lines to copy. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { NODE_FINDING_CURES } from '../../nodes/shared/cures-doctor';
import { ADDON, WORDS as DE } from '../../plugins/e3272/findings/de';
import { WORDS as ES } from '../../plugins/e3272/findings/es-ES';
import { WORDS as FR } from '../../plugins/e3272/findings/fr';
import { WORDS as RU } from '../../plugins/e3272/findings/ru';
import type { SomeFindingWords } from '../../plugins/e3272/findings/words';
import { WORDS as ZH } from '../../plugins/e3272/findings/zh-CN';
import { asShown } from '../../plugins/e3272/health';
import { ADDON_FINDING_CURES } from '../../src/cures/addon';
import { cureOfFinding } from '../../src/cures/findings';
import { FINDING_IDS, FINDINGS, type FindingId } from '../../src/doctor/findings';
import { packageRoot } from '../nodes/package-root';
import { inAddon } from '../support/in-addon';

const LANGUAGES: Readonly<Record<string, SomeFindingWords>> = { de: DE, 'es-ES': ES, fr: FR, ru: RU, 'zh-CN': ZH };

/** Of the languages with words for the commonest. */
const FEWEST = 14;

const LISTS = ['programs', 'ids', 'sticks', 'interfaces', 'missing', 'paths', 'where', 'holders', 'ports'];
/** Values that decide on how a sentence goes, in all ways that there are. */
const WAYS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  ...['container', 'group', 'speed', 'told', 'manager', 'revision', 'bars'].map((name) => ({ [name]: null })),
  ...['interfaces', 'missing', 'holders'].map((name) => ({ [name]: [] })),
  ...['there', 'absent', 'loadable', 'unknown'].map((state) => ({ state })),
  ...['systemd-networkd', 'NetworkManager', 'dhcpcd'].map((manager) => ({ manager })),
  { later: false },
  { version: '' },
];

/** Values by which a text shows what it was made of; `state` is one of those that there are. */
const params = (way: Readonly<Record<string, unknown>>): object =>
  new Proxy(
    {},
    {
      get: (_, name) => {
        const key = String(name);
        if (key in way) return way[key];
        if (key === 'state') return 'loadable';
        return LISTS.includes(key) ? [`@${key}1@`, `@${key}2@`] : `@${key}@`;
      },
    },
  );

const valuesIn = (text = ''): string[] => [...new Set(text.match(/@\w+@/g) ?? [])].sort();
/** Lines that are typed as they stand, and what stands in code within a sentence. */
const codeIn = (text = ''): string[] =>
  text
    .split('\n')
    .slice(1)
    .filter((line) => /^(?:sudo |nmcli |npm |umount |echo |\[|interface |no\w+|\w+=)/.test(line))
    .concat(text.match(/`[^`]+`/g) ?? []);

type Said = string | null | ((params: never) => string);
const say = (what: Said | undefined, given: object): string | undefined =>
  typeof what === 'function' ? what(given as never) : (what ?? undefined);

describe('findings in other languages', () => {
  it('are of all languages that the sidebar has', () => {
    const there = readdirSync(join(packageRoot, 'plugins/e3272/locales')).filter((name) => name !== 'en-US');
    assert.deepEqual(Object.keys(LANGUAGES), there.sort());
  });

  for (const [language, words] of Object.entries(LANGUAGES)) {
    it(`${language}: say what the English ones say, with the same lines to copy`, () => {
      const ids = Object.keys(words) as FindingId[];
      assert.ok(ids.length >= (language === 'de' ? FINDING_IDS.length : FEWEST), `${ids.length}`);
      for (const id of ids) {
        for (const way of WAYS) {
          const given = params(way);
          const text = say(words[id]?.text, given);
          const english = say(FINDINGS[id], given);
          const where = `${id} ${JSON.stringify(way)}`;
          assert.deepEqual(valuesIn(text), valuesIn(english), where);
          const cure = say(words[id]?.cure, given);
          const englishCure = cureOfFinding(NODE_FINDING_CURES, { id, params: given as never });
          assert.equal(cure === undefined, englishCure === undefined, `what to do: ${where}`);
          assert.deepEqual(valuesIn(cure), valuesIn(englishCure), `what to do: ${where}`);
          assert.deepEqual(codeIn(cure), codeIn(englishCure), `what to do: ${where}`);
          if (!/^@/.test(english ?? '')) assert.notEqual(text, english, where);
        }
      }
    });
  }

  it('German: what to do in an add-on, about all that has a cure of its own there, with the same values', () => {
    assert.deepEqual(Object.keys(ADDON).sort(), Object.keys(ADDON_FINDING_CURES).sort());
    for (const id of Object.keys(ADDON) as (keyof typeof ADDON)[]) {
      const given = params({});
      const cure = say(ADDON[id], given);
      const english = inAddon(() => cureOfFinding(NODE_FINDING_CURES, { id, params: given as never }));
      assert.deepEqual(valuesIn(cure), valuesIn(english), id);
      assert.deepEqual(codeIn(cure), codeIn(english), id);
      assert.notEqual(cure, english, id);
      assert.doesNotMatch(cure ?? '', /sudo|modprobe|dialout|npm |nmcli|als root/, id);
    }
  });

  it('show the cure of an add-on in one, or all of it in English: never the usual one', () => {
    const entryPoints = [join(packageRoot, 'plugins/e3272/sidebar/finding-words.ts')];
    const { outputFiles } = buildSync({ entryPoints, bundle: true, write: false, format: 'cjs', tsconfigRaw: {} });
    const module = { exports: {} as { shownIn(loaded: object, found: object): { lang?: string; cure?: string } } };
    runInContext(outputFiles[0]?.text ?? '', createContext({ module }));
    const { shownIn } = module.exports;
    const closed = { id: 'port-closed', level: 'warn', params: { path: 'x', stick: '1-1' }, text: 'T' } as const;
    const found = asShown(closed);
    const marked = inAddon(() => asShown(closed));
    assert.deepEqual([found.addon, marked.addon], [undefined, true]);
    assert.equal(inAddon(() => asShown({ ...closed, id: 'sim-absent', params: {} })).addon, undefined);
    assert.match(marked.cure ?? '', /`uart: true`/);
    assert.equal(shownIn({ WORDS: DE }, found).cure, DE['port-closed'].cure);
    assert.equal(shownIn({ WORDS: DE, ADDON }, marked).cure, ADDON['port-closed']);
    const { addon: _, params: __, ...english } = marked;
    assert.deepEqual({ ...shownIn({ WORDS: DE }, marked) }, { ...english, lang: 'en' });
  });
});
