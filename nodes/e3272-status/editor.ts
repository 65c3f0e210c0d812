import { inputsOf, isChecked, markUpToDate, rowOf, showUpToDate, showWhile } from '../../editor/dialog';
import { foundAs, label, labelStyle, paletteLabel, ports } from '../../editor/labels';
import { amount, check } from '../../editor/validators';
import type words from './locales/en-US/e3272-status.json';
import { previewOf } from './preview';
import { type SavedStatus, STATUS } from './saved';

const input = inputsOf<SavedStatus>();
const { fresh } = STATUS;

const CHOICES = ['signal', 'network', 'sim', 'data', 'temperature', 'identity', 'personal'] as const;

/** The message as the boxes now say. */
function showPreview(): void {
  const chosen = Object.fromEntries(CHOICES.map((key) => [key, isChecked(input(key))])) as Record<
    (typeof CHOICES)[number],
    boolean
  >;
  const lines = previewOf(chosen);
  const widest = Math.max(...lines.map(({ text }) => text.length));
  const written = lines.map(({ text, note }) => (note === '' ? text : `${text.padEnd(widest)}  // ${note}`));
  $('#e3272-status-preview').text(written.join('\n'));
}

RED.nodes.registerType<SavedStatus, typeof words>('e3272-status', {
  category: 'E3272',
  color: '#3FADB5',
  icon: 'e3272-status.svg',
  defaults: {
    name: { value: fresh.name },
    stick: { value: fresh.stick, type: 'e3272-stick', required: true },
    every: {
      value: fresh.every,
      // 0 as nothing: only when asked.
      validate: check('invalid.every', (value) => {
        const seconds = Number(value);
        return seconds === 0 || (seconds >= 5 && seconds <= 86_400);
      }),
    },
    signal: { value: fresh.signal },
    network: { value: fresh.network },
    sim: { value: fresh.sim },
    data: { value: fresh.data },
    temperature: { value: fresh.temperature },
    identity: { value: fresh.identity },
    personal: { value: fresh.personal },
    changes: { value: fresh.changes },
    threshold: { value: fresh.threshold, validate: amount('invalid.threshold', { min: 0, max: 100 }) },
    urcs: { value: fresh.urcs },
    version: { value: fresh.version },
  },
  inputs: 1,
  outputs: 1,
  inputLabels: ports('port.input'),
  outputLabels: ports('port.output'),
  paletteLabel,
  onpaletteadd: foundAs('e3272-status'),
  label,
  labelStyle,
  oneditprepare() {
    showUpToDate(this, STATUS, input);
    showWhile(rowOf(input('personal')), () => isChecked(input('identity')), input('identity'));
    showWhile($('#e3272-status-changes'), () => isChecked(input('changes')), input('changes'));
    for (const key of CHOICES) input(key).on('change', showPreview);
    showPreview();
    showWhile(rowOf(input('threshold')), () => isChecked(input('changes')), input('changes'));
  },
  oneditsave() {
    markUpToDate(this, STATUS);
  },
});
