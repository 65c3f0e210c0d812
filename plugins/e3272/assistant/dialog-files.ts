/** Under the fields of the flash dialog: a button to upload, and the card of the file that is named, checked as it is named. */

import type { FlashDialog } from '../../../editor/flash-dialog';
import type { FilePath } from '../../../nodes/shared/file-path';
import type { FileCard } from '../shapes';
import { get, mayWrite, post } from '../sidebar/api';
import { h, setText, show } from '../sidebar/dom';
import { wordsFor } from '../sidebar/failures';
import { language, t } from '../sidebar/words';
import type { Stored } from './draft';
import { showFile } from './file-view';
import { type Uploading, upload } from './upload';

type Row = FlashDialog['files'][number];

export function offerFiles({ files, stick }: FlashDialog): void {
  if (mayWrite()) for (const row of files) offerFile(row, stick);
}

function offerFile({ part, field, place }: Row, stick: FlashDialog['stick']): void {
  let uploading: Uploading | undefined;
  let checking = 0;
  const chooser = h('input', {
    attr: { type: 'file', hidden: true },
    on: { change: () => take(chooser.files?.[0]) },
  });
  const button = h('button', {
    class: 'red-ui-button red-ui-button-small',
    text: t('files.browse'),
    attr: { type: 'button', 'aria-label': `${t(`files.${part}`)}: ${t('files.browse')}` },
    on: { click: () => (uploading ? uploading.cancel() : chooser.click()) },
  });
  const bar = h('progress', { attr: { max: 1, 'aria-label': t('files.uploading') } });
  const state = h('p', { class: 'e3272-quiet', attr: { role: 'status' } });
  const card = h('div', { class: 'e3272-file' });
  place.append(h('div', { class: 'e3272-in-dialog', attr: { lang: language() } }, button, chooser, bar, state, card));
  show(bar, false);
  show(state, false);

  function say(text: string): void {
    setText(state, text);
    show(state, text !== '');
  }

  function take(file: File | undefined): void {
    if (!file || uploading) return;
    show(bar, true);
    bar.value = 0;
    setText(button, t('do.stop'));
    uploading = upload(file, (share) => {
      bar.value = share;
    });
    uploading.done
      .then(async (name) => {
        const there = (await get<FilePath[]>('panel/paths')).find((one) => one.name === name);
        if (there) $(field).val(there.path).trigger('change');
      })
      .catch((error: unknown) => {
        if (!(error instanceof DOMException)) say(wordsFor(error));
      })
      .finally(() => {
        uploading = undefined;
        chooser.value = '';
        show(bar, false);
        setText(button, t('files.browse'));
      });
  }

  async function check(): Promise<void> {
    const own = ++checking;
    const path = field.value.trim();
    showFile(card, undefined);
    say('');
    // What stands in the environment is known when the flow runs.
    if (path === '' || path.includes('${')) return;
    const which = stick();
    const file = await fileOf(path);
    if (!file || own !== checking) return;
    say(t('files.checking'));
    const cards = await post<Partial<Record<Row['part'], FileCard>>>('panel/check', {
      [part]: file,
      ...(which?.startsWith('virtual-') && !which.includes('@') && { stick: which }),
    });
    if (own !== checking) return;
    const found = cards[part];
    showFile(card, found);
    // Each is whole, and yet in the other's place.
    const swapped = found && { loader: 'firmware', firmware: 'loader', webui: 'loader' }[part] === found.kind;
    say(swapped ? t('files.swapped') : '');
    state.classList.toggle('e3272-error', swapped === true);
  }

  const look = () => {
    // Of a long path the end tells which file it is.
    field.scrollLeft = field.scrollWidth;
    check().catch((error: unknown) => say(wordsFor(error)));
  };
  $(field).on('change', look);
  look();
}

/** As the check takes it; undefined where the user may not have it read before the flow does. */
async function fileOf(path: string): Promise<{ name: string } | { path: string } | undefined> {
  const [{ folderSet }, paths] = await Promise.all([get<Stored>('panel/files'), get<FilePath[]>('panel/paths')]);
  const there = paths.find((one) => one.path === path);
  if (there) return { name: there.name };
  if (folderSet || !RED.user.hasPermission('flows.write')) return undefined;
  await post('panel/path', { path });
  return { path };
}
