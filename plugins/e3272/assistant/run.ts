/** Steps 6 and 7: the job as it goes, whoever began it, and its end. */

import type { Card, JobLine, JobLog } from '../shapes';
import { get, mayWrite, post } from '../sidebar/api';
import { h, setText, show } from '../sidebar/dom';
import { failureWords, saidWords, wasCancelled } from '../sidebar/failures';
import { importFlow } from '../sidebar/flow';
import { makeJobProgress } from '../sidebar/job-progress';
import { jobWords, modeWord, nextWords } from '../sidebar/job-words';
import { t } from '../sidebar/words';
import { makeCountdown } from './countdown';
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

/** In these it leaves the bus and comes back. */
const RESTARTS: readonly string[] = ['switch', 'godload', 'loader', 'reset', 'at'];

export function runStep(stage: Stage, close: () => void): Step {
  const { stick } = stage.draft;
  const path = `panel/${encodeURIComponent(stick)}/job`;
  let last = 0;
  let ended = false;
  let failed = false;
  let asking = false;
  const stages = STAGES.map((name) => h('li', { text: t(`stage.${name}`), attr: { 'data-stage': name } }));
  const list = h('ol', { class: 'e3272-stages' }, ...stages);
  const text = h('p', { class: 'e3272-strong', attr: { role: 'status' } });
  const progress = makeJobProgress();
  const pin = makePin();
  const seen = h('p', { class: 'e3272-seen', attr: { role: 'status' } });
  const countdown = makeCountdown();
  const waiting = h('div', {}, pin.element, countdown.element);
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
  const now = h('p');
  const element = h('div', {}, list, text, progress.element, waiting, seen, progress.stalled, safe, cancel, end, raw);

  function look(): void {
    if (asking) return;
    asking = true;
    get<JobLog>(`${path}?after=${last}`)
      .then((log) => {
        for (const line of log.lines) lines.append(lineRow(line));
        last = log.lines.at(-1)?.no ?? last;
        if (log.report && !ended) {
          ended = true;
          failed = !log.report.ok;
          end.replaceChildren(...endOf(log.report));
          showNow(stage.card());
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
    retry.disabled = !mayWrite();
    // Somebody wanted it so: nothing went wrong.
    const cancelled = wasCancelled(error);
    const bad = cancelled ? '' : 'e3272-error';
    return [
      h('h4', {
        class: ok ? 'e3272-good' : bad,
        text: t(ok ? (dryRun ? 'job.checked' : 'job.done') : cancelled ? 'job.cancelled' : 'job.failed'),
      }),
      ...(error ? [h('p', { class: bad, text: failureWords(error) })] : []),
      ...(error
        ? [h('p', { class: 'e3272-quiet e3272-mono', text: [error.code, error.reason].filter(Boolean).join('/') })]
        : []),
      now,
      ...row(t('end.ports'), ttys.join(', ')),
      ...row(t('end.setport'), setport && [setport.before, setport.now].filter(Boolean).join(' \u2192 ')),
      ...row(t('end.version'), modem?.revision),
      ...row(t('end.saved'), saved),
      ...row(t('end.log'), log),
      ...(did.length > 0
        ? [h('b', { text: t('end.did') }), h('ol', {}, ...did.map((done) => h('li', { text: saidWords(done) })))]
        : []),
      ...(storage ? [h('p', { text: t('next.storage') })] : []),
      h('div', { class: 'e3272-buttons' }, ...(storage ? [onward] : []), ...(ok && !dryRun ? [flow] : []), retry),
    ];
  }

  /** After a failure: where the stick is, and what is next. */
  function showNow(card: Card | undefined): void {
    show(now, failed && card !== undefined);
    if (!card) return;
    const { job: _, ...stick } = card;
    setText(now, `${t('end.now')} ${modeWord(stick.station)}. ${nextWords(stick)}`);
  }

  function update(card: Card | undefined): void {
    const job = card?.job;
    const running = isRunning(job);
    for (const item of stages) item.classList.toggle('e3272-here', running && item.dataset['stage'] === job?.stage);
    const wait = running ? job?.wait : undefined;
    setText(
      text,
      running && job && !wait ? jobWords(job) : wait === 'replug' ? t('wait.replug') : wait ? t('run.hands') : '',
    );
    progress.show(running ? job : undefined);
    show(waiting, wait === 'boot-pin');
    if (wait === 'boot-pin') {
      pin.light(card?.station === 'unplugged' || card?.id === undefined ? 1 : card.station === 'boot' ? 2 : 0);
    }
    countdown.show(wait === undefined ? undefined : job?.waitLeft);
    const said = running ? seenOf(card, wait !== undefined) : '';
    show(seen, said !== '');
    setText(seen, said);
    show(safe, running);
    // Whoever has it in the hand is told by what is seen.
    setText(safe, t(!wait ? 'run.safe' : card?.id ? 'run.safeWait' : 'run.safeClose'));
    show(cancel, running);
    cancel.disabled = !mayWrite() || job?.cancelling === true;
    cancel.title = mayWrite() ? '' : t('readOnly');
    setText(cancel, t(job?.cancelling ? 'run.cancelling' : 'run.cancel'));
    showNow(card);
    look();
  }

  update(stage.card());
  return { element, update, ready: () => t('run.wait') };
}

/** What is seen of the stick: while somebody works at it with his hands, and while it restarts by itself. */
function seenOf(card: Card | undefined, byHand: boolean): string {
  const mode = modeWord(card?.station ?? 'unplugged');
  if (!byHand) {
    if (!RESTARTS.includes(card?.job?.stage ?? '')) return '';
    return card?.id ? t('seen.now', { mode }) : t('seen.gone');
  }
  if (!card?.id) return t('seen.unplugged');
  if (card.station === 'storage') return t('seen.notHeld');
  if (card.station === 'boot') return t('seen.boot');
  return t('seen.as', { mode });
}

const lineRow = ({ at, text, kind }: JobLine): HTMLElement =>
  h(
    'li',
    { attr: { 'data-kind': kind } },
    h('span', { class: 'e3272-time', text: `${at.toFixed(1)} s` }),
    h('span', { text, attr: { lang: 'en' } }),
  );
