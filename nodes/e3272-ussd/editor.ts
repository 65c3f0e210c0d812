import { inputsOf, markUpToDate, showUpToDate } from '../../editor/dialog';
import { foundAs, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount, check } from '../../editor/validators';
import type words from './locales/en-US/e3272-ussd.json';
import { type SavedUssd, USSD } from './saved';

const input = inputsOf<SavedUssd>();
const { fresh } = USSD;

RED.nodes.registerType<SavedUssd, typeof words>('e3272-ussd', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-ussd.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    code: { value: fresh.code, validate: check('invalid.code', (value) => /^[0-9*#+]*$/.test(value.trim())) },
    timeout: { value: fresh.timeout, validate: amount('invalid.timeout', { above: 0 }) },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 1,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.output'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-ussd'),
  label() {
    return this.name || this.code || this._('palette');
  },
  labelStyle,
  oneditprepare() {
    showUpToDate(this, USSD, input);
  },
  oneditsave() {
    markUpToDate(this, USSD);
  },
});
