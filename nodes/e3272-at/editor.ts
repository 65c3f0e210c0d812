import { offerCommands } from '../../editor/command-picker';
import type { Key } from '../../editor/definition';
import { inputsOf, markUpToDate, rowOf, showUpToDate, showWhile } from '../../editor/dialog';
import { foundAs, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount } from '../../editor/validators';
import type words from './locales/en-US/e3272-at.json';
import { AT, type SavedAt } from './saved';

type Named = keyof typeof words.named;

/** Put in by the build: the commands that have a name. */
declare const NAMED_COMMANDS: Readonly<Record<Named, string>>;

const named = Object.entries(NAMED_COMMANDS) as [Named, string][];
const input = inputsOf<SavedAt>();
const { fresh } = AT;

RED.nodes.registerType<SavedAt, typeof words>('e3272-at', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-at.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    command: {
      value: fresh.command,
      validate(value, options) {
        // What is chosen in an open dialog is not in the node yet.
        const type = String(input('commandType').val() || this.commandType);
        const wrong = (key: Key<typeof words>) => (options ? this._(key) : false);
        if (type === 'named') return named.some(([name]) => name === value) || wrong('invalid.named');
        if (type === 'str') return (!!value && !/[^ -~]/.test(String(value))) || wrong('invalid.command');
        const verdict = RED.utils.validateTypedProperty(value, type, options);
        return options ? verdict : verdict === true;
      },
    },
    commandType: { value: fresh.commandType },
    timeout: { value: fresh.timeout, validate: amount('invalid.timeout', { above: 0 }) },
    urcs: { value: fresh.urcs },
    commands: { value: fresh.commands },
    allow: {
      value: fresh.allow,
      validate(value, options) {
        const listed = (input('commands').val() || this.commands) === 'list';
        if (!listed || String(value ?? '').trim() !== '') return true;
        return options ? this._('invalid.allow') : false;
      },
    },
    dangerous: { value: fresh.dangerous },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 2,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.reply', 'port.urc'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-at'),
  label() {
    if (this.name) return this.name;
    if (this.commandType === 'str' && this.command) return this.command;
    const chosen = this.commandType === 'named' && named.find(([name]) => name === this.command);
    return chosen ? chosen[1] : this._('palette');
  },
  labelStyle,
  oneditprepare() {
    const { dangerous } = showUpToDate(this, AT, input);
    const options = named.map(([value, command]) => ({
      value,
      label: `${command} \u2013 ${this._(`named.${value}`)}`,
    }));
    input('command').typedInput({
      default: 'msg',
      typeField: input('commandType'),
      types: [
        { value: 'named', label: this._('label.named'), icon: 'fa fa-list', options },
        ...(['str', 'msg', 'flow', 'global', 'env', 'jsonata'] as const),
      ],
    });
    // It edits no property: it is no row.
    const find = $('<input type="text" id="e3272-at-find" autocomplete="off" spellcheck="false">').css({ flexGrow: 1 });
    find.attr('placeholder', this._('find.example'));
    const look = $('<button type="button" class="red-ui-button"><i class="fa fa-caret-down"></i></button>');
    look.attr({ title: this._('find.open'), 'aria-label': this._('find.open') });
    $('#e3272-at-finder').append(find, look);
    offerCommands(this, { input: find, button: look, state: $('#e3272-at-found') }, (command) => {
      input('command').typedInput('type', 'str');
      input('command').typedInput('value', command);
      // The values of a setting are still to be typed.
      input('command').closest('.red-ui-typedInput-container').find('.red-ui-typedInput-input').trigger('focus');
    });
    const listed = () => input('commands').val() === 'list';
    showWhile(rowOf(input('allow')), listed, input('commands'));
    showWhile(rowOf(input('dangerous')), () => !listed(), input('commands'));
    input('commands').on('change', () => input('allow').trigger('change'));
    showWhile($('#e3272-at-old'), () => dangerous === 'asked' && !listed(), input('commands'));
  },
  oneditsave() {
    markUpToDate(this, AT);
  },
});
