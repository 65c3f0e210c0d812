/** Steps 6 and 7: the job as it goes, whoever began it, and its end. */

import type { Card, JobLine, JobLog } from '../shapes';
import { get, mayWrite, post } from '../sidebar/api';
import { h, setText, show } from '../sidebar/dom';
import { failureWords, wasCancelled } from '../sidebar/failures';
import { importFlow } from '../sidebar/flow';
import { makeJobProgress } from '../sidebar/job-progress';
import { statusWord, t } from '../sidebar/words';
import { makePin } from './pin';
import { isRunning, type Stage, type Step } from './step';

/** In their order; what a job does not need is passed over. */
const STAGES = [
  'files',
  'switch',
  'save',
  'godload',
  'boot-pin',
  'upload',
  'loader',
  'identify',
  'write',
  'reset',
  'at',
  'setport',
] as const;

export function runStep(stage: Stage, close: () => void): Step {
  const { stick } = stage.draft;
  const path = `panel/${encodeURIComponent(stick)}/job`;
  let last = 0;
  let ended = false;
  let asking = false;
  const stages = STAGES.map((name) => h('li', { text: t(`stage.${name}`), attr: { 'data-stage': name } }));
  const list = h('ol', { class: 'e3272-stages' }, ...stages);
  const text = h('p', { class: 'e3272-strong', attr: { role: 'status' } });
  const progress = makeJobProgress();
  const pin = makePin();
  const seen = h('p', { class: 'e3272-seen', attr: { role: 'status' } });
  const waiting = h('div', {}, pin.element, seen);
  const safe = h('p', { class: 'e3272-quiet' });
  const cancel = h('button', {
    class: 'red-ui-button',
    text: t('run.cancel'),
    attr: { type: 'button', disabled: !mayWrite(), title: mayWrite() ? '' : t('readOnly') },
    on: {
      click: () => {
        cancel.disabled = true;
        setText(cancel, t('run.cancelling'));
        post('panel/order', { stick, order: 'cancel' }).catch(stage.complain);
      },
    },
  });
  const lines = h('ol');
  const raw = h(
    'details',
    {},
    h('summary', { text: t('run.log') }),
    h('div', { class: 'e3272-lines', attr: { tabindex: 0 } }, lines),
  );
  const end = h('div');
  const element = h(
    'div',
    {},
    list,
    text,
    progress.bar,
    progress.figures,
    waiting,
    progress.stalled,
    safe,
    cancel,
    end,
    raw,
  );

  function look(): void {
    if (asking) return;
    asking = true;
    get<JobLog>(`${path}?after=${last}`)
      .then((log) => {
        for (const line of log.lines) lines.append(lineRow(line));
        last = log.lines.at(-1)?.no ?? last;
        if (log.report && !ended) {
          ended = true;
          end.replaceChildren(...endOf(log.report));
          stage.changed();
        }
      }, stage.complain)
      .finally(() => {
        asking = false;
      });
  }

  function endOf(report: NonNullable<JobLog['report']>): HTMLElement[] {
    const { ok, error, mode, ttys, setport, modem, saved, log, did, dryRun } = report;
    const row = (label: string, value: string | undefined) =>
      value ? [h('p', {}, h('b', { text: `${label} ` }), h('span', { text: value }))] : [];
    const flow = h('button', {
      class: 'red-ui-button',
      text: t('end.flow'),
      attr: { type: 'button' },
      on: {
        click: () => {
          close();
          importFlow(stick, ttys.length > 0 ? 'AT' : undefined, true);
        },
      },
    });
    // HiLink comes back as a CD-ROM.
    const storage = ok && !dryRun && mode === 'storage';
    const onward = h('button', {
      class: 'red-ui-button',
      text: t('do.switch'),
      attr: { type: 'button' },
      on: {
        click: () => {
          onward.disabled = true;
          post('panel/order', { stick, order: 'switch' }).then(close, stage.complain);
        },
      },
    });
    const retry = h('button', {
      class: 'red-ui-button',
      text: t('end.again'),
      attr: { type: 'button' },
      on: { click: () => post(`${path}/seen`).then(() => stage.go('stick'), stage.complain) },
    });
    // Somebody wanted it so: nothing went wrong.
    const cancelled = wasCancelled(error);
    const bad = cancelled ? '' : 'e3272-error';
    return [
      h('h4', {
        class: ok ? 'e3272-good' : bad,
        text: t(ok ? (dryRun ? 'job.checked' : 'job.done') : cancelled ? 'job.cancelled' : 'job.failed'),
      }),
      ...(error ? [h('p', { class: bad, text: failureWords(error) })] : []),
      ...row(t('end.ports'), ttys.join(', ')),
      ...row(t('end.setport'), setport && [setport.before, setport.now].filter(Boolean).join(' \u2192 ')),
      ...row(t('end.version'), modem?.revision),
      ...row(t('end.saved'), saved),
      ...row(t('end.log'), log),
      ...(did.length > 0
        ? [h('b', { text: t('end.did') }), h('ol', {}, ...did.map((done) => h('li', { text: done })))]
        : []),
      ...(storage ? [h('p', { text: t('next.storage') })] : []),
      h('div', { class: 'e3272-buttons' }, ...(storage ? [onward] : []), ...(ok && !dryRun ? [flow] : []), retry),
    ];
  }

  function update(card: Card | undefined): void {
    const job = card?.job;
    const running = isRunning(job);
    for (const item of stages) item.classList.toggle('e3272-here', running && item.dataset['stage'] === job?.stage);
    const wait = running ? job?.wait : undefined;
    setText(
      text,
      running && !wait ? (job?.text ?? '') : wait === 'replug' ? t('wait.replug') : wait ? t('run.hands') : '',
    );
    progress.show(running ? job : undefined);
    show(waiting, wait === 'boot-pin');
    if (wait === 'boot-pin') {
      pin.light(card?.station === 'unplugged' || card?.id === undefined ? 1 : card.station === 'boot' ? 2 : 0);
      setText(seen, seenOf(card));
    }
    show(safe, running);
    setText(safe, t(wait ? (card?.id ? 'run.safeWait' : 'run.safeOut') : 'run.safe'));
    show(cancel, running);
    if (!running) {
      cancel.disabled = !mayWrite();
      setText(cancel, t('run.cancel'));
    }
    look();
  }

  update(stage.card());
  return { element, update, ready: () => t('run.wait') };
}

/** What is seen of the stick while somebody works at it with his hands. */
function seenOf(card: Card | undefined): string {
  if (!card?.id) return t('seen.unplugged');
  if (card.station === 'storage') return t('seen.notHeld');
  if (card.station === 'boot') return t('seen.boot');
  return t('seen.as', {
    mode: statusWord(card.station === 'hilink' ? 'hilink' : card.station === 'at' ? 'tty' : 'unknown'),
  });
}

const lineRow = ({ at, text, kind }: JobLine): HTMLElement =>
  h(
    'li',
    { attr: { 'data-kind': kind } },
    h('span', { class: 'e3272-time', text: `${at.toFixed(1)} s` }),
    h('span', { text }),
  );
