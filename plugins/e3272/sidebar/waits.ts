/** A notice that stays while a job waits for a person's hands, wherever they are in the editor. */

import { WAITS, type Waiting } from '../shapes';
import { get, mayRead } from './api';
import { h } from './dom';
import { language, t } from './words';

interface Note {
  close(): void;
}

export function watchWaits(showSidebar: () => void): void {
  const notes = new Map<string, Note>();
  const look = () => {
    if (mayRead()) get<Waiting[]>('panel/waits').then(show, () => undefined);
  };
  const show = (waits: readonly Waiting[]) => {
    for (const [stick, note] of notes) {
      if (waits.some((wait) => wait.stick === stick)) continue;
      note.close();
      notes.delete(stick);
    }
    for (const { stick, act } of waits) {
      // The assistant says it better, with a drawing.
      if (notes.has(stick) || document.querySelector(`.e3272-assistant[data-stick="${CSS.escape(stick)}"]`)) continue;
      const words = [t('waits.title', { stick }), t(act === 'boot-pin' ? 'wait.bootPin' : 'wait.replug')];
      const open = h('button', {
        class: 'red-ui-button',
        text: t('waits.open'),
        attr: { type: 'button' },
        on: { click: showSidebar },
      });
      const buttons = h('div', { class: 'e3272-buttons' }, open);
      const body = h('div', { attr: { lang: language() } }, ...words.map((text) => h('p', { text })), buttons);
      const note = RED.notify(body, { type: 'warning', fixed: true, id: `e3272-waits-${stick}` });
      open.addEventListener('click', () => note.close());
      notes.set(stick, note);
    }
  };
  RED.comms.subscribe(WAITS, look);
  look();
}
