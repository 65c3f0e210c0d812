/** Step 2: the files, each with what it is and all that is wrong with it. */

import { get, post } from '../sidebar/api';
import { h, setText, show } from '../sidebar/dom';
import { t } from '../sidebar/words';
import { filesOf, type Part, requestOf, type Stored, writes } from './draft';
import { showFile } from './file-view';
import type { Stage, Step } from './step';
import { type Uploading, upload } from './upload';

const PARTS: readonly Part[] = ['loader', 'firmware', 'webui'];

export function filesStep(stage: Stage): Step {
  const { draft } = stage;
  const virtual = stage.card()?.virtual === true;
  let stored: Stored = { files: [], folderSet: true };
  let checking = 0;
  const made = h('input', {
    attr: { type: 'checkbox', checked: draft.made },
    on: {
      change: () => {
        draft.made = made.checked;
        check();
      },
    },
  });
  const madeRow = h('label', { class: 'e3272-check' }, made, h('span', { text: t('files.made') }));
  const state = h('p', { class: 'e3272-quiet', attr: { role: 'status' } });
  const slots = PARTS.map((part) => makeSlot(part));
  const none = h('p', { class: 'e3272-tip', text: t('files.none') });
  const element = h('div', {}, virtual && madeRow, none, ...slots.map(({ element: row }) => row), state);

  function makeSlot(part: Part) {
    let uploading: Uploading | undefined;
    const select = h('select', {
      attr: { 'aria-label': t(`files.${part}`) },
      on: {
        change: () => {
          choose(part, select.value);
          check();
        },
      },
    });
    const chooser = h('input', {
      class: 'e3272-unseen',
      attr: { type: 'file', tabindex: -1, 'aria-hidden': 'true' },
      on: { change: () => take(chooser.files?.[0]) },
    });
    const browse = h('button', {
      class: 'red-ui-button red-ui-button-small',
      text: t('files.browse'),
      attr: { type: 'button' },
      on: { click: () => (uploading ? uploading.cancel() : chooser.click()) },
    });
    const path = h('input', {
      attr: { type: 'text', placeholder: t('files.path'), 'aria-label': t('files.path') },
      on: { change: () => byPath(path.value.trim()) },
    });
    const bar = h('progress', { attr: { max: 1, 'aria-label': t('files.uploading') } });
    const card = h('div', { class: 'e3272-file' });
    const choice = h(
      'div',
      {},
      h('p', { class: 'e3272-quiet', text: t(`files.${part}Is`) }),
      h('div', { class: 'e3272-buttons' }, select, browse, chooser),
      path,
    );
    const row = h('section', { class: 'e3272-slot' }, h('h4', { text: t(`files.${part}`) }), choice, bar, card);
    show(bar, false);
    for (const event of ['dragover', 'drop'] as const) {
      row.addEventListener(event, (dropped) => {
        dropped.preventDefault();
        if (event === 'drop') take(dropped.dataTransfer?.files[0]);
      });
    }

    function take(file: File | undefined): void {
      if (!file || uploading) return;
      show(bar, true);
      bar.value = 0;
      setText(browse, t('do.stop'));
      uploading = upload(file, (share) => {
        bar.value = share;
      });
      uploading.done
        .then(async (name) => {
          await load();
          draft.made = made.checked = false;
          choose(part, name);
          check();
        })
        .catch((error: unknown) => {
          if (!(error instanceof DOMException)) stage.complain(error);
        })
        .finally(() => {
          uploading = undefined;
          chooser.value = '';
          show(bar, false);
          setText(browse, t('files.browse'));
        });
    }

    function byPath(text: string): void {
      if (text === '') return;
      post('panel/path', { path: text }).then(() => {
        draft.files[part] = { path: text };
        check();
      }, stage.complain);
    }

    return {
      part,
      element: row,
      fill() {
        const own = draft.files[part];
        const chosen = own && 'name' in own ? own.name : '';
        const options = [h('option', { text: t('files.choose'), attr: { value: '' } })];
        for (const { name } of stored.files) options.push(h('option', { text: name, attr: { value: name } }));
        select.replaceChildren(...options);
        select.value = chosen;
        show(path, !stored.folderSet);
        showFile(card, draft.cards[part]);
        // Of made-up files what they are is all that there is to see.
        show(choice, !draft.made);
        show(row, part !== 'webui' || draft.target === 'hilink');
      },
    };
  }

  function choose(part: Part, name: string): void {
    if (name === '') delete draft.files[part];
    else draft.files[part] = { name };
    delete draft.cards[part];
  }

  const fill = () => {
    for (const slot of slots) slot.fill();
    show(none, !draft.made && Object.keys(filesOf(draft)).length === 0);
  };

  function check(): void {
    const own = ++checking;
    draft.cards = {};
    fill();
    stage.changed();
    if (!draft.made && Object.keys(filesOf(draft)).length === 0) return;
    setText(state, t('files.checking'));
    post<typeof draft.cards>('panel/check', requestOf(draft, { ...requireCard(), station: 'hilink' }))
      .then((cards) => {
        if (own !== checking) return;
        draft.cards = cards;
        fill();
        stage.changed();
      }, stage.complain)
      .finally(() => {
        if (own === checking) setText(state, '');
      });
  }

  function requireCard() {
    const card = stage.card();
    if (!card) throw new Error('the stick is gone');
    return card;
  }

  async function load(): Promise<void> {
    stored = await get<Stored>('panel/files');
    fill();
  }

  load().then(check, stage.complain);
  return {
    element,
    ready() {
      const card = stage.card();
      if (!writes(draft, card)) return true;
      if (draft.made) return true;
      const files = filesOf(draft);
      const chosen = Object.keys(files);
      if (draft.target === 'hilink' && !files.webui) return t('files.webuiNeeded');
      // Behind the CD-ROM may be a modem that needs none.
      if (chosen.length === 0) return card?.station === 'storage' ? true : t('files.needed');
      const cards = Object.values(draft.cards);
      if (cards.length < chosen.length) return t('files.checking');
      return cards.every(({ problems }) => problems.length === 0) ? true : t('files.wrong');
    },
  };
}
