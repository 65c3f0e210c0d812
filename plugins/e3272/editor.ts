/** The sidebar "E3272": registered with the editor. */

import { FLASH_DIALOG, type FlashDialog } from '../../editor/flash-dialog';
import type * as assistant from './assistant/assistant';
import { h } from './sidebar/dom';
import { load } from './sidebar/loaded';
import { makePanel } from './sidebar/panel';
import { makeStore } from './sidebar/store';
import style from './sidebar/style.css';
import { watchWaits } from './sidebar/waits';
import { language, t } from './sidebar/words';

const ID = 'e3272';

RED.plugins.registerPlugin('e3272', {
  type: 'e3272-panel',
  onadd() {
    $('<style>').text(style).appendTo(document.head);
    const showSidebar = () => RED.sidebar.show(ID);
    const store = makeStore();
    const withAssistant = (use: (loaded: typeof assistant) => void) => {
      load<typeof assistant>('e3272-assistant').then(use, () =>
        RED.notify(h('p', { text: t('gone') }), { type: 'error' }),
      );
    };
    const convert = (stick: string) => withAssistant(({ openAssistant }) => openAssistant(store, stick));
    /** Of the stick that a node means; where it may be one of several the cards show which there are. */
    const convertMeant = async (which: string | undefined) => {
      const leave = store.join({ seen: () => true, show() {}, lost() {} });
      await store.refresh().finally(leave);
      const real = store.cards.filter(({ virtual }) => !virtual);
      const found = which === 'auto' && real.length === 1 ? real[0] : store.cards.find(({ stick }) => stick === which);
      if (found) convert(found.stick);
      else showSidebar();
    };
    RED.sidebar.addTab({
      id: ID,
      name: t('name'),
      label: t('name'),
      iconClass: 'fa fa-signal',
      content: makePanel(store, { convert }),
      enableOnEdit: true,
      pinned: true,
      action: 'e3272:show-sidebar',
    });
    RED.actions.add('e3272:show-sidebar', showSidebar, { label: t('action.show') });
    RED.events?.on(FLASH_DIALOG, (dialog: FlashDialog) => {
      const button = h('button', {
        class: 'red-ui-button',
        text: t('do.assistant'),
        attr: { type: 'button' },
        on: { click: () => void convertMeant(dialog.stick()) },
      });
      dialog.assistant.append(h('div', { class: 'e3272-in-dialog', attr: { lang: language() } }, button));
      withAssistant(({ offerFiles }) => offerFiles(dialog));
    });
    watchWaits(showSidebar);
  },
});
