/** What the doctor found, in the editor's language: its words are loaded when they are needed. */

import type { FindingWord } from '../findings/words';
import type { Health } from '../shapes';
import { load } from './loaded';
import { language } from './words';

type Found = Health['findings'][number];
/** What is shown; `lang` where that is not in the language of the sidebar. */
export type FoundShown = Pick<Found, 'id' | 'level' | 'stick' | 'text' | 'cure'> & { lang?: 'en' };

type Cure = FindingWord<never>['cure'];

/** By the id of a finding; which values it wants the compiler has seen to. */
interface Loaded {
  readonly WORDS: Readonly<Record<string, FindingWord<never> | undefined>>;
  /** What to do in an add-on of Home Assistant, where the language has words for that. */
  readonly ADDON?: Readonly<Record<string, Cure | undefined>>;
}

export async function inLanguage(findings: readonly Found[]): Promise<FoundShown[]> {
  const own = language();
  if (own.startsWith('en')) return [...findings];
  const loaded = await load<Loaded>(`e3272-findings-${own}`).catch((): Loaded => ({ WORDS: {} }));
  return findings.map((found) => shownIn(loaded, found));
}

/** In English as a whole where the language has no words for a part of it. */
export function shownIn({ WORDS, ADDON = {} }: Loaded, { params, addon, ...found }: Found): FoundShown {
  const word = WORDS[found.id];
  const own = addon ? ADDON[found.id] : word?.cure;
  if (!word || own === undefined) return { ...found, lang: 'en' };
  const say = (what: NonNullable<Cure>) => (typeof what === 'function' ? what(params as never) : what);
  const { cure, ...rest } = found;
  return { ...rest, text: say(word.text), ...(cure !== undefined && own !== null && { cure: say(own) }) };
}
