import { inputsOf, markUpToDate, showUpToDate } from '../../editor/dialog';
import { foundAs, label, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount, check } from '../../editor/validators';
import type words from './locales/en-US/e3272-sms-out.json';
import { type SavedSmsOut, SMS_OUT } from './saved';

const input = inputsOf<SavedSmsOut>();
const { fresh } = SMS_OUT;

RED.nodes.registerType<SavedSmsOut, typeof words>('e3272-sms-out', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-sms-out.svg',
  align: 'right',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    to: { value: fresh.to, validate: check('invalid.to', (value) => /^(\+?[0-9*#\s\-./()]+)?$/.test(value)) },
    allowed: {
      value: fresh.allowed,
      validate: check(
        'invalid.allowed',
        (value) => value === '' || (/^[+0-9*#\s\-./(),;]+$/.test(value) && /[0-9*]/.test(value)),
      ),
    },
    flash: { value: fresh.flash },
    report: { value: fresh.report },
    validity: { value: fresh.validity, validate: amount('invalid.validity', { above: 0 }) },
    patience: { value: fresh.patience, validate: amount('invalid.patience', { min: 0 }) },
    limit: { value: fresh.limit, validate: amount('invalid.limit', { above: 0 }) },
    parts: { value: fresh.parts, validate: amount('invalid.parts', { above: 0 }) },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 2,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.sent', 'port.report'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-sms-out'),
  label,
  labelStyle,
  oneditprepare() {
    showUpToDate(this, SMS_OUT, input);
  },
  oneditsave() {
    markUpToDate(this, SMS_OUT);
  },
});
