/** The sidebar "E3272": registered with the editor. */

import type { openAssistant } from './assistant/assistant';
import { h } from './sidebar/dom';
import { makePanel } from './sidebar/panel';
import { makeStore } from './sidebar/store';
import style from './sidebar/style.css';
import { watchWaits } from './sidebar/waits';
import { t } from './sidebar/words';

/** Of the package; put in by the build. */
declare const PACKAGE_VERSION: string;

const ID = 'e3272';

/** Loaded when it is opened. Where it lies is relative to the page: the editor may be under any path. */
const ASSISTANT = `./resources/@e3272/node-red/e3272-assistant.js?v=${PACKAGE_VERSION}`;

RED.plugins.registerPlugin('e3272', {
  type: 'e3272-panel',
  onadd() {
    $('<style>').text(style).appendTo(document.head);
    const showSidebar = () => RED.sidebar.show(ID);
    const store = makeStore();
    const convert = (stick: string) => {
      const address = new URL(ASSISTANT, document.baseURI).href;
      import(address).then(
        (loaded: { openAssistant: typeof openAssistant }) => loaded.openAssistant(store, stick),
        () => RED.notify(h('p', { text: t('gone') }), { type: 'error' }),
      );
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
    watchWaits(showSidebar);
  },
});
