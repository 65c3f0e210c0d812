/** The button that copies what a report of a fault needs. */

import { get } from './api';
import { h, setText, show } from './dom';
import { t } from './words';

/** Where the browser has no clipboard for us, as over http, or refuses it, the text stands there to be copied by hand. */
export function makeDiagnostics(complain: (error: unknown) => void): HTMLElement {
  const said = h('span', { class: 'e3272-quiet', attr: { role: 'status' } });
  const text = h('textarea', { attr: { readonly: true, rows: 8, 'aria-label': t('diagnostics.text') } });
  const close = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('do.close'),
    attr: { type: 'button' },
    on: {
      click: () => {
        show(byHand, false);
        setText(said, '');
        copy.focus();
      },
    },
  });
  const byHand = h('div', {}, text, close);
  const copy = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('diagnostics.copy'),
    attr: { type: 'button' },
    on: {
      click: () => {
        show(byHand, false);
        get<{ text: string }>('panel/diagnostics').then((answer) => hand(answer.text), complain);
      },
    },
  });
  show(byHand, false);

  async function hand(told: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(told);
      setText(said, t('diagnostics.copied'));
    } catch {
      setText(said, t('diagnostics.byHand'));
      text.value = told;
      show(byHand, true);
      text.focus();
      text.select();
    }
  }

  return h('div', { class: 'e3272-diagnostics' }, h('div', { class: 'e3272-buttons' }, copy, said), byHand);
}
