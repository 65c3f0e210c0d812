/** What the doctor found, in the editor's language: its words are loaded when they are needed. */

import type { FindingWord } from '../findings/words';
import type { Health } from '../shapes';
import { load } from './loaded';
import { language } from './words';

type Found = Health['findings'][number];
/** What is shown; `lang` where that is not in the language of the sidebar. */
export type FoundShown = Pick<Found, 'id' | 'level' | 'stick' | 'text' | 'cure'> & { lang?: 'en' };

/** By the id of a finding; which values it wants the compiler has seen to. */
type Loaded = Readonly<Record<string, FindingWord<never> | undefined>>;

export async function inLanguage(findings: readonly Found[]): Promise<FoundShown[]> {
  const own = language();
  if (own.startsWith('en')) return [...findings];
  const { WORDS } = await load<{ WORDS: Loaded }>(`e3272-findings-${own}`).catch(() => ({ WORDS: {} as Loaded }));
  return findings.map((found) => shownIn(WORDS, found));
}

function shownIn(words: Loaded, { params, ...found }: Found): FoundShown {
  const word = words[found.id];
  if (!word) return { ...found, lang: 'en' };
  const say = (what: FindingWord<never>['text']) => (typeof what === 'function' ? what(params as never) : what);
  const { cure, ...rest } = found;
  return { ...rest, text: say(word.text), ...(cure !== undefined && word.cure !== null && { cure: say(word.cure) }) };
}
