import { inputsOf, isChecked, markUpToDate, showUpToDate, showWhile } from '../../editor/dialog';
import { foundAs, label, labelStyle, paletteLabel, ports } from '../../editor/labels';
import type words from './locales/en-US/e3272-detect.json';
import { DETECT, type SavedDetect } from './saved';

const input = inputsOf<SavedDetect>();
const { fresh } = DETECT;

RED.nodes.registerType<SavedDetect, typeof words>('e3272-detect', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-detect.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: false },
    auto: { value: fresh.auto },
    message: { value: fresh.message },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 1,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.output'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-detect'),
  label,
  labelStyle,
  oneditprepare() {
    showUpToDate(this, DETECT, input);
    showWhile($('#e3272-detect-switch'), () => isChecked(input('auto')), input('auto'));
  },
  oneditsave() {
    markUpToDate(this, DETECT);
  },
});
