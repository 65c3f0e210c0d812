/** The sidebar "E3272": registered with the editor. */

import { makePanel } from './sidebar/panel';
import style from './sidebar/style.css';
import { watchWaits } from './sidebar/waits';
import { t } from './sidebar/words';

const ID = 'e3272';

RED.plugins.registerPlugin('e3272', {
  type: 'e3272-panel',
  onadd() {
    $('<style>').text(style).appendTo(document.head);
    const showSidebar = () => RED.sidebar.show(ID);
    RED.sidebar.addTab({
      id: ID,
      name: t('name'),
      label: t('name'),
      iconClass: 'fa fa-signal',
      content: makePanel({ open: () => undefined }),
      enableOnEdit: true,
      pinned: true,
      action: 'e3272:show-sidebar',
    });
    RED.actions.add('e3272:show-sidebar', showSidebar, { label: t('action.show') });
    watchWaits(showSidebar);
  },
});
