/** Health: each thing that is wrong on this machine, with the fix to copy. Looked at when somebody asks for it. */

import type { Health } from '../shapes';
import { mayWrite, post } from './api';
import { h, setText, show } from './dom';
import { wordsFor } from './failures';
import { type FoundShown, inLanguage } from './finding-words';
import { t } from './words';

const LEVELS = { error: 'health.error', warn: 'health.warn', ok: 'health.ok' } as const;
const SIGNS = { error: '\u2717', warn: '!', ok: '\u2713' } as const;

export function makeHealth(): HTMLElement {
  const state = h('p', { attr: { role: 'status' } });
  const list = h('ul', { class: 'e3272-findings' });
  const fine = h('ul', { class: 'e3272-findings' });
  const more = h('details', {}, h('summary', { text: t('health.fine') }), fine);
  const check = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('health.check'),
    attr: { type: 'button', disabled: !mayWrite(), title: mayWrite() ? '' : t('readOnly') },
    on: { click: look },
  });

  function look(): void {
    check.disabled = true;
    setText(state, t('health.looking'));
    post<Health>('panel/health')
      .then(async ({ findings, guarded }) => ({ findings: await inLanguage(findings), guarded }))
      .then(
        ({ findings, guarded }) => {
          const own = guarded
            ? []
            : [{ id: 'no-password', level: 'warn', text: t('health.open'), cure: t('health.openCure') } as const];
          const all: FoundShown[] = [...findings, ...own];
          const wrong = all.filter(({ level }) => level !== 'ok');
          list.replaceChildren(...wrong.map(row));
          fine.replaceChildren(...all.filter(({ level }) => level === 'ok').map(row));
          show(more, all.length > wrong.length);
          const count = all.filter(({ level }) => level === 'error').length;
          setText(state, count === 0 ? t('health.good') : t('health.bad', { count }));
        },
        (error: unknown) => setText(state, wordsFor(error)),
      )
      .finally(() => {
        check.disabled = false;
      });
  }

  show(more, false);
  return h(
    'section',
    { class: 'e3272-card e3272-health' },
    h('h3', { class: 'e3272-name', text: t('health.title') }),
    h('div', { class: 'e3272-buttons' }, check),
    state,
    list,
    more,
  );
}

function row({ level, stick, text, cure = '', lang }: FoundShown): HTMLElement {
  const [said, ...lines] = cure.split('\n');
  const copied = lines.join('\n');
  return h(
    'li',
    { attr: { 'data-level': level } },
    h('span', { class: 'e3272-sign', text: SIGNS[level], attr: { 'aria-hidden': 'true' } }),
    h(
      'div',
      {},
      h('span', { class: 'e3272-unseen', text: t(LEVELS[level]) }),
      h('p', { text: stick === undefined || text.includes(stick) ? text : `${stick}: ${text}`, attr: { lang } }),
      said !== '' && said !== undefined && h('p', { class: 'e3272-quiet', text: said, attr: { lang } }),
      copied !== '' && copyable(copied),
    ),
  );
}

/** Lines with a button that copies them, where the browser lets it. */
function copyable(text: string): HTMLElement {
  const code = h('pre', { class: 'e3272-copy', text, attr: { tabindex: 0 } });
  const button = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('do.copy'),
    attr: { type: 'button' },
    on: { click: copy },
  });
  function copy(): void {
    // Not there on pages without https: then the text is marked, to be copied by the keyboard.
    const { clipboard } = navigator as { clipboard?: Clipboard };
    const mark = () => getSelection()?.selectAllChildren(code);
    if (!clipboard) mark();
    else clipboard.writeText(text).then(() => setText(button, t('do.copied')), mark);
  }
  return h('div', {}, code, button);
}
