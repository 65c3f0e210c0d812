import { configInputsOf, markUpToDate, showUpToDate } from '../../editor/dialog';
import { offerSticks } from '../../editor/stick-picker';
import { joinTwins } from '../../editor/twins';
import { amount, check } from '../../editor/validators';
import type words from './locales/en-US/e3272-stick.json';
import { type SavedStick, STICK } from './saved';

const input = configInputsOf<SavedStick>();
const { fresh } = STICK;

const NAMES = [
  'auto',
  // Where it is plugged in.
  '\\d+-\\d+(\\.\\d+)*',
  'virtual-[1-9]\\d*(@127\\.0\\.0\\.1:[1-9]\\d{0,4})?',
  'imei:\\d{15}',
  'sim:89\\d{14,18}',
];
const NAME = new RegExp(`^(${NAMES.join('|')})$`);
/** A user or password in it would be exported with the flow. */
const ADDRESS = /^(http:\/\/)?[\w.-]+(:\d{1,5})?\/?$/;

joinTwins('e3272-stick', STICK, 'stick');

RED.nodes.registerType<SavedStick, typeof words>('e3272-stick', {
  category: 'config',
  color: '#3FADB5',
  icon: 'e3272-stick.svg',
  defaults: {
    name: { value: fresh.name },
    stick: {
      value: fresh.stick,
      required: true,
      validate: check('invalid.stick', (value) => NAME.test(value)),
    },
    timeout: { value: fresh.timeout, validate: amount('invalid.timeout', { above: 0 }) },
    space: { value: fresh.space },
    pulse: { value: fresh.pulse, validate: amount('invalid.pulse', { min: 0 }) },
    hilinkAddress: {
      value: fresh.hilinkAddress,
      validate: check('invalid.hilinkAddress', (value) => value === '' || ADDRESS.test(value)),
    },
    version: { value: fresh.version },
  },
  credentials: {
    pin: { type: 'password' },
    hilinkPassword: { type: 'password' },
  },
  label() {
    const { name, stick = fresh.stick } = this;
    if (name) return name;
    if (stick === 'auto') return this._('label.auto');
    // On a shared screen the whole number is nobody's business.
    return /^(imei|sim):/.test(stick) ? stick.replace(/:\d*(\d{4})$/, ' \u2026$1') : stick;
  },
  oneditprepare() {
    showUpToDate(this, STICK, input);
    offerSticks(this, input('stick'), $('#e3272-stick-look'), $('#e3272-stick-state'));
  },
  oneditsave() {
    markUpToDate(this, STICK);
  },
});
