import { inputsOf, markUpToDate, showUpToDate } from '../../editor/dialog';
import { foundAs, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { check } from '../../editor/validators';
import type words from './locales/en-US/e3272-virtual.json';
import { type SavedVirtual, VIRTUAL } from './saved';

const input = inputsOf<SavedVirtual>();
const { fresh } = VIRTUAL;

RED.nodes.registerType<SavedVirtual, typeof words>('e3272-virtual', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-virtual.svg',
  defaults: {
    name: { value: fresh.name },
    virtual: {
      value: fresh.virtual,
      required: true,
      validate: check('invalid.virtual', (value) => /^virtual-[1-9]\d*(@127\.0\.0\.1:[1-9]\d{0,4})?$/.test(value)),
    },
    firmware: { value: fresh.firmware },
    action: { value: fresh.action },
    model: { value: fresh.model },
    web: {
      value: fresh.web,
      validate: check('invalid.web', (value) => value === '' || /^[1-9]\d{0,4}$/.test(value)),
    },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 1,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.output'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-virtual'),
  label() {
    const { name, virtual = fresh.virtual, action = fresh.action } = this;
    return name || (action === 'msg' ? virtual : this._(`action.${action}`));
  },
  labelStyle,
  oneditprepare() {
    showUpToDate(this, VIRTUAL, input);
  },
  oneditsave() {
    markUpToDate(this, VIRTUAL);
  },
});
