import type { Speaker } from '../../editor/definition';
import { configInputsOf, markUpToDate, showUpToDate } from '../../editor/dialog';
import { offerSticks } from '../../editor/stick-picker';
import { offerTest } from '../../editor/stick-test';
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

/** For those who know why: folded. */
const EXPERT = ['timeout', 'space', 'pulse', 'hilinkAddress'] as const;

/** As 3GPP TS 31.101 has it. An environment variable may stand there, and for a saved one the editor has this word. */
const PIN = /^(\d{4,8}|\$\{[^}]+\}|__PWRD__|)$/;

/** Tells in `state` whether the form of the PIN is right, and nothing of the PIN itself. */
function checkPin(node: Speaker<'invalid.pin'>, field: JQuery, state: JQuery): void {
  const look = () => {
    const wrong = !PIN.test(String(field.val()));
    field.attr('aria-invalid', String(wrong)).toggleClass('input-error', wrong);
    state.text(wrong ? node._('invalid.pin') : '').toggle(wrong);
  };
  field.on('input change', look);
  look();
}

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
    offerTest(this, $('#e3272-stick-test'), $('#e3272-stick-tested'), () => ({
      id: this.id,
      stick: String(input('stick').val()).trim(),
      hilinkAddress: String(input('hilinkAddress').val()),
    }));
    checkPin(this, $('#node-config-input-pin'), $('#e3272-stick-pin'));
    // What somebody has set is not hidden.
    const set = EXPERT.some((key) => input(key).val() !== fresh[key]) || !!$('#node-config-input-hilinkPassword').val();
    $('#e3272-stick-more').prop('open', set);
  },
  oneditsave() {
    markUpToDate(this, STICK);
  },
});
