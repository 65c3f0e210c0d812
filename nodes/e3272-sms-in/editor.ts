import { inputsOf, markUpToDate, showUpToDate } from '../../editor/dialog';
import { foundAs, label, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount } from '../../editor/validators';
import type words from './locales/en-US/e3272-sms-in.json';
import { type SavedSmsIn, SMS_IN } from './saved';

const input = inputsOf<SavedSmsIn>();
const { fresh } = SMS_IN;

RED.nodes.registerType<SavedSmsIn, typeof words>('e3272-sms-in', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-sms-in.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    remove: { value: fresh.remove },
    existing: { value: fresh.existing },
    flash: { value: fresh.flash },
    incomplete: { value: fresh.incomplete, validate: amount('invalid.incomplete', { above: 0 }) },
    poll: { value: fresh.poll, validate: amount('invalid.poll', { above: 0 }) },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 2,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.message', 'port.event'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-sms-in'),
  label,
  labelStyle,
  oneditprepare() {
    showUpToDate(this, SMS_IN, input);
  },
  oneditsave() {
    markUpToDate(this, SMS_IN);
  },
});
