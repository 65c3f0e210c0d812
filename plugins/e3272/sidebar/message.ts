/** Asks for an SMS that somebody is to send to a virtual stick. */

import { h } from './dom';
import { language, t } from './words';

/** A number of the range that is kept for films and books. */
const FROM = '+441632960961';

export function askForMessage(send: (from: string, text: string) => void): void {
  const from = h('input', { attr: { type: 'text', value: FROM, 'aria-label': t('sms.from') } });
  const text = h('input', { attr: { type: 'text', value: t('sms.sample'), 'aria-label': t('sms.text') } });
  const form = h(
    'div',
    { class: 'e3272-ask', attr: { lang: language() } },
    h('p', { text: t('sms.title') }),
    from,
    text,
  );
  const note = RED.notify(form, {
    modal: true,
    fixed: true,
    buttons: [
      { text: t('do.close'), click: () => note.close() },
      {
        text: t('sms.send'),
        click: () => {
          note.close();
          send(from.value, text.value);
        },
      },
    ],
  });
}
