import type { FileCard } from '../shapes';
import { h } from '../sidebar/dom';
import { failureWords } from '../sidebar/failures';
import { language, t } from '../sidebar/words';

/** The card of one file. */
export function showFile(element: HTMLElement, card: FileCard | undefined): void {
  element.replaceChildren();
  if (!card) return;
  const { name, size, sha256, version, kind, images, fits, known, notes, problems } = card;
  const verdict = problems.length === 0 ? (fits ? t('files.fits', { model: fits }) : t('files.whole')) : t('files.bad');
  const facts = [
    t(`files.kind.${kind}`),
    size !== undefined && `${size.toLocaleString(language())} B`,
    version && t('files.version', { version }),
    images !== undefined && t('files.images', { count: images }),
    known !== undefined && t(known ? 'files.known' : 'files.unknown'),
  ].filter((fact): fact is string => typeof fact === 'string');
  element.append(
    h('p', { class: problems.length > 0 ? 'e3272-error' : 'e3272-good', text: `${name}: ${verdict}` }),
    h('p', { class: 'e3272-quiet', text: facts.join(' \u00b7 ') }),
    ...(sha256 ? [h('p', { class: 'e3272-quiet e3272-mono', text: `sha256 ${sha256}` })] : []),
    ...notes.map((text) => h('p', { class: 'e3272-quiet', text, attr: { lang: 'en' } })),
    ...problems.map((problem) => h('p', { class: 'e3272-error', text: failureWords(problem) })),
  );
}
