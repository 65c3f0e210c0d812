import { inputsOf, isChecked, markUpToDate, showUpToDate, showWhile } from '../../editor/dialog';
import { foundAs, label, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount, amountNeeded } from '../../editor/validators';
import type words from './locales/en-US/e3272-modeswitch.json';
import { MODESWITCH, type SavedModeswitch } from './saved';

const input = inputsOf<SavedModeswitch>();
const { fresh } = MODESWITCH;

RED.nodes.registerType<SavedModeswitch, typeof words>('e3272-modeswitch', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-modeswitch.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    target: { value: fresh.target },
    message: { value: fresh.message },
    timeout: { value: fresh.timeout, validate: amountNeeded('invalid.timeout', { above: 0 }) },
    auto: { value: fresh.auto },
    configuration: {
      value: fresh.configuration,
      validate: amount('invalid.configuration', { min: 1, max: 255, whole: true }),
    },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 1,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.output'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-modeswitch'),
  label,
  labelStyle,
  oneditprepare() {
    showUpToDate(this, MODESWITCH, input);
    showWhile($('#e3272-modeswitch-serial'), () => input('target').val() === 'serial', input('target'));
    showWhile($('#e3272-modeswitch-tip'), () => isChecked(input('auto')), input('auto'));
  },
  oneditsave() {
    markUpToDate(this, MODESWITCH);
  },
});
