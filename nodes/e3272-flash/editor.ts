import { offerChoices } from '../../editor/choices';
import type { Speaker } from '../../editor/definition';
import { inputsOf, isChecked, markUpToDate, showUpToDate, showWhile } from '../../editor/dialog';
import { FLASH_DIALOG } from '../../editor/flash-dialog';
import { foundAs, label, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { check } from '../../editor/validators';
import type { FilePath } from '../shared/file-path';
import type words from './locales/en-US/e3272-flash.json';
import { FLASH, PORT_SETS, type SavedFlash } from './saved';

const input = inputsOf<SavedFlash>();
const { fresh } = FLASH;

/** Port codes before the switch, and after it. */
const CODES = '([0-9A-Fa-f]{1,2}(\\s*,\\s*[0-9A-Fa-f]{1,2})*)?';
const SETPORT = new RegExp(`^\\s*${CODES}\\s*;\\s*${CODES}\\s*$`);

/** Offers the files of the folder for files; while somebody types, those that go on like that. */
function browse(node: Speaker<'browse.none' | 'browse.denied'>, field: JQuery, button: JQuery): void {
  offerChoices(field, button, (found, typed) => {
    const tell = (label: string) => found(typed === '' ? [{ value: String(field.val()), label }] : []);
    $.getJSON('e3272/panel/paths')
      .done((files: FilePath[]) => {
        const there = files.filter(({ path }) => path.includes(typed));
        if (there.length === 0) tell(node._('browse.none'));
        else
          found(there.map(({ name, size, path }) => ({ value: path, label: `${name} (${size.toLocaleString()} B)` })));
      })
      .fail(() => tell(node._('browse.denied')));
  });
}

RED.nodes.registerType<SavedFlash, typeof words>('e3272-flash', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-flash.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    loader: { value: fresh.loader },
    firmware: { value: fresh.firmware },
    setport: {
      value: fresh.setport,
      required: true,
      validate: check('invalid.setport', (value) => SETPORT.test(value)),
    },
    webui: { value: fresh.webui },
    wayIn: { value: fresh.wayIn },
    trySoftware: { value: fresh.trySoftware },
    reflash: { value: fresh.reflash },
    dryRun: { value: fresh.dryRun },
    armed: { value: fresh.armed },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 2,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.result', 'port.progress'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-flash'),
  label,
  labelStyle,
  oneditprepare() {
    showUpToDate(this, FLASH, input);
    offerChoices(input('setport'), $('#e3272-flash-setport-look'), (found) =>
      found([
        { value: PORT_SETS.serial, label: this._('setport.serial') },
        { value: PORT_SETS.network, label: this._('setport.network') },
      ]),
    );
    const files = (['loader', 'firmware', 'webui'] as const).map((part) => {
      browse(this, input(part), $(`#e3272-flash-${part}-look`));
      return {
        part,
        field: input(part)[0] as HTMLInputElement,
        place: $(`#e3272-flash-${part}-file`)[0] as HTMLElement,
      };
    });
    RED.events?.emit(FLASH_DIALOG, {
      files,
      assistant: $('#e3272-flash-assistant')[0] as HTMLElement,
      stick: () => (RED.nodes.node(String(input('stick').val())) as { stick?: string } | null)?.stick,
    });
    const hilink = () => String(input('webui').val()).trim() !== '';
    showWhile($('#e3272-flash-hilink'), hilink, input('webui'));
    showWhile($('#e3272-flash-armed'), () => isChecked(input('armed')), input('armed'));
    showWhile($('#e3272-flash-dry'), () => isChecked(input('dryRun')), input('dryRun'));
  },
  oneditsave() {
    markUpToDate(this, FLASH);
  },
});
